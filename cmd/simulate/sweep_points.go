package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// mostDetail is how much a line of a point has where there is room.
const mostDetail = 3

// table gives a line for each point: its parameters, the mean and the 95th percentile
// of what is shown, how long its mean is beside the others, and what else there is to
// say of it. Less detail leaves out, one after the other, how much was said, the
// interval of the percentile, and that of the mean.
func (v *sweepView) table(order []int, detail int) table {
	t := table{name: "points"}
	for _, a := range v.Axes {
		t.head = append(t.head, shortName(a.Name))
	}
	if len(v.Axes) == 0 {
		t.head = append(t.head, "point")
	}
	runs, sent, returns := v.uneven(), detail == mostDetail && v.silent(), detail == mostDetail && v.flaps()
	t.head = appendIf(t.head, runs, "runs")
	t.head = append(t.head, "mean", "95th percentile")
	t.head = appendIf(t.head, sent, "announced")
	t.head = appendIf(t.head, returns, "returns")
	t.head = append(t.head, barHead, "")
	longest, lowest, noted := v.longest(order), v.lowestPoint(), false
	for _, i := range order {
		p := &v.points[i]
		var row []string
		for a, axis := range v.Axes {
			row = append(row, valueText(&axis, p.values[a]))
		}
		if len(v.Axes) == 0 {
			row = append(row, "as in the scenario")
		}
		row = appendIf(row, runs, fmt.Sprint(p.Runs))
		row = append(row, v.shown.estimate(p.figure.Mean, detail > 0), v.shown.estimate(p.figure.P95, detail > 1))
		row = appendIf(row, sent, meanText(p.sent))
		row = appendIf(row, returns, meanText(p.returns))
		notes := v.notes(p)
		if i == lowest {
			notes = append([]string{"◂ lowest"}, notes...)
		}
		note := strings.Join(notes, ", ")
		noted = noted || note != ""
		t.add(append(row, v.bar(p, longest), note)...)
	}
	if !noted {
		t.drop(len(t.head) - 1)
	}
	if len(order) == 1 {
		t.drop(slices.Index(t.head, barHead))
	}
	return t
}

// barHead is the head of the column of bars.
const barHead = "mean, from 0"

func appendIf(row []string, do bool, cell string) []string {
	if do {
		return append(row, cell)
	}
	return row
}

func meanText(v *float64) string {
	if v == nil {
		return "-"
	}
	return counted(*v, *v)
}

// shortName gives the name of an axis for the head of a column.
func shortName(name string) string { return strings.TrimPrefix(name, "params.") }

func valueText(a *axisJSON, value int) string {
	if value < 0 {
		return "·" // as the scenario has it
	}
	return quantity(a.Values[value])
}

// uneven tells whether the points have not as many runs each as were asked for.
func (v *sweepView) uneven() bool {
	for i := range v.points {
		if v.points[i].Runs != v.Seeds && v.points[i].invalid == "" {
			return true
		}
	}
	return false
}

// silent tells whether there is no traffic to speak of, so that messages count.
func (v *sweepView) silent() bool { return v.shown.column == "control_ns" }

// flaps tells whether a route came back in some run.
func (v *sweepView) flaps() bool {
	for i := range v.points {
		if r := v.points[i].returns; r != nil && *r > 0 && v.shown.column != "returns" {
			return true
		}
	}
	return false
}

// notes says what else there is to a point.
func (v *sweepView) notes(p *pointView) (notes []string) {
	if p.invalid != "" {
		return []string{"cannot be run"}
	}
	switch n := p.figure.Nulls; {
	case n > 0 && v.shown.lost():
		notes = append(notes, fmt.Sprintf("not restored in %d of %d", n, n+p.figure.N))
	case n > 0:
		notes = append(notes, fmt.Sprintf("none in %d of %d", n, n+p.figure.N))
	}
	if n := p.Runs - p.Converged - p.CutShort - p.Failed; n > 0 {
		notes = append(notes, fmt.Sprintf("%d unsettled", n))
	}
	if p.CutShort > 0 {
		notes = append(notes, fmt.Sprintf("%d cut short", p.CutShort))
	}
	if p.Failed > 0 {
		notes = append(notes, fmt.Sprintf("%d failed", p.Failed))
	}
	return notes
}

// longest gives the highest mean of the points that are shown.
func (v *sweepView) longest(order []int) (highest float64) {
	for _, i := range order {
		if m := v.points[i].figure.Mean.Value; m != nil {
			highest = max(highest, *m)
		}
	}
	return highest
}

// bar draws the mean of a point beside the highest, from 0 on; where a loss lasts there
// is no mean, and no end.
func (v *sweepView) bar(p *pointView, longest float64) string {
	m := p.figure.Mean.Value
	switch {
	case m == nil && p.figure.P95.Value == nil && p.figure.Nulls == 0:
		return ""
	case m == nil && p.figure.Nulls > 0 && v.shown.lost():
		return strings.Repeat("·", barWidth) + "→"
	case m == nil || longest == 0:
		return ""
	}
	eighths := int(math.Round(*m / longest * barWidth * 8))
	parts := []rune(" ▏▎▍▌▋▊▉")
	text := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		text += string(parts[rest])
	}
	if text == "" && *m > 0 {
		text = string(parts[1])
	}
	return text
}

// lost tells whether the measure is one of loss: where it is null, the loss lasts.
func (m *shownMeasure) lost() bool {
	return strings.HasPrefix(m.column, "outage_") || m.column == "lost_bytes"
}

// lowestPoint gives the point with the lowest mean; -1: there are too few points to
// speak of one, a mean is not known, or several are equal.
func (v *sweepView) lowestPoint() int {
	at, again := -1, false
	known := 0
	for i := range v.points {
		m := v.points[i].figure.Mean.Value
		if m == nil {
			continue
		}
		known++
		switch {
		case at < 0 || *m < *v.points[at].figure.Mean.Value:
			at, again = i, false
		case *m == *v.points[at].figure.Mean.Value:
			again = true
		}
	}
	if known < 3 || again {
		return -1
	}
	return at
}

// lowest says where the mean is lowest, and of which points that is not sure.
func (v *sweepView) lowest() string {
	at := v.lowestPoint()
	if at < 0 {
		return ""
	}
	p := &v.points[at]
	text := fmt.Sprintf("The mean is lowest at %s: %s", v.named(p.Params), v.shown.figure(*p.figure.Mean.Value))
	var near []string
	for i := range v.points {
		if e := v.points[i].figure.Mean; i != at && e.Low != nil && p.figure.Mean.High != nil && *e.Low <= *p.figure.Mean.High {
			near = append(near, v.named(v.points[i].Params))
		}
	}
	switch {
	case len(near) == 0:
		return text + "."
	case len(near) > 4:
		return fmt.Sprintf("%s; the intervals of %d other points overlap with it.", text, len(near))
	}
	verb, what := "overlaps", "the interval of "
	if len(near) > 1 {
		verb, what = "overlap", "the intervals of "
	}
	return fmt.Sprintf("%s; %s%s %s with it.", text, what, strings.Join(near, ", "), verb)
}
