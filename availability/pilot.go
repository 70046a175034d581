package availability

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// pilotSingles gives some runs of each failure alone. Its batch comes before the first.
func (e *Estimator) pilotSingles() []Sample {
	var all []Sample
	for i := range e.plan.Failures {
		all = append(all, e.singles(i, pilotRuns, 1<<30)...)
	}
	return all
}

func (e *Estimator) addPilot(s *Sample, l Loss) {
	i := s.First
	if e.pilot[i] == nil {
		e.pilot[i] = map[Key][]float64{}
	}
	n := len(e.controls[i])
	e.controls[i] = append(e.controls[i], s.control)
	for key, lost := range l { // order-free: each key is a series of its own
		for len(e.pilot[i][key]) < n {
			e.pilot[i][key] = append(e.pilot[i][key], 0) // a cause that comes up late
		}
		e.pilot[i][key] = append(e.pilot[i][key], lost)
	}
}

// fit finds how what failures lose alone grows with their repair time.
func (e *Estimator) fit() {
	for i, controls := range e.controls {
		spread := stat.Variance(controls, nil)
		if spread == 0 {
			continue
		}
		slopes := Loss{}
		for key, values := range e.pilot[i] { // order-free: each key is a series of its own
			for len(values) < len(controls) {
				values = append(values, 0)
			}
			e.pilot[i][key] = values
			if _, is := key.healthy(); !is {
				slopes[key] = stat.Covariance(controls, values, nil) / spread
			}
		}
		e.slopes[[2]int{i, alone}] = slopes
	}
}

// pilotTogether gives a run of each pair, with mean repair times, the second failure in
// the middle of the repair of the first: no more than a hint at which pairs matter.
func (e *Estimator) pilotTogether() []Sample {
	all := e.allPairs()
	slices.SortStableFunc(all, func(a, b pair) int { return -cmp.Compare(a.rate, b.rate) })
	var samples []Sample
	seen := map[[2]int]bool{}
	for _, p := range all {
		both := [2]int{min(p.first, p.second), max(p.first, p.second)}
		if seen[both] || len(samples) == pilotPairs {
			continue
		}
		seen[both] = true
		first, second := e.plan.Failures[p.first].Repair.Mean(), e.plan.Failures[p.second].Repair.Mean()
		hits := []Hit{{p.first, 0, first}, {p.second, first / 2, second}}
		samples = append(samples, Sample{First: p.first, Second: p.second, Runs: []Run{{e.random("pilot").Uint64() >> 1, hits}}})
	}
	return samples
}

// allPairs gives all ordered pairs.
func (e *Estimator) allPairs() []pair {
	var all []pair
	for i := range e.plan.Failures {
		for j := range e.plan.Failures {
			if i != j {
				all = append(all, pair{first: i, second: j, rate: e.pairRate(i, j)})
			}
		}
	}
	return all
}

// pairRate gives how often in a year j begins while i is under repair or the network
// settles after it.
func (e *Estimator) pairRate(i, j int) float64 {
	first, second := &e.plan.Failures[i], &e.plan.Failures[j]
	return first.Rate() * second.Rate() * e.years(first.Repair.Mean()+e.settle)
}

func (e *Estimator) years(d time.Duration) float64 { return float64(d) / float64(Year) }

// addTogether notes what a pair lost beyond what its failures lose alone, and for how long
// both lasted.
func (e *Estimator) addTogether(s *Sample, l Loss) {
	both := overlap(s.Runs[0].Hits[0], s.Runs[0].Hits[1])
	excess, slopes := Loss{}, Loss{}
	for key, lost := range l { // order-free: each key is judged alone
		if _, is := key.healthy(); is {
			continue
		}
		more := lost - e.expected(s.First, key, s.Runs[0].Hits[0]) - e.expected(s.Second, key, s.Runs[0].Hits[1])
		slopes[key] = more / both
		if key.What == Equivalent {
			excess[key] = more
		}
	}
	for _, pair := range [][2]int{{s.First, s.Second}, {s.Second, s.First}} {
		e.excess[pair], e.slopes[pair] = excess, slopes
	}
}

