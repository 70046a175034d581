package actors_test

import (
	"context"
	"net/netip"
	"testing"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestFRR replays recorded runs of FRR 8.4.4 step by step.
func TestFRR(t *testing.T) {
	for _, path := range recordings(t) {
		t.Run(recordingName(path), func(t *testing.T) {
			rec := readRecording(t, path)
			if rec.detects() {
				detection(t, &rec)
				return
			}
			replay(t, &rec, 1)
		})
	}
}

// replayed is the run of a recording's network.
type replayed struct {
	rec     *recording
	routers map[string]*actors.Router
	named   map[netip.Addr]string
	log     *simtest.Recorder
	kernel  *sim.Kernel
	last    map[string]string // the last best path, by router and prefix
}

func build(t *testing.T, rec *recording, s *script, seed uint64) *replayed {
	t.Helper()
	text := rec.scenario()
	read, _, err := scenarios.Load("frr.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	n, err := scenarios.Build(read, scenarios.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	p := &replayed{rec: rec, routers: map[string]*actors.Router{}, named: rec.addresses(), log: &simtest.Recorder{}, last: map[string]string{}}
	for i, a := range n.Config.Actors {
		if r, ok := a.(*actors.Router); ok {
			p.routers[string(r.ID())] = r
			n.Config.Actors[i] = &scriptedRouter{r, s}
		}
	}
	p.kernel = sim.New(n.Config, p.log, &eventlog.MemoryBus{})
	return p
}

// replay plays the steps, each from the stable state after the one before. What is
// known to differ must still do so.
func replay(t *testing.T, rec *recording, seed uint64) *replayed {
	t.Helper()
	p := build(t, rec, rec.script(), seed)
	for i, step := range rec.Expect {
		if err := p.kernel.RunUntil(context.Background(), events.Time(rec.at(i+1))-1); err != nil {
			t.Fatal(err)
		}
		d := p.compare(i)
		for _, what := range sortedKeys(d) {
			if known[rec.Name+" "+step.Step][what] == "" {
				t.Errorf("%s: %s: %s", step.Step, what, d[what])
			}
		}
		for what := range known[rec.Name+" "+step.Step] { // order-free: each on its own
			if d[what] == "" {
				t.Errorf("%s: %s is as recorded, though it is said to differ", step.Step, what)
			}
		}
	}
	if err := simtest.Laws(p.log); err != nil {
		t.Error(err)
	}
	return p
}
