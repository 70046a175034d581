package scenarios

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// idleHold is how long a speaker waits before it tries again after a session
// ended; it doubles with each failure in a row (FRR's bgp start timer begins
// with 1 s; no Azure document gives one).
const idleHold = time.Second

// bfd is BFD as Azure's edge routers do it: every 300 ms, three may be missing
// (Azure: expressroute-bfd). That no jitter shortens an interval is inferred.
func bfd() *bgp.BFD {
	return &bgp.BFD{DesiredMinTx: 300 * time.Millisecond, RequiredMinRx: 300 * time.Millisecond, Multiplier: 3}
}

// speaker gives what every speaker is told.
func (b *builder) speaker(id events.ActorID, as uint32, address netip.Addr) bgp.Config {
	return bgp.Config{ID: id, AS: as, Address: address, StartJitter: b.s.StartJitter}
}

// routeServers makes the instances of the Route Servers.
func (b *builder) routeServers() {
	for _, rs := range b.s.RouteServers {
		for i := range 2 {
			b.routeServer(rs, i)
		}
	}
}

func (b *builder) routeServer(rs RouteServer, i int) {
	id, address := instance(rs.Name, i), b.instanceAddress(rs, i)
	relays := b.relays(rs)
	b.place(events.Node{
		Node: id, Type: events.RouteServerNode, VNet: rs.VNet, AS: actors.RouteServerAS, Address: address, Relays: relays,
		Scheme: hashScheme(b.s.ECMPScheme),
	})
	if relays {
		b.systemRoutes(id, rs.VNet)
	}
	c := b.speaker(id, actors.RouteServerAS, address)
	c.Originate, c.Multipath, c.EqualLength = b.originated(rs.VNet), bgp.AnyAS, rs.TieBreak == "ecmp"
	c.Peers = append(b.nvasOf(rs, id), b.gatewaysOf(rs)...)
	serves := b.served(id)
	config := actors.RouteServerConfig{
		Speaker: c,
		Programming: actors.Programming{
			Serves: serves, Delay: rs.Programming, PerRoute: rs.PerRoute, EachNIC: rs.Unit == "nic", WarmUp: rs.WarmUp,
		},
		Exchange:   rs.BranchToBranch,
		ToGateways: rs.BranchToBranch || rs.ToGateways == "always",
		Reflect:    rs.reflects(),
		Mark:       rs.MarkReflected,
		Keep:       b.keptFromGateways(rs),
	}
	b.part(func(n *Network, o Options) sim.Actor {
		config := config
		config.Speaker.EveryKeepalive = o.EveryKeepalive
		r := actors.NewRouteServer(config)
		n.RouteServers = append(n.RouteServers, r)
		return r
	})
	b.inst = append(b.inst, actors.Instance{
		ID: id, Twin: instance(rs.Name, 1-i), Serves: serves, Takeover: rs.Takeover, Flush: rs.OnLoss == "flush", Union: rs.NICSource == "union",
	})
}

// reflects tells whether one NVA's routes are sent to the others.
func (rs RouteServer) reflects() bool {
	return rs.Reflection == "always" || rs.Reflection == "branch-to-branch" && rs.BranchToBranch
}

// originated gives the address prefixes that a Route Server or gateway in a VNet
// advertises: those of the VNet and of the VNets that use it.
func (b *builder) originated(vnet string) []netip.Prefix {
	var all []netip.Prefix
	for _, v := range b.s.attached(vnet) {
		all = append(all, v.AddressSpace...)
	}
	return all
}

// keptFromGateways gives the prefixes inside which NVAs' routes are not sent to
// gateways.
func (b *builder) keptFromGateways(rs RouteServer) []netip.Prefix {
	if rs.InsideRoutes {
		return nil
	}
	return b.hiding(rs.VNet)
}

// relays tells whether an NVA that keeps next hops sends those of the Route
// Server's instances on, so that packets come to them.
func (b *builder) relays(rs RouteServer) bool {
	return slices.ContainsFunc(b.s.NVAs, func(n NVA) bool {
		return n.peersWith(rs.Name) && slices.ContainsFunc(n.RouteServers, func(s Session) bool { return *s.Unchanged })
	})
}

// instanceAddress gives the address of an instance: .4 and .5 of
// RouteServerSubnet, the first two that Azure leaves free (observed in every
// published lab).
func (b *builder) instanceAddress(rs RouteServer, i int) netip.Addr {
	subnet, _ := b.s.vnet(rs.VNet).subnet(routeServerSubnet)
	return nth(subnet.Prefix, 4+i)
}

