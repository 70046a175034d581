package bgp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"dualhome/events"
)

// route is a route as RFC 4271 speaks of it: nothing here knows how the decision
// process is built.
type route struct {
	peer      events.ActorID // who sent it
	internal  bool
	preferred int   // degree of preference: LOCAL_PREF, or the local one of 100
	path      []any // numbers, and AS_SETs as lists of numbers
	origin    int
	med       int        // -1: none
	cost      int        // to the next hop
	address   netip.Addr // of the peer, and its BGP identifier
	initiator netip.Addr // ORIGINATOR_ID; none: not reflected
	clusters  int        // length of CLUSTER_LIST
}

// neighborAS (section 9.1.2.2 c): the first of the path, and 0 for the local AS where
// the path is empty or begins with an AS_SET.
func neighborAS(r route) uint32 {
	if len(r.path) > 0 {
		if as, one := r.path[0].(uint32); one {
			return as
		}
	}
	return 0
}

// selected is Phase 2 of RFC 4271 (section 9.1.2, with the tie breaking of 9.1.2.2),
// each paragraph a loop that removes routes from consideration, and what RFC 4456
// section 9 puts beside f and between f and g.
func selected(d Decision, routes []route) route {
	remove := func(removed func(m, n route) bool) {
		var left []route
		for _, m := range routes {
			if !slices.ContainsFunc(routes, func(n route) bool { return removed(m, n) }) {
				left = append(left, m)
			}
		}
		routes = left
	}
	number := func(r route) int { // a: an AS_SET counts as 1, no matter how many ASes are in it
		return len(r.path)
	}
	med := func(r route) int { // c: without the attribute, the lowest possible value, unless that is turned round
		if r.med < 0 && d.MissingMEDWorst {
			return 1<<32 - 1
		}
		return max(0, r.med)
	}
	identifier := func(r route) netip.Addr {
		if r.initiator.IsValid() {
			return r.initiator
		}
		return r.address
	}
	remove(func(m, n route) bool { return n.preferred > m.preferred })
	remove(func(m, n route) bool { return number(n) < number(m) })
	remove(func(m, n route) bool { return n.origin < m.origin })
	remove(func(m, n route) bool {
		return (d.AlwaysCompareMED || neighborAS(m) == neighborAS(n)) && med(n) < med(m)
	})
	remove(func(m, n route) bool { return m.internal && !n.internal })
	remove(func(m, n route) bool { return n.cost < m.cost })
	remove(func(m, n route) bool { return identifier(n).Less(identifier(m)) })
	remove(func(m, n route) bool { return n.clusters < m.clusters })
	remove(func(m, n route) bool { return n.address.Less(m.address) })
	if len(routes) != 1 {
		panic(fmt.Sprintf("%d routes are left", len(routes)))
	}
	return routes[0]
}

// neighbours are two to six peers, of which some are in the own AS, with addresses
// that sort otherwise than their names.
func neighbours(r *rand.Rand) []Peer {
	var all []Peer
	for i, last := range r.Perm(2 + r.IntN(5)) {
		p := Peer{ID: events.ActorID(fmt.Sprint("p", i)), AS: uint32(65001 + r.IntN(3)), IGPCost: r.IntN(2)}
		if r.IntN(2) == 0 {
			p.AS = 65000
		}
		p.Identifier = netip.AddrFrom4([4]byte{192, 0, 2, byte(5 + 4*last)}) // 5, 9, 13 …: as text 13 is less than 5
		all = append(all, p)
	}
	return all
}

