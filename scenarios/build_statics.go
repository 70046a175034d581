package scenarios

import (
	"net/netip"
	"slices"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/sim"
)

// static is a static route and what is said of it.
type static struct {
	actors.Static
	announce bool // originated in BGP
	inside   bool // leads into the router's own VNet
}

func bare(all []static) []actors.Static {
	var statics []actors.Static
	for _, s := range all {
		statics = append(statics, s.Static)
	}
	return statics
}

// addHop adds a next hop to the static route of a prefix.
func addHop(all []static, p netip.Prefix, hop actors.StaticHop, announce, inside bool) []static {
	for i := range all {
		if all[i].Prefix == p {
			all[i].Hops = append(all[i].Hops, hop)
			return all
		}
	}
	return append(all, static{actors.Static{Prefix: p, Hops: []actors.StaticHop{hop}}, announce, inside})
}

// staticsOfNVA gives what an NVA routes whatever BGP says: the Internet where it
// is a firewall, prefixes of its sites, and what the scenario sends into its
// VNet.
func (b *builder) staticsOfNVA(n NVA) []static {
	var statics []static
	into := actors.StaticHop{Address: b.azure(n)}
	firewall := b.isFirewall(events.ActorID(n.Name))
	if firewall {
		hop := into
		if n.Probe > 0 {
			hop.Watch = internet
		}
		statics = addHop(statics, defaultRoute(), hop, true, false)
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.To != n.Name {
				continue
			}
			hop := actors.StaticHop{Address: b.siteAddress(s.Name)}
			if n.Probe > 0 || t.DPD > 0 && !t.BGP {
				hop.Watch = events.ActorID(s.Name)
			}
			for _, r := range n.staticsTo(s, t) {
				if !firewall || r.Prefix != defaultRoute() {
					statics = addHop(statics, r.Prefix, hop, r.Announce, false)
				}
			}
		}
	}
	for _, r := range n.StaticRoutes {
		if r.Via == "vnet" {
			statics = addHop(statics, r.Prefix, into, r.Announce, true)
		}
	}
	return statics
}

// staticsTo gives the prefixes that an NVA routes statically to a site: all of
// them where the tunnel has no BGP, else those that the scenario names.
func (n NVA) staticsTo(s Site, t Tunnel) []StaticRoute {
	var all []StaticRoute
	if !t.BGP {
		for _, p := range s.Prefixes {
			all = append(all, StaticRoute{Prefix: p, Announce: true})
		}
		return all
	}
	for _, r := range n.StaticRoutes {
		if r.Via == "tunnel" && (r.Prefix == defaultRoute() || within(r.Prefix, s.Prefixes)) {
			all = append(all, r)
		}
	}
	return all
}

// azure gives the first address of an NVA's subnet, which is Azure's router.
func (b *builder) azure(n NVA) netip.Addr {
	if s := b.s.subnetOf(n.VNet, n.Address); s.Prefix.IsValid() {
		return nth(s.Prefix, 1)
	}
	for _, p := range b.s.vnet(n.VNet).AddressSpace {
		if p.Contains(n.Address) {
			return nth(p, 1)
		}
	}
	return netip.Addr{}
}

// probesOfNVA gives the probes of an NVA's static routes: its own health probes,
// or else the dead-peer detection of tunnels without BGP.
func (b *builder) probesOfNVA(n NVA) []actors.Probe {
	id := events.ActorID(n.Name)
	var probes []actors.Probe
	if n.Probe > 0 && b.isFirewall(id) {
		probes = append(probes, actors.Probe{Target: internet, Interval: n.Probe, Fails: n.ProbeFails})
		b.watch(id, internet, []events.Crossing{{Link: internetLink(id)}})
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			switch {
			case t.To != n.Name:
				continue
			case n.Probe > 0:
				probes = append(probes, actors.Probe{Target: events.ActorID(s.Name), Interval: n.Probe, Fails: n.ProbeFails})
			case t.DPD > 0 && !t.BGP:
				probes = append(probes, t.probe(events.ActorID(s.Name)))
			default:
				continue
			}
			if !t.BGP {
				b.watch(id, events.ActorID(s.Name), []events.Crossing{{Link: t.Name}})
			}
		}
	}
	return probes
}

// probe gives the dead-peer detection of a tunnel, of the node at its other end.
func (t Tunnel) probe(target events.ActorID) actors.Probe {
	return actors.Probe{Target: target, Interval: t.DPD, Fails: t.DPDRetries}
}

// staticsOfSite gives the way back over tunnels without BGP: to the VNets of the
// Route Servers that the NVA at the other end peers with, or that use the VPN
// gateway there.
func (b *builder) staticsOfSite(s Site) ([]static, []actors.Probe) {
	var statics []static
	var probes []actors.Probe
	for _, t := range s.Tunnels {
		if t.BGP {
			continue
		}
		for i, end := range b.s.tunnelEnds(t) {
			hop := actors.StaticHop{Address: b.addressOf(end)}
			if t.DPD > 0 {
				hop.Watch = end
				probes = append(probes, t.probe(end))
				b.watch(events.ActorID(s.Name), end, []events.Crossing{{Link: b.s.tunnelLinks(t)[i], Reverse: true}})
			}
			for _, p := range b.behind(t) {
				statics = addHop(statics, p, hop, false, false)
			}
		}
	}
	return statics, probes
}

// behind gives the prefixes that a site without BGP sends through a tunnel.
func (b *builder) behind(t Tunnel) []netip.Prefix {
	if b.s.isVPNGateway(t.To) {
		return b.originated(b.s.vpnGateway(t.To).VNet)
	}
	var all []netip.Prefix
	n := b.s.nva(t.To)
	for _, rs := range b.s.RouteServers {
		if n.peersWith(rs.Name) {
			all = append(all, b.s.vnet(rs.VNet).AddressSpace...)
		}
	}
	return all
}

// addressOf gives the address of a node that is known already.
func (b *builder) addressOf(id events.ActorID) netip.Addr {
	i := slices.IndexFunc(b.nodes, func(n vertex) bool { return n.id == id })
	return b.nodes[i].address
}

// balancers makes the load balancers.
func (b *builder) balancers() {
	for _, l := range b.s.Balancers {
		id := events.ActorID(l.Name)
		b.place(events.Node{Node: id, Type: events.LoadBalancerNode, VNet: l.VNet, Address: l.Address, Scheme: events.StickyHash})
		c := actors.BalancerConfig{ID: id}
		for _, name := range l.Backends {
			backend := events.ActorID(name)
			c.Backends = append(c.Backends, actors.StaticHop{Address: b.s.nva(name).Address, Watch: backend})
			c.Probes = append(c.Probes, actors.Probe{Target: backend, Interval: l.Probe, Fails: l.ProbeFails})
			b.watch(id, backend, nil)
		}
		b.part(func(n *Network, _ Options) sim.Actor {
			lb := actors.NewBalancer(c)
			n.Balancers = append(n.Balancers, lb)
			return lb
		})
	}
}