// nvasOf gives the NVAs that peer with an instance.
func (b *builder) nvasOf(rs RouteServer, id events.ActorID) []bgp.Peer {
	var peers []bgp.Peer
	for _, n := range b.s.NVAs {
		if _, ok := n.sessionWith(id); !ok {
			continue
		}
		_, delay, _ := b.between(rs.VNet, n.VNet)
		p := bgp.Peer{
			ID: events.ActorID(n.Name), AS: n.ASN, Passive: rs.Initiator == "nva", Hold: rs.Hold, Keepalive: rs.Keepalive,
			Fixed: !rs.Negotiate, PeerKeepalive: n.Keepalive, PeerJitter: n.Jitter, Delay: delay.Min(), ConnectRetry: profileNamed(arsProfile).dist("connect_retry"), IdleHold: idleHold,
			MaxRoutes: bgp.MaxRoutes{Limit: rs.RouteLimit, Incoming: true, Retry: rs.LimitRetry}, Restart: restart(rs.Restart),
		}
		if rs.Preference == "VpnGateway" {
			p.Preference = 1
		}
		if rs.BFD {
			p.BFD = bfd()
		}
		policyOf(rs.RouteMaps, n.Name).apply(&p)
		p.OwnPass = true // Azure: route-maps-about, 2026-07-17
		peers = append(peers, p)
	}
	return peers
}

// policyOf gives what a speaker does with the routes of one of its peers.
func policyOf(all []PeerPolicy, peer string) PeerPolicy {
	for _, p := range all {
		if p.Peer == peer {
			return p
		}
	}
	return PeerPolicy{}
}

func (p PeerPolicy) apply(to *bgp.Peer) { to.Import, to.Export = policy(p.Import), policy(p.Export) }

// sessionWith gives the session of an NVA with an instance of a Route Server.
func (n NVA) sessionWith(id events.ActorID) (Session, bool) {
	for _, s := range n.RouteServers {
		if s.RouteServer == string(id) || s.RouteServer == instanceOf(string(id)) {
			return s, true
		}
	}
	return Session{}, false
}

// nvas makes the NVAs.
func (b *builder) nvas() {
	for _, n := range b.s.NVAs {
		id := events.ActorID(n.Name)
		b.place(events.Node{
			Node: id, Type: events.NVANode, VNet: n.VNet, AS: n.ASN, Address: n.Address,
			SNAT: translation(n.SNAT), Stateful: n.Stateful, StateOf: n.SharedState, Loose: n.Midstream,
			Scheme: hashScheme(n.ECMPScheme), Capacity: n.capacity(),
		})
		nic := b.nics(b.s.nicOf(n), "")
		c := n.speaker().config(b.speaker(id, n.ASN, n.Address))
		c.Peers = b.peersOfNVA(n)
		c.Changes = n.changes(b.s.Faults, c.Peers)
		statics := b.staticsOfNVA(n)
		for _, s := range statics {
			if s.announce {
				c.Originate = append(c.Originate, s.Prefix)
			}
		}
		r := n.speaker().router(c)
		r.Statics, r.Probes, r.NIC = bare(statics), b.probesOfNVA(n), nic
		r.Withhold, r.Tag = b.withholdOwn(statics), b.tag(n)
		b.router(r)
	}
}

func (b *builder) router(c actors.RouterConfig) {
	b.part(func(n *Network, o Options) sim.Actor {
		c := c
		c.Speaker.EveryKeepalive = o.EveryKeepalive
		r := actors.NewRouter(c)
		n.Routers = append(n.Routers, r)
		return r
	})
}

// withholdOwn keeps the static routes of an NVA from the sites, which they lead
// to, but for those into its VNet.
func (b *builder) withholdOwn(statics []static) func(*bgp.Peer, netip.Prefix, bgp.Best) bool {
	return func(to *bgp.Peer, prefix netip.Prefix, best bgp.Best) bool {
		return best.Own() && b.isSite(to.ID) &&
			!slices.ContainsFunc(statics, func(s static) bool { return s.Prefix == prefix && s.inside })
	}
}

func (b *builder) isSite(id events.ActorID) bool {
	return slices.ContainsFunc(b.s.Sites, func(s Site) bool { return s.Name == string(id) })
}

// tag marks the prefixes that an NVA sends to Route Servers for NICs alone.
func (b *builder) tag(n NVA) func(*bgp.Peer, netip.Prefix) []events.Community {
	if len(n.NoAdvertise) == 0 {
		return nil
	}
	return func(to *bgp.Peer, prefix netip.Prefix) []events.Community {
		if b.isSite(to.ID) || !slices.Contains(n.NoAdvertise, prefix) {
			return nil
		}
		return []events.Community{events.NoAdvertise}
	}
}

// changes gives what the operator of an NVA changes of its policies while it runs.
func (n NVA) changes(faults []Fault, peers []bgp.Peer) []bgp.Change {
	var all []bgp.Change
	for _, f := range faults {
		if f.Kind != PolicyChange || f.Target != n.Name {
			continue
		}
		c := bgp.Change{Name: f.Name, Prepend: f.Prepend, Import: policy(f.Import), Export: policy(f.Export)}
		for _, p := range peers {
			if f.Peer == "" || f.Peer == string(p.ID) || f.Peer == instanceOf(string(p.ID)) {
				c.Peers = append(c.Peers, p.ID)
			}
		}
		all = append(all, c)
	}
	return all
}

