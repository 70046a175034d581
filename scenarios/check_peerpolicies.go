package scenarios

import (
	"fmt"
	"slices"
)

// peerPolicies checks what NVAs, sites and Route Servers do with the routes of
// single peers.
func (c *checker) peerPolicies() {
	for i, n := range c.s.NVAs {
		for j, s := range n.RouteServers {
			c.rules(s.Import, "nvas", i, "route_servers", j, "import")
			c.rules(s.Export, "nvas", i, "route_servers", j, "export")
			c.staysInside(s.Export, "nvas", i, "route_servers", j, "export")
			c.importHops(s.Import, "nvas", i, "route_servers", j, "import")
			c.exportHops(s.Export, s, "nvas", i, "route_servers", j, "export")
		}
		c.policies(n.Name, n.Sites, []Thing{ASite}, "nvas", i, "sites")
	}
	for i, s := range c.s.Sites {
		c.policies(s.Name, s.Peers, []Thing{AnNVA, AVPNGateway, ACircuit}, "sites", i, "peers")
	}
	for i, r := range c.s.RouteServers {
		c.policies(r.Name, r.RouteMaps, []Thing{AnNVA, AGateway, AVPNGateway}, "route_servers", i, "route_maps")
		for j, m := range r.RouteMaps {
			for k, rule := range m.Import {
				c.routeMap(m, rule, "route_servers", i, "route_maps", j, "import", k)
			}
			for k, rule := range m.Export {
				c.routeMap(m, rule, "route_servers", i, "route_maps", j, "export", k)
			}
		}
	}
}

// policies checks the policies of a speaker: each for another peer, and one that
// there is a session with.
func (c *checker) policies(of string, all []PeerPolicy, peers []Thing, path ...any) {
	seen := map[string]bool{}
	for j, p := range all {
		at := func(key string) []any { return append(slices.Clone(path), j, key) }
		switch {
		case !c.refer(p.Peer, peers, at("peer")...):
		case seen[p.Peer]:
			c.fail(fmt.Sprintf("%s comes twice among the peers of %s", p.Peer, of), "put all into one", at("peer")...)
		case !c.s.session(of, p.Peer):
			c.fail(fmt.Sprintf("%s has no BGP session with %s", of, p.Peer), "", at("peer")...)
		}
		seen[p.Peer] = true
		c.rules(p.Import, at("import")...)
		c.rules(p.Export, at("export")...)
		if !slices.Contains(peers, AGateway) { // a Route Server's have a message of their own
			c.staysInside(p.Export, at("export")...)
		}
	}
}

// staysInside warns of what is set for peers of another AS and does not go there.
func (c *checker) staysInside(export []PolicyRule, path ...any) {
	for k, r := range export {
		if r.LocalPref != nil {
			c.warn("local_pref has no effect: LOCAL_PREF is not sent to another AS (RFC 4271, section 5.1.5)", append(slices.Clone(path), k, "local_pref")...)
		}
	}
}

// session tells whether an NVA, a site or a Route Server speaks BGP with a peer.
func (s *Scenario) session(of, peer string) bool {
	tunnel := func(site, to string) bool {
		return slices.ContainsFunc(s.site(site).Tunnels, func(t Tunnel) bool { return t.To == to && t.BGP })
	}
	if rs := s.routeServer(of); rs.Name != "" {
		return s.nva(peer).peersWith(of) || slices.Contains(s.gatewaysIn(rs.VNet), peer)
	}
	return tunnel(of, peer) || tunnel(peer, of) || slices.ContainsFunc(s.Circuits, func(c Circuit) bool { return c.Name == peer && c.Site == of })
}

// routeMap keeps a rule of a Route Server to what Azure's route maps can do (preview;
// route-maps-about, 2026-07-17), and to what of it is modelled.
func (c *checker) routeMap(m PeerPolicy, r PolicyRule, path ...any) {
	at := func(key string) []any { return append(slices.Clone(path), key) }
	for _, other := range []struct {
		key string
		set bool
	}{{"local_pref", r.LocalPref != nil}, {"med", r.MED != nil}, {"next_hop", r.NextHop.IsValid()}} {
		if other.set {
			c.fail(fmt.Sprintf("a route map of a Route Server changes AS paths and communities, and no %s", other.key), "the NVA can set it, on its session", at(other.key)...)
		}
	}
	if r.Prepend > 0 && c.names[m.Peer] != AnNVA {
		c.fail(fmt.Sprintf("%s is in the AS of the Route Server: AS numbers before a path that one sends the other are not modelled", m.Peer), "", at("prepend")...)
	}
}
