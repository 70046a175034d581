package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"dualhome/report"
)

// figure is a number of a run that is put beside that of the other.
type figure struct {
	key  []string
	what string
	unit string // ns, B, or empty
	v    *int64 // nil: it did not happen
}

func (f *figure) write(v int64) string {
	switch f.unit {
	case "ns":
		return seconds(v)
	case "B":
		return bytes(v)
	}
	return strconv.FormatInt(v, 10)
}

// matched puts the figures of two runs side by side: those of A in their order, then
// those that only B has.
func matched(t report.Table, a, b []figure) report.Table {
	t.Head = append(t.Head, report.Columns("figure", "A#", "B#", "B − A#")...)
	same := func(x figure) func(figure) bool {
		return func(y figure) bool { return x.what == y.what && slices.Equal(x.key, y.key) }
	}
	for _, x := range a {
		at := slices.IndexFunc(b, same(x))
		if at < 0 {
			t.Rows = append(t.Rows, x.beside(&x, nil))
		} else {
			t.Rows = append(t.Rows, x.beside(&x, &b[at]))
		}
	}
	for _, y := range b {
		if !slices.ContainsFunc(a, same(y)) {
			t.Rows = append(t.Rows, y.beside(nil, &y))
		}
	}
	if more := len(t.Rows) - pageRows; more > 0 {
		t.Caption += fmt.Sprintf(" (the first %d; the Arrow files have %d more)", pageRows, more)
		t.Rows = t.Rows[:pageRows]
	}
	return t
}

// beside gives a row of the figure of A and that of B; nil: only the other has it.
func (f *figure) beside(a, b *figure) []report.Cell {
	var row []report.Cell
	for _, k := range f.key {
		row = append(row, report.Text(k))
	}
	row = append(row, report.Text(f.what))
	for i, x := range []*figure{a, b} {
		switch {
		case x == nil:
			row = append(row, report.Text("only in "+string(rune('B'-i))))
		case x.v == nil:
			row = append(row, report.Text("-"))
		default:
			row = append(row, report.Int(*x.v, f.write(*x.v)))
		}
	}
	if a == nil || b == nil || a.v == nil || b.v == nil {
		return append(row, report.Text("-"))
	}
	return append(row, difference(f, *b.v-*a.v))
}

// difference writes how much more B has than A.
func difference(f *figure, by int64) report.Cell {
	switch {
	case by > 0:
		return report.Int(by, "+"+f.write(by))
	case by < 0:
		return report.Int(by, "−"+f.write(-by))
	}
	return report.Int(0, "0")
}

// pairOutages matches what was lost by disturbance, class, direction and cause.
func pairOutages(a, b *pairOf) report.Table {
	of := func(r *pairOf) (all []figure) {
		names := map[int64]string{}
		for i := range r.measured.Convergence {
			names[r.measured.Convergence[i].Root] = r.measured.Convergence[i].Disturbance
		}
		for i := range r.measured.Outages {
			o := &r.measured.Outages[i]
			if o.Cause == nil {
				continue
			}
			key := []string{cmp.Or(names[o.Root], "start"), o.Class, o.Direction, *o.Cause}
			all = append(all, figure{key, "loss for", "ns", &o.Outage}, figure{key, "lost", "B", &o.LostBytes}, figure{key, "full outage", "ns", &o.Equivalent})
		}
		return all
	}
	t := report.Table{ID: "outages", Caption: "Outages by cause", Head: report.Columns("disturbance", "class", "direction", "cause"), Empty: "Neither run lost any traffic."}
	return matched(t, of(a), of(b))
}

// pairImpacts matches what was lost by disturbance, class and direction, of all causes.
func pairImpacts(a, b *pairOf) report.Table {
	of := func(r *pairOf) (all []figure) {
		for i := range r.measured.Impacts {
			m := &r.measured.Impacts[i]
			key := []string{m.Disturbance, m.Class, m.Direction}
			long, full := &m.Outage, &m.Equivalent
			if m.Lasts {
				all = append(all, figure{key, "not restored, until its end", "ns", long})
				continue
			}
			if m.Outage > 0 {
				all = append(all, figure{key, "loss for", "ns", long}, figure{key, "full outage", "ns", full})
			}
		}
		return all
	}
	t := report.Table{ID: "impacts", Caption: "Losses, of all causes together", Head: report.Columns("disturbance", "class", "direction"), Empty: "Neither run lost any traffic."}
	return matched(t, of(a), of(b))
}

// pairConvergence matches how long everything took after each disturbance.
func pairConvergence(a, b *pairOf) report.Table {
	of := func(r *pairOf) (all []figure) {
		for i := range r.measured.Convergence {
			c := &r.measured.Convergence[i]
			key := []string{c.Disturbance}
			all = append(all, figure{key, "at", "ns", &c.T}, figure{key, "first reaction", "ns", c.Detection}, figure{key, "routes settled", "ns", c.Control},
				figure{key, "forwarding settled", "ns", c.Forwarding}, figure{key, "traffic settled", "ns", c.Traffic},
				figure{key, "outage budget: detect", "ns", c.Detect}, figure{key, "outage budget: propagate", "ns", c.Propagate}, figure{key, "outage budget: decide", "ns", c.Decide},
				figure{key, "outage budget: program", "ns", c.Program}, figure{key, "outage budget: flows", "ns", c.Flows},
				figure{key, "announcements", "", &c.Announcements}, figure{key, "withdrawals", "", &c.Withdrawals}, figure{key, "best changes", "", &c.BestChanges})
		}
		return all
	}
	t := report.Table{ID: "convergence", Caption: "Convergence, since each disturbance", Head: report.Columns("disturbance"), Empty: "Nothing failed."}
	return matched(t, of(a), of(b))
}
