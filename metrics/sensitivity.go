package metrics

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Sensitivity says which parameter moves the 95th percentile and the mean of each
// measure most. It takes main effects: how far the figure moves between the values of
// one parameter, on average over the others; its share of the variance over the points
// is the first-order index (Saltelli et al., Global Sensitivity Analysis: The Primer,
// 2008, section 1.2.2). What only parameters together do is in no share.
//
//   - Points that are missing: the effects are those of a fit of all together, see
//     additive. Where two parameters do not come apart, points that leave an axis to the
//     scenario are put aside; if that is not enough, nothing is said of them.
//   - Samples: classes of values take the place of values, see mostClasses.
//   - Whether an effect is more than chance: the highest of several figures is above the
//     lowest even where a parameter does nothing. So the effect is compared with those
//     that there are when the runs of each seed change places between the values of the
//     parameter (see exchanged). Where no two points differ in it alone, or there is one
//     seed, with those when what the other parameters do not explain changes places
//     between the points (Freedman and Lane, Journal of Business and Economic Statistics
//     1, 1983). Of several parameters the bound is Bonferroni's.
//   - The interval of an effect is that of the difference between the two values, which
//     are taken as given: a bootstrap that draws the seeds of all points together. Of the
//     95th percentile there is none where a point has less than 72 values, as drawing
//     cannot give more than the highest of so few.
//   - Losses that last are higher than all others. Then distinct, p and share are of the
//     ranks of the runs among all runs (Conover and Iman, The American Statistician 35,
//     1981).
//
// The random numbers are the same each time.
func (s *Study) Sensitivity() (all []SensitivityRow) {
	for _, measure := range Headlines() {
		all = append(all, s.Rank(measure)...)
	}
	return all
}

// Rank gives the rows of one measure. What follows from others has none: the
// directions of an outage, withdrawals, and when traffic flowed again.
func (s *Study) Rank(measure string) (all []SensitivityRow) {
	for i, c := range s.columns {
		if c == nil || c.measure != measure || !headlines()[i].ranked {
			continue
		}
		q := s.survey(c)
		if q == nil {
			continue
		}
		q.key = uint64(i)
		for _, rows := range q.answer() {
			all = append(all, rows...)
		}
	}
	return all
}

// survey is a measure of the points that have any value of it.
type survey struct {
	study    *Study
	measure  string
	key      uint64 // of its random numbers
	points   []int
	raw      [][]float64 // the values, by place in points, by seed
	values   [][]float64 // likewise; where losses last, their ranks among all
	seeds    int
	factors  []factor
	model    *additive
	order    [][]int32 // by place: see sortSeeds
	observed *figures  // of values
	measured *figures  // of raw
	beyond   bool      // of some run
}

// survey prepares a measure; nil: nothing differs between two points that have it.
func (s *Study) survey(c *studied) *survey {
	q := &survey{study: s, measure: c.measure}
	for p, values := range c.values {
		if slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) }) {
			q.points = append(q.points, p)
			q.seeds = max(q.seeds, len(values))
		}
	}
	if !q.separate() {
		return nil
	}
	for _, p := range q.points {
		values := slices.Clone(c.values[p])
		for len(values) < q.seeds {
			values = append(values, math.NaN())
		}
		q.raw = append(q.raw, values)
		q.beyond = q.beyond || slices.ContainsFunc(values, func(v float64) bool { return math.IsInf(v, 1) })
	}
	q.sortSeeds()
	once := make([]int, q.seeds)
	for i := range once {
		once[i] = 1
	}
	q.measured = newFigures(len(q.points))
	q.weigh(once, q.raw, nil, q.measured)
	q.values, q.observed = q.raw, q.measured
	if q.beyond {
		q.values, q.observed = ranksOf(q.raw), newFigures(len(q.points))
		q.weigh(once, q.values, nil, q.observed)
	}
	return q
}

// separate finds the factors, and puts points aside that leave axes to the scenario,
// where factors do not come apart with them.
func (q *survey) separate() bool {
	for {
		if len(q.points) < 2 {
			return false
		}
		q.factors = q.study.factors(q.points)
		if q.model = newAdditive(levelsOf(q.factors, -1), len(q.points)); q.model == nil || len(q.factors) == 0 {
			return false
		}
		whole := slices.DeleteFunc(slices.Clone(q.points), func(p int) bool { return slices.Contains(q.study.Points[p], -1) })
		if len(whole) == len(q.points) || len(whole) < 2 || !slices.Contains(q.model.separable, false) {
			return true
		}
		q.points = whole
	}
}

