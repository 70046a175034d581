package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"dualhome/scenarios"
)

// Bounds of what people are shown of a sweep; data formats have all.
const (
	sweepWidth      = 100 // columns
	sweepPoints     = 40
	sweepFailures   = 5
	barWidth        = 10
	sweepSpreadEnds = 5 // of the points that are not all shown: so many lowest and highest ones are
)

// document gives what is printed of a sweep.
func (v *sweepView) document(s *shell) document {
	d := document{data: v.data()}
	if s.format == "csv" {
		d.show(v.pointTable())
		d.show(v.sensitivityTable())
		return d
	}
	d.stressAll(bold, s.wrapped(v.title()))
	if v.Status != "complete" {
		d.stressAll(red, s.wrapped(v.unfinished()))
	}
	d.say(s.wrapped("Shown: " + v.shown.words() + "; --measure chooses another.")...)
	d.say("")
	order, left := v.chosen(sweepPoints)
	t := v.fitting(s, order)
	d.show(t)
	if left > 0 {
		d.say(fmt.Sprintf("… %s more: -o csv has them all, and summary.arrow all measures", pointsText(left)))
	}
	for _, line := range []string{legendOf(t), v.lowest()} {
		if line != "" {
			d.say(s.wrapped(line)...)
		}
	}
	v.showRanking(s, &d)
	v.showTroubles(s, &d)
	if line := v.again(); line != "" {
		d.say("")
		d.say(s.wrapped(line)...)
	}
	if line := v.unknowns(); line != "" {
		d.say(s.wrapped(line)...)
	}
	return d
}

func (v *sweepView) title() string {
	seeds := fmt.Sprintf("seeds %d to %d", v.Seed, v.Seed+uint64(v.Seeds)-1)
	if v.Seeds == 1 {
		seeds = fmt.Sprintf("seed %d", v.Seed)
	}
	if v.Stop != nil {
		seeds = fmt.Sprintf("seeds from %d on", v.Seed)
	}
	return fmt.Sprintf("%s: %s, %s: %s", v.Scenario, pointsText(len(v.points)), seeds, runsText(v.Runs))
}

// unfinished says what is missing.
func (v *sweepView) unfinished() string {
	if v.Plan == nil {
		return "PARTIAL: it was interrupted"
	}
	return "PARTIAL: it was interrupted; with --resume its sweep goes on. What is shown is of the runs that there are."
}

func pointsText(n int) string {
	if n == 1 {
		return "1 point"
	}
	return fmt.Sprintf("%d points", n)
}

// chosen gives the points that are shown, in their order, and how many are not: all, or
// at most so many: the lowest and highest ones and others evenly between.
func (v *sweepView) chosen(most int) (order []int, left int) {
	for i := range v.points {
		order = append(order, i)
	}
	v.sort(order)
	if len(order) <= most {
		return order, 0
	}
	take := map[int]bool{0: true, len(order) - 1: true} // places in order
	for _, place := range v.ends(order) {
		take[place] = true
	}
	for n := most - len(take); n > 0 && len(take) < most; n-- {
		for k := range n {
			if place := k * (len(order) - 1) / n; len(take) < most {
				take[place] = true
			}
		}
	}
	var some []int
	for place, i := range order {
		if take[place] {
			some = append(some, i)
		}
	}
	return some, len(order) - len(some)
}

