package actors

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// NICs is a group of NICs that share one table of effective routes: a set of
// VMs in one subnet, or the NIC of an NVA. It applies what a Route Server
// instance programs: each route when it is ready, but not before Spacing has
// passed since that route changed last (two observers of Azure saw a second
// change wait until 30 s after the first: azure-route-server-failover,
// 2021-11-23, and azure-route-server-next-hop-ip-fast-failover, 2022-08-30). A
// newer change replaces one that waits; one that equals what is installed
// changes nothing.
type NICs struct {
	cfg       NICsConfig
	installed map[netip.Prefix][]netip.Addr
	applied   map[netip.Prefix]events.Time
	pending   map[netip.Prefix]pendingRoute
}

// NICsConfig is what a group of NICs is told.
type NICsConfig struct {
	ID      events.ActorID
	System  []netip.Prefix // its VNet's and the peered VNets' prefixes, which beat learned routes at any length
	Spacing time.Duration
}

// pendingRoute is a route that waits to be applied.
type pendingRoute struct {
	hops     []netip.Addr
	ready    events.Time
	cause    uint64
	instance events.ActorID
	batch    uint64
}

// NewNICs builds a group whose NICs have learned no route yet.
func NewNICs(cfg NICsConfig) *NICs {
	return &NICs{
		cfg: cfg, installed: map[netip.Prefix][]netip.Addr{},
		applied: map[netip.Prefix]events.Time{}, pending: map[netip.Prefix]pendingRoute{},
	}
}

// ID names the group.
func (n *NICs) ID() events.ActorID { return n.cfg.ID }

// Routes gives the learned routes that are active: by prefix, the next hops.
func (n *NICs) Routes() map[netip.Prefix][]netip.Addr { return n.installed }

// Apply folds a line.
func (n *NICs) Apply(l events.Line) {
	switch e := l.Event.(type) {
	case events.Program:
		n.plan(e, l)
	case events.NICChanged:
		for _, r := range e.Routes {
			delete(n.pending, r.Prefix)
			n.applied[r.Prefix] = l.At
			n.installed[r.Prefix] = r.NextHops
			if len(r.NextHops) == 0 {
				delete(n.installed, r.Prefix)
			}
		}
	}
}

// plan folds an order of a Route Server instance.
func (n *NICs) plan(e events.Program, l events.Line) {
	if e.Full {
		clear(n.pending)
		for prefix := range n.installed { // order-free: each on its own
			n.wait(prefix, pendingRoute{nil, e.Ready, l.Seq, l.Peer, e.Batch})
		}
	}
	for i, r := range e.Routes {
		cause := l.Seq
		if len(l.Causes) > 0 {
			cause = l.Causes[i]
		}
		n.wait(r.Prefix, pendingRoute{r.NextHops, e.Ready, cause, l.Peer, e.Batch})
	}
}

// wait replaces what waits for a prefix, unless a system route hides it.
func (n *NICs) wait(prefix netip.Prefix, p pendingRoute) {
	hidden := slices.ContainsFunc(n.cfg.System, func(s netip.Prefix) bool {
		return s.Bits() <= prefix.Bits() && s.Contains(prefix.Addr())
	})
	delete(n.pending, prefix)
	if !hidden && !slices.Equal(p.hops, n.installed[prefix]) {
		n.pending[prefix] = p
	}
}

// due gives when a waiting route may be applied.
func (n *NICs) due(prefix netip.Prefix) events.Time {
	at := n.pending[prefix].ready
	if last, changed := n.applied[prefix]; changed {
		at = max(at, last.Add(n.cfg.Spacing))
	}
	return at
}

// Step decides.
func (n *NICs) Step(t *sim.Turn, in events.Line) {
	switch e := in.Event.(type) {
	case events.Program:
		n.schedule(t)
	case events.Timer:
		if e.Name == events.ProgramTimer {
			n.apply(t)
			n.schedule(t)
		}
	case events.Order:
		if e.Do == events.Flush {
			n.flush(t)
		}
	}
}

// schedule sets the timer to the next route that is due.
func (n *NICs) schedule(t *sim.Turn) {
	timer := events.Timer{Name: events.ProgramTimer, Peer: n.cfg.ID}
	if len(n.pending) == 0 {
		t.Stop(timer)
		return
	}
	next := events.Time(-1)
	for prefix := range n.pending { // order-free: the least
		if at := n.due(prefix); next < 0 || at < next {
			next = at
		}
	}
	t.At(next, timer)
}

// apply installs every route that is due: a change for each transaction and
// cause.
func (n *NICs) apply(t *sim.Turn) {
	var ready []netip.Prefix
	for _, prefix := range events.SortedPrefixes(n.pending) {
		if n.due(prefix) <= t.Now() {
			ready = append(ready, prefix)
		}
	}
	slices.SortStableFunc(ready, func(a, b netip.Prefix) int {
		return int(n.pending[a].cause) - int(n.pending[b].cause)
	})
	for len(ready) > 0 {
		first := n.pending[ready[0]]
		change := events.NICChanged{Instance: first.instance, Batch: first.batch}
		for len(ready) > 0 && n.pending[ready[0]].cause == first.cause {
			change.Routes = append(change.Routes, events.NICRoute{Prefix: ready[0], NextHops: n.pending[ready[0]].hops})
			ready = ready[1:]
		}
		t.Cite(first.cause)
		t.Record(change)
	}
	t.Cite(0)
}

// flush removes all learned routes at once.
func (n *NICs) flush(t *sim.Turn) {
	var change events.NICChanged
	for _, prefix := range events.SortedPrefixes(n.installed) {
		change.Routes = append(change.Routes, events.NICRoute{Prefix: prefix})
	}
	if len(change.Routes) > 0 {
		t.Record(change)
	}
	n.schedule(t)
}
