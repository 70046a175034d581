package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// mraiTimer is the MRAI timer that governs what a peer is told of a prefix: the
// peer's only one, or with MRAI.PerPrefix one of the prefix.
func (p *peer) mraiTimer(row *row) events.Timer {
	if !p.MRAI.PerPrefix {
		return events.Timer{Name: events.MRAITimer, Peer: p.ID}
	}
	return events.Timer{Name: events.MRAITimer, Peer: p.ID, Prefix: row.prefix}
}

// pace is an MRAI timer.
type pace struct {
	runs bool
	set  uint64 // how often, which numbers the draws
}

// applyMRAI folds what happens to an MRAI timer of the peer.
func (p *peer) applyMRAI(prefix netip.Prefix, role events.Role) {
	timer, ran := p.paceOf(prefix), 0
	if timer.runs {
		ran = 1
	}
	if timer.runs = role == events.Set; timer.runs {
		timer.set++
		ran--
	}
	if prefix.IsValid() {
		p.rib.row(prefix).running -= ran
	}
}

// paceOf gives the MRAI timer of a prefix, or that of the peer.
func (p *peer) paceOf(prefix netip.Prefix) *pace {
	if !prefix.IsValid() {
		return &p.pace
	}
	row := p.rib.row(prefix)
	if row.pace == nil {
		row.pace = make([]pace, len(row.sent))
	}
	return &row.pace[p.place]
}

// paces tells whether an MRAI timer that governs what a peer is told of a prefix
// runs.
func (p *peer) paces(row *row) bool {
	if !p.MRAI.PerPrefix {
		return p.pace.runs
	}
	return row.pace != nil && row.pace[p.place].runs
}

// forgetMRAI folds that the process ends, and its timers with it.
func (p *peer) forgetMRAI() {
	p.pace.runs = false
	for _, row := range p.rib.list {
		if row.pace != nil && row.pace[p.place].runs {
			row.pace[p.place].runs = false
			row.running--
		}
	}
}

// waits tells, without a look at what would be sent, that a change has to wait for
// a timer that runs: it is no withdrawal that goes at once.
func (s *Speaker) waits(p *peer, row *row) bool {
	if p.MRAI.Withdrawals || s.cfg.GhostFlush {
		return p.MRAI.Withdrawals && !s.cfg.GhostFlush
	}
	if row.sent[p.place] == nil {
		return true
	}
	best, ok := row.best()
	return ok && len(p.Export) == 0 && !p.Deny && s.cfg.Export == nil && s.passes(p, best)
}

// plain tells whether a peer is sent every route that goes anywhere, withdrawals at
// once and the rest when its MRAI timer for the prefix has run out.
func (s *Speaker) plain(p *peer) bool {
	return s.cfg.Export == nil && !s.cfg.GhostFlush && p.MRAI.PerPrefix && !p.MRAI.Withdrawals &&
		!p.internal && p.SendBack && !p.SenderLoops && len(p.Export) == 0 && !p.Deny && p.Hesitate == nil && p.FirstTable == 0
}

// countPlain counts the plain peers, after their policies changed too.
func (s *Speaker) countPlain() {
	s.plainPeers = 0
	for _, p := range s.order {
		if s.plain(p) {
			s.plainPeers++
		}
	}
}

// goesAnywhere tells whether there is a route that no community keeps anywhere.
func (row *row) goesAnywhere() bool {
	return len(row.loc.from) > 0 && (row.loc.attrs == nil || len(row.loc.attrs.Communities) == 0)
}

// startMRAI sets the MRAI timers of what was just sent or, where they run freely,
// of what has to wait. Each setting is a new draw (RFC 4271 section 10).
func (s *Speaker) startMRAI(t *sim.Turn, p *peer, governed []dirt) {
	if p.MRAI.Interval.Max() == 0 || p.MRAI.OnQueue || len(governed) == 0 {
		return
	}
	if !p.MRAI.PerPrefix {
		governed = []dirt{{}} // one timer, which follows from what the turn does
	}
	for _, d := range governed {
		s.setMRAI(t, p, d)
	}
}

