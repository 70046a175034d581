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

// reflectors is AS 65000: RR1 and RR2, their clients C1 to C4, and C5 of RR1 alone
// if there is one. From 50 s on C1 learns the prefix from x in another AS.
func reflectors(sameCluster, fifth bool) *lab {
	l := newLab()
	clients := []events.ActorID{"c1", "c2", "c3", "c4"}
	for i, id := range []events.ActorID{"rr1", "rr2"} {
		c := l.speaker(id)
		c.AS, c.Address = 65000, netip.AddrFrom4([4]byte{byte(i + 1), byte(i + 1), byte(i + 1), byte(i + 1)})
		if sameCluster {
			c.ClusterID = netip.MustParseAddr("9.9.9.9")
		}
	}
	l.link("rr1", "rr2")
	for _, id := range clients {
		l.speaker(id).AS = 65000
		for _, rr := range []events.ActorID{"rr1", "rr2"} {
			l.link(id, rr)
			l.peer(rr, id).Client = true
		}
	}
	if fifth {
		l.speaker("c5").AS = 65000
		l.link("c5", "rr1")
		l.peer("rr1", "c5").Client = true
	}
	l.speaker("x", prefix).StartJitter = sim.Constant(50 * time.Second)
	l.link("x", "c1")
	return l
}

// tally counts the announcements and withdrawals that speakers of AS 65000 sent
// from an instant on and before another one.
func tally(l *lab, r *simtest.Recorder, from, to events.Time) (announced, withdrawn int) {
	for _, line := range r.Written {
		u, ok := line.Event.(*events.Update)
		if !ok || line.Role != events.Out || line.At < from*1e9 || line.At >= to*1e9 || l.configs[line.Actor].AS != 65000 || line.Peer == "x" {
			continue
		}
		announced, withdrawn = announced+len(u.NLRI), withdrawn+len(u.Withdrawn)
	}
	return announced, withdrawn
}

// TestReflectors: what is sent and held in RFC 4456 networks of two reflectors,
// before and after the session of RR1 and C1 ends.
func TestReflectors(t *testing.T) {
	p := netip.MustParsePrefix(prefix)
	for _, c := range []struct {
		same, fifth bool
		up, ann, wd int
	}{
		{false, false, 10, 3, 1},
		{false, true, 11, 4, 1},
		{true, false, 10, 0, 4},
		{true, true, 11, 0, 5},
	} {
		l := reflectors(c.same, c.fifth)
		r := l.run(t, 90)
		name := fmt.Sprintf("same cluster %t, fifth %t", c.same, c.fifth)
		if ann, wd := tally(l, r, 49, 90); ann != c.up || wd != 0 {
			t.Errorf("%s: %d announced, %d withdrawn", name, ann, wd)
		}
		rr1 := l.speakers["rr1"]
		if n := len(rr1.Usable(p)); n != map[bool]int{false: 2, true: 1}[c.same] {
			t.Errorf("%s: rr1 can use %d routes", name, n)
		}
		if b, _ := rr1.Best(p); !slices.Equal(b.From, []events.ActorID{"c1"}) || b.Attrs.ClusterList != nil {
			t.Errorf("%s: rr1 uses %+v", name, b)
		}

		l = reflectors(c.same, c.fifth)
		l.tell(100, "c1", events.Order{Do: events.Shutdown, Arg: "rr1"})
		r = l.run(t, 200)
		if ann, wd := tally(l, r, 99, 200); ann != c.ann || wd != c.wd {
			t.Errorf("%s: %d announced, %d withdrawn after the failure", name, ann, wd)
		}
		for id, s := range l.speakers {
			_, reached := s.Best(p)
			if lost := c.same && (id == "rr1" || id == "c5"); reached == lost {
				t.Errorf("%s: %s has a route: %t", name, id, reached)
			}
		}
		if !c.fifth || c.same {
			continue
		}
		want := "path 64520 originator 192.0.2.3 clusters [1.1.1.1 2.2.2.2] next hop 192.0.2.8"
		if a := l.learned("c5", "rr1"); fmt.Sprintf("path %v originator %v clusters %v next hop %v", a.Path, a.OriginatorID, a.ClusterList, a.NextHop) != want {
			t.Errorf("%s: c5 has %+v", name, a)
		}
	}
}

// TestReflectionMatrix (RFC 4456 section 6): what r in AS 2 has from one peer goes
// to which others; and to another AS without what reflecting added.
func TestReflectionMatrix(t *testing.T) {
	ids := []events.ActorID{"client", "client2", "plain", "plain2", "external"}
	for _, from := range append(ids, "external2") {
		l := newLab()
		l.speaker("r").AS = 2
		for i, id := range append(ids, "external2") {
			c := l.speaker(id)
			if l.link(id, "r"); i < 4 {
				c.AS, l.peer("r", id).AS, l.peer(id, "r").AS = 2, 2, 2
			}
			l.peer("r", id).Client = i < 2
		}
		l.configs[from].Originate = []netip.Prefix{netip.MustParsePrefix(prefix)}
		l.run(t, 10)
		internal := !slices.Contains([]events.ActorID{"external", "external2"}, from)
		for i, id := range ids {
			a := l.learned(id, "r")
			sent := id != from && (i < 2 || i == 4 || from != "plain" && from != "plain2")
			if (a != nil) != sent {
				t.Errorf("%s to %s: %+v", from, id, a)
				continue
			}
			if a != nil && a.OriginatorID.IsValid() != (internal && i < 4) || a != nil && (len(a.ClusterList) == 1) != (internal && i < 4) {
				t.Errorf("%s to %s: %+v", from, id, a)
			}
		}
	}
}

