package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) sites() {
	for i, s := range c.s.Sites {
		c.timers(s.Hold, s.Keepalive, "sites", i)
		if s.ASN == 23456 {
			c.fail("AS 23456 stands for AS numbers that do not fit into 16 bits (RFC 6793); no network has it", "", "sites", i, "asn")
		}
		c.sitePrefixes(i, s)
		seen := map[string]bool{}
		for j, t := range s.Tunnels {
			c.tunnel(i, s, j, t)
			if seen[t.NVA] && t.NVA != "" {
				c.fail(fmt.Sprintf("%s has a tunnel to %s already; one is modelled", s.Name, t.NVA), "", "sites", i, "tunnels", j, "nva")
			}
			seen[t.NVA] = true
		}
	}
}

func (c *checker) tunnel(i int, s Site, j int, t Tunnel) {
	at := []any{"sites", i, "tunnels", j, "nva"}
	if !c.refer(t.NVA, []Thing{AnNVA}, at...) {
		return
	}
	n := c.s.nva(t.NVA)
	if !n.may("vpn") {
		c.fail(fmt.Sprintf("%s ends no tunnels: it has not the role vpn", n.Name), "add vpn to its roles", at...)
	}
	if t.BGP && n.ASN == s.ASN {
		c.fail(fmt.Sprintf("%s and %s are both in AS %d: BGP inside an AS (iBGP) is not modelled yet", s.Name, n.Name, n.ASN), "give one of them another AS, or the tunnel bgp: false", at...)
	}
}

func (s *Scenario) nva(name string) NVA {
	for _, n := range s.NVAs {
		if n.Name == name {
			return n
		}
	}
	return NVA{}
}

// may tells whether the NVA has the role, as far as its roles are known: those
// that are wrong in the file are empty here.
func (n NVA) may(role string) bool {
	return len(n.Roles) == 0 || slices.Contains(n.Roles, role) || slices.Contains(n.Roles, "")
}
