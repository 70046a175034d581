package simtest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// everyNetwork runs a law over the library, five seeds each, and over random
// networks of both families, whose delays vary in every fourth.
func everyNetwork(t *testing.T, law func(t *testing.T, text string, seed uint64)) {
	for _, e := range scenarios.Library() {
		for seed := range uint64(5) {
			t.Run(fmt.Sprintf("%s/%d", e.Name, seed+1), func(t *testing.T) { law(t, string(e.Text), seed+1) })
		}
	}
	for seed := range *networks {
		t.Run(fmt.Sprintf("random/%d", seed), func(t *testing.T) { law(t, randomNetwork(seed, false), seed) })
		t.Run(fmt.Sprintf("azure/%d", seed), func(t *testing.T) { law(t, azureNetwork(seed, false), seed) })
	}
}

func TestLawsOfLines(t *testing.T) {
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		if err := simtest.Laws(play(t, text, scenarios.Options{Seed: seed}).Recorder); err != nil {
			t.Error(err)
		}
	})
}

// TestSameSeedSameBytes, whatever the kernel of the second run did before.
func TestSameSeedSameBytes(t *testing.T) {
	var k sim.Kernel
	var bus eventlog.MemoryBus
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		a, b := play(t, text, scenarios.Options{Seed: seed}), &simtest.Recorder{}
		k.Renew(build(t, text, scenarios.Options{Seed: seed}).Config, b, &bus)
		if err := errors.Join(k.Run(t.Context()), bus.Close()); (err == nil) != a.whole {
			t.Fatal(err)
		}
		if a.Digest() != b.Digest() {
			t.Error("two runs of one seed differ")
		}
		if c := play(t, text, scenarios.Options{Seed: seed + 1000}); a.Digest() == c.Digest() {
			t.Error("two seeds give the same run")
		}
	})
}

// TestBlueprintsServeSeveralAtOnce: runs that are built from one blueprint do not
// show in each other, even if they are made at once.
func TestBlueprintsServeSeveralAtOnce(t *testing.T) {
	for _, e := range scenarios.Library() {
		s, _, err := scenarios.Load(e.Name, []byte(e.Text))
		if err != nil {
			t.Fatal(err)
		}
		blueprint := scenarios.Draw(s)
		var busy sync.WaitGroup
		for seed := range uint64(3) {
			busy.Go(func() {
				o := scenarios.Options{Seed: seed, Bounds: sim.Bounds{Lines: patience}}
				log, err := simtest.Run(blueprint.Build(o).Config)
				if want := play(t, string(e.Text), o); (err == nil) != want.whole || log.Digest() != want.Digest() {
					t.Errorf("%s, seed %d: another run than alone (%v)", e.Name, seed, err)
				}
			})
		}
		busy.Wait()
	}
}

// TestReplayGoesOn: cut after any turn, a run goes on as it did. The base design
// is cut after every turn, some runs at fifty, the others at a few places.
func TestReplayGoesOn(t *testing.T) {
	everyNetwork(t, func(t *testing.T, text string, seed uint64) {
		whole := play(t, text, scenarios.Options{Seed: seed})
		for _, cut := range cuts(whole.Turns[:len(whole.Turns)-1], t.Name(), seed) {
			rest, err := simtest.Resume(build(t, text, scenarios.Options{Seed: seed}).Config, whole.Written[:cut])
			if (err == nil) != whole.whole {
				t.Fatal(err)
			}
			if !sameBytes(rest.Written, whole.Written[cut:]) {
				t.Fatalf("cut after line %d, the run goes on otherwise", cut)
			}
		}
	})
}

// cuts chooses among the turns of a run.
func cuts(turns []uint64, name string, seed uint64) []uint64 {
	some := 5
	switch {
	case strings.HasSuffix(name, "/active-passive/1"):
		return turns
	case strings.Contains(name, "/azure/"): // these are long
		some = 3
	case seed <= 1 || seed%8 == 0:
		some = 50
	}
	random := rand.New(rand.NewPCG(seed, 50))
	random.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	return turns[:min(some, len(turns))]
}

