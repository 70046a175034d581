package metrics

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is that of all intervals, and tail what lies outside on each side.
const (
	confidence = 0.95
	tail       = (1 - confidence) / 2
)

// Proportion is an estimate of a probability with its 95 % interval.
type Proportion struct{ Estimate, Low, High float64 }

// proportion estimates a probability from k of n runs. The interval is Wilson's
// score interval (1927): it does not shrink to a point where k is 0 or n, and
// covers on average what it says (Newcombe 1998).
func proportion(k, n int) Proportion {
	if n == 0 {
		return Proportion{0, 0, 1}
	}
	z := distuv.UnitNormal.Quantile(1 - tail)
	p, z2 := float64(k)/float64(n), z*z/float64(n)
	center, half := (p+z2/2)/(1+z2), z/(1+z2)*math.Sqrt(p*(1-p)/float64(n)+z2/(4*float64(n)))
	i := Proportion{p, max(center-half, 0), min(center+half, 1)}
	if k == 0 {
		i.Low = 0 // whatever rounding makes of it
	}
	if k == n {
		i.High = 1
	}
	return i
}

// Unseen gives the upper 95 % bound for the probability of what did not happen in
// any of n runs: that with which n runs would not show it in 5 % of all cases. It
// is about 3/n (the rule of three).
func Unseen(n int) float64 {
	return 1 - math.Pow(1-confidence, 1/float64(n))
}

// Estimate is a figure with its 95 % interval. An end that so few values do not
// bound is null.
type Estimate struct {
	Value     *float64
	Low, High *float64
}

// mean estimates the mean of values that are never negative, with the part of
// Student's t interval that is not; of one value there is none.
func mean(values []float64) Estimate {
	e := student(values)
	if e.Low != nil {
		e.Low = new(max(*e.Low, 0))
	}
	return e
}

// student estimates a mean with Student's t interval; of one value there is none.
// Of values that are all equal it is that value, whatever rounding makes of it.
func student(values []float64) Estimate {
	m, s := stat.MeanStdDev(values, nil)
	n := float64(len(values))
	switch {
	case len(values) < 2:
		return Estimate{Value: &m}
	case slices.Min(values) == slices.Max(values):
		return Estimate{new(values[0]), new(values[0]), new(values[0])}
	}
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(1-tail) * s / math.Sqrt(n)
	return Estimate{&m, new(m - half), new(m + half)}
}

// percentile estimates a percentile of values in ascending order: the least value
// that percent of them do not exceed, so one that occurred. The interval is that
// of order statistics, whatever the distribution: between which of them the true
// percentile lies follows from the binomial distribution alone (David and
// Nagaraja, Order Statistics, section 7.1).
//
// Beyond is how many more there are that are higher than all of these, though
// nobody knows how high: a figure that is one of them is null.
func percentile(values []float64, beyond, percent int) Estimate {
	n := len(values) + beyond
	low, high := ranks(n, float64(percent)/100)
	at := func(rank int) *float64 {
		if rank < 1 || rank > len(values) {
			return nil
		}
		return new(values[rank-1])
	}
	return Estimate{at((n*percent + 99) / 100), at(low), at(high)}
}

// ranks gives the ranks, from 1, of the order statistics that enclose a quantile;
// less than 1 or more than n: none does.
func ranks(n int, quantile float64) (low, high int) {
	below := distuv.Binomial{N: float64(n), P: quantile} // how many values are less than the true quantile
	low = sort.Search(n, func(k int) bool { return below.CDF(float64(k)) > tail })
	high = 1 + sort.Search(n, func(k int) bool { return 1-below.CDF(float64(k)) <= tail })
	return low, high
}
