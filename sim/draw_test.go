package sim_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"dualhome/sim"
)

// TestBitsNeverChange: a draw is part of the format. If one of these values
// changes, every recorded run does.
func TestBitsNeverChange(t *testing.T) {
	for _, c := range []struct {
		seed uint64
		key  sim.Key
		want uint64
	}{
		{0, sim.KeyOf("phase"), 0x86a14b003fc72a8b},
		{1, sim.KeyOf("phase").Actor("nva1").Actor("rs0-0"), 0x898d966612346eb5},
		{1, sim.KeyOf("program").Actor("rs0-0").Str("nva1-dies").Int(0), 0x7b0a2fd22daf3212},
		{1, sim.KeyOf("program").Actor("rs0-0").Str("nva1-dies").Int(1), 0xb6f79d82f6d2cbb3},
		{math.MaxUint64, sim.KeyOf("delay").Actor("a").Actor("b").Str("update").Int(1 << 40), 0x4282f8dbb5ea7177},
	} {
		if got := sim.Bits(c.seed, c.key); got != c.want {
			t.Errorf("seed %d, key %d: %#x, not %#x", c.seed, c.key, got, c.want)
		}
	}
}

func TestDrawsNeverChange(t *testing.T) {
	key := sim.KeyOf("test").Int(7)
	for text, want := range map[string]time.Duration{
		"10ms":                    10 * time.Millisecond,
		"uniform(300s, 360s)":     337_470_661_530,
		"empirical(1s, 2s, 3s)":   2 * time.Second,
		"measured":                2420 * time.Millisecond,
		"uniform(0s, 1s)":         624_511_025,
		"empirical(5ms)":          5 * time.Millisecond,
		"uniform(250ms, 250ms)":   250 * time.Millisecond,
		"uniform(0s, 2562047h0s)": 5_760_095_757_716_805_520,
	} {
		d, err := sim.ParseDist(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := sim.Draw(1, d, key); got != want {
			t.Errorf("%s: %d, not %d", text, got, want)
		}
	}
}

// TestKeysDoNotRunIntoEachOther: names and numbers of a key are apart.
func TestKeysDoNotRunIntoEachOther(t *testing.T) {
	keys := map[sim.Key]string{}
	for name, k := range map[string]sim.Key{
		"a": sim.KeyOf("a"), "ab": sim.KeyOf("ab"), "a b": sim.KeyOf("a").Str("b"), "b a": sim.KeyOf("b").Str("a"),
		"a, empty": sim.KeyOf("a").Str(""), "a 0": sim.KeyOf("a").Int(0), "a 1": sim.KeyOf("a").Int(1), "a 256": sim.KeyOf("a").Int(256),
		"a 0 1": sim.KeyOf("a").Int(0).Int(1), "a 1 0": sim.KeyOf("a").Int(1).Int(0),
	} {
		if other, ok := keys[k]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[k] = name
	}
}

// TestDrawsAreIndependent: neighbours, in key or in seed, are not correlated, and
// their mean is that of the distribution.
func TestDrawsAreIndependent(t *testing.T) {
	const n = 100_000
	u := sim.Uniform(0, time.Second)
	for name, draw := range map[string]func(i uint64) time.Duration{
		"seeds": func(i uint64) time.Duration { return sim.Draw(i, u, sim.KeyOf("x")) },
		"keys":  func(i uint64) time.Duration { return sim.Draw(1, u, sim.KeyOf("x").Int(i)) },
	} {
		var sum, squares, product float64
		last := 0.0
		for i := range uint64(n) {
			x := draw(i).Seconds() - 0.5
			sum, squares, product, last = sum+x, squares+x*x, product+x*last, x
		}
		if mean := sum / n; math.Abs(mean) > 0.004 { // more than four standard errors
			t.Errorf("%s: the mean is off by %v", name, mean)
		}
		if variance := squares / n; math.Abs(variance-1.0/12) > 0.001 {
			t.Errorf("%s: the variance is %v", name, variance)
		}
		if r := product / squares; math.Abs(r) > 0.013 {
			t.Errorf("%s: neighbours are correlated by %v", name, r)
		}
	}
}

func TestEmpiricalDrawsEachSampleEquallyOften(t *testing.T) {
	counts := map[time.Duration]int{}
	for i := range uint64(13_000) {
		counts[sim.Draw(3, sim.Measured(), sim.KeyOf("x").Int(i))]++
	}
	for d, n := range counts {
		want := 1000
		if d == 1500*time.Millisecond { // measured twice
			want = 2000
		}
		if n < want-150 || n > want+150 {
			t.Errorf("%v was drawn %d times, not about %d", d, n, want)
		}
	}
	if len(counts) != 12 {
		t.Errorf("%d values, not 12", len(counts))
	}
}

func TestUniformStaysInItsRange(t *testing.T) {
	d := sim.Uniform(3, 7)
	seen := map[time.Duration]bool{}
	for i := range uint64(1000) {
		seen[sim.Draw(9, d, sim.KeyOf("x").Int(i))] = true
	}
	for v := range seen {
		if v < 3 || v >= 7 {
			t.Errorf("uniform(3, 7) gave %d", v)
		}
	}
	if len(seen) != 4 {
		t.Errorf("it gave %d values, not 4", len(seen))
	}
}

func TestParseDistBothWays(t *testing.T) {
	for _, text := range []string{
		"0s", "10ms", "1h0m0s", "uniform(5m0s, 6m0s)", "exponential(1m0s)", "normal(1m0s, 5s)", "empirical(1s, 2s, 1s)",
		"empirical(1s, 2s; results.csv programming_s)", sim.Measured().String(),
	} {
		d, err := sim.ParseDist(text)
		if err != nil || d.String() != text {
			t.Errorf("%q comes back as %q (%v)", text, d, err)
		}
	}
	for text, want := range map[string]string{
		" 1500ms ": "1.5s", "uniform(1s,2s)": "uniform(1s, 2s)", "measured": sim.Measured().String(), "empirical( 1s )": "empirical(1s)", "empirical(1s ;5s.txt )": "empirical(1s; 5s.txt)",
	} {
		if d, err := sim.ParseDist(text); err != nil || d.String() != want {
			t.Errorf("%q reads as %q (%v), not %q", text, d, err, want)
		}
	}
}

func TestParseDistRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"": "duration", "10": "unit", "-1s": "negative", "uniform(1s)": "takes 2", "uniform(2s, 1s)": "below", "uniform(1s, 2s": "parenthesis",
		"exponential(1s, 2s)": "takes 1", "normal(1s)": "takes 2", "pareto(1s)": "unknown distribution", "empirical()": "duration", "empirical(1s;)": "semicolon",
		"empirical(1s; a,b)": "semicolon", "uniform(1s, 2s; x)": "semicolon", "empirical(; x)": "duration", "uniform(1s, x)": "duration",
	} {
		if d, err := sim.ParseDist(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is %v (%v), which does not say %q", text, d, err, says)
		}
	}
}

