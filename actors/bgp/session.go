package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// sessionOpen is the hold time until an OPEN arrives (RFC 4271 section 8.2.2).
const sessionOpen = 4 * time.Minute

// await begins a session anew: a passive end listens, the other connects after a
// while.
func (s *Speaker) await(t *sim.Turn, p *peer, after time.Duration, why string) {
	if s.refused(t, p) {
		return
	}
	if p.Passive {
		if !p.listening && len(p.conns) == 0 {
			t.Record(events.SessionChanged{Neighbor: p.ID, Was: events.Idle, Is: events.Active, Why: why})
		}
		return
	}
	t.After(after, events.Timer{Name: events.ConnectTimer, Peer: p.ID})
}

// connect opens a connection, unless there is one that got further than asking.
func (s *Speaker) connect(t *sim.Turn, p *peer) {
	if s.absent || s.refused(t, p) {
		return
	}
	if len(p.conns) > 0 {
		c := &p.conns[0]
		if len(p.conns) > 1 || c.state > events.Connect {
			return
		}
		t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.Idle, Why: "no answer"})
	}
	was := events.Idle
	if p.listening {
		was = events.Active
	}
	id := events.Conn{Initiator: s.cfg.ID, N: p.attempts + 1}
	t.Record(events.SessionChanged{Neighbor: p.ID, Conn: id, Was: was, Is: events.Connect, Why: "connecting"})
	t.Send(p.ID, events.TCP{Conn: id, Flag: events.SYN})
	retry := sim.KeyOf("connect-retry").Actor(s.cfg.ID).Actor(p.ID).Int(uint64(id.N))
	t.After(t.Draw(p.ConnectRetry, retry), events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
}

// segment is something that arrived from a peer, or that found no connection.
func (s *Speaker) segment(t *sim.Turn, in events.Line) {
	p := s.peer(in.Peer)
	if in.Role == events.Lost {
		s.answerLost(t, in)
		return
	}
	switch e := in.Event.(type) {
	case events.TCP:
		s.tcp(t, p, e)
	case events.Open:
		s.opened(t, p, p.conn(e.Conn), e)
	case events.Keepalive:
		s.kept(t, p, p.conn(e.Conn))
	case *events.Update:
		s.stillHeard(t, p)
		if wrong := e.Heard(p.internal).Fatal; wrong != nil {
			t.Send(p.ID, events.NewNotification(e.Conn, 3, wrong.Subcode))
			s.close(t, p, p.conn(e.Conn), "malformed UPDATE: "+wrong.Why)
			return
		}
		if s.cfg.Processing != nil {
			s.work(t)
			return
		}
		s.take(t, p, in, e)
	case events.RouteRefresh:
		s.stillHeard(t, p)
		s.refresh(t, p)
	case events.Notification:
		s.close(t, p, p.conn(e.Conn), "NOTIFICATION "+e.Meaning()+" received")
	}
}

// take does what an UPDATE asks for that is in the Adj-RIB-In.
func (s *Speaker) take(t *sim.Turn, p *peer, in events.Line, u *events.Update) {
	if u.EndOfRIB() {
		s.removeSwept(t, p)
		return
	}
	if why := p.tooMany(); why != "" {
		s.refuse(t, p, in, u, why)
		return
	}
	s.update(t, in, u.Routes)
}

// answerLost is the host's answer to bytes of a connection that it does not
// know: RST (RFC 9293 section 3.5.2). It follows from what ended the session here.
func (s *Speaker) answerLost(t *sim.Turn, in events.Line) {
	conn := events.Conn{}
	switch e := in.Event.(type) {
	case events.Message:
		conn = e.Connection()
	case events.TCP:
		if conn = e.Conn; e.Flag == events.RST {
			return
		}
	}
	if s.peer(in.Peer).unlinked {
		return // no bit comes through
	}
	t.Cite(s.peer(in.Peer).ended)
	t.Send(in.Peer, events.TCP{Conn: conn, Flag: events.RST})
}

