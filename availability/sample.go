package availability

import (
	"math/rand/v2"
	"time"

	"dualhome/sim"
)

// Sample is one draw of a term of the sum: a failure alone, or a pair.
type Sample struct {
	First, Second int // failures; Second is alone where there is none
	// Runs are one run, or of a pair three: both, the first alone, the second alone. The
	// value of the sample is what the first run lost, less what the others did.
	Runs []Run

	factor  float64 // what a value adds to the year of its batch
	control float64 // seconds by which what a value grows with is above its mean
}

// alone stands for no second failure.
const alone = -1

// random gives the source of what is drawn for a purpose.
func (e *Estimator) random(purpose string, of ...uint64) *rand.Rand {
	key := sim.KeyOf("availability").Str(purpose)
	for _, n := range of {
		key = key.Int(n)
	}
	return rand.New(rand.NewPCG(sim.Bits(e.plan.Seed, key), sim.Bits(e.plan.Seed, key.Int(1))))
}

// strata gives n points of a cube of some dimensions: in each dimension one of each
// n-th part (a Latin hypercube). Each point alone is uniform.
func strata(r *rand.Rand, n, dimensions int) [][]float64 {
	points, all := make([][]float64, n), make([]float64, n*dimensions)
	for i := range points {
		points[i] = all[i*dimensions:][:dimensions]
	}
	for d := range dimensions {
		for i, part := range r.Perm(n) {
			points[i][d] = (float64(part) + r.Float64()) / float64(n)
		}
	}
	return points
}

// at gives an instant of the phase window.
func (e *Estimator) at(u float64) time.Duration { return time.Duration(u * float64(e.plan.Phase)) }

// singles draws n samples of a failure alone, for a batch.
func (e *Estimator) singles(i, n, batch int) []Sample {
	f := &e.plan.Failures[i]
	r := e.random(f.Name, uint64(batch))
	all := make([]Sample, n)
	for k, u := range strata(r, n, 2) {
		hit := Hit{i, e.at(u[0]), f.Repair.Quantile(u[1])}
		all[k] = Sample{
			First: i, Second: alone, Runs: []Run{{r.Uint64() >> 1, []Hit{hit}}},
			factor: f.Rate() / float64(n), control: (hit.Repair - f.Repair.Mean()).Seconds(),
		}
	}
	return all
}

// pairs draws samples of pairs for a batch: which, by systematic sampling.
func (e *Estimator) pairs(batch int) []Sample {
	n := e.perPairs
	if n == 0 || len(e.mix) == 0 {
		return nil
	}
	r := e.random("pairs", uint64(batch))
	points := strata(r, n, 4)
	all := make([]Sample, n)
	next, below, of := r.Float64(), 0.0, 0
	for k := range all {
		for below+e.mix[of].chance*float64(n) <= next+float64(k) && of < len(e.mix)-1 {
			below += e.mix[of].chance * float64(n)
			of++
		}
		all[k] = e.pair(&e.mix[of], points[k], r)
		all[k].factor /= float64(n)
	}
	return all
}

// pair makes a sample of a pair from a point of the cube.
func (e *Estimator) pair(p *pair, u []float64, r *rand.Rand) Sample {
	x, y, weight := e.hits(p, u)
	return Sample{
		First: p.first, Second: p.second, factor: p.rate * weight / p.chance,
		Runs:    []Run{{r.Uint64() >> 1, []Hit{x, y}}, {0, []Hit{x}}, {0, []Hit{y}}},
		control: overlap(x, y) - e.meanOverlap(p, r)/weight,
	}.oneSeed()
}

// oneSeed gives all runs the seed of the first.
func (s Sample) oneSeed() Sample {
	for i := range s.Runs {
		s.Runs[i].Seed = s.Runs[0].Seed
	}
	return s
}

// hits gives the failures of a pair at a point of the cube, and the weight of what comes
// of them.
func (e *Estimator) hits(p *pair, u []float64) (x, y Hit, weight float64) {
	first, second := &e.plan.Failures[p.first], &e.plan.Failures[p.second]
	repair := first.Repair.Quantile(u[1])
	window := repair + e.settle
	x = Hit{p.first, e.at(u[0]), repair}
	y = Hit{p.second, x.At + time.Duration(u[2]*float64(window)), second.Repair.Quantile(u[3])}
	return x, y, float64(window) / float64(first.Repair.Mean()+e.settle)
}

// overlap gives for how many seconds both failures last.
func overlap(x, y Hit) float64 {
	return max(0, min(x.At+x.Repair, y.At+y.Repair)-y.At).Seconds()
}

// controlPoints is from how many points the mean of an overlap is estimated, for each
// sample: they cost no run.
const controlPoints = 64

// meanOverlap estimates the mean of the weighted overlap of a pair, without bias.
func (e *Estimator) meanOverlap(p *pair, r *rand.Rand) float64 {
	sum := 0.0
	for _, u := range strata(r, controlPoints, 4) {
		x, y, weight := e.hits(p, u)
		sum += weight * overlap(x, y)
	}
	return sum / controlPoints
}
