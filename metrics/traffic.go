package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// traffic walks the classes again whenever something changed, and keeps the
// steps. An instant is judged after all its lines.
type traffic struct {
	net      *network
	line     *lineage
	forks    forks
	classes  []*class
	now      events.Time
	touched  []touch
	due      events.Time // when the next broken flows are open again; 0: none are broken
	reopened touch       // what broke flows that are open again since this instant
	bounds   *bounds     // nil: nothing is bounded
	instant  int         // how many were judged
	effects  []effect
	numbers  map[netip.Addr]int32 // of effects
	hiding   []int32              // those on packets to NVAs that give all their own address
	begun    bool
	leak     error // what is offered is not what is delivered and lost: the first such
}

// reset begins another run.
func (t *traffic) reset() {
	*t = traffic{net: t.net, line: t.line, forks: emptied(t.forks), classes: t.classes[:0], touched: t.touched[:0], effects: t.effects[:0], numbers: emptied(t.numbers), hiding: t.hiding[:0]}
}

// touch is a change that may concern traffic.
type touch struct {
	seq     uint64
	cause   uint64
	root    root
	node    int32
	prefix  netip.Prefix // the destinations concerned; none: all
	reason  bool         // it changes why something is lost
	forward bool         // it changes the way of what comes to its node alone: a table entry
}

// add takes the next line, before the network folds it.
func (t *traffic) add(l *events.Line) {
	if l.At > t.now {
		t.judge()
		t.reopen(l.At)
	}
	t.now = l.At
	switch l.Role {
	case events.Fault:
		t.mark(l.At)
	case events.Change:
		t.touch(l)
	case events.Set, events.Fired, events.Stopped:
		t.watch(l)
	default: // moves no packet
	}
}

// watch notes that somebody will find out that another node is silent, or waits for
// that no more.
func (t *traffic) watch(l *events.Line) {
	if e, ok := l.Event.(events.Timer); ok && e.Name == events.LivenessTimer {
		t.touched = append(t.touched, touch{
			seq: l.Seq, cause: l.Cause, root: t.line.root(l.Seq), node: t.net.node(l.Actor), reason: true,
		})
	}
}

// touch notes what a Change may concern.
func (t *traffic) touch(l *events.Line) {
	at := touch{seq: l.Seq, cause: l.Cause, root: t.line.root(l.Seq), node: t.net.node(l.Actor)}
	switch e := l.Event.(type) {
	case events.LinkState, events.NodeState, events.ForwardingState:
		t.touched = append(t.touched, at)
	case *events.FIBChanged:
		at.prefix, at.forward = e.Prefix, true
		t.touched = append(t.touched, at)
	case events.NICChanged:
		at.forward = true
		for i, r := range e.Routes {
			at.prefix, at.cause, at.root = r.Prefix, causeOf(l, i), t.line.rootOf(l, i)
			t.touched = append(t.touched, at)
		}
	case *events.BestChanged:
		at.prefix, at.reason = e.Prefix, true
		at.forward = t.net.nodes[at.node].Relays // what relays forwards by its best routes
		t.touched = append(t.touched, at)
	case events.Serving:
		at.reason = true
		t.touched = append(t.touched, at)
	case events.SessionChanged:
		if at.reason = e.Was == events.Established || e.Is == events.Established; at.reason {
			t.touched = append(t.touched, at)
		}
	}
}

// judge finds out what the instant that ends changed: it walks the classes that
// it may concern, lets their flows break or be opened anew, and records how all
// of them fare now.
func (t *traffic) judge() {
	switch {
	case !t.begun:
		t.begin()
	case len(t.touched) == 0 && (t.due == 0 || t.due > t.now):
		return
	}
	t.instant++
	t.reopened = touch{}
	for _, c := range t.classes {
		t.rewalk(c)
	}
	t.live()
	t.congest()
	for _, c := range t.classes {
		c.life.begin(c)
		t.record(c)
	}
	t.touched = t.touched[:0]
	t.begun = true
}

