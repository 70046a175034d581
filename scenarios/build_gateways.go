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

// gatewaySubnet is the name Azure asks for.
const gatewaySubnet = "GatewaySubnet"

// mseeAS is the AS of Microsoft's edge routers (Azure: expressroute-routing).
const mseeAS = 12076

// vpnKeepalive and vpnRoutes are what no VPN gateway lets be changed: how often it
// sends a keepalive, and how many routes it takes from a peer.
func vpnKeepalive() time.Duration { return profileNamed(vpnProfile).duration("keepalive") }
func vpnRoutes() int              { return profileNamed(vpnProfile).number("route_limit") }

// half is an instance of a gateway: what both kinds have in common.
type half struct {
	id, twin  events.ActorID
	vnet      string
	i         int
	hold      time.Duration
	keepalive time.Duration
	profile   Profile // what else it does
	capacity  events.Capacity
}

// gateways makes the instances of the gateways.
func (b *builder) gateways() {
	for _, g := range b.s.ERGateways {
		for i := range 2 {
			b.erInstance(g, half{instance(g.Name, i), instance(g.Name, 1-i), g.VNet, i, g.Hold, g.Keepalive, profileNamed(erProfile), g.capacity().Half()})
		}
	}
	vpn := profileNamed(vpnProfile)
	for _, g := range b.s.VPNGateways {
		for i := range 2 {
			b.vpnInstance(g, half{instance(g.Name, i), instance(g.Name, 1-i), g.VNet, i, vpn.duration("hold"), vpn.duration("keepalive"), vpn, g.capacity().Half()})
		}
	}
}

func (b *builder) erInstance(g ERGateway, h half) {
	c := b.gatewayAt(h, events.GatewayNode, actors.RouteServerAS, 4+h.i)
	_, beside := b.s.routeServerOf(g.VNet)
	c.Multipath, c.LoopsLast = bgp.AnyAS, true
	if beside {
		c.Multipath = bgp.SinglePath // one path is all that it can tell the Route Server (Azure: troubleshoot-route-server)
	}
	c.Peers = append(c.Peers, b.mseesOf(g, h)...)
	b.gateway(h, g.Programming, actors.GatewayConfig{Router: actors.RouterConfig{Speaker: c}})
}

func (b *builder) vpnInstance(g VPNGateway, h half) {
	c := b.gatewayAt(h, events.VPNGatewayNode, g.ASN, 6+h.i)
	c.Multipath, c.NextHopSelf = bgp.AnyAS, true
	c.Peers = append(c.Peers, b.vpnSites(g, h)...)
	statics, probes := b.staticsOfVPN(g, h)
	for _, s := range statics {
		c.Originate = append(c.Originate, s.Prefix)
	}
	b.gateway(h, g.Programming, actors.GatewayConfig{
		Router:  actors.RouterConfig{Speaker: c, Statics: bare(statics), Probes: probes},
		Transit: true,
		Keep:    append([]netip.Prefix{defaultRoute()}, b.originated(g.VNet)...), // Azure: VPN Gateway FAQ
	})
}

// gatewayAt places an instance of a gateway at an address of GatewaySubnet, and
// gives what its speaker is told, with the Route Server as first peers.
func (b *builder) gatewayAt(h half, kind events.NodeKind, as uint32, offset int) bgp.Config {
	subnet, _ := b.s.vnet(h.vnet).subnet(gatewaySubnet)
	address := nth(subnet.Prefix, offset)
	b.place(events.Node{Node: h.id, Type: kind, VNet: h.vnet, AS: as, Address: address, Capacity: h.capacity, Scheme: hashScheme(b.s.ECMPScheme)})
	b.nics(nicGroup{h.id, h.vnet, subnet, []int{0}, nil}, "")
	c := b.speaker(h.id, as, address)
	c.Originate = b.originated(h.vnet)
	rs, ok := b.s.routeServerOf(h.vnet)
	if !ok || b.s.hijacks(h.vnet) {
		return c
	}
	for i := range 2 {
		p := h.base()
		p.ID, p.AS, p.PeerKeepalive, p.PeerFixed, p.Delay = instance(rs.Name, i), actors.RouteServerAS, rs.Keepalive, !rs.Negotiate, insideVNet
		c.Peers = append(c.Peers, p)
		b.wire(h.id, p.ID, sim.Constant(insideVNet), nil)
	}
	return c
}

