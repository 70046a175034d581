package metrics

import (
	"testing"

	"dualhome/events"
)

// A run says in words why it has not converged: what is under way, or else
// pending, or else how long it has been quiet.
func TestUnsettled(t *testing.T) {
	const quiet = "the last change was at 3547.0 s; 120 s of quiet are needed before the horizon: set one of at least 3667s"
	tests := []struct {
		name string
		tell func(s *story)
		want string
	}{
		{"nothing happened for long", func(*story) {}, ""},
		{"a change just before the horizon", func(s *story) {
			s.at = 3547 * sec
			s.learns("rs0-0", "nva1", dcNet, hop1)
		}, quiet},
		{"an UPDATE and a timer", func(s *story) {
			s.at = 10 * sec
			update := events.NewUpdate(events.Conn{Initiator: "rs0-0", N: 1}, &events.Routes{Withdrawn: prefixes(dcNet)})
			out := s.line(events.Out, 0, "rs0-0", update)
			s.lines[out-1].Peer = "nva1"
			s.line(events.Set, 0, "rs0-0", events.Timer{Name: events.MRAITimer, Peer: "nva1"})
		}, "the update from rs0-0 to nva1, sent at 10.0 s, has not arrived, and one thing more is pending"},
		{"an UPDATE of a session that is no more", func(s *story) {
			out := s.line(events.Out, 0, "rs0-0", events.NewUpdate(events.Conn{Initiator: "rs0-0", N: 9}, &events.Routes{Withdrawn: prefixes(dcNet)}))
			s.lines[out-1].Peer = "nva1"
		}, ""},
		{"MRAI", func(s *story) {
			s.line(events.Set, 0, "rs0-0", events.Timer{Name: events.MRAITimer, Peer: "nva1"})
		}, "rs0-0 waits for its mrai timer to tell nva1 more"},
		{"a gateway that converges", func(s *story) {
			s.line(events.Set, 0, "gw1-0", events.Timer{Name: events.AdvertiseTimer, Peer: "circuit1-0"})
		}, "gw1-0 holds back what it tells circuit1-0"},
		{"programming of three groups", func(s *story) {
			for _, g := range []events.ActorID{"vms-1", "vms-0", "nva1"} {
				s.line(events.Set, 0, g, events.Timer{Name: events.ProgramTimer, Peer: g})
			}
		}, "routes of vms-1 wait to be programmed, and 2 things more are pending"},
		{"a hold timer is no work", func(s *story) {
			s.line(events.Set, 0, "rs0-0", events.Timer{Name: events.HoldTimer, Peer: "nva1"})
		}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := speakers()
			test.tell(s)
			r := s.measured(t)
			if r.Unsettled != test.want || r.Converged != (test.want == "") {
				t.Errorf("converged %v: %q, not %q", r.Converged, r.Unsettled, test.want)
			}
		})
	}
}
