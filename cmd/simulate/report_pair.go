package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
	"dualhome/scenarios"
)

// reportPair writes the page of two runs.
func (s *shell) reportPair(ctx context.Context, a, b string, f *reportFlags) error {
	var runs []*pairOf
	for i, dir := range []string{a, b} {
		if isSweep(dir) {
			return usage("%s: it holds many runs; a page is of two single ones: simulate compare A B compares many", dir)
		}
		if f.to == "" {
			return usage("a page of two runs belongs into neither folder: name the file to write with --to, like both.html")
		}
		held, r, err := s.wholeRun(ctx, dir, f.partial)
		if err != nil {
			return err
		}
		says, err := readRun(dir)
		if err != nil {
			return err
		}
		r.measured.Converged = r.measured.Converged && (says.Converged || r.partial) // only the run itself saw its state come again
		runs = append(runs, &pairOf{string(rune('A' + i)), says, held.text, r})
	}
	return s.writePage(a, f.to, func(w io.Writer) error { return report.Pair(w, *pairPage(runs[0], runs[1])) })
}

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

// worstImpact gives the longest loss of service, which may be none; nil: there is no
// traffic, or no disturbance.
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
	all := []report.Sentence{{Text: pairLongest(a, b)}}
	for _, r := range []*pairOf{a, b} {
		if m := r.worstImpact(); m != nil && m.Outage > 0 {
			text := fmt.Sprintf("%s: class %s after %s, as much as in %s of full outage", r.name, m.Class, m.Disturbance, tenths(m.Equivalent))
			if m.Lasts {
				text += "; it is not over then"
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

// pairLongest compares the longest losses of service. Of one that is not over it is known
// that it is longer.
func pairLongest(a, b *pairOf) string {
	x, y := a.worstImpact(), b.worstImpact()
	switch {
	case x == nil || y == nil:
		return pairNothing(a, b)
	case x.Outage == 0 && y.Outage == 0:
		return "Neither run loses any traffic after a disturbance."
	case x.Lasts || y.Lasts:
		return fmt.Sprintf("The longest loss of service is %s in A, %s, and %s in B, %s.", a.long(x), a.scenario.Name, b.long(y), b.scenario.Name)
	case x.Outage == y.Outage && x.Equivalent != y.Equivalent:
		return fmt.Sprintf("The longest loss of service is %s in both; it costs as much as %s of full outage in A, %s, and %s in B, %s.",
			tenths(x.Outage), tenths(x.Equivalent), a.scenario.Name, tenths(y.Equivalent), b.scenario.Name)
	case x.Outage == y.Outage:
		return fmt.Sprintf("The longest loss of service is the same in both: %s.", tenths(x.Outage))
	}
	less, by := a, y.Outage-x.Outage
	if by < 0 {
		less, by = b, -by
	}
	return fmt.Sprintf("The longest loss of service is %s in A, %s, and %s in B, %s: %s less in %s.",
		tenths(x.Outage), a.scenario.Name, tenths(y.Outage), b.scenario.Name, tenths(by), less.name)
}

// pairNothing says why no losses can be compared.
func pairNothing(a, b *pairOf) string {
	var said []string
	for _, r := range []*pairOf{a, b} {
		switch {
		case len(r.scenario.Traffic) == 0:
			said = append(said, r.name+" has no traffic that could be lost")
		case len(r.measured.Convergence) == 0:
			said = append(said, "nothing fails in "+r.name)
		}
	}
	return upperFirst(joined(said, "and")) + ", so that no losses are compared: how the two converge is below."
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
	t.Rows = append(t.Rows, pairKeys(a, b)...)
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

// mostKeys is how many keys of scenarios are told to differ; of two designs there may be
// hundreds.
const mostKeys = 20

// pairKeys gives a row for each key of the scenarios in which they differ, by its path.
func pairKeys(a, b *pairOf) (rows [][]report.Cell) {
	all := slices.DeleteFunc(scenarios.Differences([]byte(a.text), []byte(b.text)), func(d scenarios.Difference) bool {
		return d.Path == "name" || d.Path == "description"
	})
	for _, d := range all[:min(mostKeys, len(all))] {
		rows = append(rows, []report.Cell{report.Text(d.Path), keyCell(d.A), keyCell(d.B)})
	}
	if more := len(all) - mostKeys; more > 0 {
		rows = append(rows, []report.Cell{report.Text(fmt.Sprintf("and %d more keys", more)), report.Text("as below"), report.Text("as below")})
	}
	return rows
}

// keyCell shows the value of a key, the beginning of one that is long.
func keyCell(value string) report.Cell {
	const longest = 60
	if value == "" {
		return report.Text("not in it")
	}
	if runes := []rune(value); len(runes) > longest {
		value = string(runes[:longest]) + "…"
	}
	return report.Text(value)
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
