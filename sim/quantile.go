package sim

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// Quantile gives the value that a draw of d does not exceed with probability u, from
// 0 to less than 1. Who draws from d in a way of its own (one draw from each of n
// equal parts of it, say) goes through it.
func (d Dist) Quantile(u float64) time.Duration {
	switch d.family {
	case uniform:
		return d.a + time.Duration(u*float64(d.b-d.a))
	case empirical:
		sorted := slices.Sorted(slices.Values(d.samples))
		return sorted[min(int(u*float64(len(sorted))), len(sorted)-1)]
	case exponential:
		return time.Duration(-math.Log1p(-u) * float64(d.a))
	case normal:
		return max(0, d.a+time.Duration(math.Sqrt2*math.Erfinv(2*u-1)*float64(d.b)))
	}
	return d.a
}

// Quantiles gives n values of d of equal probability: those at the middles of n
// equal parts of its cumulative distribution, ascending. Of a constant there is
// one.
func (d Dist) Quantiles(n int) []time.Duration {
	if d.family == constant {
		return []time.Duration{d.a}
	}
	sorted := d
	sorted.samples = slices.Sorted(slices.Values(d.samples))
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = sorted.quantile(i, n)
	}
	return all
}

// quantile gives the value in the middle of the i-th of n parts of d, with integer
// arithmetic where draws have it: a log holds it.
func (d Dist) quantile(i, n int) time.Duration {
	if d.family == normal {
		return d.Quantile((2*float64(i) + 1) / (2 * float64(n)))
	}
	u, _ := bits.Div64(uint64(2*i+1), 0, uint64(2*n))
	return d.at(u)
}

// Mean gives the mean of d; of a normal distribution that of what is cut at 0.
func (d Dist) Mean() time.Duration {
	switch d.family {
	case uniform:
		return d.a + (d.b-d.a)/2
	case empirical:
		sum := 0.0
		for _, s := range d.samples {
			sum += float64(s)
		}
		return time.Duration(math.Round(sum / float64(len(d.samples))))
	case normal:
		if d.b == 0 {
			return d.a
		}
		z := float64(d.a) / float64(d.b)
		below := math.Erfc(-z/math.Sqrt2) / 2 // how much of it is not cut
		return time.Duration(float64(d.a)*below + float64(d.b)*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi))
	}
	return d.a
}
