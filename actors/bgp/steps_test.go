package bgp

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"dualhome/events"
)

// TestTwoRoutes: X and Y in both orders, where one decision differs from that of
// RFC 4271 and where none does.
func TestTwoRoutes(t *testing.T) {
	med := func(n uint32, as ...uint32) events.Attrs {
		return events.Attrs{Path: path(as...), MED: n, HasMED: true}
	}
	pref := func(n uint32, as ...uint32) events.Attrs {
		return events.Attrs{Path: path(as...), LocalPref: n, HasLocalPref: true}
	}
	set := events.Attrs{Path: events.ASPath{{AS: []uint32{10}}, {Set: true, AS: []uint32{20, 30, 40}}}}
	near := func(cost int, id byte, a events.Attrs) candidate {
		return told(Peer{ID: events.ActorID(strconv.Itoa(int(id))), IGPCost: cost}, id, a)
	}
	for _, c := range []struct {
		name, win, why string
		how            Decision
		x, y           candidate
	}{
		{"D1", "x", "shorter AS path", Decision{}, from("x", 9, set), from("y", 1, events.Attrs{Path: path(11, 21, 31)})},
		{"D2", "x", "lower MED", Decision{}, from("x", 9, events.Attrs{Path: path(10, 30)}), from("y", 1, med(5, 10, 30))},
		{"D2w", "y", "lower MED", Decision{MissingMEDWorst: true}, from("x", 9, events.Attrs{Path: path(10, 30)}), from("y", 1, med(5, 10, 30))},
		{"D3", "x", "lower BGP identifier", Decision{}, from("x", 1, med(100, 10, 30)), from("y", 2, med(0, 11, 30))},
		{"D3a", "y", "lower MED", Decision{AlwaysCompareMED: true}, from("x", 1, med(100, 10, 30)), from("y", 2, med(0, 11, 30))},
		{"D4", "x", "external over internal", Decision{}, near(100, 9, med(0, 10, 30)), internal(near(1, 1, med(0, 10, 30)))},
		{"D5", "y", "lower MED", Decision{}, from("x", 1, med(20, 10, 30)), internal(from("y", 9, med(10, 10, 30)))},
		{"D6", "y", "lower IGP cost", Decision{}, internal(near(20, 1, med(0, 10))), internal(near(10, 9, med(0, 10)))},
		{"D7", "y", "lower BGP identifier", Decision{}, from("x", 9, med(0, 10)), from("y", 1, med(0, 10))},
		{"D7o", "x", "best before", Decision{KeepOldest: true}, from("x", 9, med(0, 10)), from("y", 1, med(0, 10))},
		{"D7o, internal", "y", "lower BGP identifier", Decision{KeepOldest: true}, internal(from("x", 9, med(0, 10))), internal(from("y", 1, med(0, 10)))},
		{"D12", "y", "higher LOCAL_PREF", Decision{}, from("x", 1, pref(100, 1)), from("y", 2, pref(101, 1, 2, 3, 4))},
	} {
		for _, pairwise := range []bool{false, true} {
			d := process{Decision: c.how, current: c.x.from} // x is the best when y comes
			d.PairwiseMED = pairwise
			for _, all := range [][]candidate{{c.x, c.y}, {c.y, c.x}} {
				_, why := d.choose(all)
				won := map[*peer]string{c.x.from: "x", c.y.from: "y"}[all[0].from]
				if won != c.win || why != c.why {
					t.Errorf("%s: %s (%s), not %s (%s)", c.name, won, why, c.win, c.why)
				}
			}
		}
	}
}

// three are routes of which each beats the next: a beats b (MED), b beats c and c
// beats a (IGP cost).
func three() map[rune]candidate {
	one := func(id events.ActorID, as, med uint32, cost int) candidate {
		return internal(told(Peer{ID: id, IGPCost: cost}, id[0], events.Attrs{Path: path(as), MED: med, HasMED: true}))
	}
	return map[rune]candidate{'A': one("A", 1, 0, 30), 'B': one("B", 1, 10, 10), 'C': one("C", 2, 5, 20)}
}

// TestMEDInPairs: in which order they came decides only where they are compared in
// pairs.
func TestMEDInPairs(t *testing.T) {
	for order, pairs := range map[string]events.ActorID{"ABC": "C", "BAC": "C", "ACB": "B", "CAB": "B", "BCA": "A", "CBA": "A"} {
		for _, c := range []struct {
			how  Decision
			want events.ActorID
		}{{Decision{}, "C"}, {Decision{AlwaysCompareMED: true}, "A"}, {Decision{PairwiseMED: true}, pairs}, {Decision{PairwiseMED: true, AlwaysCompareMED: true}, "A"}} {
			var all []candidate
			for i, name := range order {
				one := three()[name]
				one.arrival = uint64(i)
				all = append(all, one)
			}
			slices.SortFunc(all, func(a, b candidate) int { return int(a.from.ID[0]) - int(b.from.ID[0]) })
			d := process{Decision: c.how}
			if _, why := d.choose(all); all[0].from.ID != c.want {
				t.Errorf("%s, %+v: %s (%s), not %s", order, c.how, all[0].from.ID, why, c.want)
			}
		}
	}
}

