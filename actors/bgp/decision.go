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

// candidates gives the usable routes to a prefix, as their peers' In policies
// leave them, in the order of the peers: one whose path holds our own AS is none
// (RFC 4271 section 9.1.2), unless it may. The slice is valid until the next call.
func (s *Speaker) candidates(prefix netip.Prefix) []candidate {
	s.usable = s.usable[:0]
	for place, received := range s.in.rows[prefix] {
		if received == nil {
			continue
		}
		p := s.order[place]
		if a := s.judged(p, received); !s.looped(p, a.Path) {
			s.usable = append(s.usable, candidate{p, a})
		}
	}
	if s.cfg.LoopsLast {
		s.usable = s.withoutLoops(s.usable)
	}
	return s.usable
}

// withoutLoops drops the routes whose path holds our own AS, unless there are no
// others.
func (s *Speaker) withoutLoops(all []candidate) []candidate {
	loops := func(c candidate) bool { return c.attrs.Path.Contains(s.cfg.AS) }
	if !slices.ContainsFunc(all, loops) || !slices.ContainsFunc(all, func(c candidate) bool { return !loops(c) }) {
		return all
	}
	return slices.DeleteFunc(all, loops)
}

// A step is one comparison of RFC 4271 section 9.1.2.2, or of an
// implementation.
type step uint8

// The steps, in the order of the RFC. The cost to the next hop (e) is left out:
// all next hops cost the same. So are ORIGINATOR_ID and CLUSTER_LIST (RFC 4456
// section 9).
const (
	byPreference step = iota // before all others
	byLocalPref              // section 9.1.1
	byPathLength             // a
	byOrigin                 // b
	byMED                    // c, within one neighbour AS
	byExternal               // d
	byRank                   // before f
	byIdentifier             // f
	byAddress                // g
	steps
)

// asGoodAs is the first step that routes which are used together need not tie
// in; with Config.EqualLength it is asLongAs, and only the last two steps choose
// the best of them.
const (
	asGoodAs = byRank
	asLongAs = byOrigin
)

func (s step) String() string {
	return [...]string{
		"higher preference", "higher LOCAL_PREF", "shorter AS path", "lower ORIGIN", "lower MED", "external over internal",
		"lower rank", "lower BGP identifier", "lower peer address",
	}[s]
}

// compare is negative if a is better than b in this step, zero if they tie.
func (s step) compare(a, b candidate) int {
	switch s {
	case byPreference:
		return cmp.Compare(b.from.Preference, a.from.Preference)
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
	case byExternal:
		return compareBool(a.from.internal, b.from.internal)
	case byRank:
		return cmp.Compare(a.from.Rank, b.from.Rank)
	case byIdentifier:
		return identifier(a.from).Compare(identifier(b.from))
	default:
		return cmp.Compare(a.from.ID, b.from.ID)
	}
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// defaultLocalPref is the LOCAL_PREF of a route that carries none.
const defaultLocalPref = 100

func localPref(c candidate) uint32 {
	if c.attrs.HasLocalPref {
		return c.attrs.LocalPref
	}
	return defaultLocalPref
}

func identifier(p *peer) netip.Addr {
	if c := p.established(); c != nil {
		return c.peerID
	}
	return netip.Addr{}
}

// choose brings the best route to the front, behind it those that are as good,
// and says how many these are and which step decided. Each step keeps the routes
// that no other beats in it: comparing in pairs would let the order of arrival
// decide, because MED does not order routes of different neighbours.
func choose(all []candidate, equalLength bool) (good int, why string) {
	until, then := asGoodAs, asGoodAs
	if equalLength {
		until, then = asLongAs, byIdentifier
	}
	good, why = len(all), "only path"
	for s := byPreference; s < until && good > 1; s++ {
		if kept := s.keep(all[:good]); kept < good {
			good, why = kept, s.String()
		}
	}
	if good > 1 {
		why = then.first(all[:good]).String()
	}
	return good, why
}

// first brings the route that is first from a step on to the front, and gives the
// step that decided. These steps order all routes, so that pairs will do.
func (s step) first(all []candidate) step {
	for i := range all {
		if _, order := s.differ(all[i], all[0]); order < 0 {
			all[0], all[i] = all[i], all[0]
		}
	}
	decided := s
	for _, c := range all[1:] {
		at, _ := s.differ(all[0], c)
		decided = max(decided, at)
	}
	return decided
}

// differ gives the first step from s on in which two routes do not tie, and how
// it orders them.
func (s step) differ(a, b candidate) (step, int) {
	for ; s < steps; s++ {
		if order := s.compare(a, b); order != 0 {
			return s, order
		}
	}
	return byAddress, 0
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

// decide runs the decision process for a prefix and records what changed. The
// change follows from cause; 0: from what the turn follows from.
func (s *Speaker) decide(t *sim.Turn, prefix netip.Prefix, cause uint64) {
	old := s.loc[prefix]
	is, attrs := s.elect(prefix)
	switch {
	case old == nil && len(is.Is) == 0:
		return
	case old != nil && old.same(&is):
		if equalAttrs(old.attrs, attrs) {
			return
		}
		is.Why = "attributes changed"
	}
	if old != nil {
		is.Was = old.from
	}
	if cause != 0 {
		defer t.Cite(t.Cite(cause))
	}
	t.Record(is)
	s.dirty = append(s.dirty, dirt{prefix, cause})
}

// elect gives the routes in use for a prefix as they are to be, and the
// attributes of the best; nil for none and for an own route.
func (s *Speaker) elect(prefix netip.Prefix) (is events.BestChanged, attrs *events.Attrs) {
	is.Prefix, is.Why = prefix, "no path"
	if s.originates(prefix) {
		is.Is, is.NextHops, is.Why = []events.ActorID{s.cfg.ID}, []netip.Addr{s.cfg.Address}, "own route"
		return is, nil
	}
	all := s.candidates(prefix)
	if len(all) == 0 {
		return is, nil
	}
	good, why := choose(all, s.cfg.EqualLength)
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
	return is, best.attrs
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

// same tells whether a decision leaves everything that it writes as it is.
func (b *entry) same(is *events.BestChanged) bool {
	return slices.Equal(b.from, is.Is) && slices.Equal(b.hops, is.NextHops) && equalPaths(b.path, is.Path)
}

func equalPaths(a, b events.ASPath) bool {
	return slices.EqualFunc(a, b, func(a, b events.Segment) bool { return a.Set == b.Set && slices.Equal(a.AS, b.AS) })
}
