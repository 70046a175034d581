package metrics

import (
	"math"
	"testing"
)

// recordOf is a record of one figure; nil: a run without.
func recordOf(t *testing.T, f Figure, values ...*int64) *Record {
	t.Helper()
	var r Record
	for _, v := range values {
		if err := r.Add([]Reading{{f, v}}); err != nil {
			t.Fatal(err)
		}
	}
	return &r
}

func counts(values ...int64) (all []*int64) {
	for _, v := range values {
		all = append(all, &v)
	}
	return all
}

func lossFigure() Figure { return Figure{Quantity: Quantity{"dies", "web", "two-way", "outage_ns"}} }

func detectionFigure() Figure {
	return Figure{Quantity: Quantity{Disturbance: "dies", Measure: "detection_ns"}}
}

// Student's own example: hours of sleep that two drugs gained in ten patients ("The
// probable error of a mean", Biometrika 6, 1908), here in tenths. The interval is
// what R's t.test(extra ~ group, data = sleep, paired = TRUE) prints: 1.58 hours,
// 0.7001142 to 2.4598858.
func TestPairedSleep(t *testing.T) {
	a := recordOf(t, lossFigure(), counts(7, -16, -2, -12, -1, 34, 37, 8, 0, 20)...)
	b := recordOf(t, lossFigure(), counts(19, 8, 11, 1, -1, 44, 55, 16, 46, 34)...)
	p := Pair(a, b, lossFigure())
	if d := p.Difference; p.N != 10 || !near(*d.Value, 15.8, 1e-9) || !near(*d.Low, 7.001142, 1e-6) || !near(*d.High, 24.598858, 1e-6) {
		t.Errorf("%d pairs: %v, %v to %v", p.N, *d.Value, *d.Low, *d.High)
	}
	back := Pair(b, a, lossFigure()).Difference // below zero, and not cut there
	if !near(*back.Value, -15.8, 1e-9) || !near(*back.Low, -24.598858, 1e-6) || !near(*back.High, -7.001142, 1e-6) {
		t.Errorf("%v, %v to %v", *back.Value, *back.Low, *back.High)
	}
}

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// Designs that differ by the same in each run differ by just that.
func TestEqualDifferencesAreCertain(t *testing.T) {
	a := recordOf(t, lossFigure(), counts(163_700_000_001, 142_800_000_003, 5)...)
	b := recordOf(t, lossFigure(), counts(163_700_000_008, 142_800_000_010, 12)...)
	for to, want := range map[*Record]float64{a: 0, b: 7} {
		if d := Pair(a, to, lossFigure()).Difference; *d.Value != want || *d.Low != want || *d.High != want {
			t.Errorf("%v, %v to %v, not %v", *d.Value, *d.Low, *d.High, want)
		}
	}
}

// A loss that nobody knows the end of leaves no difference; of what did not happen
// there is one of the other pairs. Both are counted.
func TestPairsWithoutFigure(t *testing.T) {
	four, seven := int64(4), int64(7)
	for f, want := range map[Figure]bool{lossFigure(): false, detectionFigure(): true} {
		a, b := recordOf(t, f, &four, nil, &four, nil), recordOf(t, f, &seven, &seven, nil, nil)
		p := Pair(a, b, f)
		if p.N != 1 || p.OnlyA != 1 || p.OnlyB != 1 || p.Neither != 1 || (p.Difference.Value != nil) != want || p.Difference.Low != nil {
			t.Errorf("%s: %+v", f.Measure, p)
		}
		if l := a.Level(f); l.N != 2 || l.Nulls != 2 || (l.Mean.Value != nil) != want {
			t.Errorf("%s: %+v", f.Measure, l)
		}
	}
	one := Pair(recordOf(t, lossFigure(), &four), recordOf(t, lossFigure(), &seven), lossFigure())
	if one.N != 1 || *one.Difference.Value != 3 || one.Difference.Low != nil || one.Difference.High != nil {
		t.Errorf("%+v", one)
	}
	if none := Pair(&Record{}, &Record{}, lossFigure()); none.N != 0 || none.Difference.Value != nil {
		t.Errorf("%+v", none)
	}
}

// A run that lost nothing to a cause says so by not naming it; one that says nothing
// of what it lost does not.
func TestCausesThatARunDoesNotName(t *testing.T) {
	loop := lossFigure()
	loop.Cause = "loop"
	var r Record
	for _, run := range [][]Reading{{{lossFigure(), new(int64(0))}}, {{lossFigure(), new(int64(9))}, {loop, new(int64(6))}}, nil} {
		if err := r.Add(run); err != nil {
			t.Fatal(err)
		}
	}
	if l := r.Level(loop); r.Runs() != 3 || l.N != 2 || l.Nulls != 1 || l.Mean.Value != nil {
		t.Errorf("%+v", l)
	}
	p := Pair(&r, recordOf(t, lossFigure(), counts(1, 2, 3)...), loop) // the other design knows no such cause
	if p.N != 2 || p.OnlyB != 1 || !r.Has(loop) || r.Has(detectionFigure()) || len(r.Figures()) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestTooManyReadingsAreRefused(t *testing.T) {
	r := Record{held: samplesKept}
	if err := r.Add([]Reading{{}}); err == nil {
		t.Error("no error")
	}
}
