package bgp_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// jittery lets a, whose keepalives come every 60 s, take up to 25 % off that; b has
// its own come regularly. Both offer a hold time.
func jittery(seed uint64, hold time.Duration) *lab {
	l := newLab()
	l.seed = seed
	l.speaker("a", "10.1.0.0/16")
	l.speaker("b", "10.2.0.0/16")
	a, b := l.link("a", "b")
	a.Hold, b.Hold, a.Jitter = hold, hold, true
	return l
}

// gaps gives the times between the keepalives that a speaker sends, in seconds, but
// for the first, which answers an OPEN.
func gaps(r *simtest.Recorder, of events.ActorID) []float64 {
	var all []float64
	last := events.Time(0)
	for _, l := range r.Of(of, events.Out) {
		if l.Event.Kind() != events.KindKeepalive {
			continue
		}
		if last != 0 {
			all = append(all, l.At.Sub(last).Seconds())
		}
		last = l.At
	}
	return all
}

// TestKeepaliveJitter: RFC 4271 section 10. The times between keepalives are uniform
// on 45 to 60 s, each drawn anew: two in a row have nothing to do with each other. A
// peer that does not jitter sends every 60 s. The session is never lost.
func TestKeepaliveJitter(t *testing.T) {
	var all, first, second []float64
	for seed := range uint64(8) {
		r := jittery(seed, 180*time.Second).quick(t, 20_000)
		if of, why, _ := lost(r, "a"); why != "" {
			t.Errorf("seed %d: lost at %v: %s", seed, of, why)
		}
		of := gaps(r, "a")
		all = append(all, of...)
		first, second = append(first, of[:len(of)-1]...), append(second, of[1:]...)
		if regular := gaps(r, "b"); len(regular) != 333 || slices.Min(regular) != 60 || slices.Max(regular) != 60 {
			t.Errorf("seed %d: b sends %d keepalives, %v to %v s apart", seed, len(regular), slices.Min(regular), slices.Max(regular))
		}
	}
	slices.Sort(all)
	n := float64(len(all))
	if n < 3000 || all[0] < 45 || all[len(all)-1] > 60 {
		t.Fatalf("%v times from %v to %v s", n, all[0], all[len(all)-1])
	}
	if d := distance(all, func(x float64) float64 { return (x - 45) / 15 }); d > 1.63/math.Sqrt(n) {
		t.Errorf("distance %v from the uniform distribution", d)
	}
	product := 0.0
	for i := range first {
		product += (first[i] - 52.5) * (second[i] - 52.5)
	}
	if r := product / n / (15 * 15 / 12.0); math.Abs(r) > 3/math.Sqrt(n) {
		t.Errorf("a time and the next are correlated: %v", r)
	}
}

// TestJitterLosesNoSession: with any hold time, and whoever jitters, keepalives come
// in time; so they do from a process that began anew, and on a session that is up from
// the start.
func TestJitterLosesNoSession(t *testing.T) {
	for seed := range uint64(3) {
		for _, hold := range []time.Duration{3, 9, 180} {
			_, r := sameStory(t, 700, func() *lab {
				l := jittery(seed, hold*time.Second)
				l.peers[[2]events.ActorID{"b", "a"}].Jitter = seed%2 == 0
				for _, c := range l.configs { // order-free: each on its own
					c.Established = seed%3 == 0
				}
				l.kill(200, "a")
				l.restart(205, "a")
				return l
			})
			if down := downs(r, "a"); len(down) > 0 {
				t.Errorf("seed %d, hold %v: %v", seed, hold, down)
			}
			if down := downs(r, "b"); len(down) > 0 {
				t.Errorf("seed %d, hold %v: %v", seed, hold, down)
			}
		}
	}
}

