package metrics

import (
	"slices"

	"dualhome/events"
)

// life is what becomes of the flows of a class. A flow is open once packets pass
// both ways, and stays open until it breaks: its packets reach an NVA that keeps
// state, and not its state, or the far end sees them come from another address.
// One whose packets get lost is open still, and goes on where it was. After a
// break it is lost in both directions, until the application opens it anew.
type life struct {
	open    flowSet
	waiting flowSet    // broken, and not open again
	arrived flowSet    // whose packets reach the far end now, whoever translates them
	scratch [3]flowSet // memory of what is found out at an instant
	keepers []keeper
	waits   []wait
	queue   []reopening // ascending in time
	last    touch       // what broke the flows that were opened anew last
	broken  []breaks    // ascending in time
	moved   bool        // some flow goes another way than at the instant before
	woke    bool        // some flow was broken at the instant before, and is not any more
	begins  bool        // some flow may be opened at this instant
}

// wait is the time from a break until some flows are opened anew.
type wait struct {
	time  events.Time
	flows flowSet
}

// reopening is flows that are opened anew at an instant, after a break that a
// change made.
type reopening struct {
	at    events.Time
	flows flowSet
	by    touch
}

// breaks is the flows that broke at least once since an instant.
type breaks struct {
	from    events.Time
	address flowSet // the far end saw another address
	state   flowSet // an NVA did not know them
}

// newLife gives the flows of a class a life, where something may break them.
func newLife(n *network, c *class) *life {
	l := &life{}
	for i := range n.nodes {
		at := int32(i)
		if n.nodes[i].SNAT == events.AllSNAT || c.internet && n.nodes[i].SNAT != events.NoSNAT {
			l.keepers = append(l.keepers, newKeeper(n, c, at, true))
		}
		if c.stateful && n.nodes[i].Stateful && n.memory(at) == at {
			l.keepers = append(l.keepers, newKeeper(n, c, at, false))
		}
	}
	if len(l.keepers) == 0 {
		return nil
	}
	l.open, l.waiting, l.arrived = n.ground.noFlows(c.Flows), n.ground.noFlows(c.Flows), n.ground.noFlows(c.Flows)
	for i := range l.scratch {
		l.scratch[i] = n.ground.noFlows(c.Flows)
	}
	for i, after := range c.Reconnect {
		if after == 0 {
			continue
		}
		at := slices.IndexFunc(l.waits, func(w wait) bool { return w.time == after })
		if at < 0 {
			at = len(l.waits)
			l.waits = append(l.waits, wait{after, n.ground.noFlows(c.Flows)})
		}
		for flow := i; flow < c.Flows; flow += len(c.Reconnect) {
			l.waits[at].flows.add(flow)
		}
	}
	l.window(0)
	return l
}

// window begins a time in which breaks are counted.
func (l *life) window(from events.Time) {
	if l == nil || len(l.broken) > 0 && l.broken[len(l.broken)-1].from == from {
		return
	}
	n := len(l.open)
	l.broken = append(l.broken, breaks{from, make(flowSet, n), make(flowSet, n)})
}

// breaksIn gives the flows that broke in a window; nil: none can.
func (l *life) breaksIn(w window) *breaks {
	if l == nil {
		return nil
	}
	for i := len(l.broken) - 1; ; i-- {
		if b := &l.broken[i]; b.from <= w.from || i == 0 {
			return b
		}
	}
}

// brokenIn counts the flows that break at least once in a window.
func (l *life) brokenIn(w window) int64 {
	b := l.breaksIn(w)
	if b == nil {
		return 0
	}
	return int64(b.address.count() + b.state.count() - b.address.countBoth(b.state))
}

// live lets flows break, and opens anew those that waited long enough.
func (t *traffic) live() {
	for _, c := range t.classes {
		if c.life != nil {
			t.liveOf(c)
		}
	}
	if t.due > t.now {
		return
	}
	t.due = 0
	for _, c := range t.classes {
		if c.life != nil && len(c.life.queue) > 0 {
			t.isDue(c.life.queue[0].at)
		}
	}
}

func (t *traffic) isDue(at events.Time) {
	if t.due == 0 || at < t.due {
		t.due = at
	}
}

