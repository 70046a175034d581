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
	hub   int32   // the first NVA on the way, or chosen as next hop; -1: none
	exit  int32   // the last such NVA
	site  int32   // the site, walked or chosen, that is to answer instead of the Internet; -1: none
	by    *entry  // what chose it
	cause cause
}

// same tells whether two legs make no difference to any table.
func (l leg) same(m leg) bool {
	return l.cause == m.cause && l.hub == m.hub && l.exit == m.exit && l.site == m.site && slices.Equal(l.path, m.path) && slices.Equal(l.flows, m.flows)
}

// walker walks the packets of one class in one direction through the network.
// It never visits a node twice, since all packets have one destination: that
// would be a loop.
type walker struct {
	net   *network
	forks forks
	class *class
	dir   direction
	dst   netip.Addr
	known map[int32]flowSet // by stateful NVA: the flows whose forward direction passes it
	tied  flowSet           // the flows whose forward direction passes any NVA, or is delivered
	path  []int32
	legs  []leg
}

// parcel is what of a class is under way on one path.
type parcel struct {
	flows  flowSet
	by     *entry // what chose the hop to this node
	hub    int32
	exit   int32
	site   int32
	exitBy *entry
}

func pack(flows flowSet) parcel { return parcel{flows: flows, hub: -1, exit: -1, site: -1} }

// finish ends a path.
func (w *walker) finish(p parcel, why cause) {
	w.legs = append(w.legs, leg{p.flows, slices.Clone(w.path), p.hub, p.exit, p.site, p.exitBy, why})
}

// fail ends a path where packets die.
func (w *walker) fail(p parcel) { w.finish(p, w.net.blame(p.by, w.dst)) }

// hop sends packets directly to another node. A next hop that is the node itself
// is a loop.
func (w *walker) hop(from, to int32, p parcel) {
	if from == to {
		w.finish(p, loop)
		return
	}
	n := &w.net.nodes[to]
	if n.Type == events.NVANode {
		p.exit, p.exitBy = to, p.by
		if p.hub < 0 {
			p.hub = to
		}
	}
	if w.dir == forward {
		p.site = -1
		if n.serves(w.dst) {
			p.site = to
		}
	}
	if n.dead() || !w.net.reaches(from, to) {
		w.fail(p)
		return
	}
	w.arrive(to, p)
}

// arrive handles packets at a node that took them up.
func (w *walker) arrive(at int32, p parcel) {
	if slices.Contains(w.path, at) {
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
	case w.delivers(at):
		w.finish(p, delivered)
	case n.Type == events.RouteServerNode:
		w.net.visited = append(w.net.visited, n.Node.Node)
		w.fail(p)
	case n.dead() || n.idle || n.Type == events.InternetNode:
		w.fail(p)
	case n.Type == events.VMNode:
		w.nic(at, p)
	default:
		w.guest(at, w.admit(at, p))
	}
}

// delivers tells whether the walk ends well at a node.
func (w *walker) delivers(at int32) bool {
	if w.dir == backward {
		return w.class.isSource(at)
	}
	if at == w.class.to && w.class.internet {
		return true
	}
	return w.net.nodes[at].serves(w.dst)
}

// serves tells whether a node is a site that an address belongs to.
func (n *node) serves(a netip.Addr) bool {
	return n.Type == events.SiteNode && (n.Address == a || slices.ContainsFunc(n.Prefixes, func(p netip.Prefix) bool { return p.Contains(a) }))
}

// translates tells whether the NVA that the packets of a leg left through gives
// them its own address: one with SNAT does so with what it sends to the Internet.
func (n *network) translates(c *class, l leg) bool {
	return c.internet && l.exit >= 0 && l.site < 0 && n.nodes[l.exit].SNAT
}

// admit drops return packets of flows that a stateful NVA does not know,
// because their forward direction went another way.
func (w *walker) admit(at int32, p parcel) parcel {
	if w.tied == nil || !w.net.nodes[at].Stateful {
		return p
	}
	strange := p.flows.and(w.tied)
	if known, ok := w.known[at]; ok {
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

// guest forwards by the FIB of an NVA or a site. What an NVA does not send into
// a tunnel leaves through its NIC, where Azure decides anew, by destination.
func (w *walker) guest(at int32, p parcel) {
	if p.flows.empty() {
		return
	}
	n := &w.net.nodes[at]
	prefix, f, ok := n.fib.lookup(w.dst)
	if !ok {
		w.fail(p)
		return
	}
	w.spread(at, p, entry{at: at, table: fibTable, prefix: prefix}, f.hops, func(q parcel) {
		to, owned := w.net.owners[q.by.hop]
		switch {
		case n.Type == events.NVANode && !(owned && w.net.nodes[to].Type == events.SiteNode):
			w.nic(at, q)
		case owned:
			w.hop(at, to, q)
		default:
			w.fail(q)
		}
	})
}

// nic forwards by the effective routes of a NIC.
func (w *walker) nic(at int32, p parcel) {
	n := &w.net.nodes[at]
	if prefix, _, ok := n.local.lookup(w.dst); ok {
		w.direct(at, n.bySystem(p, at, prefix))
		return
	}
	learned, r, isLearned := n.nic.lookup(w.dst)
	system, hop, isSystem := n.system.lookup(w.dst)
	switch {
	case isLearned && (!isSystem || learned.Bits() >= system.Bits()):
		w.spread(at, p, entry{at: at, table: nicTable, prefix: learned}, r.hops, func(q parcel) {
			if to, owned := w.net.owners[q.by.hop]; owned {
				w.hop(at, to, q)
			} else {
				w.fail(q)
			}
		})
	case isSystem && hop == events.Internet && w.net.internet >= 0:
		w.hop(at, w.net.internet, n.bySystem(p, at, system))
	default:
		if !isSystem {
			system = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		}
		w.fail(n.bySystem(p, at, system))
	}
}

// bySystem notes that a system route of a VM's NIC, or none, chose the next hop.
// At an NVA the entry of its guest stands for it.
func (n *node) bySystem(p parcel, at int32, prefix netip.Prefix) parcel {
	if n.Type == events.VMNode {
		p.by = &entry{at: at, table: systemTable, prefix: prefix, prev: p.by}
	}
	return p
}

// direct delivers inside a VNet, or to a peered one.
func (w *walker) direct(at int32, p parcel) {
	if w.dir == backward && w.dst == w.class.Source {
		w.home(at, p)
		return
	}
	if to, ok := w.net.owner(w.dst); ok {
		w.hop(at, to, p)
		return
	}
	w.fail(p)
}

// home sends return packets to the groups of VMs that their flows belong to.
func (w *walker) home(at int32, p parcel) {
	for _, s := range w.class.sources {
		q := p
		q.flows = p.flows.and(s.flows)
		if !q.flows.empty() {
			w.hop(at, s.node, q)
		}
	}
}

// spread divides packets among the next hops of an entry, each flow by its hash.
func (w *walker) spread(at int32, p parcel, e entry, hops []netip.Addr, send func(parcel)) {
	e.prev = p.by
	if len(hops) == 1 {
		one := e
		one.hop, p.by = hops[0], &one
		send(p)
		return
	}
	ways := w.forks.split(fork{at, w.class.number, w.dir, len(hops)}, w.net.nodes[at].HashSeed, w.class)
	for i, hop := range hops {
		one, q := e, p
		one.hop, q.by = hop, &one
		q.flows = p.flows.and(ways[i])
		if !q.flows.empty() {
			send(q)
		}
	}
}