func (t *traffic) begin() {
	t.bounds = newBounds(t.net)
	for _, nva := range t.net.hiding {
		t.hiding = append(t.hiding, t.number(nva))
	}
	for i, f := range t.net.classes {
		if f.Flows > 0 {
			t.classes = slices.Grow(t.classes, 1)[:len(t.classes)+1]
			c := &t.classes[len(t.classes)-1]
			if *c == nil {
				*c = &class{}
			}
			(*c).reset(t.net, f, i)
			(*c).effects = [2]int32{t.number(f.Destination), t.number(f.Source)}
		}
	}
}

// rewalk finds out anew where the flows of one class go, in the directions that a
// change may concern, and why they are lost.
func (t *traffic) rewalk(c *class) {
	was, went := c.walked, c.went
	most := t.concern(c, forward)
	switch most {
	case theWay:
		c.went = kept(went, c.there(t.net, t.forks))
	case theReasons:
		c.went = t.net.explain(went)
	}
	switch t.concernBack(c, went, most) {
	case theWay:
		c.walked[backward] = kept(was[backward], c.back(t.net, t.forks, c.went))
	case theReasons:
		c.walked[backward] = t.net.explain(was[backward])
	}
	there, back := !identical(went, c.went), !identical(was[backward], c.walked[backward])
	switch {
	case c.stateful && (there || back):
		c.walked[forward] = c.seen(t.net, c.went, c.walked[backward])
	case there:
		c.walked[forward] = c.went
	}
	for d := range c.ways {
		c.ways[d].legs = c.walked[d]
	}
	if c.life != nil {
		c.life.moved = !(sameLegs(went, c.went) && sameLegs(was[forward], c.walked[forward]) && sameLegs(was[backward], c.walked[backward]))
	}
}

// sameLegs tells whether two sets of legs make no difference to any table.
func sameLegs(a, b []leg) bool { return identical(a, b) || slices.EqualFunc(a, b, leg.same) }

// kept gives the legs of a new walk, or those of the one before if all that is known
// of them is the same.
func kept(was, now []leg) []leg {
	if slices.EqualFunc(was, now, leg.equal) {
		return was
	}
	return now
}

// record makes the steps of one class, where it fares otherwise than before.
func (t *traffic) record(c *class) {
	there, back := t.put(c, forward, c.Destination), t.put(c, backward, c.Source)
	if there || back {
		t.putBoth(c)
		c.causedByReopening(t.now)
	}
}

// put makes a step of a direction, and tells whether there is a new one.
func (t *traffic) put(c *class, dir direction, dst netip.Addr) bool {
	k := &c.ways[dir]
	was := k.recorded
	if len(k.steps) > 0 && sameLegs(k.legs, was) {
		return false
	}
	s := c.digest(t.net, k.legs)
	s.at, s.by = t.now, t.maker(k.legs, was, dst)
	t.check(c.conserve(dir, k.legs, &s))
	k.put(c.ground, s)
	k.recorded = k.legs
	return true
}

// maker gives the change that made a step: the last one of the instant that
// concerns the destination, at a node that is walked now or was before if there
// is one; where nothing changed, what broke the flows that are open again.
func (t *traffic) maker(now, was []leg, dst netip.Addr) touch {
	best, score := t.reopened, 0
	for i := range t.touched {
		by, s := &t.touched[i], 1
		if by.to(dst) {
			s = 2
			if walked(now, by.node) || walked(was, by.node) {
				s = 3
			}
		}
		if !by.reason {
			s += 3
		}
		if s >= score {
			best, score = *by, s
		}
	}
	return best
}

func walked(legs []leg, at int32) bool {
	return slices.ContainsFunc(legs, func(l leg) bool { return slices.Contains(l.path, at) })
}

// check keeps the first violation of conservation.
func (t *traffic) check(err error) {
	if t.leak == nil {
		t.leak = err
	}
}

// mark keeps where the flows are just before a disturbance, or at the end.
func (t *traffic) mark(at events.Time) {
	for _, c := range t.classes {
		for d := range c.ways {
			k := &c.ways[d]
			if n := len(k.marks); n == 0 || k.marks[n-1].at != at {
				k.marks = append(k.marks, mark{at, k.legs})
			}
		}
		c.life.window(at)
	}
}

// end judges the last instant and marks the end of the run.
func (t *traffic) end(horizon events.Time) {
	t.judge()
	t.reopen(horizon + 1)
	t.mark(horizon)
}
