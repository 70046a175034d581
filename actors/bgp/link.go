package bgp

import (
	"dualhome/events"
	"dualhome/sim"
)

// unlink ends the session with a peer whose link failed, at once (fast external
// failover). There is nobody to tell, and no attempt until the link is up again.
func (s *Speaker) unlink(t *sim.Turn, p *peer) {
	if p.StaysLinked {
		s.reconsider(t, p)
		return
	}
	for len(p.conns) > 0 {
		s.close(t, p, &p.conns[0], "link down")
	}
	s.giveUp(t, p)
}

// relink begins a session anew whose link is up again, or uses its routes again.
func (s *Speaker) relink(t *sim.Turn, p *peer) {
	s.reconsider(t, p)
	s.await(t, p, 0, "link up")
}

// reconsider decides what a peer sent anew: its next hop can be reached no more, or
// again (RFC 4271 section 9.1.2).
func (s *Speaker) reconsider(t *sim.Turn, p *peer) {
	for _, prefix := range s.rib.from(p) {
		s.decideLost(t, prefix)
	}
}

// applyReach folds that the next hops of a peer cannot be reached any more, or can
// again.
func (s *Speaker) applyReach(p *peer) {
	if !p.StaysLinked {
		return // its session ends
	}
	for _, prefix := range s.rib.from(p) {
		row := s.rib.rows[prefix]
		s.rib.set(row, p, row.received[p.place])
	}
}

// giveUp makes no new attempt, and keeps no routes of the peer.
func (s *Speaker) giveUp(t *sim.Turn, p *peer) {
	t.Stop(events.Timer{Name: events.ConnectTimer, Peer: p.ID})
	t.Stop(events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
	if p.awaited {
		t.Stop(restartTimer(p))
		s.removeSwept(t, p)
	}
}
