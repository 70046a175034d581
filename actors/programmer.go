package actors

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// Programming is how an instance of a Route Server, or of a gateway where its
// VNet has none, puts what it learned into NICs. Azure documents none of it.
type Programming struct {
	Serves   []events.ActorID // the NIC groups it programs at the start
	Delay    sim.Dist         // from a best change to the NICs; drawn once for each batch of changes
	PerRoute time.Duration    // further delay for each route of a batch
	EachNIC  bool             // draws for each group by itself
	WarmUp   time.Duration    // what a session brings waits until so long after it came up
}

// programmer orders the programming of the NIC groups that an instance serves:
// one transaction for the best changes of a turn.
type programmer struct {
	*bgp.Speaker
	cfg     Programming
	serves  []events.ActorID
	batches uint64
	drawn   map[string]uint64 // batches by disturbance
}

func newProgrammer(s *bgp.Speaker, cfg Programming) *programmer {
	return &programmer{Speaker: s, cfg: cfg, serves: slices.Clone(cfg.Serves), drawn: map[string]uint64{}}
}

// fold folds a line of the actor.
func (p *programmer) fold(l *events.Line) {
	switch e := l.Event.(type) {
	case events.Program:
		if e.Batch > p.batches {
			p.batches = e.Batch
			p.drawn[e.For]++
		}
	case events.Serving:
		p.serves = slices.DeleteFunc(p.serves, func(g events.ActorID) bool { return g == e.Group })
		if e.On {
			p.serves = append(p.serves, e.Group)
		}
	case events.Order:
		if e.Do == events.Die || e.Do == events.Kill || e.Do == events.Stop {
			p.serves = nil
		}
	}
}

// step programs what the speaker decided in this turn, or a group that it
// serves from now on.
func (p *programmer) step(t *sim.Turn, in events.Line) {
	if o, ok := in.Event.(events.Order); ok && (o.Do == events.Serve || o.Do == events.Release) {
		t.Record(events.Serving{Group: o.Arg, On: o.Do == events.Serve})
		if o.Do == events.Serve {
			p.programAll(t, o.Arg)
		}
		return
	}
	p.program(t)
}

// program orders one transaction for the best changes of this turn.
func (p *programmer) program(t *sim.Turn) {
	if len(p.serves) == 0 || p.Absent() {
		return
	}
	var routes []events.NICRoute
	var causes []uint64
	var newest, first uint64
	mixed := false
	for _, l := range t.Lines() {
		e, ok := l.Event.(*events.BestChanged)
		if !ok || len(e.Is) > 0 && e.Is[0] == p.ID() {
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
	p.order(t, p.serves, routes, causes, false)
}

// programAll gives a NIC group that it takes over all that it knows. An instance
// that knows nothing yet leaves the group as it is.
func (p *programmer) programAll(t *sim.Turn, group events.ActorID) {
	var routes []events.NICRoute
	for _, prefix := range p.Prefixes() {
		if best, _ := p.Best(prefix); !best.Own() {
			routes = append(routes, events.NICRoute{Prefix: prefix, NextHops: distinct(best.NextHops)})
		}
	}
	if len(routes) > 0 {
		p.order(t, []events.ActorID{group}, routes, make([]uint64, len(routes)), true)
	}
}

// order draws the programming delay of a batch, once for all its NICs or for
// each group.
func (p *programmer) order(t *sim.Turn, groups []events.ActorID, routes []events.NICRoute, causes []uint64, full bool) {
	name := t.Disturbance()
	key := sim.KeyOf("program").Actor(p.ID()).Str(name).Int(p.drawn[name])
	batch := events.Program{Batch: p.batches + 1, For: name, Full: full, Routes: routes}
	from := max(t.Now(), p.warm(t.Now(), routes)).Add(time.Duration(len(routes)) * p.cfg.PerRoute)
	batch.Ready = from.Add(t.Draw(p.cfg.Delay, key))
	for _, g := range groups {
		if p.cfg.EachNIC {
			batch.Ready = from.Add(t.Draw(p.cfg.Delay, key.Actor(g)))
		}
		t.SendMixed(g, batch, causes)
	}
}

// warm gives when the sessions that routes came from have been up for long
// enough.
func (p *programmer) warm(now events.Time, routes []events.NICRoute) events.Time {
	if p.cfg.WarmUp == 0 {
		return now
	}
	for _, r := range routes {
		best, _ := p.Best(r.Prefix)
		for _, from := range best.From {
			if up, ok := p.Since(from); ok {
				now = max(now, up.Add(p.cfg.WarmUp))
			}
		}
	}
	return now
}

// distinct gives addresses in ascending order, each once.
func distinct(hops []netip.Addr) []netip.Addr {
	if len(hops) < 2 {
		return hops
	}
	d := slices.Clone(hops)
	slices.SortFunc(d, netip.Addr.Compare)
	return slices.Compact(d)
}
