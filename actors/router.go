package actors

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// Static is a route that a router has whatever its neighbours say.
type Static struct {
	Prefix netip.Prefix
	Hops   []StaticHop
}

// StaticHop is a next hop of a static route. It is used while the probe of
// Watch, where there is one, does not fail.
type StaticHop struct {
	Address netip.Addr
	Watch   events.ActorID
}

// RouterConfig is what a router is told.
type RouterConfig struct {
	Speaker bgp.Config
	Statics []Static
	Probes  []Probe
	NIC     *NICsConfig // of an NVA whose NIC is programmed
	// InstallDelay is how long a best route needs into the forwarding table.
	InstallDelay time.Duration
	// Leaves says that the routes of BGP stay in the forwarding table when the process
	// is killed, until it begins anew: nobody is there to take them out.
	Leaves bool
	// TornGroups says that a group of next hops that lost one with its link does not
	// get it back, whatever uses the group later, until the process begins anew (FRR
	// 8.4: zebra's nexthop groups).
	TornGroups bool
	// Withhold says which routes are not sent to whom; nil: all are sent.
	Withhold func(to *bgp.Peer, prefix netip.Prefix, best bgp.Best) bool
	// Tag gives the communities that a route is sent with, beside those it has;
	// nil: none.
	Tag func(to *bgp.Peer, prefix netip.Prefix) []events.Community
}

// Router is an NVA, the router of a site or a Microsoft edge router: a speaker
// that installs its best routes in its forwarding table. A process that ends takes
// the routes of BGP with it, unless a peer was told that forwarding goes on
// (RFC 4724); static ones stay.
type Router struct {
	*bgp.Speaker
	cfg    RouterConfig
	fib    map[netip.Prefix][]netip.Addr
	fibs   events.Slab[events.FIBChanged]
	nic    *NICs
	torn   torn
	probes *probes
}

// NewRouter builds a router.
func NewRouter(cfg RouterConfig) *Router {
	r := &Router{cfg: cfg, fib: map[netip.Prefix][]netip.Addr{}, probes: newProbes(cfg.Speaker.ID, cfg.Probes)}
	if cfg.Withhold != nil || cfg.Tag != nil {
		cfg.Speaker.Export = r.export
	}
	cfg.Speaker.Originates = r.originates
	r.Speaker = bgp.NewSpeaker(cfg.Speaker)
	if cfg.NIC != nil {
		r.nic = NewNICs(*cfg.NIC)
	}
	return r
}

func (r *Router) export(to *bgp.Peer, prefix netip.Prefix, best bgp.Best) (*events.Attrs, bool) {
	if r.cfg.Withhold != nil && r.cfg.Withhold(to, prefix, best) {
		return nil, false
	}
	a := r.Announce(to, best)
	if r.cfg.Tag != nil {
		for _, c := range r.cfg.Tag(to, prefix) {
			a = tagged(a, c)
		}
	}
	return a, true
}

// FIB gives its forwarding table: by prefix, the next hops.
func (r *Router) FIB() map[netip.Prefix][]netip.Addr { return r.fib }

// NIC gives the effective routes of its NIC; nil where nobody programs it.
func (r *Router) NIC() *NICs { return r.nic }

// Apply folds a line.
func (r *Router) Apply(l *events.Line) {
	if o, ok := l.Event.(events.Order); ok && l.Role == events.In && r.cfg.TornGroups {
		r.torn.apply(r, o)
	}
	r.Speaker.Apply(l)
	r.probes.apply(l)
	if r.nic != nil {
		r.nic.Apply(l)
	}
	if e, ok := l.Event.(*events.FIBChanged); ok {
		r.fib[e.Prefix] = e.NextHops
		if len(e.NextHops) == 0 {
			delete(r.fib, e.Prefix)
		}
	}
}

// Step decides.
func (r *Router) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); ok {
		for _, s := range r.cfg.Statics {
			t.Record(&events.FIBChanged{Prefix: s.Prefix, NextHops: r.hops(s), Why: "static"})
		}
	}
	r.Speaker.Step(t, in)
	if !r.Absent() && r.probes.step(t, in) {
		r.followProbes(t)
	}
	if r.nic != nil {
		r.nic.Step(t, in)
	}
	if timer, ok := in.Event.(events.Timer); ok && timer.Name == events.InstallTimer {
		r.settle(t, timer.Prefix)
	}
	if !r.forwardsOn(in) {
		r.install(t)
	}
	r.clean(t, in)
}

