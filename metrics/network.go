package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// network is what forwards packets, as the lines folded so far leave it: the
// nodes with their tables, the paths between them, and what speakers believe.
type network struct {
	index    map[events.ActorID]int32
	nodes    []node
	owners   map[netip.Addr]int32 // by Node.Address
	paths    map[[2]int32][]events.Crossing
	down     map[events.Crossing]bool
	groups   []events.NICGroup
	classes  []events.FlowClass
	internet int32            // the node that is the Internet; -1: none
	visited  []events.ActorID // Route Servers that a walk came to: there must be none
}

func newNetwork() *network {
	return &network{
		index: map[events.ActorID]int32{}, owners: map[netip.Addr]int32{},
		paths: map[[2]int32][]events.Crossing{}, down: map[events.Crossing]bool{}, internet: -1,
	}
}

// node is a node with its tables. An NVA has two: the FIB of its guest, and the
// effective routes of its NIC.
type node struct {
	events.Node
	is         events.Condition // 0 is alive too
	deaths     []events.Time    // when it died
	idle       bool             // forwards nothing, whatever its condition
	fib        lpm[fibEntry]
	nic        lpm[nicEntry]       // learned routes that are not hidden
	local      lpm[events.HopType] // system routes that beat learned ones at any length
	system     lpm[events.HopType] // the other system routes
	best       lpm[events.BestChanged]
	sessions   map[events.ActorID]sessionEnd // those that are Established
	gone       map[netip.Prefix]bool         // what the running process had a best route for, and has none
	programmer events.ActorID                // the instance that serves this NIC group now
}

// sessionEnd is one end of a session that is Established.
type sessionEnd struct {
	conn events.Conn
	hold bool // it has a hold timer, and ends when the peer is silent
}

type fibEntry struct {
	hops   []netip.Addr
	static bool
}

type nicEntry struct {
	hops     []netip.Addr
	instance events.ActorID
}

// node gives the number of a node, a new one if it is not known yet.
func (n *network) node(id events.ActorID) int32 {
	if at, ok := n.index[id]; ok {
		return at
	}
	at := int32(len(n.nodes))
	n.index[id] = at
	n.nodes = append(n.nodes, node{Node: events.Node{Node: id}})
	return at
}

// of gives a node, valid until the next one is made.
func (n *network) of(id events.ActorID) *node {
	at := n.node(id)
	return &n.nodes[at]
}

// apply folds one line.
func (n *network) apply(l *events.Line) {
	switch l.Role {
	case events.Fact:
		n.fact(l.Event)
	case events.Change:
		n.change(l)
	default: // moves no packet
	}
}

func (n *network) fact(e events.Event) {
	switch e := e.(type) {
	case events.Node:
		n.place(e)
	case events.Path:
		from, to := n.node(e.From), n.node(e.To)
		n.paths[[2]int32{from, to}] = e.Crossings
	case events.NICGroup:
		n.groups = append(n.groups, e)
		n.of(e.Group).programmer = e.Instance
	case events.SystemRoute:
		if e.Hop == events.VnetLocal || e.Hop == events.VNetPeering {
			n.of(e.Group).local.set(e.Prefix, e.Hop)
		} else {
			n.of(e.Group).system.set(e.Prefix, e.Hop)
		}
	case events.FlowClass:
		n.classes = append(n.classes, e)
	}
}

func (n *network) place(e events.Node) {
	at := n.node(e.Node)
	n.nodes[at].Node = e
	if e.Address.IsValid() {
		n.owners[e.Address] = at
	}
	if e.Type == events.InternetNode {
		n.internet = at
	}
}

func (n *network) change(l *events.Line) {
	switch e := l.Event.(type) {
	case events.LinkState:
		n.down[e.Crossing] = !e.Up
	case events.NodeState:
		n.of(e.Node).become(e.Is, l.At)
	case events.ForwardingState:
		n.of(e.Node).idle = !e.Up
	case events.Serving:
		n.serve(l.Actor, e)
	default:
		n.of(l.Actor).change(l.Event)
	}
}

func (n *network) serve(instance events.ActorID, e events.Serving) {
	g := n.of(e.Group)
	switch {
	case e.On:
		g.programmer = instance
	case g.programmer == instance:
		g.programmer = ""
	}
}

// change folds what an actor says of its own tables.
func (n *node) change(e events.Event) {
	switch e := e.(type) {
	case events.BestChanged:
		if len(e.Is) == 0 {
			n.lose(e.Prefix)
		} else {
			n.best.set(e.Prefix, e)
		}
	case events.FIBChanged:
		if len(e.NextHops) == 0 {
			n.fib.remove(e.Prefix)
		} else {
			n.fib.set(e.Prefix, fibEntry{e.NextHops, e.Why == "static"})
		}
	case events.NICChanged:
		for _, r := range e.Routes {
			if len(r.NextHops) == 0 || n.hides(r.Prefix) {
				n.nic.remove(r.Prefix)
			} else {
				n.nic.set(r.Prefix, nicEntry{r.NextHops, e.Instance})
			}
		}
	case events.SessionChanged:
		n.session(e)
	}
}

// lose removes a best route. A process that runs on has yet to remove it from
// what it programs; one that ended never will.
func (n *node) lose(p netip.Prefix) {
	n.best.remove(p)
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

// established tells whether one end of a session is.
func (n *network) established(at, peer events.ActorID) bool {
	_, up := n.of(at).sessions[peer]
	return up
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
		n.sessions, n.best, n.gone = nil, lpm[events.BestChanged]{}, nil
	}
	if is == events.Dead {
		n.fib.removeIf(func(e fibEntry) bool { return !e.static })
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

// reaches tells whether packets can go directly from one node to another now.
func (n *network) reaches(from, to int32) bool {
	crossings, ok := n.paths[[2]int32{from, to}]
	return ok && !slices.ContainsFunc(crossings, func(c events.Crossing) bool { return n.down[c] })
}

// owner gives the node outside the Internet that delivers packets to an
// address: the one whose address it is, or whose network contains it.
func (n *network) owner(a netip.Addr) (int32, bool) {
	if at, ok := n.owners[a]; ok {
		return at, true
	}
	best, bits := int32(-1), -1
	for i := range n.nodes {
		for _, p := range n.nodes[i].Prefixes {
			if p.Contains(a) && p.Bits() > bits && n.nodes[i].Type != events.InternetNode {
				best, bits = int32(i), p.Bits()
			}
		}
	}
	return best, best >= 0
}