// sort orders samples by the parameter that moves the figure most: their own order says
// nothing. A grid stays as it was given.
func (v *sweepView) sort(order []int) {
	rows := v.ranking("p95")
	if len(rows) == 0 || rows[0].Test != "points" {
		return
	}
	axis := slices.IndexFunc(v.Axes, func(a axisJSON) bool { return a.Name == rows[0].Parameter })
	if axis < 0 || v.Axes[axis].Numbers == nil {
		return
	}
	at := func(i int) float64 {
		if value := v.points[i].values[axis]; value >= 0 {
			return v.Axes[axis].Numbers[value]
		}
		return -1
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := at(a), at(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// ends gives the places of the points with the lowest and the highest means.
func (v *sweepView) ends(order []int) []int {
	var places []int
	for place, i := range order {
		if v.points[i].figure.Mean.Value != nil {
			places = append(places, place)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		x, y := *v.points[order[a]].figure.Mean.Value, *v.points[order[b]].figure.Mean.Value
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	if len(places) <= 2*sweepSpreadEnds {
		return places
	}
	return append(places[:sweepSpreadEnds:sweepSpreadEnds], places[len(places)-sweepSpreadEnds:]...)
}

// fitting gives the table of points, with less in it where it would be too wide.
func (v *sweepView) fitting(s *shell, order []int) (t table) {
	width := sweepWidth
	if w := s.width(); w > 0 {
		width = min(w, width)
	}
	for detail := mostDetail; detail >= 0; detail-- {
		if t = v.table(order, detail); s.format != "table" || t.width() <= width {
			break
		}
	}
	return t
}

// showTroubles says what went wrong.
func (v *sweepView) showTroubles(s *shell, d *document) {
	if len(v.Failures) == 0 {
		return
	}
	d.say("")
	for i, f := range v.Failures {
		if i == sweepFailures {
			d.say(fmt.Sprintf("… and %d more: see failures in sweep.json", len(v.Failures)-i))
			break
		}
		what := "cannot be run"
		if f.Seed != nil {
			what = fmt.Sprintf("seed %d failed", *f.Seed)
		}
		text, more, _ := strings.Cut(f.Error, "\n")
		where := strings.TrimSuffix(fmt.Sprintf("point %d, %s", f.Point, v.named(f.Params)), ", ")
		d.stressAll(red, s.wrapped(fmt.Sprintf("%s: %s: %s", where, what, text)))
		if more != "" && f.Seed == nil {
			for line := range strings.SplitSeq(more, "\n") {
				d.say("  " + line)
			}
		}
	}
}

// named gives the parameters of a point.
func (v *sweepView) named(params map[string]string) string {
	var all []string
	for _, a := range v.Axes {
		if value, found := params[a.Name]; found {
			all = append(all, shortName(a.Name)+"="+quantity(value))
		} else {
			all = append(all, shortName(a.Name)+" as in the scenario")
		}
	}
	return strings.Join(all, " ")
}

// highest gives the point with the highest figure; -1: there is none.
func (v *sweepView) highest() int {
	at := -1
	for i := range v.points {
		if v.points[i].Runs > 0 && (at < 0 || v.above(&v.points[i], &v.points[at])) {
			at = i
		}
	}
	return at
}

// again says how to see one run of the point with the highest figure.
func (v *sweepView) again() string {
	at := v.highest()
	if at < 0 {
		return ""
	}
	p := &v.points[at]
	words := []string{"simulate", "scenario", quoted(v.file())}
	if v.Plan != nil {
		if v.Plan.Drill != "" {
			words = append(words, "--drill", quoted(v.Plan.Drill))
		}
		for _, set := range v.Plan.Set {
			words = append(words, "--set", quoted(set))
		}
	}
	for _, a := range v.Axes {
		if value, found := p.Params[a.Name]; found {
			words = append(words, "--set", quoted(a.Name+"="+value))
		}
	}
	words = append(words, "--seed", fmt.Sprint(v.Seed))
	which := "One of its runs again"
	if len(v.points) > 1 {
		which = "A run of the highest point again"
	}
	return which + ": " + strings.Join(words, " ")
}

// above tells whether the figure of a point is above that of another one: where more
// losses last, or else by its mean.
func (v *sweepView) above(a, b *pointView) bool {
	if v.shown.lost() && a.figure.Nulls != b.figure.Nulls {
		return a.figure.Nulls > b.figure.Nulls
	}
	m, n := a.figure.Mean.Value, b.figure.Mean.Value
	return m != nil && (n == nil || *m > *n)
}

// file gives how the scenario is named.
func (v *sweepView) file() string {
	if v.Plan == nil {
		return v.path + "/scenario.yaml"
	}
	if name, is := strings.CutSuffix(v.Plan.File, ".yaml"); is {
		_, missing := os.Stat(v.Plan.File)
		if _, unknown := scenarios.Find(name); unknown == nil && missing != nil {
			return name
		}
	}
	return v.Plan.File
}

// unknowns says how many assumptions have no source.
func (v *sweepView) unknowns() string {
	names := map[string]bool{}
	for _, u := range v.Unknowns {
		names[u.Name] = true // with another value at some points
	}
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return "assumed, no source [U]: " + v.Unknowns[0].Name + ": " + v.Unknowns[0].Value
	default:
		return fmt.Sprintf("assumed, no source [U]: %d values; sweep.json names them", n)
	}
}
