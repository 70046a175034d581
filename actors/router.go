package actors

import (
	"net/netip"
	"slices"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// Static is a route that a router has whatever its neighbours say.
type Static struct {
	Prefix   netip.Prefix
	NextHops []netip.Addr
}

// RouterConfig is what a router is told.
type RouterConfig struct {
	Speaker bgp.Config
	Statics []Static
	NIC     *NICsConfig // of an NVA that a Route Server programs
	// KeepOwn says to whom the routes that it originates are not sent.
	KeepOwn func(to events.ActorID) bool
}

// Router is an NVA or the router of a site: a speaker that installs its best
// routes in its forwarding table at once. A process that ends takes the routes
// of BGP with it; static ones stay.
type Router struct {
	*bgp.Speaker
	cfg RouterConfig
	fib map[netip.Prefix][]netip.Addr
	nic *NICs
}

// NewRouter builds a router.
func NewRouter(cfg RouterConfig) *Router {
	r := &Router{cfg: cfg, fib: map[netip.Prefix][]netip.Addr{}}
	cfg.Speaker.Export = r.export
	r.Speaker = bgp.NewSpeaker(cfg.Speaker)
	if cfg.NIC != nil {
		r.nic = NewNICs(*cfg.NIC)
	}
	return r
}

func (r *Router) export(to *bgp.Peer, _ netip.Prefix, best bgp.Best) (*events.Attrs, bool) {
	if best.Own() && r.cfg.KeepOwn != nil && r.cfg.KeepOwn(to.ID) {
		return nil, false
	}
	return r.Announce(to, best), true
}

// FIB gives its forwarding table: by prefix, the next hops.
func (r *Router) FIB() map[netip.Prefix][]netip.Addr { return r.fib }

// NIC gives the effective routes of its NIC; nil where no Route Server programs
// it.
func (r *Router) NIC() *NICs { return r.nic }

// Apply folds a line.
func (r *Router) Apply(l events.Line) {
	r.Speaker.Apply(l)
	if r.nic != nil {
		r.nic.Apply(l)
	}
	if e, ok := l.Event.(events.FIBChanged); ok {
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
			t.Record(events.FIBChanged{Prefix: s.Prefix, NextHops: distinct(s.NextHops), Why: "static"})
		}
	}
	r.Speaker.Step(t, in)
	if r.nic != nil {
		r.nic.Step(t, in)
	}
	r.install(t)
}

// install brings the forwarding table to what BGP decided in this turn. A static
// route stays before one of BGP.
func (r *Router) install(t *sim.Turn) {
	for i := 0; i < len(t.Lines()); i++ {
		l := t.Lines()[i]
		e, ok := l.Event.(events.BestChanged)
		own := ok && len(e.Is) > 0 && e.Is[0] == r.ID()
		if !ok || own || r.static(e.Prefix) {
			continue
		}
		hops := distinct(e.NextHops)
		if slices.Equal(hops, r.fib[e.Prefix]) {
			continue
		}
		t.Cite(l.Seq)
		t.Record(events.FIBChanged{Prefix: e.Prefix, NextHops: hops, Why: "bgp"})
	}
	t.Cite(0)
}

func (r *Router) static(prefix netip.Prefix) bool {
	return slices.ContainsFunc(r.cfg.Statics, func(s Static) bool { return s.Prefix == prefix })
}
