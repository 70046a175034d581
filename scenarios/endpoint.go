package scenarios

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// endpoint is an end of traffic: machines, a site, a router of a plain network, or
// the Internet.
type endpoint struct {
	sets   []VMs // whose machines they are
	number int   // of the only machine of the only set; -1: all of them
	site   *Site
	router *Router
}

// endpoint finds what an end of traffic stands for; the Internet, where it is
// nothing else.
func (s *Scenario) endpoint(name string) endpoint {
	p := endpoint{number: -1}
	set, number, one := cutMachine(name)
	vnet, subnet, within := strings.Cut(name, "/")
	for _, v := range s.VMs {
		switch {
		case one && v.Name == set:
			p.number, _ = strconv.Atoi(number)
			p.sets = append(p.sets, v)
		case v.Name == name, within && v.VNet == vnet && v.Subnet == subnet:
			p.sets = append(p.sets, v)
		}
	}
	if i := slices.IndexFunc(s.Sites, func(t Site) bool { return t.Name == name }); i >= 0 {
		p.site = &s.Sites[i]
	}
	if i := slices.IndexFunc(s.Routers, func(r Router) bool { return r.Name == name }); i >= 0 {
		p.router = &s.Routers[i]
	}
	return p
}

// cutMachine splits the name of one machine of a set: spoke-vms[3].
func cutMachine(name string) (set, number string, ok bool) {
	set, rest, opened := strings.Cut(name, "[")
	number, closed := strings.CutSuffix(rest, "]")
	return set, number, opened && closed
}

// machines gives how many machines an end of traffic has: 1, if it has none.
func (p endpoint) machines() int {
	n := 0
	for _, v := range p.sets {
		n += v.Count
	}
	if p.number >= 0 || n == 0 {
		return 1
	}
	return n
}

// shares tells whether two ends have a set of VMs in common.
func (p endpoint) shares(q endpoint) bool {
	return slices.ContainsFunc(p.sets, func(v VMs) bool {
		return slices.ContainsFunc(q.sets, func(w VMs) bool { return v.Name == w.Name })
	})
}

// addressOf gives an address of an end of traffic: of its first machine, or of
// what a site or router announces.
func (s *Scenario) addressOf(p endpoint) netip.Addr {
	switch {
	case len(p.sets) > 0:
		return s.machine(p.sets[0], max(p.number, 0))
	case p.site != nil && p.site.Prefixes[0].Bits() > 0:
		a, _ := s.outsideVNets(*p.site) // there is one: see check
		return a
	case p.router != nil && p.router.Originates[0].Bits() > 0:
		return first(p.router.Originates[0])
	}
	return outside()
}

// first gives the first address of a prefix that a host may have.
func first(p netip.Prefix) netip.Addr {
	if p.Bits() < 31 {
		return p.Addr().Next()
	}
	return p.Addr()
}

// machine gives the address of a machine of a set: they follow each other in
// their subnet, set by set, behind the four that Azure keeps for itself. Where
// more stand there than it has room for, addresses come again.
func (s *Scenario) machine(v VMs, number int) netip.Addr {
	subnet, _ := s.vnet(v.VNet).subnet(v.Subnet)
	for _, w := range s.VMs {
		if w.Name == v.Name {
			break
		}
		if w.VNet == v.VNet && w.Subnet == v.Subnet {
			number += w.Count
		}
	}
	const kept = 4
	return nth(subnet.Prefix, kept+number%max(1, 1<<(32-subnet.Prefix.Bits())-kept-1))
}
