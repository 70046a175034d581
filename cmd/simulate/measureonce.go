package main

import (
	"context"
	"fmt"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// measureOnce runs a scenario with one seed, on the memory bus, and gives what was
// measured: the same as a run that is written, without its log and its files. It is
// for who makes very many runs and needs their measures alone; several can be made
// at once of one scenario.
//
// A run that meets a bound gives what was measured until then, and a
// *sim.BoundError; its outages are those until there. A run that was interrupted
// gives nothing.
func measureOnce(ctx context.Context, scenario *scenarios.Scenario, seed uint64) (*metrics.Result, error) {
	r, ended := playStreamed(ctx, scenario, &runFlags{seed: seed, bus: "memory", text: unwritten()}, &streamed{})
	if r == nil {
		return nil, fmt.Errorf("seed %d: %w", seed, ended)
	}
	return r.measured, ended
}

// unwritten stands for the text of the scenario in a log that nobody reads: to
// write it takes as long as a short run, and no measure depends on it.
func unwritten() []byte { return []byte("-") }
