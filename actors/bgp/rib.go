package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// entry is a place in the Loc-RIB: the routes in use for a prefix, the best
// first. An empty one remembers that there was a route.
type entry struct {
	from  []events.ActorID // the speaker itself for its own route
	hops  []netip.Addr
	attrs *events.Attrs // of the best, after its peer's import; nil for none and for an own route
	path  events.ASPath
	seq   uint64 // the change that made it so
}

// adjRIBIn is what all peers sent, by prefix and by the place of the peer, so
// that a decision looks a prefix up once.
type adjRIBIn struct {
	rows map[netip.Prefix][]*events.Attrs
	held []int // how many a peer sent, by its place

	updates  uint64                    // received so far
	arrivals map[netip.Prefix][]uint64 // the UPDATE in which a route came; nil: does not matter (Decision.PairwiseMED)
}

func newAdjRIBIn(peers int, inOrder bool) *adjRIBIn {
	r := &adjRIBIn{rows: map[netip.Prefix][]*events.Attrs{}, held: make([]int, peers)}
	if inOrder {
		r.arrivals = map[netip.Prefix][]uint64{}
	}
	return r
}

// arrival gives the place of a route in the order of arrival.
func (r *adjRIBIn) arrival(prefix netip.Prefix, place int) uint64 {
	if r.arrivals == nil {
		return 0
	}
	return r.arrivals[prefix][place]
}

// arrive folds that a route came, unless it is the one that is there.
func (r *adjRIBIn) arrive(prefix netip.Prefix, place int, a *events.Attrs) {
	if r.arrivals == nil {
		return
	}
	at := r.arrivals[prefix]
	if at == nil {
		at = make([]uint64, len(r.held))
		r.arrivals[prefix] = at
	}
	if row := r.rows[prefix]; row == nil || !equalAttrs(row[place], a) {
		at[place] = r.updates
	}
}

func (r *adjRIBIn) set(prefix netip.Prefix, place int, a *events.Attrs) {
	row := r.rows[prefix]
	if row == nil {
		row = make([]*events.Attrs, len(r.held))
		r.rows[prefix] = row
	}
	switch was := row[place]; {
	case was == nil && a != nil:
		r.held[place]++
	case was != nil && a == nil:
		r.held[place]--
	}
	row[place] = a
}

// get gives the route that a peer sent; nil: none.
func (r *adjRIBIn) get(prefix netip.Prefix, place int) *events.Attrs {
	if row := r.rows[prefix]; row != nil {
		return row[place]
	}
	return nil
}

// clear forgets what a peer sent.
func (r *adjRIBIn) clear(place int) {
	for _, row := range r.rows { // order-free: each on its own
		row[place] = nil
	}
	r.held[place] = 0
}

// of gives what a peer sent.
func (r *adjRIBIn) of(place int) map[netip.Prefix]*events.Attrs {
	all := map[netip.Prefix]*events.Attrs{}
	for prefix, row := range r.rows { // order-free: into a map
		if row[place] != nil {
			all[prefix] = row[place]
		}
	}
	return all
}

// receive folds an UPDATE into the Adj-RIB-In. What is received replaces what
// was there, usable or not: an UPDATE whose path holds our own AS takes the
// peer's previous route away (RFC 4271 section 9.1.2).
func (p *peer) receive(r *events.Routes, at events.Time) {
	p.burst.count(r, p.in.held[p.place], at)
	p.refreshed(r)
	for _, prefix := range r.Withdrawn {
		p.in.set(prefix, p.place, nil)
	}
	p.in.updates++
	for _, prefix := range r.NLRI {
		p.in.arrive(prefix, p.place, r.Attrs)
		p.in.set(prefix, p.place, r.Attrs)
	}
}

// applyBest folds a decision.
func (s *Speaker) applyBest(e events.BestChanged, l events.Line) {
	b := &entry{from: e.Is, hops: e.NextHops, path: e.Path, seq: l.Seq}
	if len(e.Is) > 0 {
		if p := s.peers[e.Is[0]]; p != nil {
			b.attrs = s.imported(p, e.Prefix, s.in.rows[e.Prefix][p.place])
		}
	}
	s.loc[e.Prefix] = b
}

// prefixes gives all prefixes of the Loc-RIB, ascending.
func (s *Speaker) prefixes() []netip.Prefix { return events.SortedPrefixes(s.loc) }

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
	e := s.loc[prefix]
	if e == nil || len(e.from) == 0 {
		return Best{}, false
	}
	return Best{e.from, e.hops, e.attrs}, true
}

// Prefixes gives the prefixes that have a route in the Loc-RIB, ascending.
func (s *Speaker) Prefixes() []netip.Prefix {
	return slices.DeleteFunc(s.prefixes(), func(p netip.Prefix) bool { return len(s.loc[p].from) == 0 })
}

// Learned gives the Adj-RIB-In of a peer: what it sent, usable or not.
func (s *Speaker) Learned(id events.ActorID) map[netip.Prefix]*events.Attrs {
	return s.in.of(s.peers[id].place)
}

// Advertised gives the Adj-RIB-Out of a peer: what it was sent.
func (s *Speaker) Advertised(id events.ActorID) map[netip.Prefix]*events.Attrs {
	return s.peers[id].out
}

// PeerIDs gives the peers, in the order in which they were configured.
func (s *Speaker) PeerIDs() []events.ActorID {
	ids := make([]events.ActorID, len(s.order))
	for i, p := range s.order {
		ids[i] = p.ID
	}
	return ids
}
