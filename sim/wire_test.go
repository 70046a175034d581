package sim_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/sim"
)

// TestRetransmit against hand values: 0.2, 0.6, 1.4, 3.0 … s after sending, the
// timeout doubling up to 120 s.
func TestRetransmit(t *testing.T) {
	const sent = events.Time(10e9)
	for healed, want := range map[time.Duration]time.Duration{ // both after sending
		0: 200 * time.Millisecond, time.Millisecond: 200 * time.Millisecond, 200 * time.Millisecond: 200 * time.Millisecond,
		200*time.Millisecond + 1: 600 * time.Millisecond, 601 * time.Millisecond: 1400 * time.Millisecond, 2 * time.Second: 3 * time.Second,
		4 * time.Second: 6200 * time.Millisecond, 100 * time.Second: 102200 * time.Millisecond, // 0.2 (2^9 - 1)
		103 * time.Second: 204600 * time.Millisecond, // the last that doubles: 102.4 s
		205 * time.Second: 324600 * time.Millisecond, 325 * time.Second: 444600 * time.Millisecond,
	} {
		if got := sim.Retransmit(sent, sent.Add(healed)).Sub(sent); got != want {
			t.Errorf("healed after %v: sent again after %v, not %v", healed, got, want)
		}
	}
}

// end is one end of connections: it sends what its script says, and writes down
// what arrives. Its connections are open but for those in closed.
type end struct {
	id, peer events.ActorID
	script   []time.Duration // when it sends a message, the i-th on connection i%conns+1
	conns    int
	closed   map[uint32]bool
	bfd      bool // it sends packets of BFD, which belong to none
	got      []string
}

func (e *end) ID() events.ActorID                        { return e.id }
func (e *end) Open(_ events.ActorID, c events.Conn) bool { return !e.closed[c.N] }
func (e *end) Apply(*events.Line)                        {}
func conn(n int) events.Conn                             { return events.Conn{Initiator: "a", N: uint32(n)} }

func message(i, conns int) events.Message {
	return events.NewNotification(conn(i%conns+1), 6, uint8(i))
}

func timer(i int) events.Timer    { return events.Timer{Name: events.ConnectTimer, Item: fmt.Sprint(i)} }
func number(e events.Event) uint8 { return e.(events.Notification).Subcode }
func (e *end) received(l events.Line, verb string) (line string) {
	return fmt.Sprintf("%v %s %d", l.At, verb, number(l.Event))
}

func (e *end) Step(t *sim.Turn, in events.Line) {
	switch ev := in.Event.(type) {
	case events.Start:
		for i, at := range e.script {
			t.After(at, timer(i))
		}
	case events.Timer:
		var i int
		_, _ = fmt.Sscan(ev.Item, &i)
		if e.bfd {
			t.Send(e.peer, events.BFD{My: 1, Multiplier: 3})
			return
		}
		t.Send(e.peer, message(i, e.conns))
	case events.BFD:
		e.got = append(e.got, fmt.Sprintf("%v %s", in.At, verb(in)))
	case events.Notification:
		e.got = append(e.got, e.received(in, verb(in)))
	}
}

// verb says what became of a message.
func verb(l events.Line) string {
	if l.Role == events.Lost {
		return "lost"
	}
	return "got"
}

// weather is a fabric that does what its script says.
type weather struct {
	script map[time.Duration]events.Event
}

func (weather) ID() events.ActorID { return events.Fabric }
func (weather) Apply(*events.Line) {}

func (w weather) Step(t *sim.Turn, in events.Line) {
	switch e := in.Event.(type) {
	case events.Start:
		for at := range w.script { // order-free: they do not meet
			t.After(at, events.Timer{Name: events.FaultTimer, Item: at.String()})
		}
	case events.Timer:
		at, _ := time.ParseDuration(e.Item)
		t.Record(w.script[at])
	}
}

const tunnel = "tunnel"

func link(up bool) events.Event {
	return events.LinkState{Crossing: events.Crossing{Link: tunnel}, Up: up}
}
func node(is events.Condition) events.Event { return events.NodeState{Node: "b", Is: is} }

// carry sends what a says to b, 10 ms away, under that weather, and gives what b
// notes.
func carry(t *testing.T, a, b *end, script map[time.Duration]events.Event) []string {
	t.Helper()
	a.id, a.peer, b.id, b.peer = "a", "b", "b", "a"
	a.conns = max(1, a.conns)
	over, delay := []events.Crossing{{Link: tunnel}}, sim.Constant(10*time.Millisecond)
	k := sim.New(sim.Config{
		Horizon: 1000e9,
		Facts:   []events.Event{events.RunStarted{Scenario: "wire"}},
		Actors:  []sim.Actor{weather{script}, a, b},
		Wires:   []sim.Wire{{From: "a", To: "b", Delay: delay, Crossings: over}, {From: "b", To: "a", Delay: delay}},
	}, &eventlog.Memory{}, &eventlog.MemoryBus{})
	if err := k.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b.got
}

