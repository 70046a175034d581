package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

// uselessPrepends warns of prepends that the far end of a circuit never sees:
// MSEEs send nothing but 12076 (Route Server FAQ). Where all circuits to a site
// hang off the same gateways the MSEEs themselves choose, and they see them.
func (c *checker) uselessPrepends(i int, n NVA) {
	for j, s := range n.RouteServers {
		r := c.routeServerOfSession(s)
		if *s.Prepend == 0 || !r.toGateways() {
			continue
		}
		for _, site := range c.s.Sites {
			if c.s.ownCircuit(site.Name, r.VNet) && !slices.ContainsFunc(site.Tunnels, func(t Tunnel) bool { return t.To == n.Name }) {
				c.warn(fmt.Sprintf("%s prepends in what it sends to %s, but %s never sees it: MSEEs strip private AS numbers and prepends", n.Name, r.Name, site.Name), "nvas", i, "route_servers", j)
				break
			}
		}
	}
}

// ownCircuit tells whether the gateway of a VNet leads to a site over a circuit,
// and another circuit of the site has other gateways.
func (s *Scenario) ownCircuit(site, vnet string) bool {
	var gateways []string
	leads, differ := false, false
	for _, c := range s.Circuits {
		if c.Site != site {
			continue
		}
		var of []string
		for _, to := range c.Connections {
			of = append(of, to.Gateway)
			leads = leads || s.erGateway(to.Gateway).VNet == vnet
		}
		slices.Sort(of)
		differ = differ || gateways != nil && !slices.Equal(gateways, of)
		gateways = of
	}
	return leads && differ
}

// uselessStatics warns of announced prefixes that no NIC of the Route Server's
// VNet uses: there system routes win whatever the length of the prefix
// (virtual-networks-udr-overview, 2023-05). What the NVA announces of its own
// VNet is no attempt at drawing traffic to itself.
func (c *checker) uselessStatics(i int, n NVA) {
	for j, r := range n.StaticRoutes {
		if !r.Announce || within(r.Prefix, c.s.vnet(n.VNet).AddressSpace) {
			continue
		}
		if by, inside := c.systemRoute(n, r.Prefix); inside {
			c.warn(fmt.Sprintf("%s is inside VNet %s: no NIC will use the route that %s announces, because system routes win", r.Prefix, by, n.Name), "nvas", i, "static_routes", j)
		}
	}
}

// systemRoute gives the VNet whose system route hides a prefix from the NICs
// that a Route Server of the NVA programs.
func (c *checker) systemRoute(n NVA, p netip.Prefix) (vnet string, found bool) {
	for _, s := range n.RouteServers {
		at := c.routeServerOfSession(s).VNet
		for _, v := range c.s.VNets {
			if (v.Name == at || c.s.routesTo(at, v.Name)) && within(p, v.AddressSpace) {
				return v.Name, true
			}
		}
	}
	return "", false
}

// pastNVA warns where traffic from a gateway reaches machines directly, and
// theirs goes through an NVA beside the gateway (route-injection-in-spokes,
// 2023-03: a route table on GatewaySubnet is needed).
func (c *checker) pastNVA(i int, v VNet) {
	gateway, _ := v.subnet(gatewaySubnet)
	for _, set := range c.s.VMs {
		subnet, _ := c.s.vnet(set.VNet).subnet(set.Subnet)
		if !c.s.routesTo(v.Name, set.VNet) || len(c.s.gatewaysIn(set.VNet)) > 0 || c.s.steers(gateway, subnet.Prefix, set.VNet) {
			continue
		}
		n, found := c.wayOut(v.Name, set)
		if !found {
			continue
		}
		what := "past " + n.Name + ", uninspected"
		if n.Stateful {
			what = "past " + n.Name + ", and the answers to it, which come to " + n.Name + ", are dropped"
		}
		j := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.Name == gatewaySubnet })
		c.warn(fmt.Sprintf("no user-defined route here leads to %s for %s of VNet %s: traffic from on-prem reaches it %s", n.Name, subnet.Prefix, set.VNet, what), "vnets", i, "subnets", j)
		return
	}
}

// steers tells whether a user-defined route of a subnet takes what goes to a
// prefix of another VNet to an appliance. One that is wider than the address
// space loses against the peering's system route, which is longer.
func (s *Scenario) steers(from Subnet, to netip.Prefix, vnet string) bool {
	return slices.ContainsFunc(from.Routes, func(r UserRoute) bool {
		return r.NextHopType == virtualAppliance && within(to, []netip.Prefix{r.Prefix}) && within(r.Prefix, s.vnet(vnet).AddressSpace)
	})
}

// wayOut gives the NVA of a VNet that machines of another one send to and that
// looks at what it forwards: a firewall; a stateful one, if there is any.
func (c *checker) wayOut(vnet string, set VMs) (way NVA, found bool) {
	for _, n := range c.s.NVAs {
		looks := n.Stateful || slices.Contains(n.Roles, "firewall")
		if n.VNet == vnet && looks && !way.Stateful && (c.teaches(n, set.VNet) || c.isNextHop(n, set)) {
			way, found = n, true
		}
	}
	return way, found
}

// teaches tells whether the NVA peers with the Route Server that programs the
// NICs of a VNet, and that does not stand beside the NVA.
func (c *checker) teaches(n NVA, vnet string) bool {
	return slices.ContainsFunc(n.RouteServers, func(s Session) bool {
		at := c.routeServerOfSession(s).VNet
		return at != n.VNet && at == c.s.host(vnet)
	})
}

// isNextHop tells whether a user-defined route of the machines' subnet leads to
// the NVA, or to a load balancer before it.
func (c *checker) isNextHop(n NVA, set VMs) bool {
	subnet, _ := c.s.vnet(set.VNet).subnet(set.Subnet)
	return slices.ContainsFunc(subnet.Routes, func(r UserRoute) bool {
		return r.NextHop.IsValid() && (r.NextHop == n.Address || slices.ContainsFunc(c.s.Balancers, func(b Balancer) bool {
			return b.Address == r.NextHop && slices.Contains(b.Backends, n.Name)
		}))
	})
}

// hijackedBGP warns of user-defined routes on GatewaySubnet that take the BGP
// between gateway and Route Server somewhere else (troubleshoot-route-server,
// 2023-12). A longer route to VnetLocal is the remedy.
func (c *checker) hijackedBGP(i int, v VNet) {
	rs, found := v.subnet(routeServerSubnet)
	r, has := c.s.routeServerOf(v.Name)
	if !found || !has {
		return
	}
	for j, s := range v.Subnets {
		if s.Name != gatewaySubnet {
			continue
		}
		for k, u := range s.Routes {
			if v.hijacks(s, rs, u) {
				c.warn(fmt.Sprintf("%s covers %s, %s: BGP between the gateway and %s goes to %s instead of its peer, so there is none", u.Prefix, routeServerSubnet, rs.Prefix, r.Name, u.hop()), "vnets", i, "subnets", j, "routes", k)
			}
		}
	}
}

// excepted tells whether a longer route keeps a subnet out of a route.
func excepted(s, out Subnet, of UserRoute) bool {
	return slices.ContainsFunc(s.Routes, func(r UserRoute) bool {
		return r.NextHopType == "VnetLocal" && r.Prefix.Bits() > of.Prefix.Bits() && within(out.Prefix, []netip.Prefix{r.Prefix})
	})
}

func (r UserRoute) hop() string {
	if r.NextHop.IsValid() {
		return r.NextHop.String()
	}
	return r.NextHopType
}
