package bgp

import (
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// TCP gives a connection up whose data stays unacknowledged for too long (RFC 9293
// section 3.8.3, R2), and tells only its own end. That matters where no hold timer
// expires before it does: without one, or with one of more than sim.UserTimeout.

func userTimer(p *peer, c *conn) events.Timer {
	return events.Timer{Name: events.UserTimer, Peer: p.ID, Conn: c.id}
}

// patient tells whether TCP gives the connection of a session up before a hold timer
// expires.
func (c *conn) patient() bool {
	return c.state == events.Established && (c.hold == 0 || c.hold > sim.UserTimeout)
}

// lossy tells whether what is sent to the peer, or its acknowledgement, is lost.
func (h *hearing) lossy() bool { return h.cut|h.cutTo|h.gone != 0 }

// noteLossy folds that a way may be another than before.
func (s *Speaker) noteLossy(p *peer) {
	switch at := slices.Index(s.lossy, p); {
	case p.lossy() && at < 0:
		s.lossy = append(s.lossy, p)
	case !p.lossy() && at >= 0:
		s.lossy = slices.Delete(s.lossy, at, at+1)
	}
}

// awaitAnswers sets the timers of connections with something unacknowledged.
func (s *Speaker) awaitAnswers(t *sim.Turn) {
	for _, p := range s.lossy {
		c := p.established()
		if c == nil || !c.patient() || s.absent || t.Pending(userTimer(p, c)) {
			continue
		}
		if since, any := t.Unacknowledged(p.ID, c.id); any {
			t.At(since.Add(sim.UserTimeout), userTimer(p, c))
		}
	}
}

// answered stops the timer where the way is whole again, and what was not acknowledged
// is sent once more before it expires.
func (s *Speaker) answered(t *sim.Turn, p *peer) {
	c := p.established()
	if c == nil || p.lossy() || !t.Pending(userTimer(p, c)) {
		return
	}
	if since := c.expires.Add(-sim.UserTimeout); sim.Retransmit(since, t.Now()) < c.expires {
		t.Stop(userTimer(p, c))
	}
}