// TestReflectedFromAnotherAS: what only an AS may say is discarded where another
// one says it (RFC 7606 sections 7.5, 7.9 and 7.10), and the route is used.
func TestReflectedFromAnotherAS(t *testing.T) {
	l := chain(1, 2, 2)
	own := netip.MustParseAddr("192.0.2.2")
	l.tagged("a", events.Attrs{LocalPref: 7, HasLocalPref: true, OriginatorID: own, ClusterList: []netip.Addr{own}})
	l.run(t, 10)
	if a := l.learned("b", "a"); !a.HasLocalPref || !a.OriginatorID.IsValid() {
		t.Errorf("b received %+v", a)
	}
	if b, ok := l.speakers["b"].Best(netip.MustParsePrefix(prefix)); !ok || b.Attrs.HasLocalPref || b.Attrs.OriginatorID.IsValid() || b.Attrs.ClusterList != nil {
		t.Errorf("b uses %+v", b.Attrs)
	}
	if a := l.learned("c", "b"); a == nil || a.LocalPref != 100 {
		t.Errorf("c has %+v", a)
	}
}

// TestRouteServer (RFC 7947): rs leaves path, next hop and MED as they are, and an
// ordinary speaker in its place does not.
func TestRouteServer(t *testing.T) {
	for _, c := range []struct {
		transparent       bool
		atB, atC, nextHop string
		med               uint32
	}{{true, "65001", "65002 65001", "192.0.2.1", 50}, {false, "65500 65001", "65002 65500 65001", "192.0.2.2", 0}} {
		l := chain(65001, 65500, 65002, 65003)
		l.peer("b", "c").Transparent = c.transparent
		l.tagged("a", events.Attrs{MED: 50, HasMED: true})
		l.run(t, 10)
		b := l.learned("c", "b")
		if b.Path.String() != c.atB || b.NextHop.String() != c.nextHop || b.MED != c.med || b.HasMED != c.transparent {
			t.Errorf("transparent %t: B has %+v", c.transparent, b)
		}
		if got := l.learned("d", "c").Path.String(); got != c.atC {
			t.Errorf("transparent %t: C has %s", c.transparent, got)
		}
	}
}

// TestRouteServersOwnRoute is like that of any speaker.
func TestRouteServersOwnRoute(t *testing.T) {
	l := chain(65500, 65002)
	l.peer("a", "b").Transparent = true
	l.run(t, 10)
	if a := l.learned("b", "a"); a.Path.String() != "65500" || a.NextHop.String() != "192.0.2.1" {
		t.Errorf("B has %+v", a)
	}
}

// TestArrival: m in AS 2 compares in pairs. Its routes come from a, b and c in the
// order of their names or in another one; when b's comes again, it is the last.
func TestArrival(t *testing.T) {
	for _, c := range []struct {
		order []events.ActorID
		again bool
		want  events.ActorID
	}{
		{[]events.ActorID{"a", "b", "c"}, false, "c"},
		{[]events.ActorID{"a", "c", "b"}, false, "b"},
		{[]events.ActorID{"c", "b", "a"}, false, "a"},
		{[]events.ActorID{"c", "b", "a"}, true, "b"},
	} {
		l := newLab()
		l.speaker("m").AS = 2
		l.configs["m"].Decision = bgp.Decision{PairwiseMED: true}
		for _, id := range []events.ActorID{"a", "b", "c"} {
			l.speaker(id, prefix).AS = 2
			l.link(id, "m")
		}
		for id, a := range map[events.ActorID]struct {
			as, med uint32
			cost    int
		}{"a": {1, 0, 30}, "b": {1, 10, 10}, "c": {3, 5, 20}} {
			l.configs[id].StartJitter = sim.Constant(time.Duration(1+slices.Index(c.order, id)) * time.Second)
			l.peer("m", id).IGPCost = a.cost
			attrs := &events.Attrs{Path: events.ASPath{{AS: []uint32{a.as}}}, NextHop: l.configs[id].Address, MED: a.med, HasMED: true}
			l.configs[id].Export = func(*bgp.Peer, netip.Prefix, bgp.Best) (*events.Attrs, bool) { return attrs, true }
		}
		l.tell(50, "m", events.Order{Do: events.Refresh}) // brings nothing new
		if c.again {
			l.tell(100, "b", events.Order{Do: events.Shutdown, Arg: "m"})
			l.tell(110, "b", events.Order{Do: events.Enable, Arg: "m"})
		}
		r := l.run(t, 200)
		if got := best(r, "m", prefix).Is; !slices.Equal(got, []events.ActorID{c.want}) {
			t.Errorf("%v, again %t: %v is best", c.order, c.again, got)
		}
	}
}

// TestKeepOldest (RFC 5004): the route of b came first and stays, though that of a
// has the lower identifier.
func TestKeepOldest(t *testing.T) {
	for _, keep := range []bool{false, true} {
		l := newLab()
		l.speaker("a", prefix).StartJitter = sim.Constant(5 * time.Second)
		l.speaker("b", prefix)
		l.speaker("m").Decision.KeepOldest = keep
		l.speaker("x")
		l.link("a", "m")
		l.link("b", "m")
		l.link("m", "x")
		r := l.run(t, 20)
		if got, want := best(r, "m", prefix).Is[0], map[bool]events.ActorID{true: "b", false: "a"}[keep]; got != want {
			t.Errorf("keep %t: %s is best", keep, got)
		}
		if got := len(updates(r, "m", "x")); got != map[bool]int{true: 1, false: 2}[keep] {
			t.Errorf("keep %t: m tells x %q", keep, updates(r, "m", "x"))
		}
	}
}
