package metrics

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"dualhome/events"
)

// flapping counts how often the best route of an actor to a prefix changed after
// each disturbance, and how long damping kept routes to it from use.
type flapping struct {
	texts *texts
	now   map[place]string // the best route of each place; none: no route
	after map[after]*flaps
	damps map[damped]suppression // that goes on
	flaps memory[flaps]
}

type place struct {
	actor  events.ActorID
	prefix netip.Prefix
}

type after struct {
	root root
	place
}

// damped is a route that is suppressed.
type damped struct {
	place
	peer events.ActorID
}

type suppression struct {
	since events.Time
	root  root // of the flap that was too much
}

type flaps struct {
	changes, returns int64
	suppressed       time.Duration // of the routes of all peers together
	chosen           []string      // distinct routes chosen since
	left             []string      // distinct routes left since
	first, last      events.Time
}

// reset begins another run.
func (f *flapping) reset() {
	*f = flapping{texts: f.texts, now: emptied(f.now), after: emptied(f.after), damps: emptied(f.damps), flaps: f.flaps}
	f.flaps.reset()
}

// add takes a change of a best route.
func (f *flapping) add(l *events.Line, e *events.BestChanged, r root) {
	at := place{l.Actor, e.Prefix}
	was, is := f.now[at], f.route(e)
	f.now[at] = is
	if r == 0 {
		return
	}
	one := f.of(after{r, at}, l.At)
	one.changes++
	one.last = l.At
	if was != "" && !slices.Contains(one.left, was) {
		one.left = append(one.left, was)
	}
	if is == "" {
		return
	}
	if slices.Contains(one.left, is) {
		one.returns++
	}
	if !slices.Contains(one.chosen, is) {
		one.chosen = append(one.chosen, is)
	}
}

// of gives the row of a place after a disturbance, a new one if need be.
func (f *flapping) of(k after, now events.Time) *flaps {
	one := f.after[k]
	if one == nil {
		one = &f.flaps.take(1)[:1][0]
		*one = flaps{first: now, last: now, chosen: one.chosen[:0], left: one.left[:0]}
		f.after[k] = one
	}
	return one
}

// suppress takes that a route is suppressed, or no longer. All that time belongs to
// the disturbance of the flap that was too much, whatever flapped afterwards.
func (f *flapping) suppress(l *events.Line, e events.Suppressed, r root) {
	k := damped{place{l.Actor, e.Prefix}, e.Peer}
	if e.On {
		f.damps[k] = suppression{l.At, r}
		return
	}
	f.release(k, l.At)
	delete(f.damps, k)
}

// release adds up a suppression that ends, or goes on at the end of the run.
func (f *flapping) release(k damped, now events.Time) {
	if s := f.damps[k]; s.root != 0 {
		f.of(after{s.root, k.place}, s.since).suppressed += now.Sub(s.since)
	}
}

// route names a best route: the peers it is from and its path.
func (f *flapping) route(e *events.BestChanged) string {
	if len(e.Is) == 0 {
		return ""
	}
	b := f.texts.buffer[:0]
	for _, id := range e.Is {
		b = append(append(b, id...), '+')
	}
	return *f.texts.of(e.Path.AppendTo(b))
}

// rows gives the rows of flapping.arrow, by disturbance, actor and prefix, for a run
// that ends now.
func (f *flapping) rows(g *lineage, end events.Time) []Flapping {
	for k := range f.damps { // order-free: sums
		f.release(k, end)
	}
	keys := make([]after, 0, len(f.after))
	for k := range f.after { // order-free: sorted below
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b after) int {
		return cmp.Or(cmp.Compare(a.root, b.root), cmp.Compare(a.actor, b.actor), events.ComparePrefixes(a.prefix, b.prefix))
	})
	rows := make([]Flapping, len(keys))
	for i, k := range keys {
		d, one := g.disturbances[k.root-1], f.after[k]
		rows[i] = Flapping{
			Root: int64(d.Seq), Actor: string(k.actor), Prefix: f.texts.prefix(k.prefix), BestChanges: one.changes,
			Returns: one.returns, DistinctPaths: int64(len(one.chosen)),
			First: int64(one.first.Sub(d.At)), Last: int64(one.last.Sub(d.At)), Suppressed: int64(one.suppressed),
		}
	}
	return rows
}
