package scenarios

import (
	"slices"
	"strconv"

	"dualhome/events"
	"dualhome/sim"
)

// peeringOf gives the peering between two VNets and whether x is its second.
func (s *Scenario) peeringOf(x, y string) (p Peering, reverse, ok bool) {
	for _, p := range s.Peerings {
		if p.Between == [2]string{x, y} {
			return p, false, true
		}
		if p.Between == [2]string{y, x} {
			return p, true, true
		}
	}
	return Peering{}, false, false
}

// routesTo tells whether the NICs of a VNet have a system route to another one.
func (s *Scenario) routesTo(from, to string) bool {
	p, _, ok := s.peeringOf(from, to)
	return ok && slices.Contains(p.AllowAccess, from)
}

// host gives the VNet whose Route Server or gateway a VNet uses: itself, or the
// one that it is peered with so.
func (s *Scenario) host(vnet string) string {
	for _, p := range s.Peerings {
		for i, end := range p.Between {
			if end == vnet && slices.Contains(p.UseRemoteGateways, vnet) {
				return p.Between[1-i]
			}
		}
	}
	return vnet
}

// attached gives the VNets that use the Route Server or gateway of a VNet: that
// one first.
func (s *Scenario) attached(vnet string) []VNet {
	all := []VNet{s.vnet(vnet)}
	for _, v := range s.VNets {
		if v.Name != vnet && s.host(v.Name) == vnet {
			all = append(all, v)
		}
	}
	return all
}

// between gives what packets cross inside Azure from one VNet to another, and
// how long that takes.
func (b *builder) between(x, y string) (over []events.Crossing, delay sim.Dist, ok bool) {
	if x == y {
		return nil, sim.Constant(insideVNet), true
	}
	p, reverse, ok := b.s.peeringOf(x, y)
	return []events.Crossing{{Link: p.Name, Reverse: reverse}}, p.Delay, ok
}

// paths writes which nodes reach each other directly. Between two groups of VMs
// only flows between their sets go, so that VMs cost no more than they must.
func (b *builder) paths() {
	between := map[[2]string]bool{}
	for _, c := range b.s.Traffic {
		for _, x := range b.s.endpoint(c.From).sets {
			for _, y := range b.s.endpoint(c.To).sets {
				between[[2]string{x.Name, y.Name}], between[[2]string{y.Name, x.Name}] = true, true
			}
		}
	}
	azure := slices.DeleteFunc(slices.Clone(b.nodes), func(v vertex) bool { return b.isRouter[v.id] })
	for _, x := range azure {
		for _, y := range azure {
			if x.id == y.id || x.set != "" && y.set != "" && !between[[2]string{x.set, y.set}] {
				continue
			}
			if path, ok := b.path(x, y); ok {
				b.fact(path)
			}
		}
	}
}

// path tells whether packets can go directly from x to y, and over what.
func (b *builder) path(x, y vertex) (events.Path, bool) {
	p := events.Path{From: x.id, To: y.id}
	ok := false
	switch {
	case x.vnet != "" && y.vnet != "":
		p.Crossings, _, ok = b.between(x.vnet, y.vnet)
		p.OwnOnly = ok && b.ownOnly(x, y)
		return p, ok && (x.vnet == y.vnet || b.s.routesTo(x.vnet, y.vnet))
	case y.kind == events.SiteNode:
		p.Crossings, ok = b.tail(x, y.id, false)
	case x.kind == events.SiteNode:
		p.Crossings, ok = b.tail(y, x.id, true)
	case y.kind == events.MSEENode:
		p.Crossings, ok = b.toCircuit(x, y)
	case x.kind == events.MSEENode:
		p.Crossings, ok = b.toCircuit(y, x)
		p.Crossings, ok = reversed(p.Crossings), ok && y.kind == events.GatewayNode
	case y.kind == events.InternetNode:
		p.Crossings, ok = b.toInternet(x, false)
	case x.kind == events.InternetNode:
		p.Crossings, ok = b.toInternet(y, true)
	}
	return p, ok
}

