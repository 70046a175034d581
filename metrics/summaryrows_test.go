package metrics

import (
	"reflect"
	"slices"
	"testing"
)

// Rows that were kept in little room are what they were.
func TestSummaryRowsAreTheSummaries(t *testing.T) {
	var kept SummaryRows
	var want []SummaryRow
	for point := range int64(3) {
		var e Ensemble
		for run := range 5 * (point + 1) {
			value := run * run
			all := []Sample{
				{Quantity{"dies", "", "", "control_ns"}, &value},
				{Quantity{"dies", "web", "forward", "outage_ns"}, &value},
				{Quantity{"dies", "web", "return", "outage_ns"}, nil},
			}
			if run == 2 {
				all[1].Value = nil // it is not restored
			}
			if err := e.Add(all[point%2:]); err != nil {
				t.Fatal(err)
			}
		}
		summaries := e.Summaries()
		kept.Add(point, summaries)
		for i := range summaries {
			want = append(want, summaries[i].Row(point))
		}
	}
	if got := slices.Collect(kept.All()); !reflect.DeepEqual(got, want) || len(want) != 8 {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
}
