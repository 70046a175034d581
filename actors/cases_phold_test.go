package actors_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"

	"gonum.org/v1/gonum/stat/distuv"
)

// logical is a logical process of PHOLD (Fujimoto 1990), as ROSS implements it: each of
// its events makes one event of a process chosen at random. Here no message between
// actors takes time but on the wires of BGP, so that an event asks the other process to
// set a timer, which is the next one.
type logical struct {
	id        events.ActorID
	all       []events.ActorID // of which one is chosen
	increment sim.Dist
	set, met  uint64 // events made for it, and those that it had
}

// ID names the process.
func (p *logical) ID() events.ActorID { return p.id }

// Apply counts.
func (p *logical) Apply(l *events.Line) {
	switch l.Role {
	case events.Set:
		p.set++
	case events.Fired:
		p.met++
	}
}

// Step schedules an event, or has one.
func (p *logical) Step(t *sim.Turn, in events.Line) {
	if in.Role == events.In { // the start, or what another one asks for
		slot := events.Timer{Name: events.FaultTimer}
		for t.Pending(slot) {
			slot.Conn.N++
		}
		t.After(t.Draw(p.increment, sim.KeyOf("increment").Actor(p.id).Int(p.set))+lookahead, slot)
		return
	}
	next := t.Draw(sim.Uniform(0, time.Duration(len(p.all))), sim.KeyOf("chosen").Actor(p.id).Int(p.met))
	t.Send(p.all[next], events.Order{Do: events.Refresh})
}

// lookahead is the least time between two events.
const lookahead = 100 * time.Millisecond

// processes is how many there are, with one event each at the start.
const processes = 1024

// idle is a fabric in which nothing is.
type idle struct{}

func (idle) ID() events.ActorID          { return events.Fabric }
func (idle) Step(*sim.Turn, events.Line) {}
func (idle) Apply(*events.Line)          {}

// committed is a log of what happened in PHOLD.
type committed struct {
	eventlog.Memory
	events  int
	of      map[events.ActorID]int
	now     events.Time
	last    uint64 // what made the last event
	pending int
	wrong   string
}

// Append counts the events, and those that are still to come.
func (c *committed) Append(ctx context.Context, turn []events.Line) error {
	for i := range turn {
		l := &turn[i]
		switch l.Role {
		case events.Set, events.Out:
			c.pending++
		case events.In:
			if (l.Event != events.Start{}) {
				c.pending--
			}
		case events.Fired:
			c.pending--
			c.events++
			c.of[l.Actor]++
			if l.At == c.now && l.Cause < c.last {
				c.wrong = fmt.Sprintf("not in the order in which they were set: %v", l)
			}
			c.last = l.Cause
		}
		if l.At < c.now {
			c.wrong = fmt.Sprintf("time goes back to %v", l)
		}
		c.now = l.At
	}
	if c.events > 0 && c.pending != processes {
		c.wrong = fmt.Sprintf("%d events are pending at %v", c.pending, c.now)
	}
	return c.Memory.Append(ctx, turn)
}

// phold plays it.
func phold(increment string, seed uint64, horizon time.Duration) (*committed, error) {
	c := sim.Config{Seed: seed, Horizon: events.Time(horizon), Actors: []sim.Actor{idle{}}}
	all := make([]events.ActorID, processes)
	for i := range all {
		all[i] = events.ActorID(fmt.Sprintf("p%d", i))
		c.Actors = append(c.Actors, &logical{id: all[i], all: all, increment: dist(increment)})
	}
	log := &committed{of: map[events.ActorID]int{}}
	return log, sim.New(c, log, &eventlog.MemoryBus{}).Run(context.Background())
}

