package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

func watchAll(*Quantity) bool { return true }

// values makes an Ensemble of runs that measure one quantity.
func values(measure string, runs ...*int64) *Ensemble {
	e := &Ensemble{}
	for _, v := range runs {
		if err := e.Add([]Sample{{Quantity{"dies", "c", "two-way", measure}, v}}); err != nil {
			panic(err)
		}
	}
	return e
}

func repeat(n int, some ...*int64) (all []*int64) {
	for i := range n {
		all = append(all, some[i%len(some)])
	}
	return all
}

// The counts at which it is looked at are fixed, and a quarter apart.
func TestChecks(t *testing.T) {
	n, want := 0, []int{100, 125, 157, 197, 247, 309, 387, 484}
	for _, next := range want {
		for at := n; at < next; at++ {
			if got := NextCheck(at); got != next {
				t.Fatalf("after %d runs the next is after %d, not %d", at, got, next)
			}
		}
		n = next
	}
}

// What each kind of measure comes to: it ends where more runs tell no more.
func TestJudge(t *testing.T) {
	const sec = int64(1e9)
	zero, one, three := new(int64(0)), new(sec), new(3*sec)
	for name, c := range map[string]struct {
		measure string
		runs    []*int64
		is      Exactness
		says    string
	}{
		"always the same":             {"outage_ns", repeat(100, one), Reached, "outage of c two-way after dies"},
		"always 0":                    {"outage_ns", repeat(100, zero), Reached, ""},
		"the same, but too few":       {"outage_ns", repeat(99, one), Wide, ""},
		"half is 1 s, half is 3 s":    {"outage_ns", repeat(100, one, three), Wide, "outage of c two-way after dies: ±9.97 %"},
		"the same of 10,000":          {"outage_ns", repeat(10_000, one, three), Reached, ""},
		"0 but for one":               {"outage_ns", append(repeat(9_999, zero), one), Wide, ""},
		"never restored":              {"outage_ns", repeat(100, nil), Censored, "outage of c two-way after dies: not restored in 100 of 100"},
		"once not restored":           {"outage_ns", append(repeat(999, one), nil), Censored, "outage of c two-way after dies: not restored in 1 of 1000"},
		"never happened":              {"detection_ns", repeat(100, nil), Never, ""},
		"happened in half":            {"detection_ns", repeat(400, one, nil), Reached, ""},
		"happened in too few":         {"detection_ns", repeat(198, one, nil), Wide, ""},
		"happened once":               {"detection_ns", append(repeat(400, nil), one), Wide, ""},
		"one value has no half-width": {"outage_ns", repeat(1, one), Wide, ""},
	} {
		s := Stopping{Relative: 0.05, Watches: watchAll}
		all := s.Judge(values(c.measure, c.runs...))
		if len(all) != 1 || all[0].Is != c.is || Enough(all) != (c.is != Wide) || c.says != "" && all[0].String() != c.says {
			t.Errorf("%s: %v, not %v: %v", name, all[0].Is, c.is, all[0].String())
		}
	}
	if none := (&Stopping{Watches: watchAll}).Judge(&Ensemble{}); !Enough(none) {
		t.Error("nothing that is watched asks for nothing")
	}
	other := Stopping{Relative: 0.05, Watches: func(q *Quantity) bool { return q.Measure == "control_ns" }}
	if all := other.Judge(values("outage_ns", repeat(100, one, three)...)); len(all) != 0 {
		t.Errorf("%v is watched too", all)
	}
}

// stopped draws runs until a Stopping has enough, and tells whether the interval of
// the mean covers the true one, after how many.
func stopped(relative, truth float64, draw func() float64) (covers bool, n int) {
	s, e := Stopping{Relative: relative, Watches: watchAll}, &Ensemble{}
	of := &series{Quantity: Quantity{Measure: "outage_ns"}}
	e.series = []*series{of}
	for next := NextCheck(0); ; next = NextCheck(next) {
		for ; n < next; n++ {
			of.values = append(of.values, draw())
		}
		if Enough(s.Judge(e)) {
			m := mean(of.values)
			return *m.Low <= truth && truth <= *m.High, n
		}
	}
}

// TestStoppedIntervalCovers: who stops at the rule's checks gets an interval that
// covers the true mean in about 95 % of 1,000 repetitions, as one of a fixed number
// of runs does: within 2.1 %, three standard deviations of such a count. The
// distributions are those with a known mean that outages are made of: what is left
// of a hold time, U(120 s, 180 s]; an exponential repair; the sojourn in an M/M/1
// queue (ρ = 0.5, mean 1/(μ−λ)), of 100 customers a run from the stationary start; a
// fault that half of the runs notice at once.
func TestStoppedIntervalCovers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	hold := func() float64 { return 180 - 60*rng.Float64() }
	for _, c := range []struct {
		name            string
		relative, truth float64
		draw            func() float64
		least, most     float64 // of 1,000
	}{
		{"hold, 1 %", 0.01, 150, hold, 929, 971},
		{"hold, 5 %", 0.05, 150, hold, 929, 971},
		{"exponential, 5 %", 0.05, 1, rng.ExpFloat64, 929, 971},
		{"exponential, 10 %", 0.1, 1, rng.ExpFloat64, 929, 971},
		{"exponential, 20 %", 0.2, 1, rng.ExpFloat64, 915, 971}, // skewed, and few: 93.5 to 94.4 %
		{"M/M/1, 5 %", 0.05, 2, func() float64 { return sojourns(rng, 100) }, 929, 971},
		{"half at once, 5 %", 0.05, 76.25, func() float64 {
			if rng.Float64() < 0.5 {
				return 5 * rng.Float64()
			}
			return hold()
		}, 929, 971},
	} {
		covered, runs := 0., 0
		for range 1000 {
			covers, n := stopped(c.relative, c.truth, c.draw)
			if runs += n; covers {
				covered++
			}
		}
		t.Logf("%s: %.1f %%, %d runs on average", c.name, covered/10, runs/1000)
		if covered < c.least || covered > c.most {
			t.Errorf("%s: %v of 1,000 intervals cover", c.name, covered)
		}
	}
}

// sojourns gives the mean time in the system of some customers of a stationary M/M/1
// queue with μ = 1 and λ = 0.5 (Lindley's recursion; the first finds a stationary
// workload).
func sojourns(rng *rand.Rand, customers int) float64 {
	wait, sum := 0., 0.
	if rng.Float64() < 0.5 {
		wait = rng.ExpFloat64() * 2
	}
	for range customers {
		stay := wait + rng.ExpFloat64()
		sum += stay
		wait = math.Max(0, stay-rng.ExpFloat64()*2)
	}
	return sum / float64(customers)
}
