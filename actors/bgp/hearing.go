package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// hearing is what a speaker knows of the way from and to a peer. While nothing
// happens the peer's keepalives arrive every interval and nothing is written;
// only when their way falls silent does the last arrival matter, and is then
// computed from their schedule.
type hearing struct {
	links  int  // cuts on the way from the peer
	dead   bool // the peer is
	hung   bool // the peer's process is
	orphan bool // the peer came back and knows nothing of this session

	since  uint64      // the notice that began the present silence
	last   events.Time // the last arrival before it
	resume events.Time // after a silence, the first keepalive arrives here

	cutOff   events.Time // when the peer died, or the way to it was cut
	cutOffIs bool
}

func (h *hearing) silent() bool { return h.links > 0 || h.dead || h.hung || h.orphan }

// begin folds that the session is established.
func (p *peer) begin(at events.Time) {
	p.since, p.last, p.resume, p.orphan, p.cutOffIs = 0, at, at, false, false
}

// heardFrom folds the arrival of a message.
func (p *peer) heardFrom(l events.Line) {
	p.last = l.At
	if !p.silent() {
		p.since = 0
	}
}

// hear folds a notice about one direction.
func (p *peer) hear(e events.PathState, l events.Line) {
	if e.Up {
		p.repaired = l.Seq
	}
	if e.Toward {
		p.hearToward(e, l)
		return
	}
	was := p.silent()
	switch e.By {
	case events.ByLink:
		if p.links--; !e.Up {
			p.links += 2
		}
	case events.ByDeath:
		p.dead = true
	case events.ByHang:
		p.hung = !e.Up
	case events.ByRestart:
		p.orphan, p.dead = p.established() != nil, false
	}
	switch now := p.silent(); {
	case now && !was:
		p.fallSilent(e, l)
	case was && !now:
		p.resumeAt(e, l.At)
	}
}

func (p *peer) hearToward(e events.PathState, l events.Line) {
	if !e.Up && !p.cutOffIs {
		p.cutOff, p.cutOffIs = l.At, true
	}
	if e.Up && e.By != events.ByRestart {
		p.cutOffIs = false
	}
}

// fallSilent computes the last arrival before a silence that begins now.
func (p *peer) fallSilent(e events.PathState, l events.Line) {
	heard := p.last
	if c := p.established(); c != nil && c.hold > 0 {
		until := l.At.Add(p.Delay) // of a dead or hung peer what is under way arrives
		if e.By == events.ByLink {
			until = l.At - 1
		}
		heard = max(heard, p.scheduled(c, until))
	}
	if p.since == 0 || heard > p.last {
		p.since = l.Seq
	}
	p.last = heard
}

// scheduled gives the last arrival of a keepalive up to an instant.
func (p *peer) scheduled(c *conn, until events.Time) events.Time {
	if until < p.resume {
		return 0
	}
	period := p.peerInterval(c)
	n := max(0, until.Sub(c.heardFirst)/period)
	return max(p.resume, c.heardFirst.Add(n*period))
}

func (p *peer) peerInterval(c *conn) time.Duration { return min(p.PeerKeepalive, c.hold/3) }

// resumeAt computes when the first keepalive after a silence arrives: one that
// waited, at its retransmission (or at once, if its sender hung), or else the
// next one.
func (p *peer) resumeAt(e events.PathState, now events.Time) {
	c := p.established()
	if c == nil || c.hold == 0 {
		return
	}
	period := p.peerInterval(c)
	missed := c.heardFirst
	for missed <= p.last {
		missed = missed.Add((p.last.Sub(missed)/period + 1) * period)
	}
	sent := missed.Add(-p.Delay)
	switch {
	case sent > now:
		p.resume = missed
	case e.By == events.ByHang:
		p.resume = now.Add(p.Delay)
	default:
		p.resume = sim.Retransmit(sent, now).Add(p.Delay)
	}
}

// listen sets the hold timer when a peer falls silent, and stops it when the
// peer will be heard again in time.
func (s *Speaker) listen(t *sim.Turn, p *peer, e events.PathState) {
	c := p.established()
	if c == nil || c.hold == 0 || s.cfg.EveryKeepalive || s.absent {
		return
	}
	timer := events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: c.id}
	switch {
	case e.Toward:
		s.expectReset(t, p, c, e)
	case p.silent():
		t.At(p.last.Add(c.hold), timer)
	case p.resume < p.last.Add(c.hold):
		t.Stop(timer)
	}
}

// stillHeard moves a hold timer that runs: something arrived on a way that is
// silent now, or where every keepalive is sent.
func (s *Speaker) stillHeard(t *sim.Turn, p *peer) {
	c := p.established()
	if c == nil || c.hold == 0 {
		return
	}
	timer := events.Timer{Name: events.HoldTimer, Peer: p.ID, Conn: c.id}
	switch {
	case s.cfg.EveryKeepalive || p.silent():
		t.After(c.hold, timer)
	default:
		t.Stop(timer)
	}
}

// expectReset computes when a peer that restarted sees the next bytes of the old
// session, and its RST arrives here.
func (s *Speaker) expectReset(t *sim.Turn, p *peer, c *conn, e events.PathState) {
	if !e.Up || e.By != events.ByRestart || !p.cutOffIs {
		return
	}
	period := p.interval(c)
	sent := c.sentFirst
	for sent.Add(p.Delay) < p.cutOff {
		sent = sent.Add((p.cutOff.Sub(sent.Add(p.Delay))/period + 1) * period)
	}
	if sent <= t.Now() {
		sent = sim.Retransmit(sent, t.Now())
	}
	t.At(sent.Add(2*p.Delay), events.Timer{Name: events.ResetTimer, Peer: p.ID, Conn: c.id})
}

// citeSilence makes what follows cite the fault that began the present silence
// of a peer, if one did (law of causes, R3).
func (s *Speaker) citeSilence(t *sim.Turn, p *peer) {
	if !p.silent() || p.since == 0 {
		return
	}
	if root := t.Root(p.since); root != 0 {
		t.Cite(root)
	}
}
