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
// whose path holds our own AS is none (RFC 4271 section 9.1.2). The slice is
// valid until the next call.
func (s *Speaker) candidates(prefix netip.Prefix) []candidate {
	s.usable = s.usable[:0]
	for place, a := range s.in.rows[prefix] {
		if a != nil && !a.Path.Contains(s.cfg.AS) {
			s.usable = append(s.usable, candidate{s.order[place], a})
		}
	}
	return s.usable
}

// A step is one comparison of RFC 4271 section 9.1.2.2.
type step uint8

// The steps for routes of eBGP, in the order of the RFC.
const (
	byLocalPref  step = iota // section 9.1.1
	byPathLength             // a
	byOrigin                 // b
	byMED                    // c, within one neighbour AS
	byIdentifier             // f
	byAddress                // g
	steps
)

// asGoodAs is the first step that routes which are used together need not tie
// in.
const asGoodAs = byIdentifier

func (s step) String() string {
	return [...]string{
		"higher LOCAL_PREF", "shorter AS path", "lower ORIGIN", "lower MED", "lower BGP identifier", "lower peer address",
	}[s]
}

// compare is negative if a is better than b in this step, zero if they tie.
func (s step) compare(a, b candidate) int {
	switch s {
	case byLocalPref:
		return cmp.Compare(localPref(b), localPref(a))
	case byPathLength:
		return cmp.Compare(a.attrs.Path.Len(), b.attrs.Path.Len())
	case byOrigin:
		return cmp.Compare(a.attrs.Origin, b.attrs.Origin)
	case byMED:
		if a.attrs.Path.First() != b.attrs.Path.First() {
			return 0
		}
		return cmp.Compare(a.attrs.MED, b.attrs.MED) // a missing MED is 0
	case byIdentifier:
		return identifier(a.from).Compare(identifier(b.from))
	default:
		return cmp.Compare(a.from.ID, b.from.ID)
	}
}

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

// choose brings the best route to the front, behind it those that are as good up
// to the MED, and says how many these are and which step decided. Each step
// keeps the routes that no other beats in it: comparing in pairs would let the
// order of arrival decide, because MED does not order routes of different
// neighbours.
func choose(all []candidate) (good int, why string) {
	good, why = len(all), "only path"
	for s := range asGoodAs {
		if kept := s.keep(all[:good]); kept < good {
			good, why = kept, s.String()
		}
	}
	for i := 1; i < good; i++ {
		if byIdentifier.compare(all[i], all[0]) < 0 || byIdentifier.compare(all[i], all[0]) == 0 && byAddress.compare(all[i], all[0]) < 0 {
			all[0], all[i] = all[i], all[0]
		}
	}
	if good > 1 {
		why = byIdentifier.String()
		if slices.ContainsFunc(all[1:good], func(c candidate) bool { return byIdentifier.compare(all[0], c) == 0 }) {
			why = byAddress.String()
		}
	}
	return good, why
}

// keep brings the routes that no other beats to the front, in their order, and
// says how many they are. All steps but the MED order all routes.
func (s step) keep(all []candidate) int {
	if s == byMED {
		return keepLowestMED(all)
	}
	top := slices.MinFunc(all, s.compare)
	kept := all[:0]
	for _, c := range all {
		if s.compare(top, c) == 0 {
			kept = append(kept, c)
		}
	}
	return len(kept)
}

func keepLowestMED(all []candidate) int {
	if !slices.ContainsFunc(all, func(c candidate) bool { return c.attrs.MED != 0 }) {
		return len(all)
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool {
		return slices.ContainsFunc(all, func(o candidate) bool { return byMED.compare(o, c) < 0 })
	})
	return copy(all, kept)
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
		good, why := choose(all)
		best := all[0]
		is.Path, is.Why = best.attrs.Path, why
		use(&is, best)
		for _, c := range s.asGood(all[1:good]) {
			if s.together(best, c) {
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

// asGood puts routes that are as good as the best into the order of the peers.
func (s *Speaker) asGood(equal []candidate) []candidate {
	slices.SortFunc(equal, func(a, b candidate) int { return cmp.Compare(a.from.place, b.from.place) })
	return equal
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
