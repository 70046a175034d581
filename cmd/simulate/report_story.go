package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
	"dualhome/report"
)

// story tells a run. What it looks up is sorted out once: a run may have thousands of
// disturbances.
type story struct {
	*result
	places  map[int64]int             // of disturbances in measured.Convergence, by root
	whats   map[int64]int             // and in measured.Disturbances
	hardest map[int64]*metrics.Impact // by root: the class that suffered most, both directions together
}

func newStory(r *result) *story {
	s := &story{r, map[int64]int{}, map[int64]int{}, map[int64]*metrics.Impact{}}
	for i, c := range r.measured.Convergence {
		s.places[c.Root] = i
	}
	for i, d := range r.measured.Disturbances {
		s.whats[int64(d.Seq)] = i
	}
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if h := s.hardest[m.Root]; m.Direction == "two-way" && m.Outage > 0 && (h == nil || m.Equivalent > h.Equivalent) {
			s.hardest[m.Root] = m
		}
	}
	return s
}

// name gives the name of the disturbance that rows belong to.
func (r *story) name(root int64) string {
	if i, known := r.places[root]; known {
		return r.measured.Convergence[i].Disturbance
	}
	return "start"
}

// hit gives the class that suffered most after a disturbance; nil: none did.
func (r *story) hit(of int) *metrics.Impact { return r.hardest[r.measured.Convergence[of].Root] }

// lostAfter gives the bytes that a class lost after a disturbance in both directions, or
// all classes.
func (r *story) lostAfter(root int64, class string) (lost int64) {
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if m.Root == root && m.Direction != "two-way" && (class == "" || m.Class == class) {
			lost += m.LostBytes
		}
	}
	return lost
}

// ranked gives the disturbances, those after which most was lost first.
func (r *story) ranked() []int {
	all := make([]int, len(r.measured.Convergence))
	for i := range all {
		all[i] = i
	}
	lost := func(i int) int64 {
		if m := r.hit(i); m != nil {
			return m.Equivalent
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(lost(b), lost(a)) })
	return all
}

// headline tells a run in a few sentences: the disturbance that cost most, why it did,
// what the others cost, and what else has to be known before a figure is believed.
func (r *story) headline(checks []checked) []report.Sentence {
	var all []report.Sentence
	say := func(tone report.Tone, text string) {
		if text != "" {
			all = append(all, report.Sentence{Text: text, Tone: tone})
		}
	}
	worst := r.worst()
	say(report.Bad, r.beforehand())
	switch {
	case worst >= 0:
		say(report.Plain, r.cost(worst))
		say(report.Plain, r.why(r.divided(worst)))
		say(report.Plain, r.alsoLost(worst))
	case len(r.measured.Convergence) == 0:
		say(report.Plain, "Nothing failed. "+r.atEnd())
	case len(r.scenario.Traffic) == 0:
		say(report.Plain, r.settled())
	default:
		say(report.Plain, "No traffic is lost when "+r.harmless(-1))
	}
	if worst >= 0 {
		say(report.Plain, r.others(worst))
	}
	if r.partial {
		say(report.Bad, fmt.Sprintf("PARTIAL: the run ended at %s of %s. What would have come after is not in any figure.", seconds(int64(r.reached)), seconds(int64(r.scenario.Horizon))))
	}
	for i := range r.circles {
		say(report.Bad, "It "+sentence(&r.circles[i])+".")
	}
	if !r.partial && !r.measured.Converged && len(r.circles) == 0 {
		say(report.Bad, strings.TrimSuffix("The network has not converged at the end: "+r.measured.Unsettled, ": ")+".")
	}
	for _, c := range checks {
		if !c.Holds {
			say(report.Bad, c.line())
		}
	}
	if n := len(r.measured.Diagnoses); n > 0 {
		text := "Diagnosis: " + r.measured.Diagnoses[0]
		if n > 1 {
			text += fmt.Sprintf(" (and %d more below)", n-1)
		}
		say(report.Bad, text)
	}
	return all
}

// shares tells whether two disturbances are of one instant: then they share a window, and
// what is lost in it.
func (r *story) shares(i, j int) bool {
	return j >= 0 && r.measured.Convergence[i].T == r.measured.Convergence[j].T
}

