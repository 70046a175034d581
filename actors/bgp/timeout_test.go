package bgp_test

import (
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// patient is two speakers without hold timers; a announces a prefix at 150 s.
func patient(hold time.Duration) *lab {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b", "10.2.0.0/16")
	for _, p := range l.both() {
		p.Hold, p.Keepalive = hold, hold/3
	}
	l.announceAt(150, "a", "10.3.0.0/16")
	return l
}

func (l *lab) both() []*bgp.Peer {
	a, b := l.link("a", "b")
	return []*bgp.Peer{a, b}
}

// TestUserTimeoutOfLinux: 15 retransmissions, the last 804.6 s after a segment was
// first sent; 120 s later TCP gives up, when the 16th would be (ip-sysctl: 924.6 s).
func TestUserTimeoutOfLinux(t *testing.T) {
	at, n := events.Time(0), 0
	for next := sim.Retransmit(0, 1); next.Sub(0) < sim.UserTimeout; next = sim.Retransmit(0, at+1) {
		at, n = next, n+1
	}
	if n != 15 || at != 804600e6 || sim.Retransmit(0, at+1).Sub(0) != sim.UserTimeout {
		t.Errorf("%d retransmissions, the last at %v", n, at)
	}
}

// TestUserTimeout: without hold timers, the UPDATE that a sends at 150 s is not
// acknowledged. Its TCP gives up at 1074.6 s, whichever direction is cut or whether b
// is dead. b has nothing to send and never finds out.
func TestUserTimeout(t *testing.T) {
	const gone = 1074600 * time.Millisecond
	healed := func(at float64) func(*lab) {
		return func(l *lab) {
			l.cut(100, "a", "b")
			l.heal(at, "a", "b")
		}
	}
	for _, c := range []struct {
		name string
		do   func(*lab)
		lost bool
	}{
		{"the way to b is cut", func(l *lab) { l.cut(100, "a", "b") }, true},
		{"the way back is", func(l *lab) { l.cut(100, "b", "a") }, true},
		{"b is dead", func(l *lab) { l.die(100, "b") }, true},
		{"its process hangs, and its host acknowledges", func(l *lab) { l.hang(100, "b", "a") }, false},
		{"repaired before the last retransmission, at 954.6 s", healed(954), false},
		{"and after it", healed(955), true},
		{"cut after the acknowledgement", func(l *lab) { l.cut(151, "a", "b") }, false},
		{"repaired, sent again at 161 s, and cut again", func(l *lab) {
			healed(160)(l)
			l.cut(170, "a", "b")
		}, false},
		{"cut again before it is sent again", func(l *lab) {
			healed(700)(l)
			l.cut(702, "a", "b")
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r := sameStory(t, 2000, func() *lab {
				l := patient(0)
				c.do(l)
				return l
			})
			switch at, why, line := lost(r, "a"); {
			case !c.lost && why != "", c.lost && (why != "connection timed out" || at != gone):
				t.Errorf("a: %q at %v", why, at)
			case c.lost && simtest.Lineage(r.Written).Disturbance(line.Seq) == "start":
				t.Error("a: no fault is to blame")
			}
			if _, why, _ := lost(r, "b"); why != "" && why != "machine died" {
				t.Errorf("b: %s", why)
			}
		})
	}
}

// TestUserTimeoutAndHoldTimers: a hold timer of up to 924 s expires before that, one
// of 3,000 s after it: then it is a keepalive that is not acknowledged.
func TestUserTimeoutAndHoldTimers(t *testing.T) {
	for hold, want := range map[time.Duration]string{ // order-free: each on its own
		180 * time.Second: "hold timer expired", 924 * time.Second: "hold timer expired", 3000 * time.Second: "connection timed out",
	} {
		_, r := sameStory(t, 4000, func() *lab {
			l := patient(hold)
			l.die(1000, "b")
			return l
		})
		if at, why, _ := lost(r, "a"); why != want {
			t.Errorf("hold %v: %q at %v", hold, why, at)
		}
	}
}

// TestHalfOpenSession: when the way is free again, b still has the old session, and
// refuses new connections (RFC 4271 section 6.8). What b sends at 1500 s shows it that
// a knows of none any more (RFC 9293 section 3.5.1).
func TestHalfOpenSession(t *testing.T) {
	_, r := sameStory(t, 1700, func() *lab {
		l := patient(0)
		l.cut(100, "a", "b")
		l.heal(1000, "a", "b")
		l.announceAt(1500, "b", "10.4.0.0/16")
		return l
	})
	refused := r.Select(func(l events.Line) bool {
		e, ok := l.Event.(events.Notification)
		return ok && l.Role == events.In && l.Actor == "a" && e.Code == 6 && e.Subcode == 7
	})
	if len(refused) < 5 || refused[0].At < 1075e9 || refused[len(refused)-1].At > 1500e9 {
		t.Errorf("a is refused %d times: %v", len(refused), refused)
	}
	if at, why, _ := lost(r, "b"); at != 1500*time.Second+2*apart || why != "connection reset" {
		t.Errorf("b: %q at %v", why, at)
	}
	if got := best(r, "b", "10.3.0.0/16"); len(got.Is) != 1 || got.Is[0] != "a" {
		t.Errorf("b has at last %v", got)
	}
}
