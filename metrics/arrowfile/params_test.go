package arrowfile

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"dualhome/metrics"
)

// point has the columns that follow from it.
type point struct {
	Point  int64    `arrow:"point"`
	Hold   *string  `arrow:"param.hold,dict"`
	HoldNS *float64 `arrow:"value.hold"`
	Design *string  `arrow:"param.design,dict"`
}

func threePoints() Params {
	return Params{
		Axes:   []Axis{{Name: "hold", Values: []string{"60s", "3m"}, Numbers: []float64{60e9, 180e9}}, {Name: "design", Values: []string{"b", "a"}}},
		Points: [][]int{{0, 1}, {1, -1}, {-1, 0}},
	}
}

// runs.arrow and summary.arrow say of each row which parameters it had; what reads
// them without goes on.
func TestParams(t *testing.T) {
	parts := blocksOf(t, 5, 2, 0, func(b *Block, run int64) {
		b.End(metrics.Run{Run: run, Point: run * 2 % 3}, &metrics.Tables{})
	})
	dir := t.TempDir()
	for _, write := range WriteSweep(dir, parts, slices.Values([]metrics.SummaryRow{{Point: 2}, {Point: 1}}), threePoints(), 0, meta()) {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	of := []point{{0, new("60s"), new(60e9), new("a")}, {1, new("3m"), new(180e9), nil}, {2, nil, nil, new("b")}}
	for name, want := range map[string][]point{"runs": {of[0], of[2], of[1], of[0], of[2]}, "summary": {of[2], of[1]}} {
		got, _, err := Read[point](filepath.Join(dir, name+".arrow"), name)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v (%v)", name, got, err)
		}
	}
	if runs, _, err := Read[metrics.Run](filepath.Join(dir, "runs.arrow"), "runs"); err != nil || len(runs) != 5 || runs[4].Point != 2 {
		t.Errorf("%+v %v", runs, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Error(files)
	}
}

// A run of a point that the sweep does not have is an error, not a row without
// parameters.
func TestNoSuchPoint(t *testing.T) {
	for _, point := range []int64{-1, 3} {
		parts := blocksOf(t, 1, 1, 0, func(b *Block, run int64) { b.End(metrics.Run{Run: run, Point: point}, &metrics.Tables{}) })
		dir := t.TempDir()
		var errs []error
		for _, write := range WriteSweep(dir, parts, noSummary, threePoints(), 0, meta()) {
			errs = append(errs, write())
		}
		if err := errors.Join(errs...); !errors.Is(err, ErrFile) {
			t.Errorf("point %d: %v", point, err)
		}
	}
}
