package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// print prints the summary of a run: for each disturbance what failed, the
// outage budget, where traffic went, who lost what; then what was expected and
// what was assumed.
func (s *shell) print(r *result, checks []checked) error {
	d := document{data: r.data(checks)}
	d.stressAll(bold, s.wrapped(r.title()))
	for i := range r.circles {
		for _, line := range restless(&r.circles[i], s.textWidth()) {
			d.stress(bold, line)
		}
	}
	if len(r.measured.Convergence) == 0 {
		d.say("", "Nothing failed.")
	}
	for i := range r.measured.Convergence {
		c := &r.measured.Convergence[i]
		d.say("")
		head := r.disturbance(c)
		d.stress(bold, head[0])
		d.say(head[1:]...)
		if t := r.impacts(c, s.format != "table"); len(t.rows) > 0 {
			d.show(t)
		}
	}
	for _, sentence := range r.measured.Diagnoses {
		d.say("")
		d.stressAll(bold, noted("diagnosis", sentence, s.textWidth()))
	}
	d.say("")
	for _, c := range checks {
		d.stress(c.paint(), c.line())
	}
	d.say(assumed(r.scenario, s.textWidth())...)
	d.say(r.measured.Violations...)
	return s.render(d)
}

func (r *result) title() string {
	state := "converged"
	switch {
	case r.partial:
		state = fmt.Sprintf("PARTIAL: ended at %s", seconds(int64(r.reached)))
	case !r.measured.Converged:
		state = "NOT converged"
	}
	if state == "NOT converged" && r.measured.Unsettled != "" {
		state += " (" + r.measured.Unsettled + ")"
	}
	return fmt.Sprintf("%s, seed %d: %s of virtual time, %d lines, %s", r.scenario.Name, r.seed, seconds(int64(r.scenario.Horizon)), r.log.Len(), state)
}

// disturbance gives what happened after one: when and what, who noticed, and how
// the outage divides.
func (r *result) disturbance(c *metrics.Convergence) []string {
	i := slices.IndexFunc(r.measured.Disturbances, func(d metrics.Disturbance) bool { return d.Name == c.Disturbance })
	lines := []string{seconds(c.T) + "  " + r.measured.Disturbances[i].String(), "  " + r.detected(c), "  " + r.budget(c)}
	if c.Overlaps {
		lines = append(lines, "  overlaps with another disturbance: each change is counted where it follows from, not what would have been alone")
	}
	return lines
}

// detected says who noticed when, and when the tables were settled.
func (r *result) detected(c *metrics.Convergence) string {
	switch {
	case c.Detection == nil && r.loses(c):
		return "never detected"
	case c.Detection == nil:
		return "nobody had to react"
	}
	if !c.Converged {
		return fmt.Sprintf("first reaction after %s, not settled at the end of the run", seconds(*c.Detection))
	}
	if c.Control == nil && c.Forwarding == nil {
		return fmt.Sprintf("first reaction after %s, no route changed", seconds(*c.Detection))
	}
	last := ""
	if c.DetectionLast != nil && *c.DetectionLast != *c.Detection {
		last = fmt.Sprintf(" (the last session down after %s)", seconds(*c.DetectionLast))
	}
	return fmt.Sprintf("first reaction after %s%s, routes settled after %s, forwarding after %s",
		seconds(*c.Detection), last, orNever(c.Control), orNever(c.Forwarding))
}

// loses tells whether anything is lost in the window of a disturbance.
func (r *result) loses(c *metrics.Convergence) bool {
	return slices.ContainsFunc(r.measured.Impacts, func(i metrics.Impact) bool { return i.Root == c.Root && i.Outage > 0 })
}

// lasting tells whether anything is still lost at the end of the window of a
// disturbance, be it as much as before.
func (r *result) lasting(c *metrics.Convergence) bool {
	return slices.ContainsFunc(r.measured.Impacts, func(i metrics.Impact) bool { return i.Root == c.Root && i.Lasts })
}

// budget draws the outage budget as a bar, or says why there is none.
func (r *result) budget(c *metrics.Convergence) string {
	switch {
	case c.Restored != nil && !*c.Restored:
		return "traffic is not restored by the end of its window"
	case c.Detect == nil && r.lasting(c):
		return "no outage budget: something is lost to the end of its window"
	case c.Detect == nil && r.loses(c):
		return "no outage budget: what ended the outage does not follow from this"
	case c.Detect == nil:
		return "no outage"
	}
	parts := []struct {
		name string
		fill string
		ns   int64
	}{
		{"detect", "█", *c.Detect},
		{"propagate", "▓", *c.Propagate},
		{"decide", "▒", *c.Decide},
		{"program", "░", *c.Program},
		{"flows", "·", *c.Flows},
	}
	total := int64(0)
	for _, p := range parts {
		total += p.ns
	}
	const width = 40
	bar, legend, sum := "", []string{}, int64(0)
	for _, p := range parts {
		if p.ns == 0 {
			continue
		}
		from, to := sum, sum+p.ns
		sum = to
		bar += strings.Repeat(p.fill, int(max(rounded(to*width, total)-rounded(from*width, total), 1)))
		legend = append(legend, fmt.Sprintf("%s %s %s", p.fill, p.name, seconds((rounded(to, ms)-rounded(from, ms))*ms)))
	}
	return fmt.Sprintf("%s %s = %s  %s", r.budgetOf(c, total), seconds(rounded(total, ms)*ms), strings.Join(legend, " + "), bar)
}

