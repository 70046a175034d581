package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// leg is where some flows of a class went, in one direction.
type leg struct {
	flows flowSet
	path  []int32 // the nodes walked
	hub   int32   // what stands for the hub that is used (see meets); -1: none
	exit  int32   // the last NVA on the way, or chosen as next hop; -1: none
	site  int32   // the site, walked or chosen, that is to answer instead of the Internet; -1: none
	by    *entry  // what chose the exit
	last  *entry  // what chose the last hop
	next  int32   // where that hop led, or was to lead
	dst   netip.Addr
	cause cause
	died  bool  // the cause is to be found where the packets died
	fate  cause // of what they answer, if that is for an NVA to know
	broke bool  // lost because the flows broke, and are not open again
	jam   *jam  // what is full on the way; nil: nothing
}

// same tells whether two legs make no difference to any table.
func (l leg) same(m leg) bool {
	return l.cause == m.cause && l.jam.same(m.jam) && l.hub == m.hub && l.exit == m.exit && l.site == m.site && slices.Equal(l.path, m.path) && slices.Equal(l.flows, m.flows)
}

// equal tells whether two legs that nothing bounds are alike in everything.
func (l leg) equal(m leg) bool {
	return l.same(m) && l.next == m.next && l.dst == m.dst && l.died == m.died && l.fate == m.fate && l.by.equal(m.by) && l.last.equal(m.last)
}

// equal tells whether two entries, and all those before them, are the same.
func (e *entry) equal(f *entry) bool {
	for e != f && e != nil && f != nil && e.at == f.at && e.table == f.table && e.prefix == f.prefix && e.hop == f.hop {
		e, f = e.prev, f.prev
	}
	return e == f
}

// walker walks the packets of one class in one direction through the network.
// It never visits a node twice, since all packets have one destination until an
// NVA translates it: that would be a loop.
type walker struct {
	net   *network
	forks forks
	class *class
	dir   direction
	known map[int32]flowSet // by memory of stateful NVAs: the flows whose forward direction passes it
	tied  flowSet           // the flows whose forward direction passes any NVA, or is delivered
	turns []turn            // what NVAs make of answers that come to their own address
	path  []int32
	legs  []leg
}

// newWalker begins a walk that ends in about so many legs, when the one before is done.
func newWalker(n *network, f forks, c *class, dir direction, legs int) *walker {
	w := &n.ground.walker
	*w = walker{net: n, forks: f, class: c, dir: dir, path: w.path[:0], turns: w.turns[:0], legs: n.ground.legs.take(max(1, legs))}
	return w
}

// chose keeps an entry that chose a hop.
func (w *walker) chose(e entry) *entry { return w.net.ground.entries.keep(e) }

// walked keeps the path of now.
func (w *walker) walked() []int32 {
	return append(w.net.ground.paths.take(len(w.path)), w.path...)
}

// parcel is what of a class is under way on one path.
type parcel struct {
	flows  flowSet
	dst    netip.Addr // destination address
	src    netip.Addr // source address, if an NVA gave them its own
	since  int        // where in the path their destination was last translated
	fate   cause      // of what they answer, if that is for an NVA to know
	by     *entry     // what chose the hop to this node
	hub    int32
	exit   int32
	site   int32
	next   int32
	exitBy *entry
}

func pack(flows flowSet, dst netip.Addr) parcel {
	return parcel{flows: flows, dst: dst, hub: -1, exit: -1, site: -1, next: -1}
}

// finish ends a path.
func (w *walker) finish(p parcel, why cause) {
	w.legs = append(w.legs, leg{
		flows: p.flows, path: w.walked(), hub: p.hub, exit: p.exit, site: p.site,
		by: p.exitBy, last: p.by, next: p.next, dst: p.dst, cause: why,
	})
}

// fail ends a path where packets die.
func (w *walker) fail(p parcel) {
	w.finish(p, blackHole)
	l := &w.legs[len(w.legs)-1]
	l.died, l.fate = true, p.fate
	l.cause = w.net.whyDied(l)
}

// hop sends packets directly to another node. A next hop that is the node itself
// is a loop.
func (w *walker) hop(from, to int32, p parcel) {
	p.next = to
	if from == to {
		w.finish(p, loop)
		return
	}
	p = w.meets(from, to, p)
	switch {
	case w.net.bars(from, to, w.source(p)):
		w.finish(p, policy)
	case w.net.nodes[to].dead() || !w.net.reaches(from, to):
		w.fail(p)
	default:
		w.arrive(to, p)
	}
}

// meets notes what is on the way of packets. Their hub is that of the first NVA,
// load balancer or gateway; where Azure sends them past the gateway, straight to
// an edge router, that of the sender, whose connection it is.
func (w *walker) meets(from, to int32, p parcel) parcel {
	n := &w.net.nodes[to]
	if n.Type == events.NVANode {
		p.exit, p.exitBy = to, p.by
	}
	switch {
	case p.hub >= 0:
	case n.Type == events.NVANode || n.Type == events.LoadBalancerNode || n.isGateway():
		p.hub = to
	case n.Type == events.MSEENode && w.net.nodes[from].VNet != "":
		p.hub = from
	}
	if w.dir == forward {
		p.site = -1
		if n.serves(p.dst) {
			p.site = to
		}
	}
	return p
}

