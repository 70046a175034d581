package sweep_test

import (
	"context"
	"errors"
	"testing"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// BenchmarkLean makes runs as for who wants their measures alone: no text of the
// scenario, no log that is kept, no files. A run that nobody measures is the part
// of it that is the network's.
func BenchmarkLean(b *testing.B) {
	for _, name := range []string{"active-passive", "expressroute-active-passive"} {
		s := load(b, name)
		s.text = []byte("-")
		b.Run(name+"/build", func(b *testing.B) {
			each(b, func(seed uint64) {
				scenarios.Draw(s.Scenario).Build(scenarios.Options{Seed: seed, Version: "benchmark", Text: s.text})
			})
		})
		b.Run(name+"/run", func(b *testing.B) {
			e := &engine{}
			each(b, func(seed uint64) { e.play(b, s, seed, unread{}) })
		})
		b.Run(name+"/measured", func(b *testing.B) {
			e := &engine{}
			each(b, func(seed uint64) {
				l := e.measured(true)
				e.play(b, s, seed, l)
				l.finish(b)
			})
		})
	}
}

// engine makes runs one after the other, as the command does.
type engine struct {
	blueprint *scenarios.Blueprint // of its only scenario
	kernel    sim.Kernel
	bus       eventlog.MemoryBus
	meter     metrics.Meter
}

// measured begins the log of another run.
func (e *engine) measured(brief bool) *streamed {
	e.meter.Brief = brief
	e.meter.Reset()
	return &streamed{meter: &e.meter}
}

func (e *engine) play(b *testing.B, s plan, seed uint64, log eventlog.Log) {
	b.Helper()
	if e.blueprint == nil {
		e.blueprint = scenarios.Draw(s.Scenario)
	}
	n := e.blueprint.Build(scenarios.Options{Seed: seed, Version: "benchmark", Text: s.text})
	e.kernel.Renew(n.Config, log, &e.bus)
	if err := errors.Join(e.kernel.Run(b.Context()), e.bus.Close()); err != nil {
		b.Fatal(err)
	}
}

// unread is a log that nobody reads.
type unread struct{}

// Append implements eventlog.Log.
func (unread) Append(context.Context, []events.Line) error { return nil }
