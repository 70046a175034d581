package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// entry is a place in the Loc-RIB: the routes in use for a prefix, the best
// first.
type entry struct {
	from  []events.ActorID // the speaker itself for its own route
	hops  []netip.Addr
	attrs *events.Attrs // of the best, after its peer's import; nil for none and for an own route
	path  events.ASPath
	seq   uint64 // the change that made it so; 0: there never was a route
}

// row is all that a speaker has of a prefix. What peers have or sent is by their
// place.
type row struct {
	prefix   netip.Prefix
	own      bool // the speaker originates it
	loc      entry
	received []*events.Attrs // Adj-RIB-In: what a peer sent, usable or not
	usable   []usable        // the same after its import
	odd      int             // how many of these are not plain
	sent     []*events.Attrs // Adj-RIB-Out
	pace     []pace          // nil until a timer of the prefix was set
	running  int             // how many of these run
	arrivals []uint64        // the UPDATE in which a route came; nil: does not matter (Decision.PairwiseMED)
}

// table is the routing information base of a speaker: a row for each prefix that
// it ever heard of.
type table struct {
	s       *Speaker
	rows    map[netip.Prefix]*row
	list    []*row // the same: see all
	sorted  int    // how many of list are in the order of their prefixes, from the first on
	last    *row   // the one that was asked for last: most turns are about one prefix
	held    []int  // how many routes a peer sent, by its place
	updates uint64 // received so far
}

func newTable(s *Speaker) table {
	return table{s: s, rows: map[netip.Prefix]*row{}, held: make([]int, len(s.cfg.Peers))}
}

// find gives the row of a prefix; nil: there is none.
func (r *table) find(prefix netip.Prefix) *row {
	if r.last == nil || r.last.prefix != prefix {
		found := r.rows[prefix]
		if found == nil {
			return nil
		}
		r.last = found
	}
	return r.last
}

// row gives the row of a prefix, a new one if there is none.
func (r *table) row(prefix netip.Prefix) *row {
	if found := r.find(prefix); found != nil {
		return found
	}
	n := len(r.held)
	all := make([]*events.Attrs, 2*n)
	made := &row{prefix: prefix, received: all[:n:n], usable: make([]usable, n), sent: all[n:]}
	if r.s.cfg.Decision.PairwiseMED {
		made.arrivals = make([]uint64, n)
	}
	r.rows[prefix], r.last = made, made
	r.list = append(r.list, made)
	return made
}

// all gives all rows in the order of their prefixes. It stays as it is when there are
// more.
func (r *table) all() []*row {
	if r.sorted < len(r.list) {
		r.list = slices.Clone(r.list)
		slices.SortFunc(r.list, func(a, b *row) int { return events.ComparePrefixes(a.prefix, b.prefix) })
		r.sorted = len(r.list)
	}
	return r.list
}

// prefixes gives those of the rows that are so, ascending.
func (r *table) prefixes(so func(*row) bool) []netip.Prefix {
	var some []netip.Prefix
	for _, row := range r.all() {
		if so(row) {
			some = append(some, row.prefix)
		}
	}
	return some
}

// set folds what a peer sent last for a prefix; nil: that it has no route.
func (r *table) set(row *row, p *peer, a *events.Attrs) {
	switch was := row.received[p.place]; {
	case was == nil && a != nil:
		r.held[p.place]++
	case was != nil && a == nil:
		r.held[p.place]--
	}
	row.received[p.place] = a
	if p.StaysLinked && p.unlinked {
		a = nil // its next hop cannot be reached
	}
	if a != nil {
		a = r.s.imported(p, row.prefix, a)
	}
	row.use(p, ranked(p, a))
}

// use folds what of a peer's route is usable.
func (row *row) use(p *peer, u usable) {
	if was := row.usable[p.place]; was.attrs != nil && !was.plain {
		row.odd--
	}
	if u.attrs != nil && !u.plain {
		row.odd++
	}
	row.usable[p.place] = u
}

// arrive folds that a route came, unless it is the one that is there.
func (r *table) arrive(row *row, p *peer, a *events.Attrs) {
	if row.arrivals != nil && !equalAttrs(row.received[p.place], a) {
		row.arrivals[p.place] = r.updates
	}
}

// arrival gives the place of a route in the order of arrival.
func (row *row) arrival(p *peer) uint64 {
	if row.arrivals == nil {
		return 0
	}
	return row.arrivals[p.place]
}

