package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
)

// ranking gives the rows about a statistic of what is shown: none, where that is of one
// class or disturbance alone, or is not ranked.
func (v *sweepView) ranking(statistic string) (rows []metrics.SensitivityRow) {
	if v.shown.class != "" || v.shown.disturbance != "" {
		return nil
	}
	for _, r := range v.sensitivity {
		if r.Measure == v.shown.column && r.Statistic == statistic {
			rows = append(rows, r)
		}
	}
	return rows
}

// showRanking says which parameter moves the figure most.
func (v *sweepView) showRanking(s *shell, d *document) {
	rows := v.ranking("p95")
	if len(rows) == 0 {
		if names := v.ranked(); len(names) > 0 {
			d.say("")
			d.say(s.wrapped("Which parameter moves it most is not ranked; what is: --measure " + strings.Join(names, ", "))...)
		}
		return
	}
	title, lines := v.rankingText(rows)
	d.say("")
	d.stressAll(bold, s.wrapped("What moves the "+title))
	for _, line := range lines {
		d.say(s.wrapped(line)...)
	}
}

// rankingText says what the ranking is of, and then of each parameter what it does, and
// how that is to be read.
func (v *sweepView) rankingText(rows []metrics.SensitivityRow) (title string, lines []string) {
	means, of := v.ranking("mean"), shownMeasure{column: rows[0].Measure}
	ranked := false
	for i := range rows {
		lines = append(lines, of.moves(&rows[i], len(rows))+of.meanMoves(&rows[i], means))
		ranked = ranked || rows[i].Ranked
	}
	if line := howToRead(rows, ranked); line != "" {
		lines = append(lines, line)
	}
	return fmt.Sprintf("95th percentile of %s of a run", of.brief()), lines
}

// ranked names the measures for which parameters are ranked.
func (v *sweepView) ranked() (names []string) {
	for _, m := range sweepMeasures() {
		if slices.ContainsFunc(v.sensitivity, func(r metrics.SensitivityRow) bool { return r.Measure == m.column }) {
			names = append(names, m.name)
		}
	}
	return names
}

// meanMoves adds, where the 95th percentile does not tell what a parameter does, that the
// mean does: more runs have a part in it.
func (m *shownMeasure) meanMoves(r *metrics.SensitivityRow, means []metrics.SensitivityRow) string {
	i := slices.IndexFunc(means, func(mean metrics.SensitivityRow) bool { return mean.Parameter == r.Parameter })
	if r.Distinct || i < 0 || !means[i].Distinct {
		return ""
	}
	return "; but it moves the mean: " + m.ends(&means[i])
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
