package metrics

import "testing"

// TestStudyTellsLastingFromNothing: a loss that lasts counts as longer than all others;
// a run without traffic lost nothing that could last, and one that hit a bound says nothing.
func TestStudyTellsLastingFromNothing(t *testing.T) {
	s := &Study{Points: [][]int{{}, {}}, Seeds: 4}
	for i, run := range []Run{
		{TwoWay: new(int64(3)), Lasts: new(false)},
		{Lasts: new(true)},
		{TwoWay: new(int64(1)), Lasts: new(false)},
		{Lasts: new(true), Status: "partial"},
		{Control: new(int64(9))},
		{Control: new(int64(7))},
		{},
		{},
	} {
		run.Run, run.Point = int64(i), int64(i/4)
		if run.Status == "" {
			run.Status = "complete"
		}
		if err := s.Add(&run); err != nil {
			t.Fatal(err)
		}
	}
	values, lasting := s.Values("outage_two_way_ns", 0)
	if len(values) != 2 || values[0] != 1 || values[1] != 3 || lasting != 1 {
		t.Errorf("%v and %d that last", values, lasting)
	}
	if sum := s.Summary("outage_two_way_ns", 0); sum.N != 2 || sum.Nulls != 1 || sum.Mean.Value != nil || *sum.P50.Value != 3 {
		t.Errorf("where one of three lasts: %+v", sum)
	}
	if sum := s.Summary("outage_two_way_ns", 1); sum.N != 0 || sum.Nulls != 0 {
		t.Errorf("without traffic: %+v", sum)
	}
	if sum := s.Summary("control_ns", 1); sum.N != 2 || sum.Nulls != 2 {
		t.Errorf("what happens in two of four: %+v", sum)
	}
}
