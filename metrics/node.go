package metrics

import (
	"net/netip"

	"dualhome/events"
)

// node is a node with its tables. An NVA has two: the FIB of its guest, and the
// effective routes of its NIC. The FIB of a gateway is what its NIC learned.
type node struct {
	events.Node
	is         events.Condition // 0 is alive too
	deaths     []events.Time    // when it died
	idle       bool             // forwards nothing, whatever its condition
	fib        lpm[fibEntry]
	nic        lpm[nicEntry] // learned routes that are not hidden
	nicScheme  events.HashScheme
	user       lpm[events.UserRoute] // user-defined routes
	local      lpm[events.HopType]   // system routes that beat learned ones at any length
	system     lpm[events.HopType]   // the other system routes
	best       lpm[*events.BestChanged]
	relayed    map[netip.Prefix]nextHops     // of best, where it relays
	sessions   map[events.ActorID]sessionEnd // those that are Established
	watched    map[events.ActorID]bool       // those that fell silent or answer again, which it soon finds out
	gone       map[netip.Prefix]bool         // what the running process had a best route for, and has none
	taught     map[lesson]bool               // next hops that peers told the running process of, of best routes now and before
	programmer events.ActorID                // the instance that serves this NIC group now
}

// sessionEnd is one end of a session that is Established.
type sessionEnd struct {
	conn events.Conn
	hold bool // it has a hold timer, and ends when the peer is silent
}

// lesson is a next hop to a prefix that a peer told of.
type lesson struct {
	prefix netip.Prefix
	hop    netip.Addr
}

type fibEntry struct {
	nextHops
	static bool
}

type nicEntry struct {
	nextHops
	instance events.ActorID
}

// reset makes a node of which only the name is known, of one of another run if there
// was one.
func (n *node) reset(id events.ActorID) {
	clear(n.relayed)
	clear(n.sessions)
	clear(n.watched)
	clear(n.gone)
	clear(n.taught)
	*n = node{
		Node: events.Node{Node: id}, fib: n.fib.emptied(), nic: n.nic.emptied(), user: n.user.emptied(), local: n.local.emptied(),
		system: n.system.emptied(), best: n.best.emptied(), relayed: n.relayed, sessions: n.sessions,
		watched: n.watched, gone: n.gone, taught: n.taught,
	}
}

// change folds what an actor says of its own tables.
func (n *node) change(e events.Event, t *tables) {
	switch e := e.(type) {
	case *events.BestChanged:
		if len(e.Is) == 0 {
			n.lose(e.Prefix)
		} else {
			n.best.set(e.Prefix, e)
			n.learn(e)
			n.relay(e, t)
		}
	case *events.FIBChanged:
		n.install(e, t)
	case events.NICChanged:
		for _, r := range e.Routes {
			if len(r.NextHops) == 0 || n.hides(r.Prefix) {
				n.nic.remove(r.Prefix)
			} else {
				n.nic.set(r.Prefix, nicEntry{t.follow(n.nicScheme, n.nic.of(r.Prefix).nextHops, r.NextHops), e.Instance})
			}
		}
	case events.SessionChanged:
		n.session(e)
	}
}

// install folds an entry of a FIB. What a gateway learned and a system route
// hides it does not use.
func (n *node) install(e *events.FIBChanged, t *tables) {
	if len(e.NextHops) == 0 || n.isGateway() && n.hides(e.Prefix) {
		n.fib.remove(e.Prefix)
		return
	}
	n.fib.set(e.Prefix, fibEntry{t.follow(n.Scheme, n.fib.of(e.Prefix).nextHops, e.NextHops), e.Why == "static"})
}

// relay keeps the next hops by which a Route Server instance forwards what comes to
// it: those of its best routes.
func (n *node) relay(e *events.BestChanged, t *tables) {
	if !n.Relays {
		return
	}
	if n.relayed == nil {
		n.relayed = map[netip.Prefix]nextHops{}
	}
	n.relayed[e.Prefix] = t.follow(n.Scheme, n.relayed[e.Prefix], e.NextHops)
}

// given folds a system route.
func (n *node) given(e events.SystemRoute) {
	if e.Hop.Hides() {
		n.local.set(e.Prefix, e.Hop)
	} else {
		n.system.set(e.Prefix, e.Hop)
	}
}

// watch folds a timer of BFD, of dead-peer detection or of a health probe.
func (n *node) watch(peer events.ActorID, pending bool) {
	switch {
	case !pending:
		delete(n.watched, peer)
	case n.watched == nil:
		n.watched = map[events.ActorID]bool{peer: true}
	default:
		n.watched[peer] = true
	}
}

// learn notes the next hops of a best route that peers told of. What a speaker
// had before it may have passed on, and not taken back yet.
func (n *node) learn(e *events.BestChanged) {
	for i, hop := range e.NextHops {
		if i < len(e.Is) && e.Is[i] == n.Node.Node {
			continue
		}
		if n.taught == nil {
			n.taught = map[lesson]bool{}
		}
		n.taught[lesson{e.Prefix, hop}] = true
	}
}

// lose removes a best route. A process that runs on has yet to remove it from
// what it programs; one that ended never will.
func (n *node) lose(p netip.Prefix) {
	n.best.remove(p)
	delete(n.relayed, p)
	if !n.runs() {
		return
	}
	if n.gone == nil {
		n.gone = map[netip.Prefix]bool{}
	}
	n.gone[p] = true
}

func (n *node) session(e events.SessionChanged) {
	switch {
	case e.Is == events.Established:
		if n.sessions == nil {
			n.sessions = map[events.ActorID]sessionEnd{}
		}
		n.sessions[e.Neighbor] = sessionEnd{e.Conn, e.Hold > 0}
	case e.Was == events.Established:
		delete(n.sessions, e.Neighbor)
	}
}

// become folds a new condition. A node that died, or whose process ended, has
// no sessions and believes nothing; one that died has lost what BGP put into its
// FIB too. Those who log that themselves find it done.
func (n *node) become(is events.Condition, at events.Time) {
	if is == events.Dead && n.is != events.Dead {
		n.deaths = append(n.deaths, at)
	}
	n.is = is
	if is == events.Dead || is == events.Halted {
		n.sessions, n.best, n.gone, n.watched, n.taught = nil, lpm[*events.BestChanged]{}, nil, nil, nil
		n.relayed = nil
	}
	if is == events.Dead {
		n.fib.removeIf(func(e fibEntry) bool { return !e.static })
		n.fib.update(func(e fibEntry) fibEntry { return fibEntry{e.fresh(), e.static} })
	}
}

// hides tells whether a learned route is not active, because a system route to
// the VNet or a peered one covers it (Azure: virtual-networks-udr-overview).
func (n *node) hides(p netip.Prefix) bool {
	_, _, hidden := n.local.within(p)
	return hidden
}

// dead tells whether nothing sent to the node is taken up.
func (n *node) dead() bool { return n.is == events.Dead }

// runs tells whether the node's process does its work.
func (n *node) runs() bool { return n.is == 0 || n.is == events.Alive }

// isGateway tells whether the node forwards by the routes of its NIC, and its
// FIB is what that learned.
func (n *node) isGateway() bool {
	return n.Type == events.GatewayNode || n.Type == events.VPNGatewayNode
}

// inVNet tells whether an address is in the VNet of the node.
func (n *node) inVNet(a netip.Addr) bool {
	_, hop, ok := n.local.lookup(a)
	return ok && hop == events.VnetLocal
}
