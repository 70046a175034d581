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
		subnets = append(subnets, placed{s.Prefix, "subnet " + s.Name, []any{"vnets", i, "subnets", j, "prefix"}})
	}
	c.overlaps(subnets)
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

func (c *checker) peerings() {
	seen := map[[2]string]bool{}
	for i, p := range c.s.Peerings {
		a, b := p.Between[0], p.Between[1]
		known := true
		for j, end := range p.Between {
			known = c.refer(end, []Thing{AVNet}, "peerings", i, "between", j) && known
		}
		pair := [2]string{min(a, b), max(a, b)}
		switch {
		case known && a == b:
			c.fail("a peering is between two VNets, not within "+a, "", "peerings", i, "between")
		case known && seen[pair]:
			c.fail(fmt.Sprintf("%s and %s are peered already", a, b), "", "peerings", i, "between")
		}
		seen[pair] = true
	}
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