// draw makes a route that may tie with others in any step; a plain one has neither MED
// nor a reflector.
func draw(r *rand.Rand, p Peer, among []Peer, plain bool) route {
	one := route{peer: p.ID, internal: p.AS == 65000, preferred: 100, origin: r.IntN(2), med: r.IntN(4) - 1, cost: p.IGPCost, address: p.Identifier}
	if !one.internal {
		one.path = append(one.path, p.AS)
	} else {
		if r.IntN(4) == 0 {
			one.preferred += r.IntN(3) - 1
		}
		if r.IntN(3) > 0 {
			one.path = append(one.path, uint32(65001+r.IntN(3)))
		}
		if r.IntN(2) == 0 && !plain {
			one.initiator, one.clusters = among[r.IntN(len(among))].Identifier, 1+r.IntN(2)
		}
	}
	if plain {
		one.med = min(one.med, 0)
	}
	for len(one.path) < 2+r.IntN(5)/4 {
		if r.IntN(4) == 0 {
			one.path = append(one.path, []uint32{70000, 70001, 70002}[:1+r.IntN(3)])
		} else {
			one.path = append(one.path, uint32(70000+r.IntN(3)))
		}
	}
	return one
}

// attributes gives those with which a route comes.
func (one route) attributes() *events.Attrs {
	a := &events.Attrs{Origin: uint8(one.origin), NextHop: one.address, OriginatorID: one.initiator}
	for _, s := range one.path {
		if set, many := s.([]uint32); many {
			a.Path = append(a.Path, events.Segment{Set: true, AS: set})
		} else {
			a.Path = append(a.Path, events.Segment{AS: []uint32{s.(uint32)}})
		}
	}
	if one.med >= 0 {
		a.MED, a.HasMED = uint32(one.med), true
	}
	if one.internal {
		a.LocalPref, a.HasLocalPref = uint32(one.preferred), true
	}
	for i := range one.clusters {
		a.ClusterList = append(a.ClusterList, netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}))
	}
	return a
}

// saying is what a peer says next: a route, or (nil) that it has none.
type saying struct {
	peer events.ActorID
	is   *route
}

// histories are what each peer says, in its order: some routes and withdrawals, and at
// last what counts.
func histories(r *rand.Rand, peers []Peer, plain bool) (all [][]saying, last []route) {
	for _, p := range peers {
		var h []saying
		for range r.IntN(4) {
			s := saying{peer: p.ID}
			if r.IntN(3) > 0 {
				one := draw(r, p, peers, plain)
				s.is = &one
			}
			h = append(h, s)
		}
		final := saying{peer: p.ID}
		if r.IntN(6) > 0 {
			one := draw(r, p, peers, plain)
			final.is, last = &one, append(last, one)
		}
		all = append(all, append(h, final))
	}
	return all, last
}

// interleaved mixes histories; each peer's own order stays (a session is a FIFO).
func interleaved(r *rand.Rand, all [][]saying) []saying {
	var order []int
	for i, h := range all {
		order = append(order, slices.Repeat([]int{i}, len(h))...)
	}
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	next, mixed := make([]int, len(all)), []saying(nil)
	for _, i := range order {
		mixed = append(mixed, all[i][next[i]])
		next[i]++
	}
	return mixed
}

// hear lets a speaker with sessions to all peers take what they say, decide each time,
// and remember what it chose.
func hear(cfg Config, said []saying) events.BestChanged {
	s := NewSpeaker(cfg)
	for _, p := range s.order {
		p.conns = []conn{{state: events.Established, peerID: p.Identifier}}
	}
	prefix := netip.MustParsePrefix("198.51.100.0/24")
	var is events.BestChanged
	for i, one := range said {
		routes := &events.Routes{Withdrawn: []netip.Prefix{prefix}}
		if one.is != nil {
			routes = &events.Routes{NLRI: []netip.Prefix{prefix}, Attrs: one.is.attributes()}
		}
		p, row := s.peers[one.peer], s.rib.row(prefix)
		s.rib.receive(p, routes, events.Time(i))
		if s.unmoved(row, p) {
			continue
		}
		is, _ = s.elect(row)
		s.applyBest(&is, &events.Line{Seq: uint64(i + 1)})
	}
	again, _ := s.elect(s.rib.row(prefix))
	if !slices.Equal(again.Is, is.Is) {
		panic(fmt.Sprintf("%v, and decided again %v", is, again))
	}
	return again
}

