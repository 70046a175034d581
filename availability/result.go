package availability

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a figure with its 95 % interval, which is the same to both sides.
type Estimate struct{ Value, Half float64 }

// Relative gives half of the interval relative to the value; 0 where both are 0.
func (e Estimate) Relative() float64 {
	if e.Half == 0 {
		return 0
	}
	return e.Half / math.Abs(e.Value)
}

// Total is what a class loses in a year, in seconds.
type Total struct {
	Key
	Year    Estimate
	Singles float64 // of that, one failure at a time
	Pairs   float64 // two at once, beyond what each would cost alone
	Healthy float64 // with nothing broken
}

// Part is what one failure, or one pair, contributes.
type Part struct {
	First, Second int // Second is negative for a failure alone
	Rate          float64
	Samples       int
	Event         map[Key]Estimate // of a failure alone: seconds lost each time that it happens
	Year          map[Key]float64  // seconds a year
}

// Result is the estimate.
type Result struct {
	Runs, Batches int
	Settle        time.Duration // what the network takes to settle after a repair
	Totals        []Total       // by class and quantity
	Singles       []Part        // in the order of the plan
	Pairs         []Part        // those that were sampled, the costliest first
	Broken        float64       // the sum over the failures of the part of the time in which each is broken, or the network settles
	Neglected     float64       // bound of what three at once add or take, in seconds a year
}

// quantileT gives the 97.5th percentile of Student's t.
func quantileT(freedom int) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(freedom)}.Quantile(0.975)
}

// Result gives the estimate from all batches that are whole. With fewer than two
// there is none.
func (e *Estimator) Result() (*Result, bool) {
	done := e.batches
	if len(done) < 2 {
		return nil, false
	}
	r := &Result{Runs: e.runs, Batches: len(done), Settle: e.settle}
	keys := map[Key]bool{}
	for i := range done {
		for key := range done[i].total { // order-free: a set
			keys[key] = true
		}
	}
	for _, key := range sortedKeys(keys) {
		r.Totals = append(r.Totals, e.total(done, key))
	}
	for at, t := range e.terms { // order-free: sorted below
		part := e.part(at, t, len(done))
		if at[1] == alone {
			r.Singles = append(r.Singles, part)
		} else {
			r.Pairs = append(r.Pairs, part)
		}
	}
	slices.SortFunc(r.Singles, func(a, b Part) int { return a.First - b.First })
	slices.SortFunc(r.Pairs, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), a.First-b.First, a.Second-b.Second)
	})
	r.Broken, r.Neglected = e.neglected()
	return r, true
}

func (e *Estimator) total(done []batch, key Key) Total {
	values := series(done, key)
	t := Total{Key: key, Year: Estimate{stat.Mean(values, nil), spread(values) / math.Sqrt(float64(len(done)))}}
	for i := range done {
		t.Pairs += done[i].pairs[key] / float64(len(done))
		t.Healthy += done[i].healthy[key] / float64(len(done))
	}
	t.Singles = t.Year.Value - t.Pairs - t.Healthy
	return t
}

func (e *Estimator) part(at [2]int, t *term, batches int) Part {
	p := Part{First: at[0], Second: at[1], Samples: t.samples, Event: map[Key]Estimate{}, Year: map[Key]float64{}}
	for key, sum := range t.year { // order-free: a map of its own
		p.Year[key] = sum / float64(batches)
	}
	if at[1] != alone {
		p.Rate = e.pairRate(at[0], at[1])
		return p
	}
	p.Rate = e.plan.Failures[at[0]].Rate()
	for key := range t.sum { // order-free: a map of its own
		values := make([]float64, len(t.means))
		for i, mean := range t.means {
			values[i] = mean[key]
		}
		half := quantileT(len(values)-1) * stat.StdDev(values, nil) / math.Sqrt(float64(len(values)))
		p.Event[key] = Estimate{stat.Mean(values, nil), half}
	}
	return p
}

// weight is by what pairs are sorted: what they take or add, over all classes.
func (p *Part) weight() float64 {
	sum := 0.0
	for _, key := range p.keys() {
		if key.What == Equivalent {
			sum += math.Abs(p.Year[key])
		}
	}
	return sum
}

func (p *Part) keys() []Key {
	keys := map[Key]bool{}
	for key := range p.Year { // order-free: sorted
		keys[key] = true
	}
	return sortedKeys(keys)
}

// neglected bounds what three at once, or one twice in a row while another is broken,
// change. With u the sum over the failures of the part of time in which each is broken or
// settling, three or more are so for at most u³/6 of the time; and where more broken
// things never serve more, what single failures and pairs say of such a time is wrong by
// at most 2: between counting three losses too many and two too few.
func (e *Estimator) neglected() (broken, seconds float64) {
	for i := range e.plan.Failures {
		f := &e.plan.Failures[i]
		broken += f.Rate() * e.years(f.Repair.Mean()+e.settle)
	}
	return broken, broken * broken * broken / 3 * Year.Seconds()
}

func (k Key) compare(other Key) int {
	return cmp.Or(strings.Compare(k.Class, other.Class), strings.Compare(k.What, other.What))
}
