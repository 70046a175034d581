package scenarios

import (
	"fmt"
	"net/netip"
	"slices"

	"dualhome/events"
)

// userRoutes refuses what Azure refuses of route tables (2023-05:
// virtual-networks-udr-overview).
func (c *checker) userRoutes() {
	for i, v := range c.s.VNets {
		for j, s := range v.Subnets {
			seen := map[netip.Prefix]bool{}
			for k, r := range s.Routes {
				at := []any{"vnets", i, "subnets", j, "routes", k}
				if seen[r.Prefix] && r.Prefix.IsValid() {
					c.fail(fmt.Sprintf("%s has a route already: Azure refuses a second one (RouteConflict)", r.Prefix), "", append(slices.Clip(at), "prefix")...)
				}
				seen[r.Prefix] = true
				c.userRoute(v, s, r, at)
			}
		}
	}
}

const virtualAppliance = "VirtualAppliance"

func (c *checker) userRoute(v VNet, s Subnet, r UserRoute, path []any) {
	at := func(key string) []any { return append(slices.Clip(path), key) }
	appliance := r.NextHopType == virtualAppliance
	switch {
	case s.Name == gatewaySubnet && appliance && r.Prefix.IsValid() && r.Prefix.Bits() == 0:
		c.fail("Azure does not support 0.0.0.0/0 to a VirtualAppliance on "+gatewaySubnet+": the gateway would lose its management", "route the prefixes of the spokes", at("prefix")...)
	case appliance && !r.NextHop.IsValid():
		c.fail("a route to a VirtualAppliance needs its address", "add next_hop, the address of an NVA or a load balancer", at("next_hop")...)
	case !appliance && r.NextHopType != "" && r.NextHop.IsValid():
		c.fail(fmt.Sprintf("a route to %s has no next hop of its own", r.NextHopType), "take next_hop out", at("next_hop")...)
	case appliance && r.Prefix.IsValid():
		c.applianceAt(v, r, at("next_hop"))
	case r.NextHopType == events.VirtualNetworkGateway.String() && len(c.s.gatewaysIn(c.s.host(v.Name))) == 0:
		c.warn(fmt.Sprintf("VNet %s has no gateway and uses none: Azure takes the route, and packets to %s are dropped", v.Name, r.Prefix), at("next_hop_type")...)
	}
}

// applianceAt warns of next hops that Azure takes and cannot reach.
func (c *checker) applianceAt(v VNet, r UserRoute, at []any) {
	owner, in := c.s.ownerOf(r.NextHop)
	switch {
	case owner == "":
		c.warn(fmt.Sprintf("%s is the address of no NVA and no load balancer: Azure takes the route, and packets to %s are dropped", r.NextHop, r.Prefix), at...)
	case !c.s.peered(v.Name, in):
		c.warn(fmt.Sprintf("%s of %s is in VNet %s, which is not peered with VNet %s: Azure takes the route, and packets to %s are dropped", r.NextHop, owner, in, v.Name, r.Prefix), at...)
	}
}
