package bgp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"dualhome/events"
)

// from builds a candidate from a neighbour whose BGP identifier ends in id.
func from(name events.ActorID, id byte, a events.Attrs) candidate {
	p := &peer{Peer: &Peer{ID: name}}
	p.conns = []conn{{state: events.Established, peerID: netip.AddrFrom4([4]byte{192, 0, 2, id})}}
	return candidate{from: p, attrs: &a}
}

// told is from with more that a speaker is told of the neighbour.
func told(p Peer, id byte, a events.Attrs) candidate {
	c := from(p.ID, id, a)
	c.from.Peer = &p
	return c
}

func internal(c candidate) candidate {
	c.from.internal = true
	return c
}

func path(as ...uint32) events.ASPath { return events.ASPath{{AS: as}} }

// TestSteps: each step of RFC 4271 section 9.1.2.2 decides between two routes
// that tie in all steps before it, even if all steps after it say otherwise.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		section, why string
		better       candidate
		worse        candidate
	}{
		{
			"9.1.1", "higher LOCAL_PREF",
			from("b", 2, events.Attrs{LocalPref: 200, HasLocalPref: true, Path: path(1, 2, 3), Origin: 2, MED: 9}),
			from("a", 1, events.Attrs{Path: path(1)}), // 100
		},
		{
			"9.1.1, below the default", "higher LOCAL_PREF",
			from("b", 2, events.Attrs{Path: path(1, 2, 3)}),
			from("a", 1, events.Attrs{LocalPref: 99, HasLocalPref: true, Path: path(1)}),
		},
		{
			"9.1.2.2 a", "shorter AS path",
			from("b", 2, events.Attrs{Path: path(1, 2), Origin: 2, MED: 9}),
			from("a", 1, events.Attrs{Path: path(1, 2, 3)}),
		},
		{
			"9.1.2.2 a, an AS_SET counts 1", "shorter AS path",
			from("b", 2, events.Attrs{Path: events.ASPath{{AS: []uint32{1}}, {Set: true, AS: []uint32{2, 3, 4}}}, Origin: 2}),
			from("a", 1, events.Attrs{Path: path(1, 2, 3)}),
		},
		{
			"9.1.2.2 b", "lower ORIGIN",
			from("b", 2, events.Attrs{Path: path(1), Origin: 0, MED: 9}),
			from("a", 1, events.Attrs{Path: path(1), Origin: 1}),
		},
		{
			"9.1.2.2 c", "lower MED",
			from("b", 2, events.Attrs{Path: path(1), MED: 4, HasMED: true}),
			from("a", 1, events.Attrs{Path: path(1), MED: 5, HasMED: true}),
		},
		{
			"9.1.2.2 c, a missing MED is 0", "lower MED",
			from("b", 2, events.Attrs{Path: path(1)}),
			from("a", 1, events.Attrs{Path: path(1), MED: 1, HasMED: true}),
		},
		{
			"9.1.2.2 c, not between neighbour ASes", "lower BGP identifier",
			from("b", 1, events.Attrs{Path: path(2), MED: 9, HasMED: true}),
			from("a", 2, events.Attrs{Path: path(1), MED: 1, HasMED: true}),
		},
		{
			"9.1.2.2 f", "lower BGP identifier",
			from("b", 1, events.Attrs{Path: path(1)}),
			from("a", 2, events.Attrs{Path: path(1)}),
		},
		{
			"9.1.2.2 g", "lower peer address",
			from("a", 1, events.Attrs{Path: path(1)}),
			from("b", 1, events.Attrs{Path: path(1)}),
		},
		{
			"a weight", "higher preference",
			told(Peer{ID: "b", Preference: 1, Rank: 1}, 2, events.Attrs{LocalPref: 50, HasLocalPref: true, Path: path(1, 2)}),
			told(Peer{ID: "a"}, 1, events.Attrs{LocalPref: 200, HasLocalPref: true, Path: path(1)}),
		},
		{
			"9.1.2.2 d", "external over internal",
			told(Peer{ID: "b", Rank: 1}, 2, events.Attrs{Path: path(1)}),
			internal(told(Peer{ID: "a"}, 1, events.Attrs{Path: path(1)})),
		},
		{
			"9.1.2.2 c before d", "lower MED",
			internal(from("b", 2, events.Attrs{Path: path(1), MED: 1, HasMED: true})),
			from("a", 1, events.Attrs{Path: path(1), MED: 2, HasMED: true}),
		},
		{
			"9.1.2.2 e", "lower IGP cost",
			internal(told(Peer{ID: "b", IGPCost: 10, Rank: 1}, 2, events.Attrs{Path: path(1)})),
			internal(told(Peer{ID: "a", IGPCost: 20}, 1, events.Attrs{Path: path(1)})),
		},
		{
			"9.1.2.2 d before e", "external over internal",
			told(Peer{ID: "b", IGPCost: 100}, 2, events.Attrs{Path: path(1)}),
			internal(told(Peer{ID: "a", IGPCost: 1}, 1, events.Attrs{Path: path(1)})),
		},
		{
			"RFC 4456, ORIGINATOR_ID for f", "lower BGP identifier",
			from("b", 2, events.Attrs{Path: path(1), OriginatorID: netip.AddrFrom4([4]byte{192, 0, 2, 0}), ClusterList: make([]netip.Addr, 2)}),
			from("a", 1, events.Attrs{Path: path(1)}),
		},
		{
			"RFC 4456, between f and g", "shorter CLUSTER_LIST",
			from("b", 1, events.Attrs{Path: path(1), ClusterList: make([]netip.Addr, 1)}),
			from("a", 1, events.Attrs{Path: path(1), ClusterList: make([]netip.Addr, 2)}),
		},
		{
			"a rank", "lower rank",
			told(Peer{ID: "b", Rank: 1}, 2, events.Attrs{Path: path(1)}),
			told(Peer{ID: "a", Rank: 2}, 1, events.Attrs{Path: path(1)}),
		},
	} {
		for _, order := range [][]candidate{{c.better, c.worse}, {c.worse, c.better}} {
			all := slices.Clone(order)
			_, why := new(process).choose(all)
			if all[0].from != c.better.from || why != c.why {
				t.Errorf("%s: %s is chosen (%s), not %s (%s)", c.section, all[0].from.ID, why, c.better.from.ID, c.why)
			}
		}
	}
}