// install brings the forwarding table to what BGP decided in this turn. A static
// route stays before one of BGP.
func (r *Router) install(t *sim.Turn) {
	for i := 0; i < len(t.Lines()); i++ {
		l := &t.Lines()[i]
		if l.Role != events.Change {
			continue
		}
		e, ok := l.Event.(*events.BestChanged)
		if !ok || r.hasStatic(e.Prefix) {
			continue
		}
		hops := r.usable(e.Is, e.NextHops)
		if slices.Equal(hops, r.fib[e.Prefix]) {
			continue
		}
		t.Cite(l.Seq)
		if r.cfg.InstallDelay > 0 && !r.Absent() {
			r.hand(t, e.Prefix)
			continue
		}
		t.Record(r.fibs.New(events.FIBChanged{Prefix: e.Prefix, NextHops: hops, Why: "bgp"}))
	}
	t.Cite(0)
}

// hand gives a route to the forwarding table, where it arrives a while later.
func (r *Router) hand(t *sim.Turn, prefix netip.Prefix) {
	timer := events.Timer{Name: events.InstallTimer, Prefix: prefix}
	if !t.Pending(timer) {
		t.After(r.cfg.InstallDelay, timer)
	}
}

// settle is the install timer: the route is in the forwarding table, as it is now.
func (r *Router) settle(t *sim.Turn, prefix netip.Prefix) {
	if r.hasStatic(prefix) {
		return
	}
	best, _ := r.Best(prefix)
	hops := r.usable(best.From, best.NextHops)
	if !slices.Equal(hops, r.fib[prefix]) {
		t.Record(r.fibs.New(events.FIBChanged{Prefix: prefix, NextHops: hops, Why: "bgp"}))
	}
}

// usable gives the next hops of a best route: none for an own one, which needs no
// route of BGP.
func (r *Router) usable(from []events.ActorID, hops []netip.Addr) []netip.Addr {
	if len(from) > 0 && from[0] == r.ID() {
		return nil
	}
	return r.torn.left(distinct(hops))
}

// forwardsOn tells whether the process ends and leaves its routes behind.
func (r *Router) forwardsOn(in events.Line) bool {
	o, ok := in.Event.(events.Order)
	return ok && o.Do == events.Kill && (r.cfg.Leaves || r.Forwards() && !r.Died())
}

// clean removes what a former process left behind, when the present one has chosen
// its routes (RFC 4724 section 4.1), or when the machine died meanwhile.
func (r *Router) clean(t *sim.Turn, in events.Line) {
	o, ok := in.Event.(events.Order)
	left := ok && o.Do == events.Restart && (r.cfg.Leaves && !r.Forwards() || r.Forwards() && r.Died())
	if !left && !chosen(t.Lines()) {
		return
	}
	for _, prefix := range events.SortedPrefixes(r.fib) {
		if best, found := r.Best(prefix); (!found || best.Own()) && !r.hasStatic(prefix) {
			t.Record(&events.FIBChanged{Prefix: prefix, Why: "bgp"})
		}
	}
}

// chosen tells whether in these lines a process that began anew chose its routes.
func chosen(lines []events.Line) bool {
	for i := range lines {
		if l := &lines[i]; (l.Role == events.Fired || l.Role == events.Stopped) && l.Event == bgp.SelectionTimer() {
			return true
		}
	}
	return false
}

// static tells whether the router is configured with a static route for a
// prefix; hasStatic, whether it is in use.
func (r *Router) static(prefix netip.Prefix) bool {
	return slices.ContainsFunc(r.cfg.Statics, func(s Static) bool { return s.Prefix == prefix })
}

func (r *Router) hasStatic(prefix netip.Prefix) bool {
	return slices.ContainsFunc(r.cfg.Statics, func(s Static) bool { return s.Prefix == prefix && len(r.hops(s)) > 0 })
}

// hops gives the next hops of a static route whose probes do not fail.
func (r *Router) hops(s Static) []netip.Addr {
	var all []netip.Addr
	for _, h := range s.Hops {
		if !r.probes.failing(h.Watch) {
			all = append(all, h.Address)
		}
	}
	return distinct(all)
}

// originates tells whether the router has the route behind a prefix of its own
// that it originates: a static one may be withdrawn by its probes.
func (r *Router) originates(prefix netip.Prefix) bool {
	return !r.static(prefix) || r.hasStatic(prefix)
}

// followProbes brings static routes to what the probes found in this turn.
func (r *Router) followProbes(t *sim.Turn) {
	for _, s := range r.cfg.Statics {
		hops := r.hops(s)
		if slices.Equal(hops, r.fib[s.Prefix]) {
			continue
		}
		why := "static"
		if len(hops) == 0 {
			why = "probe"
			if best, ok := r.Best(s.Prefix); ok && !best.Own() {
				hops, why = distinct(best.NextHops), "bgp"
			}
		}
		t.Record(&events.FIBChanged{Prefix: s.Prefix, NextHops: hops, Why: why})
		r.Reconsider(t, s.Prefix)
	}
}