// source gives the source address of packets.
func (w *walker) source(p parcel) netip.Addr {
	switch {
	case w.dir == backward:
		return w.class.Destination
	case p.src.IsValid():
		return p.src
	}
	return w.class.Source
}

// arrive handles packets at a node that took them up.
func (w *walker) arrive(at int32, p parcel) {
	if slices.Contains(w.path[p.since:], at) {
		w.finish(p, loop)
		return
	}
	w.path = append(w.path, at)
	w.take(at, p)
	w.path = w.path[:len(w.path)-1]
}

// take delivers packets at a node, forwards them, or loses them there.
func (w *walker) take(at int32, p parcel) {
	n := &w.net.nodes[at]
	switch {
	case w.delivers(at, p.dst):
		w.finish(p, delivered)
	case n.Type == events.RouteServerNode && !n.Relays:
		w.net.visited = append(w.net.visited, n.Node.Node)
		w.fail(p)
	case n.dead() || n.idle || n.Type == events.InternetNode:
		w.fail(p)
	case n.Type == events.VMNode || n.Type == events.RouteServerNode || n.isGateway():
		w.nic(at, p)
	default:
		w.guest(at, w.admit(at, p))
	}
}

// delivers tells whether the walk ends well at a node.
func (w *walker) delivers(at int32, dst netip.Addr) bool {
	if ends := w.class.ends(w.dir); len(ends) > 0 {
		return isOneOf(ends, at)
	}
	if w.dir == forward && at == w.class.to && w.class.internet {
		return true
	}
	return w.net.nodes[at].serves(dst)
}

// serves tells whether a node is a site that an address belongs to.
func (n *node) serves(a netip.Addr) bool {
	return n.Type == events.SiteNode && (n.Address == a || slices.ContainsFunc(n.Prefixes, func(p netip.Prefix) bool { return p.Contains(a) }))
}

// admit drops return packets of flows that a stateful NVA does not know,
// because their forward direction went another way.
func (w *walker) admit(at int32, p parcel) parcel {
	if w.tied == nil || w.class.Stateless || !w.net.nodes[at].Stateful {
		return p
	}
	strange := w.net.ground.shared(p.flows, w.tied)
	if known, ok := w.known[w.net.memory(at)]; ok {
		strange = strange.minus(known)
	}
	if !strange.empty() {
		q := p
		q.flows = strange
		w.finish(q, asymmetry)
		p.flows = p.flows.minus(strange)
	}
	return p
}

// guest forwards by the FIB of a node: an NVA, a site, an edge router, or a load
// balancer, whose FIB is its back ends. What an NVA does not send into
// a tunnel leaves through its NIC, where Azure decides anew, by destination.
func (w *walker) guest(at int32, p parcel) {
	if p.flows.empty() {
		return
	}
	n := &w.net.nodes[at]
	if w.isAnswer(p) && (w.restore(at, p) || w.tunnelled(at, p)) {
		return
	}
	if w.dir == forward && n.SNAT == events.AllSNAT {
		p.src = n.Address
	}
	prefix, f, ok := n.fib.lookup(p.dst)
	if !ok {
		w.fail(w.without(p, at))
		return
	}
	w.spread(at, p, entry{at: at, table: fibTable, prefix: prefix}, f.nextHops, func(q parcel) {
		to, owned := w.net.owners[q.by.hop]
		if n.Type == events.NVANode && !(owned && w.net.nodes[to].Type == events.SiteNode) {
			w.nic(at, q)
			return
		}
		w.forward(at, q)
	})
}

// without notes that a load balancer has no back end left.
func (w *walker) without(p parcel, at int32) parcel {
	if w.net.nodes[at].Type == events.LoadBalancerNode {
		p.by = w.chose(entry{at: at, table: fibTable, prev: p.by})
	}
	return p
}

// spread divides packets among the next hops of an entry, each flow by its hash.
// A load balancer sends both directions of a flow to the same back end.
func (w *walker) spread(at int32, p parcel, e entry, to nextHops, send func(parcel)) {
	e.prev = p.by
	if len(to.hops) == 1 {
		e.hop = to.hops[0]
		p.by = w.chose(e)
		send(p)
		return
	}
	n, dir := &w.net.nodes[at], w.dir
	if n.Symmetric || n.Type == events.LoadBalancerNode {
		dir = forward
	}
	ways := w.forks.split(fork{at, w.class.number, dir, to.scheme, len(to.hops)}, n.HashSeed, w.class, to.table)
	for i, hop := range to.hops {
		q := p
		q.flows = w.net.ground.shared(p.flows, ways[i])
		if !q.flows.empty() {
			e.hop = hop
			q.by = w.chose(e)
			send(q)
		}
	}
}
