package main

import (
	"fmt"
	"math"
	"strings"

	"dualhome/metrics"
)

// slowest gives the disturbance after which the routes take longest to settle.
func (r *story) slowest() (at int) {
	for i := range r.measured.Convergence {
		if slow(&r.measured.Convergence[i]) > slow(&r.measured.Convergence[at]) {
			at = i
		}
	}
	return at
}

// slow gives how long the routes take to settle; -1: none changed.
func slow(c *metrics.Convergence) int64 {
	switch {
	case !c.Converged:
		return math.MaxInt64
	case c.Control == nil:
		return -1
	}
	return *c.Control
}

// settled tells of disturbances of a network without traffic.
func (r *story) settled() string {
	at, n := r.slowest(), len(r.measured.Convergence)
	slowest := &r.measured.Convergence[at]
	text := fmt.Sprintf("At %s %s: %s.", seconds(slowest.T), r.what(at), r.detected(slowest))
	switch {
	case n > 1 && slow(slowest) < 0:
		text += fmt.Sprintf(" No route changed after any of %d disturbances.", n)
	case n > 1:
		text += fmt.Sprintf(" None of the %d disturbances takes longer.", n)
	}
	return text + " There is no traffic in the scenario, and so nothing to lose."
}

// beforehand tells what is lost with nothing broken.
func (r *story) beforehand() string {
	var said []string
	for _, s := range r.measured.Services {
		share, causes := 0.0, []string{}
		for _, c := range s.Before {
			share += c.Lost
			causes = append(causes, c.Cause)
		}
		if share > 0 {
			said = append(said, fmt.Sprintf("%s loses %s (%s)", s.Class, portion(share), strings.Join(causes, ", ")))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Before anything fails, " + listed(said, "and", "%d other classes") + "."
}

// atEnd tells how the classes fare at the end.
func (r *story) atEnd() string {
	if len(r.measured.Final) == 0 {
		return "There is no traffic in the scenario."
	}
	var said []string
	for _, f := range r.measured.Final {
		if f.Delivered < 1 {
			said = append(said, fmt.Sprintf("%s %s: %s delivered (%s)", f.Class, f.Direction, portion(f.Delivered), f.Cause))
		}
	}
	if len(said) == 0 {
		return "At the end all traffic is delivered."
	}
	return "At the end not all traffic is delivered: " + listed(said, "and", "%d others") + "."
}
