package bgp_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
)

// many is a, which originates n routes, and b, which takes so many. A third, c,
// hears of them from b. Who opens the session is given first.
func many(n int, limit bgp.MaxRoutes, opener, other events.ActorID) *lab {
	l := newLab()
	a := l.speaker("a")
	for i := range n {
		a.Originate = append(a.Originate, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24))
	}
	l.speaker("b")
	l.speaker("c")
	l.link(opener, other)
	l.link("b", "c")
	l.peer("b", "a").MaxRoutes = limit
	return l
}

// TestFullReadvertisement: 2,001 routes sent again count as 4,002 (Azure:
// route-server-faq, 2025-09-17), so that a limit of 4,000 ends the session; it
// begins again when it may, whoever opens it. 2,000 are 4,000: they stay.
func TestFullReadvertisement(t *testing.T) {
	azure := bgp.MaxRoutes{Limit: 4000, Incoming: true, Retry: 5 * time.Minute}
	for _, c := range []struct {
		routes        int
		opener, other events.ActorID
		down          []string
	}{
		{2000, "a", "b", nil},
		{2001, "a", "b", []string{
			"100.020 a#1 Idle: too many routes: 2001 held + 2000 incoming > 4000", "400.020 none Active: routes may come again",
			"461.040 a#5 OpenSent: connection accepted",
		}},
		{2001, "b", "a", []string{
			"100.020 b#1 Idle: too many routes: 2001 held + 2000 incoming > 4000", "400.020 b#2 Connect: connecting", "400.040 b#2 OpenSent: connected",
		}},
	} {
		l := many(c.routes, azure, c.opener, c.other)
		l.tell(100, "b", events.Order{Do: events.Refresh})
		r := l.run(t, 600)
		got := sessions(r, "b", "a")[4:] // after it came up
		if c.down == nil && len(got) > 0 || len(got) < len(c.down) || !slices.Equal(got[:len(c.down)], c.down) {
			t.Errorf("%d routes: %q", c.routes, got)
		}
		if got := len(l.speakers["c"].Prefixes()); got != c.routes {
			t.Errorf("c has %d routes in the end", got)
		}
	}
}

// TestNothingLingers: between the end of the session and its return neither b nor
// c has a route, a was told 6/1, and is refused.
func TestNothingLingers(t *testing.T) {
	l := many(2001, bgp.MaxRoutes{Limit: 4000, Incoming: true, Retry: 5 * time.Minute}, "a", "b")
	l.tell(100, "b", events.Order{Do: events.Refresh})
	r := l.run(t, 300)
	for _, id := range []events.ActorID{"b", "c"} {
		if got := l.speakers[id].Prefixes(); len(got) != 0 {
			t.Errorf("%s has %d routes", id, len(got))
		}
	}
	if at, why, _ := lost(r, "a"); why != "NOTIFICATION 6/1 Maximum Number of Prefixes Reached received" || at != 100030*time.Millisecond {
		t.Errorf("a: %s at %v", why, at)
	}
	if got := sessions(r, "a", "b"); got[len(got)-1] != "221.050 a#3 Active: connection refused" {
		t.Errorf("a: %q", got)
	}
}

// TestRoutesHeld: without Incoming only the routes held count, and without Retry
// the session is tried again as after any other end.
func TestRoutesHeld(t *testing.T) {
	for routes, why := range map[int]string{3: "", 4: "too many routes: 4 > 3"} {
		l := many(routes, bgp.MaxRoutes{Limit: 3}, "a", "b")
		l.tell(100, "b", events.Order{Do: events.Refresh})
		r := l.run(t, 200)
		if at, got, _ := lost(r, "b"); got != why || why != "" && at != 50*time.Millisecond {
			t.Errorf("%d routes: %q at %v", routes, got, at)
		}
		if tries := len(downsWhy(sessions(r, "b", "a"), why)); why != "" && tries < 50 {
			t.Errorf("%d times", tries)
		}
	}
}

func downsWhy(all []string, why string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s[len(s)-len(why):] != why })
}

// TestBursts: UPDATEs within a second of each other are one update, later ones are
// another.
func TestBursts(t *testing.T) {
	for gap, why := range map[float64]string{2: "", 0.5: "too many routes: 3 held + 6 incoming > 8"} {
		l := many(3, bgp.MaxRoutes{Limit: 8, Incoming: true}, "a", "b")
		for i := range 4 {
			l.tell(100+gap*float64(i), "b", events.Order{Do: events.Refresh})
		}
		if _, got, _ := lost(l.run(t, 101+4), "b"); got != why {
			t.Errorf("%s apart: %q", fmt.Sprint(gap), got)
		}
	}
}

// TestNewSessionNewBurst: what came over the session that ended does not count for
// the next, however soon it comes.
func TestNewSessionNewBurst(t *testing.T) {
	l := many(3, bgp.MaxRoutes{Limit: 5, Incoming: true}, "a", "b")
	l.peer("a", "b").IdleHold = 100 * time.Millisecond
	l.tell(100, "b", events.Order{Do: events.Refresh})
	l.run(t, 110)
	if at, up := l.speakers["b"].Since("a"); !up || at != events.Time(100160*time.Millisecond) {
		t.Errorf("up %t since %v", up, at)
	}
}

// TestEnabledBeforeRetry: an operator who shuts the session down and enables it
// does not wait.
func TestEnabledBeforeRetry(t *testing.T) {
	l := many(4, bgp.MaxRoutes{Limit: 3, Retry: time.Hour}, "b", "a")
	l.tell(100, "b", events.Order{Do: events.Shutdown, Arg: "a"})
	l.tell(200, "b", events.Order{Do: events.Enable, Arg: "a"})
	got := sessions(l.run(t, 300), "b", "a")
	if len(got) < 6 || got[5] != "200.000 b#2 Connect: connecting" {
		t.Errorf("%q", got)
	}
}