// TestBestIsIndependentOfArrival: in whichever order routes come, are replaced,
// withdrawn and come again, the same ones are in use in the end, and the best is that
// of RFC 4271. (It is not so with PairwiseMED and KeepOldest: TestMEDInPairs,
// TestTwoRoutes.)
func TestBestIsIndependentOfArrival(t *testing.T) {
	decided, disagreed := map[string]int{}, 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 9122))
		cfg := Config{
			ID: "s", AS: 65000, Address: netip.MustParseAddr("192.0.2.200"), Peers: neighbours(r), Multipath: Multipath(r.IntN(3)),
			Decision: Decision{AlwaysCompareMED: r.IntN(3) == 0, MissingMEDWorst: r.IntN(3) == 0},
		}
		all, last := histories(r, cfg.Peers, seed%2 == 0)
		if len(last) == 0 {
			continue
		}
		want := selected(cfg.Decision, last)
		var first events.BestChanged
		for i := range 6 {
			is := hear(cfg, interleaved(r, all))
			if len(is.Is) == 0 || is.Is[0] != want.peer {
				t.Fatalf("seed %d: %v, and by the RFC %s", seed, is, want.peer)
			}
			if i == 0 {
				first = is
			} else if !slices.Equal(is.Is, first.Is) || is.Why != first.Why || !equalPaths(is.Path, first.Path) {
				t.Fatalf("seed %d: %v, and in another order %v", seed, first, is)
			}
		}
		decided[first.Why]++
		cfg.Decision.PairwiseMED, cfg.Decision.KeepOldest = true, true
		if is := hear(cfg, interleaved(r, all)); is.Is[0] != want.peer {
			disagreed++
		}
	}
	for s := byLocalPref; s < steps; s++ {
		if s != byRank && s != byAge && decided[s.String()] == 0 {
			t.Errorf("%q never decided: %v", s, decided)
		}
	}
	if disagreed == 0 {
		t.Error("what depends on the order never did: the orders are no test")
	}
}

// TestStepsAreAntisymmetricAndTotal: in each step, of two routes at most one is better,
// and better is transitive but for MEDs of several neighbours; of two routes, the
// last step at the latest finds one better.
func TestStepsAreAntisymmetricAndTotal(t *testing.T) {
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 4271))
		peers := neighbours(r)
		d := &process{Decision: Decision{AlwaysCompareMED: r.IntN(2) == 0, MissingMEDWorst: r.IntN(2) == 0, KeepOldest: r.IntN(2) == 0}}
		var all []candidate
		for i, p := range peers {
			p.Preference, p.Rank = r.IntN(2), r.IntN(2)
			c := told(p, byte(i), *draw(r, p, peers, false).attributes())
			c.from.internal, c.from.conns[0].peerID = p.AS == 65000, p.Identifier
			all = append(all, c)
		}
		twice := all[0] // a second session with the same router
		again, of := *twice.from, *twice.from.Peer
		of.ID, again.Peer, twice.from = "p0b", &of, &again
		all = append(all, twice)
		d.current = all[r.IntN(len(all))].from
		for _, a := range all {
			for s := range steps {
				if d.compare(s, a, a) != 0 {
					t.Fatalf("seed %d, %v: %s is better than itself", seed, s, a.from.ID)
				}
			}
			for _, b := range all {
				sound(t, d, a, b, all)
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func sound(t *testing.T, d *process, a, b candidate, all []candidate) {
	t.Helper()
	for s := range steps {
		ab := d.compare(s, a, b)
		if ab != -d.compare(s, b, a) {
			t.Errorf("%v: %s and %s are both better than the other", s, a.from.ID, b.from.ID)
		}
		for _, c := range all {
			if s == byMED && !d.AlwaysCompareMED {
				break
			}
			if ab < 0 && d.compare(s, b, c) <= 0 && d.compare(s, a, c) >= 0 {
				t.Errorf("%v: %s before %s before %s, and not before that", s, a.from.ID, b.from.ID, c.from.ID)
			}
		}
	}
	if _, order := d.differ(byPreference, a, b); (order == 0) != (a.from == b.from) {
		t.Errorf("nothing orders %s and %s", a.from.ID, b.from.ID)
	}
	if d.compare(byAddress, a, b) == 0 && a.from != b.from {
		t.Errorf("the last step does not order %s and %s", a.from.ID, b.from.ID)
	}
}
