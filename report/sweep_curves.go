package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/report/chart"
	"dualhome/report/svg"
)

// layout is how the parameters of a sweep are drawn: one along the axis, one as lines,
// the others as pictures beside each other; or, where that would be too many, each
// along the axis of a picture of its own, with a dot for each point.
type layout struct {
	along   int // the parameter; -1: there is none
	lines   int // likewise
	panels  [][]int
	beside  []int // the parameters that panels tell apart
	scatter []int // parameters, of dots
	said    []string
	plain   bool // marks say nothing
}

const (
	mostPanels       = 6
	mostScatters     = 6
	scattersOfOthers = 2   // of other measures than the first
	bothUpTo         = 2   // panels, of which there are pictures of the mean and of the 95th percentile
	mostInCurves     = 600 // points; of more, how they spread is drawn
	mostInOthers     = 150 // likewise, of other measures than the first
	mostTold         = 40  // points of other measures whose marks say what they are
	mostDots         = 200 // points that are drawn one by one
)

// layoutOf chooses how to draw. It is the same for all measures, by what moves the
// first one most.
func layoutOf(d *SweepData) layout {
	lay := layout{along: -1, lines: -1}
	order := d.strongest()
	if len(order) == 0 {
		return lay
	}
	lay.along = d.axis(order)
	for _, q := range order {
		if q != lay.along {
			lay.beside = append(lay.beside, q)
		}
	}
	lay.takeLines(d)
	lay.panels = d.combinations(lay.beside)
	if lay.lines >= 0 && len(d.Parameters[lay.lines].Values) > chart.Lines || len(lay.panels) > mostPanels || len(d.Points) > mostInCurves || d.crowded() {
		return scattered(order)
	}
	left := 0
	for _, pt := range d.Points {
		if pt.Values[lay.along] < 0 {
			left++
		}
	}
	if left > 0 {
		lay.said = append(lay.said, fmt.Sprintf("Not in the curves, as they leave %s to the scenario: %d of the points.", d.Parameters[lay.along].Name, left))
	}
	return lay
}

// scattered draws each point as a dot.
func scattered(order []int) layout {
	lay := layout{along: -1, lines: -1, scatter: order[:min(len(order), mostScatters)]}
	if more := len(order) - mostScatters; more > 0 {
		lay.said = append(lay.said, fmt.Sprintf("%d parameters more are not drawn: the table and the ranking have them.", more))
	}
	return lay
}

// strongest gives the parameters, that which moves the first measure most first.
func (d *SweepData) strongest() (order []int) {
	if len(d.Measures) > 0 {
		for i := range d.Measures[0].Ranking {
			name := d.shortName(d.Measures[0].Ranking[i].Parameter)
			if at := slices.IndexFunc(d.Parameters, func(q chart.Parameter) bool { return q.Name == name }); at >= 0 {
				order = append(order, at)
			}
		}
	}
	for q := range d.Parameters {
		if !slices.Contains(order, q) {
			order = append(order, q)
		}
	}
	return order
}

// axis chooses the parameter along the axis: the strongest with numbers, or else that
// with most values.
func (d *SweepData) axis(order []int) int {
	best := order[0]
	for _, q := range order {
		if d.Parameters[q].Numbers != nil && len(d.Parameters[q].Values) > 2 {
			return q
		}
		if len(d.Parameters[q].Values) > len(d.Parameters[best].Values) {
			best = q
		}
	}
	return best
}

// takeLines chooses, of the parameters beside the axis, that with most values that fit.
func (lay *layout) takeLines(d *SweepData) {
	for _, q := range lay.beside {
		n := len(d.Parameters[q].Values)
		if n <= chart.Lines && (lay.lines < 0 || n >= len(d.Parameters[lay.lines].Values)) {
			lay.lines = q
		}
	}
	if lay.lines < 0 && len(lay.beside) > 0 {
		lay.lines = lay.beside[0]
	}
	lay.beside = slices.DeleteFunc(slices.Clone(lay.beside), func(q int) bool { return q == lay.lines })
}

