package main

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// what says in words what a disturbance is, and those of the same instant.
func (r *story) what(of int) string {
	var said []string
	for i := range r.measured.Convergence {
		if !r.shares(i, of) {
			continue
		}
		d := r.measured.Disturbances[r.whats[r.measured.Convergence[i].Root]]
		words, repaired := happening(scenarios.FaultKind(d.What))
		if d.Repair {
			words = repaired
		}
		said = append(said, fmt.Sprintf(words, d.Target))
	}
	return listed(said, "and", "%d other disturbances come about")
}

// long says for how long a class lost something.
func (r *result) long(m *metrics.Impact) string { return tenths(m.Outage) + r.until(m) }

// until says how far a loss goes that is not over; empty: it is.
func (r *result) until(m *metrics.Impact) string {
	if !m.Lasts {
		return ""
	}
	if _, to := r.window(m.Root); to <= int64(r.end()) {
		return ", to the next disturbance"
	}
	return ", to the end of the run"
}

// happening gives the words for a fault of a kind, and for its repair; %s is what it hits.
func happening(kind scenarios.FaultKind) (fault, repair string) {
	switch kind {
	case scenarios.NodeDeath:
		return "%s dies silently", "%s comes back"
	case scenarios.ProcessKill:
		return "the BGP process of %s is killed", "the BGP process of %s comes back"
	case scenarios.Hang:
		return "the BGP process of %s hangs", "the BGP process of %s runs again"
	case scenarios.GracefulStop:
		return "%s is stopped in order", "%s is started again"
	case scenarios.SessionShutdown:
		return "a session of %s is shut down", "the session of %s is allowed again"
	case scenarios.LinkDown:
		return "the link %s fails", "the link %s works again"
	case scenarios.ForwardingDead:
		return "%s stops forwarding, while its BGP lives", "%s forwards again"
	case scenarios.UpstreamLoss:
		return "%s loses its tunnels and its way to the Internet", "the tunnels of %s work again"
	case scenarios.InstanceLoss:
		return "the Route Server instance %s goes away", "the Route Server instance %s comes back"
	case scenarios.HubLoss:
		return "all of %s is lost", "all of %s works again"
	case scenarios.CircuitLoss:
		return "%s is lost", "%s works again"
	case scenarios.Announce:
		return "%s announces a prefix", "%s withdraws what it announced"
	case scenarios.Withdraw:
		return "%s withdraws a prefix", "%s announces again what it withdrew"
	case scenarios.PolicyChange:
		return "%s changes its policy", "%s goes back to its policy"
	case scenarios.PeeringCreated:
		return "a VNet is peered with %s", "the new peering of %s is removed"
	default:
		return strings.ReplaceAll(string(kind), "%", "%%") + " of %s", strings.ReplaceAll(string(kind), "%", "%%") + " of %s is repaired"
	}
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// listed joins the first of some phrases, and counts the others, which are two or more.
func listed(said []string, word, others string) string {
	const most = 4
	if more := len(said) - most; more > 1 {
		said = append(slices.Clip(said[:most]), fmt.Sprintf(others, more))
	}
	return joined(said, word)
}

// joined gives phrases as a sentence has them: a, b, and c.
func joined(said []string, word string) string {
	last := len(said) - 1
	switch {
	case last < 1:
		return strings.Join(said, "")
	case last == 1:
		return said[0] + " " + word + " " + said[1]
	}
	return strings.Join(said[:last], ", ") + ", " + word + " " + said[last]
}
