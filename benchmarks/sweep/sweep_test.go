// Package sweep_test measures what a run costs among many of one scenario: the
// run itself on the memory bus, its measures, its rows as columns, and the files.
package sweep_test

import (
	"runtime"
	"testing"
	"time"

	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
)

// BenchmarkReplication makes runs one after the other on one core. Each step
// includes those before it; the files are written in the end, which counts too.
func BenchmarkReplication(b *testing.B) {
	for _, name := range []string{"active-passive", "expressroute-active-passive"} {
		s := load(b, name)
		b.Run(name+"/run", func(b *testing.B) {
			each(b, func(seed uint64) { play(b, s, seed) })
		})
		b.Run(name+"/measured", func(b *testing.B) {
			each(b, func(seed uint64) { measure(b, play(b, s, seed)) })
		})
		b.Run(name+"/written", func(b *testing.B) { written(b, s) })
	}
}

// each makes runs, and reports how many a core makes in a second.
func each(b *testing.B, run func(seed uint64)) {
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		run(seed)
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s/core")
}

func written(b *testing.B, s plan) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	files, err := arrowfile.NewSweep(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	runs, began := int64(0), time.Now()
	for b.Loop() {
		log := play(b, s, uint64(runs+1))
		r := measure(b, log)
		row := metrics.Run{Run: runs, Seed: runs + 1, Digest: log.Digest()}
		row.Headline(r)
		part, err := arrowfile.NewPart(row, &r.Tables, log.Lines(b.Context(), 1))
		if err == nil {
			err = files.Add(part)
		}
		if err != nil {
			b.Fatal(err)
		}
		runs++
	}
	for _, write := range files.Close(nil, arrowfile.Meta{}) {
		if err := write(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(runs)/time.Since(began).Seconds(), "runs/s/core") // the clock of b stands after the last run
}

// plan is a scenario and its text.
type plan struct {
	*scenarios.Scenario
	text []byte
}

func load(b *testing.B, name string) plan {
	b.Helper()
	entry, err := scenarios.Find(name)
	if err != nil {
		b.Fatal(err)
	}
	s, _, err := scenarios.Load(name, entry.Text)
	if err != nil {
		b.Fatal(err)
	}
	text, err := s.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	return plan{s, text}
}

func play(b *testing.B, s plan, seed uint64) *eventlog.Memory {
	b.Helper()
	n, err := scenarios.Build(s.Scenario, scenarios.Options{Seed: seed, Version: "benchmark", Text: s.text})
	if err != nil {
		b.Fatal(err)
	}
	log := &eventlog.Memory{}
	if err := sim.New(n.Config, log, &eventlog.MemoryBus{}).Run(b.Context()); err != nil {
		b.Fatal(err)
	}
	return log
}

func measure(b *testing.B, log *eventlog.Memory) *metrics.Result {
	b.Helper()
	r, err := metrics.Measure(log.Lines(b.Context(), 1))
	if err != nil {
		b.Fatal(err)
	}
	return r
}
