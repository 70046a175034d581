package report

import (
	"cmp"
	_ "embed" // the style of the page
	"fmt"
	"io"
	"slices"

	"dualhome/metrics"
	"dualhome/report/chart"
)

//go:embed sweep.css
var sweepStyle string

// SweepData is what the page of a sweep shows, or that of many runs of one scenario,
// which is a sweep of one point. The texts are those of sweep show.
type SweepData struct {
	Title      string
	Headline   []Sentence
	Figures    []Figure
	Parameters []chart.Parameter // none: there is one point
	Points     []SweepPoint      // those that can be run
	Measures   []SweepMeasure    // that have any figure; the first is what the page is about
	Silent     string            // which measures are left out, and why; empty: none
	Tables     []Table           // of all measures together: disturbances, outcomes
	Troubles   Table             // what went wrong
	NoPoints   bool              // Troubles has points that cannot be run

	Assumptions []Assumption
	Provenance  Provenance
}

// SweepPoint is a point of a sweep.
type SweepPoint struct {
	Name   string // its parameters in words
	Short  string // its values alone
	Values []int  // by parameter: the place in its values; -1: as in the scenario
}

// SweepMeasure is a measure of runs.arrow, of all points.
type SweepMeasure struct {
	Name    string                       // as --measure takes it
	Words   string                       // what it is, in a sentence
	Brief   string                       // likewise, for axes
	Unit    string                       // ns, B; empty: a count
	Loss    bool                         // where a run has no figure, the loss lasts
	Figures []metrics.Summary            // by the place in the points
	Runs    func(place int) chart.Sample // the figures of the runs of a point; without a name
	Ranking []metrics.SensitivityRow     // about the 95th percentile
	Ranked  string                       // what is ranked
	Lines   []string                     // what there is to say of the ranking, and of the points
	Table   Table                        // of the points
	Say     func(float64) string         // writes a figure with its unit
}

// Sweep writes the page of a sweep.
func Sweep(w io.Writer, d SweepData) error {
	p := newPage(d.Title)
	p.styles = append(p.styles, sweepStyle)
	p.headline(d.Headline...)
	p.figures(d.Figures...)
	p.section("measures", "By measure")
	p.words(wordsOfSweeps)
	var all []tab
	lay := layoutOf(&d)
	for i := range d.Measures {
		m, lay := &d.Measures[i], lay
		if i > 0 {
			lay = lay.forOthers(&d)
		}
		all = append(all, tab{name: m.Name, data: []string{"data-measure", m.Name, "title", m.Words}, fill: func() { p.measure(&d, m, lay, fmt.Sprint("m", i)) }})
	}
	if len(all) == 0 {
		p.text("p", "No run has any figure.", "class", "empty")
	} else {
		p.tabs("measure", "Which measure is shown", all)
	}
	if d.Silent != "" {
		p.text("p", d.Silent, "class", "note")
	}
	p.end()
	p.troubles(&d)
	if len(d.Tables) > 0 {
		p.section("tables", "Tables")
		for _, t := range d.Tables {
			p.table(t)
		}
		p.end()
	}
	p.assumed(d.Assumptions)
	p.provenance(d.Provenance)
	return p.write(w)
}

// measure writes the pictures and the table of a measure. The id begins those of the
// pictures.
func (p *page) measure(d *SweepData, m *SweepMeasure, lay layout, id string) {
	p.text("p", m.Words, "class", "note")
	p.begin("div", "class", "pictures")
	p.curves(d, m, lay, id)
	if e, some := d.distribution(m, lay); some {
		p.picture(id+"-ecdf", e.SVG())
	}
	if len(m.Ranking) > 1 {
		r := chart.Ranking{Measure: m.Ranked, Unit: m.Unit, Rows: m.Ranking, Say: m.Say, Name: d.shortName}
		p.picture(id+"-ranking", r.SVG())
	}
	p.end()
	for _, l := range lay.said {
		p.text("p", l, "class", "note")
	}
	for _, l := range m.Lines {
		p.text("p", l, "class", "line")
	}
	p.table(m.Table)
}

// distribution gives how the figures of the runs spread, at several points, if there
// are any two.
func (d *SweepData) distribution(m *SweepMeasure, lay layout) (e chart.ECDF, some bool) {
	e = chart.ECDF{Measure: m.Brief, Unit: m.Unit, Say: m.Say}
	places := lay.distributed(d, m)
	runs := 0
	for _, place := range places {
		s := m.Runs(place)
		if s.Name = d.Points[place].Short; s.Name == "" {
			s.Name = "all runs"
		}
		runs = max(runs, len(s.Values)+s.Beyond)
		e.Samples = append(e.Samples, s)
	}
	if len(places) < len(d.Points) {
		e.Where = fmt.Sprintf("%d of %d points, from the lowest to the highest mean", len(places), len(d.Points))
	}
	return e, runs > 1
}

// distributed gives the points whose distributions are drawn: all, or some evenly
// between the lowest and the highest mean.
func (lay *layout) distributed(d *SweepData, m *SweepMeasure) []int {
	var all []int
	for place := range d.Points {
		if m.Figures[place].N+m.Figures[place].Nulls > 0 {
			all = append(all, place)
		}
	}
	if len(all) <= chart.Lines {
		return all
	}
	slices.SortStableFunc(all, func(a, b int) int { return m.height(a).compare(m.height(b)) })
	var some []int
	for k := range chart.Lines {
		some = append(some, all[k*(len(all)-1)/(chart.Lines-1)])
	}
	slices.Sort(some)
	return some
}

// height is the mean of a point, or that it is beyond all that are known.
type height struct {
	beyond bool
	value  float64
}

func (m *SweepMeasure) height(place int) height {
	f := &m.Figures[place]
	if f.Mean.Value != nil {
		return height{value: *f.Mean.Value}
	}
	return height{m.Loss && f.Nulls > 0, float64(f.Nulls)}
}

func (h height) compare(other height) int {
	if h.beyond != other.beyond {
		if h.beyond {
			return 1
		}
		return -1
	}
	return cmp.Compare(h.value, other.value)
}

// shortName gives how people call a parameter.
func (d *SweepData) shortName(name string) string {
	for _, q := range d.Parameters {
		if q.Name == name || "params."+q.Name == name {
			return q.Name
		}
	}
	return name
}

// troubles writes what went wrong.
func (p *page) troubles(d *SweepData) {
	if len(d.Troubles.Rows) == 0 {
		return
	}
	title := "Runs that failed"
	if d.NoPoints {
		title = "Points and runs that could not be made"
	}
	p.section("failures", title)
	p.table(d.Troubles)
	p.end()
}