// heldModel: PHOLD with increments of 0.1 s and an exponential time of 0.9 s on
// average. It is 1024 renewal processes whose times have the mean 1 and the variance
// 0.81, so that in 100 s there are 100 + (0.81-1)/2 events of each, with a variance of
// 81.
func heldModel(t *testing.T) {
	const increment = "exponential(900ms)"
	seeds := [...]uint64{2, 2, 3}
	runs, failed := [len(seeds)]*committed{}, [len(seeds)]error{}
	var threads sync.WaitGroup // a run shares nothing with others at the same time
	for i, seed := range seeds {
		threads.Go(func() { runs[i], failed[i] = phold(increment, seed, 100*time.Second) })
	}
	threads.Wait()
	digests := map[string]uint64{}
	for i, r := range runs {
		if failed[i] != nil || r.wrong != "" {
			t.Fatal(failed[i], r.wrong)
		}
		what := fmt.Sprintf("seed %d: ", seeds[i])
		within(t, what+"committed events", float64(r.events), processes*(100-0.19/2), 3*math.Sqrt(processes*81))
		if was, there := digests[r.Digest()]; there && was != seeds[i] {
			t.Errorf("seeds %d and %d play the same", was, seeds[i])
		}
		digests[r.Digest()] = seeds[i]

		square, mean := 0.0, float64(r.events)/processes
		for _, n := range r.of { // order-free: a sum
			square += (float64(n) - mean) * (float64(n) - mean) / mean
		}
		all := distuv.ChiSquared{K: processes - 1}
		if low, high := all.Quantile(0.0005), all.Quantile(0.9995); len(r.of) != processes || square < low || square > high {
			t.Errorf("%sthe events of %d processes have a chi-square of %v, not %v to %v", what, len(r.of), square, low, high)
		}
		t.Logf("%s%d events, chi-square %.1f", what, r.events, square)
	}
	same(t, "one seed is played in one way, each in its own", len(digests), 2)
}

// stableTies: what happens at one instant happens in the order in which it was set:
// with increments of 0.1 s alone there are 1024 events every 0.1 s.
func stableTies(t *testing.T) {
	r, err := phold("0s", 1, 10*time.Second)
	if err != nil || r.wrong != "" {
		t.Fatal(err, r.wrong)
	}
	same(t, "events", r.events, processes*100)
	same(t, "the last", r.now, events.Time(10e9))
}

// clock is an actor that does the same in each of its turns, the first of which is the
// start.
type clock struct {
	idle
	do func(t *sim.Turn, in events.Line)
}

func (c clock) Step(t *sim.Turn, in events.Line) { c.do(t, in) }

// tally is a log that counts.
type tally struct {
	counter
	n map[events.Role]int
}

func (c *tally) Append(_ context.Context, turn []events.Line) error {
	for i := range turn {
		c.n[turn[i].Role]++
	}
	return nil
}

// tick runs a clock, and gives the time at the end and what happened.
func tick(t *testing.T, horizon events.Time, do func(*sim.Turn, events.Line)) (events.Time, map[events.Role]int) {
	t.Helper()
	log := tally{n: map[events.Role]int{}}
	k := sim.New(sim.Config{Horizon: horizon, Actors: []sim.Actor{clock{do: do}}}, &log, &eventlog.MemoryBus{})
	if err := k.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k.Now(), log.n
}

// exactTicks: a million events of 0.1 s end at 100,000 s, exactly, because time is an
// integer. (The case has ten million: nothing is different in them.)
func exactTicks(t *testing.T) {
	const n = 1_000_000
	timer, left := events.Timer{Name: events.FaultTimer}, n
	now, count := tick(t, 1e6*1e9, func(turn *sim.Turn, _ events.Line) {
		if left--; left >= 0 {
			turn.After(100*time.Millisecond, timer)
		}
	})
	same(t, "the last is at", now, events.Time(n/10*1e9))
	same(t, "events", count[events.Fired], n)
}

// cancelledTimers: one that was stopped, or moved, is no event, and keeps no run going.
func cancelledTimers(t *testing.T) {
	beat, late := events.Timer{Name: events.FaultTimer, Item: "beat"}, events.Timer{Name: events.FaultTimer, Item: "late"}
	const n = 1000
	for end, want := range map[string]events.Time{"stopped": n * 1e9, "moved": (n + 180) * 1e9} {
		left := n
		now, count := tick(t, 1e6*1e9, func(turn *sim.Turn, in events.Line) {
			switch {
			case in.Event == late:
			case left > 0:
				turn.After(180*time.Second, late)
				turn.After(time.Second, beat)
			case end == "stopped":
				turn.Stop(late)
			default:
				turn.After(180*time.Second, late)
			}
			left--
		})
		same(t, end+": the last is at", now, want)
		same(t, end+": events", count[events.Fired], map[string]int{"stopped": n, "moved": n + 1}[end])
	}
}
