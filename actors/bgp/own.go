package bgp

import (
	"net/netip"

	"dualhome/events"
	"dualhome/sim"
)

// originates tells whether the speaker has a route of its own for a prefix.
func (s *Speaker) originates(prefix netip.Prefix) bool {
	return s.own[prefix] && (s.cfg.Originates == nil || s.cfg.Originates(prefix))
}

// Reconsider decides a prefix anew and tells the peers, because the speaker's own
// route to it came or went in this turn.
func (s *Speaker) Reconsider(t *sim.Turn, prefix netip.Prefix) {
	if s.absent {
		return
	}
	s.dirty = s.dirty[:0]
	s.decide(t, prefix, 0)
	s.flush(t)
}

// Identifier gives the BGP identifier that a peer sent in the established
// session, which is its address; the zero Addr where there is none.
func (s *Speaker) Identifier(id events.ActorID) netip.Addr {
	if p := s.peers[id]; p != nil {
		return identifier(p)
	}
	return netip.Addr{}
}
