package metrics

import (
	"slices"

	"dualhome/events"
)

// keeper is who keeps state of flows: a stateful NVA, or several that share what
// they know, or an NVA in its role as one that translates addresses, which it never
// shares. An NVA may be both.
type keeper struct {
	nvas       []int32
	translates bool
	knows      flowSet // open flows whose state it has
	has        flowSet // open flows that the far end sees come from its address, or that it passed on so
	meets      flowSet // flows whose packets reach it now; if it translates, and the far end
	strict     flowSet // those of them that it drops, if it does not know them
}

func newKeeper(n *network, c *class, at int32, translates bool) keeper {
	k := keeper{nvas: []int32{at}, translates: translates}
	if !translates {
		k.nvas = nil
		for i := range n.nodes {
			if n.nodes[i].Stateful && n.memory(int32(i)) == at {
				k.nvas = append(k.nvas, int32(i))
			}
		}
	}
	for _, s := range []*flowSet{&k.knows, &k.has, &k.meets, &k.strict} {
		*s = n.ground.noFlows(c.Flows)
	}
	return k
}

// isKeeper tells whether a node keeps state of flows.
func (l *life) isKeeper(at int32) bool {
	return slices.ContainsFunc(l.keepers, func(k keeper) bool { return slices.Contains(k.nvas, at) })
}

// forget takes what they know from keepers of which nobody lived through the
// instant.
func (l *life) forget(n *network, now events.Time) bool {
	forgot := false
	for i := range l.keepers {
		k := &l.keepers[i]
		if !k.knows.empty() && !slices.ContainsFunc(k.nvas, func(at int32) bool { return n.nodes[at].livesThrough(now) }) {
			clear(k.knows)
			forgot = true
		}
	}
	return forgot
}

// livesThrough tells whether a node remembers after an instant what it knew
// before.
func (n *node) livesThrough(now events.Time) bool {
	return !n.dead() && (len(n.deaths) == 0 || n.deaths[len(n.deaths)-1] != now)
}

// meet finds out which keepers the packets of the class reach.
func (l *life) meet(n *network, c *class) {
	l.arrived.serve(c.went)
	for i := range l.keepers {
		k := &l.keepers[i]
		clear(k.meets)
		clear(k.strict)
		for _, leg := range c.went {
			k.meet(n, c, leg)
		}
	}
}

func (k *keeper) meet(n *network, c *class, l leg) {
	if k.translates {
		if l.cause == delivered && slices.Contains(n.translators(c, l), k.nvas[0]) {
			k.meets.join(l.flows)
		}
		return
	}
	for _, at := range l.path {
		if slices.Contains(k.nvas, at) && !n.nodes[at].idle {
			k.meets.join(l.flows)
			if !n.nodes[at].Loose {
				k.strict.join(l.flows)
			}
		}
	}
}

// strange gives the open flows that break: those that the far end sees come from
// another address, and those that an NVA does not know though it should. The first
// packet from inside makes the state of a UDP flow anew.
func (l *life) strange(p events.Protocol) (address, state flowSet) {
	address, state = l.scratch[0], l.scratch[1]
	clear(address)
	clear(state)
	for i := range l.keepers {
		k := &l.keepers[i]
		switch {
		case k.translates:
			address.joinRest(k.meets, k.knows)
			elsewhere := l.scratch[2]
			copy(elsewhere, k.has)
			elsewhere.remove(k.meets)
			address.joinBoth(elsewhere, l.arrived)
		case p == events.TCPFlows:
			state.joinRest(k.strict, k.knows)
		}
	}
	address.keep(l.open)
	state.keep(l.open)
	return address, state
}

// learn gives a keeper the state of the flows that pass it. An address is that of
// a flow from its beginning.
func (k *keeper) learn(fresh, open flowSet) {
	if k.translates {
		k.has.joinBoth(k.meets, fresh)
		k.knows.joinBoth(k.meets, fresh)
		return
	}
	k.knows.joinBoth(k.meets, open)
}
