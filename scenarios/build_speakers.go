package scenarios

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
)

// idleHold is how long a speaker waits before it tries again after a session
// ended; it doubles with each failure in a row (FRR's bgp start timer begins
// with 1 s; no Azure document gives one).
const idleHold = time.Second

// routeServers makes the instances of the Route Servers.
func (b *builder) routeServers() {
	for _, rs := range b.s.RouteServers {
		for i := range 2 {
			id := instance(rs.Name, i)
			address := b.instanceAddress(rs, i)
			b.place(events.Node{Node: id, Type: events.RouteServerNode, VNet: rs.VNet, AS: actors.RouteServerAS, Address: address})
			serves := b.serves(rs, i)
			r := actors.NewRouteServer(actors.RouteServerConfig{
				Speaker: bgp.Config{
					ID: id, AS: actors.RouteServerAS, Address: address, Originate: b.s.vnet(rs.VNet).AddressSpace,
					Multipath: bgp.AnyAS, StartJitter: b.s.StartJitter, EveryKeepalive: b.o.EveryKeepalive,
					Peers: b.peersOfInstance(rs, id),
				},
				BranchToBranch: rs.BranchToBranch, Serves: serves, Programming: rs.Programming,
			})
			b.net.RouteServers = append(b.net.RouteServers, r)
			b.list = append(b.list, r)
			b.inst = append(b.inst, actors.Instance{
				ID: id, Twin: instance(rs.Name, 1-i), Serves: serves, Takeover: rs.Takeover, Flush: rs.OnLoss == "flush",
			})
		}
	}
}

// peersOfInstance gives the NVAs that peer with an instance. The NVA opens the
// connection (Azure does not say who does; assumed).
func (b *builder) peersOfInstance(rs RouteServer, id events.ActorID) []bgp.Peer {
	var peers []bgp.Peer
	for _, n := range b.s.NVAs {
		if !slices.Contains(b.instancesOf(n), id) {
			continue
		}
		_, delay, _ := b.between(rs.VNet, n.VNet)
		peers = append(peers, bgp.Peer{
			ID: events.ActorID(n.Name), AS: n.ASN, Passive: true, Hold: rs.Hold, Keepalive: rs.Keepalive,
			PeerKeepalive: n.Keepalive, Delay: delay.Min(), IdleHold: idleHold,
		})
	}
	return peers
}

// instancesOf gives the Route Server instances that an NVA peers with.
func (b *builder) instancesOf(n NVA) []events.ActorID {
	var all []events.ActorID
	for _, rs := range b.s.RouteServers {
		for i := range 2 {
			id := instance(rs.Name, i)
			if slices.Contains(n.RouteServers, rs.Name) || slices.Contains(n.RouteServers, string(id)) {
				all = append(all, id)
			}
		}
	}
	return all
}

// nvas makes the NVAs.
func (b *builder) nvas() {
	for _, n := range b.s.NVAs {
		id := events.ActorID(n.Name)
		firewall := slices.Contains(n.Roles, "firewall")
		b.place(events.Node{Node: id, Type: events.NVANode, VNet: n.VNet, AS: n.ASN, Address: n.Address, SNAT: firewall, Stateful: n.Stateful})
		rs, programmed := b.routeServerOf(n.VNet)
		group := events.NICGroup{Group: id, NICs: []int{0}}
		var nic *actors.NICsConfig
		if programmed {
			group.Instance = instance(rs.Name, hashNIC(n.Name, 0))
			nic = &actors.NICsConfig{ID: id, System: b.hiding(n.VNet), Spacing: rs.Spacing}
		}
		b.fact(group)
		b.systemRoutes(id, n.VNet)
		statics := b.staticsOfNVA(n, firewall)
		own := make([]netip.Prefix, len(statics))
		for i, s := range statics {
			own[i] = s.Prefix
		}
		b.router(actors.RouterConfig{
			Speaker: bgp.Config{
				ID: id, AS: n.ASN, Address: n.Address, Originate: own, StartJitter: b.s.StartJitter,
				EveryKeepalive: b.o.EveryKeepalive, Peers: b.peersOfNVA(n),
			},
			Statics: statics, NIC: nic, KeepOwn: b.isSite,
		})
	}
}

func (b *builder) router(c actors.RouterConfig) {
	r := actors.NewRouter(c)
	b.net.Routers = append(b.net.Routers, r)
	b.list = append(b.list, r)
}

func (b *builder) isSite(id events.ActorID) bool {
	return slices.ContainsFunc(b.s.Sites, func(s Site) bool { return s.Name == string(id) })
}

