package actors

import (
	"net/netip"
	"slices"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// RouteServerAS is the AS of every Azure Route Server; it cannot be changed
// (Azure: troubleshoot-route-server, 2023-12-17).
const RouteServerAS = 65515

// RouteServerConfig is what an instance of a Route Server is told.
type RouteServerConfig struct {
	Speaker        bgp.Config
	BranchToBranch bool             // re-advertises what one peer sent to the others
	Serves         []events.ActorID // the NIC groups it programs at the start
	Programming    sim.Dist         // from a best change to the NICs
}

// RouteServer is one of the two instances of an Azure Route Server: a speaker
// that never forwards. It advertises the address prefixes of its VNet, and
// programs NICs with the next hops that it received (Azure: route-server-faq,
// 2025-09-17; next-hop-ip, 2023-08-21).
type RouteServer struct {
	*bgp.Speaker
	cfg     RouteServerConfig
	serves  []events.ActorID
	batches uint64
	drawn   map[string]uint64 // batches by disturbance
}

// NewRouteServer builds an instance.
func NewRouteServer(cfg RouteServerConfig) *RouteServer {
	r := &RouteServer{cfg: cfg, serves: slices.Clone(cfg.Serves), drawn: map[string]uint64{}}
	cfg.Speaker.Export = r.export
	r.Speaker = bgp.NewSpeaker(cfg.Speaker)
	return r
}

func (r *RouteServer) export(to *bgp.Peer, _ netip.Prefix, best bgp.Best) (*events.Attrs, bool) {
	return r.Announce(to, best), best.Own() || r.cfg.BranchToBranch
}

// Apply folds a line.
func (r *RouteServer) Apply(l events.Line) {
	r.Speaker.Apply(l)
	switch e := l.Event.(type) {
	case events.Program:
		if e.Batch > r.batches {
			r.batches = e.Batch
			r.drawn[e.For]++
		}
	case events.Serving:
		r.serves = slices.DeleteFunc(r.serves, func(g events.ActorID) bool { return g == e.Group })
		if e.On {
			r.serves = append(r.serves, e.Group)
		}
	case events.Order:
		if e.Do == events.Die || e.Do == events.Kill || e.Do == events.Stop {
			r.serves = nil
		}
	}
}

// Step decides.
func (r *RouteServer) Step(t *sim.Turn, in events.Line) {
	r.Speaker.Step(t, in)
	if o, ok := in.Event.(events.Order); ok && (o.Do == events.Serve || o.Do == events.Release) {
		t.Record(events.Serving{Group: o.Arg, On: o.Do == events.Serve})
		if o.Do == events.Serve {
			r.programAll(t, o.Arg)
		}
		return
	}
	r.program(t)
}

// program orders one transaction for the best changes of this turn.
func (r *RouteServer) program(t *sim.Turn) {
	if len(r.serves) == 0 || r.Absent() {
		return
	}
	var routes []events.NICRoute
	var causes []uint64
	var newest, first uint64
	mixed := false
	for _, l := range t.Lines() {
		e, ok := l.Event.(events.BestChanged)
		if !ok || len(e.Is) > 0 && e.Is[0] == r.ID() {
			continue
		}
		routes = append(routes, events.NICRoute{Prefix: e.Prefix, NextHops: distinct(e.NextHops)})
		if len(causes) == 0 {
			first = l.Cause
		}
		mixed = mixed || l.Cause != first
		causes = append(causes, l.Seq)
		newest = l.Seq
	}
	if len(routes) == 0 {
		return
	}
	if !mixed {
		causes = slices.Repeat([]uint64{newest}, len(routes))
	}
	defer t.Cite(t.Cite(newest))
	r.order(t, r.serves, routes, causes, false)
}

// programAll gives a NIC group that it takes over all that it knows. An instance
// that knows nothing yet leaves the group as it is.
func (r *RouteServer) programAll(t *sim.Turn, group events.ActorID) {
	var routes []events.NICRoute
	for _, prefix := range r.Prefixes() {
		if best, _ := r.Best(prefix); !best.Own() {
			routes = append(routes, events.NICRoute{Prefix: prefix, NextHops: distinct(best.NextHops)})
		}
	}
	if len(routes) > 0 {
		r.order(t, []events.ActorID{group}, routes, make([]uint64, len(routes)), true)
	}
}

// order draws the programming delay of a batch, once for all its NICs.
func (r *RouteServer) order(t *sim.Turn, groups []events.ActorID, routes []events.NICRoute, causes []uint64, full bool) {
	name := t.Disturbance()
	key := sim.KeyOf("program").Actor(r.ID()).Str(name).Int(r.drawn[name])
	p := events.Program{Batch: r.batches + 1, For: name, Full: full, Routes: routes}
	p.Ready = t.Now().Add(t.Draw(r.cfg.Programming, key))
	for _, g := range groups {
		t.SendMixed(g, p, causes)
	}
}

// distinct gives addresses in ascending order, each once.
func distinct(hops []netip.Addr) []netip.Addr {
	d := slices.Clone(hops)
	slices.SortFunc(d, netip.Addr.Compare)
	return slices.Compact(d)
}
