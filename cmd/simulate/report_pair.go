package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
	"dualhome/scenarios"
)

// pairOf is one of two runs that are put side by side.
type pairOf struct {
	name string // A or B
	held runJSON
	text string // of the scenario
	*result
}

// pairPage gives what the page of two runs shows.
func pairPage(a, b *pairOf) *report.PairData {
	d := &report.PairData{
		Title: fmt.Sprintf("%s beside %s", a.scenario.Name, b.scenario.Name), Headline: pairStory(a, b), A: a.pairRun(), B: b.pairRun(),
		Tables: []report.Table{pairOutages(a, b), pairImpacts(a, b), pairConvergence(a, b)},
	}
	d.Differ, d.Same = pairDiffers(a, b)
	d.Assumed, d.Alike = pairAssumed(a, b)
	for _, r := range []*pairOf{a, b} {
		again := fmt.Sprintf("simulate scenario.yaml --seed %d", r.seed)
		if r.ties != 0 {
			again += fmt.Sprintf(" --ties %d", r.ties)
		}
		d.Commands = append(d.Commands, again+"   # "+r.name+": "+r.scenario.Name)
		d.Texts = append(d.Texts, [2]string{"scenario.yaml of " + r.name + ", as it ran", r.text})
	}
	return d
}

func (r *pairOf) pairRun() report.PairRun {
	return report.PairRun{Name: r.words(), Scenario: r.scenario, Measured: r.measured, End: int64(r.end())}
}

// words names a run.
func (r *pairOf) words() string {
	return fmt.Sprintf("%s: %s, seed %d", r.name, r.scenario.Name, r.seed)
}

// worstImpact gives the longest loss of service; nil: there is no traffic or no loss.
func (r *pairOf) worstImpact() *metrics.Impact {
	var worst *metrics.Impact
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if m.Direction == "two-way" && (worst == nil || m.Outage > worst.Outage) {
			worst = m
		}
	}
	return worst
}

// pairStory says how the longest losses of service of the runs compare.
func pairStory(a, b *pairOf) []report.Sentence {
	x, y := a.worstImpact(), b.worstImpact()
	var all []report.Sentence
	switch {
	case x == nil || y == nil:
		all = append(all, report.Sentence{Text: "One of the runs has no traffic that could be lost: how they converge is below."})
	case x.Outage == y.Outage && x.Equivalent != y.Equivalent:
		all = append(all, report.Sentence{Text: fmt.Sprintf("The longest loss of service is %s in both; it takes as much as %s of full outage in A, %s, and %s in B, %s.",
			tenths(x.Outage), tenths(x.Equivalent), a.scenario.Name, tenths(y.Equivalent), b.scenario.Name)})
	case x.Outage == y.Outage:
		all = append(all, report.Sentence{Text: fmt.Sprintf("The longest loss of service is the same in both: %s.", tenths(x.Outage))})
	default:
		less, by := a, y.Outage-x.Outage
		if by < 0 {
			less, by = b, -by
		}
		all = append(all, report.Sentence{Text: fmt.Sprintf("The longest loss of service is %s in A, %s, and %s in B, %s: %s less in %s.",
			tenths(x.Outage), a.scenario.Name, tenths(y.Outage), b.scenario.Name, tenths(by), less.name)})
	}
	for _, r := range []*pairOf{a, b} {
		if m := r.worstImpact(); m != nil && m.Outage > 0 {
			text := fmt.Sprintf("%s: class %s after %s, of its traffic as much as in %s of full outage", r.name, m.Class, m.Disturbance, tenths(m.Equivalent))
			if m.Lasts {
				text += "; it is not restored"
			}
			all = append(all, report.Sentence{Text: text + "."})
		}
		if r.partial {
			all = append(all, report.Sentence{Text: r.name + " is PARTIAL: it was interrupted; what would have come after is in no figure.", Tone: report.Bad})
		}
		if !r.measured.Converged && !r.partial {
			all = append(all, report.Sentence{Text: r.name + " has not converged at its end.", Tone: report.Bad})
		}
	}
	return append(all, report.Sentence{Text: "This is one run of each: other seeds give other figures. simulate compare puts many runs side by side."})
}

// pairDiffers says in what the two runs differ, and in what they do not.
func pairDiffers(a, b *pairOf) (t report.Table, same string) {
	t = report.Table{ID: "differ", Caption: "What differs", Head: report.Columns("", "A", "B"), Empty: "The two are the same run."}
	var equal []string
	row := func(what, x, y string) {
		if x == y {
			equal = append(equal, what+" "+x)
			return
		}
		t.Rows = append(t.Rows, []report.Cell{report.Text(what), report.Text(x), report.Text(y)})
	}
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	row("scenario", a.scenario.Name, b.scenario.Name)
	row("SHA-256 of the scenario", short(a.held.ScenarioSHA256), short(b.held.ScenarioSHA256))
	row("seed", number(a.seed), number(b.seed))
	row("seed of ties", number(a.ties), number(b.ties))
	row("simulate", a.held.Versions["simulate"], b.held.Versions["simulate"])
	row("status", a.held.Status, b.held.Status)
	row("virtual time", seconds(int64(a.end())), seconds(int64(b.end())))
	row("lines", number(a.held.Lines), number(b.held.Lines))
	row("messages", number(a.held.Messages), number(b.held.Messages))
	row("digest of the log", short(a.held.Digest), short(b.held.Digest))
	if len(equal) > 0 {
		same = "The same in both: " + strings.Join(equal, ", ") + "."
	}
	return t, same
}

// short gives the beginning of a digest.
func short(digest string) string { return digest[:min(12, len(digest))] }

// pairAssumed gives the assumptions that differ, and how many do not.
func pairAssumed(a, b *pairOf) (t report.Table, same int) {
	t = report.Table{ID: "assumed", Caption: "Assumptions that differ", Head: report.Columns("assumption", "A", "grade", "B", "grade"), Empty: "All assumptions are the same."}
	type both struct{ x, y *scenarios.Assumption }
	found := map[string]*both{}
	var names []string
	for k, r := range []*pairOf{a, b} {
		for i, all := 0, r.scenario.Assumptions(); i < len(all); i++ {
			one := found[all[i].Name]
			if one == nil {
				one = &both{}
				found[all[i].Name], names = one, append(names, all[i].Name)
			}
			if k == 0 {
				one.x = &all[i]
			} else {
				one.y = &all[i]
			}
		}
	}
	for _, name := range names {
		one := found[name]
		if one.x != nil && one.y != nil && *one.x == *one.y {
			same++
			continue
		}
		row := []report.Cell{report.Text(name)}
		for _, v := range []*scenarios.Assumption{one.x, one.y} {
			if v == nil {
				row = append(row, report.Text("not in it"), report.Text("-"))
			} else {
				row = append(row, report.Text(v.Value), report.Text(string(v.Grade)))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, same
}

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
