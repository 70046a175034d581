package metrics

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"dualhome/events"
)

// flapping counts how often the best route of an actor to a prefix changed after
// each disturbance.
type flapping struct {
	now   map[place]string // the best route of each place; none: no route
	after map[after]*flaps
}

type place struct {
	actor  events.ActorID
	prefix netip.Prefix
}

type after struct {
	root root
	place
}

type flaps struct {
	changes, returns int64
	chosen           []string // distinct routes chosen since
	left             []string // distinct routes left since
	first, last      events.Time
}

func newFlapping() *flapping {
	return &flapping{now: map[place]string{}, after: map[after]*flaps{}}
}

// add takes a change of a best route.
func (f *flapping) add(l *events.Line, e events.BestChanged, r root) {
	at := place{l.Actor, e.Prefix}
	was, is := f.now[at], route(e)
	f.now[at] = is
	if r == 0 {
		return
	}
	one := f.after[after{r, at}]
	if one == nil {
		one = &flaps{first: l.At}
		f.after[after{r, at}] = one
	}
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

// route names a best route: the peers it is from and its path.
func route(e events.BestChanged) string {
	if len(e.Is) == 0 {
		return ""
	}
	var b strings.Builder
	for _, id := range e.Is {
		b.WriteString(string(id))
		b.WriteByte('+')
	}
	return b.String() + e.Path.String()
}

// rows gives the rows of flapping.arrow, by disturbance, actor and prefix.
func (f *flapping) rows(g *lineage) []Flapping {
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
			Root: int64(d.Seq), Actor: string(k.actor), Prefix: k.prefix.String(), BestChanges: one.changes,
			Returns: one.returns, DistinctPaths: int64(len(one.chosen)),
			First: int64(one.first.Sub(d.At)), Last: int64(one.last.Sub(d.At)),
		}
	}
	return rows
}
