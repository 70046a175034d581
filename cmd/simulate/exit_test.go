package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// What ends a command decides about the exit code, however it is wrapped. No
// flag sets a bound, so that one is tried here only.
func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("disk full"), 1},
		{usage("no such flag"), 2},
		{scenarios.Errors{{Message: "no such key"}}, 2},
		{failed("it differs"), 3},
		{&sim.BoundError{Bound: "lines", Limit: 5}, 4},
		{fmt.Errorf("the run: %w", &sim.BoundError{Bound: "lines", Limit: 5}), 4},
		{context.Canceled, 130},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: exit code %d, not %d", c.err, got, c.want)
		}
	}
}

// Of several reasons for a verdict the first of these wins: interrupted, an
// expectation that fails, a bound, not converged.
func TestVerdictOrder(t *testing.T) {
	bound := &sim.BoundError{Bound: "lines", Limit: 5}
	broken := []checked{{Measure: "converged", Rule: "true", Measured: "false"}}
	unrest := &scenarios.Scenario{Expect: []scenarios.Expectation{{Measure: "converged", Rule: "false"}}}
	for _, c := range []struct {
		scenario  *scenarios.Scenario
		converged bool
		checks    []checked
		ended     error
		want      int
	}{
		{&scenarios.Scenario{}, true, nil, nil, 0},
		{&scenarios.Scenario{}, false, nil, nil, 4},
		{unrest, false, nil, nil, 0},
		{unrest, false, nil, bound, 4},
		{&scenarios.Scenario{}, false, broken, nil, 3},
		{&scenarios.Scenario{}, false, broken, bound, 3},
		{&scenarios.Scenario{}, false, broken, context.Canceled, 130},
	} {
		r := &result{scenario: c.scenario, measured: &metrics.Result{}}
		r.measured.Converged = c.converged
		if got := exitCode(verdict(c.scenario, r, c.checks, c.ended, "runs/x/1")); got != c.want {
			t.Errorf("converged %v, %v, %v: exit code %d, not %d", c.converged, c.checks, c.ended, got, c.want)
		}
	}
}
