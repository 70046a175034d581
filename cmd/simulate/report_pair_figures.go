package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
)

// figure is a number of a run that is put beside that of the other.
type figure struct {
	key  []string
	what string
	unit string // ns, B, or empty
	v    *int64 // nil: it did not happen
	more bool   // it is more than this: it is not over
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

// name tells a figure from the others of its run.
func (f *figure) name() string { return strings.Join(append(slices.Clip(f.key), f.what), "\x00") }

// words writes the figure.
func (f *figure) words() string {
	if f.more {
		return f.write(*f.v) + " or more"
	}
	return f.write(*f.v)
}

// matched puts the figures of two runs side by side: those of A in their order, then
// those that only B has.
func matched(t report.Table, a, b []figure) report.Table {
	t.Head = append(t.Head, report.Columns("figure", "A#", "B#", "B − A#")...)
	others := map[string]*figure{}
	for i := range b {
		others[b[i].name()] = &b[i]
	}
	for i := range a {
		t.Rows = append(t.Rows, a[i].beside(&a[i], others[a[i].name()]))
		delete(others, a[i].name())
	}
	for i := range b {
		if others[b[i].name()] != nil {
			t.Rows = append(t.Rows, b[i].beside(nil, &b[i]))
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
			row = append(row, report.Int(*x.v, x.words()))
		}
	}
	if a == nil || b == nil || a.v == nil || b.v == nil || a.more || b.more {
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
			all = append(all, figure{key: key, what: "loss for", unit: "ns", v: &o.Outage}, figure{key: key, what: "lost", unit: "B", v: &o.LostBytes}, figure{key: key, what: "full outage", unit: "ns", v: &o.Equivalent})
		}
		return all
	}
	t := report.Table{ID: "outages", Caption: "Outages by cause", Head: report.Columns("disturbance", "class", "direction", "cause"), Empty: "Neither run lost any traffic."}
	return matched(t, of(a), of(b))
}

// pairImpacts matches what was lost by disturbance, class and direction, of all causes,
// where either run lost something.
func pairImpacts(a, b *pairOf) report.Table {
	lost := map[[3]string]bool{}
	key := func(m *metrics.Impact) [3]string { return [3]string{m.Disturbance, m.Class, m.Direction} }
	for _, r := range []*pairOf{a, b} {
		for i := range r.measured.Impacts {
			if m := &r.measured.Impacts[i]; m.Outage > 0 {
				lost[key(m)] = true
			}
		}
	}
	of := func(r *pairOf) (all []figure) {
		for i := range r.measured.Impacts {
			if m := &r.measured.Impacts[i]; lost[key(m)] {
				k := key(m)
				all = append(all, figure{k[:], "loss for", "ns", &m.Outage, m.Lasts}, figure{k[:], "full outage", "ns", &m.Equivalent, m.Lasts})
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
			all = append(all, figure{key: key, what: "at", unit: "ns", v: &c.T}, figure{key: key, what: "first reaction", unit: "ns", v: c.Detection}, figure{key: key, what: "routes settled", unit: "ns", v: c.Control},
				figure{key: key, what: "forwarding settled", unit: "ns", v: c.Forwarding}, figure{key: key, what: "traffic settled", unit: "ns", v: c.Traffic},
				figure{key: key, what: "outage budget: detect", unit: "ns", v: c.Detect}, figure{key: key, what: "outage budget: propagate", unit: "ns", v: c.Propagate}, figure{key: key, what: "outage budget: decide", unit: "ns", v: c.Decide},
				figure{key: key, what: "outage budget: program", unit: "ns", v: c.Program}, figure{key: key, what: "outage budget: flows", unit: "ns", v: c.Flows},
				figure{key: key, what: "announcements", unit: "", v: &c.Announcements}, figure{key: key, what: "withdrawals", unit: "", v: &c.Withdrawals}, figure{key: key, what: "best changes", unit: "", v: &c.BestChanges})
		}
		return all
	}
	t := report.Table{ID: "convergence", Caption: "Convergence, since each disturbance", Head: report.Columns("disturbance"), Empty: "Nothing failed."}
	return matched(t, of(a), of(b))
}
