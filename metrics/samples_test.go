package metrics

import (
	"reflect"
	"testing"
)

// What did not happen, and what was not restored, is no number.
func TestNullsAreNoNumbers(t *testing.T) {
	run := func(detection *int64, outage int64, restored bool) *Result {
		return &Result{
			Tables:  Tables{Convergence: []Convergence{{Root: 5, Disturbance: "dies", Detection: detection}}},
			Impacts: []Impact{{Root: 5, Class: "a", Direction: "forward", Outage: outage, Restored: restored, Lasts: !restored}},
		}
	}
	var e Ensemble
	for _, r := range []*Result{run(new(int64(4)), 9, true), run(nil, 600, false), run(new(int64(6)), 0, true)} {
		if err := e.Add(r.Samples()); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for _, s := range e.Summaries() {
		switch {
		case s.Quantity == Quantity{"dies", "", "", "detection_ns"}:
			if s.N != 2 || s.Nulls != 1 || *s.Mean.Value != 5 || *s.Max != 6 {
				t.Errorf("%+v", s)
			}
		case s.Quantity == Quantity{"dies", "a", "forward", "outage_ns"}:
			if s.N != 2 || s.Nulls != 1 || s.Mean.Value != nil || *s.P50.Value != 9 || s.P99.Value != nil || *s.Max != 9 || *s.Min != 0 {
				t.Errorf("%+v", s)
			}
		case s.Measure == "control_ns":
			if s.N != 0 || s.Nulls != 3 || s.Mean.Value != nil || s.P99.Value != nil || s.Max != nil || s.Row(0).Mean != nil {
				t.Errorf("%+v", s)
			}
		default:
			continue
		}
		seen++
	}
	if seen != 3 {
		t.Errorf("%d of 3 quantities", seen)
	}

	// The row of runs.arrow has the worst, and null where an outage is open.
	var worst, open Run
	worst.Headline(run(new(int64(4)), 9, true))
	open.Headline(run(nil, 600, false))
	if *worst.Detection != 4 || *worst.Forward != 9 || worst.Return != nil || worst.Control != nil || *worst.Lasts {
		t.Errorf("%+v", worst)
	}
	if open.Detection != nil || open.Forward != nil || open.LostBytes != nil || !*open.Lasts {
		t.Errorf("%+v", open)
	}
}

// Counts are of each disturbance, those of the row of runs.arrow of all; of a run
// that was cut short nothing is known.
func TestCountsOfARun(t *testing.T) {
	r := &Result{Tables: Tables{
		Convergence: []Convergence{
			{Root: 5, Disturbance: "dies", Announcements: 7, Withdrawals: 2, BestChanges: 4},
			{Root: 8, Disturbance: "drains", Withdrawals: 1},
			{Root: 9, Disturbance: "returns", Announcements: 3, BestChanges: 1},
		},
		Flapping: []Flapping{{Root: 5, Actor: "a", Returns: 2}, {Root: 5, Actor: "b", Returns: 1}, {Root: 9, Actor: "a", Returns: 4}},
	}}
	got := map[string][]int64{}
	for _, s := range r.Samples() {
		if s.Value != nil {
			got[s.Measure] = append(got[s.Measure], *s.Value)
		}
	}
	want := map[string][]int64{"announcements": {7, 0, 3}, "withdrawals": {2, 1, 0}, "best_changes": {4, 0, 1}, "returns": {3, 0, 4}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	var row, none, cut Run
	row.Headline(r)
	none.Headline(&Result{})
	if *row.Announcements != 10 || *row.Withdrawals != 3 || *row.BestChanges != 5 || *row.Returns != 7 {
		t.Errorf("%+v", row)
	}
	if *none.Returns != 0 || *none.BestChanges != 0 || none.Lasts != nil || cut.BestChanges != nil {
		t.Errorf("%+v %+v", none, cut)
	}
}

func TestTooManySamplesAreRefused(t *testing.T) {
	e := Ensemble{held: samplesKept}
	if err := e.Add([]Sample{{}}); err == nil {
		t.Error("no error")
	}
}

// A summary stays what it is when more runs are added, and keeps none of their values.
func TestSummariesAreTheirOwn(t *testing.T) {
	var e Ensemble
	var first *Summary
	for n := int64(20); n > 0; n-- {
		if err := e.Add([]Sample{{Quantity{Measure: "control_ns"}, &n}}); err != nil {
			t.Fatal(err)
		}
		all := e.Summaries()
		if n == 10 {
			first = &all[0]
		}
	}
	for what, got := range map[string]*float64{"min": first.Min, "max": first.Max, "p50": first.P50.Value, "p95": first.P95.Value} {
		if want := map[string]float64{"min": 10, "max": 20, "p50": 15, "p95": 20}[what]; *got != want {
			t.Errorf("%s is %v now, and was %v", what, *got, want)
		}
	}
}
