package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/events/natslog"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// result is a run: its log and what was measured in it.
type result struct {
	scenario *scenarios.Scenario
	network  *scenarios.Network
	seed     uint64
	ties     uint64
	kernel   *sim.Kernel      // nil of one of many runs
	log      *eventlog.Memory // nil of one of many runs
	measured *metrics.Result
	circles  []metrics.Oscillation           // none: it settled, or nothing shows one
	flows    map[[2]string][]metrics.Traffic // of measured, by class and direction; see traffic
	reached  events.Time                     // how far the run came
	turns    uint64
	partial  bool
	bus      string
	began    time.Time
	took     time.Duration // the run alone, without measuring and files
}

// play runs a scenario. The error says why a run ended early; its result is
// there all the same, unless it could not begin or its bus failed.
func play(ctx context.Context, scenario *scenarios.Scenario, f *runFlags) (*result, error) {
	log := &followedLog{Memory: &eventlog.Memory{}, horizon: events.Time(scenario.Horizon)}
	f.progress.follow(log.line)
	r, ended := execute(ctx, scenario, f, log, &engine{})
	if r == nil {
		return nil, ended
	}
	r.log = log.Memory
	f.progress.enter("measuring")
	measured, err := metrics.Measure(r.log.Lines(context.WithoutCancel(ctx), 1))
	if err != nil {
		return nil, fmt.Errorf("measuring: %w", err)
	}
	r.judge(measured)
	return r, ended
}

// playStreamed is play for one of many runs: its log is measured while it is
// written, and not kept. Nor is its kernel, which makes another run then.
func playStreamed(ctx context.Context, scenario *scenarios.Scenario, f *runFlags, log *streamed) (*result, error) {
	e := engines().Get().(*engine)
	r, ended := e.play(ctx, scenario, f, log)
	engines().Put(e) // not after a panic
	return r, ended
}

func (e *engine) play(ctx context.Context, scenario *scenarios.Scenario, f *runFlags, log *streamed) (*result, error) {
	e.meter.Brief = log.brief
	e.meter.Reset()
	log.meter = &e.meter
	r, ended := execute(ctx, scenario, f, log, e)
	if r == nil || errors.Is(ended, context.Canceled) {
		return nil, ended
	}
	measured, err := e.meter.Finish()
	if err != nil {
		return nil, fmt.Errorf("measuring: %w", err)
	}
	r.judge(measured)
	r.kernel = nil
	return r, ended
}

// engine is what makes runs, one after the other: each in the room that the one
// before it needed. Most are of the scenario of the run before, which is not worked
// out again.
type engine struct {
	scenario  *scenarios.Scenario // of the last run, that of blueprint
	blueprint *scenarios.Blueprint
	kernel    sim.Kernel
	bus       eventlog.MemoryBus
	meter     metrics.Meter
}

// build gives the network of a run.
func (e *engine) build(s *scenarios.Scenario, o scenarios.Options) *scenarios.Network {
	if e.scenario != s {
		e.scenario, e.blueprint = s, scenarios.Draw(s)
	}
	return e.blueprint.Build(o)
}

// engines are those that make no run now. Which of them makes one does not show in it.
var engines = sync.OnceValue(func() *sync.Pool { return &sync.Pool{New: func() any { return &engine{} }} })

// execute runs a scenario into a log; nothing is measured yet. Its result and its
// error are as those of play.
func execute(ctx context.Context, scenario *scenarios.Scenario, f *runFlags, log eventlog.Log, e *engine) (*result, error) {
	network := e.build(scenario, scenarios.Options{Seed: f.seed, Version: version, Text: f.text, Ties: f.ties})
	bus, shut, err := e.openBus(f)
	if err != nil {
		return nil, err
	}
	defer shut()
	r := &result{scenario: scenario, network: network, kernel: &e.kernel, seed: f.seed, ties: f.ties, bus: f.bus, began: time.Now()}
	r.kernel.Renew(network.Config, log, bus)
	ended := r.kernel.Run(ctx)
	r.took = time.Since(r.began)
	if err := bus.Close(); err != nil {
		ended = errors.Join(ended, err)
	}
	r.reached, r.turns, r.partial = r.kernel.Now(), r.kernel.Turns(), ended != nil
	if _, bound := errors.AsType[*sim.BoundError](ended); ended != nil && !bound && !errors.Is(ended, context.Canceled) {
		return nil, ended
	}
	return r, ended
}

// judge takes what was measured.
func (r *result) judge(m *metrics.Result) {
	r.measured, r.circles = m, oscillations(r.kernel, m, r.end(), r.partial)
}

// openBus gives the bus of a run, and what ends the server behind it.
func (e *engine) openBus(f *runFlags) (bus eventlog.Bus, shut func(), err error) {
	if f.bus == "memory" {
		return &e.bus, func() {}, nil
	}
	server, err := natslog.Start()
	if err != nil {
		return nil, nil, err
	}
	if bus, err = server.Bus(natslog.Options{Timeout: f.busTimeout}); err != nil {
		server.Close()
		return nil, nil, err
	}
	return bus, server.Close, nil
}
