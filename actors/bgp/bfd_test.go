package bgp_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim/simtest"
)

// frrBFD is BFD as bfdd of FRR 8.4.4 does it, at 300 ms × 3.
func frrBFD() *bgp.BFD {
	b := bfd()
	b.Jitter, b.LateInit, b.DropsZero = true, true, true
	return b
}

// pair is two speakers, each with its BFD, under a seed.
func pair(seed uint64, ofA, ofB *bgp.BFD) *lab {
	l := watched(seed)
	l.peer("a", "b").BFD, l.peer("b", "a").BFD = ofA, ofB
	return l
}

// quick runs a lab without looking at the laws.
func (l *lab) quick(t *testing.T, seconds int) *simtest.Recorder {
	t.Helper()
	c, _ := l.config(events.Time(seconds) * 1e9)
	r, err := simtest.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bfdStates gives the transitions of a speaker's BFD session from a time on: when,
// to which state, and why.
func bfdStates(r *simtest.Recorder, of events.ActorID, since float64) (at []float64, what []string) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(events.BFDChanged); ok && l.At.Sub(0).Seconds() >= since {
			at = append(at, l.At.Sub(0).Seconds()-since)
			what = append(what, fmt.Sprint(e.Is, " (", e.Diag, ")"))
		}
	}
	return at, what
}

// detections runs many pairs whose way from a to b is cut, and gives after how many
// intervals of that length b finds out.
func detections(t *testing.T, n uint64, interval time.Duration, bfd func() *bgp.BFD) []float64 {
	t.Helper()
	var all []float64
	for seed := range n {
		l := pair(seed, bfd(), bfd())
		l.cut(100, "a", "b")
		at, why, _ := lost(l.quick(t, 110), "b")
		if why != "BFD down" {
			t.Fatalf("seed %d: %s", seed, why)
		}
		all = append(all, (at-100*time.Second).Seconds()/interval.Seconds())
	}
	slices.Sort(all)
	return all
}

// distance is the Kolmogorov-Smirnov distance of sorted samples from a distribution.
func distance(samples []float64, cdf func(float64) float64) float64 {
	worst, n := 0.0, float64(len(samples))
	for i, x := range samples {
		worst = max(worst, cdf(x)-float64(i)/n, float64(i+1)/n-cdf(x))
	}
	return worst
}

func mean(samples []float64) float64 {
	sum := 0.0
	for _, x := range samples {
		sum += x
	}
	return sum / float64(len(samples))
}

// regular is the distribution of detection times with packets at equal intervals, of
// which it is the unit, at multiplier 3: uniform.
func regular(d float64) float64 { return min(max(d-2, 0), 1) }

// jittered is that with intervals uniform on [0.75, 1]: the age of the last packet has
// the density P(X > age) / E(X), so the distribution of what is left of 3 is known by
// hand.
func jittered(d float64) float64 {
	age := min(max(3-d, 0), 1)
	area := min(age, 0.75)
	if age > 0.75 {
		area += ((1-0.75)*(1-0.75) - (1-age)*(1-age)) / (2 * 0.25)
	}
	return 1 - area/0.875
}

// TestBFDDetection: RFC 5880's jitter, for three settings; the mean is
// 3 - E(X²)/2E(X) = 2.5595 intervals: 767.9 ms at 300 ms. Case BFD-S has none.
func TestBFDDetection(t *testing.T) {
	const n, want, sd = 600, 3 - 0.7708333/1.75, 0.265
	for _, ms := range []time.Duration{50, 300, 1000} {
		interval := ms * time.Millisecond
		all := detections(t, n, interval, func() *bgp.BFD {
			return &bgp.BFD{DesiredMinTx: interval, RequiredMinRx: interval, Multiplier: 3, Jitter: true}
		})
		if all[0] <= 2 || all[n-1] > 3 {
			t.Errorf("%v: from %v to %v intervals", interval, all[0], all[n-1])
		}
		if d := distance(all, jittered); d > 1.63/math.Sqrt(n) {
			t.Errorf("%v: distance %v", interval, d)
		}
		if got := mean(all); math.Abs(got-want) > 3*sd/math.Sqrt(n) {
			t.Errorf("%v: mean %v, not %v", interval, got, want)
		}
	}
}