func (s *Speaker) tcp(t *sim.Turn, p *peer, e events.TCP) {
	switch e.Flag {
	case events.SYN:
		if s.absent || s.refused(t, p) {
			t.Send(p.ID, events.TCP{Conn: e.Conn, Flag: events.RST})
			return
		}
		s.accept(t, p, e.Conn)
	case events.SYNACK:
		t.Stop(events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
		s.greet(t, p, e.Conn, events.Connect, "connected")
	case events.FIN:
		s.lose(t, p, p.conn(e.Conn), "connection closed by peer")
	case events.RST:
		c := p.conn(e.Conn)
		if c.state != events.Connect {
			s.lose(t, p, c, "connection reset")
			return
		}
		// The ConnectRetryTimer runs on, and makes the next attempt.
		t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: events.Connect, Is: events.Active, Why: "connection refused"})
	}
}

// accept takes a connection that the peer opened. An earlier one that the peer
// opened and that got nowhere is given up, as the peer has given it up.
func (s *Speaker) accept(t *sim.Turn, p *peer, id events.Conn) {
	for i := range p.conns {
		if c := &p.conns[i]; c.id.Initiator == p.ID && c.state < events.Established {
			s.stopTimers(t, p, c)
			t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.Idle, Why: "replaced by a newer connection"})
			break
		}
	}
	was := events.Idle
	if p.listening {
		was = events.Active
	}
	t.Send(p.ID, events.TCP{Conn: id, Flag: events.SYNACK})
	s.greet(t, p, id, was, "connection accepted")
}

// greet goes to OpenSent.
func (s *Speaker) greet(t *sim.Turn, p *peer, id events.Conn, was events.State, why string) {
	t.Record(events.SessionChanged{Neighbor: p.ID, Conn: id, Was: was, Is: events.OpenSent, Why: why})
	t.Send(p.ID, events.NewGracefulOpen(id, s.cfg.AS, p.Hold, s.cfg.Address, s.restartOffer(p)))
	t.After(sessionOpen, events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: id})
}

// opened goes to OpenConfirm, if the peer is who it should be and no other
// connection is preferred.
func (s *Speaker) opened(t *sim.Turn, p *peer, c *conn, e events.Open) {
	if c.state != events.OpenSent {
		t.Send(p.ID, events.NewNotification(c.id, 5, 0))
		s.close(t, p, c, "OPEN in "+c.state.String())
		return
	}
	if e.Fault != 0 {
		t.Send(p.ID, events.NewNotification(c.id, 2, e.Fault))
		s.close(t, p, c, "the OPEN is not acceptable")
		return
	}
	if e.AS != p.AS {
		t.Send(p.ID, events.NewNotification(c.id, 2, 2))
		s.close(t, p, c, "the peer is in another AS")
		return
	}
	if !s.collide(t, p, c) {
		return
	}
	c = p.conn(e.Conn)
	hold := p.holdTime(c)
	t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.OpenConfirm, Hold: hold, Why: "OPEN received"})
	t.Send(p.ID, events.NewKeepalive(c.id))
	holdTimer := events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: c.id}
	if hold == 0 {
		t.Stop(holdTimer)
		return
	}
	t.After(hold, holdTimer)
	if s.everyKeepalive(p, c) || !p.hears() {
		s.pace(t, p, c)
	}
}

// collide keeps one of two connections (RFC 4271 section 6.8): the established
// one, else that which the speaker with the higher identifier opened. It tells
// whether c is kept.
func (s *Speaker) collide(t *sim.Turn, p *peer, c *conn) bool {
	for i := range p.conns {
		other := &p.conns[i]
		if other.id == c.id || other.state < events.OpenConfirm {
			continue
		}
		if other.state == events.Established && p.replaces(c, other) {
			s.lose(t, p, other, "the peer restarted")
			return true
		}
		keeper := s.cfg.ID
		if s.cfg.Address.Less(c.peerID) {
			keeper = p.ID
		}
		loser := other
		if other.state == events.Established || c.id.Initiator != keeper {
			loser = c
		}
		id, kept := loser.id, loser != c
		t.Send(p.ID, events.NewNotification(id, 6, 7))
		s.close(t, p, loser, "connection collision")
		return kept
	}
	return true
}