// ownOnly tells whether the VNet of y accepts from that of x only what comes from
// there. A gateway whose transit it uses may send it everything.
func (b *builder) ownOnly(x, y vertex) bool {
	if x.vnet == y.vnet {
		return false
	}
	p, _, _ := b.s.peeringOf(x.vnet, y.vnet)
	isGateway := x.kind == events.GatewayNode || x.kind == events.VPNGatewayNode
	return !slices.Contains(p.AllowForwarded, y.vnet) && (!isGateway || b.s.host(y.vnet) != x.vnet)
}

// toInternet gives the way of a firewall or a VM to the Internet.
func (b *builder) toInternet(x vertex, reverse bool) ([]events.Crossing, bool) {
	if x.kind == events.NVANode && b.isFirewall(x.id) {
		return []events.Crossing{{Link: internetLink(x.id), Reverse: reverse}}, true
	}
	return nil, x.kind == events.VMNode
}

// tail gives the way from an NVA or a VPN gateway through its tunnel, or from an
// MSEE through its link, to a site.
func (b *builder) tail(x vertex, site events.ActorID, reverse bool) ([]events.Crossing, bool) {
	s := b.s.site(string(site))
	for _, t := range s.Tunnels {
		for i, end := range b.s.tunnelEnds(t) {
			if end == x.id {
				return []events.Crossing{{Link: b.s.tunnelLinks(t)[i], Reverse: reverse}}, true
			}
		}
	}
	for _, c := range b.s.Circuits {
		for i := range 2 {
			if c.Site == s.Name && instance(c.Name, i) == x.id {
				return []events.Crossing{{Link: c.links()[i], Reverse: reverse}}, true
			}
		}
	}
	return nil, false
}

// toCircuit gives the way from a node in a VNet to an MSEE: over the connection
// of its gateway, or of the one that its VNet uses.
func (b *builder) toCircuit(x, msee vertex) ([]events.Crossing, bool) {
	if x.vnet == "" {
		return nil, false
	}
	host := b.s.host(x.vnet)
	for _, c := range b.s.Circuits {
		if msee.id != instance(c.Name, 0) && msee.id != instance(c.Name, 1) {
			continue
		}
		for _, to := range c.Connections {
			if b.s.erGateway(to.Gateway).VNet == host {
				over, _, ok := b.between(x.vnet, host)
				return append(over, events.Crossing{Link: to.Name}), ok
			}
		}
	}
	return nil, false
}

// tunnelEnds gives the nodes in Azure at the end of a tunnel: an NVA, or both
// instances of a VPN gateway.
func (s *Scenario) tunnelEnds(t Tunnel) []events.ActorID {
	if s.isVPNGateway(t.To) {
		return []events.ActorID{instance(t.To, 0), instance(t.To, 1)}
	}
	return []events.ActorID{events.ActorID(t.To)}
}

// tunnelLinks gives the links of a tunnel, one for each of its ends.
func (s *Scenario) tunnelLinks(t Tunnel) []string {
	if s.isVPNGateway(t.To) {
		return []string{t.Name + "-0", t.Name + "-1"}
	}
	return []string{t.Name}
}

func (s *Scenario) isVPNGateway(name string) bool {
	return slices.ContainsFunc(s.VPNGateways, func(g VPNGateway) bool { return g.Name == name })
}

func (s *Scenario) erGateway(name string) ERGateway {
	for _, g := range s.ERGateways {
		if g.Name == name {
			return g
		}
	}
	return ERGateway{}
}

// links gives the names of the two links of a circuit.
func (c Circuit) links() [2]string { return [2]string{c.Name + "-primary", c.Name + "-secondary"} }

func (b *builder) isFirewall(id events.ActorID) bool {
	return slices.ContainsFunc(b.s.NVAs, func(n NVA) bool {
		return n.Name == string(id) && slices.Contains(n.Roles, "firewall")
	})
}

// internetLink names the way of an NVA to the Internet.
func internetLink(nva events.ActorID) string { return string(nva) + "-internet" }

// instance names one of the two instances of a Route Server or gateway, or one
// of the two MSEEs of a circuit.
func instance(of string, i int) events.ActorID { return events.ActorID(of + "-" + strconv.Itoa(i)) }
