package bgp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestRefresh: an order to ask again goes to peers of other ASes alone, and each
// sends all that it sent, as it was (RFC 2918 section 4).
func TestRefresh(t *testing.T) {
	l := chain(1, 2, 3)
	l.speaker("d", "10.4.0.0/16").AS = 2
	l.link("b", "d")
	l.tell(100, "b", events.Order{Do: events.Refresh})
	r := l.run(t, 200)
	want := []string{"0.040 UPDATE announce 10.1.0.0/16 path 1 next hop 192.0.2.1", "100.010 UPDATE announce 10.1.0.0/16 path 1 next hop 192.0.2.1"}
	if got := updates(r, "a", "b"); !slices.Equal(got, want) {
		t.Errorf("a: %q", got)
	}
	if got := updates(r, "d", "b"); len(got) != 1 {
		t.Errorf("d: %q", got)
	}
	if got := r.Select(func(l events.Line) bool { return l.Role == events.Out && l.Event.Kind() == events.KindRouteRefresh }); len(got) != 2 {
		t.Errorf("%v", got)
	}
	after := r.Select(func(l events.Line) bool { return l.At > 99e9 && l.Role == events.Change })
	if len(after) != 0 {
		t.Errorf("it changes %v", after)
	}
}

// TestRefreshShowsThatThePeerLives: one that a cut held up arrives after it, and
// the session goes on.
func TestRefreshShowsThatThePeerLives(t *testing.T) {
	for heal := 110.0; heal < 170; heal += 3 {
		_, r := sameStory(t, 1000, func() *lab {
			l := chain(1, 2)
			l.cut(100, "b", "a")
			l.tell(105, "b", events.Order{Do: events.Refresh})
			l.heal(heal, "b", "a")
			return l
		})
		if at, why, _ := lost(r, "a"); why != "" {
			t.Fatalf("healed at %v: %s at %v", heal, why, at)
		}
		if got := len(updates(r, "a", "b")); got != 2 {
			t.Errorf("healed at %v: %d UPDATEs", heal, got)
		}
	}
}

// TestHoldTimeFromRefresh: the hold time runs from it.
func TestHoldTimeFromRefresh(t *testing.T) {
	_, r := sameStory(t, 300, func() *lab {
		l := chain(1, 2)
		l.tell(100, "b", events.Order{Do: events.Refresh})
		l.cut(110, "b", "a")
		return l
	})
	if at, why, _ := lost(r, "a"); why != "hold timer expired" || at != 280*time.Second+apart {
		t.Errorf("%s at %v", why, at)
	}
}

// slow is mraiLab with an m that tells x of changes 5 s late, and whose session
// with x begins when it knows everything.
func slow() *lab {
	l := mraiLab()
	late := sim.Constant(5 * time.Second)
	m := l.peer("m", "x")
	m.MRAI.Interval, m.Hesitate = sim.Constant(0), &late
	l.tell(20, "m", events.Order{Do: events.Shutdown, Arg: "x"})
	l.tell(50, "m", events.Order{Do: events.Enable, Arg: "x"})
	return l
}

// TestHesitate: withdrawals and announcements wait 5 s, together with what changes
// meanwhile; the first table does not. Each prefix cites what changed it last.
func TestHesitate(t *testing.T) {
	l := slow()
	l.configs["c"].Originate = l.configs["c"].Originate[:1]
	l.kill(100, "b")
	l.kill(103, "a")
	l.kill(110, "d")
	r := l.run(t, 200)
	want := []string{
		"50.040 UPDATE announce 10.2.0.0/16 path 64517 64514 next hop 192.0.2.5", "50.040 UPDATE announce 10.3.0.0/16 path 64517 64515 next hop 192.0.2.5",
		"105.010 UPDATE withdraw 10.2.0.0/16", "105.010 UPDATE announce 10.1.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"115.010 UPDATE withdraw 10.3.0.0/16",
	}
	got := updates(r, "m", "x")
	if got = got[len(got)-5:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	lines := simtest.Lineage(r.Written)
	for _, line := range r.Of("x", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok && line.At > 100e9 {
			want := map[string]string{"10.1.0.0/16": "a-killed", "10.2.0.0/16": "b-killed", "10.3.0.0/16": "d-killed"}[e.Prefix.String()]
			if got := lines.Disturbance(line.Seq); got != want {
				t.Errorf("%v changed because of %s, not %s", e.Prefix, got, want)
			}
		}
	}
}

// TestHesitateForgets: what is as it was before the peer was told is not told.
func TestHesitateForgets(t *testing.T) {
	l := slow()
	l.cut(100, "a", "m")
	m := l.peer("m", "a")
	m.BFD, l.peer("a", "m").BFD = bfd(), bfd()
	m.IdleHold, l.peer("a", "m").IdleHold = 100*time.Millisecond, 100*time.Millisecond
	l.heal(101, "a", "m")
	r := l.run(t, 200)
	changes := 0
	for _, line := range r.Of("m", events.Change) {
		if e, ok := line.Event.(*events.BestChanged); ok && e.Prefix.String() == prefix && line.At > 100e9 && line.At < 105e9 {
			changes++
		}
	}
	if changes != 2 {
		t.Fatalf("m changed its mind %d times", changes)
	}
	for _, u := range updates(r, "m", "x") {
		if strings.HasPrefix(u, "10") {
			t.Errorf("m tells x %s", u)
		}
	}
}

// TestHesitateAndMRAI: an announcement waits for both.
func TestHesitateAndMRAI(t *testing.T) {
	l := slow()
	l.peer("m", "x").MRAI.Interval = sim.Constant(30 * time.Second)
	l.kill(100, "d") // 105.01, which starts the MRAI timer
	l.kill(106, "a") // 111.01 falls into it: it waits for what comes next
	l.kill(133, "b") // 138.01, the MRAI timer having fired at 135.01
	r := l.run(t, 200)
	want := []string{
		"105.010 UPDATE announce 10.3.0.0/16 path 64517 64516 next hop 192.0.2.5",
		"138.010 UPDATE announce 10.1.0.0/16, 10.2.0.0/16 path 64517 64516 next hop 192.0.2.5",
	}
	got := updates(r, "m", "x")
	if got = got[len(got)-2:]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestHesitateEndsWithTheSession, and each wait is drawn anew.
func TestHesitateEndsWithTheSession(t *testing.T) {
	l := slow()
	late := sim.Uniform(time.Second, 20*time.Second)
	l.peer("m", "x").Hesitate = &late
	l.kill(100, "d")
	l.kill(150, "a")
	l.kill(200, "b")
	l.tell(200.2, "x", events.Order{Do: events.Shutdown, Arg: "m"})
	r := l.run(t, 300)
	waits := map[string]bool{}
	roles := []string{}
	for _, line := range r.Select(func(l events.Line) bool { return l.Actor == "m" && l.At > 99e9 }) {
		if timer, ok := line.Event.(events.Timer); ok && timer.Name == events.AdvertiseTimer {
			roles = append(roles, line.Role.String())
			if line.Role == events.Set {
				waits[line.Due.Sub(line.At).String()] = true
			}
		}
	}
	want := []string{"timer-set", "timer-fired", "timer-set", "timer-fired", "timer-set", "timer-stopped"}
	if !slices.Equal(roles, want) || len(waits) != 3 {
		t.Errorf("%s, after %s", fmt.Sprint(roles), fmt.Sprint(waits))
	}
}
