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
	from    *peer
	attrs   *events.Attrs
	arrival uint64 // its place in the order of arrival, where that matters
}

// candidates gives the usable routes to a prefix, as import leaves them, in the
// order of the peers. The slice is valid until the next call.
func (s *Speaker) candidates(row *row) []candidate {
	s.usable = s.usable[:0]
	for place := range row.usable {
		a := row.usable[place].attrs
		if a == nil {
			continue
		}
		if p := s.order[place]; !p.suppresses(row.prefix) {
			s.usable = append(s.usable, candidate{p, a, row.arrival(p)})
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

// choose brings the best route to the front, behind it those that are as good,
// and says how many these are and which step decided. Each step keeps the routes
// that no other beats in it: comparing in pairs would let the order of arrival
// decide, because MED does not order routes of different neighbours.
func (d *process) choose(all []candidate) (good int, why string) {
	until, then := asGoodAs, asGoodAs
	if d.equalLength {
		until, then = asLongAs, byAge
	}
	if d.PairwiseMED && !d.AlwaysCompareMED && !d.equalLength {
		return d.chooseInPairs(all)
	}
	good, why = len(all), "only path"
	for s := byPreference; s < until && good > 1; s++ {
		if kept := d.keep(s, all[:good]); kept < good {
			good, why = kept, s.String()
		}
	}
	if good > 1 {
		why = d.first(then, all[:good]).String()
	}
	return good, why
}

// first brings the route that is first from a step on to the front, and gives the
// step that decided. These steps order all routes, so that pairs will do.
func (d *process) first(s step, all []candidate) step {
	for i := range all {
		if _, order := d.differ(s, all[i], all[0]); order < 0 {
			all[0], all[i] = all[i], all[0]
		}
	}
	decided := s
	for _, c := range all[1:] {
		at, _ := d.differ(s, all[0], c)
		decided = max(decided, at)
	}
	return decided
}

// chooseInPairs is choose as routers without deterministic MED do it: the routes
// come in the order of their arrival, and the best so far meets the next (RFC
// 4451). Another route may beat the one that wins.
func (d *process) chooseInPairs(all []candidate) (good int, why string) {
	if len(all) == 1 {
		return 1, "only path"
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.arrival, b.arrival) })
	decided := d.first(byPreference, all)
	good = 1
	for i := 1; i < len(all); i++ {
		if at, _ := d.differ(byPreference, all[0], all[i]); at >= asGoodAs {
			all[good], all[i] = all[i], all[good]
			good++
		}
	}
	return good, decided.String()
}

// keep brings the routes that no other beats in a step to the front, in their
// order, and says how many they are. All steps but the MED order all routes.
func (d *process) keep(s step, all []candidate) int {
	if s == byMED {
		return d.keepLowestMED(all)
	}
	top := slices.MinFunc(all, func(a, b candidate) int { return d.compare(s, a, b) })
	kept := all[:0]
	for _, c := range all {
		if d.compare(s, top, c) == 0 {
			kept = append(kept, c)
		}
	}
	return len(kept)
}

func (d *process) keepLowestMED(all []candidate) int {
	if !slices.ContainsFunc(all, func(c candidate) bool { return d.med(c) != 0 }) {
		return len(all)
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool {
		return slices.ContainsFunc(all, func(o candidate) bool { return d.compare(byMED, o, c) < 0 })
	})
	return copy(all, kept)
}

// update is an UPDATE that arrived: its prefixes are decided anew. Where it
// mixes causes, each change follows from its own.
func (s *Speaker) update(t *sim.Turn, in events.Line, u *events.Routes) {
	causes, p := in.Causes, s.peer(in.Peer)
	for _, list := range [...][]netip.Prefix{u.Withdrawn, u.NLRI} {
		for _, prefix := range list {
			cause := uint64(0)
			if len(causes) > 0 {
				cause, causes = causes[0], causes[1:]
			}
			row := s.rib.row(prefix)
			if s.unmoved(row, p) {
				continue
			}
			s.damp(t, p, prefix, in.Seq, cause)
			s.decideRow(t, row, cause)
		}
	}
}

// decide is decideRow for a prefix; what changes follows from what the turn does.
func (s *Speaker) decide(t *sim.Turn, prefix netip.Prefix) { s.decideRow(t, s.rib.row(prefix), 0) }

// decideRow runs the decision process for a prefix, now or when its turn comes, and
// records what changed. The change follows from cause; 0: from what the turn follows
// from.
func (s *Speaker) decideRow(t *sim.Turn, row *row, cause uint64) {
	switch {
	case s.deferring:
	case s.cfg.DecisionDelay > 0:
		s.enqueue(t, row.prefix, cause, 0)
	default:
		s.decideNow(t, row, cause)
	}
}

// decideNow is decideRow for a prefix that does not wait, or no longer.
func (s *Speaker) decideNow(t *sim.Turn, row *row, cause uint64) {
	is, attrs := s.elect(row)
	switch old := &row.loc; {
	case old.seq == 0 && len(is.Is) == 0:
		return
	case old.seq != 0 && old.same(&is):
		if equalAttrs(old.attrs, attrs) {
			return
		}
		is.Why = "attributes changed"
	}
	is.Was = row.loc.from
	if cause != 0 {
		defer t.Cite(t.Cite(cause))
	}
	t.Record(s.bests.New(is))
	s.dirty = append(s.dirty, dirt{row, cause})
}

// elect gives the routes in use for a prefix as they are to be, and the
// attributes of the best; nil for none and for an own route.
func (s *Speaker) elect(row *row) (is events.BestChanged, attrs *events.Attrs) {
	is.Prefix, is.Why = row.prefix, "no path"
	if s.originates(row) {
		is.Is, is.NextHops, is.Why = s.self.id[:1:1], s.self.address[:1:1], "own route"
		return is, nil
	}
	if s.fast && row.odd == 0 && !s.damps {
		if p, why := s.quickest(row); p != nil {
			attrs = row.usable[p.place].attrs
			is.Path, is.Why = attrs.Path, why
			is.Is, is.NextHops = p.alone(attrs.NextHop)
		}
		return is, attrs
	}
	all := s.candidates(row)
	if len(all) == 0 {
		return is, nil
	}
	good, why := s.process(row).choose(all)
	best := all[0]
	is.Path, is.Why = best.attrs.Path, why
	is.Is, is.NextHops = best.from.alone(best.attrs.NextHop)
	for _, c := range s.asGood(best, all[1:good]) {
		use(&is, c)
	}
	if len(is.Is) > 1 {
		is.Why = "equal paths"
	}
	return is, best.attrs
}

// process gives the decision process for a prefix.
func (s *Speaker) process(row *row) *process {
	d := &process{Decision: s.cfg.Decision, equalLength: s.cfg.EqualLength}
	if d.KeepOldest && len(row.loc.from) > 0 {
		d.current = s.peer(row.loc.from[0])
	}
	return d
}

// asGood gives those of some routes as good as the best that are used with it, in
// the order of the peers. Where there are too many, these are the ones with the
// lowest next hops (FRR 8.4: bgp_path_info_mpath_update).
func (s *Speaker) asGood(best candidate, equal []candidate) []candidate {
	equal = slices.DeleteFunc(equal, func(c candidate) bool { return !s.together(best, c) })
	if most := s.cfg.MaxPaths - 1; most >= 0 && len(equal) > most {
		slices.SortStableFunc(equal, func(a, b candidate) int { return a.attrs.NextHop.Compare(b.attrs.NextHop) })
		equal = equal[:most]
	}
	slices.SortFunc(equal, func(a, b candidate) int { return cmp.Compare(a.from.place, b.from.place) })
	return equal
}

// together tells whether a route that is as good as the best is used with it.
func (s *Speaker) together(best, c candidate) bool {
	switch s.cfg.Multipath {
	case SamePath:
		return equalPaths(c.attrs.Path, best.attrs.Path)
	case SameAS:
		return c.attrs.Path.First() == best.attrs.Path.First()
	case AnyAS:
		return true
	}
	return false
}

// alone gives the lists of a route that is used alone. Nobody changes them, and a
// peer's next hop is mostly the same.
func (p *peer) alone(hop netip.Addr) ([]events.ActorID, []netip.Addr) {
	if len(p.hops) == 0 || p.hops[0] != hop {
		p.hops = []netip.Addr{hop}
	}
	return p.ids[:1:1], p.hops[:1:1]
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
