package main

import (
	"fmt"
	"strings"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/sim"
)

// oscillations gives the circles that a run went in at its end, as its kernel and
// its tables show them. A network whose state comes again and again has not
// converged, however long its changes are apart.
func oscillations(k *sim.Kernel, m *metrics.Result, end events.Time, partial bool) []metrics.Oscillation {
	var circle *metrics.Circle
	if c, found := k.Recurrence(); found {
		circle = &metrics.Circle{From: int64(c.From), Until: int64(c.Until), Strict: c.Strict, Next: int64(c.Next)}
		m.Converged = m.Converged && !c.Strict
	}
	if m.Converged && !partial {
		return []metrics.Oscillation{}
	}
	return append([]metrics.Oscillation{}, metrics.Oscillations(&m.Tables, int64(end), circle)...)
}

// end gives how far a run came.
func (r *result) end() events.Time {
	if r.partial {
		return r.reached
	}
	return events.Time(r.scenario.Horizon)
}

// mostShown is how many changes of a period the summary lists.
const mostShown = 12

// restless says what a network that never settles does, and a small circle in all
// its steps.
func restless(o *metrics.Oscillation, width int) []string {
	lines := wrap(sentence(o), width)
	if len(o.Cycle) > mostShown {
		return append(lines, "  (run.json has the changes of a period)")
	}
	for _, c := range o.Cycle {
		lines = append(lines, fmt.Sprintf("  +%s  %s: %s", every(c.Offset), c.Actor, swing(c)))
	}
	return lines
}

func swing(c metrics.Swing) string {
	switch {
	case c.Prefix == "":
		return "session with " + c.From + " established"
	case c.From == "":
		return c.Prefix + " has no route"
	case c.Path == "":
		return c.Prefix + " is its own"
	}
	return fmt.Sprintf("%s by %s, path %s", c.Prefix, c.From, c.Path)
}

// sentence says what shows an oscillation, who takes part and when.
func sentence(o *metrics.Oscillation) string {
	what := participants(o)
	switch o.Proof {
	case metrics.ByReturn:
		return fmt.Sprintf("went in a circle: %s; %s later all was as before, but draws vary, so that this is no period", what, every(o.Period))
	case metrics.ByChanges:
		return fmt.Sprintf("has not settled: at the end of the run %s every %s, since %s (so the changes show; the state as a whole did not come again)",
			what, every(o.Period), seconds(o.Since))
	}
	text := fmt.Sprintf("never settles: %s every %s, since %s (%d changes a period)", what, every(o.Period), seconds(o.Since), o.Changes)
	if o.Next != nil {
		text = fmt.Sprintf("does not settle before the next disturbance, at %s: %s", seconds(*o.Next), strings.TrimPrefix(text, "never settles: "))
	}
	if o.State != nil && *o.State != o.Period {
		text += "; the state with all timers comes again every " + every(*o.State)
	}
	return text
}

// participants says who changes what.
func participants(o *metrics.Oscillation) string {
	var parts []string
	if len(o.Prefixes) > 0 {
		do := "change their"
		if len(o.Actors) == 1 {
			do = "changes its"
		}
		parts = append(parts, fmt.Sprintf("%s %s route to %s", several(o.Actors, "actors"), do, several(o.Prefixes, "prefixes")))
	}
	if len(o.Sessions) > 0 {
		do := "the session %s ends and begins anew"
		if len(o.Sessions) > 1 {
			do = "the sessions %s end and begin anew"
		}
		parts = append(parts, fmt.Sprintf(do, several(o.Sessions, "sessions")))
	}
	return strings.Join(parts, " and ")
}

// several lists the first names.
func several(names []string, what string) string {
	const most = 6
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more %s", strings.Join(names[:most], ", "), more, what)
	}
	return strings.Join(names, ", ")
}

// every writes a period with all its digits.
func every(ns int64) string {
	text := fmt.Sprintf("%d.%09d", ns/1e9, ns%1e9)
	short := strings.TrimRight(text, "0")
	return text[:max(len(short), len(text)-6)] + " s"
}
