package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

func (c *checker) nvas() {
	for i, n := range c.s.NVAs {
		c.timers(n.Hold, n.Keepalive, "nvas", i)
		c.nvaASN(i, n)
		c.host(n.Name, n.Address, "nvas", i, "address")
		if c.refer(n.VNet, []Thing{AVNet}, "nvas", i, "vnet") {
			c.hostIn(c.s.vnet(n.VNet), n.Address, "nvas", i, "address")
			c.sessions(i, n)
		}
		c.staticRoutes(i, n)
		c.state(i, n)
	}
}

// nvaASN refuses what Azure refuses (Route Server FAQ, 2025-09).
func (c *checker) nvaASN(i int, n NVA) {
	at := []any{"nvas", i, "asn"}
	switch owner := reservedASN(n.ASN); {
	case n.ASN == 65515:
		c.fail("an NVA in AS 65515 exchanges no routes with a Route Server: eBGP needs another AS", "65001 is free, and so are 64512-65514 and 65521-65534", at...)
	case owner != "":
		c.fail(fmt.Sprintf("AS %d is reserved by %s", n.ASN, owner), "", at...)
	case n.ASN > 65535 && len(n.RouteServers) > 0:
		c.fail(fmt.Sprintf("AS %d does not fit into 16 bits, and a Route Server takes no others", n.ASN), "", at...)
	}
}

// reservedASN tells who keeps an AS number for itself; empty, where nobody does
// (Route Server FAQ, 2025-09).
func reservedASN(asn uint32) string {
	switch {
	case asn == 23456 || asn >= 64496 && asn <= 64511 || asn >= 65535 && asn <= 65551:
		return "IANA"
	case slices.Contains([]uint32{8074, 8075, 12076, 65515}, asn) || asn >= 65517 && asn <= 65520:
		return "Azure"
	}
	return ""
}

// sessions checks what an NVA says of its sessions with Route Servers.
func (c *checker) sessions(i int, n NVA) {
	seen := map[string]bool{}
	for j, s := range n.RouteServers {
		at := []any{"nvas", i, "route_servers", j}
		name := append(slices.Clip(at), "route_server")
		if !c.refer(s.RouteServer, []Thing{ARouteServer, AnInstance}, name...) {
			continue
		}
		rs := s.RouteServer
		if c.names[rs] == AnInstance {
			rs = s.of()
		}
		switch {
		case seen[s.RouteServer]:
			c.fail(fmt.Sprintf("%s has a session with %s already", n.Name, s.RouteServer), "", name...)
			continue
		case rs != s.RouteServer && n.hasSession(rs):
			c.fail(fmt.Sprintf("%s is one of the two instances of %s, which is in the list", s.RouteServer, rs), "", name...)
			continue
		}
		seen[s.RouteServer] = true
		c.reach(n, s, c.s.routeServer(rs).VNet, name)
		c.policy(n, s, at)
		c.nextHop(s, c.s.routeServer(rs).VNet, append(slices.Clip(at), "next_hop")...)
	}
}

func (c *checker) reach(n NVA, s Session, vnet string, at []any) {
	if vnet == n.VNet && slices.Contains(n.Roles, "firewall") && !c.s.ownWayOut(n) {
		c.warn(n.Name+" stands in the VNet of "+s.RouteServer+", which programs its 0.0.0.0/0 on its own NIC too: what it sends to the Internet comes back to it, unless its subnet has a route of 0.0.0.0/0 to Internet", at...)
	}
	if vnet != n.VNet && c.s.peered(n.VNet, vnet) && (!c.s.routesTo(n.VNet, vnet) || !c.s.routesTo(vnet, n.VNet)) {
		c.fail(fmt.Sprintf("%s cannot reach %s: the peering of VNet %s and VNet %s lacks allow_virtual_network_access, so that a system route is missing", n.Name, s.RouteServer, n.VNet, vnet), "leave allow_virtual_network_access out: both ends have it then", at...)
	}
	if !c.s.peered(n.VNet, vnet) {
		c.fail(fmt.Sprintf("%s cannot reach %s: VNet %s is not peered with VNet %s", n.Name, s.RouteServer, n.VNet, vnet),
			fmt.Sprintf("add {between: [%s, %s]} to peerings", n.VNet, vnet), at...)
	}
}