// kept is a KEEPALIVE: it confirms an OPEN, or just says that the peer lives.
func (s *Speaker) kept(t *sim.Turn, p *peer, c *conn) {
	if c.state != events.OpenConfirm {
		s.stillHeard(t, p)
		return
	}
	if root := t.Root(p.repaired); root != 0 && root >= t.Origin() {
		t.Cite(root) // law of causes, R4; what comes later than the repair is nearer
	}
	id := c.id
	t.Cite(t.Record(events.SessionChanged{Neighbor: p.ID, Conn: id, Was: c.state, Is: events.Established, Hold: c.hold, Why: "KEEPALIVE received"}))
	t.Stop(restartTimer(p))
	s.removeSwept(t, p)
	s.giveUpOthers(t, p, id)
	c = p.conn(id)
	if timer := (events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: id}); c.hold > 0 {
		if s.everyKeepalive(p, c) || !p.hears() {
			t.After(c.hold, timer)
		} else {
			t.Stop(timer)
		}
	}
	if p.FirstTable > 0 {
		t.At(s.firstTable(t, p), advertiseTimer(p))
		return
	}
	s.advertiseAll(t, p, sessionUp)
	s.endOfRIB(t, p)
}

// giveUpOthers closes every connection but the one that won.
func (s *Speaker) giveUpOthers(t *sim.Turn, p *peer, winner events.Conn) {
	t.Stop(events.Timer{Name: events.ConnectTimer, Peer: p.ID})
	t.Stop(events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
	for i := 0; i < len(p.conns); {
		c := &p.conns[i]
		if c.id == winner {
			i++
			continue
		}
		if c.state > events.Connect {
			t.Send(p.ID, events.NewNotification(c.id, 6, 7))
		}
		s.stopTimers(t, p, c)
		t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.Idle, Why: "another connection is established"})
	}
}

// close ends a connection. If its session was established, the peer's routes go
// with it; if it was the last one, another is made after a while.
func (s *Speaker) close(t *sim.Turn, p *peer, c *conn, why string) {
	var lost []netip.Prefix
	if c.state == events.Established {
		lost = p.losing()
		s.stopMRAI(t, p)
		t.Stop(advertiseTimer(p))
		if p.BFD == nil {
			t.Stop(livenessTimer(p))
		}
	}
	s.stopTimers(t, p, c)
	failures := p.failures
	t.Cite(t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.Idle, Why: why}))
	for _, prefix := range lost {
		s.damp(t, p, prefix, p.ended, 0)
		s.decideLost(t, prefix)
	}
	if len(p.conns) == 0 {
		s.await(t, p, backoff(p.IdleHold, failures), "listening")
	}
}

// cease ends all connections with a peer, and tells it why: 6/subcode (RFC 4486).
func (s *Speaker) cease(t *sim.Turn, p *peer, subcode uint8, why string) {
	for len(p.conns) > 0 {
		t.Send(p.ID, events.NewNotification(p.conns[0].id, 6, subcode))
		s.close(t, p, &p.conns[0], why)
	}
}

// backoff doubles the idle hold time with each failure in a row, up to 120 s
// (RFC 4271 section 8.1.1, DampPeerOscillations; FRR's bgp_start timer).
func backoff(idle time.Duration, failures int) time.Duration {
	return min(idle<<min(failures, 16), 2*time.Minute)
}

func (s *Speaker) stopTimers(t *sim.Turn, p *peer, c *conn) {
	for _, name := range []events.TimerName{events.HoldTimer, events.KeepaliveTimer, events.UserTimer} {
		t.Stop(events.Timer{Name: name, Peer: p.ID, Conn: c.id})
	}
	if c.state == events.Connect {
		t.Stop(events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
	}
}
