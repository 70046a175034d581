package bgp

import (
	"cmp"
	"math/bits"

	"dualhome/events"
)

// usable is a received route as its peer's import policy leaves it; without
// attributes there is none, or it may not be used.
type usable struct {
	attrs *events.Attrs
	rank  rank
	plain bool // the rank says all up to the identifiers
}

// rank is what the decision process looks at first, packed so that most routes are
// told apart by one comparison; lower is better. It has no MED: only routes without
// one are ordered in pairs.
type rank struct {
	first  uint64 // byPreference 16 bits, byLocalPref 32, byPathLength 12, byOrigin 2
	second uint64 // byExternal 1 bit, byIGPCost 31, byRank 31
}

// step gives the first step in which two ranks differ.
func (r rank) step(o rank) step {
	switch differs := bits.Len64(r.first ^ o.first); {
	case differs > 46:
		return byPreference
	case differs > 14:
		return byLocalPref
	case differs > 2:
		return byPathLength
	case differs > 0:
		return byOrigin
	}
	switch differs := bits.Len64(r.second ^ o.second); {
	case differs > 62:
		return byExternal
	case differs > 31:
		return byIGPCost
	}
	return byRank
}

// ranked gives a route of a peer with its rank.
func ranked(p *peer, a *events.Attrs) usable {
	if a == nil {
		return usable{}
	}
	u := usable{attrs: a}
	c := candidate{from: p, attrs: a}
	length := a.Path.Len()
	fits := func(v, limit int) bool { return v >= 0 && v < limit }
	u.plain = a.MED == 0 && !a.OriginatorID.IsValid() && len(a.ClusterList) == 0 && a.Origin < 4 && length < 1<<12 &&
		fits(p.Preference, 1<<16) && fits(p.IGPCost, 1<<31) && fits(p.Rank, 1<<31)
	if !u.plain {
		return u
	}
	u.rank.first = uint64(1<<16-1-p.Preference)<<46 | uint64(^localPref(c))<<14 | uint64(length)<<2 | uint64(a.Origin)
	u.rank.second = uint64(p.IGPCost)<<31 | uint64(p.Rank)
	if p.internal {
		u.rank.second |= 1 << 62
	}
	return u
}

// quick tells whether routes without MED are ordered by rank, identifier and
// address, only the best is used, and no prefix waits for its decision: what another
// one finds out may be decided with it.
func (s *Speaker) quick() bool {
	d := s.cfg.Decision
	d.AlwaysCompareMED = false
	return d == (Decision{}) && s.cfg.Multipath == SinglePath && s.cfg.DecisionDelay == 0 && !s.cfg.EqualLength && !s.cfg.LoopsLast
}

// less tells whether a plain route of p is better than one of q, and which step
// says so.
func less(p *peer, a *usable, q *peer, b *usable) (at step, better bool) {
	if a.rank != b.rank {
		at = a.rank.step(b.rank)
		if a.rank.first != b.rank.first {
			return at, a.rank.first < b.rank.first
		}
		return at, a.rank.second < b.rank.second
	}
	if order := identifier(p).Compare(identifier(q)); order != 0 {
		return byIdentifier, order < 0
	}
	return byAddress, cmp.Less(p.ID, q.ID)
}

// quickest gives the peer with the best of routes that are all plain, and the step
// that decided: the last in which any other loses to it. A route that beats the best
// so far in one step beats in that step, or an earlier one, what lost to that one.
func (s *Speaker) quickest(row *row) (best *peer, why string) {
	var decided step
	others := 0
	for place := range row.usable {
		u := &row.usable[place]
		if u.attrs == nil {
			continue
		}
		p := s.order[place]
		if best == nil {
			best = p
			continue
		}
		others++
		switch at, better := less(p, u, best, &row.usable[best.place]); {
		case better:
			best, decided = p, at
		default:
			decided = max(decided, at)
		}
	}
	if others == 0 {
		return best, "only path"
	}
	return best, decided.String()
}

// unmoved tells whether a route that a peer just sent, or took back, leaves the
// best of all as it is: another peer's, which is better than what it sent.
func (s *Speaker) unmoved(row *row, from *peer) bool {
	if !s.fast || row.odd > 0 || len(row.loc.from) == 0 || from.Damping != nil {
		return false
	}
	best := s.peer(row.loc.from[0])
	if best == nil || best == from || row.usable[best.place].attrs != row.loc.attrs {
		return false
	}
	u := &row.usable[from.place]
	if u.attrs == nil {
		return true
	}
	_, better := less(from, u, best, &row.usable[best.place])
	return !better
}
