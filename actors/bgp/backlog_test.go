package bgp_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// bests gives the best routes that a speaker decided on from a time on, with their
// times in ms from then on.
func bests(r *simtest.Recorder, of events.ActorID, begin float64) (s []string) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && float64(l.At)/1e9 >= begin {
			s = append(s, fmt.Sprintf("%.0f %v %v", float64(l.At)/1e6-1e3*begin, e.Prefix, e.Is))
		}
	}
	return s
}

func announcement(prefix string) events.Order {
	return events.Order{Do: events.Announce, Prefix: netip.MustParsePrefix(prefix)}
}

// TestBacklog: a prefix waits for its decision, and those that come meanwhile go
// with it; what went with a session is known a little later.
func TestBacklog(t *testing.T) {
	l := chain(1, 2, 3)
	for _, c := range l.configs { // order-free: each on its own
		c.DecisionDelay, c.ClearDelay = 50*time.Millisecond, 10*time.Millisecond
	}
	a, b, c := l.order[0], l.order[1], l.order[2]
	l.tell(100, a, announcement("10.50.0.0/16"))
	l.tell(100.030, a, announcement("10.51.0.0/16"))
	l.tell(100.060, a, announcement("10.52.0.0/16"))
	l.kill(200, a)
	r := l.run(t, 300)
	early := func(all []string) []string { return all[:min(len(all), 3)] }
	same(t, "a", early(bests(r, a, 100)), "50 10.50.0.0/16 [a]", "50 10.51.0.0/16 [a]", "110 10.52.0.0/16 [a]")
	same(t, "b", early(bests(r, b, 100)), "110 10.50.0.0/16 [a]", "110 10.51.0.0/16 [a]", "170 10.52.0.0/16 [a]")
	lost := bests(r, b, 200) // 10 ms away
	same(t, "b, when a is gone", early(slices.DeleteFunc(lost, func(s string) bool { return s[:3] != "70 " })), "70 10.1.0.0/16 []", "70 10.50.0.0/16 []", "70 10.51.0.0/16 []")
	same(t, "c, when a is gone", early(bests(r, c, 200.080)), "50 10.1.0.0/16 []", "50 10.50.0.0/16 []", "50 10.51.0.0/16 []")
}

// TestFirstTable: the first table of a session waits, longer the more sessions
// there are, and goes to all that wait; what changes later does not wait.
func TestFirstTable(t *testing.T) {
	l := newLab()
	l.speaker("m", "10.1.0.0/16")
	for i, id := range []events.ActorID{"x", "y", "z"} {
		l.speaker(id)
		ofM, _ := l.link(id, "m")
		ofM.IdleHold = time.Second
		at := []float64{0, 0.5, 5}[i]
		l.configs[id].StartJitter = sim.Constant(time.Duration(at * float64(time.Second)))
		back := l.peer("m", id)
		back.FirstTable, back.FirstTableFor = time.Second, 100*time.Millisecond
	}
	l.tell(100, "m", announcement("10.2.0.0/16"))
	r := l.run(t, 200)
	for id, want := range map[events.ActorID][]string{ // order-free: each on its own
		"x": {"1.130", "100.000"}, // up after 30 ms, the first session
		"y": {"1.130", "100.000"}, // with x
		"z": {"6.330", "100.000"}, // the third session
	} {
		var at []string
		for _, u := range updates(r, "m", id) {
			var when string
			if _, err := fmt.Sscan(u, &when); err != nil {
				t.Fatal(err)
			}
			at = append(at, when)
		}
		same(t, "told "+string(id), at, want...)
	}
}

