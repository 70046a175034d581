package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dualhome/scenarios"
)

// legend explains what the table shows.
func (c *contrast) legend() (lines []string) {
	first := "difference: to " + c.designs[0].name
	if len(c.designs[0].seeds) > 1 {
		first += " in the runs with the same seed; ±: half of the 95 % interval of a mean"
	} else if len(c.seedsOfRuns()) > 1 {
		first += "; the runs have the seeds " + strings.Join(c.seedsOfRuns(), ", ") + ", so it is one of luck too"
	}
	lines = append(lines, first)
	if rates := c.rates(); len(rates) > 0 {
		lines = append(lines, "1 s of full outage loses "+strings.Join(rates, ", "))
	}
	for what, words := range []string{
		outlasted:   "*: not restored before the repair",
		open:        "open: something is lost at the end of the run, and so without a figure",
		uninspected: "!: for some time flows are delivered past all NVAs, uninspected",
	} {
		if partly, marked := c.marked(note(what)); marked {
			lines = append(lines, words+partly)
		}
	}
	if n := c.unknowns(); n > 0 {
		lines = append(lines, fmt.Sprintf("assumed, no source [U]: %d values; simulate scenario names them", n))
	}
	return lines
}

// seedsOfRuns gives the different seeds of designs of one run each.
func (c *contrast) seedsOfRuns() (all []string) {
	for _, d := range c.designs {
		if text := seedsText(d.seeds); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// marked tells whether a note applies to anything that is shown, and says where it is
// not so in all runs.
func (c *contrast) marked(what note) (partly string, found bool) {
	var some []string
	for _, d := range c.designs {
		for _, e := range c.episodes {
			t := d.trialOf(e.figures()[0])
			if t == nil || t.marks[mark{e.fault, e.class, what}] == nil {
				continue
			}
			found = true
			if n := t.marks[mark{e.fault, e.class, what}].runs; n < t.Runs() {
				some = append(some, fmt.Sprintf("%d of %d with %s, %s, %s", n, t.Runs(), d.name, e.fault, e.class))
			}
		}
	}
	switch {
	case len(c.designs[0].seeds) == 1:
		return "", found
	case len(some) == 0:
		return " (in all runs)", found
	}
	return " (in all runs but: " + strings.Join(some, "; ") + ")", found
}

// rates gives how many bytes a second of full outage loses of each class, where that
// is the same in all designs.
func (c *contrast) rates() (all []string) {
	for _, class := range c.designs[0].scenario.Traffic {
		if rate, same := c.rate(class.Name); same {
			all = append(all, bytes(int64(math.Round(rate)))+" of "+class.Name)
		}
	}
	return all
}

func (c *contrast) rate(class string) (rate float64, same bool) {
	for _, e := range c.episodes {
		if e.class != class {
			continue
		}
		equivalent := e.figures()[1]
		lost := equivalent
		lost.Measure = "lost_bytes"
		for _, d := range c.designs {
			t := d.trialOf(lost)
			if t == nil {
				continue
			}
			ns, volume := t.Level(equivalent).Mean.Value, t.Level(lost).Mean.Value
			if ns == nil || volume == nil || *ns == 0 {
				continue
			}
			one := *volume / *ns * 1e9
			if rate != 0 && math.Abs(one/rate-1) > 1e-3 {
				return 0, false
			}
			rate = max(rate, one)
		}
	}
	return rate, rate > 0
}

// unknowns counts the values without a source that any of the runs depends on.
func (c *contrast) unknowns() int {
	known := map[[2]string]bool{}
	for _, d := range c.designs {
		for _, t := range d.trials {
			for _, a := range t.scenario.Assumptions() {
				if a.Grade == scenarios.Unknown {
					known[[2]string{a.Name, a.Value}] = true
				}
			}
		}
	}
	return len(known)
}

// warnings names what is not compared, and runs that did not do what they should.
func (c *contrast) warnings() (lines []string) {
	if len(c.skipped) > 0 {
		lines = append(lines, "not compared: "+strings.Join(c.skipped, "; "))
	}
	for _, d := range c.designs {
		for _, t := range d.trials {
			lines = append(lines, t.warnings(d, c.flags)...)
		}
	}
	return lines
}

func (t *trial) warnings(d *design, f *compareFlags) (lines []string) {
	add := func(what string, of tally) {
		if of.runs > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s in %d of %s; the first: %s", t.title(d), what, of.runs, runsText(t.Runs()), t.command(d, f, of.seed)))
		}
	}
	add("ends at a bound, and says nothing,", t.cutShort)
	if !expectsUnrest(t.scenario) {
		add("does not converge within the horizon", t.restless)
	}
	for i, of := range t.rules {
		if e := t.scenario.Expect[i]; e.Measure != "converged" {
			add(fmt.Sprintf("expected %s %s FAILS, measured %s,", e.Measure, e.Rule, of.words), of)
		}
	}
	return lines
}

func (t *trial) title(d *design) string {
	if t.drill == "" {
		return d.name
	}
	return d.name + ", " + t.drill
}

// command gives the command that shows one of the runs.
func (t *trial) command(d *design, f *compareFlags, seed uint64) string {
	switch {
	case d.folder != nil && !d.folder.sweep:
		return "simulate replay " + quoted(d.arg)
	case d.folder != nil:
		return fmt.Sprintf("simulate scenario %s --seed %d", quoted(d.arg+"/scenario.yaml"), seed)
	}
	flags := runFlags{drill: t.drill, set: f.set}
	return (&replications{arg: d.arg, flags: flags}).command(seed)
}