// TestAsGood: routes used together need not tie in rank, identifier and address;
// with equal length, only in what comes before the length and in it, and then not
// even rank says which of them is the best.
func TestAsGood(t *testing.T) {
	four := func() []candidate {
		return []candidate{
			told(Peer{ID: "a", Rank: 3}, 1, events.Attrs{Path: path(1), Origin: 2, MED: 5}),
			internal(told(Peer{ID: "b", Rank: 2}, 2, events.Attrs{Path: path(1)})),
			told(Peer{ID: "c", Rank: 1}, 4, events.Attrs{Path: path(1)}),
			told(Peer{ID: "d", Rank: 0}, 3, events.Attrs{Path: path(1, 2)}),
			told(Peer{ID: "e", Rank: 2}, 3, events.Attrs{Path: path(1)}),
		}
	}
	all := four()
	if good, why := new(process).choose(all); good != 2 || all[0].from.ID != "c" || why != "lower rank" {
		t.Errorf("%s of %d (%s)", all[0].from.ID, good, why)
	}
	all = four()
	if good, why := (&process{equalLength: true}).choose(all); good != 4 || all[0].from.ID != "a" || why != "lower BGP identifier" {
		t.Errorf("equal length: %s of %d (%s)", all[0].from.ID, good, why)
	}
}

func TestOnlyPath(t *testing.T) {
	all := []candidate{from("a", 1, events.Attrs{Path: path(1)})}
	if good, why := new(process).choose(all); good != 1 || why != "only path" {
		t.Errorf("%d routes (%s)", good, why)
	}
}

// TestMEDDoesNotDependOnOrder: the classic three routes for which comparing in
// pairs gives another result in each order of arrival.
func TestMEDDoesNotDependOnOrder(t *testing.T) {
	three := []candidate{
		from("a", 1, events.Attrs{Path: path(1), MED: 10, HasMED: true}),
		from("b", 2, events.Attrs{Path: path(2), MED: 50, HasMED: true}),
		from("c", 3, events.Attrs{Path: path(1), MED: 0, HasMED: true}),
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		all := []candidate{three[order[0]], three[order[1]], three[order[2]]}
		if good, why := new(process).choose(all); all[0].from.ID != "b" || good != 2 || why != "lower BGP identifier" {
			t.Errorf("order %v: %s of %d (%s)", order, all[0].from.ID, good, why)
		}
	}
}

// TestOrderOfArrivalDoesNotMatter: nor for random routes; the same is best, the
// same are as good, for the same reason.
func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 9))
		var all []candidate
		for i := range 1 + r.IntN(7) {
			a := events.Attrs{Origin: uint8(r.IntN(2)), MED: uint32(r.IntN(3)), HasMED: true, Path: path(uint32(1+r.IntN(3)), 5)}
			if r.IntN(3) == 0 {
				a.LocalPref, a.HasLocalPref = 100+uint32(r.IntN(2)), true
			}
			c := told(Peer{ID: events.ActorID(fmt.Sprint("n", i)), Preference: r.IntN(4) / 3, Rank: r.IntN(2)}, byte(r.IntN(4)), a)
			c.from.internal = r.IntN(2) == 0
			all = append(all, c)
		}
		verdict := ""
		for range 20 {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			tried := slices.Clone(all)
			good, why := (&process{equalLength: seed%2 == 0}).choose(tried)
			names := []string{}
			for _, c := range tried[:good] {
				names = append(names, string(c.from.ID))
			}
			slices.Sort(names)
			got := fmt.Sprint(tried[0].from.ID, names, why)
			if verdict == "" {
				verdict = got
			}
			if got != verdict {
				t.Fatalf("seed %d: %s in one order, %s in another", seed, verdict, got)
			}
		}
	}
}

// TestBackoff: 1, 2, 4 … 120 s (RFC 4271 section 8.1.1, DampPeerOscillations).
func TestBackoff(t *testing.T) {
	for failures, want := range map[int]int64{0: 1, 1: 2, 2: 4, 6: 64, 7: 120, 8: 120, 1000: 120} {
		if got := backoff(1e9, failures); got.Nanoseconds() != want*1e9 {
			t.Errorf("after %d failures: %v, not %d s", failures, got, want)
		}
	}
}
