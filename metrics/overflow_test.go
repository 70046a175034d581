package metrics

import (
	"testing"

	"dualhome/events"
)

// overflow lets a speaker end its session with a peer, and the peer find out.
func (s *story) overflow(at, peer events.ActorID, why string) {
	s.session(0, at, peer)
	s.change(0, at, events.SessionChanged{Neighbor: peer, Was: events.Established, Is: events.Idle, Why: why})
	s.change(0, peer, events.SessionChanged{Neighbor: at, Was: events.Established, Is: events.Idle, Why: "NOTIFICATION received"})
}

// Instances of one Route Server fare alike: one sentence for both, which counts
// all their sessions and gives the numbers of the first.
func TestSessionsWithTooManyRoutesAreDiagnosed(t *testing.T) {
	s := speakers()
	for range 7 {
		s.overflow("rs0-0", "nva1", "too many routes: 3999 held + 4001 incoming > 4000")
		s.overflow("rs0-1", "nva1", "too many routes: 0 held + 4001 incoming > 4000")
	}
	s.overflow("nva1", "rs0-0", "too many routes: 11 > 10")
	s.change(0, "nva1", events.SessionChanged{Neighbor: "rs0-0", Was: events.OpenSent, Is: events.Idle, Why: "too many routes: 11 > 10"}) // none ended
	checkDiagnoses(t, s.measured(t),
		"rs0-0 and rs0-1 ended their sessions with nva1 14 times: too many routes (3999 held + 4001 incoming > 4000); announce fewer, or choose a higher limit",
		"nva1 ended its session with rs0-0 once: too many routes (11 > 10); announce fewer, or choose a higher limit")

	s.overflow("nva1", "rs0-1", "too many routes: 12 > 10")
	want := "nva1 ended its sessions with rs0-0 and rs0-1 2 times: too many routes (11 > 10); announce fewer, or choose a higher limit"
	if got := s.measured(t).Diagnoses; len(got) != 2 || got[1] != want {
		t.Errorf("%q", got)
	}
}
