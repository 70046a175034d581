package main

import (
	"context"
	"fmt"
	"math"
	"testing"

	"dualhome/metrics"
)

// drilled plays a drill of a scenario of the library.
func drilled(t *testing.T, design, drill string, seed uint64) *metrics.Result {
	t.Helper()
	s, err := (&shell{quiet: true}).load(design, nil)
	if err == nil {
		s, err = s.Drill(drill)
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(context.Background(), s, &runFlags{seed: seed, bus: "memory"})
	if err != nil || len(r.measured.Violations) > 0 {
		t.Fatal(err, r.measured.Violations)
	}
	return r.measured
}

// episodeOf gives what a class lost to all causes.
func episodeOf(t *testing.T, m *metrics.Result, class, direction string) metrics.Episode {
	t.Helper()
	for _, e := range m.Episodes {
		if e.Class == class && e.Direction == direction && e.Cause == "" {
			return e
		}
	}
	t.Fatalf("no episode of %s %s", class, direction)
	return metrics.Episode{}
}

// span is what a drill must lose for, in seconds, and how much of the flows is lost at
// the worst. Zero: nothing is lost.
type span struct{ least, most, share float64 }

// TestDrills: what each drill costs in each design, from what is known of the timers.
// Silence is noticed by the hold timer, 120 s to 180 s after it began (the last
// keepalive was up to 60 s old) and the way of a message; a goodbye at once. Then the
// NICs are programmed, 0.9 s to 5.6 s later. What finds no other way waits for the
// repair, after 300 s: the restarted process opens its sessions within seconds; a
// tunnel that was cut has to wait for the next SYN, up to 102.4 s after the one before
// it. Of flows over two hubs one half is lost, of service three quarters where the two
// directions are hashed on their own.
func TestDrills(t *testing.T) {
	nothing := span{}
	silent := func(share float64) span { return span{120.9, 185.7, share} }
	goodbye := func(share float64) span { return span{0.9, 5.7, share} }
	repaired := span{300, 308, 1}        // and the sessions of a process that starts again
	tunneled := span{300, 408, 1}        // and a connection through what was cut
	until := span{300, 300, 1}           // and nothing else: static routes
	half := span{300, 300, 0.5}          // that of the hub that is cut off
	type designs [3]span                 // active-active, active-passive, single-hub
	const uninspectedFrom = "single-hub" // it has no NVA left, but a way to the Internet
	for _, c := range []struct {
		drill, class string
		expected     designs
		past         bool // VMs of single-hub reach the Internet past all NVAs
	}{
		{"silent-death", "spoke-dc", designs{silent(0.75), silent(1), repaired}, false},
		{"silent-death", "spoke-internet", designs{silent(0.5), silent(1), silent(1)}, true},
		{"graceful-stop", "spoke-dc", designs{goodbye(0.5), goodbye(1), repaired}, false},
		{"graceful-stop", "spoke-internet", designs{nothing, nothing, nothing}, true}, // the host forwards on
		{"session-loss", "spoke-dc", designs{nothing, nothing, repaired}, false},      // nva1 forwards until nobody sends
		{"session-loss", "spoke-internet", designs{nothing, nothing, nothing}, true},
		{"upstream-loss", "spoke-dc", designs{silent(0.75), silent(1), tunneled}, false},
		{"upstream-loss", "spoke-internet", designs{half, until, until}, false}, // the default route is static
		{"hub-loss", "spoke-dc", designs{silent(0.75), silent(1), repaired}, false},
		{"hub-loss", "spoke-internet", designs{silent(0.5), silent(1), silent(1)}, true},
	} {
		t.Run(c.drill+" "+c.class, func(t *testing.T) {
			for seed := uint64(1); seed <= 10; seed++ {
				var lasts [3]int64
				for i, design := range []string{"active-active", "active-passive", "single-hub"} {
					m := drilled(t, design, c.drill, seed)
					e := episodeOf(t, m, c.class, "two-way")
					what := fmt.Sprintf("%s, seed %d", design, seed)
					checkSpan(t, what, e, c.expected[i])
					past := episodeOf(t, m, c.class, "forward").Uninspected > 0
					if want := c.past && design == uninspectedFrom; !m.Converged || !e.Restored || past != want {
						t.Errorf("%s: converged %v, restored %v, past all NVAs %v", what, m.Converged, e.Restored, past)
					}
					lasts[i] = e.Outage
				}
				if lasts[0] != lasts[1] { // the same luck: the flows that are left notice at the same instant
					t.Errorf("seed %d: active-active loses for %d ns, active-passive for %d", seed, lasts[0], lasts[1])
				}
			}
		})
	}
}

// checkSpan compares what was lost with what should be; of 1,000 flows that are hashed
// the share is within four standard deviations, and programming comes to the two groups
// of NICs at different times.
func checkSpan(t *testing.T, what string, e metrics.Episode, want span) {
	t.Helper()
	s := float64(e.Outage) / 1e9
	if want == (span{}) {
		if e.Outage != 0 || e.LostBytes != 0 || e.Outlasted {
			t.Errorf("%s: lost for %.3f s", what, s)
		}
		return
	}
	if s < want.least || s > want.most || e.Outlasted != (want.least >= 300) {
		t.Errorf("%s: lost for %.3f s, not %.1f to %.1f s; outlasts the fault: %v", what, s, want.least, want.most, e.Outlasted)
	}
	equivalent := float64(e.Equivalent) / 1e9
	most := want.share*s + 4*math.Sqrt(want.share*(1-want.share)/1000)*s
	least := (want.share - 4*math.Sqrt(want.share*(1-want.share)/1000)) * (s - 4.8)
	if equivalent > most+1e-9 || equivalent < least {
		t.Errorf("%s: %.3f s of full outage, not %.3f to %.3f s", what, equivalent, least, most)
	}
}

// TestEpisodesByHand: what a class loses from a drill on is what the steps of
// traffic.arrow add up to: those of the fault and those of its repair.
func TestEpisodesByHand(t *testing.T) {
	lossy := 0
	for _, design := range []string{"active-active", "active-passive", "single-hub", "expressroute-active-active"} {
		for _, drill := range []string{"silent-death", "graceful-stop", "session-loss", "upstream-loss", "hub-loss"} {
			m := drilled(t, design, drill, 3)
			for _, class := range []string{"spoke-dc", "spoke-internet"} {
				both := episodeOf(t, m, class, "two-way")
				for _, direction := range []string{"forward", "return"} {
					got, want := episodeOf(t, m, class, direction), byHand(m, class, direction)
					if got.Outage != want.Outage || math.Abs(float64(got.LostBytes-want.LostBytes)) > 2 || got.Uninspected != want.Uninspected {
						t.Errorf("%s, %s, %s %s: %+v\nby hand %+v", design, drill, class, direction, got, want)
					}
					if both.Outage < got.Outage || both.Equivalent < got.Equivalent {
						t.Errorf("%s, %s, %s: %s loses for %d ns, either direction for %d", design, drill, class, direction, got.Outage, both.Outage)
					}
					if got.Outage > 0 {
						lossy++
					}
				}
			}
		}
	}
	if lossy < 40 {
		t.Errorf("only %d episodes lose anything", lossy)
	}
}

// byHand adds up the steps of a class and direction from the first disturbance on.
func byHand(m *metrics.Result, class, direction string) (e metrics.Episode) {
	steps := map[int64]*[2]int64{} // lost, and delivered uninspected, by time
	var times []int64
	for _, r := range m.Traffic {
		if r.Class != class || r.Direction != direction {
			continue
		}
		if steps[r.T] == nil {
			steps[r.T], times = &[2]int64{}, append(times, r.T)
		}
		steps[r.T][0] += r.Lost
		if !r.Inspected {
			steps[r.T][1] += r.Delivered
		}
	}
	bitNanoseconds := 0.0
	for i, at := range times {
		end := int64(m.Horizon)
		if i+1 < len(times) {
			end = times[i+1]
		}
		ns := end - max(at, m.Convergence[0].T)
		if ns <= 0 {
			continue
		}
		if steps[at][0] > 0 {
			e.Outage += ns
			bitNanoseconds += float64(steps[at][0]) * float64(ns)
		}
		if steps[at][1] > 0 {
			e.Uninspected += ns
		}
	}
	e.LostBytes = int64(bitNanoseconds / 8e9)
	return e
}

// TestCommonRandomNumbers: with the same seeds the difference of two designs has a
// variance many times smaller than with seeds of their own, and its mean is the same.
func TestCommonRandomNumbers(t *testing.T) {
	const runs = 20
	record := func(design string, first uint64) *metrics.Record {
		var r metrics.Record
		for seed := range uint64(runs) {
			if err := r.Add(drilled(t, design, "silent-death", first+seed).Readings()); err != nil {
				t.Fatal(err)
			}
		}
		return &r
	}
	same, first, other := record("active-active", 1), record("active-passive", 1), record("active-passive", 1001)
	f := metrics.Figure{Quantity: metrics.Quantity{Disturbance: "silent-death", Class: "spoke-dc", Direction: "two-way", Measure: "equivalent_ns"}}
	common, independent := metrics.Pair(same, first, f).Difference, metrics.Pair(same, other, f).Difference
	ratio := math.Pow(halfOf(independent)/halfOf(common), 2)
	t.Logf("%.1f ± %.1f s with common seeds, %.1f ± %.1f s with others: the variance is %.0f times as large",
		*common.Value/1e9, halfOf(common)/1e9, *independent.Value/1e9, halfOf(independent)/1e9, ratio)
	if ratio < 4 || *common.Low <= 0 {
		t.Error("common random numbers do not pay")
	}
}
