package scenarios

import "net/netip"

// outsideVNets gives an address of a site that no VNet holds, for the far end of
// traffic: Azure delivers what a VNet holds there, whatever the site announces.
func (s *Scenario) outsideVNets(site Site) (netip.Addr, bool) {
	for _, p := range site.Prefixes {
		a := p.Addr()
		switch {
		case p.Bits() == 0:
			a = outside()
		case p.Bits() < 31:
			a = a.Next()
		}
		for p.Contains(a) {
			v, held := s.vnetOf(a)
			if !held {
				return a, true
			}
			a = last(v).Next()
		}
	}
	return netip.Addr{}, false
}

// vnetOf gives the prefix of a VNet that holds an address.
func (s *Scenario) vnetOf(a netip.Addr) (netip.Prefix, bool) {
	for _, v := range s.VNets {
		for _, p := range v.AddressSpace {
			if p.IsValid() && p.Contains(a) {
				return p, true
			}
		}
	}
	return netip.Prefix{}, false
}

// last gives the last address of a prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(b)
}

// sitePrefixes warns of prefixes that overlap a VNet, and refuses a site that
// has no address of its own.
func (c *checker) sitePrefixes(i int, s Site) {
	for j, p := range s.Prefixes {
		for _, v := range c.s.VNets {
			for _, q := range v.AddressSpace {
				if p.IsValid() && q.IsValid() && p.Bits() > 0 && p.Overlaps(q) {
					c.warn(p.String()+" overlaps VNet "+v.Name+": there Azure delivers "+q.String()+" inside, whatever "+s.Name+" announces", "sites", i, "prefixes", j)
				}
			}
		}
	}
	if _, free := c.s.outsideVNets(s); !free && len(s.Prefixes) > 0 && s.Prefixes[0].IsValid() {
		c.fail("every address of "+s.Name+" is inside a VNet: Azure never sends it anything", "give it a prefix of its own", "sites", i, "prefixes")
	}
}