// expected gives what a failure alone loses, by the pilot, in that repair time.
func (e *Estimator) expected(i int, key Key, h Hit) float64 {
	lost := e.pilotMean(i, key)
	if len(e.controls[i]) > 0 {
		lost += e.slopes[[2]int{i, alone}][key] * ((h.Repair - e.plan.Failures[i].Repair.Mean()).Seconds() - stat.Mean(e.controls[i], nil))
	}
	return lost
}

func (e *Estimator) pilotMean(i int, key Key) float64 {
	if values := e.pilot[i][key]; len(values) > 0 {
		return stat.Mean(values, nil)
	}
	return 0
}

// pilotYear gives what each class loses in a year, as far as the pilot knows.
func (e *Estimator) pilotYear() map[Key]float64 {
	year := map[Key]float64{}
	for i := range e.pilot {
		for key := range e.pilot[i] { // order-free: each key is a sum of its own
			if key.What != Equivalent {
				continue
			}
			year[key] += e.plan.Failures[i].Rate() * e.pilotMean(i, key)
		}
	}
	for _, p := range e.allPairs() {
		for key, more := range e.excess[[2]int{p.first, p.second}] { // order-free: each key is a sum of its own
			year[key] += p.rate * more
		}
	}
	return year
}

// allocate decides what a batch has: of each term the more runs, the more it adds to
// the spread of the sum (Neyman's allocation; of a pair a sample costs three runs), and of
// all so many that the first batches may be enough.
func (e *Estimator) allocate() {
	n := len(e.plan.Failures)
	year, spreads, all := e.pilotYear(), make([]float64, n), 0.0
	for i := range e.pilot {
		for key, values := range e.pilot[i] { // order-free: a maximum
			if key.What == Equivalent && year[key] > 0 {
				spreads[i] = max(spreads[i], e.plan.Failures[i].Rate()*e.residual(i, key, values)/year[key])
			}
		}
		all += spreads[i]
	}
	together := e.choose(year) / math.Sqrt(3)
	all += together
	enough := quantileT(FirstBatches-1) * all / (0.7 * e.plan.HalfSize)
	size := min(max(enough*enough/FirstBatches, float64(n)), mostOfBatch*float64(n))
	share := func(of float64, least int) int {
		if all == 0 {
			return least
		}
		return max(least, int(math.Ceil(size*of/all)))
	}
	e.perOne = make([]int, n)
	for i := range e.perOne {
		e.perOne[i] = share(spreads[i], 1)
	}
	if len(e.mix) > 0 {
		e.perPairs = share(together, leastPairs)
	}
}

// residual gives the standard deviation of what the control of a failure leaves.
func (e *Estimator) residual(i int, key Key, values []float64) float64 {
	rest := slices.Clone(values)
	for k := range rest {
		rest[k] -= e.slopes[[2]int{i, alone}][key] * e.controls[i][k]
	}
	return stat.StdDev(rest, nil)
}

// choose gives the pairs their probabilities, and gives the spread of one sample of
// them.
func (e *Estimator) choose(year map[Key]float64) (spread float64) {
	e.mix = e.allPairs()
	cost, rates, all := make([]float64, len(e.mix)), 0.0, 0.0 // relative to the year of the class that it hits most
	for i, p := range e.mix {
		for key, more := range e.excess[[2]int{p.first, p.second}] { // order-free: a maximum
			if year[key] > 0 {
				cost[i] = max(cost[i], p.rate*math.Abs(more)/year[key])
			}
		}
		rates += p.rate
		all += cost[i]
	}
	square := 0.0
	for i := range e.mix {
		p := &e.mix[i]
		p.chance = p.rate / rates
		if all > 0 {
			p.chance = (cost[i]/all + p.chance/10) / 1.1
		}
		square += 6 * cost[i] * cost[i] / p.chance // times that both last, with their weights, vary about so much
	}
	return math.Sqrt(max(0, square-all*all))
}