// TestBFDDetectionOfFRR: what FRR 8.4.4 was seen to take at 300 ms × 3, in ms, its
// process included (up to 25 ms), over cuts and deaths, is a sample of what the model
// says, and not of equal intervals alone.
func TestBFDDetectionOfFRR(t *testing.T) {
	recorded := []float64{
		633.7, 863.2, 735.4, 795.7, 677.7, // one direction cut
		682.9, 765.8, 717.4, 676.2, // both, a link
		648.8, 829.1, 905.4, 701.7, 830.0, 832.7, // a machine dies, or stands still
	}
	slices.Sort(recorded)
	for i, ms := range recorded {
		if ms <= 600 || ms > 925 {
			t.Errorf("%v ms", ms)
		}
		recorded[i] = ms / 300
	}
	if d, most := distance(recorded, jittered), 1.63/math.Sqrt(float64(len(recorded))); d > most {
		t.Errorf("distance %v of at most %v", d, most)
	}
}

// TestOneWayCutWithBFD: the way from a to b is cut. b finds out and says so, by BFD
// and by BGP. By the RFC a believes the first. FRR drops that packet, as b does not
// know a's discriminator any more; its NOTIFICATION arrives, unless a keepalive of b
// went unacknowledged for 200 ms before. Then a finds out by itself, when the packets
// that it accepts stop: 600 to 900 ms later. (Of five cuts of FRR 8.4.4 with hold
// 9 s, keepalive 3 s four were told at once, and one after 869.5 ms.)
func TestOneWayCutWithBFD(t *testing.T) {
	const n = 300
	for _, frr := range []bool{false, true} {
		late := 0
		for seed := range uint64(n) {
			l := pair(seed, bfd(), bfd())
			if frr {
				l = pair(seed, frrBFD(), frrBFD())
			}
			for _, p := range l.peers { // order-free: each on its own
				p.Hold, p.Keepalive = 9*time.Second, 3*time.Second
			}
			at := 100 + 3*float64(seed)/n
			l.cut(at, "a", "b")
			r := l.quick(t, 110)
			atB, whyB, _ := lost(r, "b")
			atA, whyA, _ := lost(r, "a")
			d := (atB - time.Duration(at*1e9)).Seconds()
			if whyB != "BFD down" || d <= 0.599 || d > 0.901 {
				t.Fatalf("seed %d: b: %s after %v s", seed, whyB, d)
			}
			switch gap := atA - atB; {
			case !frr:
				if gap != apart || whyA != "BFD down: neighbor signaled session down" {
					t.Errorf("seed %d: a: %s after %v", seed, whyA, gap)
				}
			case gap == apart && whyA == "NOTIFICATION 6/10 BFD Down received":
			case gap > 600*time.Millisecond && gap <= 900*time.Millisecond+apart && whyA == "BFD down":
				late++
			default:
				t.Errorf("seed %d: a: %s after %v", seed, whyA, gap)
			}
		}
		// A keepalive every 3 s is in the way if it is sent up to 768 - 200 ms after the cut.
		share := 0.568 / 3
		if got := float64(late) / n; frr && math.Abs(got-share) > 3*math.Sqrt(share*(1-share)/n) {
			t.Errorf("%d of %d are told late", late, n)
		}
	}
}

// TestBFDSettings: each end has its own; how long one waits depends on both (RFC 5880
// section 6.8.4), and on the sender's multiplier.
func TestBFDSettings(t *testing.T) {
	const ms = time.Millisecond
	ofA := bgp.BFD{DesiredMinTx: 100 * ms, RequiredMinRx: 400 * ms, Multiplier: 5}
	ofB := bgp.BFD{DesiredMinTx: 200 * ms, RequiredMinRx: 300 * ms, Multiplier: 1, Jitter: true}
	for _, c := range []struct {
		hears, of   events.ActorID
		least, most time.Duration
	}{
		{"b", "a", 1200 * ms, 1500 * ms}, // 5 x max(300, 100)
		{"a", "b", 40 * ms, 400 * ms},    // 1 x max(400, 200); intervals of at most 90 % of that
	} {
		least, most := time.Hour, time.Duration(0)
		for seed := range uint64(200) {
			a, b := ofA, ofB
			l := pair(seed, &a, &b)
			l.cut(100, c.of, c.hears)
			at, why, _ := lost(l.quick(t, 110), c.hears)
			if why != "BFD down" {
				t.Fatal(why)
			}
			least, most = min(least, at-100*time.Second), max(most, at-100*time.Second)
		}
		if room := (c.most - c.least) / 20; least <= c.least || most > c.most || least > c.least+room || most < c.most-room {
			t.Errorf("%s waits %v to %v, not %v to %v", c.hears, least, most, c.least, c.most)
		}
	}
}

