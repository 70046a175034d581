package bgp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// bfd is BFD at 300 ms × 3, without jitter.
func bfd() *bgp.BFD {
	return &bgp.BFD{DesiredMinTx: 300 * time.Millisecond, RequiredMinRx: 300 * time.Millisecond, Multiplier: 3}
}

// watched is two speakers with BFD at 300 ms × 3, under a seed.
func watched(seed uint64) *lab {
	l := newLab()
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b")
	x, y := l.link("a", "b")
	x.BFD, y.BFD, l.seed = bfd(), bfd(), seed
	return l
}

// lost gives when a speaker lost its first session, and why.
func lost(r *simtest.Recorder, of events.ActorID) (at time.Duration, why string, line events.Line) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(events.SessionChanged); ok && e.Was == events.Established {
			return l.At.Sub(0), e.Why, l
		}
	}
	return 0, "", events.Line{}
}

// TestDetection: three packets in a row are missing two to three intervals after
// a silence began, 600 to 900 ms (RFC 5880 section 6.8.4); of a dead peer those
// under way still arrive, 10 ms later. The end that hears nothing tells the other,
// by BFD before it does by BGP. What it does follows from what silenced the peer.
func TestDetection(t *testing.T) {
	least, most := time.Hour, time.Duration(0)
	for seed := range uint64(150) {
		for _, c := range []struct {
			begin func(*lab)
			late  time.Duration
			name  string
		}{
			{func(l *lab) { l.cut(100, "a", "b") }, 0, "a-b-false"},
			{func(l *lab) { l.die(100, "a") }, apart, "a-dead"},
		} {
			_, r := sameStory(t, 110, func() *lab {
				l := watched(seed)
				c.begin(l)
				return l
			})
			at, why, line := lost(r, "b")
			d := at - 100*time.Second - c.late
			if why != "BFD down" || d <= 600*time.Millisecond || d > 900*time.Millisecond {
				t.Fatalf("seed %d: %s: %s after %v", seed, c.name, why, d)
			}
			if change := r.Written[line.Cause-1]; change.Event != (events.BFDChanged{Neighbor: "a", Was: events.BFDUp, Is: events.BFDDown, Diag: events.TimeExpired}) || change.Cause != r.Fault(c.name).Seq {
				t.Errorf("seed %d: %s: cites line %d", seed, c.name, line.Cause)
			}
			least, most = min(least, d), max(most, d)
			if e := best(r, "b", "10.1.0.0/16"); len(e.Is) != 0 {
				t.Errorf("seed %d: %s: b still uses %v", seed, c.name, e.Is)
			}
			told, why, _ := lost(r, "a")
			if c.late == 0 && (told != at+apart || why != "BFD down: neighbor signaled session down") {
				t.Errorf("seed %d: a is told at %v: %s", seed, told, why)
			}
		}
	}
	if least > 620*time.Millisecond || most < 880*time.Millisecond {
		t.Errorf("from %v to %v", least, most)
	}
}

// TestNotASilence: what BFD does not notice: a short cut, a hang, a cut of the
// other direction alone.
func TestNotASilence(t *testing.T) {
	for what, begin := range map[string]func(*lab){
		"short cut": func(l *lab) { l.cut(100, "a", "b"); l.heal(100.59, "a", "b") },
		"hang":      func(l *lab) { l.hang(100, "a", "b") },
		"nothing":   func(*lab) {},
	} {
		_, r := sameStory(t, 150, func() *lab {
			l := watched(1)
			begin(l)
			return l
		})
		if at, why, _ := lost(r, "b"); why != "" {
			t.Errorf("%s: %s at %v", what, why, at)
		}
		pending := r.Select(func(l events.Line) bool {
			timer, ok := l.Event.(events.Timer)
			return ok && timer.Name == events.LivenessTimer && l.Role == events.Fired
		})
		if pending != nil {
			t.Errorf("%s: %v", what, pending)
		}
	}
}

