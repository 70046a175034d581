package metrics

import (
	"math"
	"math/big"
	"testing"
)

// Newcombe (Statistics in Medicine 17, 1998, table I, method 3) gives Wilson's
// interval for these.
func TestProportionIsThatOfNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}} {
		p := proportion(c.k, c.n)
		if math.Abs(p.Low-c.low) > 5e-5 || math.Abs(p.High-c.high) > 5e-5 || p.Estimate != float64(c.k)/float64(c.n) {
			t.Errorf("%d of %d: %+v, not %v to %v", c.k, c.n, p, c.low, c.high)
		}
	}
	if p := proportion(7, 7); p.High != 1 || p.Low <= 0 {
		t.Errorf("7 of 7: %+v", p)
	}
	if p := proportion(0, 0); p.Low != 0 || p.High != 1 {
		t.Errorf("nothing is known from no run: %+v", p)
	}
}

// Of something with the probability that Unseen gives, n runs show nothing in 5 %
// of all cases; for many runs it is the rule of three.
func TestUnseen(t *testing.T) {
	for _, n := range []int{1, 2, 10, 200, 1_000_000} {
		if p := math.Pow(1-Unseen(n), float64(n)); math.Abs(p-0.05) > 1e-9 {
			t.Errorf("%d runs: %v", n, p)
		}
	}
	if three := Unseen(1000) * 1000; three < 2.98 || three > 3 {
		t.Errorf("1000 runs: %v", three)
	}
}

// The interval of the mean of 1 to 10, worked out by hand: 5.5 ± 2.2622 × 3.0277 / √10.
func TestMean(t *testing.T) {
	m := mean([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	if *m.Value != 5.5 || math.Abs(*m.Low-3.3341) > 1e-4 || math.Abs(*m.High-7.6659) > 1e-4 {
		t.Errorf("%v (%v to %v)", *m.Value, *m.Low, *m.High)
	}
	if m := mean([]float64{3}); *m.Value != 3 || m.Low != nil || m.High != nil {
		t.Error("one value has no interval", m)
	}
	if m := mean([]float64{0, 0, 9}); *m.Low != 0 {
		t.Errorf("a duration is not negative: %v", *m.Low)
	}
}

// The ranks for the median are those of the tables (Conover, Practical
// Nonparametric Statistics): n = 10: 2nd and 9th, 20: 6th and 15th, 25: 8th and
// 18th, 100: 40th and 61st.
func TestRanksOfTheMedian(t *testing.T) {
	for n, want := range map[int][2]int{5: {0, 6}, 6: {1, 6}, 10: {2, 9}, 20: {6, 15}, 25: {8, 18}, 100: {40, 61}} {
		if low, high := ranks(n, 0.5); low != want[0] || high != want[1] {
			t.Errorf("%d values: %d and %d, not %v", n, low, high, want)
		}
	}
}

// By exact fractions: outside of the ranks lies at most 2.5 % on each side, and
// the next ranks inside would leave more.
func TestRanksAreTheClosestThatCover(t *testing.T) {
	most := big.NewRat(25, 1000)
	for _, percent := range []int64{50, 95, 99} {
		for _, n := range []int{1, 2, 7, 40, 71, 72, 200, 367, 368, 400} {
			low, high := ranks(n, float64(percent)/100)
			below := cumulative(n, big.NewRat(percent, 100))
			above := func(k int) *big.Rat { return new(big.Rat).Sub(big.NewRat(1, 1), below[k]) }
			if low > 0 && below[low-1].Cmp(most) > 0 || below[low].Cmp(most) <= 0 && low < n {
				t.Errorf("%d values, percentile %d: the lower rank %d", n, percent, low)
			}
			if high <= n && above(high-1).Cmp(most) > 0 || high > 1 && above(high-2).Cmp(most) <= 0 {
				t.Errorf("%d values, percentile %d: the upper rank %d", n, percent, high)
			}
		}
	}
	for n, bounded := range map[int]bool{71: false, 72: true} {
		if _, high := ranks(n, 0.95); (high <= n) != bounded {
			t.Errorf("%d values bound the 95th percentile: %v", n, !bounded)
		}
	}
	for n, bounded := range map[int]bool{367: false, 368: true} {
		if _, high := ranks(n, 0.99); (high <= n) != bounded {
			t.Errorf("%d values bound the 99th percentile: %v", n, !bounded)
		}
	}
}

// cumulative gives the binomial distribution function for 0 to n, exactly.
func cumulative(n int, p *big.Rat) []*big.Rat {
	q := new(big.Rat).Sub(big.NewRat(1, 1), p)
	power := func(x *big.Rat, k int) *big.Rat {
		e := big.NewInt(int64(k))
		return new(big.Rat).SetFrac(new(big.Int).Exp(x.Num(), e, nil), new(big.Int).Exp(x.Denom(), e, nil))
	}
	sum, all := new(big.Rat), []*big.Rat{}
	for k := range n + 1 {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
		sum.Add(sum, term.Mul(term, power(p, k)).Mul(term, power(q, n-k)))
		all = append(all, new(big.Rat).Set(sum))
	}
	return all
}

// A percentile is a value that occurred: the least that is not exceeded by more
// than the rest.
func TestPercentileOccurred(t *testing.T) {
	values := make([]float64, 100)
	for i := range values {
		values[i] = float64(i + 1)
	}
	for percent, want := range map[int]float64{50: 50, 95: 95, 99: 99} {
		if e := percentile(values, 0, percent); *e.Value != want {
			t.Errorf("percentile %d of 1 to 100: %v", percent, *e.Value)
		}
	}
	for _, percent := range []int{50, 95} {
		if e := percentile([]float64{7}, 0, percent); *e.Value != 7 || e.Low != nil || e.High != nil {
			t.Errorf("percentile %d of one value: %+v", percent, e)
		}
	}
}
