package metrics

import (
	"net/netip"

	"dualhome/events"
)

// nic forwards by the effective routes of a NIC: the longest prefix, and of one
// prefix a user-defined route before a learned one before a system route (Azure:
// virtual-networks-udr-overview, 2023-05-27). What system routes of the VNet and
// of peered ones hide is not among those learned.
func (w *walker) nic(at int32, p parcel) {
	n := &w.net.nodes[at]
	user, u, _ := n.user.lookup(p.dst)
	learned, hops := n.learned(p.dst)
	system, hop := n.systemRoute(p.dst)
	switch { // where there is no route, the prefix has -1 bits
	case user.IsValid() && user.Bits() >= max(learned.Bits(), system.Bits()):
		w.byUser(at, p, u)
	case learned.IsValid() && learned.Bits() >= system.Bits():
		w.byLearned(at, p, learned, hops)
	case hop.Hides():
		w.direct(at, w.bySystem(p, at, system))
	case hop == events.Internet:
		w.out(at, w.bySystem(p, at, system))
	default:
		w.fail(w.bySystem(p, at, system))
	}
}

// learned gives the learned route of a NIC for an address, and its next hops: of
// a gateway it is in the FIB, of a Route Server instance that relays in its
// Loc-RIB.
func (n *node) learned(a netip.Addr) (netip.Prefix, nextHops) {
	switch {
	case n.isGateway():
		p, f, _ := n.fib.lookup(a)
		return p, f.nextHops
	case n.Type == events.RouteServerNode:
		p, best, ok := n.best.lookup(a)
		if !ok || n.originates(best) || n.hides(p) {
			return netip.Prefix{}, nextHops{}
		}
		return p, n.relayed[p]
	}
	p, r, _ := n.nic.lookup(a)
	return p, r.nextHops
}

// learnedTable says which table of a node a learned route of its NIC is in.
func (n *node) learnedTable() tableKind {
	if n.isGateway() || n.Type == events.RouteServerNode {
		return fibTable
	}
	return nicTable
}

// originates tells whether a best route is the speaker's own.
func (n *node) originates(best *events.BestChanged) bool { return best.Is[0] == n.Node.Node }

// systemRoute gives the system route for an address.
func (n *node) systemRoute(a netip.Addr) (netip.Prefix, events.HopType) {
	local, direct, _ := n.local.lookup(a)
	system, hop, _ := n.system.lookup(a)
	if local.IsValid() && local.Bits() >= system.Bits() {
		return local, direct
	}
	return system, hop
}

// byUser follows a user-defined route.
func (w *walker) byUser(at int32, p parcel, u events.UserRoute) {
	if u.Hop == events.VirtualNetworkGateway {
		w.toGateway(at, p)
		return
	}
	p.by = w.chose(entry{at: at, table: userTable, prefix: u.Prefix, hop: u.NextHop, prev: p.by})
	switch u.Hop {
	case events.VirtualAppliance:
		w.forward(at, p)
	case events.VnetLocal:
		w.direct(at, p)
	case events.Internet:
		w.out(at, p)
	default: // None
		w.finish(p, policy)
	}
}

// toGateway follows a user-defined route to what gateways and Route Servers
// taught.
func (w *walker) toGateway(at int32, p parcel) {
	n := &w.net.nodes[at]
	if learned, hops := n.learned(p.dst); learned.IsValid() {
		w.byLearned(at, p, learned, hops)
		return
	}
	w.fail(w.bySystem(p, at, netip.Prefix{}))
}

// byLearned follows a learned route.
func (w *walker) byLearned(at int32, p parcel, prefix netip.Prefix, hops nextHops) {
	e := entry{at: at, table: w.net.nodes[at].learnedTable(), prefix: prefix}
	w.spread(at, p, e, hops, func(q parcel) { w.forward(at, q) })
}

// forward sends packets to the owner of the next hop that was chosen.
func (w *walker) forward(at int32, p parcel) {
	if to, owned := w.net.owners[p.by.hop]; owned {
		w.hop(at, to, p)
		return
	}
	w.fail(p)
}

// out sends packets to the Internet.
func (w *walker) out(at int32, p parcel) {
	if w.net.internet < 0 {
		w.fail(p)
		return
	}
	w.hop(at, w.net.internet, p)
}

// bySystem notes that a system route of a NIC, or none, chose the next hop.
func (w *walker) bySystem(p parcel, at int32, prefix netip.Prefix) parcel {
	if !prefix.IsValid() {
		prefix = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	p.by = w.chose(entry{at: at, table: systemTable, prefix: prefix, prev: p.by})
	return p
}

// direct delivers inside a VNet, or to a peered one.
func (w *walker) direct(at int32, p parcel) {
	if ends := w.class.ends(w.dir); len(ends) > 0 && !w.isAnswer(p) {
		w.home(at, p, ends)
		return
	}
	if to, ok := w.net.owner(p.dst); ok {
		w.hop(at, to, p)
		return
	}
	w.fail(p)
}

// home sends packets to the groups of VMs that their flows belong to.
func (w *walker) home(at int32, p parcel, ends []group) {
	for _, g := range ends {
		q := p
		q.flows = w.net.ground.shared(p.flows, g.flows)
		if !q.flows.empty() {
			w.hop(at, g.node, q)
		}
	}
}