func TestDistExtremes(t *testing.T) {
	for text, want := range map[string][2]time.Duration{
		"2s": {2e9, 2e9}, "uniform(1s, 3s)": {1e9, 3e9}, "empirical(5s, 1s, 3s)": {1e9, 5e9}, "measured": {900e6, 5600e6},
		"exponential(1s)": {0, math.MaxInt64}, "normal(1s, 1s)": {0, math.MaxInt64},
	} {
		d, err := sim.ParseDist(text)
		if err != nil || d.Min() != want[0] || d.Max() != want[1] {
			t.Errorf("%s is from %v to %v (%v)", text, d.Min(), d.Max(), err)
		}
		for i := range uint64(500) {
			if v := sim.Draw(i, d, sim.KeyOf("x")); v < d.Min() || v > d.Max() {
				t.Errorf("%s gave %v", text, v)
			}
		}
	}
}

// TestQuantiles: each stands in the middle of an equal part of the distribution,
// so that their mean is near its mean, and they never depend on the order of samples.
func TestQuantiles(t *testing.T) {
	for text, want := range map[string][]time.Duration{
		"10ms":                      {10 * time.Millisecond},
		"uniform(0s, 8s)":           {time.Second, 3 * time.Second, 5 * time.Second, 7 * time.Second},
		"empirical(3s, 1s)":         {time.Second, time.Second, 3 * time.Second, 3 * time.Second},
		"empirical(4s, 2s, 3s, 1s)": {time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second},
		"exponential(1s)":           {133_531_392, 470_003_629, 980_829_253, 2_079_441_541},         // -ln(1 - (2i+1)/8)
		"normal(10s, 1s)":           {8_849_650_620, 9_681_360_636, 10_318_639_363, 11_150_349_380}, // 10 + z: 0.3186393640, 1.1503493804
		"normal(1s, 1s)":            {0, 681_360_636, 1_318_639_363, 2_150_349_380},
	} {
		d, err := sim.ParseDist(text)
		if err != nil {
			t.Fatal(err)
		}
		got := d.Quantiles(4)
		if len(got) != len(want) {
			t.Fatalf("%s: %v, not %v", text, got, want)
		}
		for i := range got {
			if math.Abs(float64(got[i]-want[i])) > 2 {
				t.Errorf("%s: %d, not %d", text, got[i], want[i])
			}
		}
	}
}
