package sim

import (
	"math"
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
