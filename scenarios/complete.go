package scenarios

import (
	"net/netip"
	"slices"
)

// complete fills in the defaults that are put together from other values. A key
// that is there stays as it is: an empty list means none.
func (s *Scenario) complete() {
	for i := range s.Peerings {
		s.Peerings[i].complete()
	}
	for i := range s.NVAs {
		s.NVAs[i].complete()
		orElse(&s.NVAs[i].ECMPScheme, s.ECMPScheme)
		for j := range s.NVAs[i].RouteServers {
			s.NVAs[i].RouteServers[j].complete(s.NVAs[i])
		}
	}
	for i := range s.Routers {
		orElse(&s.Routers[i].ECMPScheme, s.ECMPScheme)
		s.Routers[i].complete(i)
	}
	for i := range s.Links {
		s.Links[i].complete()
	}
	for i := range s.Circuits {
		s.Circuits[i].complete(i)
	}
	for i := range s.Sites {
		orElse(&s.Sites[i].ECMPScheme, s.ECMPScheme)
		for j := range s.Sites[i].Tunnels {
			if t := &s.Sites[i].Tunnels[j]; t.Name == "" && t.To != "" {
				t.Name = t.To + "-" + s.Sites[i].Name
			}
		}
	}
	for i := range s.Failures {
		s.Failures[i].complete()
	}
}

// orElse makes what is not said something else.
func orElse(said *string, other string) {
	if *said == "" {
		*said = other
	}
}

func (p *Peering) complete() {
	if p.Between[0] == "" || p.Between[1] == "" {
		return // missing, and reported
	}
	if p.Name == "" {
		p.Name = p.Between[0] + "-" + p.Between[1]
	}
	for _, ends := range []*[]string{&p.AllowAccess, &p.AllowForwarded} {
		if *ends == nil {
			*ends = slices.Clone(p.Between[:])
		}
	}
}

func (n *NVA) complete() {
	switch {
	case n.SNAT != "":
	case slices.Contains(n.Roles, "firewall"):
		n.SNAT = "internet"
	default:
		n.SNAT = "none"
	}
}

// complete makes a session like the others of its NVA.
func (s *Session) complete(n NVA) {
	if s.Prepend == nil {
		s.Prepend = &n.Prepend
	}
	if s.ASOverride == "" {
		s.ASOverride = n.ASOverride
	}
	if s.RemoveAS == "" {
		s.RemoveAS = n.RemoveAS
	}
	if s.AllowASIn == nil {
		s.AllowASIn = &n.AllowASIn
	}
	if s.Unchanged == nil {
		s.Unchanged = &n.Unchanged
	}
	if !s.NextHop.IsValid() {
		s.NextHop = n.NextHop
	}
}

func (f *Failure) complete() {
	if f.Name == "" && f.Kind != "" && f.Target != "" {
		f.Name = string(f.Kind) + "-" + f.Target
		if f.Peer != "" {
			f.Name += "-" + f.Peer
		}
	}
}

func (r *Router) complete(i int) {
	if !r.ID.IsValid() {
		r.ID = routerAddress(i)
	}
	if !r.ClusterID.IsValid() {
		r.ClusterID = r.ID
	}
}

// routerAddress gives the i-th router an address of TEST-NET-1 (RFC 5737), or
// where that is full of the range that is kept for measurements (RFC 2544),
// behind what originated gives away.
func routerAddress(i int) netip.Addr {
	if i < 254 {
		return netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)})
	}
	i -= 254
	return netip.AddrFrom4([4]byte{198, 19, byte(121 + i>>8), byte(i)})
}

func (l *Link) complete() {
	if l.Name == "" && l.Between[0] != "" && l.Between[1] != "" {
		l.Name = l.Between[0] + "-" + l.Between[1]
	}
}

func (c *Circuit) complete(i int) {
	if c.Addresses == nil {
		c.Addresses = []netip.Addr{mseeAddress(i, 0), mseeAddress(i, 1)}
	}
	for j := range c.Connections {
		if to := &c.Connections[j]; to.Name == "" && to.Gateway != "" && c.Name != "" {
			to.Name = to.Gateway + "-" + c.Name
		}
	}
}

// mseeAddress gives an MSEE of the i-th circuit an address of the range that is
// kept for measurements (RFC 2544): no network has it.
func mseeAddress(i, half int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, byte(18 + i>>8), byte(i), byte(4 + half)})
}