// TestDetectionWithKeepaliveJitter: a dies in silence, long after the session came
// up. The age of its last keepalive then has the density P(X > age) / E(X) for X
// uniform on 45 to 60 s, so b's hold timer of 180 s expires 120 to 180 s after it, on
// average 180 - E(X²)/2E(X) = 153.57 s; without jitter it is 150. What was under way
// arrives 10 ms later.
func TestDetectionWithKeepaliveJitter(t *testing.T) {
	const n = 600
	var all []float64
	for seed := range uint64(n) {
		at := 6000 + 52.5*float64(seed)/n
		l := jittery(seed, 180*time.Second)
		l.die(at, "a")
		down, why, _ := lost(l.quick(t, 6300), "b")
		if why != "hold timer expired" {
			t.Fatalf("seed %d: %q", seed, why)
		}
		all = append(all, (down.Seconds()-math.Floor(at*1e3)/1e3-0.010)/60)
	}
	slices.Sort(all)
	if all[0] <= 2 || all[n-1] > 3 {
		t.Errorf("from %v to %v intervals", all[0], all[n-1])
	}
	if d := distance(all, jittered); d > 1.63/math.Sqrt(n) {
		t.Errorf("distance %v", d)
	}
	if d := distance(all, regular); d < 1.63/math.Sqrt(n) {
		t.Errorf("distance %v from what regular keepalives give: the test tells nothing apart", d)
	}
	if got, want := 60*mean(all), 180-2775/(2*52.5); math.Abs(got-want) > 3*60*0.265/math.Sqrt(n) {
		t.Errorf("mean %v s, not %v", got, want)
	}
}

// tries gives when a speaker opened connections with a peer.
func tries(r *simtest.Recorder, of, with events.ActorID) []events.Time {
	var all []events.Time
	for _, l := range r.Of(of, events.Out) {
		if e, ok := l.Event.(events.TCP); ok && e.Flag == events.SYN && l.Peer == with {
			all = append(all, l.At)
		}
	}
	return all
}

// TestConnectRetryJitter: RFC 4271 section 10. Attempts that nobody answers come 90
// to 120 s apart, each time drawn anew, and the n-th of a speaker with a peer at the
// same instant whatever else there is. Once the way is free the session comes up with
// the next one at the latest: the SYN before it may be sent again earlier.
func TestConnectRetryJitter(t *testing.T) {
	build := func(seed uint64, more bool) *lab {
		l := newLab()
		l.seed = seed
		l.speaker("a")
		l.speaker("b")
		a, _ := l.link("a", "b")
		a.ConnectRetry = sim.Uniform(90*time.Second, 120*time.Second)
		if more {
			l.speaker("c")
			c, _ := l.link("a", "c")
			c.ConnectRetry, c.Jitter = a.ConnectRetry, true
		}
		l.at(0, func(t *sim.Turn) { t.Record(events.LinkState{Crossing: crossing("a", "b")}) })
		l.at(9500, func(t *sim.Turn) { t.Record(events.LinkState{Crossing: crossing("a", "b"), Up: true}) })
		return l
	}
	var all []float64
	for seed := range uint64(12) {
		r := build(seed, false).run(t, 10_000)
		at := tries(r, "a", "b")
		for i := range at[1:] {
			all = append(all, at[i+1].Sub(at[i]).Seconds())
		}
		toB := r.Select(func(l events.Line) bool {
			e, ok := l.Event.(events.SessionChanged)
			return ok && l.Actor == "a" && e.Is == events.Established
		})
		if len(toB) != 1 || toB[0].At < 9500e9 || toB[0].At > 9500e9+120e9+4*events.Time(apart) {
			t.Errorf("seed %d: established %v", seed, toB)
		}
		if with := tries(build(seed, true).quick(t, 10_000), "a", "b"); !slices.Equal(with, at) {
			t.Errorf("seed %d: beside another session at %v, alone at %v", seed, with, at)
		}
	}
	slices.Sort(all)
	n := float64(len(all))
	if n < 800 || all[0] < 90 || all[len(all)-1] > 120 {
		t.Fatalf("%v times from %v to %v s", n, all[0], all[len(all)-1])
	}
	if d := distance(all, func(x float64) float64 { return (x - 90) / 30 }); d > 1.63/math.Sqrt(n) {
		t.Errorf("distance %v from the uniform distribution", d)
	}
}
