package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
)

// ranking gives the rows about the 95th percentile of what is shown, or of the measure
// of which it is a part.
func (v *sweepView) ranking() (rows []metrics.SensitivityRow) {
	column := v.shown.column
	switch column {
	case "outage_forward_ns", "outage_return_ns":
		column = "outage_two_way_ns"
	case "withdrawals":
		column = "announcements"
	case "traffic_ns":
		column = "forwarding_ns"
	}
	for _, r := range v.sensitivity {
		if r.Measure == column && r.Statistic == "p95" {
			rows = append(rows, r)
		}
	}
	return rows
}

// showRanking says which parameter moves the figure most.
func (v *sweepView) showRanking(s *shell, d *document) {
	rows := v.ranking()
	if len(rows) == 0 {
		return
	}
	d.say("")
	of := shownMeasure{column: rows[0].Measure}
	d.stressAll(bold, s.wrapped(fmt.Sprintf("What moves the 95th percentile of %s of a run", of.brief())))
	ranked := false
	for i := range rows {
		d.say(s.wrapped(of.moves(&rows[i], len(rows)))...)
		ranked = ranked || rows[i].Ranked
	}
	if line := howToRead(rows, ranked); line != "" {
		d.say(s.wrapped(line)...)
	}
}

// moves says what a parameter does.
func (m *shownMeasure) moves(r *metrics.SensitivityRow, parameters int) string {
	name := shortName(r.Parameter) + ": "
	switch {
	case r.HighestAt == "":
		return name + "not known: no points tell it from the other parameters"
	case r.Effect != nil && *r.Effect == 0 && !r.Distinct:
		return name + "nothing: it is the same at all of its values"
	case r.P == nil:
		return name + m.ends(r) + "; whether that is more than chance is not known"
	case !r.Distinct:
		text := name + "not distinguishable from nothing"
		if r.Effect != nil && r.Chance != nil {
			text += fmt.Sprintf(": %s, and chance alone makes up to %s", m.figure(*r.Effect), m.figure(*r.Chance))
		}
		return text
	}
	text := name + m.ends(r)
	if r.Share != nil && parameters > 1 {
		text += "; explains " + partOf(*r.Share) + " of the variance between the points"
	}
	return text
}

// ends says where a figure is lowest and highest, and how far that is apart.
func (m *shownMeasure) ends(r *metrics.SensitivityRow) string {
	end := func(v *float64, at string) string {
		if at = quantityRange(at); v == nil {
			return "more than is known (not restored) at " + at
		}
		return m.figure(*v) + " at " + at
	}
	text := end(r.Lowest, r.LowestAt) + " to " + end(r.Highest, r.HighestAt)
	if r.Effect != nil {
		text += ", by " + m.estimate(metrics.Estimate{Value: r.Effect, Low: r.EffectLow, High: r.EffectHigh}, r.EffectLow != nil || r.EffectHigh != nil)
	}
	return text
}

// partOf writes a share to a percent.
func partOf(share float64) string {
	if share > 0 && share < 0.005 {
		return "less than 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// quantityRange writes the name of a level as people read it.
func quantityRange(name string) string {
	from, to, is := strings.Cut(name, " to ")
	if !is {
		return quantity(name)
	}
	return quantity(from) + "–" + quantity(to)
}

// howToRead says what the ranking is.
func howToRead(rows []metrics.SensitivityRow, ranked bool) string {
	if !slices.ContainsFunc(rows, func(r metrics.SensitivityRow) bool { return r.Effect == nil || *r.Effect > 0 }) {
		return ""
	}
	text := "Each on average over the others."
	if len(rows) == 1 {
		text = ""
	}
	switch rows[0].Test {
	case "seeds":
		text += " An effect counts where the same runs, exchanged seed by seed between its values, make a smaller one in 95 % of all cases."
	case "points":
		text += " An effect counts where what the others do not explain, exchanged between the points, makes a smaller one in 95 % of all cases."
	default:
		text += " So few runs do not tell an effect from chance."
	}
	if ranked {
		text += " Runs are compared by their ranks, as some losses last."
	}
	return strings.TrimSpace(text)
}
