package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// Announce builds the attributes with which a route is sent to p.
//
// To another AS: the own AS before the path that p.Out leaves, once and
// p.Prepend times more (RFC 4271 section 5.1.2); MED and LOCAL_PREF stay behind. A
// route server leaves path and MED as they are (RFC 7947 sections 2.2.2 and 2.2.3),
// but for its own routes. Within the AS: everything as it is, with a LOCAL_PREF
// (section 5.1.5), and with what reflecting adds.
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
		how.reflection.apply(a)
	} else {
		a.LocalPref, a.HasLocalPref, a.OriginatorID, a.ClusterList = 0, false, netip.Addr{}, nil
		a.Path = how.out.apply(a.Path, s.cfg.AS)
		if !how.transparent {
			a.MED, a.HasMED, a.Path = 0, false, a.Path.Prepend(s.cfg.AS, 1+how.prepend)
		}
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
	internal    bool
	transparent bool
	out         Policy
	prepend     int
	nextHop     netip.Addr
	reflection
}

func (s *Speaker) manner(p *Peer, best Best) manner {
	switch internal := p.AS == s.cfg.AS; {
	case internal && best.Own():
		return manner{internal: true, nextHop: s.internalHop(p, best)}
	case internal:
		return manner{internal: true, nextHop: s.internalHop(p, best), reflection: s.reflection(best)}
	}
	return manner{out: p.Out, prepend: p.Prepend, nextHop: s.externalHop(p, best), transparent: p.Transparent && !best.Own()}
}

// internalHop gives the next hop that a peer of the own AS gets: the one received
// (RFC 4271 section 5.1.3, case 1), or where the speaker itself is it, its own.
func (s *Speaker) internalHop(p *Peer, best Best) netip.Addr {
	if best.Own() || s.cfg.NextHopSelf && !s.peer(best.From[0]).internal {
		return s.address(p)
	}
	return best.Attrs.NextHop
}

// externalHop gives the next hop that a peer of another AS gets: the speaker
// itself (section 5.1.3, case 2), unless p says otherwise.
func (s *Speaker) externalHop(p *Peer, best Best) netip.Addr {
	if (p.Unchanged || p.Transparent) && !p.NextHop.IsValid() && !best.Own() {
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
func (s *Speaker) export(p *peer, row *row) *events.Attrs {
	best, ok := row.best()
	if !ok || !s.passes(p, best) {
		return nil
	}
	if p.OwnPass && best.Own() {
		return s.build(p, row.prefix, best)
	}
	rule, kept := p.verdict(p.Export, row.prefix, best.used())
	if !kept {
		return nil
	}
	a := s.build(p, row.prefix, best)
	if rule == nil || a == nil {
		return a
	}
	return rule.outward(p.internal).apply(a, s.cfg.AS)
}

// used gives the attributes by which export rules know a route; an own one has no
// path.
func (b Best) used() *events.Attrs {
	if b.Own() {
		return &events.Attrs{}
	}
	return b.Attrs
}

// build gives what p is to have of a route before its rules; nil: nothing.
func (s *Speaker) build(p *peer, prefix netip.Prefix, best Best) *events.Attrs {
	if s.cfg.Export == nil {
		return s.Announce(p.Peer, best)
	}
	a, sent := s.cfg.Export(p.Peer, prefix, best)
	if !sent {
		return nil
	}
	return a
}

// passes tells whether a route may go to p at all. Within the AS no path shows
// that a route went in a circle, so one that was learned there does not go on
// (RFC 4271 section 9.2), unless it is reflected.
func (s *Speaker) passes(p *peer, best Best) bool {
	from := best.From[0]
	switch {
	case best.Own():
		return true
	case best.Attrs.Has(events.NoAdvertise), !p.internal && best.Attrs.Has(events.NoExport):
		return false
	case p.internal && s.peer(from).internal:
		return s.reflects(s.peer(from), p)
	case p.SenderLoops && (from == p.ID || p.Out.apply(best.Attrs.Path, s.cfg.AS).Contains(p.AS)):
		return false
	}
	return p.SendBack || from != p.ID
}

// equalAttrs tells whether two routes have equal attributes; nil: there is none.
func equalAttrs(a, b *events.Attrs) bool {
	return a == b || a != nil && b != nil &&
		a.Origin == b.Origin && a.NextHop == b.NextHop && a.MED == b.MED && a.HasMED == b.HasMED &&
		a.LocalPref == b.LocalPref && a.HasLocalPref == b.HasLocalPref && slices.Equal(a.Communities, b.Communities) && slices.Equal(a.LargeCommunities, b.LargeCommunities) && equalPaths(a.Path, b.Path) &&
		a.OriginatorID == b.OriginatorID && slices.Equal(a.ClusterList, b.ClusterList)
}
