package chart

import (
	"fmt"
	"strings"
	"testing"

	"dualhome/metrics"
)

// TestPiecesOfACourse: one change in a bin stays where it is, more become the mean of
// the bin over time, and what holds for long is one piece.
func TestPiecesOfACourse(t *testing.T) {
	c := newCourse(grid{linear(nanoseconds, 0, 100, 0, 10), 1}, 1)
	for _, step := range [][2]int64{{0, 1}, {25, 2}, {51, 3}, {53, 4}, {57, 3}, {58, 3}, {90, 0}} {
		c.to(step[0], []float64{float64(step[1])})
	}
	var got strings.Builder
	for _, p := range c.end() {
		fmt.Fprintf(&got, "%.2f-%.2f %.2f %v; ", p.from, p.to, p.v[0], p.several)
	}
	// From 50 to 60: 2 for 1, 3 for 2, 4 for 4, 3 for 3.
	if want := "0.00-2.50 1.00 false; 2.50-5.00 2.00 false; 5.00-6.00 3.30 true; 6.00-9.00 3.00 false; 9.00-10.00 0.00 false; "; got.String() != want {
		t.Errorf("the pieces are %s\nnot %s", got.String(), want)
	}
}

// TestMarksAreHigherForMore: one change is a line where it is; several in one bin are as
// wide as the bin and higher.
func TestMarksAreHigherForMore(t *testing.T) {
	a := newTally(grid{linear(nanoseconds, 0, 1000, 0, 100), 10})
	for at, n := range map[int64]int{50: 1, 230: 2, 490: 9, 710: 10, 799: 90, 1001: 5} {
		for range n {
			a.add(at)
		}
	}
	n := &node{attrs: map[string]string{"d": a.grown(0, 10)}}
	for _, want := range []struct{ from, to, area float64 }{
		{0, 10, tickWidth * 6}, {4, 6, tickWidth * 6}, {20, 30, 80}, {40, 50, 80}, {70, 80, 100}, {80, 100, 0},
	} {
		if got := n.filled(want.from, want.to); got != want.area {
			t.Errorf("from %v to %v: %v, not %v", want.from, want.to, got, want.area)
		}
	}
	if a.all != 112 || a.most() != 100 {
		t.Errorf("%d in all, at most %d", a.all, a.most())
	}
}

// TestDensityCountsEverything: the bars of many actors are as high as their counts.
func TestDensityCountsEverything(t *testing.T) {
	r := &metrics.Result{}
	set(&r.Horizon, int64(806e9))
	for i := range 30 {
		for range 1 + i%2*9 {
			r.Routes = append(r.Routes, metrics.Route{T: int64(i/2)*50e9 + 25e9, Actor: fmt.Sprint("r", i), Table: "loc-rib"})
		}
	}
	root := tidy(t, "density", Timeline(r, 0, 0, TimelineOptions{}))
	lane := root.all("density")[0]
	bars := lane.all("tick-best")[0]
	heights := map[string]bool{}
	for _, s := range bars.slabs() {
		heights[n(s.height)] = true
	}
	if len(heights) != 2 || !heights["0"] || !heights["40"] { // each bin has 11 of at most 11, and 40 is all of the lane
		t.Errorf("the bars are %v high", heights)
	}
}
