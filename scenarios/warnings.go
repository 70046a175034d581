package scenarios

import "fmt"

// regrets warns of what Azure takes without a word and Microsoft's documents, or
// people's labs, tell not to do. It runs on a scenario without errors.
func (c *checker) regrets() {
	c.relayRegrets()
	for i, n := range c.s.NVAs {
		c.oneInstance(i, n)
		c.unchangedNextHop(i, n)
		c.uselessPrepends(i, n)
		c.uselessStatics(i, n)
		c.hiddenFromGateways(i, n)
		c.loneState(i, n)
		c.untranslated(i, n)
	}
	for i, r := range c.s.RouteServers {
		c.noExchange(i, r)
	}
	c.deniedByDefault()
	c.uselessBFD()
	c.uselessOptions()
	c.neverMatched()
	c.partingHashes()
	for i, v := range c.s.VNets {
		if len(c.s.gatewaysIn(v.Name)) > 0 {
			c.pastNVA(i, v)
			c.hijackedBGP(i, v)
		}
	}
}

// routeServerOfSession gives the Route Server that a session is with, or with an
// instance of.
func (c *checker) routeServerOfSession(s Session) RouteServer {
	if c.names[s.RouteServer] == AnInstance {
		return c.s.routeServer(s.of())
	}
	return c.s.routeServer(s.RouteServer)
}

// oneInstance warns of NVAs that leave one instance out (Route Server FAQ,
// 2025-03: an NVA must peer with both).
func (c *checker) oneInstance(i int, n NVA) {
	for j, s := range n.RouteServers {
		r := c.routeServerOfSession(s)
		if r.Name == s.RouteServer || r.NICSource == "union" {
			continue
		}
		twin := r.Name + "-0"
		if s.RouteServer == twin {
			twin = r.Name + "-1"
		}
		if !n.hasSession(twin) {
			c.warn(fmt.Sprintf("%s peers with %s and not with %s: about half of the NICs lack its routes", n.Name, s.RouteServer, twin), "nvas", i, "route_servers", j)
		}
	}
}

// unchangedNextHop warns of sessions that send what came from elsewhere with the
// next hop it came with.
func (c *checker) unchangedNextHop(i int, n NVA) {
	var with []string
	for _, s := range n.RouteServers {
		if *s.Unchanged {
			with = append(with, s.RouteServer)
		}
	}
	if len(with) > 0 {
		c.warn(fmt.Sprintf("%s keeps the next hop of what it sends to %s: traffic goes there past it, and nothing says so", n.Name, enumerate(with, "and")), "nvas", i, "next_hop_unchanged")
	}
}

// hiddenFromGateways warns of NO_ADVERTISE towards a Route Server with a gateway
// beside it. The Internet is kept from on-prem on purpose.
func (c *checker) hiddenFromGateways(i int, n NVA) {
	var prefixes []string
	for _, p := range n.NoAdvertise {
		if p.Bits() > 0 {
			prefixes = append(prefixes, p.String())
		}
	}
	for _, s := range n.RouteServers {
		r := c.routeServerOfSession(s)
		if names := c.s.gatewaysIn(r.VNet); len(prefixes) > 0 && len(names) > 0 && r.toGateways() {
			c.warn(fmt.Sprintf("%s does not pass %s on to %s (NO_ADVERTISE): on-prem does not learn it there", r.Name, enumerate(prefixes, "and"), enumerate(names, "and")), "nvas", i, "no_advertise")
			return
		}
	}
}

// toGateways tells whether NVAs' routes are sent to gateways.
func (r RouteServer) toGateways() bool { return r.BranchToBranch || r.ToGateways == "always" }

// noExchange warns of a Route Server between NVAs and gateways that exchanges
// nothing: the default.
func (c *checker) noExchange(i int, r RouteServer) {
	var peers []string
	for _, n := range c.s.NVAs {
		if n.peersWith(r.Name) {
			peers = append(peers, n.Name)
		}
	}
	gateways := c.s.gatewaysIn(r.VNet)
	if r.BranchToBranch || len(peers) == 0 || len(gateways) == 0 {
		return
	}
	both := ""
	if !r.toGateways() {
		both = ", and on-prem none of theirs"
	}
	c.warn(fmt.Sprintf("%s exchanges no routes between its NVAs and %s (branch_to_branch is off): %s no on-prem route%s",
		r.Name, enumerate(gateways, "and"), learns(peers), both), "route_servers", i, "branch_to_branch")
}

func learns(names []string) string {
	if len(names) == 1 {
		return names[0] + " learns"
	}
	return enumerate(names, "and") + " learn"
}