// TestBFDComesUp: at the start, and when a way is whole again, each packet of the
// handshake answers one of the other end, but for the first, which comes within the
// second between two packets of a session that is not up (RFC 5880 section 6.8.3).
// That of BGP does not wait for it.
func TestBFDComesUp(t *testing.T) {
	first := false // one end of a session is up first: either
	for seed := range uint64(30) {
		l := watched(seed)
		l.cut(100, "a", "b")
		l.heal(110, "a", "b")
		r := l.run(t, 200)
		for _, since := range []float64{0, 110} {
			for _, id := range []events.ActorID{"a", "b"} {
				at, what := bfdStates(r, id, since)
				if n := len(at); n < 1 || n > 5 || (since == 110 || n > 2) && what[n-1] != "Up (no diagnostic)" {
					t.Fatalf("seed %d, from %v: %s goes to %q at %v", seed, since, id, what, at)
				}
				up := slices.Index(what, "Up (no diagnostic)")
				if up > 1 || at[up] > 1.04 {
					t.Errorf("seed %d, from %v: %s goes to %q at %v", seed, since, id, what, at)
				}
				first = first || up == 0
			}
		}
		want := []string{"Down (neighbor signaled session down)", "Up (no diagnostic)"}
		if _, what := bfdStates(r, "a", 100); !slices.Equal(what, want) && !slices.Equal(what, slices.Insert(slices.Clone(want), 1, "Init (no diagnostic)")) {
			t.Errorf("seed %d: a goes to %q", seed, what)
		}
	}
	if !first {
		t.Error("nobody goes to Up at once")
	}
}

// TestBFDAlone: a peer without BFD never answers. Three packets say so; the session
// of BGP lives.
func TestBFDAlone(t *testing.T) {
	l := pair(1, bfd(), nil)
	r := l.run(t, 5000)
	sent := r.Select(func(l events.Line) bool { return l.Role == events.Out && l.Event.Kind() == events.KindBFD })
	if at, why, _ := lost(r, "a"); len(sent) != 3 || why != "" {
		t.Errorf("%d packets; %s at %v", len(sent), why, at)
	}
}

// TestBFDIdleCostsNothing: no line is written once it is up.
func TestBFDIdleCostsNothing(t *testing.T) {
	late := watched(1).run(t, 100_000).Select(func(l events.Line) bool { return l.At > 10e9 })
	if len(late) != 0 {
		t.Errorf("%v", late)
	}
}

// TestBFDOfAnotherIncarnation: b's machine is back before a found out. What b begins
// anew ends a's session at once, or where a drops such packets when its time is over.
func TestBFDOfAnotherIncarnation(t *testing.T) {
	for _, frr := range []bool{false, true} {
		for seed := range uint64(20) {
			_, r := sameStory(t, 150, func() *lab {
				l := watched(seed)
				if frr {
					l = pair(seed, frrBFD(), frrBFD())
				}
				l.peer("a", "b").Passive, l.peer("b", "a").Passive = false, true
				l.die(100, "b")
				l.restart(100.2, "b")
				return l
			})
			at, why, _ := lost(r, "a")
			if why != "BFD down" && (frr || why != "BFD down: neighbor signaled session down") || at > 100_910*time.Millisecond {
				t.Errorf("seed %d: %s at %v", seed, why, at)
			}
			for _, id := range []events.ActorID{"a", "b"} {
				if _, what := bfdStates(r, id, 100); len(what) == 0 || what[len(what)-1] != "Up (no diagnostic)" {
					t.Errorf("seed %d, FRR %t: %s ends with %q", seed, frr, id, what)
				}
			}
		}
	}
}
