package bgp_test

import (
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// TestOneWayCut: the way from a to b loses packets. b hears nothing and expires
// first, one hold time after the last keepalive. What it sends arrives, but is not
// acknowledged: its first keepalive after the cut is the last that a hears, and its
// NOTIFICATION is stuck behind it. So a expires a hold time after that keepalive, at
// most one keepalive later than b. (FRR 8.4.4 over a link that loses one direction
// does so too, without BFD.)
func TestOneWayCut(t *testing.T) {
	const hold, keepalive = 9 * time.Second, 3 * time.Second
	for phase := range 12 {
		at := 100 + 0.25*float64(phase)
		_, r := sameStory(t, 130, func() *lab {
			l := newLab()
			l.speaker("a", "10.1.0.0/16")
			l.speaker("b", "10.2.0.0/16")
			x, y := l.link("a", "b")
			x.Hold, x.Keepalive, y.Hold, y.Keepalive = hold, keepalive, hold, keepalive
			l.cut(at, "a", "b")
			return l
		})
		atB, whyB, _ := lost(r, "b")
		atA, whyA, _ := lost(r, "a")
		if whyA != "hold timer expired" || whyB != "hold timer expired" {
			t.Fatalf("cut at %v: a: %s, b: %s", at, whyA, whyB)
		}
		after := atB - time.Duration(at*1e9)
		if after <= hold-keepalive || after > hold+apart {
			t.Errorf("cut at %v: b expires after %v", at, after)
		}
		last := events.Time(0) // that a hears
		for _, l := range r.Of("a", events.In) {
			if l.Event.Kind() == events.KindKeepalive && l.At.Sub(0) > time.Duration(at*1e9) {
				if last != 0 {
					t.Errorf("cut at %v: a hears keepalives at %v and %v", at, last, l.At)
				}
				last = l.At
			}
		}
		if atA != last.Add(hold).Sub(0) || atA-atB <= 0 || atA-atB > keepalive+2*apart {
			t.Errorf("cut at %v: a heard at %v, expires at %v, b at %v", at, last, atA, atB)
		}
		stuck := r.Select(func(l events.Line) bool {
			n, ok := l.Event.(events.Notification)
			return ok && l.Role == events.Lost && l.Actor == "a" && l.Peer == "b" && strings.HasPrefix(n.Meaning(), "4/0")
		})
		if len(stuck) != 1 || stuck[0].At.Sub(0) != atB {
			t.Errorf("cut at %v: %v", at, stuck)
		}
	}
}

// TestOneWayCutShorterThanHold: no session ends, and what was stuck goes out: a
// hears of a route that b began to originate meanwhile.
func TestOneWayCutShorterThanHold(t *testing.T) {
	_, r := sameStory(t, 400, func() *lab {
		l := newLab()
		l.speaker("a", "10.1.0.0/16")
		l.speaker("b", "10.2.0.0/16")
		l.link("a", "b")
		l.cut(100, "a", "b")
		l.announceAt(110, "b", "10.3.0.0/16")
		l.announceAt(120, "b", "10.4.0.0/16")
		l.heal(150, "a", "b")
		return l
	})
	for _, id := range []events.ActorID{"a", "b"} {
		if at, why, _ := lost(r, id); why != "" {
			t.Errorf("%s: %s at %v", id, why, at)
		}
	}
	got := updates(r, "b", "a")
	if len(got) != 3 {
		t.Fatalf("%q", got)
	}
	arrived := map[string]events.Time{}
	for _, l := range r.Of("a", events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok {
			arrived[e.Prefix.String()] = l.At
		}
	}
	// The first arrives, is sent again at 110 + 0.2 (2^8 - 1) = 161 s and then
	// acknowledged; the second goes out then, unless a keepalive of a came before.
	if arrived["10.3.0.0/16"] != 110_010_000_000 || arrived["10.4.0.0/16"] < 150e9 || arrived["10.4.0.0/16"] > 161_030_000_000 {
		t.Errorf("%v", arrived)
	}
}
