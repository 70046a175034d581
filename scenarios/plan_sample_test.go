package scenarios

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var modes = []string{"random", "latin-hypercube", "halton"}

// The same seed gives the same points, and another one others.
func TestSamplesFollowTheSeed(t *testing.T) {
	for _, mode := range modes {
		points := func(seed uint64) *Plan {
			return plan(t, small, PlanOptions{Axes: []string{"x=interval(0s,10s)", "y=a,b,c", "z=interval(1,100)"}, Sampling: mode, Samples: 50, Seed: seed})
		}
		a, again, other := points(7), points(7), points(8)
		if !reflect.DeepEqual(a.Points, again.Points) || !reflect.DeepEqual(a.Axes, again.Axes) {
			t.Errorf("%s: the same seed gives\n%v\n%v", mode, a.Axes, again.Axes)
		}
		if reflect.DeepEqual(a.Axes, other.Axes) {
			t.Errorf("%s: another seed gives the same", mode)
		}
	}
}

// Of n samples of a Latin hypercube, each of n equal parts of each axis has one;
// rounding moves none out of its part.
func TestLatinHypercubeFillsEachPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "samples")
		from, width := rapid.IntRange(0, 1000).Draw(t, "from"), rapid.IntRange(1, 10000).Draw(t, "width")
		axis := fmt.Sprintf("interval(%dms,%dms)", from, from+width)
		p := plan(t, small, PlanOptions{Axes: []string{"x=" + axis, "y=" + axis, fmt.Sprintf("z=interval(%d.5,%d.5)", from, from+width)}, Sampling: "latin-hypercube", Samples: n, Seed: rapid.Uint64().Draw(t, "seed")})
		if len(p.Points) != n {
			t.Fatalf("%d points, not %d", len(p.Points), n)
		}
		for a, axis := range p.Axes {
			lo, wide := float64(from)*1e6, float64(width)*1e6
			if a == 2 {
				lo, wide = float64(from)+0.5, float64(width)
			}
			numbers := slices.Sorted(slices.Values(axis.Numbers))
			for i, v := range numbers {
				part := (v - lo) / wide * float64(n)
				if part < float64(i)-1e-6 || part >= float64(i+1)+1e-6 {
					t.Fatalf("axis %d: value %d of %d is %v, in part %v", a, i, n, axis.Values, part)
				}
			}
		}
	})
}

// The values of a list, those of a range and whole numbers are strata of equal
// probability: with as many samples as there are values, each is there once.
func TestLatinHypercubeOfSingleValues(t *testing.T) {
	for seed := range uint64(20) {
		p := plan(t, small, PlanOptions{
			Axes:     []string{"x=a,b,c,d,e,f", "y=range(0s,25s,5s)", "z=interval(-2,3)"},
			Sampling: "latin-hypercube", Samples: 6, Seed: seed,
		})
		for _, a := range p.Axes {
			if len(a.Values) != 6 {
				t.Errorf("seed %d: %s has %v", seed, a.Name, a.Values)
			}
		}
	}
}

// All samples are of the interval, whatever its kind and its size.
func TestSamplesStayInside(t *testing.T) {
	for _, mode := range modes {
		for _, c := range []struct {
			interval string
			lo, hi   float64
			unit     string
		}{
			{"interval(30s,180s)", 30e9, 180e9, "ns"},
			{"interval(0ns,3ns)", 0, 3, "ns"},
			{"interval(1ns,2ns)", 1, 2, "ns"},
			{"interval(0s,800000h)", 0, 2.88e18, "ns"},
			{"interval(1Mbps,1Gbps)", 1e6, 1e9, "bps"},
			{"interval(64B,9000B)", 64, 9000, "B"},
			{"interval(-3,3)", -3, 3, ""},
			{"interval(0.1,0.2)", 0.1, 0.2, ""},
			{"interval(0,1.0)", 0, 1, ""},
			{"interval(0.0000000001,0.0000000002)", 1e-10, 2e-10, ""},
		} {
			p := plan(t, small, PlanOptions{Axes: []string{"x=" + c.interval}, Sampling: mode, Samples: 500, Seed: 5})
			a := p.Axes[0]
			if a.Unit != c.unit || slices.Min(a.Numbers) < c.lo || slices.Max(a.Numbers) > c.hi {
				t.Errorf("%s of %s: %v", mode, c.interval, a)
			}
		}
	}
}

// Values are rounded as the reference says: 64 samples of 150 s to 1 ms, whole
// numbers to whole numbers.
func TestSamplesAreRounded(t *testing.T) {
	for _, c := range []struct {
		interval string
		unit     float64
	}{{"interval(30s,180s)", 1e6}, {"interval(0s,64s)", 1e6}, {"interval(0s,63s)", 1e5}, {"interval(1Gbps,2Gbps)", 1e4}, {"interval(1,50)", 1}, {"interval(64B,1500B)", 1}} {
		p := plan(t, small, PlanOptions{Axes: []string{"x=" + c.interval}, Sampling: "random", Samples: 64, Seed: 2})
		fine := 0
		for _, n := range p.Axes[0].Numbers {
			if math.Mod(n, c.unit) != 0 {
				t.Errorf("%s: %v is no multiple of %v", c.interval, n, c.unit)
			}
			if math.Mod(n, 10*c.unit) != 0 {
				fine++
			}
		}
		if fine == 0 {
			t.Errorf("%s: all are multiples of %v", c.interval, 10*c.unit)
		}
	}
}

