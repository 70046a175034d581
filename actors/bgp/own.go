package bgp

import (
	"net/netip"

	"dualhome/events"
	"dualhome/sim"
)

// originates tells whether the speaker has a route of its own for a prefix.
func (s *Speaker) originates(row *row) bool {
	return row.own && (s.cfg.Originates == nil || s.cfg.Originates(row.prefix))
}

// decideOwn decides on what the speaker originates: as it was told at first, and
// by orders since.
func (s *Speaker) decideOwn(t *sim.Turn, decide func(*sim.Turn, *row, uint64)) {
	for _, prefix := range s.cfg.Originate {
		decide(t, s.rib.row(prefix), 0)
	}
	for _, row := range s.rib.all() {
		if row.own {
			decide(t, row, 0)
		}
	}
}

// Reconsider decides a prefix anew and tells the peers, because the speaker's own
// route to it came or went in this turn.
func (s *Speaker) Reconsider(t *sim.Turn, prefix netip.Prefix) {
	if s.absent {
		return
	}
	s.dirty = s.dirty[:0]
	s.decide(t, prefix)
	s.flush(t)
	s.awaitAnswers(t)
}

// Identifier gives the BGP identifier that a peer sent in the established
// session, or in the last one while stale routes of it are kept, which is its
// address; the zero Addr where there is none.
func (s *Speaker) Identifier(id events.ActorID) netip.Addr {
	if p := s.peer(id); p != nil {
		return identifier(p)
	}
	return netip.Addr{}
}
