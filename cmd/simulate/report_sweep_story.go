package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
)

// story tells what a sweep found, in a few sentences.
func (v *sweepView) story() []report.Sentence {
	all := []report.Sentence{{Text: v.found()}}
	if v.Status != "complete" {
		all = append(all, report.Sentence{Text: v.unfinished(), Tone: report.Bad})
	}
	if v.Why != nil {
		all = append(all, report.Sentence{Text: strings.TrimSuffix(strings.Replace(firstLine(*v.Why), ", see above", ", see below", 1), ".") + ".", Tone: report.Bad})
	}
	if line := v.lasting(); line != "" {
		all = append(all, report.Sentence{Text: line, Tone: report.Bad})
	}
	if line := v.lowest(); line != "" {
		all = append(all, report.Sentence{Text: line})
	}
	if line := v.others(); line != "" {
		all = append(all, report.Sentence{Text: line})
	}
	if line := v.unknowns(); line != "" {
		line = strings.TrimSuffix(line, "; sweep.json names them") + "."
		all = append(all, report.Sentence{Text: strings.ToUpper(line[:1]) + line[1:]})
	}
	return all
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// found says how what is shown goes with the parameter that moves it most; or what it
// is, where nothing moves it.
func (v *sweepView) found() string {
	rows := v.ranking("p95")
	if runs, _ := v.figuresOf(); runs == 0 || len(rows) == 0 || rows[0].Effect == nil && !rows[0].Distinct {
		return v.all()
	}
	r := &rows[0]
	name, of := shortName(r.Parameter), strings.TrimPrefix(v.shown.brief(), "the ")
	switch {
	case r.Effect != nil && *r.Effect == 0:
		return fmt.Sprintf("Nothing that was swept moves the 95th percentile of the %s: it is %s.", of, v.range95())
	case r.P == nil:
		return fmt.Sprintf("The 95th percentile of the %s is %s; whether %s moves it more than chance is not known.", of, v.range95(), name)
	case !r.Distinct:
		return fmt.Sprintf("The 95th percentile of the %s is %s; what moves it, if anything, is not distinguishable from chance.", of, v.range95())
	}
	end := func(value *float64, at string) string {
		if value == nil {
			return "more than is known (not restored) at " + name + " " + quantityRange(at)
		}
		return v.shown.figure(*value) + " at " + name + " " + quantityRange(at)
	}
	low, high := end(r.Lowest, r.LowestAt), end(r.Highest, r.HighestAt)
	text := fmt.Sprintf("The 95th percentile of the %s is lowest, %s, and highest, %s", of, low, high)
	switch v.goes(r) {
	case 1:
		text = fmt.Sprintf("The 95th percentile of the %s grows from %s to %s", of, low, high)
	case -1:
		text = fmt.Sprintf("The 95th percentile of the %s falls from %s to %s", of, high, low)
	}
	if len(rows) > 1 {
		text += ", on average over the other parameters; " + name + " moves it most"
	}
	return text + "."
}

// goes tells whether the 95th percentile grows with a parameter at each step (1), or
// falls (-1), or neither (0): the mean over the points of a value, where all are known.
func (v *sweepView) goes(r *metrics.SensitivityRow) int {
	axis := slices.IndexFunc(v.Axes, func(a axisJSON) bool { return a.Name == r.Parameter })
	if axis < 0 || v.Axes[axis].Numbers == nil || r.Test == "points" {
		return 0
	}
	a := &v.Axes[axis]
	sums, points := make([]float64, len(a.Values)), make([]int, len(a.Values))
	for i := range v.points {
		p := &v.points[i]
		if p.values[axis] < 0 || p.figure.P95.Value == nil {
			return 0
		}
		sums[p.values[axis]] += *p.figure.P95.Value
		points[p.values[axis]]++
	}
	var order []int
	for at, n := range points {
		if n > 0 {
			order = append(order, at)
		}
	}
	slices.SortFunc(order, func(x, y int) int {
		if a.Numbers[x] < a.Numbers[y] {
			return -1
		}
		return 1
	})
	grows, falls := true, true
	for i := 1; i < len(order); i++ {
		x, y := sums[order[i-1]]/float64(points[order[i-1]]), sums[order[i]]/float64(points[order[i]])
		grows, falls = grows && y >= x, falls && y <= x
	}
	switch {
	case grows && !falls:
		return 1
	case falls && !grows:
		return -1
	}
	return 0
}

// range95 gives the lowest and the highest 95th percentile of the points.
func (v *sweepView) range95() string {
	var low, high *float64
	beyond := false
	for i := range v.points {
		f := &v.points[i].figure
		e := f.P95.Value
		beyond = beyond || e == nil && f.Nulls > 0 && v.shown.lost()
		if e != nil && (low == nil || *e < *low) {
			low = e
		}
		if e != nil && (high == nil || *e > *high) {
			high = e
		}
	}
	switch {
	case low == nil:
		return "not known"
	case beyond:
		return v.shown.figure(*low) + " or more"
	case v.shown.figure(*low) == v.shown.figure(*high):
		return v.shown.figure(*low)
	}
	return v.shown.figure(*low) + " to " + v.shown.figure(*high)
}

// all says what is shown where there is nothing to compare.
func (v *sweepView) all() string {
	of := strings.TrimPrefix(v.shown.brief(), "the ")
	if runs, lasting := v.figuresOf(); runs == 0 && lasting > 0 {
		return fmt.Sprintf("The %s lasts to the end in all of %s.", of, runsText(lasting))
	}
	if len(v.points) != 1 {
		return fmt.Sprintf("The 95th percentile of the %s is %s over %s.", of, v.range95(), pointsText(len(v.points)))
	}
	f := &v.points[0].figure
	switch {
	case f.N == 0:
		return fmt.Sprintf("No run has any %s.", of)
	case f.Mean.Value == nil:
		return fmt.Sprintf("The %s is %s in the median of %s.", of, v.shown.estimate(f.P50, true), runsText(v.Runs))
	case f.N == 1:
		return fmt.Sprintf("The %s is %s in one run.", of, v.shown.figure(*f.Mean.Value))
	}
	return fmt.Sprintf("The %s is %s on average over %s, and %s in the 95th percentile.", of, v.shown.estimate(f.Mean, true), runsText(v.Runs), v.shown.estimate(f.P95, true))
}

// figuresOf counts the runs that have a figure, and those whose loss lasts.
func (v *sweepView) figuresOf() (runs, lasting int) {
	for i := range v.points {
		f := &v.points[i].figure
		runs += f.N
		if v.shown.lost() {
			lasting += f.Nulls
		}
	}
	return runs, lasting
}

// lasting says in how many runs something is not restored.
func (v *sweepView) lasting() string {
	runs, points := 0, 0
	for i := range v.points {
		if n := v.points[i].figure.Nulls; n > 0 && v.shown.lost() {
			runs, points = runs+n, points+1
		}
	}
	if runs == 0 {
		return ""
	}
	return fmt.Sprintf("Not restored in %d of %s, at %s: there how long it would last is not known. These runs count as longer than all others, and no mean is given.",
		runs, runsText(v.Runs), pointsText(points))
}

// others says which parameters do not move what is shown, and which do, in a word.
func (v *sweepView) others() string {
	rows := v.ranking("p95")
	var words []string
	for i := range rows[min(1, len(rows)):] {
		r := &rows[i+1]
		name := shortName(r.Parameter)
		switch {
		case r.Distinct && r.Effect != nil:
			words = append(words, fmt.Sprintf("%s moves it by %s", name, v.shown.figure(*r.Effect)))
		case r.Distinct:
			words = append(words, name+" moves it too")
		case r.Effect != nil && *r.Effect == 0:
			words = append(words, name+" does nothing")
		default:
			words = append(words, name+" is not distinguishable from nothing")
		}
	}
	if len(words) == 0 {
		return ""
	}
	const most = 5
	if more := len(words) - most; more > 0 {
		words = append(words[:most], fmt.Sprintf("%d parameters more below", more))
	}
	return "Of the others: " + strings.Join(words, "; ") + "."
}

// invalid counts the points that cannot be run.
func (v *sweepView) invalid() (n int) {
	for _, f := range v.Failures {
		if f.Seed == nil {
			n++
		}
	}
	return n
}
