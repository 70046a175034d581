package scenarios

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

func (c *checker) nvas() {
	at := map[netip.Addr]string{}
	for i, n := range c.s.NVAs {
		c.timers(n.Hold, n.Keepalive, "nvas", i)
		c.nvaASN(i, n)
		if other, taken := at[n.Address]; taken && n.Address.IsValid() {
			c.fail(fmt.Sprintf("%s is the address of %s already", n.Address, other), "", "nvas", i, "address")
		}
		at[n.Address] = n.Name
		if c.refer(n.VNet, []Thing{AVNet}, "nvas", i, "vnet") {
			c.nvaAddress(i, n)
			c.nvaRouteServers(i, n)
		}
		c.staticRoutes(i, n)
	}
}

// nvaASN refuses what Azure refuses (Route Server FAQ, 2025-09).
func (c *checker) nvaASN(i int, n NVA) {
	at := []any{"nvas", i, "asn"}
	switch {
	case n.ASN == 65515:
		c.fail("an NVA in AS 65515 exchanges no routes with a Route Server: eBGP needs another AS", "65001 is free, and so are 64512-65514 and 65521-65534", at...)
	case n.ASN == 23456 || n.ASN >= 64496 && n.ASN <= 64511 || n.ASN >= 65535 && n.ASN <= 65551:
		c.fail(fmt.Sprintf("AS %d is reserved by IANA", n.ASN), "", at...)
	case slices.Contains([]uint32{8074, 8075, 12076}, n.ASN) || n.ASN >= 65517 && n.ASN <= 65520:
		c.fail(fmt.Sprintf("AS %d is reserved by Azure", n.ASN), "", at...)
	case n.ASN > 65535 && len(n.RouteServers) > 0:
		c.fail(fmt.Sprintf("AS %d does not fit into 16 bits, and a Route Server takes no others", n.ASN), "", at...)
	}
}

func (c *checker) nvaAddress(i int, n NVA) {
	at, v := []any{"nvas", i, "address"}, c.s.vnet(n.VNet)
	host := netip.PrefixFrom(n.Address, 32)
	j := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.Prefix.IsValid() && s.Prefix.Contains(n.Address) })
	switch {
	case !n.Address.IsValid():
	case !within(host, v.AddressSpace):
		c.fail(fmt.Sprintf("%s is not inside the address space of VNet %s", n.Address, v.Name), "", at...)
	case j < 0 && len(v.Subnets) > 0:
		c.warn(fmt.Sprintf("%s is in no subnet of VNet %s", n.Address, v.Name), at...)
	case j < 0:
	case v.Subnets[j].Name == routeServerSubnet:
		c.fail(fmt.Sprintf("%s is in %s, where only a Route Server may be", n.Address, routeServerSubnet), "", at...)
	case reserved(v.Subnets[j].Prefix, n.Address):
		c.fail(fmt.Sprintf("Azure keeps %s for itself: the first four addresses of a subnet, and the last", n.Address), "", at...)
	}
}

// reserved tells whether an address of the subnet is one of the first four or
// the last.
func reserved(subnet netip.Prefix, a netip.Addr) bool {
	n := number(a) - number(subnet.Addr())
	return n < 4 || n == 1<<(32-subnet.Bits())-1
}

func number(a netip.Addr) uint64 {
	b := a.As4()
	return uint64(binary.BigEndian.Uint32(b[:]))
}

func (c *checker) nvaRouteServers(i int, n NVA) {
	for j, name := range n.RouteServers {
		at := []any{"nvas", i, "route_servers", j}
		if !c.refer(name, []Thing{ARouteServer, AnInstance}, at...) {
			continue
		}
		rs := name
		if c.names[name] == AnInstance {
			rs = instanceOf(name)
			if slices.Contains(n.RouteServers, rs) {
				c.fail(fmt.Sprintf("%s is one of the two instances of %s, which is in the list", name, rs), "", at...)
				continue
			}
		}
		v := c.s.routeServer(rs).VNet
		if v == n.VNet && n.may("firewall") {
			c.warn(n.Name+" stands in the VNet of "+name+", which programs its 0.0.0.0/0 on its own NIC too: what it sends to the Internet comes back to it", at...)
		}
		if !c.s.peered(n.VNet, v) {
			c.fail(fmt.Sprintf("%s cannot reach %s: VNet %s is not peered with VNet %s", n.Name, name, n.VNet, v),
				fmt.Sprintf("add {between: [%s, %s]} to peerings", n.VNet, v), at...)
		}
	}
}

func (s *Scenario) routeServer(name string) RouteServer {
	for _, r := range s.RouteServers {
		if r.Name == name {
			return r
		}
	}
	return RouteServer{}
}

// staticRoutes must lead where a tunnel goes.
func (c *checker) staticRoutes(i int, n NVA) {
	reachable := []netip.Prefix{}
	for _, s := range c.s.Sites {
		if slices.ContainsFunc(s.Tunnels, func(t Tunnel) bool { return t.NVA == n.Name }) {
			reachable = append(reachable, s.Prefixes...)
		}
	}
	for j, p := range n.StaticRoutes {
		if p.IsValid() && p.Bits() > 0 && !within(p, reachable) {
			c.fail(fmt.Sprintf("%s belongs to no site that %s has a tunnel to", p, n.Name), "", "nvas", i, "static_routes", j)
		}
	}
}
