package bgp

import (
	"net/netip"

	"dualhome/events"
	"dualhome/sim"
)

// mraiTimer is the MRAI timer that governs what a peer is told of a prefix: the
// peer's only one, or with MRAI.PerPrefix one of the prefix.
func (p *peer) mraiTimer(prefix netip.Prefix) events.Timer {
	if !p.MRAI.PerPrefix {
		prefix = netip.Prefix{}
	}
	return events.Timer{Name: events.MRAITimer, Peer: p.ID, Prefix: prefix}
}

// countMRAI folds that an MRAI timer was set.
func (p *peer) countMRAI(prefix netip.Prefix) {
	if p.paced == nil {
		p.paced = map[netip.Prefix]uint64{}
	}
	p.paced[prefix]++
}

// startMRAI sets the MRAI timers of what was just sent. Each setting is a new
// draw (RFC 4271 section 10).
func (s *Speaker) startMRAI(t *sim.Turn, p *peer, sent []dirt) {
	if p.MRAI.Interval.Max() == 0 || len(sent) == 0 {
		return
	}
	if !p.MRAI.PerPrefix {
		sent = []dirt{{}} // one timer, which follows from what the turn does
	}
	for _, d := range sent {
		s.setMRAI(t, p, d)
	}
}

func (s *Speaker) setMRAI(t *sim.Turn, p *peer, d dirt) {
	timer := p.mraiTimer(d.prefix)
	key := sim.KeyOf("mrai").Actor(s.cfg.ID).Actor(p.ID)
	if p.MRAI.PerPrefix {
		key = key.Str(d.prefix.String())
	}
	if d.cause != 0 {
		defer t.Cite(t.Cite(d.cause))
	}
	t.After(t.Draw(p.MRAI.Interval, key.Int(p.paced[timer.Prefix])), timer)
}

// stopMRAI stops all MRAI timers of a session that ends.
func (s *Speaker) stopMRAI(t *sim.Turn, p *peer) {
	for _, prefix := range events.SortedPrefixes(p.paced) {
		t.Stop(events.Timer{Name: events.MRAITimer, Peer: p.ID, Prefix: prefix})
	}
}

// release is an MRAI timer: what it held back is sent, as it is now. It follows
// from the newest change of its prefix (law of causes, R2).
func (s *Speaker) release(t *sim.Turn, p *peer, prefix netip.Prefix) {
	if !prefix.IsValid() {
		s.advertiseAll(t, p, true)
		return
	}
	if c := p.established(); c != nil {
		s.send(t, p, c, []dirt{{prefix, s.loc[prefix].seq}})
	}
}

// flushes tells whether what a peer has of a prefix is withdrawn because its
// successor, which has to wait, is longer (ghost flushing: Bremler-Barr, Afek,
// Schwarz, INFOCOM 2003). What counts is what the peer was sent, not what was
// best before.
func (s *Speaker) flushes(p *peer, prefix netip.Prefix, is *events.Attrs) bool {
	was := p.out[prefix]
	return s.cfg.GhostFlush && was != nil && is != nil && is.Path.Len() > was.Path.Len()
}
