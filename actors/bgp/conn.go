package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
)

// peer is a neighbour and all that is known of it.
type peer struct {
	*Peer                             // as configured, or with changed policies
	place     int                     // in the order of the peers
	internal  bool                    // it is in the speaker's own AS
	conns     []conn                  // a session has one; two meet while both ends open one
	listening bool                    // Active: no connection, waits for the peer's
	attempts  uint32                  // connections opened so far
	failures  int                     // sessions that ended before they were established, in a row
	shut      bool                    // by its operator
	ended     uint64                  // the line that ended the last connection
	repaired  uint64                  // the last repair of either end or the way since the session went down
	silences  uint64                  // liveness timers set so far, which number the draws
	waits     uint64                  // advertise timers, too
	beats     uint64                  // keepalive timers, too
	table     events.Time             // when it gets its first table, if it waits for it
	unsent    map[netip.Prefix]unsent // what it was not told of what it was sent (Config.CompareUnsent)
	told      events.Time             // the last UPDATE it was sent in this session; 0: none
	unlinked  bool                    // the link to it is down, and this end knows
	burst     burst
	stale
	hearing
	changing
	bfd bfdSession

	ids  [1]events.ActorID // itself; see alone
	hops []netip.Addr      // its last next hop

	rib   *table                  // of the speaker
	pace                          // of its MRAI timer, where it has one for all prefixes
	flaps map[netip.Prefix]*flaps // where routes are damped
}

// conn is one TCP connection and the session on it.
type conn struct {
	id         events.Conn
	state      events.State
	peerHold   time.Duration // from its OPEN
	peerID     netip.Addr
	restart    *events.GracefulRestart // from its OPEN, too
	hold       time.Duration           // negotiated
	sentFirst  events.Time             // the first keepalive; the others follow every interval
	heardFirst events.Time
	up         events.Time // when it was established
	upSeq      uint64      // the line that says so
	timed      bool        // the hold timer runs
	expires    events.Time // the user timeout, where its timer is set
}

func (p *peer) conn(id events.Conn) *conn {
	for i := range p.conns {
		if p.conns[i].id == id {
			return &p.conns[i]
		}
	}
	return nil
}

// established gives the connection on which the session is established.
func (p *peer) established() *conn {
	for i := range p.conns {
		if p.conns[i].state == events.Established {
			return &p.conns[i]
		}
	}
	return nil
}

// applySession folds a transition.
func (p *peer) applySession(e events.SessionChanged, l *events.Line) {
	p.listening = e.Is == events.Active
	if e.Conn.N == 0 {
		return
	}
	c := p.conn(e.Conn)
	if c == nil && e.Is > events.Active || e.Is == events.Connect {
		p.conns = append(p.conns, conn{id: e.Conn})
		c = &p.conns[len(p.conns)-1]
		if e.Conn.Initiator == l.Actor {
			p.attempts = e.Conn.N
		}
	}
	switch e.Is {
	case events.Idle, events.Active:
		p.drop(e, l)
		return
	case events.OpenConfirm:
		c.hold = e.Hold
	case events.Established:
		if e.Was == events.Idle {
			p.begin(c, e.Hold, l.At)
		}
		p.failures, p.repaired = 0, 0
		p.well, c.up, c.upSeq = l.At, l.At, l.Seq
		p.back(c)
	}
	c.state = e.Is
}

// drop folds the end of a connection, and of the session on it.
func (p *peer) drop(e events.SessionChanged, l *events.Line) {
	p.catchUp(l.At)
	id := identifier(p)
	p.ended = l.Seq
	for i := range p.conns {
		if p.conns[i].id == e.Conn {
			p.conns = append(p.conns[:i], p.conns[i+1:]...)
			break
		}
	}
	if e.Was == events.Established {
		p.letGo(id, l)
		p.rib.clearSent(p)
		p.told = 0
		clear(p.unsent)
		p.burst = burst{}
		p.repaired = 0
	} else {
		p.failures++
	}
}

// applyOut folds what was sent.
func (p *peer) applyOut(l *events.Line) {
	switch e := l.Event.(type) {
	case *events.Update:
		p.told = l.At
		for _, prefix := range e.Withdrawn {
			p.rib.row(prefix).sent[p.place] = nil
		}
		for _, prefix := range e.NLRI {
			p.rib.row(prefix).sent[p.place] = e.Attrs
		}
	case events.Keepalive:
		if c := p.conn(e.Conn); c != nil && c.sentFirst == 0 && c.state < events.Established {
			c.sentFirst = l.At
		}
	}
}

// applyTimer folds whether a hold timer runs, and which draw of a name is next.
func (p *peer) applyTimer(e events.Timer, l *events.Line) {
	role := l.Role
	switch c := p.conn(e.Conn); {
	case e.Name == events.HoldTimer && c != nil:
		c.timed = role == events.Set
	case e.Name == events.UserTimer && c != nil && role == events.Set:
		c.expires = l.Due
	case e.Name == events.KeepaliveTimer && role == events.Set:
		p.beats++
	case e.Name == events.RestartTimer:
		p.applyRestart(role)
	case e.Name == events.LivenessTimer && role == events.Set:
		p.silences++
	case e.Name == events.BFDTimer:
		p.applyBFDTimer(role)
	case e.Name == events.AdvertiseTimer && role == events.Set:
		p.waits++
		p.table = l.Due
	case e.Name == events.MRAITimer:
		p.applyMRAI(e.Prefix, role)
	case e.Name == events.ReuseTimer && role == events.Set:
		p.flaps[e.Prefix].pending = l.Cause
	}
}
