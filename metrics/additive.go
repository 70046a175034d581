package metrics

import "slices"

// additive is a model in which each factor adds its part to a figure of points, by the
// level that it has there: the main effects of an analysis of variance. It is fitted
// by least squares, so that what a level adds is told from what the others add that
// are more often with it where some points are missing (adjusted means: Searle, Speed
// and Milliken, The American Statistician 34, 1980). Where each level meets all others
// equally often, as in a whole grid, that is the mean over the points with it.
type additive struct {
	points    int
	levels    [][]int     // by factor, by point: from 0
	counts    [][]float64 // by factor: the points with each level
	balanced  bool        // each level meets all others equally often
	columns   int
	inverse   []float64 // of X'X, by rows, where it is not balanced
	separable []bool    // by factor: what its levels add can be told from the rest
}

// mostColumns bounds what takes its cube in time.
const mostColumns = 400

// newAdditive prepares the fits of figures of points with these levels. Nil: there are
// too many of them.
func newAdditive(levels [][]int, points int) *additive {
	a := &additive{points: points, levels: levels, columns: 1}
	for _, of := range levels {
		counts := make([]float64, 1+slices.Max(of))
		for _, l := range of {
			counts[l]++
		}
		a.counts, a.columns = append(a.counts, counts), a.columns+len(counts)
		a.separable = append(a.separable, true)
	}
	if a.balanced = a.proportional(); a.balanced {
		return a
	}
	if a.columns > mostColumns {
		return nil
	}
	var full int
	a.inverse, full = sweep(a.gram(-1), a.columns)
	for f := range levels {
		_, without := sweep(a.gram(f), a.columns)
		a.separable[f] = full-without == len(a.counts[f])-1
	}
	return a
}

// proportional tells whether the levels of each two factors meet as often as their
// frequencies say: then the factors do not mix.
func (a *additive) proportional() bool {
	for f := range a.levels {
		for g := range f {
			if len(a.counts[f])*len(a.counts[g]) > a.points {
				return false // some do not meet
			}
			together := make([]int, len(a.counts[f])*len(a.counts[g]))
			for p := range a.points {
				together[a.levels[f][p]*len(a.counts[g])+a.levels[g][p]]++
			}
			for i, n := range together {
				if float64(n*a.points) != a.counts[f][i/len(a.counts[g])]*a.counts[g][i%len(a.counts[g])] {
					return false
				}
			}
		}
	}
	return true
}

// gram gives X'X without a factor: a column for the mean and one for each level.
func (a *additive) gram(without int) []float64 {
	x := make([]float64, a.columns*a.columns)
	row := make([]int, 0, 1+len(a.levels))
	for p := range a.points {
		row = append(row[:0], 0)
		first := 1
		for f := range a.levels {
			if f != without {
				row = append(row, first+a.levels[f][p])
			}
			first += len(a.counts[f])
		}
		for _, i := range row {
			for _, j := range row {
				x[i*a.columns+j]++
			}
		}
	}
	return x
}

// sweep gives a generalized inverse of a symmetric matrix of counts, and its rank:
// what follows from columns before is left out (Goodnight, A Tutorial on the SWEEP
// Operator, The American Statistician 33, 1979).
func sweep(x []float64, n int) (inverse []float64, rank int) {
	diagonal := make([]float64, n)
	for k := range n {
		diagonal[k] = x[k*n+k]
	}
	for k := range n {
		pivot := x[k*n+k]
		if diagonal[k] == 0 || pivot < 1e-9*diagonal[k] {
			for i := range n {
				x[i*n+k], x[k*n+i] = 0, 0
			}
			continue
		}
		rank++
		pivotRow := x[k*n : (k+1)*n]
		for i := range n {
			if i == k || x[i*n+k] == 0 {
				continue
			}
			b := x[i*n+k] / pivot
			row := x[i*n : (i+1)*n]
			for j := range n {
				row[j] -= b * pivotRow[j]
			}
			row[k] = -b
		}
		for j := range n {
			pivotRow[j] /= pivot
		}
		pivotRow[k] = 1 / pivot
	}
	return x, rank
}

// fit gives the mean of a figure at each level, by factor, were the points with it
// like all others but for that level; and the mean over all points.
func (a *additive) fit(y []float64) (means [][]float64, mean float64) {
	for _, v := range y {
		mean += v / float64(a.points)
	}
	means = make([][]float64, len(a.levels))
	sums := make([]float64, a.columns)
	first := 1
	for f, of := range a.levels {
		for p, v := range y {
			sums[first+of[p]] += v - mean
		}
		first += len(a.counts[f])
	}
	first = 1
	for f, counts := range a.counts {
		means[f] = make([]float64, len(counts))
		center := 0.0
		for l := range counts {
			m := sums[first+l] / counts[l]
			if !a.balanced {
				m = dot(a.inverse[(first+l)*a.columns:][:a.columns], sums)
			}
			means[f][l] = m
			center += m * counts[l] / float64(a.points)
		}
		for l := range means[f] {
			means[f][l] += mean - center
		}
		first += len(counts)
	}
	return means, mean
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// predict gives what the fit says of each point.
func (a *additive) predict(means [][]float64, mean float64) []float64 {
	all := make([]float64, a.points)
	for p := range all {
		all[p] = mean
		for f, of := range a.levels {
			all[p] += means[f][of[p]] - mean
		}
	}
	return all
}

// spread gives how much a factor moves a figure: the range of its means, and their
// variance over the points.
func (a *additive) spread(factor int, means [][]float64, mean float64) (span, variance float64) {
	of := means[factor]
	for l, m := range of {
		variance += a.counts[factor][l] / float64(a.points) * (m - mean) * (m - mean)
	}
	return slices.Max(of) - slices.Min(of), variance
}
