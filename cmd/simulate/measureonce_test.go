package main

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"dualhome/scenarios"
)

// Measured alone, a run measures what it does when its log is kept and written.
func TestMeasuredAloneIsMeasuredTheSame(t *testing.T) {
	t.Parallel()
	for _, entry := range scenarios.Library() {
		s, _, err := scenarios.Load(entry.Name, []byte(entry.Text))
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(3) {
			want, err := play(t.Context(), s, &runFlags{seed: seed, bus: "memory"})
			if err != nil {
				t.Fatal(err)
			}
			got, err := measureOnce(t.Context(), s, seed)
			if err != nil || !reflect.DeepEqual(got, want.measured) {
				t.Errorf("%s, seed %d: %v\n%+v\n%+v", entry.Name, seed, err, got, want.measured)
			}
			if len(got.Routes) == 0 {
				t.Errorf("%s: nothing is measured", entry.Name)
			}
		}
	}
}

// Interrupted, there is no result that could be taken for a whole one.
func TestMeasuredAloneInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, _, err := scenarios.Load("x.yaml", []byte(scenarios.Library()[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := measureOnce(ctx, s, 1); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v %v", r, err)
	}
}
