package scenarios

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// placed is a prefix with its owner and its place in the file.
type placed struct {
	prefix netip.Prefix
	owner  string
	path   []any
}

func (c *checker) vnets() {
	var spaces []placed
	for i, v := range c.s.VNets {
		for j, p := range v.AddressSpace {
			spaces = append(spaces, placed{p, "VNet " + v.Name, []any{"vnets", i, "address_space", j}})
		}
		c.subnets(i, v)
	}
	c.overlaps(spaces)
}

func (c *checker) subnets(i int, v VNet) {
	var subnets []placed
	seen := map[string]bool{}
	for j, s := range v.Subnets {
		if seen[s.Name] && s.Name != "" {
			c.fail(fmt.Sprintf("VNet %s has a subnet %s already", v.Name, s.Name), "", "vnets", i, "subnets", j, "name")
		}
		seen[s.Name] = true
		if s.Prefix.IsValid() && !within(s.Prefix, v.AddressSpace) {
			c.fail(fmt.Sprintf("%s is not inside the address space of VNet %s", s.Prefix, v.Name), "", "vnets", i, "subnets", j, "prefix")
		}
		if s.Prefix.IsValid() && s.Prefix.Bits() > 29 && resident(s.Name) == "" {
			c.fail(fmt.Sprintf("a subnet is /29 or larger, not /%d: Azure keeps five of its addresses", s.Prefix.Bits()), "", "vnets", i, "subnets", j, "prefix")
		}
		c.special(s, "vnets", i, "subnets", j)
		subnets = append(subnets, placed{s.Prefix, "subnet " + s.Name, []any{"vnets", i, "subnets", j, "prefix"}})
	}
	c.overlaps(subnets)
}

// special refuses what Azure refuses of the two subnets that have their name from
// it (Route Server FAQ; virtual-networks-udr-overview, 2023-05).
func (c *checker) special(s Subnet, path ...any) {
	at := func(key string) []any { return append(slices.Clip(path), key) }
	switch bits := s.Prefix.Bits(); {
	case s.Name == routeServerSubnet && len(s.Routes) > 0:
		c.fail("Azure allows no user-defined routes on "+routeServerSubnet, "", at("routes")...)
	case s.Name == routeServerSubnet && !s.PropagateGatewayRoutes:
		c.fail("Azure allows no route table on "+routeServerSubnet+", and so nothing that turns propagation off", "", at("propagate_gateway_routes")...)
	case s.Name != gatewaySubnet:
	case s.Prefix.IsValid() && bits > 29:
		c.fail(fmt.Sprintf("%s must be /27 or larger, not /%d", gatewaySubnet, bits), "", at("prefix")...)
	case s.Prefix.IsValid() && bits > 27:
		c.warn(fmt.Sprintf("%s is /%d: Azure asks for /27 or larger, and there is no room for a second gateway", gatewaySubnet, bits), at("prefix")...)
	}
	if s.Name == gatewaySubnet && !s.PropagateGatewayRoutes {
		c.fail("Azure forbids to turn the propagation of gateway routes off on "+gatewaySubnet+": the gateway would not work", "take propagate_gateway_routes out", at("propagate_gateway_routes")...)
	}
}

// overlaps reports each prefix that overlaps an earlier one in address order.
func (c *checker) overlaps(all []placed) {
	all = slices.DeleteFunc(all, func(p placed) bool { return !p.prefix.IsValid() })
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()))
	})
	for i := 1; i < len(all); i++ {
		wide, p := all[i-1], all[i]
		if !wide.prefix.Overlaps(p.prefix) {
			continue
		}
		c.fail(fmt.Sprintf("%s overlaps %s of %s", p.prefix, wide.prefix, wide.owner), "", p.path...)
		all[i] = wide // it may reach over the next one as well
	}
}

// within tells whether p is inside one of the prefixes.
func within(p netip.Prefix, prefixes []netip.Prefix) bool {
	return slices.ContainsFunc(prefixes, func(w netip.Prefix) bool {
		return w.Bits() <= p.Bits() && w.Contains(p.Addr())
	})
}

// peered tells whether two VNets are the same or directly peered.
func (s *Scenario) peered(a, b string) bool {
	return a == b || slices.ContainsFunc(s.Peerings, func(p Peering) bool {
		return p.Between == [2]string{a, b} || p.Between == [2]string{b, a}
	})
}

// vnet gives the VNet of that name; the zero VNet, if there is none.
func (s *Scenario) vnet(name string) VNet {
	for _, v := range s.VNets {
		if v.Name == name {
			return v
		}
	}
	return VNet{}
}

// subnet gives the subnet of that name.
func (v VNet) subnet(name string) (Subnet, bool) {
	i := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.Name == name })
	if i < 0 {
		return Subnet{}, false
	}
	return v.Subnets[i], true
}
