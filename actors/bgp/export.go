package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// Announce builds the attributes with which an eBGP speaker sends a route to p:
// its own AS before the path, once and p.Prepend times more, and its own address
// as next hop (RFC 4271 sections 5.1.2 and 5.1.3); MED and LOCAL_PREF stay
// behind.
func (s *Speaker) Announce(p *Peer, best Best) *events.Attrs {
	if last := &s.announced; last.attrs != nil && last.best == best.Attrs && last.prepend == p.Prepend {
		return last.attrs
	}
	a := &events.Attrs{NextHop: s.cfg.Address}
	if !best.Own() {
		a.Origin, a.Path = best.Attrs.Origin, best.Attrs.Path
	}
	a.Path = a.Path.Prepend(s.cfg.AS, 1+p.Prepend)
	s.announced = announced{best.Attrs, p.Prepend, a}
	return a
}

// announced remembers what Announce gave last: most peers get the same.
type announced struct {
	best    *events.Attrs
	prepend int
	attrs   *events.Attrs
}

// export gives what p is to have of the route to a prefix; nil: nothing.
func (s *Speaker) export(p *peer, prefix netip.Prefix) *events.Attrs {
	best, ok := s.Best(prefix)
	if !ok || !p.SendBack && best.From[0] == p.ID {
		return nil
	}
	if s.cfg.Export == nil {
		return s.Announce(&p.Peer, best)
	}
	a, sent := s.cfg.Export(&p.Peer, prefix, best)
	if !sent {
		return nil
	}
	return a
}

// flush sends every peer what changed in this turn.
func (s *Speaker) flush(t *sim.Turn) {
	if len(s.dirty) == 0 {
		return
	}
	slices.SortStableFunc(s.dirty, func(a, b dirt) int { return events.ComparePrefixes(a.prefix, b.prefix) })
	for _, p := range s.order {
		if c := p.established(); c != nil {
			s.send(t, p, c, s.dirty)
		}
	}
}

// advertiseAll sends a peer what it lacks: the whole table after the session is
// up, or what its MRAI timer held back. What was held back follows from the
// newest change of its prefix (law of causes, R2).
func (s *Speaker) advertiseAll(t *sim.Turn, p *peer, heldBack bool) {
	c := p.established()
	if c == nil {
		return
	}
	var all []dirt
	for _, prefix := range s.prefixes() {
		d := dirt{prefix: prefix}
		if heldBack {
			d.cause = s.loc[prefix].seq
		}
		all = append(all, d)
	}
	s.send(t, p, c, all)
}

// batch is what one UPDATE announces: prefixes of equal attributes, each with
// the line that it follows from.
type batch struct {
	attrs    *events.Attrs
	prefixes []netip.Prefix
	causes   []uint64
}

func (b *batch) add(d dirt) {
	b.prefixes = append(b.prefixes, d.prefix)
	b.causes = append(b.causes, d.cause)
}

// send compares what a peer is to have with what it was sent, and sends the
// difference (RFC 4271 section 9.2): withdrawals at once, announcements unless
// the MRAI timer runs.
func (s *Speaker) send(t *sim.Turn, p *peer, c *conn, changed []dirt) {
	var withdrawn batch
	var announced []batch
	mrai := events.Timer{Name: events.MRAITimer, Peer: p.ID}
	waiting := p.MRAI > 0 && t.Pending(mrai)
	for _, d := range changed {
		sent, is := p.out[d.prefix], s.export(p, d.prefix)
		switch {
		case is == nil && sent != nil:
			withdrawn.add(d)
		case is != nil && !waiting && (sent == nil || !equalAttrs(sent, is)):
			announced = announce(announced, is, d)
		}
	}
	s.emit(t, p, c, withdrawn)
	for _, b := range announced {
		s.emit(t, p, c, b)
	}
	if p.MRAI > 0 && len(announced) > 0 {
		t.After(p.MRAI, mrai)
	}
}

// announce adds a prefix to the batch of its attributes.
func announce(all []batch, attrs *events.Attrs, d dirt) []batch {
	i := slices.IndexFunc(all, func(b batch) bool { return equalAttrs(b.attrs, attrs) })
	if i < 0 {
		i = len(all)
		all = append(all, batch{attrs: attrs})
	}
	all[i].add(d)
	return all
}

// emit sends a batch, in as many UPDATEs as it needs.
func (s *Speaker) emit(t *sim.Turn, p *peer, c *conn, b batch) {
	for len(b.prefixes) > 0 {
		n := min(len(b.prefixes), events.MaxPrefixes)
		u := s.encode(b.attrs, b.prefixes[:n:n])
		u.Conn = c.id
		t.SendMixed(p.ID, u, b.causes[:n])
		b.prefixes, b.causes = b.prefixes[n:], b.causes[n:]
	}
}

// encode builds an UPDATE; without attributes it withdraws. Most peers get the
// same, so the last one of a single prefix is remembered.
func (s *Speaker) encode(attrs *events.Attrs, prefixes []netip.Prefix) events.Update {
	last := &s.encoded
	if len(prefixes) == 1 && last.update.Routes != nil && last.attrs == attrs && last.prefix == prefixes[0] {
		return last.update
	}
	routes := &events.Routes{Withdrawn: prefixes}
	if attrs != nil {
		routes = &events.Routes{Attrs: attrs, NLRI: prefixes}
	}
	u := events.NewUpdate(events.Conn{}, routes)
	if len(prefixes) == 1 {
		s.encoded = encoded{attrs, prefixes[0], u}
	}
	return u
}

// encoded remembers what encode gave last.
type encoded struct {
	attrs  *events.Attrs
	prefix netip.Prefix
	update events.Update
}

func equalAttrs(a, b *events.Attrs) bool {
	return a == b || a.Origin == b.Origin && a.NextHop == b.NextHop && a.MED == b.MED && a.HasMED == b.HasMED &&
		a.LocalPref == b.LocalPref && a.HasLocalPref == b.HasLocalPref && equalPaths(a.Path, b.Path)
}

// update is an UPDATE that arrived: its prefixes are decided anew. Where it
// mixes causes, each change follows from its own.
func (s *Speaker) update(t *sim.Turn, in events.Line, u events.Update) {
	causes := in.Causes
	for _, list := range [][]netip.Prefix{u.Withdrawn, u.NLRI} {
		for _, prefix := range list {
			cause := uint64(0)
			if len(causes) > 0 {
				cause, causes = causes[0], causes[1:]
			}
			s.decide(t, prefix, cause)
		}
	}
}
