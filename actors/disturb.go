package actors

import (
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// change writes what differs between two states of the network, the physics
// first, and tells the actors whom it concerns.
func (f *Fabric) change(t *sim.Turn, was, is broken) {
	for _, c := range f.crossings() {
		if was.cut[c] != is.cut[c] {
			t.Record(events.LinkState{Crossing: c, Up: !is.cut[c]})
		}
	}
	for _, n := range f.cfg.Nodes {
		if was.is(n) != is.is(n) {
			t.Record(events.NodeState{Node: n, Is: is.is(n)})
		}
		if was.still[n] != is.still[n] {
			t.Record(events.ForwardingState{Node: n, Up: !is.still[n]})
		}
	}
	for _, n := range f.cfg.Nodes {
		f.orderNode(t, n, was, is)
	}
	for _, w := range f.cfg.Ways {
		f.notify(t, w, was, is)
	}
	for _, s := range f.sessions() {
		if was.shut[s] != is.shut[s] {
			do := events.Enable
			if is.shut[s] {
				do = events.Shutdown
			}
			t.Send(s[0], events.Order{Do: do, Arg: s[1]})
		}
	}
	f.replace(t, was, is)
}

// crossings gives all directions of links that a fault can cut, each once.
func (f *Fabric) crossings() []events.Crossing {
	var all []events.Crossing
	for i := range f.cfg.Faults {
		for _, c := range f.cfg.Faults[i].Effect.Cut {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// sessions gives all sessions that a fault can shut down, each once.
func (f *Fabric) sessions() [][2]events.ActorID {
	var all [][2]events.ActorID
	for i := range f.cfg.Faults {
		for _, s := range f.cfg.Faults[i].Effect.Shut {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// orderNode tells a node what its new condition makes it do.
func (f *Fabric) orderNode(t *sim.Turn, n events.ActorID, was, is broken) {
	before, now := was.is(n), is.is(n)
	switch {
	case before == now:
	case now == events.Dead:
		t.Send(n, events.Order{Do: events.Die})
	case now == events.Halted && is.goodbye[n]:
		t.Send(n, events.Order{Do: events.Stop})
	case now == events.Halted:
		t.Send(n, events.Order{Do: events.Kill})
	case gone(before):
		t.Send(n, events.Order{Do: events.Restart})
	}
}

// notify tells speakers what happens to a way: both of its ends where a link
// does, its far end where its near one dies or comes back, and both where the
// process of the near one hangs.
func (f *Fabric) notify(t *sim.Turn, w Way, was, is broken) {
	far := func(by events.PathCause, up bool) {
		t.Send(w.To, events.PathState{Speaker: w.From, Up: up, By: by})
	}
	near := func(by events.PathCause, up bool) {
		if w.Probe {
			return
		}
		t.Send(w.From, events.PathState{Speaker: w.To, Toward: true, Up: up, By: by})
	}
	if now := is.blocks(w); was.blocks(w) != now {
		far(events.ByLink, !now)
		near(events.ByLink, !now)
	}
	if down := is.down(w); was.down(w) != down {
		do := events.LinkUp
		if down {
			do = events.LinkDown
		}
		t.Send(w.To, events.Order{Do: do, Arg: w.From})
	}
	before, now := was.is(w.From), is.is(w.From)
	switch {
	case before == now:
	case now == events.Dead:
		far(events.ByDeath, false)
	case before == events.Dead:
		far(events.ByRestart, true)
	}
	if hung := now == events.Hung; hung != (before == events.Hung) {
		far(events.ByHang, !hung)
		near(events.ByHang, !hung)
	}
}

func (b broken) blocks(w Way) bool {
	return slices.ContainsFunc(w.Crossings, func(c events.Crossing) bool { return b.cut[c] })
}

// down tells whether the far end of a way sees that it failed: no direction of one
// of its links works, and its ends look, or the fault says that this one notices.
func (b broken) down(w Way) bool {
	return slices.ContainsFunc(w.Crossings, func(c events.Crossing) bool {
		whole := b.unsaid[c] && b.unsaid[events.Crossing{Link: c.Link, Reverse: !c.Reverse}]
		return w.Detected && whole || b.noticed[notice{c.Link, w.To}]
	})
}

// replace looks for another server of the NIC groups of each lost instance,
// after a while. One that comes back serves those that are still its own, and
// those of its twin if that is lost.
func (f *Fabric) replace(t *sim.Turn, was, is broken) {
	for _, i := range f.cfg.Instances {
		before, now := was.is(i.ID), is.is(i.ID)
		switch {
		case gone(now) && !gone(before):
			t.After(i.Takeover, takeover(i.ID))
		case gone(before) && !gone(now):
			for _, g := range f.groupsOf(i.ID) {
				t.Send(i.ID, events.Order{Do: events.Serve, Arg: g})
			}
			if twin := f.instance(i.Twin); gone(is.is(i.Twin)) && !t.Pending(takeover(i.Twin)) {
				t.After(twin.Takeover, takeover(i.Twin))
			}
		}
	}
}

// takeover is the timer after which the NICs of a lost instance are looked at.
func takeover(id events.ActorID) events.Timer {
	return events.Timer{Name: events.TakeoverTimer, Item: string(id)}
}

// takeOver gives the NIC groups of an instance that is lost to its twin. They
// keep what they have; where no instance is left, they may forget it.
func (f *Fabric) takeOver(t *sim.Turn, id events.ActorID) {
	lost, now := f.instance(id), f.broken()
	if !gone(now.is(id)) {
		return
	}
	for _, g := range f.groupsOf(id) {
		switch {
		case lost.Union && !gone(now.is(lost.Twin)):
			t.Send(g, events.Order{Do: events.Flush, Arg: id})
		case !gone(now.is(lost.Twin)):
			t.Send(lost.Twin, events.Order{Do: events.Serve, Arg: g})
		case lost.Flush:
			t.Send(g, events.Order{Do: events.Flush})
		}
	}
}

// groupsOf gives the NIC groups that an instance serves now, or is to serve when
// it is back.
func (f *Fabric) groupsOf(id events.ActorID) []events.ActorID {
	if i := f.instance(id); i.Union {
		return i.Serves
	}
	var all []events.ActorID
	for _, i := range f.cfg.Instances {
		for _, g := range i.Serves {
			if f.serving[g] == id {
				all = append(all, g)
			}
		}
	}
	return all
}

func (f *Fabric) instance(id events.ActorID) Instance {
	return f.cfg.Instances[slices.IndexFunc(f.cfg.Instances, func(i Instance) bool { return i.ID == id })]
}

// gone tells whether an instance can serve nobody.
func gone(c events.Condition) bool { return c == events.Dead || c == events.Halted }