// base gives what an instance is told of all its peers.
func (h half) base() bgp.Peer {
	return bgp.Peer{
		Hold: h.hold, Keepalive: h.keepalive, Fixed: h.profile.fixed(), ConnectRetry: h.profile.dist("connect_retry"), IdleHold: idleHold,
	}
}

// gateway makes an instance of a gateway. It programs NICs where no Route Server
// stands in its VNet.
func (b *builder) gateway(h half, delay sim.Dist, c actors.GatewayConfig) {
	c.Programming = actors.Programming{Delay: delay, Serves: b.served(h.id)}
	b.part(func(n *Network, o Options) sim.Actor {
		c := c
		c.Router.Speaker.EveryKeepalive = o.EveryKeepalive
		g := actors.NewGateway(c)
		n.Gateways = append(n.Gateways, g)
		return g
	})
	if b.s.programming(h.vnet).servers(h.i)[0] == h.id {
		b.inst = append(b.inst, actors.Instance{ID: h.id, Twin: h.twin, Serves: c.Programming.Serves})
	}
}

// gatewaysOf gives the gateway instances that a Route Server instance speaks
// iBGP with. The gateways open the connections.
func (b *builder) gatewaysOf(rs RouteServer) []bgp.Peer {
	var peers []bgp.Peer
	add := func(vnet, name string, keepalive time.Duration, fixed, preferred bool) {
		if vnet != rs.VNet || b.s.hijacks(vnet) {
			return
		}
		for i := range 2 {
			p := bgp.Peer{
				ID: instance(name, i), AS: actors.RouteServerAS, Passive: true, Hold: rs.Hold, Keepalive: rs.Keepalive, Fixed: !rs.Negotiate,
				PeerKeepalive: keepalive, PeerFixed: fixed, Delay: insideVNet, IdleHold: idleHold,
			}
			if preferred {
				p.Preference = 1
			}
			policyOf(rs.RouteMaps, name).apply(&p)
			peers = append(peers, p)
		}
	}
	for _, g := range b.s.ERGateways {
		add(g.VNet, g.Name, g.Keepalive, profileNamed(erProfile).fixed(), rs.Preference == "ExpressRoute")
	}
	for _, g := range b.s.VPNGateways {
		add(g.VNet, g.Name, vpnKeepalive(), profileNamed(vpnProfile).fixed(), rs.Preference == "VpnGateway")
	}
	return peers
}

// routeServerOf gives the Route Server of a VNet.
func (s *Scenario) routeServerOf(vnet string) (RouteServer, bool) {
	i := slices.IndexFunc(s.RouteServers, func(r RouteServer) bool { return r.VNet == vnet })
	if i < 0 {
		return RouteServer{}, false
	}
	return s.RouteServers[i], true
}

func (s *Scenario) vpnGateway(name string) VPNGateway {
	for _, g := range s.VPNGateways {
		if g.Name == name {
			return g
		}
	}
	return VPNGateway{}
}

