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
		t.Send(w.From, events.PathState{Speaker: w.To, Toward: true, Up: up, By: by})
	}
	if now := is.blocks(w); was.blocks(w) != now {
		far(events.ByLink, !now)
		near(events.ByLink, !now)
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

// replace looks for NIC groups whose instance is lost, after a while.
func (f *Fabric) replace(t *sim.Turn, was, is broken) {
	lost, back := false, false
	for _, i := range f.cfg.Instances {
		before, now := was.is(i.ID), is.is(i.ID)
		lost = lost || gone(now) && !gone(before)
		if gone(before) && !gone(now) {
			back = true
			f.handBack(t, i.ID)
		}
	}
	if lost || back {
		t.After(f.cfg.Takeover, events.Timer{Name: events.TakeoverTimer})
	}
}

// handBack tells an instance that came back which NIC groups are still its own.
func (f *Fabric) handBack(t *sim.Turn, id events.ActorID) {
	for _, i := range f.cfg.Instances {
		for _, g := range i.Serves {
			if f.serving[g] == id {
				t.Send(id, events.Order{Do: events.Serve, Arg: g})
			}
		}
	}
}

// takeOver gives each NIC group whose instance is lost to the other one. It
// keeps what it has; where no instance is left, it may forget it.
func (f *Fabric) takeOver(t *sim.Turn) {
	now := f.broken()
	for _, i := range f.cfg.Instances {
		for _, g := range i.Serves {
			server := f.serving[g]
			if !gone(now.is(server)) {
				continue
			}
			other := f.twin(server)
			switch {
			case !gone(now.is(other)):
				t.Send(other, events.Order{Do: events.Serve, Arg: g})
			case f.cfg.Flush:
				t.Send(g, events.Order{Do: events.Flush})
			}
		}
	}
}

func (f *Fabric) twin(id events.ActorID) events.ActorID {
	for _, i := range f.cfg.Instances {
		if i.ID == id {
			return i.Twin
		}
	}
	return ""
}

// gone tells whether an instance can serve nobody.
func gone(c events.Condition) bool { return c == events.Dead || c == events.Halted }
