package main

import (
	"fmt"
	"math"
	"strings"

	"dualhome/availability"
)

// remarks says what the tables do not: which pairs matter, what repairs cost, what is
// neglected, and what was odd.
func (d *failing) remarks(named bool) []string {
	all := []string{""}
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if named {
		say("%s:", d.scenario.Name)
	}
	if pairs := d.costlyPairs(); pairs != "" {
		say("two at once that cost most: %s", pairs)
	}
	if repairs := d.costlyRepairs(); repairs != "" {
		say("after its repair still lost, each time: %s", repairs)
	}
	say("something is broken, or settles after its repair, for %s of the time; three or more at once, which are not counted, change the year by at most about %s",
		percent(d.year.Broken), secondsAYear(d.year.Neglected))
	for _, t := range d.year.Totals {
		if t.What == availability.Equivalent && d.year.Neglected > t.Year.Half && d.year.Neglected > 0.01*t.Year.Value {
			say("THREE AT ONCE MATTER: that is more than the interval of %s; failures are too frequent, or repairs too slow, for this method", t.Class)
		}
	}
	if t := d.unrestored; t.runs > 0 {
		say("a lower bound: at the end of %d of %d samples %s was not served as before its first failure; the first has seed %d", t.runs, d.samples, t.words, t.seed)
	}
	if t := d.restless; t.runs > 0 {
		say("%d of %d samples had not settled at their end; the first, with seed %d: %s", t.runs, d.samples, t.seed, t.words)
	}
	return all
}

// costlyPairs names the pairs that add most, over all classes.
func (d *failing) costlyPairs() string {
	const shown = 3
	var all []string
	for i := range d.year.Pairs {
		p := &d.year.Pairs[i]
		sum := 0.0
		for _, c := range d.scenario.Traffic {
			sum += p.Year[availability.Key{Class: c.Name, What: availability.Equivalent}]
		}
		if len(all) == shown || math.Abs(sum) < 0.05 {
			break
		}
		all = append(all, fmt.Sprintf("%s, then %s (%s)", d.scenario.Failures[p.First].Name, d.scenario.Failures[p.Second].Name, secondsAYear(sum)))
	}
	return strings.Join(all, "; ")
}

// costlyRepairs names the failures whose repair costs an outage of its own.
func (d *failing) costlyRepairs() string {
	var all []string
	for i := range d.year.Singles {
		p := &d.year.Singles[i]
		for _, c := range d.scenario.Traffic {
			if lost := p.Event[availability.Key{Class: c.Name, What: availability.AtRepair}].Value; lost >= 0.1 {
				all = append(all, fmt.Sprintf("%s %s of %s", d.scenario.Failures[p.First].Name, secondsAYear(lost), c.Name))
			}
		}
	}
	return strings.Join(all, ", ")
}

// assumedFailures says which failures have no source.
func (d *failing) assumedFailures() string {
	var names []string
	for _, f := range d.scenario.Failures {
		if f.Source == "" {
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	who := strings.Join(names, ", ")
	if len(names) == len(d.scenario.Failures) {
		who = "all"
	}
	return "assumed, no source; put in your own [U]: mtbf and repair_time of " + who + "; that failures are independent"
}