// first tells whether a disturbance is the first of its instant.
func (r *story) first(i int) bool { return i == 0 || !r.shares(i, i-1) }

// divided gives that of the disturbances of an instant whose outage is divided.
func (r *story) divided(of int) *metrics.Convergence {
	for i := range r.measured.Convergence {
		if c := &r.measured.Convergence[i]; r.shares(i, of) && c.Detect != nil {
			return c
		}
	}
	return &r.measured.Convergence[of]
}

// worst gives the disturbance after which most was lost, in seconds of full outage of
// one class; -1: nothing was.
func (r *story) worst() int {
	if all := r.ranked(); len(all) > 0 && r.hit(all[0]) != nil {
		return all[0]
	}
	return -1
}

// cost says what a disturbance did to the class that suffered most.
func (r *story) cost(i int) string {
	m, c := r.hit(i), &r.measured.Convergence[i]
	return fmt.Sprintf("At %s %s: %s loses %s of its two-way traffic for %s (%s in both directions).",
		seconds(c.T), r.what(i), m.Class, portion(float64(m.Equivalent)/float64(m.Outage)), r.long(m), bytes(r.lostAfter(m.Root, m.Class)))
}

// followed says who noticed a disturbance when, and what its outage went to.
func (r *story) followed(c *metrics.Convergence) []string {
	said := []string{upperFirst(r.detected(c)) + ".", r.why(c)}
	if c.Overlaps {
		said = append(said, "It overlaps with another disturbance: each change is counted where it follows from, not what would have been alone.")
	}
	return said
}

// why says what the time of an outage went to.
func (r *story) why(c *metrics.Convergence) string {
	if c.Detect == nil || c.Restored != nil && !*c.Restored {
		return upperFirst(r.budget(c)) + "."
	}
	parts := []struct {
		ns   int64
		text string
	}{
		{*c.Detect, "pass until it is detected"},
		{*c.Propagate, "until the news arrives"},
		{*c.Decide, "until speakers decide"},
		{*c.Program, "until the routes are programmed"},
		{*c.Flows, "until the flows are open again"},
	}
	total := int64(0)
	for _, p := range parts {
		total += p.ns
	}
	slices.SortStableFunc(parts, func(a, b struct {
		ns   int64
		text string
	},
	) int {
		return cmp.Compare(b.ns, a.ns)
	})
	var said []string
	for _, p := range parts {
		if p.ns >= ms {
			said = append(said, seconds(p.ns)+" "+p.text)
		}
	}
	return fmt.Sprintf("Of the %s to the end of the loss, %s.", seconds(total), joined(said, "and"))
}

// alsoLost names the other classes that lost something to the same disturbance.
func (r *story) alsoLost(of int) string {
	first := r.hit(of)
	var said []string
	for i := range r.measured.Impacts {
		m := &r.measured.Impacts[i]
		if m.Root == first.Root && m.Direction == "two-way" && m.Outage > 0 && m.Class != first.Class {
			said = append(said, fmt.Sprintf("%s for %s (%s)", m.Class, r.long(m), bytes(r.lostAfter(m.Root, m.Class))))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Also lost: " + listed(said, "and", "%d other classes") + "."
}

// others says what the other disturbances cost.
func (r *story) others(worst int) string {
	var said []string
	for i := range r.measured.Convergence {
		if m := r.hit(i); m != nil && r.first(i) && !r.shares(i, worst) {
			said = append(said, fmt.Sprintf("when %s, %s loses traffic for %s (%s)", r.what(i), m.Class, r.long(m), bytes(r.lostAfter(m.Root, m.Class))))
		}
	}
	text := ""
	if len(said) > 0 {
		text = upperFirst(listed(said, "and", "after %d other disturbances something is lost too")) + "."
	}
	if quiet := r.harmless(worst); quiet != "" {
		text = strings.TrimSpace(text + " Nothing is lost when " + quiet)
	}
	return text
}

// harmless names the disturbances that cost nothing.
func (r *story) harmless(but int) string {
	var said []string
	for i := range r.measured.Convergence {
		if r.hit(i) == nil && r.first(i) && !r.shares(i, but) {
			said = append(said, r.what(i))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return listed(said, "or", "after %d other disturbances") + "."
}
