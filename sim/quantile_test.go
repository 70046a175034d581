package sim

import (
	"math"
	"testing"
	"time"
)

// The quantiles of a distribution are those of its draws, and so is its mean: of
// 200,000 draws as many as u are at most the quantile of u, and they have its mean,
// within four standard deviations.
func TestQuantilesAreThoseOfDraws(t *testing.T) {
	const n = 200_000
	for _, text := range []string{
		"5s", "uniform(2s, 9s)", "exponential(4h)", "normal(60s, 5s)", "normal(1s, 2s)", "normal(3s, 0s)", "empirical(1s, 4s, 2s, 2s)", "measured",
	} {
		d, err := ParseDist(text)
		if err != nil {
			t.Fatal(err)
		}
		draws, sum, squares := make([]float64, n), 0.0, 0.0
		for i := range draws {
			draws[i] = float64(Draw(1, d, KeyOf("test").Int(uint64(i))))
			sum, squares = sum+draws[i], squares+draws[i]*draws[i]
		}
		mean := sum / n
		sd := math.Sqrt(math.Max(0, squares/n-mean*mean))
		if far := math.Abs(mean - float64(d.Mean())); far > 4*sd/math.Sqrt(n)+1 {
			t.Errorf("%s: the mean of draws is %v, not %v", text, time.Duration(mean), d.Mean())
		}
		for _, u := range []float64{0.05, 0.3, 0.5, 0.9, 0.99} {
			below, least := 0.0, 0.0 // how many draws are at most the quantile, and less than it
			q := float64(d.Quantile(u))
			for _, x := range draws {
				if x <= q {
					below++
				}
				if x < q {
					least++
				}
			}
			slack := 4 * math.Sqrt(u*(1-u)/n)
			if below/n < u-slack || least/n > u+slack {
				t.Errorf("%s: %v is at least %.4f and at most %.4f of the draws, not %.2f", text, d.Quantile(u), least/n, below/n, u)
			}
		}
	}
}