// TestPairsThatAreAsGood: routes used together tie with the best, though the first
// of all beats it by its MED.
func TestPairsThatAreAsGood(t *testing.T) {
	var all []candidate
	for i, as := range []uint32{1, 2, 3, 1} {
		c := from(events.ActorID(strconv.Itoa(i)), byte(9-i), events.Attrs{Path: path(as), MED: uint32(i), HasMED: true})
		c.arrival = uint64(i)
		all = append(all, c)
	}
	good, _ := (&process{Decision: Decision{PairwiseMED: true}}).choose(all)
	var names []string
	for _, c := range all[:good] {
		names = append(names, string(c.from.ID))
	}
	if slices.Sort(names[1:]); !slices.Equal(names, []string{"3", "1", "2"}) {
		t.Errorf("in use are %v", names)
	}
}

// TestTwin holds the decision process against one that says the rules one by one,
// for random routes in random orders: the same is best. Of two one is best, in
// either order.
func TestTwin(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 11))
		all := randomRoutes(r)
		d := process{Decision: Decision{AlwaysCompareMED: r.IntN(3) == 0, MissingMEDWorst: r.IntN(3) == 0, KeepOldest: r.IntN(3) == 0}}
		d.current = all[r.IntN(len(all))].from
		want := twin(d, all)
		for range 5 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			tried := slices.Clone(all)
			if d.choose(tried); tried[0].from != want.from {
				t.Fatalf("seed %d: %s is best, and %s by the rules", seed, tried[0].from.ID, want.from.ID)
			}
		}
		for _, b := range all[1:] {
			one, other := []candidate{all[0], b}, []candidate{b, all[0]}
			d.choose(one)
			d.choose(other)
			if one[0].from != other[0].from {
				t.Fatalf("seed %d: of %s and %s both are best", seed, all[0].from.ID, b.from.ID)
			}
			_, order := d.differ(byPreference, all[0], b)
			if _, back := d.differ(byPreference, b, all[0]); order == 0 || order != -back {
				t.Fatalf("seed %d: %d and back %d", seed, order, back)
			}
		}
	}
}

func randomRoutes(r *rand.Rand) (all []candidate) {
	for i := range 2 + r.IntN(6) {
		a := events.Attrs{Origin: uint8(r.IntN(2)), Path: path(uint32(1+r.IntN(3)), 5)}
		if r.IntN(3) > 0 {
			a.MED, a.HasMED = uint32(r.IntN(3)), true
		}
		if r.IntN(4) == 0 {
			a.LocalPref, a.HasLocalPref = 99+uint32(r.IntN(3)), true
		}
		if r.IntN(5) == 0 {
			a.Path = a.Path.Prepend(7, 1)
		}
		a.ClusterList = make([]netip.Addr, r.IntN(3))
		if r.IntN(3) == 0 {
			a.OriginatorID = netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(4))})
		}
		p := Peer{ID: events.ActorID(strconv.Itoa(i)), Preference: r.IntN(6) / 5, Rank: r.IntN(2), IGPCost: r.IntN(2)}
		c := told(p, byte(r.IntN(4)), a)
		c.from.internal = r.IntN(2) == 0
		all = append(all, c)
	}
	return all
}

// twin gives the best of some routes: for each rule in its turn, a route goes where
// another one that is left is better.
func twin(d process, left []candidate) candidate {
	pref := func(c candidate) int {
		if !c.attrs.HasLocalPref {
			return 100
		}
		return int(c.attrs.LocalPref)
	}
	length := func(c candidate) (n int) {
		for _, s := range c.attrs.Path {
			n += len(s.AS)
		}
		return n
	}
	med := func(c candidate) int {
		if c.attrs.HasMED {
			return int(c.attrs.MED)
		}
		return map[bool]int{true: 1 << 40}[d.MissingMEDWorst]
	}
	kept := func(c candidate) bool { return d.KeepOldest && !c.from.internal && c.from == d.current }
	id := func(c candidate) netip.Addr {
		if c.attrs.OriginatorID.IsValid() {
			return c.attrs.OriginatorID
		}
		return c.from.conns[0].peerID
	}
	for _, better := range []func(a, b candidate) bool{
		func(a, b candidate) bool { return a.from.Preference > b.from.Preference },
		func(a, b candidate) bool { return pref(a) > pref(b) },
		func(a, b candidate) bool { return length(a) < length(b) },
		func(a, b candidate) bool { return a.attrs.Origin < b.attrs.Origin },
		func(a, b candidate) bool {
			return med(a) < med(b) && (d.AlwaysCompareMED || a.attrs.Path[0].AS[0] == b.attrs.Path[0].AS[0])
		},
		func(a, b candidate) bool { return !a.from.internal && b.from.internal },
		func(a, b candidate) bool { return a.from.IGPCost < b.from.IGPCost },
		func(a, b candidate) bool { return a.from.Rank < b.from.Rank },
		func(a, b candidate) bool { return kept(a) && !kept(b) },
		func(a, b candidate) bool { return id(a).Less(id(b)) },
		func(a, b candidate) bool { return len(a.attrs.ClusterList) < len(b.attrs.ClusterList) },
		func(a, b candidate) bool { return a.from.conns[0].peerID.Less(b.from.conns[0].peerID) },
		func(a, b candidate) bool { return a.from.ID < b.from.ID },
	} {
		var next []candidate
		for _, c := range left {
			if !slices.ContainsFunc(left, func(o candidate) bool { return better(o, c) }) {
				next = append(next, c)
			}
		}
		left = next
	}
	return left[0]
}
