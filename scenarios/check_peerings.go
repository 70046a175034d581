package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) peerings() {
	seen := map[[2]string]bool{}
	used := map[string]string{} // VNet: whose gateway it uses
	for i, p := range c.s.Peerings {
		a, b := p.Between[0], p.Between[1]
		known := true
		for j, end := range p.Between {
			known = c.refer(end, []Thing{AVNet}, "peerings", i, "between", j) && known
		}
		pair := [2]string{min(a, b), max(a, b)}
		switch {
		case !known:
			continue
		case a == b:
			c.fail("a peering is between two VNets, not within "+a, "", "peerings", i, "between")
			continue
		case seen[pair]:
			c.fail(fmt.Sprintf("%s and %s are peered already", a, b), "", "peerings", i, "between")
		}
		seen[pair] = true
		c.flags(i, p)
		c.remoteGateways(i, p, used)
	}
}

// flags checks that the lists of a peering name its ends.
func (c *checker) flags(i int, p Peering) {
	for _, f := range []struct {
		key  string
		ends []string
	}{
		{"allow_virtual_network_access", p.AllowAccess},
		{"allow_forwarded_traffic", p.AllowForwarded},
		{"allow_gateway_transit", p.AllowGatewayTransit},
		{"use_remote_gateways", p.UseRemoteGateways},
	} {
		for j, end := range f.ends {
			if end != "" && !slices.Contains(p.Between[:], end) {
				c.fail(fmt.Sprintf("%s is no end of %s", end, p.Name), "its ends are "+p.Between[0]+" and "+p.Between[1], "peerings", i, f.key, j)
			}
		}
	}
}

// remoteGateways refuses what Azure refuses of use_remote_gateways; used has the
// VNets that use a gateway of another one already.
func (c *checker) remoteGateways(i int, p Peering, used map[string]string) {
	for j, user := range p.UseRemoteGateways {
		end := slices.Index(p.Between[:], user)
		if end < 0 {
			continue // reported
		}
		owner, at := p.Between[1-end], []any{"peerings", i, "use_remote_gateways", j}
		switch own := c.s.gatewayLike(user); {
		case own != "":
			c.fail(fmt.Sprintf("VNet %s cannot use a remote gateway: it has %s of its own", user, own), "", at...)
		case c.s.gatewayLike(owner) == "":
			c.fail(fmt.Sprintf("VNet %s has neither a gateway nor a Route Server that %s could use", owner, user), "", at...)
		case !slices.Contains(p.AllowGatewayTransit, owner):
			c.fail(fmt.Sprintf("Azure lets %s use the gateway of %s only where %s allows it", user, owner, owner), fmt.Sprintf("add allow_gateway_transit: [%s]", owner), at...)
		case used[user] != "" && used[user] != owner:
			c.fail(fmt.Sprintf("VNet %s uses the gateway of %s already: Azure allows use_remote_gateways on one peering of a VNet", user, used[user]), "", at...)
		}
		used[user] = owner
	}
}

// gatewayLike says which gateway or Route Server a VNet has; empty, where it has
// none.
func (s *Scenario) gatewayLike(vnet string) string {
	if names := s.gatewaysIn(vnet); len(names) > 0 {
		return "the gateway " + names[0]
	}
	for _, r := range s.RouteServers {
		if r.VNet == vnet {
			return "the Route Server " + r.Name + ", which counts as one,"
		}
	}
	return ""
}
