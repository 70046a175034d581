package sim_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"
)

// TestAcknowledgements against hand values: a sends to b, 10 ms away, and the way
// back is cut from 1 s on. What a sends arrives until the first of it, sent at s, is
// not acknowledged in 0.2 s. It is sent again at s + 0.2, 0.6, 1.4, 3.0, 6.2, 12.6 s;
// the first of these after the repair, at r, is acknowledged at r + 20 ms, and what
// was stuck arrives at r + 30 ms.
func TestAcknowledgements(t *testing.T) {
	const ms = time.Millisecond
	cut := func(at float64) step { return step{at, "back", false} }
	heal := func(at float64) step { return step{at, "back", true} }
	for _, c := range []struct {
		name    string
		a, b    []float64 // when they send
		weather []step
		want    []string
	}{
		{
			"what is sent before the first times out arrives, the rest is stuck",
			[]float64{2, 2.1, 2.199, 2.2, 5},
			nil,
			[]step{cut(1), heal(6)}, // sent again at 8.2
			[]string{"2.010000000s got 0", "2.110000000s got 1", "2.209000000s got 2", "8.230000000s got 3", "8.230000000s got 4"},
		},
		{
			"what is under way when the way back is cut is not acknowledged",
			[]float64{0.995, 1.3},
			nil,
			[]step{cut(1), heal(2)}, // 2.395
			[]string{"1.005000000s got 0", "2.425000000s got 1"},
		},
		{
			"what arrived before is",
			[]float64{0.985, 1.3},
			nil,
			[]step{cut(1), heal(20)},
			[]string{"0.995000000s got 0", "1.310000000s got 1"},
		},
		{
			"a repair before the first times out leaves no trace",
			[]float64{2, 2.15, 2.3},
			nil,
			[]step{cut(1), heal(2.1)},
			[]string{"2.010000000s got 0", "2.160000000s got 1", "2.310000000s got 2"},
		},
		{
			"what is sent between repair and acknowledgement is stuck too; later nothing is",
			[]float64{2, 5, 7, 8.3},
			nil,
			[]step{cut(1), heal(6)},
			[]string{"2.010000000s got 0", "8.230000000s got 1", "8.230000000s got 2", "8.310000000s got 3"},
		},
		{
			"anything that b sends after the repair acknowledges all",
			[]float64{2, 5, 6.4, 7},
			[]float64{6.5},
			[]step{cut(1), heal(6)},
			[]string{"2.010000000s got 0", "6.520000000s got 1", "6.520000000s got 2", "7.010000000s got 3"},
		},
		{
			"what b had sent before does so when it is sent again, and the rest after it",
			[]float64{2, 5, 6.4, 7},
			[]float64{4, 6.5}, // 7.0
			[]step{cut(1), heal(6)},
			[]string{"2.010000000s got 0", "7.020000000s got 1", "7.020000000s got 2", "7.020000000s got 3"},
		},
		{
			"a second cut before the acknowledgement loses it",
			[]float64{2, 5},
			nil,
			[]step{cut(1), heal(6), cut(7), heal(9)}, // 14.6
			[]string{"2.010000000s got 0", "14.630000000s got 1"},
		},
		{
			"of what was lost, the first alone is sent again",
			[]float64{2, 3},
			nil,
			[]step{cut(1), {1.5, tunnel, false}, {4, tunnel, true}, heal(10)}, // 5.0, 14.6
			[]string{"5.010000000s got 0", "14.630000000s got 1"},
		},
		{
			"and all of it where the way back is whole first",
			[]float64{2, 3},
			nil,
			[]step{cut(1), {1.5, tunnel, false}, heal(3.5), {4, tunnel, true}}, // 5.0, 4.4 behind it
			[]string{"5.010000000s got 0", "5.010000000s got 1"},
		},
	} {
		a := &end{id: "a", peer: "b", script: seconds(c.a...), conns: 1}
		b := &end{id: "b", peer: "a", script: seconds(c.b...), conns: 1}
		k := sim.New(sim.Config{
			Horizon: 1000e9,
			Facts:   []events.Event{events.RunStarted{Scenario: "acknowledgements"}},
			Actors:  []sim.Actor{crossings(c.weather), a, b},
			Wires: []sim.Wire{
				{From: "a", To: "b", Delay: sim.Constant(10 * ms), Crossings: []events.Crossing{{Link: tunnel}}},
				{From: "b", To: "a", Delay: sim.Constant(10 * ms), Crossings: []events.Crossing{{Link: "back"}}},
			},
		}, &eventlog.Memory{}, &eventlog.MemoryBus{})
		if err := k.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(b.got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, b.got, c.want)
		}
	}
}

// step cuts or repairs a crossing.
type step struct {
	at   float64
	link string
	up   bool
}

// crossings is a fabric that does what its steps say.
type crossings []step

func (crossings) ID() events.ActorID { return events.Fabric }
func (crossings) Apply(*events.Line) {}

func (c crossings) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); ok {
		for i, s := range c {
			t.After(seconds(s.at)[0], timer(i))
		}
		return
	}
	for i, s := range c {
		if in.Event == timer(i) {
			t.Record(events.LinkState{Crossing: events.Crossing{Link: s.link}, Up: s.up})
		}
	}
}

// TestAcknowledgementsOnWiresWithoutDelay: what is released when the way back heals
// may be due at once, beside the message that released it.
func TestAcknowledgementsOnWiresWithoutDelay(t *testing.T) {
	a := &end{id: "a", peer: "b", script: seconds(2, 5, 6.4, 7), conns: 1}
	b := &end{id: "b", peer: "a", script: seconds(6.5), conns: 1}
	k := sim.New(sim.Config{
		Horizon: 1000e9,
		Facts:   []events.Event{events.RunStarted{Scenario: "acknowledgements"}},
		Actors:  []sim.Actor{crossings([]step{{1, "back", false}, {6, "back", true}}), a, b},
		Wires: []sim.Wire{
			{From: "a", To: "b", Crossings: []events.Crossing{{Link: tunnel}}},
			{From: "b", To: "a", Crossings: []events.Crossing{{Link: "back"}}},
		},
	}, &eventlog.Memory{}, &eventlog.MemoryBus{})
	if err := k.Run(t.Context()); err != nil || len(b.got) != 4 {
		t.Errorf("%d messages arrived (%v), want 4", len(b.got), err)
	}
}
