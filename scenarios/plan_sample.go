package scenarios

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// sampleAll draws the points of a plan that is no grid. Two samples with the same
// values would be the same runs: the second is left out.
func (s *sweep) sampleAll(t *table, o PlanOptions) [][]int {
	var rows [][]int
	known := map[string]bool{}
	for _, u := range draw(s.sampling, s.samples, len(s.axes), o.Seed) {
		row := make([]int, len(s.axes))
		for a, axis := range s.axes {
			row[a] = t.put(a, axis.sample(u[a], s.samples))
		}
		if key := fmt.Sprint(row); !known[key] {
			known[key] = true
			rows = append(rows, row)
		}
	}
	if again := s.samples - len(rows); again > 0 {
		s.report.warn(s.start(o), fmt.Sprintf("%d of %d samples have the values of others and are left out: %d points", again, s.samples, len(rows)), "fewer samples, more values, or sampling grid")
	}
	return rows
}

// sample gives the value that u, from 0 and below 1, stands for.
func (a *axis) sample(u float64, samples int) setting {
	if a.span != nil {
		return a.made(a.span.sample(u, samples))
	}
	return a.values[stratum(u, a.size()).Int64()]
}

// draw gives n points of the unit cube, coordinates from 0 and below 1. Halton's
// sequence is scrambled, by a random permutation of each digit (Owen 2017, arXiv
// 1706.02808): as it stands, it begins at the origin, and as long as it has fewer
// samples than a base, two axes of large bases rise together, on a line.
func draw(mode string, n, axes int, seed uint64) [][]float64 {
	src := rand.NewPCG(seed, 0)
	batch := mat.NewDense(n, axes, nil)
	cube := distmv.NewUnitUniform(axes, src)
	switch mode {
	case "random":
		samplemv.IID{Dist: cube}.Sample(batch)
	case "latin-hypercube":
		samplemv.LatinHypercube{Q: cube, Src: src}.Sample(batch)
	case "halton":
		samplemv.Halton{Kind: samplemv.Owen, Q: cube, Src: src}.Sample(batch)
	}
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = batch.RawRowView(i)
		for j, u := range rows[i] {
			rows[i][j] = min(u, math.Nextafter(1, 0)) // a sum of digits may be rounded up
		}
	}
	return rows
}