// TestSilencesDraw anew: two silences of one session begin at other phases.
func TestSilencesDraw(t *testing.T) {
	l := watched(1)
	l.cut(100, "a", "b")
	l.heal(100.5, "a", "b")
	l.cut(200, "a", "b")
	r := l.run(t, 300)
	var after []time.Duration
	for _, line := range r.Of("b", events.Set) {
		if line.Event.(events.Timer).Name == events.LivenessTimer {
			after = append(after, line.Due.Sub(line.At))
		}
	}
	if len(after) != 2 || after[0] == after[1] {
		t.Errorf("detected after %v", after)
	}
	if at, why, _ := lost(r, "b"); why != "BFD down" || at != 200*time.Second+after[1] {
		t.Errorf("%s at %v", why, at)
	}
}

// TestRestartIsNoticed: a peer that is back before the detection time knows
// nothing of the session.
func TestRestartIsNoticed(t *testing.T) {
	_, r := sameStory(t, 150, func() *lab {
		l := watched(1)
		l.peer("a", "b").Passive, l.peer("b", "a").Passive = true, false // a waits to be asked
		l.die(100, "a")
		l.restart(100.3, "a")
		return l
	})
	if at, why, _ := lost(r, "b"); why != "BFD down" || at > 101*time.Second {
		t.Errorf("%s at %v", why, at)
	}
}

// probed is two speakers with dead-peer detection every 300 ms, of which three may
// be missing, under a seed.
func probed(seed uint64) *lab {
	l := watched(seed)
	for _, p := range l.peers { // order-free: each on its own
		p.BFD, p.Liveness = nil, bgp.Liveness{Name: "DPD", Interval: 300 * time.Millisecond, Multiplier: 3}
	}
	return l
}

// TestDeadPeerDetection ends the session of BGP, and tells the other end by BGP.
func TestDeadPeerDetection(t *testing.T) {
	for seed := range uint64(20) {
		_, r := sameStory(t, 110, func() *lab {
			l := probed(seed)
			l.cut(100, "a", "b")
			return l
		})
		at, why, line := lost(r, "b")
		d := at - 100*time.Second
		if why != "DPD down" || d <= 600*time.Millisecond || d > 900*time.Millisecond || line.Cause != r.Fault("a-b-false").Seq {
			t.Errorf("seed %d: %s after %v, cites %d", seed, why, d, line.Cause)
		}
		if told, why, _ := lost(r, "a"); told != at+apart || why != "NOTIFICATION 6/2 Administrative Shutdown received" {
			t.Errorf("seed %d: a is told at %v: %s", seed, told, why)
		}
	}
}

// TestShutdownEndsTheWatch: nothing is detected of a tunnel's session that ended
// meanwhile; a session of BFD does not end with that of BGP.
func TestShutdownEndsTheWatch(t *testing.T) {
	for _, l := range []*lab{probed(1), watched(1)} {
		l.cut(100, "a", "b")
		l.tell(100.3, "b", events.Order{Do: events.Shutdown, Arg: "a"})
		r := l.run(t, 150)
		fired := r.Select(func(line events.Line) bool {
			timer, ok := line.Event.(events.Timer)
			return ok && timer.Name == events.LivenessTimer && line.Role == events.Fired && line.Actor == "b"
		})
		if is := len(fired) == 1; is != (l.peer("b", "a").BFD != nil) {
			t.Errorf("%v", fired)
		}
		if _, why, _ := lost(r, "b"); why != "administrative shutdown" {
			t.Error(why)
		}
	}
}

// TestNoticesOfStrangers are for another part of the actor, such as its probes.
func TestNoticesOfStrangers(t *testing.T) {
	quiet, told := watched(1), watched(1)
	told.at(50, func(t *sim.Turn) { t.Send("b", events.PathState{Speaker: "stranger", By: events.ByLink}) })
	if got, want := story(told.run(t, 100)), story(quiet.run(t, 100)); !slices.Equal(got, want) {
		t.Errorf("b does\n%s", strings.Join(got, "\n"))
	}
}