// TestMRAIOnQueue: the first announcement goes at once, and so does what comes later
// than the interval in whole seconds; what comes sooner waits for all of it.
func TestMRAIOnQueue(t *testing.T) {
	l := chain(1, 2, 3)
	a, b, c := l.order[0], l.order[1], l.order[2]
	l.peer(b, c).MRAI = bgp.MRAI{Interval: sim.Constant(5 * time.Second), OnQueue: true}
	for i, at := range []float64{100, 103.9, 110, 114.9, 121, 125.95} {
		l.tell(at, a, announcement(fmt.Sprintf("10.5%d.0.0/16", i)))
	}
	r := l.run(t, 200)
	var at []string
	for _, u := range updates(r, b, c) {
		if u[:3] >= "100" {
			at = append(at, u[:7])
		}
	}
	// 103.91 is 3 s after 100.01: it waits 5 - 3 s. 114.91 is 4 s after 110.01. 125.96
	// is 4 s after 121.01.
	same(t, "sent", at, "100.010", "105.910", "110.010", "115.910", "121.010", "126.960")
}

// TestStaysLinked: without fast external failover the session outlives its link, but
// not its routes; these are back with it.
func TestStaysLinked(t *testing.T) {
	l := chain(1, 2, 3)
	a, b := l.order[0], l.order[1]
	l.configs[a].Originate = []netip.Prefix{netip.MustParsePrefix("10.50.0.0/16")}
	l.peer(b, a).StaysLinked = true
	for _, way := range [][2]events.ActorID{{a, b}, {b, a}} {
		l.cut(100, way[0], way[1])
		l.heal(110, way[0], way[1])
	}
	l.tell(100, b, events.Order{Do: events.LinkDown, Arg: a})
	l.tell(110, b, events.Order{Do: events.LinkUp, Arg: a})
	r := l.run(t, 200)
	same(t, "b", bests(r, b, 100), "0 10.50.0.0/16 []", "10000 10.50.0.0/16 [a]")
	if all := downs(r, b); len(all) > 0 {
		t.Errorf("the session ended: %v", all)
	}
}

// TestCompareUnsent: an UPDATE goes to another AS where nothing changed but the MED,
// which it does not tell.
func TestCompareUnsent(t *testing.T) {
	for compares, want := range map[bool]int{false: 1, true: 2} { // order-free: each on its own
		l := newLab()
		med := uint32(7)
		for _, id := range []events.ActorID{"a", "b"} {
			l.speaker(id, "10.50.0.0/16").AS = 65001
		}
		l.speaker("m").CompareUnsent = compares
		l.speaker("x")
		_, _ = l.link("a", "m")
		_, _ = l.link("b", "m")
		_, _ = l.link("m", "x")
		l.peer("b", "m").Export = []bgp.Rule{{MED: &med}}
		l.kill(100, "a")
		r := l.run(t, 200)
		announced := 0
		for _, u := range r.Of("x", events.In) {
			if u, ok := u.Event.(*events.Update); ok {
				announced += len(u.NLRI)
			}
		}
		if announced != want {
			t.Errorf("x was told %d times, with %t not %d", announced, compares, want)
		}
	}
}

// TestMaxPaths: of equally good routes as many are used as may be, those with the
// lowest next hops, or those with the path of the best.
func TestMaxPaths(t *testing.T) {
	for _, row := range []struct {
		kind bgp.Multipath
		most int
		want string
	}{
		{bgp.AnyAS, 0, "[a b c]"},
		{bgp.AnyAS, 1, "[a]"},
		{bgp.AnyAS, 2, "[a b]"},
		{bgp.SamePath, 0, "[a c]"},
	} {
		l := newLab()
		for _, id := range []events.ActorID{"a", "b", "c"} {
			l.speaker(id, "10.50.0.0/16")
		}
		l.configs["c"].AS = l.configs["a"].AS
		m := l.speaker("m")
		m.Multipath, m.MaxPaths = row.kind, row.most
		for _, id := range []events.ActorID{"c", "b", "a"} {
			_, _ = l.link(id, "m")
		}
		l.run(t, 60)
		used, _ := l.speakers["m"].Best(netip.MustParsePrefix("10.50.0.0/16"))
		if slices.Sort(used.From); fmt.Sprint(used.From) != row.want {
			t.Errorf("%v, %d: %v, not %s", row.kind, row.most, used.From, row.want)
		}
	}
}
