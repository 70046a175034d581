package scenarios

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// host learns who has an address inside Azure, and refuses a second one.
func (c *checker) host(name string, a netip.Addr, at ...any) {
	if !a.IsValid() {
		return
	}
	if other, taken := c.hosts[a]; taken {
		c.fail(fmt.Sprintf("%s is the address of %s already", a, other), "", at...)
	}
	c.hosts[a] = name
}

// hostIn checks the address of an NVA or a load balancer in its VNet.
func (c *checker) hostIn(v VNet, a netip.Addr, at ...any) {
	if !a.IsValid() {
		return
	}
	i := slices.IndexFunc(v.Subnets, func(s Subnet) bool { return s.Prefix.IsValid() && s.Prefix.Contains(a) })
	switch {
	case !within(netip.PrefixFrom(a, 32), v.AddressSpace):
		c.fail(fmt.Sprintf("%s is not inside the address space of VNet %s", a, v.Name), "", at...)
	case i < 0 && len(v.Subnets) > 0:
		c.warn(fmt.Sprintf("%s is in no subnet of VNet %s", a, v.Name), at...)
	case i < 0:
	case resident(v.Subnets[i].Name) != "":
		c.fail(fmt.Sprintf("%s is in %s, where only %s may be", a, v.Subnets[i].Name, resident(v.Subnets[i].Name)), "", at...)
	case reserved(v.Subnets[i].Prefix, a):
		c.fail(fmt.Sprintf("Azure keeps %s for itself: the first four addresses of a subnet, and the last", a), "", at...)
	}
}

// resident says what alone may stand in a subnet; empty, where anything may.
func resident(subnet string) string {
	switch subnet {
	case routeServerSubnet:
		return "a Route Server"
	case gatewaySubnet:
		return "a gateway"
	}
	return ""
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
