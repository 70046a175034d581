package scenarios

import (
	"fmt"
	"slices"
	"time"
)

// disturbing is a fault or a drill, and where it stands in the file.
type disturbing struct {
	Fault
	place []any
}

// key gives the place of a key of it.
func (f *disturbing) key(path ...any) []any { return append(slices.Clip(f.place), path...) }

func (c *checker) faults() {
	for i, f := range c.s.Faults {
		one := disturbing{f, []any{"faults", i}}
		c.timing(one)
		c.fault(one)
	}
	for i, f := range c.s.Drills { // whether the run is long enough matters when one is played
		c.fault(disturbing{f, []any{"drills", i}})
	}
}

func (c *checker) fault(f disturbing) {
	if f.RepairAfter != nil && f.RepairAfter.Max() == 0 {
		c.fail("a repair at the instant of its fault repairs nothing", "leave repair_after out for a fault that stays", f.key("repair_after")...)
	}
	if c.target(f) {
		c.details(f)
	}
	if f.Peer != "" && f.Kind != SessionShutdown && f.Kind != PolicyChange {
		c.fail("peer is for session-shutdown and policy-change only", "", f.key("peer")...)
	}
	c.newPolicies(f)
	c.faultHops(f)
	if f.Prefix.IsValid() && f.Kind != Announce && f.Kind != Withdraw {
		c.fail("prefix is for announce and withdraw only", "", f.key("prefix")...)
	}
	if f.From != "" && f.Kind != LinkDown {
		c.fail("from is for link-down only", "", f.key("from")...)
	}
	if f.SeenBy != "" && (f.Kind != LinkDown || c.names[f.Target] != ALink) {
		c.fail("seen_by is for link-down of a link between routers only", "", f.key("seen_by")...)
	}
}

func (c *checker) timing(f disturbing) {
	switch h := c.s.Horizon; {
	case h == 0: // reported
	case f.At.Min() >= h:
		c.fail(f.tooLate(h), "a later horizon:, or an earlier at:", f.key("at")...)
	case f.At.Max() >= h:
		c.warn(fmt.Sprintf("%s may come after the end of the run at %s", f.Name, formatDuration(h)), f.key("at")...)
	}
}

// tooLate says that a fault always comes after the run.
func (f *Fault) tooLate(horizon time.Duration) string {
	return fmt.Sprintf("%s comes at %s or later, but the run ends at %s", f.Name, formatDuration(f.At.Min()), formatDuration(horizon))
}

// target tells whether the fault may hit what it says.
func (c *checker) target(f disturbing) bool {
	kinds := FaultKinds()
	k := slices.IndexFunc(kinds, func(info FaultInfo) bool { return info.Kind == f.Kind })
	return k >= 0 && c.refer(f.Target, kinds[k].Targets, f.key("target")...)
}

func (c *checker) details(f disturbing) {
	switch f.Kind {
	case SessionShutdown:
		c.session(f)
	case LinkDown:
		ends := c.s.ends(f.Target)
		if f.Prefix.IsValid() && f.Kind != Announce && f.Kind != Withdraw {
			c.fail("prefix is for announce and withdraw only", "", f.key("prefix")...)
		}
		if f.From != "" && !slices.Contains(ends[:], f.From) {
			c.fail(fmt.Sprintf("%s is no end of %s", f.From, f.Target), "its ends are "+ends[0]+" and "+ends[1], f.key("from")...)
		}
		if c.names[f.Target] == ALink && f.SeenBy != "" && !slices.Contains(append(ends[:], "both", "none"), f.SeenBy) {
			c.fail(fmt.Sprintf("%s is no end of %s", f.SeenBy, f.Target), "one of "+ends[0]+", "+ends[1]+", both and none", f.key("seen_by")...)
		}
	case Announce, Withdraw:
		if !f.Prefix.IsValid() {
			c.fail(string(f.Kind)+" needs a prefix", "like 198.51.100.0/24", f.key("prefix")...)
		}
	case PolicyChange:
		c.policyChange(f)
	case HubLoss:
		c.hub(f)
	case PeeringCreated:
		c.peeringCreated(f)
	}
}

// newPolicies checks the policies of a fault.
func (c *checker) newPolicies(f disturbing) {
	if f.Prepend != nil && f.Kind != PolicyChange {
		c.fail("prepend is for policy-change only", "", f.key("prepend")...)
	}
	for _, way := range []struct {
		key   string
		rules []PolicyRule
	}{{"import", f.Import}, {"export", f.Export}} {
		if len(way.rules) > 0 && f.Kind != PolicyChange {
			c.fail(way.key+" is for policy-change only", "", f.key(way.key)...)
		}
		c.rules(way.rules, f.key(way.key)...)
	}
}

