package scenarios

import "fmt"

func (c *checker) routers() {
	c.suppress()
	linked := c.s.neighbours()
	for i, r := range c.s.Routers {
		at := func(path ...any) []any { return c.made.router(i, path...) }
		if r.ASN == 23456 {
			c.fail("AS 23456 stands for AS numbers that do not fit into 16 bits (RFC 6793); no network has it", "", at("asn")...)
		}
		c.host(r.Name, r.ID, at("id")...)
		c.timers(r.Speaker.Hold, r.Speaker.Keepalive, at("bgp")...)
		seen := map[string]bool{}
		for j, p := range r.Peers {
			if seen[p.Router] && p.Router != "" {
				c.fail(fmt.Sprintf("%s comes twice among the peers of %s", p.Router, r.Name), "put all into one", at("peers", j, "router")...)
			}
			seen[p.Router] = true
			if c.refer(p.Router, []Thing{ARouter}, at("peers", j, "router")...) {
				c.peer(i, r, j, p, linked)
			}
			c.rules(p.Import, at("peers", j, "import")...)
			c.rules(p.Export, at("peers", j, "export")...)
			c.routerHops(p.Import, at("peers", j, "import")...)
			c.routerHops(p.Export, at("peers", j, "export")...)
		}
	}
}

// size checks that the resolved text of a network can be read again.
func (c *checker) size() {
	if len(c.s.Routers) == 0 || len(c.report.errors) > 0 {
		return
	}
	if w := c.s.written(); w.Len() > maxSize {
		c.fail(fmt.Sprintf("with all defaults, the scenario has %d bytes; a scenario has at most %d", w.Len(), maxSize), "fewer routers and links", c.made.router(len(c.s.Routers)-1)...)
	}
}

// neighbours gives which routers links join.
func (s *Scenario) neighbours() map[[2]string]bool {
	all := map[[2]string]bool{}
	for _, l := range s.Links {
		all[l.Between] = true
		all[[2]string{l.Between[1], l.Between[0]}] = true
	}
	return all
}

func (s *Scenario) linked(a, b string) bool { return s.neighbours()[[2]string{a, b}] }

// peer checks what a router does with one of its peers.
func (c *checker) peer(i int, r Router, j int, p Peer, linked map[[2]string]bool) {
	at := func(key string) []any { return c.made.router(i, "peers", j, key) }
	if !linked[[2]string{r.Name, p.Router}] {
		c.fail(fmt.Sprintf("no link leads from %s to %s", r.Name, p.Router), "links: [{between: ["+r.Name+", "+p.Router+"]}]", at("router")...)
		return
	}
	internal := c.asn(p.Router) == r.ASN
	switch {
	case p.Client && !internal:
		c.fail(fmt.Sprintf("%s is in another AS than %s: it is no client of a route reflector", p.Router, r.Name), "transparent makes it one of a route server", at("client")...)
	case p.Transparent && internal:
		c.fail(fmt.Sprintf("%s is in the AS of %s: it is no client of a route server", p.Router, r.Name), "client makes it one of a route reflector", at("transparent")...)
	}
}

// asn gives the AS of a router, 0 where there is none of that name.
func (c *checker) asn(name string) uint32 {
	if c.routerASN == nil {
		c.routerASN = map[string]uint32{}
		for _, r := range c.s.Routers {
			c.routerASN[r.Name] = r.ASN
		}
	}
	return c.routerASN[name]
}

// linkBFD checks that a link has the BFD that it says more of.
func (c *checker) linkBFD(i int, l Link) {
	for _, key := range []string{"bfd_interval", "bfd_multiplier"} {
		set := key == "bfd_interval" && l.BFDInterval != nil || key == "bfd_multiplier" && l.BFDMultiplier != nil
		if set && !l.BFD {
			c.fail(fmt.Sprintf("%s is about BFD, and the link %s has none", key, l.Name), "bfd: true", c.made.link(i, key)...)
		}
	}
}

// links checks where links lead.
func (c *checker) links() {
	joined := map[[2]string]string{}
	for i, l := range c.s.Links {
		at := func(path ...any) []any { return c.made.link(i, path...) }
		a, b := l.Between[0], l.Between[1]
		c.linkBFD(i, l)
		ok := true
		for j, end := range l.Between {
			ok = c.refer(end, []Thing{ARouter}, at("between", j)...) && ok
		}
		switch other := joined[[2]string{a, b}]; {
		case !ok:
			continue
		case a == b:
			c.fail(a+" is linked to itself", "", at("between")...)
		case other != "":
			c.fail(fmt.Sprintf("%s joins %s and %s already; one link is modelled", other, a, b), "", at("between")...)
		case l.Relation != "none" && c.asn(a) == c.asn(b):
			c.fail(fmt.Sprintf("%s and %s are one AS: neither is a %s of the other", a, b, l.Relation), "", at("relation")...)
		}
		joined[[2]string{a, b}], joined[[2]string{b, a}] = l.Name, l.Name
	}
}
