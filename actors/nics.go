package actors

import (
	"cmp"
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
	pending   map[target]pendingRoute
	from      map[target][]netip.Addr // what each instance programmed, where the table is their union
	beaten    map[netip.Prefix][]netip.Addr
}

// target is a route that an instance programs; where a table is not the union of
// what several do, the instance does not matter, and is none.
type target struct {
	prefix   netip.Prefix
	instance events.ActorID
}

// NICsConfig is what a group of NICs is told.
type NICsConfig struct {
	ID      events.ActorID
	System  []netip.Prefix // its VNet's and the peered VNets' prefixes, which beat learned routes at any length
	User    []netip.Prefix // of user-defined routes, which beat learned ones of the same prefix
	Spacing time.Duration
	Union   bool // uses what any instance programmed, not what the last one did
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
		applied: map[netip.Prefix]events.Time{}, pending: map[target]pendingRoute{},
		from: map[target][]netip.Addr{}, beaten: map[netip.Prefix][]netip.Addr{},
	}
}

// ID names the group.
func (n *NICs) ID() events.ActorID { return n.cfg.ID }

// Routes gives the learned routes that are active: by prefix, the next hops.
func (n *NICs) Routes() map[netip.Prefix][]netip.Addr { return n.installed }

// Beaten gives the learned routes that are not active because a user-defined
// route has their prefix.
func (n *NICs) Beaten() map[netip.Prefix][]netip.Addr { return n.beaten }

// Apply folds a line.
func (n *NICs) Apply(l *events.Line) {
	switch e := l.Event.(type) {
	case events.Program:
		n.plan(e, l)
	case events.NICChanged:
		for _, r := range e.Routes {
			n.programmed(n.target(r.Prefix, e.Instance), e.Batch > 0)
			n.applied[r.Prefix] = l.At
			put(n.installed, r.Prefix, r.NextHops)
		}
	}
}

// programmed folds that what waited for a target took effect, or, where nothing
// was programmed, that what the instance had programmed is gone.
func (n *NICs) programmed(at target, anything bool) {
	switch {
	case n.cfg.Union && anything:
		put(n.from, at, n.pending[at].hops)
	case n.cfg.Union:
		for from := range n.from { // order-free: each on its own
			if from.prefix == at.prefix && (at.instance == "" || at.instance == from.instance) {
				delete(n.from, from)
			}
		}
	}
	delete(n.pending, at)
}

// put sets an entry of a table, or removes it where there are no next hops.
func put[K comparable](table map[K][]netip.Addr, key K, hops []netip.Addr) {
	if table[key] = hops; len(hops) == 0 {
		delete(table, key)
	}
}

func (n *NICs) target(prefix netip.Prefix, instance events.ActorID) target {
	if n.cfg.Union {
		return target{prefix, instance}
	}
	return target{prefix, ""}
}

// plan folds an order of a Route Server instance.
func (n *NICs) plan(e events.Program, l *events.Line) {
	if e.Full {
		n.empty(pendingRoute{nil, e.Ready, l.Seq, l.Peer, e.Batch})
	}
	for i, r := range e.Routes {
		cause := l.Seq
		if len(l.Causes) > 0 {
			cause = l.Causes[i]
		}
		n.wait(r.Prefix, pendingRoute{r.NextHops, e.Ready, cause, l.Peer, e.Batch})
	}
}

// empty lets all that was programmed wait for its removal: what is programmed
// next is all there is.
func (n *NICs) empty(p pendingRoute) {
	for at := range n.pending { // order-free: each on its own
		if at == n.target(at.prefix, p.instance) {
			delete(n.pending, at)
		}
	}
	for prefix := range n.installed { // order-free: each on its own
		n.wait(prefix, p)
	}
	clear(n.beaten)
}

// wait replaces what waits for a prefix, unless a system route hides it or a
// user-defined one beats it.
func (n *NICs) wait(prefix netip.Prefix, p pendingRoute) {
	if slices.Contains(n.cfg.User, prefix) {
		put(n.beaten, prefix, p.hops)
		return
	}
	at := n.target(prefix, p.instance)
	delete(n.pending, at)
	has := n.installed[prefix]
	if n.cfg.Union {
		has = n.from[at]
	}
	if !within(prefix, n.cfg.System) && !slices.Equal(p.hops, has) {
		n.pending[at] = p
	}
}

// hops gives the next hops of a prefix once what waits is applied: with those of
// the other instances, where the table is the union.
func (n *NICs) hops(at target) []netip.Addr {
	if !n.cfg.Union {
		return n.pending[at].hops
	}
	return distinct(append(n.others(at), n.pending[at].hops...))
}

// others gives the next hops that instances other than one programmed.
func (n *NICs) others(at target) []netip.Addr {
	var all []netip.Addr
	for other, more := range n.from { // order-free: sorted by who asks
		if other.prefix == at.prefix && other.instance != at.instance {
			all = append(all, more...)
		}
	}
	return all
}

// due gives when a waiting route may be applied.
func (n *NICs) due(at target) events.Time {
	prefix := at.prefix
	ready := n.pending[at].ready
	if last, changed := n.applied[prefix]; changed {
		ready = max(ready, last.Add(n.cfg.Spacing))
	}
	return ready
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
			n.flush(t, e.Arg)
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
	for at := range n.pending { // order-free: the least
		if due := n.due(at); next < 0 || due < next {
			next = due
		}
	}
	t.At(next, timer)
}

// apply installs every route that is due: a change for each transaction and
// cause.
func (n *NICs) apply(t *sim.Turn) {
	var ready []target
	for at := range n.pending { // order-free: sorted below
		if n.due(at) <= t.Now() {
			ready = append(ready, at)
		}
	}
	slices.SortFunc(ready, func(a, b target) int {
		return cmp.Or(cmp.Compare(n.pending[a].cause, n.pending[b].cause), events.ComparePrefixes(a.prefix, b.prefix), cmp.Compare(a.instance, b.instance))
	})
	for len(ready) > 0 {
		first := n.pending[ready[0]]
		change := events.NICChanged{Instance: first.instance, Batch: first.batch}
		for len(ready) > 0 && n.pending[ready[0]].cause == first.cause {
			change.Routes = append(change.Routes, events.NICRoute{Prefix: ready[0].prefix, NextHops: n.hops(ready[0])})
			ready = ready[1:]
		}
		t.Cite(first.cause)
		t.Record(change)
	}
	t.Cite(0)
}

// flush removes all learned routes at once, or those that one instance
// programmed.
func (n *NICs) flush(t *sim.Turn, instance events.ActorID) {
	change := events.NICChanged{Instance: instance}
	for _, prefix := range events.SortedPrefixes(n.installed) {
		r := events.NICRoute{Prefix: prefix}
		if instance != "" {
			r.NextHops = distinct(n.others(target{prefix, instance}))
		}
		if !slices.Equal(r.NextHops, n.installed[prefix]) {
			change.Routes = append(change.Routes, r)
		}
	}
	if len(change.Routes) > 0 {
		t.Record(change)
	}
	n.schedule(t)
}
