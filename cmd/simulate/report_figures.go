package main

import (
	"cmp"
	"fmt"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/report"
)

// figures gives the numbers of the first screen.
func (r *story) figures(checks []checked) []report.Figure {
	var all []report.Figure
	if len(r.scenario.Traffic) > 0 && len(r.measured.Convergence) > 0 {
		all = append(all, r.outageFigure(), r.lostFigure(), r.depthFigure())
	}
	converged := report.Figure{Name: "converged", Value: "yes", Note: "at the end of " + seconds(int64(r.end())), Tone: report.Good}
	switch {
	case r.partial:
		converged.Value, converged.Note, converged.Tone = "partial", "ended at "+seconds(int64(r.reached)), report.Bad
	case !r.measured.Converged:
		converged.Value, converged.Note, converged.Tone = "no", cmp.Or(r.measured.Unsettled, "it goes in a circle"), report.Bad
	}
	all = append(all, converged)
	if len(checks) > 0 {
		all = append(all, expectationsFigure(checks))
	}
	return append(all, report.Figure{Name: "changes of best routes", Value: fmt.Sprint(r.bestChanges()), Note: "after disturbances, of all speakers"})
}

func (r *story) bestChanges() (n int64) {
	for _, c := range r.measured.Convergence {
		n += c.BestChanges
	}
	return n
}

func (r *story) outageFigure() report.Figure {
	f := report.Figure{Name: "longest outage, two-way", Value: "none", Exact: "0", Note: "no disturbance cost any traffic", Tone: report.Good}
	longest := int64(0)
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if m.Direction != "two-way" || m.Outage <= longest {
			continue
		}
		longest = m.Outage
		f = report.Figure{Name: f.Name, Value: seconds(m.Outage), Exact: fmt.Sprint(m.Outage), Note: m.Class + ", after " + m.Disturbance + r.until(m), Tone: report.Bad}
		if m.Outage < ms {
			f.Value = tenths(m.Outage)
		}
	}
	return f
}

// lostFigure gives what runs.arrow calls lost_bytes.
func (r *story) lostFigure() report.Figure {
	lost := int64(0)
	for i := range r.measured.Convergence {
		if r.first(i) { // those of one instant share what is lost
			lost += r.lostAfter(r.measured.Convergence[i].Root, "")
		}
	}
	f := report.Figure{Name: "lost in all", Value: bytes(lost), Exact: fmt.Sprint(lost), Note: "of all classes in both directions, after disturbances", Tone: report.Bad}
	if lost == 0 {
		f.Tone = report.Good
	}
	return f
}

// depthFigure gives the share of one class and direction that was lost when it was
// worst after the first disturbance.
func (r *story) depthFigure() report.Figure {
	from := events.Time(r.measured.Convergence[0].T)
	worst, of := 0.0, ""
	for _, m := range r.measured.Impacts {
		if m.Direction == "two-way" {
			continue
		}
		if share := deepest(r.traffic(m.Class, m.Direction), int64(from)); share > worst {
			worst, of = share, m.Class+" "+m.Direction
		}
	}
	if worst == 0 {
		return report.Figure{Name: "lost at the worst instant, one way", Value: "0 %", Exact: "0", Tone: report.Good}
	}
	return report.Figure{Name: "lost at the worst instant, one way", Value: portion(worst), Exact: fmt.Sprint(worst), Note: "of " + of, Tone: report.Bad}
}

// deepest gives the greatest share that is lost at any step that holds from a time on.
func deepest(rows []metrics.Traffic, from int64) (worst float64) {
	for i := 0; i < len(rows); {
		offered, lost, n := int64(0), int64(0), i
		for ; n < len(rows) && rows[n].T == rows[i].T; n++ {
			offered, lost = offered+rows[n].Offered, lost+rows[n].Lost
		}
		if holds := n == len(rows) || rows[n].T > from; holds && offered > 0 {
			worst = max(worst, float64(lost)/float64(offered))
		}
		i = n
	}
	return worst
}

func expectationsFigure(checks []checked) report.Figure {
	holds := 0
	for _, c := range checks {
		if c.Holds {
			holds++
		}
	}
	f := report.Figure{Name: "expectations", Value: fmt.Sprintf("%d of %d hold", holds, len(checks)), Tone: report.Good}
	if holds < len(checks) {
		f.Tone = report.Bad
	}
	return f
}
