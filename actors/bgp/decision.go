package bgp

import (
	"cmp"
	"net/netip"
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// candidate is a usable route.
type candidate struct {
	from  *peer
	attrs *events.Attrs
}

// candidates gives the usable routes to a prefix, in the order of the peers: one
// whose path holds our own AS is none (RFC 4271 section 9.1.2).
func (s *Speaker) candidates(prefix netip.Prefix) []candidate {
	var all []candidate
	for _, p := range s.order {
		if a := p.in[prefix]; a != nil && !a.Path.Contains(s.cfg.AS) {
			all = append(all, candidate{p, a})
		}
	}
	return all
}

// A step is one comparison of RFC 4271 section 9.1.2.2: negative if a is better.
type step struct {
	why     string
	compare func(a, b candidate) int
}

// steps is the decision process for routes of eBGP, in the order of the RFC.
// MED is compared apart, within one neighbour AS.
func steps() [6]step {
	return [...]step{
		{"higher LOCAL_PREF", func(a, b candidate) int { // section 9.1.1
			return cmp.Compare(localPref(b), localPref(a))
		}},
		{"shorter AS path", func(a, b candidate) int { // a
			return cmp.Compare(a.attrs.Path.Len(), b.attrs.Path.Len())
		}},
		{"lower ORIGIN", func(a, b candidate) int { // b
			return cmp.Compare(a.attrs.Origin, b.attrs.Origin)
		}},
		{"lower MED", nil}, // c
		{"lower BGP identifier", func(a, b candidate) int { // f
			return identifier(a.from).Compare(identifier(b.from))
		}},
		{"lower peer address", func(a, b candidate) int { // g
			return cmp.Compare(a.from.ID, b.from.ID)
		}},
	}
}

// asGoodAs is how many of the steps two routes must tie in to be used together.
const asGoodAs = 4

func localPref(c candidate) uint32 {
	if c.attrs.HasLocalPref {
		return c.attrs.LocalPref
	}
	return 100
}

func identifier(p *peer) netip.Addr {
	if c := p.established(); c != nil {
		return c.peerID
	}
	return netip.Addr{}
}

// choose gives the best route, those that are as good up to the MED, and the
// step that decided. Each step keeps the routes that no other beats in it.
func choose(all []candidate) (best candidate, equal []candidate, why string) {
	left := slices.Clone(all)
	why = "only path"
	for i, s := range steps() {
		if i == asGoodAs {
			equal = slices.Clone(left)
		}
		before := len(left)
		if s.compare == nil {
			left = lowestMED(left)
		} else {
			top := slices.MinFunc(left, s.compare)
			left = slices.DeleteFunc(left, func(c candidate) bool { return s.compare(top, c) < 0 })
		}
		if len(left) < before {
			why = s.why
		}
	}
	return left[0], equal, why
}

// lowestMED drops a route if another from the same neighbour AS has a lower MED
// (RFC 4271 section 9.1.2.2 c); a missing MED is 0.
func lowestMED(left []candidate) []candidate {
	var kept []candidate
	for _, c := range left {
		beaten := slices.ContainsFunc(left, func(o candidate) bool {
			return o.attrs.Path.First() == c.attrs.Path.First() && o.attrs.MED < c.attrs.MED
		})
		if !beaten {
			kept = append(kept, c)
		}
	}
	return kept
}

// decide runs the decision process for a prefix and records what changed. The
// change follows from cause; 0: from what the turn follows from.
func (s *Speaker) decide(t *sim.Turn, prefix netip.Prefix, cause uint64) {
	is := events.BestChanged{Prefix: prefix, Why: "no path"}
	old := s.loc[prefix]
	if old != nil {
		is.Was = old.from
	}
	all := s.candidates(prefix)
	switch {
	case s.own[prefix]:
		is.Is, is.NextHops, is.Why = []events.ActorID{s.cfg.ID}, []netip.Addr{s.cfg.Address}, "own route"
	case len(all) > 0:
		best, equal, why := choose(all)
		is.Path, is.Why = best.attrs.Path, why
		use(&is, best)
		for _, c := range equal {
			if c.from != best.from && s.together(best, c) {
				use(&is, c)
			}
		}
		if len(is.Is) > 1 {
			is.Why = "equal paths"
		}
	}
	if old == nil && len(is.Is) == 0 || old != nil && old.same(&is) {
		return
	}
	if cause != 0 {
		defer t.Cite(t.Cite(cause))
	}
	t.Record(is)
	s.dirty = append(s.dirty, dirt{prefix, cause})
}

// together tells whether a route that is as good as the best is used with it.
func (s *Speaker) together(best, c candidate) bool {
	switch s.cfg.Multipath {
	case SameAS:
		return c.attrs.Path.First() == best.attrs.Path.First()
	case AnyAS:
		return true
	}
	return false
}

// use adds a route to those in use.
func use(e *events.BestChanged, c candidate) {
	e.Is = append(e.Is, c.from.ID)
	e.NextHops = append(e.NextHops, c.attrs.NextHop)
}

// same tells whether a decision changes nothing.
func (b *entry) same(is *events.BestChanged) bool {
	return slices.Equal(b.from, is.Is) && slices.Equal(b.hops, is.NextHops) && equalPaths(b.path, is.Path)
}

func equalPaths(a, b events.ASPath) bool {
	return slices.EqualFunc(a, b, func(a, b events.Segment) bool { return a.Set == b.Set && slices.Equal(a.AS, b.AS) })
}