// ownWayOut tells whether the NIC of an NVA keeps its way to the Internet whatever
// a Route Server programs.
func (s *Scenario) ownWayOut(n NVA) bool {
	for _, subnet := range s.vnet(n.VNet).Subnets {
		if subnet.Prefix.IsValid() && n.Address.IsValid() && subnet.Prefix.Contains(n.Address) {
			return !subnet.PropagateGatewayRoutes || slices.ContainsFunc(subnet.Routes, func(r UserRoute) bool {
				return r.Prefix.IsValid() && r.Prefix.Bits() == 0 && r.NextHopType == "Internet"
			})
		}
	}
	return false
}

// policy refuses what contradicts itself.
func (c *checker) policy(n NVA, s Session, at []any) {
	for _, direction := range []string{"in", "out"} {
		if applies(s.ASOverride, direction) && applies(s.RemoveAS, direction) {
			c.fail(fmt.Sprintf("%s either overrides 65515 or removes it, with %s in the direction %s: not both", n.Name, s.RouteServer, direction),
				"take one of as_override and remove_as", at...)
			return
		}
	}
	if s.Unchanged != nil && *s.Unchanged && s.NextHop.IsValid() {
		c.fail(fmt.Sprintf("%s either keeps the next hop of what it sends to %s or sets it: not both", n.Name, s.RouteServer),
			"take one of next_hop_unchanged and next_hop", at...)
	}
}

// applies tells whether as_override or remove_as works in a direction.
func applies(setting, direction string) bool { return setting == direction || setting == "both" }

// nextHop checks the address that NICs of a VNet, if one is given, get as next hop.
func (c *checker) nextHop(s Session, vnet string, at ...any) {
	if !s.NextHop.IsValid() {
		return
	}
	owner, in := c.s.ownerOf(s.NextHop)
	switch {
	case owner == "":
		c.fail(fmt.Sprintf("%s is the address of no load balancer and no NVA", s.NextHop), "", at...)
	case vnet != "" && !c.s.peered(in, vnet):
		c.warn(fmt.Sprintf("%s of %s is in VNet %s, which is not peered with VNet %s: NICs there drop what they send to it", s.NextHop, owner, in, vnet), at...)
	}
}

// ownerOf gives the load balancer or NVA that has an address, and its VNet.
func (s *Scenario) ownerOf(a netip.Addr) (name, vnet string) {
	for _, b := range s.Balancers {
		if b.Address == a {
			return b.Name, b.VNet
		}
	}
	for _, n := range s.NVAs {
		if n.Address == a {
			return n.Name, n.VNet
		}
	}
	return "", ""
}

func (s *Scenario) routeServer(name string) RouteServer {
	for _, r := range s.RouteServers {
		if r.Name == name {
			return r
		}
	}
	return RouteServer{}
}

// staticRoutes into tunnels must lead where a tunnel goes.
func (c *checker) staticRoutes(i int, n NVA) {
	reachable := []netip.Prefix{}
	for _, s := range c.s.Sites {
		if slices.ContainsFunc(s.Tunnels, func(t Tunnel) bool { return t.To == n.Name }) {
			reachable = append(reachable, s.Prefixes...)
		}
	}
	seen := map[netip.Prefix]bool{}
	for j, r := range n.StaticRoutes {
		at := []any{"nvas", i, "static_routes", j, "prefix"}
		p := r.Prefix
		switch {
		case !p.IsValid():
		case seen[p]:
			c.fail(p.String()+" comes twice", "", at...)
		case r.Via == "tunnel" && p.Bits() > 0 && !within(p, reachable):
			c.fail(fmt.Sprintf("%s belongs to no site that %s has a tunnel to", p, n.Name), "via: vnet routes it into the NVA's own VNet", at...)
		}
		seen[p] = true
	}
}
