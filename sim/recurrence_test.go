package sim_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"
)

// toy is an actor that is told what to do with what comes. It writes a change each
// time, so that its circles count, unless it is calm.
type toy struct {
	id   events.ActorID
	does func(t *sim.Turn, e events.Event)
	mood uint64          // what it says of its state
	calm bool            // writes no change
	aged bool            // says how long ago the last thing was, too
	last events.Time     // when that was
	drew map[bool]uint64 // draws, by whether they can differ
}

func (a *toy) ID() events.ActorID                    { return a.id }
func (a *toy) Open(events.ActorID, events.Conn) bool { return true }
func (a *toy) Dialed(events.ActorID) uint32          { return 1 }
func (a *toy) Apply(l *events.Line) {
	if l.Role == events.In || l.Role == events.Fired {
		a.last = l.At
	}
}

func (a *toy) Fingerprint(f *sim.Fingerprint) {
	f.Uint(a.mood)
	if a.aged {
		f.Ago(a.last)
	}
	f.Draws(a.drew[false], sim.Constant(time.Second))
	f.Draws(a.drew[true], sim.Uniform(0, time.Second))
}

func (a *toy) Step(t *sim.Turn, in events.Line) {
	if !a.calm {
		t.Record(&events.BestChanged{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Why: "it plays"})
	}
	a.does(t, in.Event)
}

// alarm is a timer with a name.
func alarm(name string) events.Timer { return events.Timer{Name: events.MRAITimer, Item: name} }

// TestRecurrence: a circle is as long as it takes until all is as it was: the state
// of the actors, timers and when they are due, messages and what they say.
func TestRecurrence(t *testing.T) {
	conn := events.Conn{Initiator: "a", N: 1}
	type plays = func(a, b *toy)
	every := func(d map[string]time.Duration) plays {
		return func(a, _ *toy) {
			a.does = func(t *sim.Turn, e events.Event) {
				if timer, ok := e.(events.Timer); ok {
					t.After(d[timer.Item], timer)
					return
				}
				t.After(d["x"], alarm("x"))
				if d["y"] > 0 {
					t.After(d["y"], alarm("y"))
				}
			}
		}
	}
	turning := func(turn func(a *toy)) plays {
		return func(a, _ *toy) {
			a.does = func(t *sim.Turn, e events.Event) {
				turn(a)
				t.After(time.Second, alarm("x"))
			}
		}
	}
	for _, c := range []struct {
		name   string
		plays  plays
		want   time.Duration
		strict bool
	}{
		{"one timer", every(map[string]time.Duration{"x": time.Second}), time.Second, true},
		{"two timers", every(map[string]time.Duration{"x": time.Second, "y": 3 * time.Second}), 3 * time.Second, true},
		{"two timers that meet late", every(map[string]time.Duration{"x": 2 * time.Second, "y": 7 * time.Second}), 14 * time.Second, true},
		{"a timer whose name alternates", func(a, _ *toy) {
			a.does = func(t *sim.Turn, e events.Event) {
				next := alarm("x")
				if e == events.Event(next) {
					next = alarm("y")
				}
				t.After(time.Second, next)
			}
		}, 2 * time.Second, true},
		{"a state of five", turning(func(a *toy) { a.mood = (a.mood + 1) % 5 }), 5 * time.Second, true},
		{"a state that never comes again", turning(func(a *toy) { a.mood++ }), 0, false},
		{"draws that cannot differ", turning(func(a *toy) { a.drew[false]++ }), time.Second, true},
		{"draws that can", turning(func(a *toy) { a.drew[true]++ }), time.Second, false},
		{"a message", func(a, b *toy) {
			a.does = func(t *sim.Turn, e events.Event) { t.Send("b", events.NewKeepalive(conn)) }
			b.does = func(t *sim.Turn, e events.Event) {
				if e.Kind() == events.KindKeepalive {
					t.Send("a", e)
				}
			}
		}, 2 * time.Second, true},
		{"a message that says something else each time", func(a, b *toy) {
			a.does = func(t *sim.Turn, e events.Event) {
				says := uint8(1)
				if n, ok := e.(events.Notification); ok && n.Subcode == 1 {
					says = 2
				}
				t.Send("b", events.NewNotification(conn, 6, says))
			}
			b.does = func(t *sim.Turn, e events.Event) {
				if e.Kind() == events.KindNotification {
					t.Send("a", e)
				}
			}
		}, 4 * time.Second, true},
		{"a bystander that remembers for how long", func(a, b *toy) {
			turning(func(*toy) {})(a, b)
			b.aged = true
		}, 0, false},
		{"routes that stay", turning(func(a *toy) { a.calm = true }), 0, false},
		{"it comes to rest", func(a, _ *toy) {
			a.does = func(t *sim.Turn, e events.Event) {
				if t.Now() < events.Time(100*time.Second) {
					a.mood++
					t.After(time.Second, alarm("x"))
				}
			}
		}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			idle := func(*sim.Turn, events.Event) {}
			a, b := &toy{id: "a", does: idle, drew: map[bool]uint64{}}, &toy{id: "b", does: idle}
			c.plays(a, b)
			k := sim.New(sim.Config{
				Horizon: events.Time(1000 * time.Second), Circles: true,
				Actors: []sim.Actor{&toy{id: events.Fabric, does: idle}, a, b},
				Wires:  []sim.Wire{{From: "a", To: "b", Delay: sim.Constant(time.Second)}, {From: "b", To: "a", Delay: sim.Constant(time.Second)}},
			}, &eventlog.Memory{}, &eventlog.MemoryBus{})
			if err := k.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			got, found := k.Recurrence()
			if found != (c.want > 0) || got.Until.Sub(got.From) != c.want || got.Strict != c.strict {
				t.Errorf("%v: %+v, want %v, strict %v", found, got, c.want, c.strict)
			}
		})
	}
}
