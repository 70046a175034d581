package main

import (
	"fmt"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
)

// pageTables gives how the runs of each point end and, of one point, how long
// everything takes after each disturbance.
func (v *sweepView) pageTables(summary []metrics.SummaryRow) []report.Table {
	all := []report.Table{v.outcomesTable()}
	if len(v.points) == 1 {
		all = append([]report.Table{v.disturbancesTable(summary)}, all...)
	}
	return all
}

// disturbancesTable gives the figures of all disturbances, classes and directions.
func (v *sweepView) disturbancesTable(summary []metrics.SummaryRow) report.Table {
	t := report.Table{
		ID: "disturbances", Caption: "After each disturbance, over all runs", Empty: "Nothing failed.",
		Head: report.Columns("disturbance", "measure", "class", "direction", "mean#", "median#", "95th percentile#", "99th percentile#", "missing"),
	}
	for i := range summary {
		s := summaryOfRow(&summary[i])
		if !strings.HasSuffix(s.Measure, "_ns") || s.Measure == "equivalent_ns" || s.N == 0 && s.Class == "" || s.Class != "" && s.Nulls == 0 && *s.Max == 0 {
			continue
		}
		if len(t.Rows) == pageRows {
			t.Caption += fmt.Sprintf(" (the first %d; summary.arrow has all)", pageRows)
			break
		}
		row := []report.Cell{report.Text(s.Disturbance), report.Text(strings.TrimSuffix(s.Measure, "_ns")), report.Text(s.Class), report.Text(s.Direction)}
		for _, e := range []metrics.Estimate{s.Mean, s.P50, s.P95, s.P99} {
			row = append(row, report.Cell{Text: estimate(e), Value: number(e.Value)})
		}
		lacks := report.Cell{Text: missing(&s)}
		if s.Class != "" && s.Nulls > 0 {
			lacks.Tone = report.Bad
		}
		t.Rows = append(t.Rows, append(row, lacks))
	}
	return t
}

// outcomesTable gives how the runs of each point end.
func (v *sweepView) outcomesTable() report.Table {
	t := report.Table{
		ID: "outcomes", Caption: "How the runs end, with the 95 % interval of the probability",
		Head: report.Columns("point#", "parameters", "ending", "state", "runs#", "share#", "lowest seed#"),
	}
	for i := range v.points {
		for _, o := range v.points[i].Outcomes {
			if len(t.Rows) == pageRows {
				t.Caption += fmt.Sprintf(" (the first %d; sweep.json has all)", pageRows)
				return t
			}
			state := "-"
			if o.State != nil {
				state = (*o.State)[:min(12, len(*o.State))]
			}
			t.Rows = append(t.Rows, []report.Cell{
				report.Int(int64(v.points[i].Point), itoa(v.points[i].Point)), report.Text(v.named(v.points[i].Params)), report.Text(o.Ending), report.Text(state),
				report.Int(int64(o.Runs), itoa(o.Runs)),
				{Text: fmt.Sprintf("%s (%s–%s)", percent(o.Share), percent(o.Low), percent(o.High)), Value: number(&o.Share)},
				report.Text(fmt.Sprint(o.Seed)),
			})
		}
	}
	return t
}