// mseesOf gives the MSEEs that an instance of a gateway speaks with, and lays the
// wires to them. Where NICs are to use two paths beside a Route Server, the two
// instances rank them differently.
func (b *builder) mseesOf(g ERGateway, h half) []bgp.Peer {
	var peers []bgp.Peer
	for _, c := range b.s.Circuits {
		for _, to := range c.Connections {
			if to.Gateway != g.Name {
				continue
			}
			for i := range 2 {
				p := h.base()
				p.ID, p.AS, p.PeerKeepalive, p.Delay = instance(c.Name, i), mseeAS, c.Keepalive, to.Delay.Min()
				p.Preference, p.AllowASIn = to.Weight+b.ownFirst(g.VNet, "ExpressRoute"), -1
				peers = append(peers, p)
				b.wire(h.id, p.ID, to.Delay, []events.Crossing{{Link: to.Name}})
			}
		}
	}
	if g.ECMP {
		for i := range peers {
			peers[i].Rank = (i + h.i) % len(peers)
		}
	}
	return peers
}

// ownFirst gives the preference, beside a Route Server that prefers its kind, of
// what a gateway learns from outside: were a shorter path that the Route Server
// offers better, the gateway would not tell it of the one that it prefers (Azure:
// hub-routing-preference).
func (b *builder) ownFirst(vnet, kind string) int {
	if rs, ok := b.s.routeServerOf(vnet); ok && rs.Preference == kind {
		return 1
	}
	return 0
}

// vpnSites gives the sites that an instance of a VPN gateway peers with, and lays
// the wires to them.
func (b *builder) vpnSites(g VPNGateway, h half) []bgp.Peer {
	var peers []bgp.Peer
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.To != g.Name || !t.BGP {
				continue
			}
			p := h.base()
			p.ID, p.AS, p.PeerKeepalive, p.PeerJitter, p.Delay = events.ActorID(s.Name), s.ASN, s.Keepalive, s.Jitter, t.Delay.Min()
			p.Liveness, p.MaxRoutes = t.liveness(), bgp.MaxRoutes{Limit: vpnRoutes(), Retry: g.LimitRetry}
			p.Preference = b.ownFirst(g.VNet, "VpnGateway")
			peers = append(peers, p)
			b.wire(h.id, p.ID, t.Delay, []events.Crossing{{Link: b.s.tunnelLinks(t)[h.i]}})
		}
	}
	return peers
}

// staticsOfVPN gives the prefixes of sites without BGP: those of their local
// network gateways.
func (b *builder) staticsOfVPN(g VPNGateway, h half) ([]static, []actors.Probe) {
	var statics []static
	var probes []actors.Probe
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.To != g.Name || t.BGP {
				continue
			}
			site := events.ActorID(s.Name)
			hop := actors.StaticHop{Address: b.siteAddress(s.Name)}
			if t.DPD > 0 {
				hop.Watch = site
				probes = append(probes, t.probe(site))
				b.watch(h.id, site, []events.Crossing{{Link: b.s.tunnelLinks(t)[h.i]}})
			}
			for _, p := range s.Prefixes {
				statics = addHop(statics, p, hop, true, false)
			}
		}
	}
	return statics, probes
}

// msees makes the Microsoft edge routers of the circuits.
func (b *builder) msees() {
	for _, c := range b.s.Circuits {
		for i := range 2 {
			id, address := instance(c.Name, i), c.Addresses[i]
			b.place(events.Node{Node: id, Type: events.MSEENode, AS: mseeAS, Address: address, Scheme: hashScheme(b.s.ECMPScheme)})
			s := b.speaker(id, mseeAS, address)
			s.Multipath = bgp.SameAS
			s.Peers = append(b.connectionsOf(c), b.edgeOf(c, i))
			b.router(actors.RouterConfig{Speaker: s, Withhold: b.withholdFromTwin(c)})
		}
	}
}

