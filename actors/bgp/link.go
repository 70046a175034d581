package bgp

import (
	"dualhome/events"
	"dualhome/sim"
)

// unlink ends the session with a peer whose link failed, at once (fast external
// failover). There is nobody to tell, and no attempt until the link is up again.
func (s *Speaker) unlink(t *sim.Turn, p *peer) {
	for len(p.conns) > 0 {
		s.close(t, p, &p.conns[0], "link down")
	}
	s.giveUp(t, p)
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