// Scrambling keeps what makes a van der Corput sequence of base b: of each b^k
// samples that follow a multiple of b^k, each of b^k equal parts has one.
func TestHaltonFillsEachPart(t *testing.T) {
	for axis, base := range []int{2, 3, 5, 7} {
		for seed := range uint64(10) {
			for parts := base; parts <= 400; parts *= base {
				u := draw("halton", 3*parts, 4, seed)
				for block := range 3 {
					seen := map[int]bool{}
					for _, row := range u[block*parts : (block+1)*parts] {
						seen[int(row[axis]*float64(parts)+1e-9)] = true
					}
					if len(seen) != parts {
						t.Errorf("base %d, seed %d: %d samples are in %d of %d parts", base, seed, parts, len(seen), parts)
					}
				}
			}
		}
	}
}

// Halton's samples lie more evenly in the plane than independent ones: their star
// discrepancy is a small part of that, and falls faster than 1/sqrt(n).
func TestHaltonIsEven(t *testing.T) {
	mean := func(mode string, n int) float64 {
		sum := 0.0
		for seed := range uint64(20) {
			sum += starDiscrepancy(draw(mode, n, 2, seed))
		}
		return sum / 20
	}
	for _, n := range []int{64, 256} {
		halton, random := mean("halton", n), mean("random", n)
		if halton > random/2 {
			t.Errorf("%d samples: discrepancy %.4f, of independent ones %.4f", n, halton, random)
		}
	}
	if small, large := mean("halton", 64), mean("halton", 512); large > small/4 { // independent ones: by sqrt(8) = 2.8
		t.Errorf("eight times the samples: discrepancy %.4f, before %.4f", large, small)
	}
}

// starDiscrepancy is by how much the share of the points in a box from the origin
// differs from its area, at most, by its definition.
func starDiscrepancy(points [][]float64) float64 {
	worst, n := 0.0, float64(len(points))
	xs, ys := []float64{1}, []float64{1}
	for _, p := range points {
		xs, ys = append(xs, p[0]), append(ys, p[1])
	}
	slices.Sort(xs)
	for _, y := range ys {
		var below, upTo []float64
		for _, p := range points {
			if p[1] < y {
				below = append(below, p[0])
			}
			if p[1] <= y {
				upTo = append(upTo, p[0])
			}
		}
		slices.Sort(below)
		slices.Sort(upTo)
		for _, x := range xs {
			open, _ := slices.BinarySearch(below, x)
			closed, _ := slices.BinarySearch(upTo, math.Nextafter(x, 2))
			worst = max(worst, x*y-float64(open)/n, float64(closed)/n-x*y)
		}
	}
	return worst
}

// The definition itself: one point in the middle leaves out nearly three quarters.
func TestStarDiscrepancy(t *testing.T) {
	for _, c := range []struct {
		points [][]float64
		want   float64
	}{
		{[][]float64{{0.5, 0.5}}, 0.75},
		{[][]float64{{0, 0}}, 1},
		{[][]float64{{0.25, 0.25}, {0.25, 0.75}, {0.75, 0.25}, {0.75, 0.75}}, 0.4375},
	} {
		if got := starDiscrepancy(c.points); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: %v, want %v", c.points, got, c.want)
		}
	}
}

// Twenty samples of ten axes, of which the last have the bases 23 and 29: these two
// do not rise together, as they do in the sequence as it stands.
func TestHaltonAxesAreIndependent(t *testing.T) {
	sum := 0.0
	for seed := range uint64(50) {
		u := draw("halton", 20, 10, seed)
		sum += math.Abs(correlation(u, 8, 9))
	}
	if mean := sum / 50; mean > 0.3 { // of independent ones 0.18
		t.Errorf("correlation %.2f", mean)
	}
	plain := make([][]float64, 20)
	for i := range plain {
		plain[i] = []float64{radicalInverse(i, 23), radicalInverse(i, 29)}
	}
	if c := math.Abs(correlation(plain, 0, 1)); c < 0.99 {
		t.Errorf("the sequence as it stands has correlation %.2f", c)
	}
}

// radicalInverse mirrors the digits of i at the point.
func radicalInverse(i, base int) float64 {
	v, digit := 0.0, 1.0
	for ; i > 0; i /= base {
		digit /= float64(base)
		v += digit * float64(i%base)
	}
	return v
}

func correlation(u [][]float64, a, b int) float64 {
	n := float64(len(u))
	var ma, mb, sab, saa, sbb float64
	for _, row := range u {
		ma, mb = ma+row[a]/n, mb+row[b]/n
	}
	for _, row := range u {
		sab, saa, sbb = sab+(row[a]-ma)*(row[b]-mb), saa+(row[a]-ma)*(row[a]-ma), sbb+(row[b]-mb)*(row[b]-mb)
	}
	return sab / math.Sqrt(saa*sbb)
}
