package actors_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// detection replays a recording of how long it takes until a fault is found out,
// under many seeds and with faults at random times, as it was made. What holds at
// the end of each step is compared in all of them, the times as distributions.
func detection(t *testing.T, rec *recording) {
	t.Helper()
	const seeds = 40
	var first, behind, until []float64
	for seed := range uint64(seeds) {
		rec.sleep(seed)
		p := replay(t, rec, seed)
		for i, step := range rec.Expect {
			if strings.HasPrefix(step.Step, "fault") {
				d := p.doings(events.Time(rec.at(i)), events.Time(rec.at(i+1)), nil)
				first = append(first, d.timing["first_down_ms"])
				behind = append(behind, d.timing["last_down_ms"]-d.timing["first_down_ms"])
				until = append(until, d.timing["last_fib_ms"]-d.timing["last_down_ms"])
			}
		}
	}
	rec.compareDetection(t, first, behind)
	for _, ms := range until { // clear_delay, decision_delay and install_delay of the profile
		if ms < 60-25 || ms > 75+25 {
			t.Errorf("%.1f ms from the end of the session to the FIB, recorded were 60 to 75", ms)
		}
	}
}

// sleep draws how long the faults wait, as the recording says.
func (r *recording) sleep(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	r.slept = map[int]time.Duration{}
	for i, step := range r.Expect {
		for _, do := range step.Do {
			if do.Op == "sleep" {
				r.slept[i] = time.Duration((do.Uniform[0] + rng.Float64()*(do.Uniform[1]-do.Uniform[0])) * float64(time.Second))
			}
		}
	}
}

// compareDetection compares the times until the first end lost the session, and
// from then on to the other.
func (r *recording) compareDetection(t *testing.T, first, behind []float64) {
	t.Helper()
	var recorded []float64
	for _, step := range r.Expect {
		if strings.HasPrefix(step.Step, "fault") {
			recorded = append(recorded, step.Timing["first_down_ms"])
		}
	}
	low, high := 1000*float64(r.Defaults.Hold-r.Defaults.Keepalive), 1000*float64(r.Defaults.Hold)
	together := 1.0 // of the runs in which both ends find out within 25 ms
	if r.Defaults.BFD {
		low, high, together = 600, 900, 0.5
	}
	for what, all := range map[string][]float64{"": first, "recorded: ": recorded} { // order-free: each on its own
		if slices.Min(all) < low-1 || slices.Max(all) > high+25 {
			t.Errorf("%sfound out after %.1f to %.1f ms, want %v to %v", what, slices.Min(all), slices.Max(all), low, high)
		}
	}
	if !r.Defaults.BFD {
		uniformly(t, first, low, high)
	}
	alike(t, first, recorded)
	n := 0
	for _, ms := range behind {
		if ms <= 25 {
			n++
		}
		if ms > 1000*float64(r.Defaults.Keepalive)+25 {
			t.Errorf("the other end found out %.1f ms later", ms)
		}
	}
	if share := float64(n) / float64(len(behind)); share < together {
		t.Errorf("both ends found out together in %.0f %% of the runs", 100*share)
	}
}

// uniformly tests that times are uniform, at 1 % (Kolmogorov-Smirnov).
func uniformly(t *testing.T, all []float64, low, high float64) {
	t.Helper()
	slices.Sort(all)
	d := 0.0
	for i, x := range all {
		f := (x - low) / (high - low)
		d = max(d, math.Abs(f-float64(i)/float64(len(all))), math.Abs(f-float64(i+1)/float64(len(all))))
	}
	if limit := 1.63 / math.Sqrt(float64(len(all))); d > limit {
		t.Errorf("not uniform on %v to %v: D is %.3f, over %.3f", low, high, d, limit)
	}
}

// alike tests that two samples are of one distribution, at 1 %.
func alike(t *testing.T, a, b []float64) {
	t.Helper()
	below := func(all []float64, x float64) float64 {
		n := 0
		for _, y := range all {
			if y <= x {
				n++
			}
		}
		return float64(n) / float64(len(all))
	}
	d := 0.0
	for _, x := range slices.Concat(a, b) {
		d = max(d, math.Abs(below(a, x)-below(b, x)))
	}
	if limit := 1.63 * math.Sqrt(1/float64(len(a))+1/float64(len(b))); d > limit {
		t.Errorf("not as recorded: D is %.3f, over %.3f\n%s", d, limit, fmt.Sprint(b))
	}
}