// reopen judges the instants before another one at which flows are opened anew,
// where no line is.
func (t *traffic) reopen(before events.Time) {
	for t.due > 0 && t.due < before {
		t.now = t.due
		t.judge()
	}
}

func (t *traffic) liveOf(c *class) {
	l := c.life
	forgot := l.forget(t.net, t.now)
	if l.woke = l.wake(t.now); l.woke {
		t.reopened = l.last
	}
	if l.begins = l.moved || l.woke || forgot; l.begins {
		l.meet(t.net, c)
		if address, state := l.strange(c.Protocol); !address.empty() || !state.empty() {
			t.breakOff(c, address, state)
		}
	}
	if l.waiting.empty() {
		return
	}
	for d := range c.ways {
		c.ways[d].legs = c.withhold(c.walked[d])
	}
}

// wake lets flows be opened anew whose time has come.
func (l *life) wake(now events.Time) bool {
	woke := false
	for len(l.queue) > 0 && l.queue[0].at <= now {
		l.waiting.remove(l.queue[0].flows)
		l.last, woke = l.queue[0].by, true
		l.queue = l.queue[1:]
	}
	return woke
}

// breakOff ends flows, and notes when each is opened anew.
func (t *traffic) breakOff(c *class, address, state flowSet) {
	l, by := c.life, t.maker(c.walked[forward], c.ways[forward].recorded, c.Destination)
	b := &l.broken[len(l.broken)-1]
	b.address.join(address)
	b.state.join(state.minus(address))
	broken := address
	broken.join(state)
	l.open.remove(broken)
	for i := range l.keepers {
		l.keepers[i].knows.remove(broken)
		l.keepers[i].has.remove(broken)
	}
	for _, w := range l.waits {
		if flows := broken.and(w.flows); !flows.empty() {
			l.waiting.join(flows)
			l.put(reopening{t.now + w.time, flows, by})
			t.isDue(t.now + w.time)
		}
	}
}

// put puts flows into the queue, behind others of the same instant.
func (l *life) put(r reopening) {
	i := len(l.queue)
	for i > 0 && l.queue[i-1].at > r.at {
		i--
	}
	l.queue = slices.Insert(l.queue, i, r)
}

// begin opens the flows whose packets pass both ways: not those that wait, or that
// some node has no place for.
func (l *life) begin(c *class) {
	if l == nil || !l.begins {
		return
	}
	fresh, back := l.scratch[0], c.counted
	fresh.serve(c.ways[forward].legs)
	back.serve(c.ways[backward].legs)
	fresh.keep(back)
	fresh.remove(l.open)
	l.open.join(fresh)
	for i := range l.keepers {
		l.keepers[i].learn(fresh, l.open)
	}
}

// serve makes s itself the flows that legs deliver.
func (s flowSet) serve(legs []leg) {
	clear(s)
	for i := range legs {
		if legs[i].cause == delivered {
			s.join(legs[i].flows)
		}
	}
}

// withhold gives where flows go when those that wait are lost at the first NVA
// that could know them.
func (c *class) withhold(legs []leg) []leg {
	var all []leg
	for _, l := range legs {
		lost := c.ground.shared(l.flows, c.life.waiting)
		if l.cause != delivered || lost.empty() {
			all = append(all, l)
			continue
		}
		q := l
		q.flows, q.cause, q.broke = lost, asymmetry, true
		if i := slices.IndexFunc(l.path, func(at int32) bool { return c.life.isKeeper(at) }); i >= 0 {
			q.path = l.path[:i+1]
		}
		all = append(all, q)
		if l.flows = l.flows.minus(lost); !l.flows.empty() {
			all = append(all, l)
		}
	}
	return all
}

// causedByReopening says of the steps of an instant at which no flow goes another
// way, but some are open again, that what broke these made them.
func (c *class) causedByReopening(now events.Time) {
	if c.life == nil || c.life.moved || !c.life.woke {
		return
	}
	for _, k := range []*track{&c.ways[forward], &c.ways[backward], &c.both} {
		if s := &k.steps[len(k.steps)-1]; s.at == now {
			s.by = c.life.last
		}
	}
}
