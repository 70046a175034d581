package main

import (
	"context"
	"errors"
	"flag"
	"reflect"
	"slices"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// randoms is how many random Azure networks are measured; more are with, say,
// go test ./cmd/simulate -run RandomNetworks -randoms 500.
var randoms = flag.Uint64("randoms", 30, "random networks to measure")

// playRandom runs a random Azure network over a bus, up to its horizon or to so
// many lines that it will never settle.
func playRandom(t *testing.T, seed uint64, bus string) *eventlog.Memory {
	t.Helper()
	log := &eventlog.Memory{}
	playRandomInto(t, seed, bus, log)
	return log
}

func playRandomInto(t *testing.T, seed uint64, bus string, log eventlog.Log) {
	t.Helper()
	s, _, err := scenarios.Load("scenario.yaml", []byte(simtest.Azure(seed, simtest.AzureOptions{})))
	if err != nil {
		t.Fatal(err)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: seed, Bounds: sim.Bounds{Lines: 20_000}})
	if err != nil {
		t.Fatal(err)
	}
	b, shut, err := (&engine{}).openBus(&runFlags{bus: bus, busTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer shut()
	err = sim.New(n.Config, log, b).Run(context.Background())
	if _, bound := errors.AsType[*sim.BoundError](err); err != nil && !bound {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRandomNetworksAreMeasured: whatever happens in a random Azure network, no
// packet comes to a Route Server that does not relay, traffic adds up, and what is
// delivered has no cause of loss.
func TestRandomNetworksAreMeasured(t *testing.T) {
	for seed := range *randoms {
		log := playRandom(t, seed, "memory")
		m, err := metrics.Measure(log.Lines(context.Background(), 1))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Violations) > 0 {
			t.Errorf("network %d: %v", seed, m.Violations)
		}
		for _, r := range m.Traffic {
			if r.Offered != r.Delivered+r.Lost || r.Offered > 0 && (r.Cause == nil) != (r.Lost == 0) {
				t.Errorf("network %d: a row does not add up: %+v", seed, r)
			}
		}
		for _, f := range m.Final {
			if f.Inspected > f.Delivered || (f.Delivered == 1) != (f.Cause == "none") {
				t.Errorf("network %d: %+v", seed, f)
			}
		}
		for i, d := range m.Diagnoses {
			if slices.Contains(m.Diagnoses[:i], d) {
				t.Errorf("network %d says twice: %s", seed, d)
			}
		}
	}
}

// both is a log that is kept, and one that is taken while it is written.
type both struct {
	simtest.Recorder
	streamed
}

func (b *both) Append(ctx context.Context, turn []events.Line) error {
	return errors.Join(b.Recorder.Append(ctx, turn), b.streamed.Append(ctx, turn))
}

// TestRandomNetworksWhileTheyRun: lines that are taken while they are written say what
// they say when they are read again, in all measures and all words.
func TestRandomNetworksWhileTheyRun(t *testing.T) {
	for seed := range max(*randoms/3, 10) {
		var parts arrowfile.Parts
		log := &both{streamed: streamed{meter: &metrics.Meter{}, files: newForFiles(parts.Begin(arrowfile.AllTables), 0)}}
		playRandomInto(t, seed, "memory", log)
		again, err := metrics.Measure(log.Lines(context.Background(), 1))
		if err != nil {
			t.Fatal(err)
		}
		live, err := log.meter.Finish()
		if err != nil || !reflect.DeepEqual(live, again) {
			t.Errorf("network %d measures something else while it runs: %v", seed, err)
		}
		if log.files.sum() != log.Digest() || log.files.lines != int64(len(log.Written)) {
			t.Errorf("network %d: another digest", seed)
		}
		i := 0
		for l, err := range log.Lines(context.Background(), 1) {
			if err != nil || i >= len(log.Written) || l.String() != log.Written[i].String() {
				t.Fatalf("network %d: line %d reads %v: %v", seed, i+1, l, err)
			}
			i++
		}
	}
}

// TestRandomNetworksOverBothBuses: the bus makes no difference.
func TestRandomNetworksOverBothBuses(t *testing.T) {
	for seed := range uint64(5) {
		if a, b := playRandom(t, seed, "memory"), playRandom(t, seed, "embedded"); a.Digest() != b.Digest() {
			t.Errorf("network %d: %x over the memory bus, %x over the embedded one", seed, a.Digest(), b.Digest())
		}
	}
}