func sameBytes(a, b []events.Line) bool {
	var codec events.Codec
	return slices.EqualFunc(a, b, func(a, b events.Line) bool {
		return string(codec.AppendLine(nil, &a)) == string(codec.AppendLine(nil, &b))
	})
}

func TestReplayRefusesForeignLines(t *testing.T) {
	text := library(t, "active-passive")
	lines := play(t, text, scenarios.Options{Seed: 1}).Written
	fresh := func() sim.Config { return build(t, text, scenarios.Options{Seed: 1}).Config }
	other := slices.Clone(lines)
	other[200].Actor = "nobody"
	for name, lines := range map[string][]events.Line{
		"a gap":                   append(slices.Clone(lines[:100]), lines[101:]...),
		"an actor of another run": other,
		"no start":                lines[5:],
		"the same twice":          append(slices.Clone(lines[:300]), lines[299]),
	} {
		if _, err := simtest.Resume(fresh(), lines); err == nil || !strings.Contains(err.Error(), "replay: line ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDrillsAreNotPlayed: what a scenario has for drills changes nothing of its run, and
// one that is played is played as the one fault of a scenario would be.
func TestDrillsAreNotPlayed(t *testing.T) {
	drills := 0
	for _, e := range scenarios.Library() {
		with := play(t, string(e.Text), scenarios.Options{Seed: 1}).Written
		without := play(t, string(e.Text), scenarios.Options{Seed: 1}, "drills=[]").Written
		if !sameBytes(with[1:], without[1:]) { // the first line has the text
			t.Errorf("%s is another run without its drills", e.Name)
		}
		s, _, err := scenarios.Load(e.Name, e.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Drills {
			drilled, err := s.Drill(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			n, err := scenarios.Build(drilled, scenarios.Options{Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			got, err := simtest.Run(n.Config)
			if err != nil {
				t.Fatal(err)
			}
			again := play(t, n.Text, scenarios.Options{Seed: 1}).Written
			if !sameBytes(got.Written, again) || got.Fault(f.Name).Seq == 0 {
				t.Errorf("%s, %s: its file is another run", e.Name, f.Name)
			}
			drills++
		}
	}
	if drills < 25 {
		t.Errorf("only %d drills", drills)
	}
}

// TestIdleCostsNothing: a day on which nothing happens adds no line.
func TestIdleCostsNothing(t *testing.T) {
	for _, e := range scenarios.Library() {
		minutes := play(t, string(e.Text), scenarios.Options{Seed: 1}, "faults=[]", "expect={}", "horizon=10m")
		day := play(t, string(e.Text), scenarios.Options{Seed: 1}, "faults=[]", "expect={}", "horizon=24h")
		if minutes.Len() != day.Len() {
			t.Errorf("%s: %d lines in ten minutes, %d in a day", e.Name, minutes.Len(), day.Len())
		}
	}
}

func TestBounds(t *testing.T) {
	text := library(t, "active-passive")
	for _, c := range []struct {
		bounds sim.Bounds
		name   string
	}{
		{sim.Bounds{Lines: 400}, "lines"},
		{sim.Bounds{LinesPerInstant: 40}, "lines at one instant"},
		{sim.Bounds{Actors: 3}, "actors"},
	} {
		_, err := simtest.Run(build(t, text, scenarios.Options{Seed: 1, Bounds: c.bounds}).Config)
		var bound *sim.BoundError
		if !errors.As(err, &bound) || bound.Bound != c.name || !strings.Contains(err.Error(), c.name) {
			t.Errorf("bound of %s: %v", c.name, err)
		}
	}
	if _, err := simtest.Run(build(t, text, scenarios.Options{Seed: 1, Bounds: sim.Bounds{Lines: 5000, LinesPerInstant: 500, Actors: 20}}).Config); err != nil {
		t.Errorf("within its bounds: %v", err)
	}
}
