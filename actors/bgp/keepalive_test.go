package bgp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/sim/simtest"
)

// vpn is customer equipment, cpe, and an Azure VPN gateway, gw, whose timers are
// 60 s and 180 s whatever the other offers.
func vpn(hold time.Duration, fixed bool) *lab {
	l := newLab()
	l.speaker("cpe", "10.1.0.0/16")
	l.speaker("gw")
	cpe, gw := l.link("cpe", "gw")
	cpe.Hold, cpe.Keepalive = hold, hold/3
	gw.Fixed = fixed
	l.misfit = true
	return l
}

// downs gives when a speaker's hold timer ended a session.
func downs(r *simtest.Recorder, of events.ActorID) []events.Line {
	return r.Select(func(l events.Line) bool {
		e, ok := l.Event.(events.SessionChanged)
		return ok && l.Actor == of && e.Was == events.Established && e.Why == "hold timer expired"
	})
}

// TestTimersThatDoNotFit: with a hold time of 30 s the session with a gateway that
// speaks every 60 s flaps for ever: up at 40 ms, down 30 s later, up again 1.04 s
// after that. No fault is to blame. With 60 s too: the timer is as fast as the
// keepalive. A gateway that negotiates speaks every 10 s.
func TestTimersThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		hold  time.Duration
		fixed bool
		downs int
	}{{30 * time.Second, true, 19}, {60 * time.Second, true, 9}, {90 * time.Second, true, 0}, {30 * time.Second, false, 0}} {
		_, r := sameStory(t, 600, func() *lab { return vpn(c.hold, c.fixed) })
		down := downs(r, "cpe")
		if len(down) != c.downs {
			t.Errorf("hold %v, fixed %t: down %d times", c.hold, c.fixed, len(down))
		}
		lines := simtest.Lineage(r.Written)
		for i, l := range down {
			if want := events.Time(40 * time.Millisecond).Add(c.hold + time.Duration(i)*(c.hold+1040*time.Millisecond)); l.At != want {
				t.Errorf("hold %v: down at %v, not %v", c.hold, l.At, want)
			}
			why := lines.Why(l.Seq)
			if why[1].Role != events.Fired || why[2].Role != events.Set || lines.Root(l.Seq) != 0 {
				t.Errorf("hold %v: down because of %v, %v", c.hold, why[1], why[2])
			}
		}
		if c.downs == 0 && len(r.Written) > 60 {
			t.Errorf("hold %v, fixed %t: %d lines though nothing happens", c.hold, c.fixed, len(r.Written))
		}
	}
}

// TestNoKeepalivesForAFixedTimer: who offers a hold time of 0 sends none; a peer
// that insists on its own 180 s hears nothing.
func TestNoKeepalivesForAFixedTimer(t *testing.T) {
	_, r := sameStory(t, 400, func() *lab { return vpn(0, true) })
	if down := downs(r, "gw"); len(down) != 2 || down[0].At.Sub(0).Truncate(time.Second) != 180*time.Second {
		t.Errorf("gw: %v", down)
	}
}

// TestNoKeepalivesWithoutHoldTime: nor does who insists on a hold time of 0,
// whatever its keepalive interval: a Route Server that is set so, beside a VPN
// gateway.
func TestNoKeepalivesWithoutHoldTime(t *testing.T) {
	_, r := sameStory(t, 400, func() *lab {
		l := newLab()
		l.speaker("rs")
		l.speaker("gw")
		rs, gw := l.link("rs", "gw")
		rs.Hold, rs.Keepalive, rs.Fixed, gw.Fixed = 0, time.Second, true, true
		l.misfit = true
		return l
	})
	if down := downs(r, "gw"); len(down) != 2 || down[0].At.Sub(0).Truncate(time.Second) != 180*time.Second {
		t.Errorf("gw: %v", down)
	}
}

// TestFixedTimers: each end notices a silence by its own hold time after the last
// keepalive at the other's own pace: cpe offers 90 s and speaks every 30 s, gw
// insists on 180 s and speaks every 60 s.
func TestFixedTimers(t *testing.T) {
	for cut := 400.0; cut < 460; cut += 7 {
		for _, c := range []struct {
			from, to       events.ActorID
			hold, interval time.Duration
		}{{"gw", "cpe", 90 * time.Second, 60 * time.Second}, {"cpe", "gw", 180 * time.Second, 30 * time.Second}} {
			_, r := sameStory(t, 1000, func() *lab {
				l := vpn(90*time.Second, true)
				l.cut(cut, c.from, c.to)
				return l
			})
			down := downs(r, c.to)
			if len(down) != 1 {
				t.Fatalf("%s: %v", c.to, down)
			}
			if d := down[0].At.Sub(events.Time(cut * 1e9)); d <= c.hold-c.interval || d > c.hold+apart {
				t.Errorf("%s notices after %v", c.to, d)
			}
		}
	}
}

// TestMisfitAndFaults: where all keepalives are sent because timers do not fit, a
// silence that comes to it is noticed as anywhere else, and cited.
func TestMisfitAndFaults(t *testing.T) {
	_, r := sameStory(t, 300, func() *lab {
		l := vpn(30*time.Second, true)
		l.cut(70, "gw", "cpe")
		l.heal(150, "gw", "cpe")
		return l
	})
	lines, roots := simtest.Lineage(r.Written), []string{}
	for _, l := range downs(r, "cpe") {
		roots = append(roots, lines.Disturbance(l.Seq))
	}
	if got := strings.Join(roots, " "); !strings.HasPrefix(got, "start start gw-cpe-false gw-cpe-true") {
		t.Errorf("down because of %s\n%s", got, fmt.Sprint(sessions(r, "cpe", "gw")))
	}
}

// TestSince: when the session came up, for the last time.
func TestSince(t *testing.T) {
	l := vpn(30*time.Second, true)
	l.run(t, 40)
	if at, up := l.speakers["cpe"].Since("gw"); !up || at != events.Time(31080*time.Millisecond) {
		t.Errorf("up %t since %v", up, at)
	}
	l.run(t, 31)
	if at, up := l.speakers["cpe"].Since("gw"); up {
		t.Errorf("up since %v", at)
	}
	if _, up := l.speakers["cpe"].Since("nobody"); up {
		t.Error("up with nobody")
	}
}
