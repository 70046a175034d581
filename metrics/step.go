package metrics

import (
	"cmp"
	"slices"
	"strings"

	"dualhome/events"
)

// track is how one class fared in one direction, or in both together: its steps
// over the run, and where each flow is now.
type track struct {
	legs     []leg // where each flow is now
	recorded []leg // where each was when the last step was made
	steps    []step
	marks    []mark
	keys     []key    // what tells the rows of a step apart, once the run is over
	spanned  []span   // memory of spans
	hubs     []string // those that some step uses, once the run is over
}

// emptied gives a track of another run, with the memory of this one.
func (t *track) emptied() track {
	return track{steps: t.steps[:0], marks: t.marks[:0], keys: t.keys[:0], hubs: t.hubs[:0], spanned: t.spanned}
}

// step is what holds from an instant to the next step.
type step struct {
	at        events.Time
	by        touch  // what made it
	cells     []cell // ascending by hub, cause and the rest
	fates     []fate // what becomes of them, once it is checked
	routes    []via
	plain     []via // the routes without hubs and causes, once they are asked for
	delivered int64 // flows × the rate of the class: a flow of which half is delivered counts half
	moved     bool  // the delivered share or a path differs from the step before
}

// cell is what some flows of a step have in common.
type cell struct {
	hub       string // the VNet; none: no hub was reached
	cause     cause
	full      bool // something on their way is full: the cause is that of what gets past
	inspected bool // they pass an NVA
	flows     int
	got       int64 // bits per second that get past what is full
}

// via is a path that flows of a step walked, or fell off from.
type via struct {
	hub   string
	cause cause
	full  bool
	path  string
	flows int
}

// mark is where the flows were at the border of a window.
type mark struct {
	at   events.Time
	legs []leg
}

// digest makes the step of an instant from legs.
func (c *class) digest(n *network, legs []leg) step {
	s := step{cells: n.ground.cells.take(len(legs)), routes: n.ground.vias.take(len(legs))}
	for i := range legs {
		l := &legs[i]
		v := via{cause: l.cause, full: l.jam != nil, path: n.pathText(l.path), flows: l.flows.count()}
		k := cell{cause: l.cause, full: v.full, flows: v.flows, got: l.jam.bits(), inspected: n.inspects(l.path)}
		if l.hub >= 0 {
			v.hub = n.nodes[l.hub].VNet
			k.hub = v.hub
		}
		s.cells, s.routes = merge(s.cells, k), append(s.routes, v)
	}
	slices.SortFunc(s.cells, byCell)
	s.routes, s.delivered = mergeRoutes(s.routes), c.delivers(s.cells)
	return s
}

func merge(cells []cell, c cell) []cell {
	for i := range cells {
		if cells[i].like(c) {
			cells[i].flows += c.flows
			cells[i].got += c.got
			return cells
		}
	}
	return append(cells, c)
}

// mergeRoutes sorts routes and joins those that differ in flows alone.
func mergeRoutes(routes []via) []via {
	slices.SortFunc(routes, func(a, b via) int {
		return cmp.Or(byKey(key{a.hub, a.cause}, key{b.hub, b.cause}), compareBools(a.full, b.full), strings.Compare(a.path, b.path))
	})
	out := routes[:0]
	for _, v := range routes {
		if last := len(out) - 1; last >= 0 && out[last].hub == v.hub && out[last].cause == v.cause && out[last].full == v.full && out[last].path == v.path {
			out[last].flows += v.flows
			continue
		}
		out = append(out, v)
	}
	return out
}

// key is what tells the rows of one step apart.
type key struct {
	hub   string
	cause cause
}

func (c cell) key() key { return key{c.hub, c.cause} }

// like tells whether all but flows is the same.
func (c cell) like(d cell) bool {
	return c.hub == d.hub && c.cause == d.cause && c.full == d.full && c.inspected == d.inspected
}

func byCell(a, b cell) int {
	if d := byKey(a.key(), b.key()); d != 0 {
		return d
	}
	return cmp.Or(compareBools(a.full, b.full), compareBools(a.inspected, b.inspected))
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func byKey(a, b key) int {
	return cmp.Or(strings.Compare(a.hub, b.hub), strings.Compare(a.cause.String(), b.cause.String()))
}

// sameTraffic tells whether two steps deliver the same flows' share over the
// same paths, whatever the causes of what is lost.
func (g *ground) sameTraffic(s, t *step) bool {
	return s.delivered == t.delivered && slices.Equal(g.taken(s), g.taken(t))
}

// taken gives the paths of the step without hubs and causes.
func (g *ground) taken(s *step) []via {
	if s.plain == nil {
		plain := g.vias.take(len(s.routes))
		for _, v := range s.routes {
			plain = append(plain, via{cause: min(v.cause, detectionGap), path: v.path, flows: v.flows})
		}
		s.plain = mergeRoutes(plain)
	}
	return s.plain
}

// put appends a step, unless it equals the last one.
func (t *track) put(g *ground, s step) {
	if len(t.steps) == 0 {
		t.steps = append(t.steps, s)
		return
	}
	last := &t.steps[len(t.steps)-1]
	if slices.Equal(s.cells, last.cells) && slices.Equal(s.routes, last.routes) {
		return
	}
	s.moved = !g.sameTraffic(&s, last)
	t.steps = append(t.steps, s)
}

// before gives the step in force just before an instant; the first step if none
// was.
func (t *track) before(at events.Time) *step {
	i, _ := slices.BinarySearchFunc(t.steps, at, func(s step, at events.Time) int { return cmp.Compare(s.at, at) })
	return &t.steps[max(i-1, 0)]
}

// pathText gives the actors walked.
func (n *network) pathText(path []int32) string {
	b := n.texts.buffer[:0]
	for i, at := range path {
		if i > 0 {
			b = append(b, " > "...)
		}
		b = append(b, n.nodes[at].Node.Node...)
	}
	return *n.texts.of(b)
}

func (n *network) inspects(path []int32) bool {
	return slices.ContainsFunc(path, func(at int32) bool { return n.nodes[at].Type == events.NVANode })
}