func (s *Speaker) setMRAI(t *sim.Turn, p *peer, d dirt) {
	timer := p.mraiTimer(d.row)
	if d.cause != 0 {
		defer t.Cite(t.Cite(d.cause))
	}
	switch {
	case !p.MRAI.FreeRunning:
		t.After(s.drawMRAI(t, p, timer.Prefix), timer)
	case !t.Pending(timer):
		t.At(expiry(t, p.MRAI.Interval, s.mraiKey(p, timer.Prefix)), timer)
	}
}

// drawMRAI gives the interval of the next setting of a timer.
func (s *Speaker) drawMRAI(t *sim.Turn, p *peer, prefix netip.Prefix) time.Duration {
	if interval, constant := p.MRAI.Interval.IsConstant(); constant {
		return interval
	}
	return t.Draw(p.MRAI.Interval, s.mraiKey(p, prefix).Int(p.paceOf(prefix).set))
}

// mraiKey is that of the draws for a timer of a peer, or of one of its prefixes.
func (s *Speaker) mraiKey(p *peer, prefix netip.Prefix) sim.Key {
	key := sim.KeyOf("mrai").Actor(s.cfg.ID).Actor(p.ID)
	if p.MRAI.PerPrefix {
		key = key.Str(prefix.String())
	}
	return key
}

// expiry gives when an MRAI timer that runs freely expires next: it first did up
// to an interval after the start of the run, and does an interval later each time.
// It is only set where something waits for it, so that nothing is written
// otherwise. (Labovitz, Malan, Jahanian, SIGCOMM 1997 saw routers with such timers;
// SSFNet: continuous_mrai_timers.)
func expiry(t *sim.Turn, interval sim.Dist, key sim.Key) events.Time {
	at := events.Time(0).Add(t.Draw(sim.Uniform(0, interval.Max()), key.Str("phase")))
	if d, constant := interval.IsConstant(); constant {
		if t.Now() < at {
			return at
		}
		return at.Add(t.Now().Sub(at)/d*d + d)
	}
	for n := uint64(0); at <= t.Now(); n++ {
		at = at.Add(max(1, t.Draw(interval, key.Int(n))))
	}
	return at
}

// tooSoon tells whether an announcement has to wait because of the last UPDATE
// (MRAI.OnQueue), and sets the timer.
func (s *Speaker) tooSoon(t *sim.Turn, p *peer, d dirt) bool {
	if p.told == 0 {
		return false
	}
	timer := p.mraiTimer(d.row)
	passed := wholeSeconds(t.Now()) - wholeSeconds(p.told)
	left := s.drawMRAI(t, p, timer.Prefix).Truncate(time.Second) - passed
	if left <= 0 {
		return false
	}
	if d.cause != 0 {
		defer t.Cite(t.Cite(d.cause))
	}
	t.After(left, timer)
	return true
}

func wholeSeconds(t events.Time) time.Duration { return time.Duration(t).Truncate(time.Second) }

// stopMRAI stops all MRAI timers of a session that ends.
func (s *Speaker) stopMRAI(t *sim.Turn, p *peer) {
	t.Stop(events.Timer{Name: events.MRAITimer, Peer: p.ID})
	if !p.MRAI.PerPrefix {
		return
	}
	for _, row := range s.rib.all() {
		if p.paces(row) {
			t.Stop(p.mraiTimer(row))
		}
	}
}

// release is an MRAI timer: what it held back is sent, as it is now. It follows
// from the newest change of its prefix (law of causes, R2).
func (s *Speaker) release(t *sim.Turn, p *peer, prefix netip.Prefix) {
	if !prefix.IsValid() {
		s.advertiseAll(t, p, released)
		return
	}
	if c := p.established(); c != nil {
		row := s.rib.row(prefix)
		s.one[0] = dirt{row, row.latest(p)}
		s.send(t, p, c, s.one[:], true)
	}
}

// flushes tells whether what a peer has of a prefix is withdrawn because its
// successor, which has to wait, is longer (ghost flushing: Bremler-Barr, Afek,
// Schwarz, INFOCOM 2003). What counts is what the peer was sent, not what was
// best before.
func (s *Speaker) flushes(p *peer, row *row, is *events.Attrs) bool {
	was := row.sent[p.place]
	return s.cfg.GhostFlush && was != nil && is != nil && is.Path.Len() > was.Path.Len()
}
