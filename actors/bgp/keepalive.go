package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// holdTime is the time after which silence on c ends it: the lower of both OPENs
// (RFC 4271 section 4.2), or what the speaker insists on.
func (p *peer) holdTime(c *conn) time.Duration {
	if p.Fixed {
		return p.Hold
	}
	return p.negotiated(c)
}

func (p *peer) negotiated(c *conn) time.Duration { return min(p.Hold, c.peerHold) }

// interval is the time between two keepalives on c (RFC 4271 section 10), before
// jitter; 0: there are none. Without jitter they keep the phase of the first one. An
// UPDATE does not put the next one off, as section 8.2.2 would have it.
func (p *peer) interval(c *conn) time.Duration {
	if p.Fixed {
		return fixedInterval(p.Keepalive, p.Hold)
	}
	return min(p.Keepalive, p.negotiated(c)/3)
}

// peerInterval is the time between two keepalives of the peer.
func (p *peer) peerInterval(c *conn) time.Duration {
	if p.PeerFixed {
		return fixedInterval(p.PeerKeepalive, c.peerHold)
	}
	return min(p.PeerKeepalive, p.negotiated(c)/3)
}

// fixedInterval is that of a speaker that negotiates nothing: without a hold time
// of its own it sends no keepalives either (RFC 4271 section 4.2).
func fixedInterval(keepalive, hold time.Duration) time.Duration {
	if hold == 0 {
		return 0
	}
	return keepalive
}

// everyKeepalive tells whether every keepalive on c is a message and its hold
// timers always run: where that is asked for, and where it has to be.
func (s *Speaker) everyKeepalive(p *peer, c *conn) bool { return s.cfg.EveryKeepalive || p.written(c) }

// written tells whether keepalives on c have to be messages: where timers do not
// fit, and where it is drawn when each one comes. Both ends agree on it.
func (p *peer) written(c *conn) bool { return p.Jitter || p.PeerJitter || p.misfit(c) }

// misfit tells whether the keepalives of one end come too seldom for the hold
// timer of the other, which then expires though nothing is wrong.
func (p *peer) misfit(c *conn) bool {
	if !p.Fixed && !p.PeerFixed {
		return false
	}
	peerHold := p.negotiated(c)
	if p.PeerFixed {
		peerHold = c.peerHold
	}
	return tooSeldom(p.peerInterval(c), c.hold) || tooSeldom(p.interval(c), peerHold)
}

// tooSeldom tells whether a hold timer expires between two keepalives.
func tooSeldom(interval, hold time.Duration) bool {
	return hold > 0 && (interval == 0 || interval >= hold)
}

// tick gives the last instant up to now at which a keepalive is sent on c.
func (p *peer) tick(c *conn, now events.Time) events.Time {
	period := p.interval(c)
	return c.sentFirst.Add(now.Sub(c.sentFirst) / period * period)
}

func keepaliveTimer(p *peer, c *conn) events.Timer {
	return events.Timer{Name: events.KeepaliveTimer, Peer: p.ID, Conn: c.id}
}

// pace sets the timer of the next keepalive on c, if it is not set. With jitter it
// is set to a new part of the interval each time (RFC 4271 section 10).
func (s *Speaker) pace(t *sim.Turn, p *peer, c *conn) {
	timer := keepaliveTimer(p, c)
	switch interval := p.interval(c); {
	case t.Pending(timer):
	case p.Jitter:
		key := sim.KeyOf("keepalive").Actor(s.cfg.ID).Actor(p.ID).Int(p.beats)
		t.After(t.Draw(sim.Uniform(interval/4*3, interval), key), timer)
	default:
		t.At(p.tick(c, t.Now()).Add(interval), timer)
	}
}

// sendLate writes the keepalive that is under way unwritten when something
// happens to the way to the peer.
func (s *Speaker) sendLate(t *sim.Turn, p *peer, c *conn) {
	last := p.tick(c, t.Now())
	if p.silenced() != 0 && last > c.sentFirst && !t.Pending(keepaliveTimer(p, c)) {
		t.SendLate(p.ID, events.NewKeepalive(c.id), last)
	}
}

// keepAlive sends the keepalive that is due, or leaves off writing them: where
// both ways are well, nothing on them is late, and nothing waits there for an
// acknowledgement that this keepalive brings.
func (s *Speaker) keepAlive(t *sim.Turn, p *peer, c *conn) {
	late := p.tick(c, t.Now()) != t.Now()
	if !s.everyKeepalive(p, c) && !late && p.hears() && t.Answered(p.ID, c.id) && !t.Sending(p.ID, c.id) && !t.Coming(p.ID, c.id) {
		return
	}
	t.Send(p.ID, events.NewKeepalive(c.id))
	s.pace(t, p, c)
}
