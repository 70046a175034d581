package metrics

import (
	"testing"
	"time"

	"dualhome/events"
)

// link is a line of a chain of causes: what it is, and how long after its cause.
type link struct {
	after time.Duration
	role  events.Role
	event events.Event
}

// Where the time of an outage goes, for chains from a fault to the change of a
// FIB or NIC that ends it.
func TestBudgetOfChains(t *testing.T) {
	const ms = time.Millisecond
	timer := func(name events.TimerName) events.Event { return events.Timer{Name: name} }
	closed := events.SessionChanged{Was: events.Established, Is: events.Idle}
	opened := events.SessionChanged{Was: events.OpenConfirm, Is: events.Established}
	nic, fib := events.NICChanged{Instance: "rs0-0"}, &events.FIBChanged{Prefix: prefix(dcNet)}
	best := &events.BestChanged{Prefix: prefix(dcNet)}
	tests := []struct {
		name  string
		chain []link
		want  budget
	}{
		{"a hold timer expires", []link{
			{179 * sec, events.Fired, timer(events.HoldTimer)}, {0, events.Change, closed}, {0, events.Change, best}, {2 * sec, events.Change, nic},
		}, budget{detect: 179e9, program: 2e9}},
		{"the other side of a one-way cut tells it", []link{
			{179 * sec, events.Out, events.Notification{}},
			{10 * ms, events.In, events.Notification{}},
			{0, events.Change, closed},
			{0, events.Change, best},
			{3 * sec, events.Out, events.Program{}},
			{2 * sec, events.Change, nic},
		}, budget{detect: 179e9, propagate: 10e6, program: 5e9}},
		{"a segment resets the connection", []link{
			{30 * sec, events.Out, events.TCP{}}, {10 * ms, events.In, events.TCP{}}, {0, events.Change, closed}, {0, events.Change, best}, {0, events.Change, fib},
		}, budget{detect: 30e9, propagate: 10e6}},
		{"a best route changes directly", []link{
			{40 * sec, events.Change, best}, {sec, events.Change, fib},
		}, budget{detect: 40e9, program: 1e9}},
		{"an UPDATE waits for its MRAI", []link{
			{9 * sec, events.Change, closed},
			{sec, events.Change, best},
			{5 * sec, events.Fired, timer(events.MRAITimer)},
			{2 * sec, events.Out, &events.Update{}},
			{20 * ms, events.In, &events.Update{}},
			{4 * sec, events.Change, best},
			{6 * sec, events.Fired, timer(events.ProgramTimer)},
			{sec, events.Change, nic},
		}, budget{detect: 9e9, propagate: 20e6, decide: 12e9, program: 7e9}},
		{"a probe fails", []link{
			{6 * sec, events.Fired, timer(events.LivenessTimer)}, {sec, events.Change, events.ProbeChanged{Target: "nva1"}}, {0, events.Change, fib},
		}, budget{detect: 7e9}},
		{"BFD ends the session, and a peer is told late", []link{
			{sec, events.Fired, timer(events.LivenessTimer)},
			{0, events.Change, closed},
			{0, events.Change, best},
			{30 * sec, events.Fired, timer(events.AdvertiseTimer)},
			{0, events.Out, &events.Update{}},
			{10 * ms, events.In, &events.Update{}},
			{0, events.Change, best},
			{0, events.Change, fib},
		}, budget{detect: sec.Nanoseconds(), propagate: 10e6, decide: 30e9}},
		{"routes are asked for again", []link{
			{sec, events.Out, events.Order{Do: events.Refresh}},
			{2 * sec, events.Out, events.RouteRefresh{}},
			{10 * ms, events.In, events.RouteRefresh{}},
			{3 * sec, events.Out, &events.Update{}},
			{10 * ms, events.In, &events.Update{}},
			{0, events.Change, best},
			{0, events.Change, fib},
		}, budget{detect: 1e9, propagate: 20e6, decide: 5e9}},
		{"a session that sent too much may begin again", []link{
			{0, events.Change, closed}, {60 * sec, events.Fired, timer(events.LimitTimer)}, {0, events.Change, opened}, {0, events.Change, best}, {0, events.Change, nic},
		}, budget{flows: 60e9}},
		{"a session is made anew", []link{
			{0, events.Change, events.NodeState{Node: "nva1", Is: events.Alive}},
			{15 * sec, events.Fired, timer(events.ConnectTimer)},
			{sec, events.Out, events.TCP{}},
			{10 * ms, events.In, events.TCP{}},
			{2 * sec, events.Out, events.Open{}},
			{10 * ms, events.In, events.Open{}},
			{3 * sec, events.Out, events.Keepalive{}},
			{10 * ms, events.In, events.Keepalive{}},
			{0, events.Change, opened},
			{0, events.Out, &events.Update{}},
			{10 * ms, events.In, &events.Update{}},
			{0, events.Change, best},
			{0, events.Change, fib},
		}, budget{propagate: 40e6, flows: 21e9}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, at := &lineage{}, events.Time(100*sec)
			add := func(role events.Role, e events.Event) {
				n := uint64(len(g.lines))
				if err := g.add(&events.Line{Seq: n + 1, Cause: n, At: at, Role: role, Event: e}); err != nil {
					t.Fatal(err)
				}
			}
			add(events.Fault, events.Disturbance{})
			for _, l := range test.chain {
				at += events.Time(l.after)
				add(l.role, l.event)
			}
			n := uint64(len(g.lines))
			got, ok := g.budget(touch{seq: n, cause: n - 1}, g.disturbances[0])
			if !ok || got != test.want {
				t.Errorf("%+v, not %+v", got, test.want)
			}
		})
	}
}