// answer gives the rows of each statistic.
func (q *survey) answer() [][]SensitivityRow {
	asked := []*question{q.ask("p95"), q.ask("mean")}
	if q.constant() {
		return [][]SensitivityRow{asked[0].rows(), asked[1].rows()}
	}
	q.bootstrap(asked)
	for f := range q.factors {
		q.test(f, asked)
	}
	var all [][]SensitivityRow
	for _, a := range asked {
		all = append(all, a.rows())
	}
	return all
}

// fewest gives how many values the point with the fewest has.
func (q *survey) fewest() int {
	n := q.seeds
	for _, known := range q.order {
		n = min(n, len(known))
	}
	return n
}

// constant tells whether all values are the same: then there is nothing to tell from
// chance.
func (q *survey) constant() bool {
	first := math.NaN()
	for _, of := range q.raw {
		for _, v := range of {
			if math.IsNaN(first) {
				first = v
			}
			if !math.IsNaN(v) && v != first {
				return false
			}
		}
	}
	return true
}

// replicates gives how often seeds are drawn again, or runs change places: enough for
// the bound of all factors together, and not so often that many runs take long.
func (q *survey) replicates() int {
	work := len(q.points) * q.seeds
	if !q.model.balanced {
		work += q.model.columns * q.model.columns
	}
	return min(max(20_000_000/work, 199, 40*len(q.factors)-1), 999)
}

// random gives the numbers of one use.
func (q *survey) random(use uint64) *rand.Rand { return rand.New(rand.NewPCG(0x5e45, q.key<<16|use)) }

// bootstrap draws the seeds of all points again, together.
func (q *survey) bootstrap(asked []*question) {
	if q.seeds < 2 {
		return
	}
	random, times, raw, drawn := q.random(0), make([]int, q.seeds), newFigures(len(q.points)), newFigures(len(q.points))
	if !q.beyond {
		raw = drawn
	}
	for range q.replicates() {
		redraw(random, times)
		if q.weigh(times, q.values, q.observed, drawn); q.beyond {
			q.weigh(times, q.raw, q.measured, raw)
		}
		for _, a := range asked {
			a.redrawn(drawn.of(a.statistic), raw.of(a.statistic))
		}
	}
}

// test finds what chance alone makes of a factor.
func (q *survey) test(f int, asked []*question) {
	if !q.model.separable[f] {
		return
	}
	blocks, inBlocks := q.blocks(&q.factors[f]), 0
	for i := range blocks {
		inBlocks += len(blocks[i].members)
	}
	random := q.random(1 + uint64(f))
	if q.seeds < 2 || 2*inBlocks < len(q.points) {
		for _, a := range asked {
			a.shuffle(f, random)
		}
		return
	}
	for i := range blocks {
		blocks[i].open(q)
	}
	exchanged := newFigures(len(q.points))
	for range q.replicates() {
		q.exchanged(blocks, random, exchanged)
		for _, a := range asked {
			a.exchanged(f, exchanged.of(a.statistic))
		}
	}
}

// ranksOf gives the ranks of values among all of them, those of equal ones being their
// mean. What is not known has none.
func ranksOf(values [][]float64) [][]float64 {
	type place struct{ i, j int }
	var order []place
	ranks := make([][]float64, len(values))
	for i, of := range values {
		ranks[i] = slices.Repeat([]float64{math.NaN()}, len(of))
		for j, v := range of {
			if !math.IsNaN(v) {
				order = append(order, place{i, j})
			}
		}
	}
	at := func(p place) float64 { return values[p.i][p.j] }
	slices.SortFunc(order, func(a, b place) int { return cmp.Compare(at(a), at(b)) })
	for first := 0; first < len(order); {
		last := first + 1
		for last < len(order) && at(order[last]) == at(order[first]) {
			last++
		}
		for _, p := range order[first:last] {
			ranks[p.i][p.j] = float64(first+1+last) / 2
		}
		first = last
	}
	return ranks
}
