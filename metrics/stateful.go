package metrics

import (
	"fmt"
	"slices"
)

// seen drops what stateful NVAs forward on the way there although they never see
// what comes back: of a connection that the VMs began the answer to the first
// packet, of one that the far end began the first packet itself (Azure:
// route-injection-in-spokes). What does not come back at all is left as it is.
func (c *class) seen(n *network, there, back []leg) []leg {
	var legs []leg
	for _, l := range there {
		if l.cause != delivered {
			legs = append(legs, l)
			continue
		}
		for i, at := range l.path {
			if !n.nodes[at].Stateful {
				continue
			}
			lost := c.ground.shared(l.flows, c.past(n, at, back))
			if lost.empty() {
				continue
			}
			q := l
			q.flows, q.path, q.cause = lost, l.path[:i+1], asymmetry
			legs, l.flows = append(legs, q), l.flows.minus(lost)
		}
		if !l.flows.empty() {
			legs = append(legs, l)
		}
	}
	return legs
}

// past gives the flows that come back without passing an NVA, or one that shares
// its state.
func (c *class) past(n *network, nva int32, back []leg) flowSet {
	flows, memory := newFlowSet(c.Flows), n.memory(nva)
	seen := func(at int32) bool { return n.nodes[at].Stateful && n.memory(at) == memory }
	for _, l := range back {
		if l.cause == delivered && !slices.ContainsFunc(l.path, seen) {
			flows.join(l.flows)
		}
	}
	return flows
}

// oneSided says that stateful NVAs see flows in one direction only, and what
// would bring the other one to them.
func (c *class) oneSided(n *network, there, back []leg) []string {
	lost, nvas := newFlowSet(c.Flows), []string{}
	for _, l := range there {
		if l.cause == asymmetry && !l.broke {
			lost.join(l.flows)
			nvas = add(nvas, n.name(l.path[len(l.path)-1]))
		}
	}
	if lost.empty() {
		return nil
	}
	fix := "snat: all there would bring them back the same way"
	for _, l := range back {
		if l.cause == delivered && l.flows.countBoth(lost) > 0 && !n.inspects(l.path) {
			fix = n.inspection(l.path[n.sender(l.path)]) + " through the NVA"
		}
	}
	return []string{fmt.Sprintf("asymmetry of %s: %d %% of the flows go through %s, which %s stateful, and come back past %s; %s",
		c.Name, max(1, 100*lost.count()/c.Flows), join(nvas), isOrAre(nvas), itOrThem(nvas), fix)}
}

func isOrAre(names []string) string {
	if len(names) == 1 {
		return "is"
	}
	return "are"
}

func itOrThem(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}