// connectionsOf gives the gateway instances that an MSEE speaks with. The
// gateways open the connections. What a circuit tells a gateway takes effect
// after its convergence (Azure: expressroute-bfd).
func (b *builder) connectionsOf(c Circuit) []bgp.Peer {
	var peers []bgp.Peer
	fixed := profileNamed(mseeProfile).fixed()
	for _, to := range c.Connections {
		g := b.s.erGateway(to.Gateway)
		for i := range 2 {
			peers = append(peers, bgp.Peer{
				ID: instance(g.Name, i), AS: actors.RouteServerAS, Passive: true, Hold: c.Hold, Keepalive: c.Keepalive,
				PeerKeepalive: g.Keepalive, Fixed: fixed, Delay: to.Delay.Min(), IdleHold: idleHold, Hesitate: &g.Convergence,
			})
		}
	}
	return peers
}

// edgeOf gives the site that an MSEE speaks with: it sees no private AS numbers
// and no copies (Azure: route-server-faq), and sends no more than the circuit
// takes (Azure: expressroute limits).
func (b *builder) edgeOf(c Circuit, i int) bgp.Peer {
	s := b.s.site(c.Site)
	p := bgp.Peer{
		ID: events.ActorID(s.Name), AS: s.ASN, Passive: true, Hold: c.Hold, Keepalive: c.Keepalive, PeerKeepalive: s.Keepalive, PeerJitter: s.Jitter,
		Fixed: profileNamed(mseeProfile).fixed(), Delay: c.Delay.Min(), IdleHold: idleHold, Out: bgp.Policy{StripPrivate: true}, MaxRoutes: bgp.MaxRoutes{Limit: c.limit(), Retry: c.LimitRetry},
	}
	if c.BFD {
		p.BFD = bfd()
	}
	b.wire(instance(c.Name, i), p.ID, c.Delay, []events.Crossing{{Link: c.links()[i]}})
	return p
}

// hijacks tells whether a user-defined route of GatewaySubnet takes the packets
// of BGP between the gateway and the Route Server of a VNet somewhere else: then
// there is no session (Azure: troubleshoot-route-server, 2023-12-17).
func (s *Scenario) hijacks(vnet string) bool {
	v := s.vnet(vnet)
	to, _ := v.subnet(routeServerSubnet)
	from, _ := v.subnet(gatewaySubnet)
	return slices.ContainsFunc(from.Routes, func(r UserRoute) bool { return v.hijacks(from, to, r) })
}

// hijacks tells whether one route does.
func (v VNet) hijacks(from, to Subnet, r UserRoute) bool {
	return r.NextHopType != "VnetLocal" && r.Prefix.IsValid() && to.Prefix.IsValid() && r.Prefix.Overlaps(to.Prefix) &&
		within(r.Prefix, v.AddressSpace) && !excepted(from, to, r)
}

// limit gives how many routes a circuit takes from its site (Azure: expressroute
// limits).
func (c Circuit) limit() int {
	if c.SKU == "Premium" {
		return 10000
	}
	return 4000
}

// withholdFromTwin keeps what one instance of a gateway sent from the other one.
func (b *builder) withholdFromTwin(c Circuit) func(*bgp.Peer, netip.Prefix, bgp.Best) bool {
	gateway := map[events.ActorID]string{}
	for _, to := range c.Connections {
		for i := range 2 {
			gateway[instance(to.Gateway, i)] = to.Gateway
		}
	}
	return func(to *bgp.Peer, _ netip.Prefix, best bgp.Best) bool {
		from := gateway[best.From[0]]
		return from != "" && from == gateway[to.ID]
	}
}

// circuitsOf gives the MSEEs that a site speaks with. The site opens the
// connections.
func (b *builder) circuitsOf(s Site) []bgp.Peer {
	var peers []bgp.Peer
	base := s.speaker().base()
	for _, c := range b.s.Circuits {
		if c.Site != s.Name {
			continue
		}
		for i := range 2 {
			p := base
			p.ID, p.AS, p.PeerKeepalive, p.Delay = instance(c.Name, i), mseeAS, c.Keepalive, c.Delay.Min()
			if c.BFD {
				p.BFD = bfd()
			}
			policyOf(s.Peers, c.Name).apply(&p)
			peers = append(peers, p)
		}
	}
	return peers
}