// peersOfNVA gives the Route Server instances and sites that an NVA peers with,
// and lays the wires to them.
func (b *builder) peersOfNVA(n NVA) []bgp.Peer {
	var peers []bgp.Peer
	base := n.speaker().base()
	base.Prepend = n.Prepend
	for _, rs := range b.s.RouteServers {
		for i := range 2 {
			id := instance(rs.Name, i)
			s, ok := n.sessionWith(id)
			if !ok {
				continue
			}
			over, delay, _ := b.between(n.VNet, rs.VNet)
			p := base
			p.ID, p.AS, p.PeerKeepalive, p.Delay = id, actors.RouteServerAS, rs.Keepalive, delay.Min()
			p.PeerFixed, p.Passive = !rs.Negotiate, rs.Initiator != "nva"
			s.apply(&p)
			p.Restart = restart(n.Restart)
			if rs.BFD {
				p.BFD = bfd()
			}
			peers = append(peers, p)
			b.wire(events.ActorID(n.Name), id, delay, over)
		}
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.To == n.Name && t.BGP {
				p := base
				p.ID, p.AS, p.PeerKeepalive, p.PeerJitter, p.Delay = events.ActorID(s.Name), s.ASN, s.Keepalive, s.Jitter, t.Delay.Min()
				p.Liveness = t.liveness()
				policyOf(n.Sites, s.Name).apply(&p)
				peers = append(peers, p)
				b.wire(events.ActorID(n.Name), p.ID, t.Delay, []events.Crossing{{Link: t.Name}})
			}
		}
	}
	return peers
}

// apply gives a peer what the session does to routes.
func (s Session) apply(p *bgp.Peer) {
	p.Prepend, p.AllowASIn, p.Unchanged, p.NextHop = *s.Prepend, *s.AllowASIn, *s.Unchanged, s.NextHop
	p.Import, p.Export = policy(s.Import), policy(s.Export)
	for _, way := range []struct {
		name   string
		policy *bgp.Policy
	}{{"in", &p.In}, {"out", &p.Out}} {
		if s.ASOverride == way.name || s.ASOverride == "both" {
			way.policy.Override = actors.RouteServerAS
		}
		if s.RemoveAS == way.name || s.RemoveAS == "both" {
			way.policy.Remove = actors.RouteServerAS
		}
	}
}

// liveness gives the dead-peer detection of a tunnel.
func (t Tunnel) liveness() bgp.Liveness {
	if t.DPD == 0 {
		return bgp.Liveness{}
	}
	return bgp.Liveness{Name: "DPD", Interval: t.DPD, Multiplier: t.DPDRetries}
}

// siteAddress gives the tunnel address of the i-th site's router, from the range
// that Azure uses for BGP in tunnels (169.254.21.0 to 169.254.22.255).
func siteAddress(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{169, 254, byte(21 + (i+1)>>8), byte(i + 1)})
}

// siteAddress gives the address of a site's router.
func (b *builder) siteAddress(name string) netip.Addr {
	return siteAddress(slices.IndexFunc(b.s.Sites, func(s Site) bool { return s.Name == name }))
}

// sites makes the routers of the sites.
func (b *builder) sites() {
	for i, s := range b.s.Sites {
		id := events.ActorID(s.Name)
		b.place(events.Node{
			Node: id, Type: events.SiteNode, AS: s.ASN, Address: siteAddress(i), Prefixes: s.Prefixes, Scheme: hashScheme(s.ECMPScheme),
		})
		c := s.speaker().config(b.speaker(id, s.ASN, siteAddress(i)))
		c.Originate = s.Prefixes
		c.Peers = append(b.tunnelsOf(s), b.circuitsOf(s)...)
		statics, probes := b.staticsOfSite(s)
		r := s.speaker().router(c)
		r.Statics, r.Probes = bare(statics), probes
		b.router(r)
	}
}

// tunnelsOf gives the NVAs and VPN gateways that a site peers with.
func (b *builder) tunnelsOf(s Site) []bgp.Peer {
	var peers []bgp.Peer
	base := s.speaker().base()
	for _, t := range s.Tunnels {
		if !t.BGP {
			continue
		}
		for _, end := range b.s.tunnelEnds(t) {
			p := base
			p.ID, p.Delay, p.Liveness = end, t.Delay.Min(), t.liveness()
			if b.s.isVPNGateway(t.To) {
				p.AS, p.PeerKeepalive, p.PeerFixed = b.s.vpnGateway(t.To).ASN, vpnKeepalive(), true
			} else {
				n := b.s.nva(t.To)
				p.AS, p.PeerKeepalive, p.PeerJitter = n.ASN, n.Keepalive, n.Jitter
			}
			policyOf(s.Peers, t.To).apply(&p)
			peers = append(peers, p)
		}
	}
	return peers
}
