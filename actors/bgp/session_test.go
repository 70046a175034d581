package bgp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

func TestSessionComesUp(t *testing.T) {
	l := newLab()
	l.speaker("a")
	l.speaker("b")
	l.link("a", "b")
	r := l.run(t, 10)
	want := []string{"0.000 a#1 Connect: connecting", "0.020 a#1 OpenSent: connected", "0.020 a#1 OpenConfirm: OPEN received", "0.040 a#1 Established: KEEPALIVE received"}
	if got := sessions(r, "a", "b"); !slices.Equal(got, want) {
		t.Errorf("a: %q", got)
	}
	want = []string{"0.000 none Active: started", "0.010 a#1 OpenSent: connection accepted", "0.030 a#1 OpenConfirm: OPEN received", "0.030 a#1 Established: KEEPALIVE received"}
	if got := sessions(r, "b", "a"); !slices.Equal(got, want) {
		t.Errorf("b: %q", got)
	}
}

// TestHoldTimeIsTheLowerOne (RFC 4271 section 4.2), and keepalives go every third
// of it, or as often as their sender is set to (section 10).
func TestHoldTimeIsTheLowerOne(t *testing.T) {
	for _, c := range []struct{ holdA, holdB, keepA, hold, interval time.Duration }{
		{180, 180, 60, 180, 60}, {180, 15, 60, 15, 5}, {15, 180, 60, 15, 5}, {180, 90, 20, 90, 20}, {9, 30, 2, 9, 2},
	} {
		l := newLab()
		l.speaker("a").EveryKeepalive = true
		l.speaker("b").EveryKeepalive = true
		a, b := l.link("a", "b")
		a.Hold, b.Hold, a.Keepalive = c.holdA*time.Second, c.holdB*time.Second, c.keepA*time.Second
		l.cut(400, "a", "b")
		r := l.run(t, 600)
		sent := r.Select(func(l events.Line) bool {
			return l.Actor == "a" && l.Role == events.Out && l.Event.Kind() == events.KindKeepalive
		})
		if gap := sent[2].At.Sub(sent[1].At); gap != c.interval*time.Second {
			t.Errorf("hold %d and %d: a keepalive every %v", c.holdA, c.holdB, gap)
		}
		down := r.Select(func(l events.Line) bool {
			e, ok := l.Event.(events.SessionChanged)
			return ok && l.Actor == "b" && e.Why == "hold timer expired"
		})
		if len(down) == 0 {
			t.Fatalf("hold %d and %d: the silence is not noticed", c.holdA, c.holdB)
		}
		if d := down[0].At.Sub(400e9); d <= (c.hold-c.interval)*time.Second || d > c.hold*time.Second+apart {
			t.Errorf("hold %d and %d: noticed after %v", c.holdA, c.holdB, d)
		}
	}
}

// TestNoHoldTimer: a hold time of 0 means no timer and no keepalives (RFC 4271
// section 4.2): silence is never noticed.
func TestNoHoldTimer(t *testing.T) {
	l := newLab()
	l.speaker("a").EveryKeepalive = true
	l.speaker("b").EveryKeepalive = true
	a, _ := l.link("a", "b")
	a.Hold = 0
	l.cut(100, "a", "b")
	r := l.run(t, 10_000)
	if got := sessions(r, "b", "a"); len(got) != 4 || !l.speakers["b"].Established("a") {
		t.Errorf("b: %q", got)
	}
}

// TestCollision: both ends open a connection at the same instant; one session
// survives, on the connection that the speaker with the higher identifier opened
// (RFC 4271 section 6.8).
func TestCollision(t *testing.T) {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b", "10.2.0.0/16") // 192.0.2.2, the higher one
	_, b := l.link("a", "b")
	b.Passive = false
	r := l.run(t, 300)
	for _, pair := range [][2]events.ActorID{{"a", "b"}, {"b", "a"}} {
		established := 0
		for _, s := range sessions(r, pair[0], pair[1]) {
			if strings.Contains(s, "Established") {
				established++
				if !strings.Contains(s, "b#1") {
					t.Errorf("%s: %s", pair[0], s)
				}
			}
		}
		if established != 1 || !l.speakers[pair[0]].Established(pair[1]) {
			t.Errorf("%s: %q", pair[0], sessions(r, pair[0], pair[1]))
		}
		if got := l.speakers[pair[0]].Prefixes(); len(got) != 2 {
			t.Errorf("%s has routes to %v", pair[0], got)
		}
	}
}

// TestConnectRetry: an attempt that is not answered is given up after 120 s, and
// another one made.
func TestConnectRetry(t *testing.T) {
	l := newLab()
	l.speaker("a")
	l.speaker("b")
	l.link("a", "b")
	l.at(0, func(t *sim.Turn) { t.Record(events.LinkState{Crossing: crossing("a", "b")}) })
	r := l.run(t, 300)
	var tries []events.Time
	for _, line := range r.Of("a", events.Out) {
		tries = append(tries, line.At)
	}
	if want := []events.Time{0, 120e9, 240e9}; !slices.Equal(tries, want) {
		t.Errorf("SYN at %v", tries)
	}
}

// TestBackoffDoubles: attempts that are broken off are repeated after 1, 2, 4 … s.
func TestBackoffDoubles(t *testing.T) {
	l := newLab()
	l.speaker("a")
	l.speaker("b")
	a, _ := l.link("a", "b")
	a.AS = 1 // b is in another
	r := l.run(t, 300)
	var tries []time.Duration
	last := events.Time(-1)
	for _, line := range r.Of("a", events.Fired) {
		if line.Event.(events.Timer).Name == events.ConnectTimer {
			if last >= 0 {
				tries = append(tries, line.At.Sub(last).Truncate(time.Second))
			}
			last = line.At
		}
	}
	if want := []time.Duration{1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9, 120e9}; !slices.Equal(tries, want) {
		t.Errorf("attempts %v apart", tries)
	}
}

// TestPeerInAnotherAS is told so (RFC 4271 section 6.2: 2/2 Bad Peer AS).
func TestPeerInAnotherAS(t *testing.T) {
	l := newLab()
	l.speaker("a")
	l.speaker("b")
	a, _ := l.link("a", "b")
	a.AS = 1
	r := l.run(t, 5)
	found := false
	for _, line := range r.Of("b", events.In) {
		e, ok := line.Event.(events.Notification)
		found = found || ok && e.Code == 2 && e.Subcode == 2
	}
	if !found {
		t.Error("b was not told")
	}
}

// TestShortCutIsNotNoticed: a silence shorter than the hold time leaves no trace,
// and the hold timer does not run on.
func TestShortCutIsNotNoticed(t *testing.T) {
	l := newLab()
	l.speaker("a")
	l.speaker("b")
	l.link("a", "b")
	l.cut(100, "a", "b")
	l.heal(190, "a", "b")
	r := l.run(t, 10_000)
	if got := sessions(r, "b", "a"); len(got) != 4 {
		t.Errorf("b: %q", got)
	}
	if last := r.Written[len(r.Written)-1]; last.At > 500e9 {
		t.Errorf("something happens yet at the end: %v", last)
	}
}
