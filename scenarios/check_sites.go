package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) sites() {
	for i, s := range c.s.Sites {
		c.timers(s.Hold, s.Keepalive, "sites", i)
		c.sitePrefixes(i, s)
		seen := map[string]bool{}
		for j, t := range s.Tunnels {
			c.tunnel(i, s, j, t)
			if seen[t.To] && t.To != "" {
				c.fail(fmt.Sprintf("%s has a tunnel to %s already; one is modelled", s.Name, t.To), "", "sites", i, "tunnels", j, "to")
			}
			seen[t.To] = true
		}
		c.attachment(i, s)
	}
}

// attachment checks that something joins the site to Azure, and that Azure
// accepts its AS there.
func (c *checker) attachment(i int, s Site) {
	circuit := slices.ContainsFunc(c.s.Circuits, func(r Circuit) bool { return r.Site == s.Name })
	gateway := slices.ContainsFunc(s.Tunnels, func(t Tunnel) bool { return c.s.isVPNGateway(t.To) })
	at := []any{"sites", i, "asn"}
	if !circuit && len(s.Tunnels) == 0 {
		c.fail(s.Name+" has neither tunnels nor a circuit: nothing joins it to Azure", "add tunnels, or a circuit with site: "+s.Name, "sites", i, "tunnels")
	}
	switch owner := reservedASN(s.ASN); {
	case s.ASN == 23456:
		c.fail("AS 23456 stands for AS numbers that do not fit into 16 bits (RFC 6793); no network has it", "", at...)
	case circuit && owner != "":
		c.fail(fmt.Sprintf("AS %d is reserved by %s: no circuit peers with it", s.ASN, owner), "", at...)
	case gateway && owner != "":
		c.fail(fmt.Sprintf("AS %d is reserved by %s: no VPN gateway peers with it", s.ASN, owner), "", at...)
	}
}

func (c *checker) tunnel(i int, s Site, j int, t Tunnel) {
	at := []any{"sites", i, "tunnels", j, "to"}
	if !c.refer(t.To, []Thing{AnNVA, AVPNGateway}, at...) {
		return
	}
	if c.s.isVPNGateway(t.To) && t.BGP {
		c.fixedTimers(i, s, t)
	}
	asn := c.s.vpnGateway(t.To).ASN
	if n := c.s.nva(t.To); n.Name != "" {
		asn = n.ASN
		if c.lacksRole(n, "vpn") {
			c.fail(fmt.Sprintf("%s ends no tunnels: it has not the role vpn", n.Name), "add vpn to its roles", at...)
		}
	}
	if t.BGP && asn == s.ASN && reservedASN(asn) == "" { // what is reserved has its own message
		c.fail(fmt.Sprintf("%s and %s are both in AS %d: BGP inside an AS (iBGP) is not modelled yet", s.Name, t.To, asn), "give one of them another AS, or the tunnel bgp: false", at...)
	}
}

// fixedTimers warns of a site whose hold time a VPN gateway does not keep up with,
// and of one that announces too much to it (VPN Gateway FAQ).
func (c *checker) fixedTimers(i int, s Site, t Tunnel) {
	if s.Hold > 0 && s.Hold <= vpnKeepalive() {
		c.warn(fmt.Sprintf("hold %s is too short for %s, which sends a keepalive every %s whatever its peer offers: the session flaps", formatDuration(s.Hold), t.To, formatDuration(vpnKeepalive())), "sites", i, "hold")
	}
	if len(s.Prefixes) > vpnRoutes() {
		c.warn(fmt.Sprintf("%s announces %d routes; %s takes %d and drops the session", s.Name, len(s.Prefixes), t.To, vpnRoutes()), "sites", i, "prefixes")
	}
}

// lacksRole tells whether the NVA has not the role, for all that is known: what
// is wrong in the file could have been it.
func (c *checker) lacksRole(n NVA, role string) bool {
	i := slices.IndexFunc(c.s.NVAs, func(o NVA) bool { return o.Name == n.Name })
	_, wrong := c.tree.at("nvas", i, "roles")
	return !wrong && !slices.Contains(n.Roles, role) && !slices.Contains(n.Roles, "")
}

func (s *Scenario) nva(name string) NVA {
	for _, n := range s.NVAs {
		if n.Name == name {
			return n
		}
	}
	return NVA{}
}
