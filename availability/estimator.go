package availability

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// Plan says what is to be estimated, and how well.
type Plan struct {
	Failures []Failure
	Phase    time.Duration // the first failure comes uniformly within it: the keepalive interval
	Seed     uint64
	HalfSize float64 // of the interval of each class's Equivalent, relative to it
	MostRuns int     // 0: no bound
}

// FirstBatches is how many batches decide how many there are.
const FirstBatches = 16

// Sizes of the pilot, and of batches.
const (
	pilotRuns   = 8   // of each failure
	pilotPairs  = 120 // the most frequent ones
	leastPairs  = 8   // samples of pairs in a batch, at least
	mostOfBatch = 16  // times as many samples as failures in a batch, at most, so that bounds are met in time
)

// samplesAtOnce bounds the samples that wait for their runs: a narrow interval takes a
// million batches.
const samplesAtOnce = 10_000

// Estimator collects what runs lost. Use New.
type Estimator struct {
	plan     Plan
	stage    stage
	settle   time.Duration
	pilot    []map[Key][]float64 // by failure: what its runs alone lost
	controls [][]float64         // by failure: of the same runs
	slopes   map[[2]int]Loss     // how a value grows with its control
	excess   map[[2]int]Loss     // what pairs lost beyond that in the pilot
	mix      []pair
	perOne   []int // runs of each failure in a batch
	perPairs int   // samples of pairs in a batch
	want     int   // samples of a batch

	batches []batch
	open    []added // the batch under way
	planned int     // batches
	runs    int
	terms   map[[2]int]*term
}

type stage uint8

const (
	pilotOfSingles stage = iota
	pilotOfPairs
	sampling
)

// pair is an ordered pair of failures, how often it comes, and with what probability a
// sample of pairs is of it.
type pair struct {
	first, second int
	rate, chance  float64
}

// New begins an estimate.
func New(p Plan) (*Estimator, error) {
	for i := range p.Failures {
		if f := &p.Failures[i]; f.UpTime.Mean() <= 0 || f.Repair.Mean() <= 0 {
			return nil, fmt.Errorf("failure %s: up and repair times must be more than 0s on average", f.Name)
		}
	}
	return &Estimator{
		plan: p, pilot: make([]map[Key][]float64, len(p.Failures)), controls: make([][]float64, len(p.Failures)),
		slopes: map[[2]int]Loss{}, excess: map[[2]int]Loss{}, terms: map[[2]int]*term{},
	}, nil
}

// Next gives the samples of the next stage, or as many of them as are held at once; none:
// the estimate is as good as wanted, or as MostRuns allows. All that it gave before must
// have been added.
func (e *Estimator) Next() []Sample {
	switch e.stage {
	case pilotOfSingles:
		if e.runs == 0 && len(e.plan.Failures) > 0 {
			return e.pilotSingles()
		}
		e.stage = pilotOfPairs
		e.fit()
		if all := e.pilotTogether(); len(all) > 0 {
			return all
		}
		fallthrough
	case pilotOfPairs:
		e.stage = sampling
		e.allocate()
		e.planned = FirstBatches
	case sampling:
		if len(e.batches) == e.planned {
			e.planned = max(e.planned, e.needed())
		}
	}
	return e.more()
}

// more gives the samples of the batches that are planned and not there, as far as
// MostRuns allows, and at most about samplesAtOnce.
func (e *Estimator) more() []Sample {
	var all []Sample
	runs := e.runs
	for b := len(e.batches); b < e.planned && len(all) < samplesAtOnce; b++ {
		one := e.sampleBatch(b)
		for i := range one {
			runs += len(one[i].Runs)
		}
		if len(one) == 0 || e.plan.MostRuns > 0 && runs > e.plan.MostRuns {
			e.planned = b
			break
		}
		all = append(all, one...)
	}
	return all
}

func (e *Estimator) sampleBatch(b int) []Sample {
	var all []Sample
	for i, n := range e.perOne {
		all = append(all, e.singles(i, n, b)...)
	}
	all = append(all, e.pairs(b)...)
	e.want = len(all)
	return all
}

// Add takes what the runs of the next sample lost, and how long after its last repair the
// first of them went on changing.
func (e *Estimator) Add(s *Sample, losses []Loss, settled time.Duration) {
	e.runs += len(s.Runs)
	switch e.stage {
	case pilotOfSingles:
		e.settle = max(e.settle, settled)
		e.addPilot(s, losses[0])
	case pilotOfPairs:
		e.addTogether(s, losses[0])
	case sampling:
		if e.open = append(e.open, added{s, losses}); len(e.open) == e.want {
			e.closeBatch()
		}
	}
}

// keys gives the quantities with an interval.
func (e *Estimator) keys() map[Key]bool {
	keys := map[Key]bool{}
	for _, b := range e.batches {
		for key := range b.total { // order-free: a set
			if key.What == Equivalent || key.What == AnyLoss {
				keys[key] = true
			}
		}
	}
	return keys
}

// needed gives how many batches make each interval small enough (Stein 1945).
func (e *Estimator) needed() int {
	most, done := FirstBatches, e.batches
	for key := range e.keys() { // order-free: a maximum
		values := series(done, key)
		mean, spread := stat.Mean(values, nil), spread(values)
		if key.What != Equivalent || mean <= 0 {
			continue
		}
		n := spread / (e.plan.HalfSize * mean)
		most = max(most, int(math.Ceil(math.Min(n*n, 1e6))))
	}
	return most
}

// series gives a quantity of batches.
func series(all []batch, key Key) []float64 {
	values := make([]float64, len(all))
	for i := range all {
		values[i] = all[i].total[key]
	}
	return values
}

// spread gives t times the standard deviation of the first batches, or that of all where
// it is larger: half of the interval is that over the root of how many there are.
func spread(values []float64) float64 {
	if len(values) < 2 {
		return math.Inf(1)
	}
	half := func(of []float64) float64 { return quantileT(len(of)-1) * stat.StdDev(of, nil) }
	return max(half(values[:min(len(values), FirstBatches)]), half(values))
}

func sortedKeys(all map[Key]bool) []Key {
	var keys []Key
	for k := range all { // order-free: sorted below
		keys = append(keys, k)
	}
	slices.SortFunc(keys, Key.compare)
	return keys
}
