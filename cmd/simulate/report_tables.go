package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"dualhome/metrics"
	"dualhome/report"
)

// mostPageRows is how many rows of a table a page shows.
const mostPageRows = 100

// pageTables gives the tables of all disturbances together, as the Arrow files have
// them.
func (r *story) pageTables() []report.Table {
	all := []report.Table{r.convergenceTable(), r.outagesTable(), r.shiftTable(), r.flappingTable()}
	for i := range all {
		t := &all[i]
		t.Tight = true
		if more := len(t.Rows) - mostPageRows; more > 0 {
			t.Caption += fmt.Sprintf(" (the first %d; %d more in %s.arrow)", mostPageRows, more, t.ID)
			t.Rows = t.Rows[:mostPageRows]
		}
	}
	return all
}

// duration is a cell of nanoseconds; nil: it did not happen.
func duration(ns *int64) report.Cell {
	if ns == nil {
		return report.Text(report.None)
	}
	return report.Int(*ns, seconds(*ns))
}

func integer(v int64) report.Cell { return report.Int(v, strconv.FormatInt(v, 10)) }

func (r *story) convergenceTable() report.Table {
	t := report.Table{
		ID: "convergence", Caption: "Convergence: since each disturbance", Empty: "Nothing failed.",
		Head: report.Columns("disturbance", "at=t_ns#", "first reaction=detection_ns#", "last session down=detection_last_ns#", "routes settled=control_ns#",
			"forwarding settled=forwarding_ns#", "traffic=traffic_ns#", "detect=detect_ns#", "propagate=propagate_ns#", "decide=decide_ns#", "program=program_ns#",
			"flows=flows_ns#", "announcements#", "withdrawals#", "best changes=best_changes#", "settled=converged"),
	}
	for i := range r.measured.Convergence {
		c := &r.measured.Convergence[i]
		t.Rows = append(t.Rows, []report.Cell{
			report.Text(c.Disturbance), duration(&c.T), duration(c.Detection), duration(c.DetectionLast), duration(c.Control), duration(c.Forwarding), duration(c.Traffic),
			duration(c.Detect), duration(c.Propagate), duration(c.Decide), duration(c.Program), duration(c.Flows),
			integer(c.Announcements), integer(c.Withdrawals), integer(c.BestChanges), truth(c.Converged),
		})
	}
	return t
}

func truth(v bool) report.Cell {
	if v {
		return report.Cell{Text: "yes", Value: "true", Tone: report.Good}
	}
	return report.Cell{Text: "no", Value: "false", Tone: report.Bad}
}

func (r *story) outagesTable() report.Table {
	t := report.Table{
		ID: "outages", Caption: "Outages by cause", Empty: "No traffic was lost after a disturbance.",
		Head: report.Columns("disturbance", "class", "direction", "cause", "loss for=outage_ns#", "lost=lost_bytes#", "lost packets=lost_packets#", "full outage=equivalent_ns#", "restored"),
	}
	for i := range r.measured.Outages {
		o := &r.measured.Outages[i]
		if o.Cause == nil {
			continue
		}
		t.Rows = append(t.Rows, []report.Cell{
			report.Text(r.name(o.Root)), report.Text(o.Class), report.Text(o.Direction), report.Text(*o.Cause), duration(&o.Outage),
			report.Int(o.LostBytes, bytes(o.LostBytes)), integer(o.LostPackets), duration(&o.Equivalent), truth(o.Restored),
		})
	}
	return t
}

func (r *story) shiftTable() report.Table {
	t := report.Table{
		ID: "shift", Caption: "Shift: how traffic moved between the hubs", Empty: "There is no traffic over hubs.",
		Head: report.Columns("disturbance", "class", "direction", "via", "share before=share_before#", "share after=share_after#", "50 % moved=t50_ns#", "90 %=t90_ns#", "99 %=t99_ns#", "100 %=t100_ns#",
			"flows moved=flows_moved#", "flows broken=flows_broken#"),
	}
	for i := range r.measured.Shift {
		x := &r.measured.Shift[i]
		t.Rows = append(t.Rows, []report.Cell{
			report.Text(r.name(x.Root)), report.Text(x.Class), report.Text(x.Direction), report.Text(x.Via), shareCell(x.ShareBefore), shareCell(x.ShareAfter),
			duration(x.T50), duration(x.T90), duration(x.T99), duration(x.T100), integer(x.FlowsMoved), integer(x.FlowsBroken),
		})
	}
	return t
}

func shareCell(v float64) report.Cell {
	return report.Cell{Text: fmt.Sprintf("%.1f %%", 100*v), Value: strconv.FormatFloat(v, 'g', -1, 64)}
}

// flappingTable gives the routes that changed most first.
func (r *story) flappingTable() report.Table {
	t := report.Table{
		ID: "flapping", Caption: "Flapping: routes that changed after a disturbance, the most restless first", Empty: "No best route changed after a disturbance.",
		Head: report.Columns("disturbance", "actor", "prefix", "best changes=best_changes#", "returns#", "distinct paths=distinct_paths#", "first=first_ns#", "last=last_ns#", "suppressed=suppressed_ns#"),
	}
	rows := slices.Clone(r.measured.Flapping)
	slices.SortStableFunc(rows, func(a, b metrics.Flapping) int { return cmp.Compare(b.BestChanges, a.BestChanges) })
	for i := range rows {
		f := &rows[i]
		t.Rows = append(t.Rows, []report.Cell{
			report.Text(r.name(f.Root)), report.Text(f.Actor), report.Text(f.Prefix), integer(f.BestChanges), integer(f.Returns), integer(f.DistinctPaths),
			duration(&f.First), duration(&f.Last), duration(&f.Suppressed),
		})
	}
	return t
}

// impactsTable gives the summary's rows of a disturbance.
func (r *story) impactsTable(c *metrics.Convergence) report.Table {
	text := r.impacts(c, false)
	t := report.Table{Tight: true, Caption: "Who lost what, and which way the traffic went", Head: report.Columns("class", "direction", "before", "after", "loss for#", "lost#", "full outage#", "causes (may overlap)")}
	rows := 0
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if m.Root != c.Root || rows == len(text.rows) || text.rows[rows][0] != m.Class || text.rows[rows][1] != m.Direction {
			continue
		}
		var cells []report.Cell
		for k, cell := range text.rows[rows] {
			one := report.Text(cell)
			if exact := map[int]int64{4: m.Outage, 5: m.LostBytes, 6: m.Equivalent}; t.Head[k].Number && cell != report.None {
				one = report.Int(exact[k], cell)
			}
			cells = append(cells, one)
		}
		t.Rows = append(t.Rows, cells)
		rows++
	}
	return t
}

func expectedTable(checks []checked) report.Table {
	t := report.Table{
		ID: "expectations", Caption: "Expectations of the scenario", Empty: "The scenario expects nothing.",
		Head: report.Columns("measure", "rule", "measured", "holds"),
	}
	for _, c := range checks {
		t.Rows = append(t.Rows, []report.Cell{report.Text(c.Measure), report.Text(c.Rule), report.Text(c.Measured), truth(c.Holds)})
	}
	return t
}
