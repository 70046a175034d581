package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// gridOf gives a study of a whole grid of axes with so many values each, 0, 1, 2 ...
func gridOf(seeds int, sizes ...int) *Study {
	s := &Study{Seeds: seeds, Points: [][]int{{}}}
	for i, size := range sizes {
		a := Axis{Name: string(rune('a' + i))}
		var more [][]int
		for _, p := range s.Points {
			for v := range size {
				more = append(more, append(slices.Clip(p), v))
			}
		}
		for v := range size {
			a.Values, a.Numbers = append(a.Values, fmt.Sprint(v)), append(a.Numbers, float64(v))
		}
		s.Axes, s.Points = append(s.Axes, a), more
	}
	return s
}

// fill makes the runs of a study: two-way outages, of which those below 0 last, and
// none where there is no figure.
func fill(t testing.TB, s *Study, outage func(levels []int, seed int) (ns int64, ok bool)) {
	t.Helper()
	for p, levels := range s.Points {
		for seed := range s.Seeds {
			run := Run{Run: int64(p*s.Seeds + seed), Point: int64(p), Status: "complete", Lasts: new(false)}
			if ns, ok := outage(levels, seed); ok && ns < 0 {
				run.Lasts = new(true)
			} else if ok {
				run.TwoWay = &ns
			}
			if err := s.Add(&run); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// rowsOf gives the rows of a statistic by parameter.
func rowsOf(t testing.TB, s *Study, statistic string) map[string]SensitivityRow {
	t.Helper()
	all := map[string]SensitivityRow{}
	for _, r := range s.Sensitivity() {
		if r.Statistic == statistic && r.Measure == "outage_two_way_ns" {
			all[r.Parameter] = r
		}
	}
	return all
}

// noises gives a random number for each point and seed.
func noises(seed uint64) func(levels []int, run int) float64 {
	return func(levels []int, run int) float64 {
		key := uint64(run)
		for _, l := range levels {
			key = key*1000 + uint64(l+1)
		}
		return rand.New(rand.NewPCG(seed, key)).Float64()
	}
}

func isAbout(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > tolerance {
		if got == nil {
			got = new(math.NaN())
		}
		t.Errorf("%s is %v, not %v within %v", what, *got, want, tolerance)
	}
}

// What parameters add up to is found exactly: ranges, ends, order and shares. One that
// does nothing is said to do nothing.
func TestAdditiveEffects(t *testing.T) {
	s := gridOf(30, 4, 3, 2)
	fill(t, s, func(l []int, seed int) (int64, bool) { return int64(100 + 10*l[0] - 3*l[1] + seed), true })
	for _, statistic := range []string{"p95", "mean"} {
		rows := rowsOf(t, s, statistic)
		for _, want := range []struct {
			name            string
			rank            int64
			effect, share   float64
			distinct        bool
			lowest, highest string
		}{
			{"a", 1, 30, 125. / 131, true, "0", "3"}, // variances of 0, 10, 20, 30 and of 0, 3, 6
			{"b", 2, 6, 6. / 131, true, "2", "0"},
			{"c", 3, 0, 0, false, "0", "0"},
		} {
			r := rows[want.name]
			if r.Rank != want.rank || r.Distinct != want.distinct || r.LowestAt != want.lowest || r.HighestAt != want.highest || r.Test != "seeds" || r.Points != 24 {
				t.Errorf("%s: %+v", statistic, r)
			}
			isAbout(t, statistic+" effect of "+want.name, r.Effect, want.effect, 1e-9)
			if statistic == "p95" && r.EffectLow != nil {
				t.Errorf("so few runs do not bound a percentile: %+v", r)
			}
			if statistic == "mean" {
				isAbout(t, "its low end", r.EffectLow, want.effect, 1e-9) // the same luck everywhere
			}
			isAbout(t, "its share", r.Share, want.share, 1e-6)
			isAbout(t, "its effect less its ends", r.Effect, *r.Highest-*r.Lowest, 1e-9)
		}
		isAbout(t, "the highest", rows["a"].Highest, map[string]float64{"p95": 155, "mean": 141.5}[statistic], 1e-9) // 130 - 3 + 28, + 14.5
	}
}

// Points that are missing do not move effects: those of a parameter are told from what
// is more often with its values.
func TestMissingPoints(t *testing.T) {
	whole := gridOf(12, 4, 3)
	var some [][]int
	for _, p := range whole.Points {
		if p[0]+p[1] < 4 && (p[0] != 0 || p[1] != 1) {
			some = append(some, p)
		}
	}
	if len(some) != 8 {
		t.Fatal(len(some))
	}
	whole.Points = append(some, []int{-1, 2}, []int{3, -1}) // two more, of which the second mixes with nothing else
	fill(t, whole, func(l []int, seed int) (int64, bool) {
		own := map[int]int{-1: 7}
		return int64(1000 + 10*(l[0]+own[l[0]]) - 4*(l[1]+own[l[1]]) + seed), true
	})
	rows := rowsOf(t, whole, "mean")
	isAbout(t, "a", rows["a"].Effect, 60, 1e-6) // from 0 to 6, what the scenario has
	isAbout(t, "b", rows["b"].Effect, 24, 1e-6)
	if rows["a"].HighestAt != ownValue || rows["a"].Rank != 1 || !rows["a"].Distinct {
		t.Errorf("%+v", rows["a"])
	}
}

// What always comes together is not told apart; the points that cause that are put
// aside where they leave axes out.
func TestWhatComesTogether(t *testing.T) {
	s := gridOf(8, 2, 2)
	s.Axes[0].Values = append(s.Axes[0].Values, "2")
	s.Axes[0].Numbers = append(s.Axes[0].Numbers, 2)
	s.Points = append(s.Points, []int{2, -1})
	fill(t, s, func(l []int, seed int) (int64, bool) { return int64(500 + 100*l[0] + 7*l[1] + seed), true })
	rows := rowsOf(t, s, "mean")
	isAbout(t, "a", rows["a"].Effect, 100, 1e-9)
	isAbout(t, "b", rows["b"].Effect, 7, 1e-9)
	if rows["a"].Points != 4 {
		t.Errorf("%+v", rows["a"])
	}

	s = gridOf(8, 3, 3)
	s.Points = [][]int{{0, 0}, {1, 1}, {2, 2}}
	fill(t, s, func(l []int, seed int) (int64, bool) { return int64(100*l[0] + seed), true })
	for _, r := range rowsOf(t, s, "mean") {
		if r.Effect != nil || r.Distinct || r.Share != nil || r.HighestAt != "" || r.P != nil {
			t.Errorf("%+v", r)
		}
	}
}

// Where a parameter does nothing, it is called distinguishable in 5 % of sweeps at
// most; the range of its means is above zero in all.
func TestNothingIsNothing(t *testing.T) {
	const sweeps = 100
	false5 := map[string]int{}
	for n := range sweeps {
		s, noise := gridOf(20, 4, 2), noises(uint64(n))
		fill(t, s, func(l []int, seed int) (int64, bool) { return int64(1e6 * math.Pow(noise(l, seed), 3)), true })
		for _, statistic := range []string{"p95", "mean"} {
			for _, r := range rowsOf(t, s, statistic) {
				if *r.Effect == 0 {
					t.Errorf("%+v", r)
				}
				if r.Distinct {
					false5[statistic]++
				}
			}
		}
	}
	t.Log(false5)
	for statistic, n := range false5 { // of two parameters together 5 %; three standard deviations
		if limit := 0.05*sweeps + 3*math.Sqrt(0.05*0.95*sweeps); float64(n) > limit {
			t.Errorf("%s: %d of %d sweeps find what is not there", statistic, n, sweeps)
		}
	}
}

// Nor of sweeps that were interrupted, where one of the points has few runs: its figure
// is no better known for the runs of the others.
func TestNothingOfFewRuns(t *testing.T) {
	const sweeps = 200
	found := map[string]int{}
	for n := range sweeps {
		s, noise := gridOf(120, 3), noises(uint64(n))
		fill(t, s, func(l []int, seed int) (int64, bool) { return int64(1e6 * noise(l, seed)), l[0] < 2 || seed < 10 })
		for _, statistic := range []string{"p95", "mean"} {
			a := rowsOf(t, s, statistic)["a"]
			if a.Distinct {
				found[statistic]++
			}
			if bounded := a.EffectLow != nil; bounded != (statistic == "mean") {
				t.Errorf("ten runs do not bound a percentile, but do a mean: %s %+v", statistic, a)
			}
		}
	}
	t.Log(found)
	for statistic, n := range found {
		if limit := 0.05*sweeps + 3*math.Sqrt(0.05*0.95*sweeps); float64(n) > limit {
			t.Errorf("%s: %d of %d sweeps find what is not there", statistic, n, sweeps)
		}
	}
}

// The interval of an effect holds the true one in about 95 % of sweeps.
func TestEffectIntervalCovers(t *testing.T) {
	const sweeps = 400
	held := 0
	for n := range sweeps {
		s, noise := gridOf(60, 3), noises(uint64(1000+n))
		fill(t, s, func(l []int, seed int) (int64, bool) {
			return int64(1e6 * (float64(2*l[0]) + noise(l, seed))), true
		})
		r := rowsOf(t, s, "mean")["a"]
		if !r.Distinct || r.HighestAt != "2" {
			t.Fatalf("%+v", r)
		}
		if *r.EffectLow <= 4e6 && 4e6 <= *r.EffectHigh {
			held++
		}
	}
	if part := float64(held) / sweeps; part < 0.915 || part > 0.98 {
		t.Errorf("%.1f %% of the intervals hold it", 100*part)
	}
}

// Losses that last are higher than all others, and no number.
func TestLossesThatLast(t *testing.T) {
	s := gridOf(20, 3, 2)
	fill(t, s, func(l []int, seed int) (int64, bool) {
		if l[0] == 2 && seed%4 == 0 {
			return -1, true
		}
		return int64(100 + 10*l[0] + seed), true
	})
	rows := rowsOf(t, s, "p95")
	a, b := rows["a"], rows["b"]
	if a.Rank != 1 || !a.Distinct || a.Effect != nil || a.Highest != nil || a.HighestAt != "2" || a.LowestAt != "0" || a.Beyond != 2 || !a.Ranked || a.Chance != nil {
		t.Errorf("%+v", a)
	}
	isAbout(t, "the lowest", a.Lowest, 118, 1e-9)
	if sum := s.Summary("outage_two_way_ns", 4); sum.N != 15 || sum.Nulls != 5 || sum.Mean.Value != nil {
		t.Errorf("%+v", sum) // a mean of those that ended would be too low
	}
	if b.Distinct || b.Effect != nil || b.Rank != 2 {
		t.Errorf("%+v", b)
	}

	// In so few runs that the percentile is bounded.
	s = gridOf(40, 3, 2)
	fill(t, s, func(l []int, seed int) (int64, bool) {
		if l[0] == 2 && seed == 0 {
			return -1, true
		}
		return int64(100 + 50*l[0] + seed), true
	})
	a = rowsOf(t, s, "p95")["a"]
	if a.Beyond != 0 || !a.Ranked || !a.Distinct {
		t.Errorf("%+v", a)
	}
	isAbout(t, "the effect", a.Effect, 101, 1e-9) // 237 is the third highest of 40 with the one, 236 without
	if a = rowsOf(t, s, "mean")["a"]; a.Beyond != 2 || a.Effect != nil || !a.Distinct {
		t.Errorf("%+v", a)
	}
}

// Few values that many runs share, figures that are missing, and points without any.
func TestTiesAndGaps(t *testing.T) {
	s, noise := gridOf(40, 3, 2), noises(5)
	fill(t, s, func(l []int, seed int) (int64, bool) {
		if l[0] == 1 && l[1] == 0 || noise(l, seed) < 0.1 {
			return 0, false
		}
		if noise(l, seed) < 0.15+0.3*float64(l[0]) {
			return 9, true
		}
		return 5, true
	})
	rows := rowsOf(t, s, "mean")
	if rows["a"].Points != 5 || rows["a"].Rank != 1 || !rows["a"].Distinct || rows["b"].Distinct {
		t.Errorf("%+v", rows)
	}
	sum := s.Summary("outage_two_way_ns", 2) // nothing was lost there, so that nothing lasts
	if sum.N != 0 || sum.Nulls != 0 || sum.Mean.Value != nil {
		t.Errorf("%+v", sum)
	}
}

// The first-order indices of the Ishigami function are known (Ishigami and Homma, 1990;
// Saltelli et al., 2008): 0.3139, 0.4424 and 0, although the third moves it together
// with the first.
func TestIshigami(t *testing.T) {
	const n = 1 << 13
	s := &Study{Seeds: 1}
	random := rand.New(rand.NewPCG(1, 1))
	for range 4 {
		s.Axes = append(s.Axes, Axis{Name: fmt.Sprint("x", 1+len(s.Axes))})
	}
	for p := range n {
		var levels []int
		for i := range s.Axes {
			x := math.Pi * (2*random.Float64() - 1)
			s.Axes[i].Values, s.Axes[i].Numbers = append(s.Axes[i].Values, fmt.Sprintf("%.3f", x)), append(s.Axes[i].Numbers, x)
			levels = append(levels, p)
		}
		s.Points = append(s.Points, levels)
	}
	fill(t, s, func(l []int, _ int) (int64, bool) {
		x := func(i int) float64 { return s.Axes[i].Numbers[l[i]] }
		y := math.Sin(x(0)) + 7*math.Pow(math.Sin(x(1)), 2) + 0.1*math.Pow(x(2), 4)*math.Sin(x(0))
		return int64(1e6 * (20 + y)), true
	})
	rows := rowsOf(t, s, "mean")
	isAbout(t, "S1", rows["x1"].Share, 0.3139, 0.015)
	isAbout(t, "S2", rows["x2"].Share, 0.4424, 0.015)
	isAbout(t, "S3", rows["x3"].Share, 0, 0.01)
	isAbout(t, "S4", rows["x4"].Share, 0, 0.01)
	if !rows["x1"].Distinct || !rows["x2"].Distinct || rows["x4"].Distinct || rows["x1"].Test != "points" {
		t.Errorf("%+v", rows)
	}
}

// Samples of an axis with many values beside axes with so few that points meet there by
// chance are no grid. The shares follow from the variances of a uniform distribution: of
// 171 whole seconds 2436.7, of 20 s 33.3.
func TestSamplesBesideCoarseAxes(t *testing.T) {
	const n = 600
	s := &Study{Seeds: 1, Axes: []Axis{{Name: "fine"}, {Name: "whole"}, {Name: "coarse"}}}
	add := func(axis, values int, width float64) {
		for v := range values {
			x := width * float64(v) / float64(values)
			s.Axes[axis].Values, s.Axes[axis].Numbers = append(s.Axes[axis].Values, fmt.Sprint(x)), append(s.Axes[axis].Numbers, x)
		}
	}
	add(0, n, 20)
	add(1, 171, 171)
	add(2, 3, 3)
	random := rand.New(rand.NewPCG(1, 1))
	order := random.Perm(n)
	for p := range n {
		s.Points = append(s.Points, []int{p, order[p] * 171 / n, random.IntN(3)})
	}
	fill(t, s, func(l []int, _ int) (int64, bool) {
		return int64(1e6 * (s.Axes[0].Numbers[l[0]] + s.Axes[1].Numbers[l[1]])), true
	})
	rows := rowsOf(t, s, "mean")
	if !rows["fine"].Distinct || !rows["whole"].Distinct || rows["coarse"].Distinct || rows["whole"].Rank != 1 {
		t.Errorf("%+v", rows)
	}
	isAbout(t, "the share of whole", rows["whole"].Share, 2436.7/(2436.7+33.3), 0.01)
	isAbout(t, "the share of fine", rows["fine"].Share, 33.3/(2436.7+33.3), 0.01)
}

// A sweep says nothing of what it does not vary.
func TestNothingToRank(t *testing.T) {
	for name, s := range map[string]*Study{"one point": gridOf(5), "one value": gridOf(5, 1), "no run": gridOf(5, 3), "nothing": {}} {
		if name != "no run" {
			fill(t, s, func([]int, int) (int64, bool) { return 1, true })
		}
		if rows := s.Sensitivity(); len(rows) != 0 {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	// One run of each point does not tell chance from effect, unless there are points enough.
	s := gridOf(1, 3)
	fill(t, s, func(l []int, _ int) (int64, bool) { return int64(l[0]), true })
	r := rowsOf(t, s, "p95")["a"]
	isAbout(t, "effect", r.Effect, 2, 1e-9)
	if r.Distinct || r.P != nil || r.Share != nil || r.EffectLow != nil || r.Test != "" {
		t.Errorf("%+v", r)
	}
	if err := s.Add(&Run{Run: 3, Point: 3}); err == nil {
		t.Error("a point that is none")
	}
	if err := s.Add(&Run{Run: 3, Point: 2, Seed: 2}); err == nil {
		t.Error("a run too many")
	}
}

// The order in which runs come does not matter, and each time the answer is the same.
func TestSensitivityIsTheSame(t *testing.T) {
	noise := noises(9)
	outage := func(l []int, seed int) (int64, bool) { return int64(1e9 * (noise(l, seed) + float64(l[0]))), true }
	s, other := gridOf(6, 3, 2), gridOf(6, 3, 2)
	fill(t, s, outage)
	for i := range 36 {
		n := i * 5 % 36 // all, in another order
		ns, _ := outage(other.Points[n/6], n%6)
		if err := other.Add(&Run{Run: int64(n), Point: int64(n / 6), Status: "complete", TwoWay: &ns, Lasts: new(false)}); err != nil {
			t.Fatal(err)
		}
	}
	a, b := s.Sensitivity(), other.Sensitivity()
	if len(a) != 4 || !reflect.DeepEqual(a, b) {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// BenchmarkSensitivity ranks one measure of a million runs: of a grid, of one long axis
// and of samples.
func BenchmarkSensitivity(b *testing.B) {
	samples := &Study{Seeds: 100, Axes: make([]Axis, 3)}
	random := rand.New(rand.NewPCG(4, 4))
	for p := range 10_000 {
		for a := range samples.Axes {
			of := &samples.Axes[a]
			of.Values, of.Numbers = append(of.Values, "v"), append(of.Numbers, random.Float64())
		}
		samples.Points = append(samples.Points, []int{p, p, p})
	}
	for _, design := range []struct {
		name string
		*Study
	}{{"grid", gridOf(1000, 10, 10, 10)}, {"axis", gridOf(100, 10_000)}, {"samples", samples}} {
		b.Run(design.name, func(b *testing.B) {
			noise := noises(3)
			fill(b, design.Study, func(l []int, seed int) (int64, bool) { return int64(1e9 * (noise(l, seed) + float64(l[0]))), true })
			b.ReportAllocs()
			for b.Loop() {
				design.Sensitivity()
			}
		})
	}
}
