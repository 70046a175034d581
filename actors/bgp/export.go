package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// Announce builds the attributes with which a route is sent to p.
//
// To another AS: the own AS before the path that p.Out leaves, once and
// p.Prepend times more (RFC 4271 section 5.1.2); MED and LOCAL_PREF stay behind.
// Within the AS: everything as it is, with a LOCAL_PREF (section 5.1.5).
// Communities go everywhere.
func (s *Speaker) Announce(p *Peer, best Best) *events.Attrs {
	how := s.manner(p, best)
	if last := &s.announced; last.attrs != nil && last.best == best.Attrs && last.manner == how {
		return last.attrs
	}
	a := &events.Attrs{}
	if !best.Own() {
		*a = *best.Attrs
	}
	a.NextHop = how.nextHop
	if how.internal {
		a.LocalPref, a.HasLocalPref = localPref(candidate{attrs: a}), true
	} else {
		a.MED, a.HasMED, a.LocalPref, a.HasLocalPref = 0, false, 0, false
		a.Path = how.out.apply(a.Path, s.cfg.AS).Prepend(s.cfg.AS, 1+how.prepend)
	}
	s.announced = announced{best.Attrs, how, a}
	return a
}

// announced remembers what Announce gave last: most peers get the same.
type announced struct {
	best   *events.Attrs
	manner manner
	attrs  *events.Attrs
}

// manner is all that the attributes of an announcement depend on beside those of
// the route.
type manner struct {
	internal bool
	out      Policy
	prepend  int
	nextHop  netip.Addr
}

func (s *Speaker) manner(p *Peer, best Best) manner {
	if p.AS == s.cfg.AS {
		return manner{internal: true, nextHop: s.internalHop(p, best)}
	}
	return manner{out: p.Out, prepend: p.Prepend, nextHop: s.externalHop(p, best)}
}

// internalHop gives the next hop that a peer of the own AS gets: the one received
// (RFC 4271 section 5.1.3, case 1), or where the speaker itself is it, its own.
func (s *Speaker) internalHop(p *Peer, best Best) netip.Addr {
	if best.Own() || s.cfg.NextHopSelf && !s.peers[best.From[0]].internal {
		return s.address(p)
	}
	return best.Attrs.NextHop
}

// externalHop gives the next hop that a peer of another AS gets: the speaker
// itself (section 5.1.3, case 2), unless p says otherwise.
func (s *Speaker) externalHop(p *Peer, best Best) netip.Addr {
	if p.Unchanged && !p.NextHop.IsValid() && !best.Own() {
		return best.Attrs.NextHop
	}
	return s.address(p)
}

// address gives what p is told of as the speaker's own.
func (s *Speaker) address(p *Peer) netip.Addr {
	if p.NextHop.IsValid() {
		return p.NextHop
	}
	return s.cfg.Address
}

// export gives what p is to have of the route to a prefix; nil: nothing.
func (s *Speaker) export(p *peer, prefix netip.Prefix) *events.Attrs {
	best, ok := s.Best(prefix)
	if !ok || !s.passes(p, best) {
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

// passes tells whether a route may go to p at all. Within the AS no path shows
// that a route went in a circle, so one that was learned there does not go on
// (RFC 4271 section 9.2), or to all but the peer it came from (RFC 4456).
func (s *Speaker) passes(p *peer, best Best) bool {
	from := best.From[0]
	switch {
	case best.Own():
		return true
	case best.Attrs.Has(events.NoAdvertise), !p.internal && best.Attrs.Has(events.NoExport):
		return false
	case p.internal && s.peers[from].internal:
		return s.cfg.Reflect && from != p.ID
	}
	return p.SendBack || from != p.ID
}

// equalAttrs tells whether two routes have equal attributes; nil: there is none.
func equalAttrs(a, b *events.Attrs) bool {
	return a == b || a != nil && b != nil &&
		a.Origin == b.Origin && a.NextHop == b.NextHop && a.MED == b.MED && a.HasMED == b.HasMED &&
		a.LocalPref == b.LocalPref && a.HasLocalPref == b.HasLocalPref && slices.Equal(a.Communities, b.Communities) && equalPaths(a.Path, b.Path)
}