// peersOfNVA gives its Route Server instances and its sites, and lays the wires
// to them.
func (b *builder) peersOfNVA(n NVA) []bgp.Peer {
	id := events.ActorID(n.Name)
	base := bgp.Peer{
		Hold: n.Hold, Keepalive: n.Keepalive, ConnectRetry: n.ConnectRetry, IdleHold: idleHold,
		MRAI: n.MRAI, SendBack: n.SendBack, Prepend: n.Prepend,
	}
	var peers []bgp.Peer
	for _, rs := range b.s.RouteServers {
		over, delay, _ := b.between(n.VNet, rs.VNet)
		for i := range 2 {
			if to := instance(rs.Name, i); slices.Contains(b.instancesOf(n), to) {
				p := base
				p.ID, p.AS, p.PeerKeepalive, p.Delay = to, actors.RouteServerAS, rs.Keepalive, delay.Min()
				peers = append(peers, p)
				b.wire(id, to, delay, over)
			}
		}
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.NVA == n.Name && t.BGP {
				p := base
				p.ID, p.AS, p.PeerKeepalive, p.Delay = events.ActorID(s.Name), s.ASN, s.Keepalive, t.Delay.Min()
				peers = append(peers, p)
				b.wire(id, p.ID, t.Delay, []events.Crossing{{Link: t.Name}})
			}
		}
	}
	return peers
}

// staticsOfNVA gives what an NVA routes whatever BGP says, and originates: the
// Internet where it is a firewall, and prefixes of its sites.
func (b *builder) staticsOfNVA(n NVA, firewall bool) []actors.Static {
	var statics []actors.Static
	if firewall {
		statics = append(statics, actors.Static{Prefix: defaultRoute(), NextHops: []netip.Addr{b.gateway(n)}})
	}
	for i, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.NVA != n.Name {
				continue
			}
			for _, p := range n.staticsTo(s, t) {
				if !firewall || p != defaultRoute() {
					statics = addStatic(statics, p, siteAddress(i))
				}
			}
		}
	}
	return statics
}

// staticsTo gives the prefixes that an NVA routes statically to a site: all of
// them where the tunnel has no BGP, else those that the scenario names.
func (n NVA) staticsTo(s Site, t Tunnel) []netip.Prefix {
	if !t.BGP {
		return s.Prefixes
	}
	var all []netip.Prefix
	for _, p := range n.StaticRoutes {
		if p == defaultRoute() || within(p, s.Prefixes) {
			all = append(all, p)
		}
	}
	return all
}

// gateway gives the first address of an NVA's subnet, which is Azure's router.
func (b *builder) gateway(n NVA) netip.Addr {
	v := b.s.vnet(n.VNet)
	for _, s := range v.Subnets {
		if s.Prefix.Contains(n.Address) {
			return nth(s.Prefix, 1)
		}
	}
	for _, p := range v.AddressSpace {
		if p.Contains(n.Address) {
			return nth(p, 1)
		}
	}
	return netip.Addr{}
}

// siteAddress gives the tunnel address of the i-th site's router, from the range
// that Azure uses for BGP in tunnels (169.254.21.0 to 169.254.22.255).
func siteAddress(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{169, 254, byte(21 + (i+1)>>8), byte(i + 1)})
}

// sites makes the routers of the sites.
func (b *builder) sites() {
	for i, s := range b.s.Sites {
		id := events.ActorID(s.Name)
		b.place(events.Node{Node: id, Type: events.SiteNode, AS: s.ASN, Address: siteAddress(i), Prefixes: s.Prefixes})
		multipath := bgp.SinglePath
		switch {
		case s.MultipathRelax:
			multipath = bgp.AnyAS
		case s.Multipath:
			multipath = bgp.SameAS
		}
		var peers []bgp.Peer
		for _, t := range s.Tunnels {
			n := b.s.nva(t.NVA)
			if !t.BGP {
				continue
			}
			peers = append(peers, bgp.Peer{
				ID: events.ActorID(n.Name), AS: n.ASN, Hold: s.Hold, Keepalive: s.Keepalive, PeerKeepalive: n.Keepalive,
				Delay: t.Delay.Min(), ConnectRetry: s.ConnectRetry, IdleHold: idleHold, MRAI: s.MRAI, SendBack: true,
			})
		}
		b.router(actors.RouterConfig{
			Speaker: bgp.Config{
				ID: id, AS: s.ASN, Address: siteAddress(i), Originate: s.Prefixes, Multipath: multipath,
				StartJitter: b.s.StartJitter, EveryKeepalive: b.o.EveryKeepalive, Peers: peers,
			},
			Statics: b.staticsOfSite(s),
		})
	}
}

// staticsOfSite gives the way back over tunnels without BGP: to the VNets of the
// Route Servers that the NVA at the other end peers with.
func (b *builder) staticsOfSite(s Site) []actors.Static {
	var statics []actors.Static
	for _, t := range s.Tunnels {
		n := b.s.nva(t.NVA)
		if t.BGP {
			continue
		}
		for _, rs := range b.s.RouteServers {
			if !slices.Contains(b.instancesOf(n), instance(rs.Name, 0)) && !slices.Contains(b.instancesOf(n), instance(rs.Name, 1)) {
				continue
			}
			for _, p := range b.s.vnet(rs.VNet).AddressSpace {
				statics = addStatic(statics, p, n.Address)
			}
		}
	}
	return statics
}

// addStatic adds a next hop to the static route of a prefix.
func addStatic(all []actors.Static, p netip.Prefix, hop netip.Addr) []actors.Static {
	for i := range all {
		if all[i].Prefix == p {
			all[i].NextHops = append(all[i].NextHops, hop)
			return all
		}
	}
	return append(all, actors.Static{Prefix: p, NextHops: []netip.Addr{hop}})
}
