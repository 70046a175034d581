package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// interval is the time between two keepalives on c (RFC 4271 section 10). They
// keep the phase of the first one, whatever happens in between.
func (p *peer) interval(c *conn) time.Duration { return min(p.Keepalive, c.hold/3) }

// tick gives the last instant up to now at which a keepalive is sent on c.
func (p *peer) tick(c *conn, now events.Time) events.Time {
	period := p.interval(c)
	return c.sentFirst.Add(now.Sub(c.sentFirst) / period * period)
}

func keepaliveTimer(p *peer, c *conn) events.Timer {
	return events.Timer{Name: events.KeepaliveTimer, Peer: p.ID, Conn: c.id}
}

// pace sets the timer of the next keepalive on c, if it is not set.
func (s *Speaker) pace(t *sim.Turn, p *peer, c *conn) {
	if timer := keepaliveTimer(p, c); !t.Pending(timer) {
		t.At(p.tick(c, t.Now()).Add(p.interval(c)), timer)
	}
}

// sendLate writes the keepalive that is under way unwritten when something
// happens to the way to the peer.
func (s *Speaker) sendLate(t *sim.Turn, p *peer, c *conn) {
	last := p.tick(c, t.Now())
	if p.cutTo|p.gone|p.hung != 0 && last > c.sentFirst && !t.Pending(keepaliveTimer(p, c)) {
		t.SendLate(p.ID, events.NewKeepalive(c.id), last)
	}
}

// keepAlive sends the keepalive that is due, or leaves off writing them: where
// the way to the peer is well and nothing on it is late.
func (s *Speaker) keepAlive(t *sim.Turn, p *peer, c *conn) {
	late := p.tick(c, t.Now()) != t.Now()
	if !s.cfg.EveryKeepalive && !late && p.heard() && t.Answered(p.ID, c.id) && !t.Sending(p.ID, c.id) {
		return
	}
	t.Send(p.ID, events.NewKeepalive(c.id))
	s.pace(t, p, c)
}
