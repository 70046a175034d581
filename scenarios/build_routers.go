package scenarios

import (
	"slices"
	"time"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// routers makes the routers of plain networks, and lays the wires of their links.
func (b *builder) routers() {
	by := map[string]*Router{}
	linksOf := map[string][]Link{}
	for i := range b.s.Routers {
		by[b.s.Routers[i].Name] = &b.s.Routers[i]
	}
	for _, l := range b.s.Links {
		for _, end := range l.Between {
			linksOf[end] = append(linksOf[end], l)
		}
		b.join(l)
	}
	for _, r := range b.s.Routers {
		id := events.ActorID(r.Name)
		b.isRouter[id] = true
		b.place(events.Node{Node: id, Type: events.SiteNode, AS: r.ASN, Address: r.ID, Prefixes: r.Originates, Scheme: hashScheme(r.ECMPScheme)})
		c := r.Speaker.config(b.speaker(id, r.ASN, r.ID))
		c.Originate, c.ClusterID, c.Established = r.Originates, r.ClusterID, b.s.Start == "established"
		for _, l := range linksOf[r.Name] {
			c.Peers = append(c.Peers, r.peer(l, by[l.other(r.Name)]))
		}
		c.Changes = b.changes(r, linksOf[r.Name], by)
		b.router(r.Speaker.router(c))
	}
}

// changes gives what the operator of a router changes of its policies while it runs.
func (b *builder) changes(r Router, links []Link, by map[string]*Router) []bgp.Change {
	var all []bgp.Change
	for _, f := range b.s.Faults {
		if f.Kind != PolicyChange || f.Target != r.Name {
			continue
		}
		l := links[slices.IndexFunc(links, func(l Link) bool { return l.other(r.Name) == f.Peer })]
		r.Peers = []Peer{{Router: f.Peer, Import: f.Import, Export: f.Export}}
		is, c := r.peer(l, by[f.Peer]), bgp.Change{Name: f.Name, Peers: []events.ActorID{events.ActorID(f.Peer)}, Prepend: f.Prepend}
		if len(f.Import) > 0 {
			c.Import = is.Import
		}
		if len(f.Export) > 0 {
			c.Export = is.Export
		}
		all = append(all, c)
	}
	return all
}

// join lays a link.
func (b *builder) join(l Link) {
	x, y := events.ActorID(l.Between[0]), events.ActorID(l.Between[1])
	over := []events.Crossing{{Link: l.Name}}
	b.fact(events.Link{Name: l.Name, Type: events.RouterLink, A: l.Between[0], B: l.Between[1]})
	b.wire(x, y, l.Delay, over)
	b.wires[len(b.wires)-1].Delay = l.delayTo(l.Between[0])
	for i := range 2 {
		b.ways[len(b.ways)-1-i].Detected = l.Detected
	}
}

// linkPaths writes which routers reach each other directly.
func (b *builder) linkPaths() {
	for _, l := range b.s.Links {
		x, y := events.ActorID(l.Between[0]), events.ActorID(l.Between[1])
		over := []events.Crossing{{Link: l.Name}}
		b.fact(events.Path{From: x, To: y, Crossings: over})
		b.fact(events.Path{From: y, To: x, Crossings: reversed(over)})
	}
}

// delayTo gives the delay of packets to an end of the link.
func (l Link) delayTo(end string) sim.Dist {
	if l.Back != nil && end == l.Between[0] {
		return *l.Back
	}
	return l.Delay
}

func (l Link) other(end string) string {
	if end == l.Between[0] {
		return l.Between[1]
	}
	return l.Between[0]
}

// config adds what a speaker does to what it is.
func (s Speaker) config(c bgp.Config) bgp.Config {
	switch {
	case s.MultipathRelax:
		c.Multipath = bgp.AnyAS
	case s.Multipath:
		c.Multipath = bgp.SameAS
	case s.MultipathSame:
		c.Multipath = bgp.SamePath
	}
	c.MaxPaths, c.DecisionDelay, c.ClearDelay = s.MaxPaths, s.DecisionDelay, s.ClearDelay
	c.CompareUnsent = s.CompareUnsent
	c.NextHopSelf, c.GhostFlush, c.Processing = s.NextHopSelf, s.GhostFlushing, s.Processing
	c.Decision = bgp.Decision{
		AlwaysCompareMED: s.AlwaysMED, MissingMEDWorst: s.MissingMED, PairwiseMED: s.PairwiseMED, KeepOldest: s.KeepOldest,
	}
	return c
}

// router gives what a speaker does to a forwarding table.
func (s Speaker) router(c bgp.Config) actors.RouterConfig {
	return actors.RouterConfig{Speaker: c, InstallDelay: s.InstallDelay, Leaves: s.LeavesRoutes, TornGroups: s.TornGroups}
}

// base gives what a speaker is told of all its peers.
func (s Speaker) base() bgp.Peer {
	return bgp.Peer{
		Hold: s.Hold, Keepalive: s.Keepalive, Jitter: s.Jitter, ConnectRetry: s.ConnectRetry, IdleHold: idleHold,
		MRAI:     bgp.MRAI{Interval: s.MRAI, PerPrefix: s.MRAIPer == "prefix", Withdrawals: s.MRAIWithdrawal, FreeRunning: s.MRAITimer == "free-running", OnQueue: s.MRAIOn == "queued" && s.MRAITimer != "free-running"},
		SendBack: s.SendBack, SenderLoops: s.SenderLoops, Damping: s.damping(),
		FirstTable: s.FirstTable, FirstTableFor: s.FirstTableFor, StaysLinked: !s.FastFailover,
	}
}

// peer gives what a router is told of the one at the other end of a link. The
// first end of a link opens the connection.
func (r Router) peer(l Link, other *Router) bgp.Peer {
	s, with := r.Speaker, r.with(other.Name)
	p := s.base()
	p.ID, p.AS, p.Passive, p.Identifier = events.ActorID(other.Name), other.ASN, l.Between[1] == r.Name, other.ID
	p.PeerKeepalive, p.PeerJitter, p.Delay = other.Speaker.Keepalive, other.Speaker.Jitter, l.delayTo(r.Name).Min()
	p.Client, p.Transparent, p.IGPCost, p.Prepend = with.Client, with.Transparent, with.IGPCost, with.Prepend
	p.Import, p.Export = policy(with.Import), policy(with.Export)
	p.AllowASIn = with.AllowASIn
	if with.ASOverride {
		p.Out.Override = other.ASN
	}
	if l.BFD {
		p.BFD = s.bfd()
		l.setBFD(p.BFD)
		p.BFD.PeerJitter = other.Speaker.BFDJitter
	}
	p.Restart = restart(s.Restart)
	is := l.relationOf(r.Name)
	if s.DenyDefault && is == stranger && other.ASN != r.ASN {
		p.Deny = true
		p.Import, p.Export = orKeep(p.Import), orKeep(p.Export)
	}
	p.Import, p.Export = is.importing(p.Import), is.exporting(p.Export)
	return p
}

// bfd gives how a speaker does BFD, where a link has it.
func (s Speaker) bfd() *bgp.BFD {
	return &bgp.BFD{
		DesiredMinTx: s.BFDInterval, RequiredMinRx: s.BFDMinRx, Multiplier: s.BFDMultiplier,
		Jitter: s.BFDJitter, LateInit: s.BFDLateInit, DropsZero: s.BFDDropsZero,
	}
}

// setBFD gives an end of a link what the link says of BFD.
func (l Link) setBFD(b *bgp.BFD) {
	if l.BFDInterval != nil {
		b.DesiredMinTx, b.RequiredMinRx = *l.BFDInterval, *l.BFDInterval
	}
	if l.BFDMultiplier != nil {
		b.Multiplier = *l.BFDMultiplier
	}
}

// restart gives the graceful restart that a speaker offers.
func restart(offered time.Duration) *bgp.GracefulRestart {
	if offered == 0 {
		return nil
	}
	return &bgp.GracefulRestart{Time: offered, Forwarding: true}
}

// damping gives the parameters of route flap damping.
func (s Speaker) damping() *bgp.Damping {
	var d *bgp.Damping
	switch s.Damping {
	case "cisco":
		d = bgp.CiscoDamping()
	case "juniper":
		d = bgp.JuniperDamping()
	default:
		return nil
	}
	if d.Sessions = s.SessionFlaps; s.Suppress > 0 {
		d.Suppress = s.Suppress
	}
	return d
}

// with gives what a router does with a peer: nothing, where it does not say.
func (r Router) with(name string) Peer {
	for _, p := range r.Peers {
		if p.Router == name {
			return p
		}
	}
	return Peer{Router: name}
}

// orKeep makes a policy keep what no rule of it matches; there is none where
// there are no rules, and then RFC 8212 holds.
func orKeep(rules []bgp.Rule) []bgp.Rule {
	if len(rules) == 0 {
		return nil
	}
	return append(rules, bgp.Rule{})
}

// policy gives rules as a speaker takes them.
func policy(rules []PolicyRule) []bgp.Rule {
	var all []bgp.Rule
	for _, r := range rules {
		one := bgp.Rule{
			Drop: r.Action == "drop", LocalPref: number32(r.LocalPref), MED: number32(r.MED), Prepend: r.Prepend,
			NextHop: r.NextHop,
		}
		one.AddCommunity, one.AddLarge = communities(r.Add)
		one.CutCommunity, one.CutLarge = communities(r.Remove)
		for _, p := range r.Prefixes {
			one.Prefixes = append(one.Prefixes, bgp.PrefixMatch{Prefix: p, GE: r.GE, LE: r.LE})
		}
		one.ASPath, _ = asPathPattern(r.ASPath) // checked when it was loaded
		if c, ok := community(r.Community); ok {
			one.Community = &c
		}
		if c, ok := largeCommunity(r.Community); ok {
			one.Large = &c
		}
		all = append(all, one)
	}
	return all
}

func number32(n *int) *uint32 {
	if n == nil {
		return nil
	}
	u := uint32(*n)
	return &u
}

// communities gives communities of both kinds.
func communities(texts []string) (all []events.Community, large []events.LargeCommunity) {
	for _, text := range texts {
		if c, ok := largeCommunity(text); ok {
			large = append(large, c)
		} else if c, ok := community(text); ok {
			all = append(all, c)
		}
	}
	return all, large
}
