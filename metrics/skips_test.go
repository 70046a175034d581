package metrics

import (
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// Walking only what a change may concern gives the same as walking everything after
// every instant: with each way to choose among next hops, with NVAs that keep state
// and translate, and where not all has room.
func TestSkippingWalksChangesNothing(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(60) {
		skipsRightly(t, met, random(seed).seq())
		lively, narrow := random(seed), random(seed)
		lively.livelier(seed)
		skipsRightly(t, met, lively.seq())
		narrow.livelier(seed)
		narrow.narrow(seed)
		skipsRightly(t, met, narrow.seq())
	}
	for seed := range uint64(200) {
		skipsRightly(t, met, randomCircuit(seed, true).seq())
	}
	if met["congestion"] == 0 || met["asymmetry"] == 0 || met["broken"] == 0 {
		t.Errorf("not everything was met: %v", met)
	}
}

// The same of random Azure networks, with all that is in their logs.
func TestSkippingWalksInAzureChangesNothing(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(20) {
		s, _, err := scenarios.Load("azure.yaml", []byte(simtest.Azure(seed, simtest.AzureOptions{})))
		if err != nil {
			t.Fatal(err)
		}
		o := scenarios.Options{Seed: seed}
		o.Bounds.Lines = 20_000
		n, err := scenarios.Build(s, o)
		if err != nil {
			t.Fatal(err)
		}
		log, err := simtest.Run(n.Config)
		if err != nil && uint64(len(log.Written)) < o.Bounds.Lines {
			t.Fatal(err)
		}
		skipsRightly(t, met, log.Lines(t.Context(), 1))
		if t.Failed() {
			t.Fatalf("network %d", seed)
		}
	}
	if met["congestion"] == 0 || met["asymmetry"] == 0 || met["broken"] == 0 {
		t.Errorf("not everything was met: %v", met)
	}
}

// narrow bounds the NVAs of a random story, and a link.
func (s *story) narrow(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 4))
	s.bound("nva1", events.Capacity{BitsPerSec: 1 + rng.Int64N(3e9), Flows: rng.Int64N(2000)})
	s.bound("nva2", events.Capacity{PacketsPerSec: 1 + rng.Int64N(300_000), Flows: rng.Int64N(2000)})
	s.bound("tunnel2", events.Capacity{BitsPerSec: 1 + rng.Int64N(1e9)})
}

// skipsRightly measures a log as it is, and with a change at every instant that may
// concern everything. It counts what flows met.
func skipsRightly(t *testing.T, met map[string]int, lines iter.Seq2[events.Line, error]) {
	t.Helper()
	want, err := Measure(lines)
	if err != nil {
		t.Fatal(err)
	}
	m := newMeter()
	var line events.Line
	for l, err := range lines {
		if line = l; err == nil {
			err = m.add(&line)
		}
		if err != nil {
			t.Fatal(err)
		}
		m.traffic.touched = append(m.traffic.touched, touch{})
	}
	m.finish()
	got := m.result
	if !slices.EqualFunc(got.Traffic, want.Traffic, sameRow) {
		t.Fatalf("%d rows, not %d, or others", len(got.Traffic), len(want.Traffic))
	}
	if !reflect.DeepEqual(got.Shift, want.Shift) || !reflect.DeepEqual(got.Outages, want.Outages) || !slices.Equal(got.Diagnoses, want.Diagnoses) {
		t.Fatal("the steps are the same, and what follows from them is not")
	}
	for _, row := range want.Traffic {
		if row.Lost > 0 {
			met[*row.Cause]++
		}
	}
	for _, row := range want.Shift {
		met["broken"] += int(row.FlowsBroken)
	}
}

// sameRow compares all but the change that made the step.
func sameRow(a, b Traffic) bool {
	a.Root, b.Root = 0, 0
	return reflect.DeepEqual(a, b)
}
