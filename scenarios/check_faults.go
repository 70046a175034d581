package scenarios

import (
	"fmt"
	"slices"
)

func (c *checker) faults() {
	for i, f := range c.s.Faults {
		c.timing(i, f)
		if c.target(i, f) {
			c.details(i, f)
		}
		if f.Peer != "" && f.Kind != SessionShutdown {
			c.fail("peer is for session-shutdown only", "", "faults", i, "peer")
		}
		if f.From != "" && f.Kind != LinkDown {
			c.fail("from is for link-down only", "", "faults", i, "from")
		}
	}
}

func (c *checker) timing(i int, f Fault) {
	switch h := c.s.Horizon; {
	case h == 0: // reported
	case f.At.Min() >= h:
		c.fail(fmt.Sprintf("%s comes at %s or later, but the run ends at %s", f.Name, formatDuration(f.At.Min()), formatDuration(h)), "a later horizon:, or an earlier at:", "faults", i, "at")
	case f.At.Max() >= h:
		c.warn(fmt.Sprintf("%s may come after the end of the run at %s", f.Name, formatDuration(h)), "faults", i, "at")
	}
	if f.RepairAfter != nil && f.RepairAfter.Max() == 0 {
		c.fail("a repair at the instant of its fault repairs nothing", "leave repair_after out for a fault that stays", "faults", i, "repair_after")
	}
}

// target tells whether the fault may hit what it says.
func (c *checker) target(i int, f Fault) bool {
	kinds := FaultKinds()
	k := slices.IndexFunc(kinds, func(info FaultInfo) bool { return info.Kind == f.Kind })
	return k >= 0 && c.refer(f.Target, kinds[k].Targets, "faults", i, "target")
}

func (c *checker) details(i int, f Fault) {
	switch f.Kind {
	case SessionShutdown:
		c.session(i, f)
	case LinkDown:
		ends := c.s.ends(f.Target)
		if f.From != "" && !slices.Contains(ends[:], f.From) {
			c.fail(fmt.Sprintf("%s is no end of %s", f.From, f.Target), "its ends are "+ends[0]+" and "+ends[1], "faults", i, "from")
		}
	case HubLoss:
		c.hub(i, f)
	}
}

// session checks that the session to shut down exists.
func (c *checker) session(i int, f Fault) {
	at := []any{"faults", i, "peer"}
	if f.Peer == "" {
		c.fail("session-shutdown needs a peer", "a Route Server instance, like rs0-0, or a site", "faults", i)
		return
	}
	if !c.refer(f.Peer, []Thing{AnInstance, ASite}, at...) {
		return
	}
	n := c.s.nva(f.Target)
	exists := slices.Contains(n.RouteServers, f.Peer) || slices.Contains(n.RouteServers, instanceOf(f.Peer))
	if c.names[f.Peer] == ASite {
		exists = slices.ContainsFunc(c.s.site(f.Peer).Tunnels, func(t Tunnel) bool { return t.NVA == n.Name && t.BGP })
	}
	if !exists {
		c.fail(fmt.Sprintf("%s has no BGP session with %s", f.Target, f.Peer), "", at...)
	}
}

func (s *Scenario) site(name string) Site {
	for _, site := range s.Sites {
		if site.Name == name {
			return site
		}
	}
	return Site{}
}

// ends gives the two ends of a peering or tunnel.
func (s *Scenario) ends(link string) [2]string {
	for _, p := range s.Peerings {
		if p.Name == link {
			return p.Between
		}
	}
	for _, site := range s.Sites {
		for _, t := range site.Tunnels {
			if t.Name == link {
				return [2]string{t.NVA, site.Name}
			}
		}
	}
	return [2]string{}
}

func (c *checker) hub(i int, f Fault) {
	switch {
	case slices.ContainsFunc(c.s.VMs, func(v VMs) bool { return v.VNet == f.Target }):
		c.fail(fmt.Sprintf("VNet %s is no hub: machines stand in it", f.Target), "", "faults", i, "target")
	case !slices.ContainsFunc(c.s.NVAs, func(n NVA) bool { return n.VNet == f.Target }):
		c.fail(fmt.Sprintf("VNet %s is no hub: no NVA stands in it", f.Target), "", "faults", i, "target")
	}
}
