package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// routeServerSubnet is the name Azure asks for.
const routeServerSubnet = "RouteServerSubnet"

func (c *checker) routeServers() {
	in := map[string]string{}
	for i, r := range c.s.RouteServers {
		c.timers(r.Hold, r.Keepalive, "route_servers", i)
		if !c.refer(r.VNet, []Thing{AVNet}, "route_servers", i, "vnet") {
			continue
		}
		if other, found := in[r.VNet]; found {
			c.fail(fmt.Sprintf("VNet %s has the Route Server %s already; Azure allows one", r.VNet, other), "", "route_servers", i, "vnet")
			continue
		}
		in[r.VNet] = r.Name
		c.routeServerSubnet(i, c.s.vnet(r.VNet))
		c.peers(i, r)
		c.spokes(i, r)
	}
}

func (c *checker) routeServerSubnet(i int, v VNet) {
	s, found := v.subnet(routeServerSubnet)
	switch {
	case !found:
		c.fail(fmt.Sprintf("VNet %s has no subnet %s", v.Name, routeServerSubnet),
			"a Route Server stands in a subnet of that name, /27 or larger", "route_servers", i, "vnet")
	case s.Prefix.IsValid() && s.Prefix.Bits() > 27:
		v := slices.IndexFunc(c.s.VNets, func(o VNet) bool { return o.Name == v.Name })
		j := slices.IndexFunc(c.s.VNets[v].Subnets, func(o Subnet) bool { return o.Name == s.Name })
		c.fail(fmt.Sprintf("%s must be /27 or larger, not /%d", routeServerSubnet, s.Prefix.Bits()), "", "vnets", v, "subnets", j, "prefix")
	}
}

// peers keeps to the eight BGP peers of a Route Server (Azure subscription
// limits, since 2021).
func (c *checker) peers(i int, r RouteServer) {
	const limit = 8
	peers, at, hint := 0, []any{"route_servers", i, "name"}, ""
	for j, n := range c.s.NVAs {
		if !n.peersWith(r.Name) {
			continue
		}
		peers++
		if made, _ := c.tree.at("nvas", j); made.generated {
			at, hint = []any{"nvas", j}, "a lower count"
		}
	}
	if peers > limit {
		c.fail(fmt.Sprintf("%s has %d NVAs as peers; Azure allows %d", r.Name, peers, limit), hint, at...)
	}
}

// spokes keeps to the VNets that Azure lets a Route Server know.
func (c *checker) spokes(i int, r RouteServer) {
	const limit = 500
	peered := 0
	for _, p := range c.s.Peerings {
		if slices.Contains(p.Between[:], r.VNet) {
			peered++
		}
	}
	if peered > limit {
		c.fail(fmt.Sprintf("VNet %s is peered with %d VNets; Azure allows a Route Server %d", r.VNet, peered, limit), "", "route_servers", i, "vnet")
	}
}

// peersWith tells whether the NVA peers with an instance of the Route Server.
func (n NVA) peersWith(routeServer string) bool {
	return slices.ContainsFunc(n.RouteServers, func(s Session) bool { return s.of() == routeServer || s.RouteServer == routeServer })
}

// hasSession tells whether a Route Server, or an instance, is in the NVA's list
// under just that name.
func (n NVA) hasSession(with string) bool {
	return slices.ContainsFunc(n.RouteServers, func(s Session) bool { return s.RouteServer == with })
}

// of gives the Route Server of a session that names one instance of it; empty
// where it names none.
func (s Session) of() string { return instanceOf(s.RouteServer) }

// instanceOf gives the Route Server of an instance: rs0 for rs0-1; empty where
// name is none.
func instanceOf(name string) string {
	if rs, found := strings.CutSuffix(name, "-0"); found {
		return rs
	}
	rs, found := strings.CutSuffix(name, "-1")
	if !found {
		return ""
	}
	return rs
}
