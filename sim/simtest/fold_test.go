package simtest_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"testing"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/scenarios"
)

// tables are what the changes of a log amount to, folded by somebody who knows
// nothing of the actors.
type tables struct {
	best     map[events.ActorID]map[netip.Prefix]string
	fib, nic map[events.ActorID]map[netip.Prefix][]netip.Addr
	sessions map[[2]events.ActorID]bool
}

func fold(lines []events.Line) tables {
	f := tables{
		map[events.ActorID]map[netip.Prefix]string{},
		map[events.ActorID]map[netip.Prefix][]netip.Addr{},
		map[events.ActorID]map[netip.Prefix][]netip.Addr{},
		map[[2]events.ActorID]bool{},
	}
	for _, l := range lines {
		if l.Role != events.Change {
			continue
		}
		switch e := l.Event.(type) {
		case *events.BestChanged:
			put(f.best, l.Actor, e.Prefix, fmt.Sprint(e.Is, e.NextHops, e.Path), len(e.Is) == 0)
		case *events.FIBChanged:
			put(f.fib, l.Actor, e.Prefix, e.NextHops, len(e.NextHops) == 0)
		case events.NICChanged:
			for _, r := range e.Routes {
				put(f.nic, l.Actor, r.Prefix, r.NextHops, len(r.NextHops) == 0)
			}
		case events.SessionChanged:
			if e.Was == events.Established || e.Is == events.Established {
				f.sessions[[2]events.ActorID{l.Actor, e.Neighbor}] = e.Is == events.Established
			}
		}
	}
	return f
}

func put[V any](all map[events.ActorID]map[netip.Prefix]V, of events.ActorID, p netip.Prefix, v V, gone bool) {
	if all[of] == nil {
		all[of] = map[netip.Prefix]V{}
	}
	if all[of][p] = v; gone {
		delete(all[of], p)
	}
}

// speaker is what all kinds of speakers let a test see.
type speaker interface {
	ID() events.ActorID
	Prefixes() []netip.Prefix
	Established(events.ActorID) bool
	Learned(events.ActorID) map[netip.Prefix]*events.Attrs
	Advertised(events.ActorID) map[netip.Prefix]*events.Attrs
}

func speakers(n *scenarios.Network) map[events.ActorID]speaker {
	all := map[events.ActorID]speaker{}
	for _, r := range n.RouteServers {
		all[r.ID()] = r
	}
	for _, g := range n.Gateways {
		all[g.ID()] = g
	}
	for _, r := range n.Routers {
		all[r.ID()] = r
	}
	return all
}

// TestFoldOfChangesIsLiveState: the changes in the log, folded, are the tables
// that the actors have at the end.
func TestFoldOfChangesIsLiveState(t *testing.T) {
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		run := play(t, text, scenarios.Options{Seed: seed})
		f := fold(run.Written)
		for id, s := range speakers(run.Network) {
			if got, want := slices.SortedFunc(maps.Keys(f.best[id]), events.ComparePrefixes), s.Prefixes(); !slices.Equal(got, want) {
				t.Errorf("%s: the Loc-RIB is folded to %v and has %v", id, got, want)
			}
			for other := range speakers(run.Network) {
				if f.sessions[[2]events.ActorID{id, other}] != s.Established(other) {
					t.Errorf("%s: the session with %s is folded otherwise than it is", id, other)
				}
			}
		}
		for _, r := range run.RouteServers {
			sameBest(t, r.ID(), f, r.Best)
		}
		for _, r := range run.Routers {
			sameBest(t, r.ID(), f, r.Best)
			sameHops(t, r.ID(), f.fib[r.ID()], r.FIB())
			if r.NIC() != nil {
				sameHops(t, r.ID(), f.nic[r.ID()], r.NIC().Routes())
			}
		}
		for _, g := range run.Gateways {
			sameBest(t, g.ID(), f, g.Best)
			sameHops(t, g.ID(), f.fib[g.ID()], g.FIB())
		}
		for _, b := range run.Balancers {
			if got := f.fib[b.ID()][netip.PrefixFrom(netip.IPv4Unspecified(), 0)]; !slices.Equal(got, b.Backends()) {
				t.Errorf("%s: its back ends are %v, folded to %v", b.ID(), b.Backends(), got)
			}
		}
		for _, n := range run.NICs {
			sameHops(t, n.ID(), f.nic[n.ID()], n.Routes())
		}
	})
}

// sameBest compares the routes of a Loc-RIB with their fold.
func sameBest(t *testing.T, id events.ActorID, f tables, live func(netip.Prefix) (bgp.Best, bool)) {
	t.Helper()
	for p, folded := range f.best[id] {
		best, _ := live(p)
		var path events.ASPath
		if !best.Own() {
			path = best.Attrs.Path
		}
		if got := fmt.Sprint(best.From, best.NextHops, path); got != folded {
			t.Errorf("%s: best route to %v is %s, folded to %s", id, p, got, folded)
		}
	}
}

func sameHops(t *testing.T, id events.ActorID, folded, live map[netip.Prefix][]netip.Addr) {
	t.Helper()
	if !maps.EqualFunc(folded, live, slices.Equal[[]netip.Addr]) {
		t.Errorf("%s: %v, folded to %v", id, live, folded)
	}
}

// TestBothEndsAgree: at the end, over a session that is established and has
// nothing under way, one end's Adj-RIB-In is the other's Adj-RIB-Out.
func TestBothEndsAgree(t *testing.T) {
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		run := play(t, text, scenarios.Options{Seed: seed})
		busy := map[events.ActorID]bool{}
		for _, l := range run.Written {
			switch {
			case l.Role == events.Out:
				busy[l.Peer] = busy[l.Peer] || unarrived(run.Written, l)
			}
		}
		all, compared := speakers(run.Network), 0
		for x, from := range all {
			for y, to := range all {
				if !from.Established(y) || !to.Established(x) || busy[x] || busy[y] {
					continue
				}
				compared++
				if got, want := routes(to.Learned(x)), routes(from.Advertised(y)); !maps.Equal(got, want) {
					t.Errorf("%s sent %s %v\nand it has %v", x, y, want, got)
				}
			}
		}
		if compared == 0 && run.whole && len(run.Routers) > 6 {
			t.Error("nothing was compared")
		}
	})
}

// unarrived tells whether a message is under way at the end. Only those of the
// last ten minutes are looked for: older ones were lost with their wire.
func unarrived(lines []events.Line, out events.Line) bool {
	if lines[len(lines)-1].At.Sub(out.At) > 600e9 {
		return false
	}
	for _, l := range lines[out.Seq:] {
		if l.Cause == out.Seq && (l.Role == events.In || l.Role == events.Lost) {
			return false
		}
	}
	return true
}

func routes(rib map[netip.Prefix]*events.Attrs) map[netip.Prefix]string {
	all := map[netip.Prefix]string{}
	for p, a := range rib {
		all[p] = fmt.Sprintf("%+v", *a)
	}
	return all
}
