// Package metrics_test measures what it costs to measure a run and to write and
// read its tables, and checks that real runs keep the laws of the tables.
package metrics_test

import (
	"fmt"
	"iter"
	"path/filepath"
	"reflect"
	"testing"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
)

// play runs a scenario of the library.
func play(t testing.TB, name string, seed uint64, set ...string) *eventlog.Memory {
	t.Helper()
	entry, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load(name, entry.Text, set...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: seed, Version: "benchmark"})
	if err != nil {
		t.Fatal(err)
	}
	log := &eventlog.Memory{}
	if err := sim.New(n.Config, log, &eventlog.MemoryBus{}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return log
}

func decode(t testing.TB, log *eventlog.Memory) (all []events.Line) {
	t.Helper()
	for l, err := range log.Lines(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// decoded gives the lines of a log without the cost of decoding them.
func decoded(t testing.TB, log *eventlog.Memory) iter.Seq2[events.Line, error] {
	t.Helper()
	all := decode(t, log)
	return func(yield func(events.Line, error) bool) {
		for _, l := range all {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func measure(t testing.TB, lines iter.Seq2[events.Line, error]) *metrics.Result {
	t.Helper()
	r, err := metrics.Measure(lines)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every library scenario, with several seeds: no packet comes to a Route Server,
// what is offered is delivered or lost, budgets sum to a change of traffic, and
// the run measures the same when its lines come from events.arrow.
func TestLibraryKeepsTheLaws(t *testing.T) {
	for _, entry := range scenarios.Library() {
		for seed := range uint64(5) {
			log := play(t, entry.Name, seed)
			r := measure(t, log.Lines(t.Context(), 1))
			if r.Violations != nil {
				t.Errorf("%s, seed %d: %v", entry.Name, seed, r.Violations)
			}
			checkRows(t, r)
			checkBudgets(t, r)
			checkFiles(t, log, r)
		}
	}
}

func checkRows(t *testing.T, r *metrics.Result) {
	t.Helper()
	type step struct {
		class, dir string
		at         int64
	}
	offered, rate := map[step]int64{}, map[string]int64{}
	for _, row := range r.Traffic {
		at := step{row.Class, row.Direction, row.T}
		if offered[at] += row.Offered; row.Offered != row.Delivered+row.Lost {
			t.Errorf("%+v", row)
		}
		rate[row.Class] = max(rate[row.Class], offered[at])
	}
	for at, bps := range offered {
		if bps != rate[at.class] {
			t.Errorf("%+v: %d bit/s are offered, not %d", at, bps, rate[at.class])
		}
	}
}

func checkBudgets(t *testing.T, r *metrics.Result) {
	t.Helper()
	steps := map[int64]bool{}
	for _, row := range r.Traffic {
		steps[row.T] = true
	}
	for _, c := range r.Convergence {
		if c.Detect == nil {
			continue
		}
		if sum := *c.Detect + *c.Propagate + *c.Decide + *c.Program + *c.Flows; !steps[c.T+sum] {
			t.Errorf("the budget of %s sums to %d ns, when nothing changed", c.Disturbance, sum)
		}
	}
}

func checkFiles(t *testing.T, log *eventlog.Memory, r *metrics.Result) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.arrow")
	if err := arrowfile.WriteEvents(file, log.Lines(t.Context(), 1), arrowfile.Meta{}); err != nil {
		t.Fatal(err)
	}
	if again := measure(t, arrowfile.ReadEvents(file)); !reflect.DeepEqual(again, r) {
		t.Error("the run measures differently from events.arrow")
	}
}

// The base run, of 2 classes of 1,000 flows, and one with many more lines: their
// lines alone, those of a log, and again and again by one Meter, as when many runs are
// measured while they are written.
func BenchmarkMeasure(b *testing.B) {
	for _, scenario := range []string{"active-passive", "expressroute-active-passive"} {
		log := play(b, scenario, 1)
		for name, lines := range map[string]iter.Seq2[events.Line, error]{
			"lines": decoded(b, log), "log": log.Lines(b.Context(), 1),
		} {
			b.Run(scenario+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					measure(b, lines)
				}
				b.ReportMetric(float64(log.Len()), "lines/run")
			})
		}
		b.Run(scenario+"/again", func(b *testing.B) {
			var m metrics.Meter
			lines := decode(b, log)
			b.ReportAllocs()
			for b.Loop() {
				m.Reset()
				for i := range lines {
					if err := m.Add(&lines[i]); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := m.Finish(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(log.Len()), "lines/run")
		})
	}
}

// What a flow costs in all of a run, by the way in which nodes choose among equal
// next hops: a hub goes and comes back, and both directions divide three times.
func BenchmarkSchemes(b *testing.B) {
	const flows = 100_000
	for _, scheme := range []string{"modulo", "hash-threshold", "resilient"} {
		lines := decoded(b, play(b, "active-active", 1, "ecmp_scheme="+scheme, fmt.Sprintf("traffic[spoke-dc].flows=%d", flows), fmt.Sprintf("traffic[spoke-internet].flows=%d", flows)))
		b.Run(scheme, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				measure(b, lines)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(2*flows), "ns/flow")
		})
	}
}

func BenchmarkWriteEvents(b *testing.B) {
	log := play(b, "active-passive", 1)
	file := filepath.Join(b.TempDir(), "events.arrow")
	for b.Loop() {
		if err := arrowfile.WriteEvents(file, log.Lines(b.Context(), 1), arrowfile.Meta{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadEvents(b *testing.B) {
	log := play(b, "active-passive", 1)
	file := filepath.Join(b.TempDir(), "events.arrow")
	if err := arrowfile.WriteEvents(file, log.Lines(b.Context(), 1), arrowfile.Meta{}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, err := range arrowfile.ReadEvents(file) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkWriteRun(b *testing.B) {
	r := measure(b, play(b, "active-passive", 1).Lines(b.Context(), 1))
	dir := b.TempDir()
	for b.Loop() {
		if err := arrowfile.WriteRun(dir, &r.Tables, arrowfile.Meta{}); err != nil {
			b.Fatal(err)
		}
	}
}
