package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
)

// Bounds of what people are shown; data formats have all.
const (
	classesShown     = 8
	classesCompared  = 4
	differencesShown = 6
	notesShown       = 6
)

// printSeeds prints what the runs add up to: how they end, for each disturbance
// how long everything takes, what was expected and what was assumed.
func (s *shell) printSeeds(r *replications) error {
	classes := r.outcomes.Classes()
	d := document{data: r.data(classes)}
	d.stressAll(bold, s.wrapped(r.title()))
	for _, line := range r.until.words(r.runs) {
		d.say(s.wrapped(line)...)
	}
	d.say("")
	if s.format == "csv" {
		d.show(r.outcomeFigures(classes))
		d.show(r.figures())
	} else {
		r.showOutcomes(s, &d, classes)
		r.showFaults(s, &d)
	}
	d.stressAll(bold, r.counted("diagnosis", &r.notes, s.textWidth()))
	d.say(r.counted("the model broke a law", &r.violations, s.textWidth())...)
	d.say("")
	r.showRules(s, &d)
	d.say(assumed(r.scenario, s.textWidth())...)
	return s.render(d)
}

func (r *replications) title() string {
	f := &r.flags
	made := f.seeds
	if r.until != nil && !r.partial {
		made = r.runs
	}
	seeds := fmt.Sprintf("seeds %d to %d", f.seed, f.seed+uint64(made)-1)
	if made == 1 {
		seeds = fmt.Sprintf("seed %d", f.seed)
	}
	state := fmt.Sprintf("%d of %s converged", r.converged, runsText(r.runs))
	if r.partial {
		state = fmt.Sprintf("PARTIAL: interrupted after %d; of these %d converged", r.runs, r.converged)
	}
	return fmt.Sprintf("%s, %s: %s of virtual time each; %s", r.scenario.Name, seeds, seconds(int64(r.scenario.Horizon)), state)
}

