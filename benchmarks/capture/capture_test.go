// Package capture_test measures what it costs to export a line of a run.
package capture_test

import (
	"io"
	"iter"
	"path/filepath"
	"testing"

	"dualhome/benchmarks/cost"
	"dualhome/capture"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
)

// busy plays routers that explore paths without a pause: 90,000 lines, a third of which
// are messages, of few different bytes.
func busy(b *testing.B, dir string) (log, routes string, lines int) {
	b.Helper()
	entry, err := scenarios.Find("mrai-clique")
	if err != nil {
		b.Fatal(err)
	}
	s, _, err := scenarios.Load(entry.Name, entry.Text, "params.routers=18", "params.mrai=0s", "horizon=1500s")
	if err != nil {
		b.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1, Version: "benchmark"})
	if err != nil {
		b.Fatal(err)
	}
	recorded := &eventlog.Memory{}
	if err := sim.New(n.Config, recorded, &eventlog.MemoryBus{}).Run(b.Context()); err != nil {
		b.Fatal(err)
	}
	measured, err := metrics.Measure(recorded.Lines(b.Context(), 1))
	if err != nil {
		b.Fatal(err)
	}
	log, routes = filepath.Join(dir, "events.arrow"), filepath.Join(dir, "routes.arrow")
	if err := arrowfile.WriteEvents(log, recorded.Lines(b.Context(), 1), arrowfile.Meta{}); err != nil {
		b.Fatal(err)
	}
	if err := arrowfile.WriteRun(dir, &measured.Tables, arrowfile.Meta{}); err != nil {
		b.Fatal(err)
	}
	return log, routes, int(recorded.Len())
}

// BenchmarkExport measures an export from the files of a run, reading included.
func BenchmarkExport(b *testing.B) {
	file, routes, lines := busy(b, b.TempDir())
	log := func(yield func(capture.Line, error) bool) {
		for l, err := range arrowfile.ReadRooted(file) {
			if !yield(capture.Line(l), err) {
				return
			}
		}
	}
	for _, format := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"read", func(io.Writer) error { return drain(log) }},
		{"pcapng", func(w io.Writer) error { return capture.Pcapng(w, log) }},
		{"mrt", func(w io.Writer) error { return capture.MRT(w, log, nil) }},
		{"trace", func(w io.Writer) error {
			return capture.Trace{
				Log: log, Routes: arrowfile.Rows[metrics.Route](routes, "routes"), Traffic: func(func(metrics.Traffic, error) bool) {},
			}.Write(w)
		}},
		{"csv", func(w io.Writer) error {
			_, err := arrowfile.WriteCSV(b.Context(), w, file, arrowfile.EventsName)
			return err
		}},
		{"jsonl", func(w io.Writer) error {
			_, err := arrowfile.WriteJSONL(b.Context(), w, file, arrowfile.EventsName)
			return err
		}},
	} {
		b.Run(format.name, func(b *testing.B) {
			b.ReportAllocs()
			began := cost.Now().CPU
			for b.Loop() {
				if err := format.write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			used := cost.Now().CPU - began
			b.ReportMetric(float64(used.Nanoseconds())/float64(b.N)/float64(lines), "CPU-ns/line")
		})
	}
}

// drain reads a log and does nothing with it.
func drain(log iter.Seq2[capture.Line, error]) error {
	for _, err := range log {
		if err != nil {
			return err
		}
	}
	return nil
}
