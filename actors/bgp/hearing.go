package bgp

import (
	"dualhome/events"
	"dualhome/sim"
)

// hearing is what a speaker is told of the ways from and to a peer. While nothing
// is wrong with a way, keepalives cross it as scheduled and nothing is written:
// the sender sets no KeepaliveTimer and the receiver no hold timer. As soon as
// something is, both do, and keepalives are messages, until ways that are well
// have nothing on them any more. A way that is cut concerns both directions: what
// goes the other way is not acknowledged any more, and gets stuck (see sim/ack.go).
//
// The reasons why a way is not well are the notices that told of them; 0: none.
type hearing struct {
	cut   uint64 // the way from the peer loses packets
	cutTo uint64 // the way to the peer does
	gone  uint64 // the peer is dead
	hung  uint64 // the peer's process hangs
	still uint64 // this one does

	since uint64      // the notice that began the present silence; 0: there is none
	last  events.Time // the last arrival
	well  events.Time // from here on, keepalives arrive as scheduled
}

// hears tells whether what both ends send arrives, is read and is acknowledged.
func (h *hearing) hears() bool { return h.cut|h.cutTo|h.gone|h.hung|h.still == 0 }

// arrive folds the arrival of a message. If it was under way when the peer fell
// silent, or acknowledgements are lost, the silence goes on.
func (h *hearing) arrive(at events.Time) {
	h.last, h.since = at, h.silenced()
}

// silenced gives the first notice of a silence that still lasts, but for that of
// this end's own process; 0: there is none.
func (h *hearing) silenced() uint64 { return earliest(h.cut, h.cutTo, h.gone, h.hung) }

// hear folds the arrival of a message on a connection. While a session is
// established, only its own connection tells that the peer still knows of it.
func (p *peer) hear(id events.Conn, at events.Time) {
	if c := p.established(); c == nil || c.id == id {
		p.arrive(at)
	}
}

// earliest gives the first of some notices; 0 if there is none.
func earliest(notices ...uint64) uint64 {
	first := uint64(0)
	for _, n := range notices {
		if first == 0 || n != 0 && n < first {
			first = n
		}
	}
	return first
}

// notice folds a notice.
func (p *peer) notice(e events.PathState, l *events.Line) {
	well, seq := p.hears(), l.Seq
	if e.Up {
		p.repaired, seq, p.bfd.said = l.Seq, 0, 0
	}
	switch {
	case e.By == events.ByLink && e.Toward:
		p.cutTo = seq
	case e.By == events.ByLink:
		p.cut = seq
	case e.By == events.ByHang && e.Toward:
		p.still = seq
	case e.By == events.ByHang:
		p.hung = seq
	default:
		p.gone = seq
	}
	switch now := p.hears(); {
	case well && !now:
		p.catchUp(p.upTo(e, l.At))
	case !well && now:
		p.well = l.At.Add(p.Delay)
	}
	if p.since == 0 {
		p.since = earliest(p.silenced(), p.still)
	}
}

// upTo gives until when keepalives still arrive when a silence begins now: of a
// dead or hung peer what is under way does.
func (p *peer) upTo(e events.PathState, now events.Time) events.Time {
	if e.By == events.ByLink || e.Toward {
		return now - 1
	}
	return now.Add(p.Delay)
}

// catchUp folds the keepalives that arrived unwritten up to an instant.
func (p *peer) catchUp(until events.Time) {
	c := p.established()
	if c == nil || c.hold == 0 || c.timed || until < c.heardFirst || p.written(c) {
		return
	}
	period := p.peerInterval(c)
	at := c.heardFirst.Add(until.Sub(c.heardFirst) / period * period)
	if at >= p.well && at > p.last {
		p.arrive(at)
	}
}

// listen does what a notice asks for: keepalives become messages, and timers
// begin to run, or are no longer needed.
func (s *Speaker) listen(t *sim.Turn, p *peer) {
	if s.absent {
		return
	}
	for i := range p.conns {
		if c := &p.conns[i]; c.state >= events.OpenConfirm && c.hold > 0 && !s.everyKeepalive(p, c) && !p.hears() {
			s.sendLate(t, p, c)
			s.pace(t, p, c)
		}
	}
	c := p.established()
	if c == nil || c.hold == 0 || s.everyKeepalive(p, c) {
		return
	}
	expiry, timer := p.last.Add(c.hold), events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: c.id}
	switch {
	case !p.hears():
		if !t.Pending(timer) {
			t.At(expiry, timer)
		}
	case t.Pending(timer) && s.unwritten(t, p, c) && p.next(c) < expiry:
		t.Stop(timer)
	}
}

// next gives when the first keepalive arrives after the way from the peer is
// well again, if nothing sent before that does.
func (p *peer) next(c *conn) events.Time {
	period := p.peerInterval(c)
	missed := max(0, p.well.Sub(c.heardFirst)+period-1) / period
	return c.heardFirst.Add(missed * period)
}

// unwritten tells whether the peer's keepalives arrive without being written: its
// end is open, and no message comes late.
func (s *Speaker) unwritten(t *sim.Turn, p *peer, c *conn) bool {
	return !s.everyKeepalive(p, c) && p.hears() && t.Answered(p.ID, c.id) && !t.Coming(p.ID, c.id)
}

// stillHeard moves a hold timer that runs, or stops it where keepalives are not
// written any more.
func (s *Speaker) stillHeard(t *sim.Turn, p *peer) {
	c := p.established()
	if c == nil || c.hold == 0 {
		return
	}
	timer := events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: c.id}
	switch {
	case !t.Pending(timer):
	case s.unwritten(t, p, c):
		t.Stop(timer)
	default:
		t.After(c.hold, timer)
	}
}

// citeSilence makes what follows cite the fault that began the present silence
// of a peer, if one did (law of causes, R3).
func (s *Speaker) citeSilence(t *sim.Turn, p *peer) {
	if root := t.Root(p.since); root != 0 {
		t.Cite(root)
	}
}