// policyChange checks whom a change of policy is about, and that it is one.
func (c *checker) policyChange(f disturbing) {
	switch at := f.key("peer"); {
	case c.names[f.Target] == AnNVA:
		if f.Peer != "" && c.refer(f.Peer, []Thing{ARouteServer, AnInstance, ASite}, at...) && !c.hasSession(f.Target, f.Peer) {
			c.fail(fmt.Sprintf("%s has no BGP session with %s", f.Target, f.Peer), "", at...)
		}
	case f.Peer == "":
		c.fail("policy-change of a router needs a peer", "a router that a link joins with "+f.Target, f.place...)
	case c.refer(f.Peer, []Thing{ARouter}, at...) && !c.s.linked(f.Target, f.Peer):
		c.fail(fmt.Sprintf("no link leads from %s to %s", f.Target, f.Peer), "", at...)
	}
	if f.Prepend == nil && len(f.Import)+len(f.Export) == 0 {
		c.fail("policy-change changes nothing", "prepend, import or export; [{action: accept}] are rules that keep everything", f.place...)
	}
}

func (c *checker) peeringCreated(f disturbing) {
	if !slices.ContainsFunc(c.s.RouteServers, func(r RouteServer) bool { return r.VNet == f.Target }) {
		c.fail(fmt.Sprintf("VNet %s has no Route Server that a further peering could matter to", f.Target), "", f.key("target")...)
	}
	if f.RepairAfter != nil {
		c.fail("a peering that is created is not repaired", "take repair_after out", f.key("repair_after")...)
	}
}

// session checks that the session to shut down exists.
func (c *checker) session(f disturbing) {
	at := f.key("peer")
	if f.Peer == "" {
		c.fail("session-shutdown needs a peer", "a Route Server, an instance of one, like rs0-0, a site, or a router", f.place...)
		return
	}
	if c.names[f.Target] == ARouter {
		if c.refer(f.Peer, []Thing{ARouter}, at...) && !c.s.linked(f.Target, f.Peer) {
			c.fail(fmt.Sprintf("no link leads from %s to %s", f.Target, f.Peer), "", at...)
		}
		return
	}
	if c.refer(f.Peer, []Thing{ARouteServer, AnInstance, ASite}, at...) && !c.hasSession(f.Target, f.Peer) {
		c.fail(fmt.Sprintf("%s has no BGP session with %s", f.Target, f.Peer), "", at...)
	}
}

// hasSession tells whether an NVA speaks BGP with an instance, a Route Server or a site.
func (c *checker) hasSession(nva, with string) bool {
	n := c.s.nva(nva)
	switch c.names[with] {
	case ASite:
		return slices.ContainsFunc(c.s.site(with).Tunnels, func(t Tunnel) bool { return t.To == n.Name && t.BGP })
	case ARouteServer:
		_, first := n.sessionWith(instance(with, 0))
		_, second := n.sessionWith(instance(with, 1))
		return first || second
	}
	return n.hasSession(with) || n.hasSession(instanceOf(with))
}

func (s *Scenario) site(name string) Site {
	for _, site := range s.Sites {
		if site.Name == name {
			return site
		}
	}
	return Site{}
}

// ends gives the two ends of a link, as from of a fault names them; Azure's comes
// before that of a site.
func (s *Scenario) ends(link string) [2]string {
	for _, p := range s.Peerings {
		if p.Name == link {
			return p.Between
		}
	}
	for _, site := range s.Sites {
		for _, t := range site.Tunnels {
			if slices.Contains(s.tunnelLinks(t), link) {
				return [2]string{t.To, site.Name}
			}
		}
	}
	for _, l := range s.Links {
		if l.Name == link {
			return l.Between
		}
	}
	for _, c := range s.Circuits {
		for _, to := range c.Connections {
			if to.Name == link {
				return [2]string{to.Gateway, c.Name}
			}
		}
		if both := c.links(); slices.Contains(both[:], link) {
			return [2]string{c.Name, c.Site}
		}
	}
	return [2]string{}
}

// hub checks that losing a VNet is no more than losing a way through it.
func (c *checker) hub(f disturbing) {
	for _, t := range c.s.Traffic {
		ends := slices.Concat(c.s.endpoint(t.From).sets, c.s.endpoint(t.To).sets)
		if slices.ContainsFunc(ends, func(v VMs) bool { return v.VNet == f.Target }) {
			c.fail(fmt.Sprintf("VNet %s is no hub for %s: its machines are there", f.Target, t.Name), "", f.key("target")...)
			return
		}
	}
	if !c.s.hasNVA(f.Target) && len(c.s.gatewaysIn(f.Target)) == 0 {
		c.fail(fmt.Sprintf("VNet %s is no hub: neither an NVA nor a gateway stands in it", f.Target), "", f.key("target")...)
	}
}

func (s *Scenario) hasNVA(vnet string) bool {
	return slices.ContainsFunc(s.NVAs, func(n NVA) bool { return n.VNet == vnet })
}

// gatewaysIn gives the names of the gateways in a VNet.
func (s *Scenario) gatewaysIn(vnet string) []string {
	var all []string
	for _, g := range s.ERGateways {
		if g.VNet == vnet {
			all = append(all, g.Name)
		}
	}
	for _, g := range s.VPNGateways {
		if g.VNet == vnet {
			all = append(all, g.Name)
		}
	}
	return all
}
