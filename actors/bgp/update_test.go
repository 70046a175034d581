package bgp_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestPrepend: extra copies of the own AS, and the own address as next hop.
func TestPrepend(t *testing.T) {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b")
	a, _ := l.link("a", "b")
	a.Prepend = 2
	r := l.run(t, 10)
	want := []string{"0.040 UPDATE announce 10.1.0.0/16 path 64513 64513 64513 next hop 192.0.2.1"}
	if got := updates(r, "a", "b"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestSendBack: with it, a route goes also to the peer it came from; there it is
// unusable, for its path holds that peer's AS (RFC 4271 section 9.1.2).
func TestSendBack(t *testing.T) {
	for _, back := range []bool{false, true} {
		l := newLab()
		l.speaker("a", "10.1.0.0/16")
		l.speaker("b")
		_, b := l.link("a", "b")
		b.SendBack = back
		r := l.run(t, 10)
		if got := updates(r, "b", "a"); (len(got) == 1) != back {
			t.Errorf("send back %t: %q", back, got)
		}
		best, _ := l.speakers["a"].Best(netip.MustParsePrefix("10.1.0.0/16"))
		if !best.Own() {
			t.Errorf("send back %t: a uses the route of %v to its own prefix", back, best.From)
		}
	}
}

// TestLoopedUpdateIsAWithdrawal: m learns z's prefix from a and b. When a's link
// to z goes, a takes the way over m, and tells m so: that route holds m's AS, so
// it takes a's previous one away (RFC 4271 section 9.1.2).
func TestLoopedUpdateIsAWithdrawal(t *testing.T) {
	l := newLab()
	for _, id := range []events.ActorID{"m", "a", "b"} {
		l.speaker(id)
	}
	l.speaker("z", "10.9.0.0/16")
	l.link("a", "z")
	l.link("b", "z")
	a, _ := l.link("a", "m")
	a.SendBack = true
	l.link("b", "m")
	l.cut(100, "z", "a")
	r := l.run(t, 600)
	p := netip.MustParsePrefix("10.9.0.0/16")
	looped := l.speakers["m"].Learned("a")[p]
	if looped == nil || !looped.Path.Contains(64513) {
		t.Fatalf("a tells m %+v", looped)
	}
	best, _ := l.speakers["m"].Best(p)
	if !slices.Equal(best.From, []events.ActorID{"b"}) {
		t.Errorf("m goes on with %v", best.From)
	}
	why := ""
	for _, line := range r.Of("m", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok && e.Prefix == p {
			why = e.Why
		}
	}
	if why != "only path" {
		t.Errorf("m chose it as %q", why)
	}
}

// mraiLab: c originates everything, a, b and d one prefix each, with a shorter
// name and so preferred. m tells x, 30 s at least between two announcements.
func mraiLab() *lab {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b", "10.2.0.0/16")
	l.speaker("d", "10.3.0.0/16")
	l.speaker("c", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16")
	l.speaker("m")
	l.speaker("x")
	for _, id := range []events.ActorID{"a", "b", "d", "c"} {
		l.link(id, "m")
	}
	m, _ := l.link("m", "x")
	m.MRAI.Interval = sim.Constant(30 * time.Second)
	return l
}

// TestMRAIMixesCauses: announcements that the timer held back go out together
// when it fires, each prefix with the change that made it wait (law of causes,
// R2), and the receiver's changes cite their own.
func TestMRAIMixesCauses(t *testing.T) {
	l := mraiLab()
	l.kill(100, "d") // goes out at once and starts the timer
	l.kill(105, "a")
	l.kill(110, "b")
	r := l.run(t, 200)
	want := []string{
		"100.010 UPDATE announce 10.3.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"130.010 UPDATE announce 10.1.0.0/16, 10.2.0.0/16 path 64517 64516 next hop 192.0.2.5",
	}
	got := updates(r, "m", "x")
	if got = got[len(got)-2:]; !slices.Equal(got, want) {
		t.Fatalf("%q", got)
	}
	lines := simtest.Lineage(r.Written)
	roots := map[string]string{}
	for _, line := range r.Of("x", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok {
			roots[e.Prefix.String()] = lines.Disturbance(line.Seq)
		}
	}
	for prefix, name := range map[string]string{"10.3.0.0/16": "d-killed", "10.1.0.0/16": "a-killed", "10.2.0.0/16": "b-killed"} {
		if roots[prefix] != name {
			t.Errorf("%s changed because of %s, not %s", prefix, roots[prefix], name)
		}
	}
}

// TestMRAIDoesNotHoldWithdrawals back, and they do not start it.
func TestMRAIDoesNotHoldWithdrawals(t *testing.T) {
	l := mraiLab()
	l.configs["c"].Originate = l.configs["c"].Originate[:1]
	l.kill(100, "d")
	l.kill(101, "b")
	l.kill(102, "a")
	r := l.run(t, 200)
	got := updates(r, "m", "x")
	want := []string{
		"100.010 UPDATE withdraw 10.3.0.0/16", "101.010 UPDATE withdraw 10.2.0.0/16",
		"102.010 UPDATE announce 10.1.0.0/16 path 64517 64516 next hop 192.0.2.5",
	}
	if got = got[len(got)-3:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestNothingIsSentTwice (RFC 4271 section 9.2): each UPDATE of a run differs from
// the last about its prefix to that peer.
func TestNothingIsSentTwice(t *testing.T) {
	l := mraiLab()
	for i, id := range []events.ActorID{"d", "a", "b"} {
		l.kill(float64(100+10*i), id)
	}
	r := l.run(t, 300)
	last := map[string]string{}
	for _, line := range r.Written {
		u, ok := line.Event.(*events.Update)
		if !ok || line.Role != events.Out {
			continue
		}
		for _, p := range u.NLRI {
			key := string(line.Actor+">"+line.Peer) + p.String()
			if says := u.Attrs.Path.String(); last[key] == says {
				t.Errorf("twice: %v", line)
			} else {
				last[key] = says
			}
		}
		for _, p := range u.Withdrawn {
			delete(last, string(line.Actor+">"+line.Peer)+p.String())
		}
	}
}

// TestMultipath: routes as good as the best are used with it, from the same
// neighbour AS or from any, and only the best is advertised.
func TestMultipath(t *testing.T) {
	l := mraiLab()
	l.configs["m"].Multipath = bgp.AnyAS
	r := l.run(t, 60)
	best, _ := l.speakers["m"].Best(netip.MustParsePrefix("10.1.0.0/16"))
	if !slices.Equal(best.From, []events.ActorID{"a", "c"}) {
		t.Errorf("in use are the routes of %v", best.From)
	}
	if all := strings.Join(updates(r, "m", "x"), "\n"); strings.Contains(all, "10.1.0.0/16 path 64517 64516") {
		t.Errorf("advertised:\n%s", all)
	}
}
