package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

// routerHops refuses rules of a plain router that set a next hop at which no router
// is: who resolves next hops takes no such route into account (RFC 4271, section
// 9.1.2).
func (c *checker) routerHops(rules []PolicyRule, path ...any) {
	for i, r := range rules {
		if r.NextHop.IsValid() && !c.routerIDs()[r.NextHop] {
			c.fail(fmt.Sprintf("%s is the address of no router: a route whose next hop leads nowhere is not used (RFC 4271, section 9.1.2)", r.NextHop),
				"the address of a router is its id", append(slices.Clone(path), i, "next_hop")...)
		}
	}
}

// routerIDs gives the addresses of all plain routers.
func (c *checker) routerIDs() map[netip.Addr]bool {
	if c.routerID == nil {
		c.routerID = map[netip.Addr]bool{}
		for _, r := range c.s.Routers {
			c.routerID[r.ID] = true
		}
	}
	return c.routerID
}

// importHops refuses rules that give what an NVA is sent a next hop at which nothing
// is.
func (c *checker) importHops(rules []PolicyRule, path ...any) {
	for i, r := range rules {
		c.nextHop(Session{NextHop: r.NextHop}, "", append(slices.Clone(path), i, "next_hop")...)
	}
}

// exportHops does so for what it sends to a Route Server, and warns of next hops
// that the NICs of that one's VNet cannot reach.
func (c *checker) exportHops(rules []PolicyRule, s Session, path ...any) {
	vnet := c.routeServerOfSession(s).VNet
	for i, r := range rules {
		c.nextHop(Session{NextHop: r.NextHop}, vnet, append(slices.Clone(path), i, "next_hop")...)
	}
}

// faultHops checks the next hops that a change of policy sets, but for those between
// an NVA and a site, of which any is taken in nvas[].sites as well.
func (c *checker) faultHops(f disturbing) {
	switch {
	case f.Kind != PolicyChange || c.names[f.Peer] == ASite:
	case c.names[f.Target] == ARouter:
		c.routerHops(f.Import, f.key("import")...)
		c.routerHops(f.Export, f.key("export")...)
	case c.names[f.Target] == AnNVA:
		c.importHops(f.Import, f.key("import")...)
		c.exportHops(f.Export, Session{RouteServer: f.Peer}, f.key("export")...)
	}
}