// ms is a millisecond in nanoseconds.
const ms = int64(time.Millisecond)

// rounded divides and rounds. Where the ends of parts are rounded, and not the
// parts, what is shown of them sums to what is shown of the whole.
func rounded(n, by int64) int64 { return (n + by/2) / by }

// budgetOf names the budget: of an outage that begins with the disturbance, or
// else of what passes until the end of one that begins much later.
func (r *result) budgetOf(c *metrics.Convergence, total int64) string {
	longest := int64(0)
	for _, i := range r.measured.Impacts {
		if i.Root == c.Root {
			longest = max(longest, i.Outage)
		}
	}
	if longest < total/2 {
		return "end of the loss after"
	}
	return "outage budget"
}

// impacts gives a row for each class and direction that lost or moved something
// after a disturbance; with its name where the table stands alone.
func (r *result) impacts(c *metrics.Convergence, named bool) table {
	t := table{name: "impacts", head: []string{"class", "direction", "before", "after", "loss for", "lost", "full outage", "causes (may overlap)"}}
	if named {
		t.head = append([]string{"disturbance"}, t.head...)
	}
	for _, i := range r.measured.Impacts {
		if i.Root != c.Root {
			continue
		}
		row := r.impact(&i)
		if row == nil {
			continue
		}
		if named {
			row = append([]string{c.Disturbance}, row...)
		}
		t.add(row...)
	}
	return t
}

func (r *result) impact(i *metrics.Impact) []string {
	before, after := r.carriers(i)
	if i.Outage == 0 {
		if before == after {
			return nil
		}
		return []string{i.Class, i.Direction, before, after, "-", "-", "-", "-"}
	}
	duration := tenths(i.Outage)
	if i.Lasts {
		duration += ", to the end"
	}
	return []string{i.Class, i.Direction, before, after, duration, bytes(i.LostBytes), fullOutage(i), r.causes(i)}
}

// fullOutage gives how long a full outage would lose as much, and what part of
// the traffic was lost on average while any was.
func fullOutage(i *metrics.Impact) string {
	return fmt.Sprintf("%s (%s)", tenths(i.Equivalent), portion(float64(i.Equivalent)/float64(i.Outage)))
}

// causes names the causes of a loss, each with the time for which it lost.
func (r *result) causes(i *metrics.Impact) string {
	var all []string
	for _, o := range r.measured.Outages {
		if o.Root == i.Root && o.Class == i.Class && o.Direction == i.Direction && o.Cause != nil {
			all = append(all, fmt.Sprintf("%s %s", *o.Cause, tenths(o.Outage)))
		}
	}
	return strings.Join(all, ", ")
}

func (c checked) line() string {
	if c.Holds {
		return fmt.Sprintf("expected %s %s: holds (%s)", c.Measure, c.Rule, c.Measured)
	}
	return fmt.Sprintf("expected %s %s: FAILS (%s)", c.Measure, c.Rule, c.Measured)
}

func (c checked) paint() paint {
	if c.Holds {
		return green
	}
	return red
}

// assumed says which values the runs of a scenario depend on that no document
// gives.
func assumed(s *scenarios.Scenario, width int) []string {
	var unknown, other, own []string
	for _, a := range s.Assumptions() {
		text := a.Name + ": " + a.Value
		switch a.Grade {
		case scenarios.Unknown:
			unknown = append(unknown, text)
		case scenarios.Own:
			own = append(own, text)
		default:
			other = append(other, a.Name+" ["+string(a.Grade)+"]")
		}
	}
	var lines []string
	if len(unknown) > 0 {
		lines = wrap("assumed, no source [U]: "+strings.Join(unknown, "; "), width)
	}
	if len(own) > 0 {
		lines = append(lines, wrap("measured by you [M]: "+strings.Join(own, "; "), width)...)
	}
	if len(other) > 0 {
		lines = append(lines, wrap("assumed, observed [O] or inferred [I]: "+strings.Join(other, ", "), width)...)
	}
	return lines
}

// noted is a sentence about the network, and what it is.
func noted(what, sentence string, width int) []string { return wrap(what+": "+sentence, width) }