// runsText writes a number of runs.
func runsText(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// showOutcomes shows how the runs end: one sentence where all end alike, else the
// classes, how to see one run of each, and where their states differ.
func (r *replications) showOutcomes(s *shell, d *document, classes []metrics.OutcomeClass) {
	switch {
	case r.runs == 0:
		return
	case len(classes) == 1 && classes[0].Ending == metrics.EndsSettled:
		all := fmt.Sprintf("all %d runs end in the same state", r.runs)
		if r.runs == 1 {
			all = "one run settles"
		}
		d.say(s.wrapped(fmt.Sprintf("%s; any other outcome has a probability below %s (95 %% confidence)", all, percent(metrics.Unseen(r.runs))))...)
		return
	case !slices.ContainsFunc(classes, func(c metrics.OutcomeClass) bool { return c.Ending == metrics.EndsSettled }):
		d.say(s.wrapped(fmt.Sprintf("none of %s settles; settling has a probability below %s (95 %% confidence)",
			runsText(r.runs), percent(metrics.Unseen(r.runs))))...)
	}
	shown := classes[:min(len(classes), classesShown)]
	d.show(outcomeTable(shown))
	if more := classes[len(shown):]; len(more) > 0 {
		d.say(fmt.Sprintf("and %s in %d outcomes more", runsText(runsOf(more)), len(more)))
	}
	for i, c := range shown {
		d.say(className(i) + ": " + r.command(c.Seed))
		if c.Why != "" {
			d.say(s.wrapped("   " + c.Why)...)
		}
	}
	if t, more := differenceTable(shown); len(t.rows) > 0 {
		d.say("")
		d.show(t)
		if more > 0 {
			d.say(fmt.Sprintf("and %d entries more differ", more))
		}
	}
}

func runsOf(classes []metrics.OutcomeClass) (n int) {
	for _, c := range classes {
		n += c.Runs
	}
	return n
}

// className gives the letter of one of the classes that are shown.
func className(i int) string { return string(rune('A' + i)) }

func outcomeTable(classes []metrics.OutcomeClass) table {
	t := table{name: "outcomes", head: []string{"outcome", "runs", "share", "95 % interval", "lowest seed", "how it ends"}}
	for i, c := range classes {
		how := "settled in state " + c.Fingerprint[:min(len(c.Fingerprint), 12)]
		switch c.Ending {
		case metrics.EndsUnsettled:
			how = "does not settle within the horizon"
		case metrics.EndsOscillates:
			how = "oscillates"
		case metrics.EndsCutShort:
			how = "cut short at a bound"
		}
		t.add(className(i), fmt.Sprint(c.Runs), percent(c.Share.Estimate), percent(c.Share.Low)+"–"+percent(c.Share.High), fmt.Sprint(c.Seed), how)
	}
	return t
}

// differenceTable shows in which entries the states of classes differ, and how
// many more there are.
func differenceTable(shown []metrics.OutcomeClass) (t table, more int) {
	t = table{name: "differences", head: []string{"differs in"}}
	var settled []metrics.OutcomeClass
	for i, c := range shown {
		if c.Ending == metrics.EndsSettled && len(settled) < classesCompared {
			settled = append(settled, c)
			t.head = append(t.head, className(i))
		}
	}
	all := metrics.Differences(settled)
	all = slices.DeleteFunc(all, follows(all))
	for _, d := range all[:min(len(all), differencesShown)] {
		t.add(append([]string{d.Actor + " " + d.Table + " " + d.Prefix}, d.Routes...)...)
	}
	return t, len(all) - len(t.rows)
}

// follows tells which differences only repeat, in a FIB, one of the Loc-RIB of the
// same router.
func follows(all []metrics.Difference) func(metrics.Difference) bool {
	chosen := map[[2]string]bool{}
	for _, d := range all {
		if d.Table == "loc-rib" {
			chosen[[2]string{d.Actor, d.Prefix}] = true
		}
	}
	return func(d metrics.Difference) bool { return d.Table == "fib" && chosen[[2]string{d.Actor, d.Prefix}] }
}

// counted gives sentences, each with the number of runs in which it is true, the
// most frequent first.
func (r *replications) counted(what string, s *sentences, width int) (lines []string) {
	order := make([]int, len(s.texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.counts[b].runs - s.counts[a].runs })
	for _, i := range order[:min(len(order), notesShown)] {
		lines = append(lines, "")
		lines = append(lines, noted(what+" in "+r.of(s.counts[i]), s.texts[i], width)...)
	}
	if more := len(order) - notesShown; more > 0 {
		text := fmt.Sprintf("and %d sentences more", more)
		if s.more {
			text = fmt.Sprintf("and more than %d sentences more", more)
		}
		lines = append(lines, "", text+" (-o json)")
	}
	return lines
}

// showRules says of each expectation in how many runs it holds.
func (r *replications) showRules(s *shell, d *document) {
	for i, t := range r.rules {
		e := r.scenario.Expect[i]
		switch {
		case r.runs == 0:
		case t.runs == 0:
			d.stressAll(green, s.wrapped(fmt.Sprintf("expected %s %s: holds in all %s", e.Measure, e.Rule, runsText(r.runs))))
		default:
			d.stressAll(red, s.wrapped(fmt.Sprintf("expected %s %s: FAILS in %s; seed %d measured %s", e.Measure, e.Rule, r.of(t), t.seed, t.words)))
		}
	}
}

// command gives the command that makes one of the runs alone.
func (r *replications) command(seed uint64) string {
	words := []string{"simulate", "scenario", quoted(r.arg)}
	if r.flags.drill != "" {
		words = append(words, "--drill", quoted(r.flags.drill))
	}
	for _, set := range r.flags.set {
		words = append(words, "--set", quoted(set))
	}
	if r.flags.ties != 0 {
		words = append(words, "--ties", fmt.Sprint(r.flags.ties))
	}
	return strings.Join(append(words, "--seed", fmt.Sprint(seed)), " ")
}

// quoted writes a word for a shell.
func quoted(word string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./=:,+@%", c)
	}
	if word != "" && !strings.ContainsFunc(word, func(c rune) bool { return !plain(c) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