// clear forgets what a peer sent.
func (r *table) clear(p *peer) {
	for _, row := range r.list {
		row.received[p.place] = nil
		row.use(p, usable{})
	}
	r.held[p.place] = 0
}

// clearSent forgets what a peer was sent.
func (r *table) clearSent(p *peer) {
	for _, row := range r.list {
		row.sent[p.place] = nil
	}
}

// from gives the prefixes that a peer sent, ascending.
func (r *table) from(p *peer) []netip.Prefix {
	if r.held[p.place] == 0 {
		return nil
	}
	return r.prefixes(func(row *row) bool { return row.received[p.place] != nil })
}

// to gives the prefixes that a peer was sent, ascending.
func (r *table) to(p *peer) []netip.Prefix {
	return r.prefixes(func(row *row) bool { return row.sent[p.place] != nil })
}

// receive folds an UPDATE into the Adj-RIB-In. What is received replaces what
// was there, usable or not: an UPDATE whose path holds our own AS takes the
// peer's previous route away (RFC 4271 section 9.1.2).
func (r *table) receive(p *peer, u *events.Routes, at events.Time) {
	u = u.Heard(p.internal)
	p.burst.count(u, r.held[p.place], at)
	p.refreshed(u)
	for _, prefix := range u.Withdrawn {
		if row := r.find(prefix); row != nil {
			r.set(row, p, nil)
		}
	}
	r.updates++
	for _, prefix := range u.NLRI {
		row := r.row(prefix)
		r.arrive(row, p, u.Attrs)
		r.set(row, p, u.Attrs)
	}
}

// applyBest folds a decision.
func (s *Speaker) applyBest(e *events.BestChanged, l *events.Line) {
	row := s.rib.row(e.Prefix)
	row.loc = entry{from: e.Is, hops: e.NextHops, path: e.Path, seq: l.Seq}
	if len(e.Is) > 0 && e.Is[0] != s.cfg.ID {
		row.loc.attrs = row.usable[s.peer(e.Is[0]).place].attrs
	}
}

// Best is a route of the Loc-RIB.
type Best struct {
	From     []events.ActorID // the peers whose routes are in use, the best first; the speaker itself for its own
	NextHops []netip.Addr     // of From, in its order; the speaker's own address for its own
	Attrs    *events.Attrs    // of the best, after the import policy of its peer; nil for an own route
}

// Own tells whether the speaker originates the route.
func (b Best) Own() bool { return b.Attrs == nil }

// Best gives the route to a prefix in the Loc-RIB.
func (s *Speaker) Best(prefix netip.Prefix) (Best, bool) {
	if row := s.rib.find(prefix); row != nil {
		return row.best()
	}
	return Best{}, false
}

func (row *row) best() (Best, bool) {
	return Best{row.loc.from, row.loc.hops, row.loc.attrs}, len(row.loc.from) > 0
}

// Prefixes gives the prefixes that have a route in the Loc-RIB, ascending.
func (s *Speaker) Prefixes() []netip.Prefix {
	return s.rib.prefixes(func(row *row) bool { return len(row.loc.from) > 0 })
}

// Learned gives the Adj-RIB-In of a peer: what it sent, usable or not.
func (s *Speaker) Learned(id events.ActorID) map[netip.Prefix]*events.Attrs {
	all, p := map[netip.Prefix]*events.Attrs{}, s.peer(id)
	for _, prefix := range s.rib.from(p) {
		all[prefix] = s.rib.rows[prefix].received[p.place]
	}
	return all
}

// Paths gives the usable routes to a prefix: who sent them, and their paths as
// import leaves them.
func (s *Speaker) Paths(prefix netip.Prefix) map[events.ActorID]events.ASPath {
	all := map[events.ActorID]events.ASPath{}
	row := s.rib.find(prefix)
	if row == nil {
		return all
	}
	for _, c := range s.candidates(row) {
		all[c.from.ID] = c.attrs.Path
	}
	return all
}

// Advertised gives the Adj-RIB-Out of a peer: what it was sent.
func (s *Speaker) Advertised(id events.ActorID) map[netip.Prefix]*events.Attrs {
	all, p := map[netip.Prefix]*events.Attrs{}, s.peer(id)
	for _, prefix := range s.rib.to(p) {
		all[prefix] = s.rib.rows[prefix].sent[p.place]
	}
	return all
}

// PeerIDs gives the peers, in the order in which they were configured.
func (s *Speaker) PeerIDs() []events.ActorID {
	ids := make([]events.ActorID, len(s.order))
	for i, p := range s.order {
		ids[i] = p.ID
	}
	return ids
}