// combinations gives those of values that some point has, in their order.
func (d *SweepData) combinations(of []int) (all [][]int) {
	seen := map[string]bool{}
	for _, pt := range d.Points {
		var one []int
		for _, q := range of {
			one = append(one, pt.Values[q])
		}
		if key := fmt.Sprint(one); !seen[key] {
			seen[key], all = true, append(all, one)
		}
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

// crowded tells whether two points would stand at the same place.
func (d *SweepData) crowded() bool {
	seen := map[string]bool{}
	for _, pt := range d.Points {
		key := fmt.Sprint(pt.Values)
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}

// forOthers gives the layout of the measures but the first: with less in it where there
// are many points.
func (lay layout) forOthers(d *SweepData) layout {
	lay.plain = len(d.Points) > mostTold
	if len(d.Points) > mostInOthers {
		order := d.strongest()
		lay = layout{along: -1, lines: -1, plain: true, scatter: order[:min(len(order), scattersOfOthers)]}
	}
	return lay
}

// curves writes a measure over the parameters.
func (p *page) curves(d *SweepData, m *SweepMeasure, lay layout, id string) {
	for i, q := range lay.scatter {
		p.picture(id+"-points-"+strconv.Itoa(i), d.scatter(m, q, lay.plain))
	}
	if lay.along < 0 {
		return
	}
	means, high := d.means(m, lay), []chart.Curves(nil)
	if lay.lines >= 0 && len(lay.panels) <= bothUpTo {
		for _, panel := range lay.panels {
			of := func(s *metrics.Summary) metrics.Estimate { return s.P95 }
			high = append(high, d.several(m, lay, panel, "95th percentile of ", false, of))
		}
	}
	for k, group := range [][]chart.Curves{means, high} {
		for i, pic := range level(group) {
			p.picture(fmt.Sprintf("%s-%s-%d", id, []string{"curve", "p95"}[k], i), pic)
		}
	}
}

// means gives the mean of a measure, for each panel.
func (d *SweepData) means(m *SweepMeasure, lay layout) (all []chart.Curves) {
	for _, panel := range lay.panels {
		if lay.lines < 0 {
			all = append(all, d.single(m, lay))
			continue
		}
		of := func(s *metrics.Summary) metrics.Estimate { return s.Mean }
		all = append(all, d.several(m, lay, panel, "mean of ", true, of))
	}
	return all
}

// level draws curves with one axis for all of them.
func level(all []chart.Curves) (pictures []svg.Picture) {
	most := 0.0
	for i := range all {
		most = max(most, all[i].Highest())
	}
	for i := range all {
		all[i].Most = most
		pictures = append(pictures, all[i].SVG())
	}
	return pictures
}

// single gives the statistics of a measure over the only parameter.
func (d *SweepData) single(m *SweepMeasure, lay layout) chart.Curves {
	c := chart.Curves{Parameter: d.Parameters[lay.along], Measure: m.Brief, Unit: m.Unit, Say: m.Say, Plain: lay.plain}
	for _, s := range []struct {
		name string
		of   func(*metrics.Summary) metrics.Estimate
		band bool
	}{
		{"mean", func(s *metrics.Summary) metrics.Estimate { return s.Mean }, true},
		{"95th percentile", func(s *metrics.Summary) metrics.Estimate { return s.P95 }, false},
		{"median", func(s *metrics.Summary) metrics.Estimate { return metrics.Estimate{Value: s.P50.Value} }, false},
	} {
		l := d.line(m, lay, s.name, s.of, func(*SweepPoint) bool { return true })
		l.Band = s.band
		c.Lines = append(c.Lines, l)
	}
	return c
}

// several gives a statistic over one parameter, with a line for each value of another,
// of the points of a panel.
func (d *SweepData) several(m *SweepMeasure, lay layout, panel []int, what string, band bool, of func(*metrics.Summary) metrics.Estimate) chart.Curves {
	c := chart.Curves{Parameter: d.Parameters[lay.along], Measure: what + m.Brief, Unit: m.Unit, Say: m.Say, Plain: lay.plain}
	where := []string{"lines: " + d.Parameters[lay.lines].Name}
	for k, q := range lay.beside {
		where = append(where, d.Parameters[q].Name+" "+d.value(q, panel[k]))
	}
	slices.Reverse(where)
	c.Where = strings.Join(where, "; ")
	for v := -1; v < len(d.Parameters[lay.lines].Values); v++ {
		l := d.line(m, lay, d.value(lay.lines, v), of, func(pt *SweepPoint) bool {
			for k, q := range lay.beside {
				if pt.Values[q] != panel[k] {
					return false
				}
			}
			return pt.Values[lay.lines] == v
		})
		l.Band = band
		c.Lines = append(c.Lines, l)
	}
	return c
}

func (d *SweepData) value(parameter, value int) string {
	if value < 0 {
		return "as in the scenario"
	}
	return d.Parameters[parameter].Values[value]
}

// line gives a statistic of some points, by their places along the axis.
func (d *SweepData) line(m *SweepMeasure, lay layout, name string, of func(*metrics.Summary) metrics.Estimate, is func(*SweepPoint) bool) chart.Line {
	n := len(d.Parameters[lay.along].Values)
	l := chart.Line{Name: name, Figures: make([]metrics.Estimate, n), Beyond: make([]string, n)}
	for place := range d.Points {
		pt := &d.Points[place]
		if at := pt.Values[lay.along]; at >= 0 && is(pt) {
			f := &m.Figures[place]
			l.Figures[at] = of(f)
			if m.Loss && f.Nulls > 0 {
				l.Beyond[at] = fmt.Sprintf("not restored in %d of %d", f.Nulls, f.Nulls+f.N)
			}
		}
	}
	return l
}

// scatter gives the means of all points over one parameter.
func (d *SweepData) scatter(m *SweepMeasure, parameter int, plain bool) svg.Picture {
	s := chart.Scatter{Parameter: d.Parameters[parameter], Measure: "mean of " + m.Brief, Unit: m.Unit, Say: m.Say, Dots: mostDots}
	if plain {
		s.Dots = mostTold
	}
	for place := range d.Points {
		pt := &d.Points[place]
		h := m.height(place)
		if pt.Values[parameter] < 0 || m.Figures[place].Mean.Value == nil && !h.beyond {
			continue
		}
		text := pt.Name + ": not restored in " + strconv.Itoa(m.Figures[place].Nulls)
		if !h.beyond {
			text = pt.Name + ": " + m.Say(h.value)
		}
		s.Points = append(s.Points, chart.Dot{Value: pt.Values[parameter], Figure: h.value, Beyond: h.beyond, Words: text})
	}
	return s.SVG()
}
