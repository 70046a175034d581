package metrics

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// figures is a statistic of each kind, by point.
type figures struct{ p95, mean []float64 }

func newFigures(points int) *figures {
	return &figures{make([]float64, points), make([]float64, points)}
}

// of gives the statistic of a name.
func (f *figures) of(statistic string) []float64 {
	if statistic == "mean" {
		return f.mean
	}
	return f.p95
}

// sortSeeds prepares weigh: of each point the seeds that have a value, from the
// highest on.
func (q *survey) sortSeeds() {
	q.order = make([][]int32, len(q.points))
	for i, values := range q.raw {
		for seed, v := range values {
			if !math.IsNaN(v) {
				q.order[i] = append(q.order[i], int32(seed))
			}
		}
		slices.SortFunc(q.order[i], func(a, b int32) int { return cmp.Compare(values[b], values[a]) })
	}
}

// weigh gives the figures of all points, of raw or of values, where each seed counts as
// often as is said. Where none is left that a point has a value of, it keeps its own.
func (q *survey) weigh(times []int, all [][]float64, own, into *figures) {
	for i, order := range q.order {
		values, n, sum := all[i], 0, 0.0
		for seed, t := range times {
			if v := values[seed]; t > 0 && v == v { // else there is none
				n += t
				sum += float64(t) * v
			}
		}
		if n == 0 {
			into.mean[i], into.p95[i] = own.mean[i], own.p95[i]
			continue
		}
		into.mean[i] = sum / float64(n)
		left := above(n)
		for _, seed := range order {
			if left -= times[seed]; left <= 0 {
				into.p95[i] = values[seed]
				break
			}
		}
	}
}

// redraw draws as many seeds as there are, each as often as it comes: a run of one
// seed is drawn of all points together, as they share what luck it has.
func redraw(random *rand.Rand, times []int) {
	clear(times)
	for range times {
		times[random.IntN(len(times))]++
	}
}