func seconds(s ...float64) []time.Duration {
	d := make([]time.Duration, len(s))
	for i := range s {
		d[i] = time.Duration(s[i]*1e3+0.5) * time.Millisecond
	}
	return d
}

// TestDatagrams: what meets a cut or a dead receiver, when it is sent or on its way, is
// lost for good, and nothing waits for it; what finds a process hung waits in its socket.
func TestDatagrams(t *testing.T) {
	const ms = time.Millisecond
	down, up := link(false), link(true)
	for _, c := range []struct {
		name   string
		script map[time.Duration]events.Event
		want   []string // of two sent at 1 s and 1.5 s
	}{
		{"nothing happens", nil, []string{"1.010000000s got", "1.510000000s got"}},
		{"cut before", map[time.Duration]events.Event{900 * ms: down, 1200 * ms: up}, []string{"1.010000000s lost", "1.510000000s got"}},
		{"cut on the way, for an instant", map[time.Duration]events.Event{1502 * ms: down, 1503 * ms: up}, []string{"1.010000000s got", "1.510000000s lost"}},
		{"cut for ever", map[time.Duration]events.Event{1005 * ms: down}, []string{"1.010000000s lost", "1.510000000s lost"}},
		{"dead", map[time.Duration]events.Event{900 * ms: node(events.Dead), 1200 * ms: node(events.Alive)}, []string{"1.010000000s lost", "1.510000000s got"}},
		{"hung", map[time.Duration]events.Event{900 * ms: node(events.Hung), 1200 * ms: node(events.Alive)}, []string{"1.200000000s got", "1.510000000s got"}},
		{"hung and cut", map[time.Duration]events.Event{900 * ms: node(events.Hung), 1005 * ms: down, 1200 * ms: node(events.Alive)}, []string{"1.200000000s lost", "1.510000000s lost"}},
	} {
		a, b := end{script: seconds(1, 1.5), bfd: true}, end{}
		if got := carry(t, &a, &b, c.script); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestWire(t *testing.T) {
	type script = map[time.Duration]events.Event
	for _, c := range []struct {
		name   string
		a, b   end
		script script
		want   []string
	}{
		{
			"nothing happens",
			end{script: seconds(1, 1.001, 2)},
			end{},
			nil,
			[]string{"1.010000000s got 0", "1.011000000s got 1", "2.010000000s got 2"},
		},
		{
			"a cut holds what is under way and what is sent; each arrives at its retransmission, in order",
			end{script: seconds(1, 3, 3.5)},
			end{},
			script{time.Second + 5*time.Millisecond: link(false), 4 * time.Second: link(true)},
			// sent again at 1 + 3.0 s and at 3 + 1.4 s; the third, at 3.5 + 0.6 s, waits for the second
			[]string{"4.010000000s got 0", "4.410000000s got 1", "4.410000000s got 2"},
		},
		{
			"connections do not wait for each other",
			end{script: seconds(1, 3.9), conns: 2},
			end{},
			script{900 * time.Millisecond: link(false), 5 * time.Second: link(true)},
			[]string{"5.310000000s got 1", "7.210000000s got 0"},
		},
		{
			"a dead receiver hears nothing; back, it gets what is sent again",
			end{script: seconds(1)},
			end{},
			script{500 * time.Millisecond: node(events.Dead), 2 * time.Second: node(events.Alive)},
			[]string{"2.410000000s got 0"},
		},
		{
			"what arrives while a process hangs is in its socket",
			end{script: seconds(1, 1.5)},
			end{},
			script{500 * time.Millisecond: node(events.Hung), 2 * time.Second: node(events.Alive)},
			[]string{"2.000000000s got 0", "2.000000000s got 1"},
		},
		{
			"and what is still on its way when the process goes on, is not",
			end{script: seconds(1)},
			end{},
			script{500 * time.Millisecond: node(events.Hung), 1005 * time.Millisecond: node(events.Alive)},
			[]string{"1.010000000s got 0"},
		},
		{
			"the socket is read even though the way is cut by then",
			end{script: seconds(1, 1.8)},
			end{},
			script{500 * time.Millisecond: node(events.Hung), 1500 * time.Millisecond: link(false), 2 * time.Second: node(events.Alive), 3 * time.Second: link(true)},
			[]string{"2.000000000s got 0", "3.210000000s got 1"},
		},
		{
			"a receiver whose end is closed loses it",
			end{script: seconds(1)},
			end{closed: map[uint32]bool{1: true}},
			nil,
			[]string{"1.010000000s lost 0"},
		},
	} {
		if got := carry(t, &c.a, &c.b, c.script); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}
