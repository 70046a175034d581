package simtest

import (
	"context"
	"fmt"
	"iter"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"
)

// Run runs a configuration to its horizon over the bus in memory. The log is
// given even when the run ended with an error.
func Run(cfg sim.Config) (*Recorder, error) {
	log := &Recorder{}
	return log, sim.New(cfg, log, &eventlog.MemoryBus{}).Run(context.Background())
}

// Resume folds lines into a fresh kernel and goes on from there. The log holds
// the lines after them. The configuration has to be as fresh as that of Run.
func Resume(cfg sim.Config, lines []events.Line) (*Recorder, error) {
	log := &Recorder{}
	k := sim.New(cfg, log, &eventlog.MemoryBus{})
	if err := k.Replay(each(lines)); err != nil {
		return log, fmt.Errorf("resume after line %d: %w", len(lines), err)
	}
	return log, k.Run(context.Background())
}

// each gives lines as a log does.
func each(lines []events.Line) iter.Seq2[events.Line, error] {
	return func(yield func(events.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}
