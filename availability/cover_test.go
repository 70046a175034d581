package availability

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// unlucky gives a network that loses nothing in most runs: in one of five as many seconds
// as an exponential draw with a mean of 100. So its spread is three times its mean, and
// the first batches are not enough: their spread decides how many there are (Stein 1945).
func unlucky(r Run) Loss {
	g := rand.New(rand.NewPCG(r.Seed, 0))
	lost := 0.0
	if g.Float64() < 0.2 {
		lost = 100 * g.ExpFloat64()
	}
	return Loss{{"c", Equivalent}: lost}
}

// Of a thousand intervals of the same system 95 % hold its known downtime, within three
// standard deviations of such a count: where all of it is two failures at once, where it
// is single ones too, whose excess is negative, and where there are more batches than the
// first. Those of the last are skewed, and the smaller of their spreads is not believed.
func TestIntervalsCover(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand estimates of each system")
	}
	const repetitions, band = 1000, 0.021
	fs := failures(t, [2]string{"exponential(100h)", "exponential(4h)"}, [2]string{"50h", "uniform(1h, 3h)"})
	u := func(i int) float64 { return fs[i].Rate() * float64(fs[i].Repair.Mean()) / float64(Year) }
	for name, c := range map[string]struct {
		failures []Failure
		loss     func(Run) Loss
		half     float64
		want     float64 // seconds a year
	}{
		"parallel": {fs, network(parallel).loss, 0.05, u(0) * u(1) * Year.Seconds()},
		"series":   {fs, network(series2).loss, 0.05, (u(0) + u(1) - u(0)*u(1)) * Year.Seconds()},
		"unlucky":  {fs[:1], unlucky, 0.2, 20 * fs[0].Rate()},
	} {
		covered, first := 0, 0
		for seed := range uint64(repetitions) {
			r := estimated(t, c.loss, Plan{Failures: c.failures, Phase: time.Minute, Seed: seed, HalfSize: c.half})
			if e := r.of(Equivalent).Year; math.Abs(e.Value-c.want) <= e.Half {
				covered++
			}
			if r.Batches == FirstBatches {
				first++
			}
		}
		t.Logf("%s: %d of %d intervals cover; %d are of the first batches alone", name, covered, repetitions, first)
		if share := float64(covered) / repetitions; math.Abs(share-0.95) > band {
			t.Errorf("%s: %.1f %% of the intervals cover, not 95 %%", name, 100*share)
		}
	}
}

// However many batches an interval takes, few samples wait for their runs; what is
// estimated does not depend on how many at a time.
func TestFewSamplesWait(t *testing.T) {
	fs := failures(t, [2]string{"100h", "4h"})
	e, err := New(Plan{Failures: fs, Phase: time.Minute, Seed: 1, HalfSize: 0.001, MostRuns: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for samples := e.Next(); len(samples) > 0; samples = e.Next() {
		most = max(most, len(samples))
		for i := range samples {
			e.Add(&samples[i], []Loss{unlucky(samples[i].Runs[0])}, 0)
		}
	}
	if r, ok := e.Result(); !ok || r.Runs < 49_900 || most > samplesAtOnce+mostOfBatch {
		t.Errorf("%v: %+v, %d samples at once", ok, r, most)
	}
}
