package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// startEstablished begins with all sessions up (Config.Established), as if they
// had long been, and sends every peer its table.
func (s *Speaker) startEstablished(t *sim.Turn) {
	s.decideOwn(t, s.decideNow)
	s.dirty = s.dirty[:0] // all that there is goes to all
	for _, p := range s.order {
		id := events.Conn{Initiator: min(s.cfg.ID, p.ID), N: 1}
		t.Record(events.SessionChanged{Neighbor: p.ID, Conn: id, Was: events.Idle, Is: events.Established, Hold: p.Hold, Why: "established from the start"})
		if c := p.established(); c.hold > 0 && s.everyKeepalive(p, c) {
			t.After(c.hold, events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: id})
			s.pace(t, p, c)
		}
		s.advertiseAll(t, p, sessionUp)
		s.endOfRIB(t, p)
	}
}

// begin folds a session that is established without a message: as if both ends
// had sent a keepalive now, that had arrived at once. The peer's offers are taken
// to be this end's.
func (p *peer) begin(c *conn, hold time.Duration, now events.Time) {
	c.hold, c.peerHold, c.peerID = hold, p.Hold, p.Identifier
	c.sentFirst, c.heardFirst = now, now.Add(p.peerInterval(c)+p.Delay)
	p.last = now
	if p.Restart != nil {
		c.restart = &events.GracefulRestart{Time: p.Restart.Time, Forwards: p.Restart.Forwarding}
	}
}
