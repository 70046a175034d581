package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) gateways() {
	seen := map[string]string{}
	for i, g := range c.s.ERGateways {
		c.timers(g.Hold, g.Keepalive, "expressroute_gateways", i)
		c.gateway(AGateway, g.Name, g.VNet, seen, "expressroute_gateways", i)
		c.connected(i, g)
	}
	express := seen
	seen = map[string]string{}
	for i, g := range c.s.VPNGateways {
		c.gateway(AVPNGateway, g.Name, g.VNet, seen, "vpn_gateways", i)
		c.vpnASN(i, g)
		c.together(i, g, express[g.VNet])
	}
}

// together warns of a VPN gateway beside an ExpressRoute gateway where no Route Server
// programs the NICs: of what two gateways do there, each on its own, nothing is known.
func (c *checker) together(i int, g VPNGateway, express string) {
	if _, served := c.s.routeServerOf(g.VNet); express != "" && !served {
		c.warn(fmt.Sprintf("VNet %s has no Route Server, so its NICs get the routes of %s alone: what %s learns is on none of them. Azure may do otherwise, which is not modelled",
			g.VNet, express, g.Name), "vpn_gateways", i, "vnet")
	}
}

// gateway checks where a gateway stands; seen has the VNets with one of its kind.
func (c *checker) gateway(kind Thing, name, vnet string, seen map[string]string, path ...any) {
	at := append(slices.Clip(path), "vnet")
	if !c.refer(vnet, []Thing{AVNet}, at...) {
		return
	}
	if other, found := seen[vnet]; found {
		c.fail(fmt.Sprintf("VNet %s has the %s %s already; Azure allows one of each kind", vnet, kind, other), "", at...)
		return
	}
	seen[vnet] = name
	if _, found := c.s.vnet(vnet).subnet(gatewaySubnet); !found {
		c.fail(fmt.Sprintf("VNet %s has no subnet %s", vnet, gatewaySubnet), "a gateway stands in a subnet of that name, /27 or larger", at...)
	}
}

// connected keeps to the circuits that the largest gateway takes.
func (c *checker) connected(i int, g ERGateway) {
	const limit = 16
	count := 0
	for _, r := range c.s.Circuits {
		for _, to := range r.Connections {
			if to.Gateway == g.Name {
				count++
			}
		}
	}
	if count > limit {
		c.fail(fmt.Sprintf("%s has %d connections; Azure allows %d", g.Name, count, limit), "", "expressroute_gateways", i, "name")
	}
}

// vpnASN refuses what Azure refuses (VPN Gateway FAQ; expressroute-vpn-support,
// 2023-08).
func (c *checker) vpnASN(i int, g VPNGateway) {
	at := []any{"vpn_gateways", i, "asn"}
	rs := slices.IndexFunc(c.s.RouteServers, func(r RouteServer) bool { return r.VNet == g.VNet })
	switch owner := reservedASN(g.ASN); {
	case g.ASN == 65515:
	case rs >= 0:
		c.fail(fmt.Sprintf("beside the Route Server %s a VPN gateway must be in AS 65515, not %d: the two speak iBGP", c.s.RouteServers[rs].Name, g.ASN), "", at...)
	case owner != "":
		c.fail(fmt.Sprintf("AS %d is reserved by %s", g.ASN, owner), "", at...)
	}
}
