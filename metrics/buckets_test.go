package metrics

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"dualhome/events"
)

// someHops gives the next hops of a set, a bit each.
func someHops(set uint16) []netip.Addr {
	var hops []netip.Addr
	for i := range 16 {
		if set>>i&1 == 1 {
			hops = append(hops, netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}))
		}
	}
	return hops
}

// owners gives the next hop of each bucket.
func (h nextHops) owners() []netip.Addr {
	all := make([]netip.Addr, buckets)
	for i := range all {
		all[i] = h.hops[h.table.hop(i, len(h.hops))]
	}
	return all
}

func (h nextHops) loads() map[netip.Addr]int {
	load := map[netip.Addr]int{}
	for _, hop := range h.owners() {
		load[hop]++
	}
	return load
}

// checkFollows checks the laws of one change of a set of next hops.
func checkFollows(t *testing.T, was, is nextHops) {
	t.Helper()
	before, after, moved, orphans := was.owners(), is.owners(), 0, 0
	for i, hop := range before {
		lives := slices.Contains(is.hops, hop)
		if !lives {
			orphans++
		}
		if hop == after[i] {
			continue
		}
		moved++
		if lives && is.scheme == events.StickyHash {
			t.Fatalf("bucket %d leaves %v, which is still there: %v -> %v", i, hop, was.hops, is.hops)
		}
	}
	if is.scheme == events.StickyHash {
		checkDealt(t, was, is, orphans)
		return
	}
	if least := leastMoved(was, is); moved != least {
		t.Fatalf("%v -> %v: %d buckets move, not %d", was.hops, is.hops, moved, least)
	}
	if n, m := len(was.hops), len(is.hops); max(n, m)-min(n, m) == 1 && shared(was, is) == min(n, m) && moved > (buckets+max(n, m)-1)/max(n, m) {
		t.Fatalf("%v -> %v: %d buckets move", was.hops, is.hops, moved)
	}
	loads := is.loads()
	for _, hop := range is.hops {
		if load := loads[hop]; load != buckets/len(is.hops) && load != (buckets+len(is.hops)-1)/len(is.hops) {
			t.Fatalf("%v: %v has %d buckets", is.hops, hop, load)
		}
	}
}

// checkDealt checks that what lost its next hop is shared equally.
func checkDealt(t *testing.T, was, is nextHops, orphans int) {
	t.Helper()
	before, after := was.loads(), is.loads()
	for _, hop := range is.hops {
		if got := after[hop] - before[hop]; got != orphans/len(is.hops) && got != (orphans+len(is.hops)-1)/len(is.hops) {
			t.Fatalf("%v -> %v: %v gets %d of %d buckets", was.hops, is.hops, hop, got, orphans)
		}
	}
}

func shared(was, is nextHops) int {
	n := 0
	for _, hop := range is.hops {
		if slices.Contains(was.hops, hop) {
			n++
		}
	}
	return n
}

// leastMoved gives the least number of buckets that have to move until the new next
// hops share them equally. As many as stay are those within the lesser share, and
// one more of each next hop that has it, as long as the greater shares last.
func leastMoved(was, is nextHops) int {
	lesser, greater, stay := buckets/len(is.hops), buckets%len(is.hops), 0
	load := was.loads()
	for _, hop := range is.hops {
		stay += min(load[hop], lesser)
		if load[hop] > lesser && greater > 0 {
			stay++
			greater--
		}
	}
	return buckets - stay
}

// walkSets follows one set of next hops after another.
func walkSets(t *testing.T, s events.HashScheme, sets []uint16) nextHops {
	t.Helper()
	all, at := newTables(), nextHops{}
	for _, set := range sets {
		if set == 0 {
			at = nextHops{} // the entry is removed
			continue
		}
		is := all.follow(s, at, someHops(set))
		switch {
		case len(at.hops) > 0:
			checkFollows(t, at, is)
		case is.table != nil:
			t.Fatalf("a new entry has a history")
		}
		if is.table != nil && all.known[*is.table] != is.table {
			t.Fatal("there are two of one table")
		}
		at = is
	}
	return at
}

// Whatever the history: buckets that may stay do, and the others are shared equally.
func TestLawsOfBuckets(t *testing.T) {
	for _, s := range []events.HashScheme{events.ResilientHash, events.StickyHash} {
		for seed := range uint64(100) {
			r := rand.New(rand.NewPCG(seed, 1))
			var sets []uint16
			for range 40 {
				few := r.Uint32()
				sets = append(sets, uint16(few&(few>>16)))
			}
			is, again := walkSets(t, s, sets), walkSets(t, s, sets)
			if len(is.hops) > 0 && !slices.Equal(is.owners(), again.owners()) {
				t.Fatal("one history, two tables")
			}
		}
	}
}

func FuzzBuckets(f *testing.F) {
	f.Add(byte(0), []byte{15, 0, 7, 0, 15, 0})
	f.Add(byte(1), []byte{3, 0, 1, 0, 3, 0, 0, 0, 3, 255})
	f.Fuzz(func(t *testing.T, scheme byte, b []byte) {
		var sets []uint16
		for i := 0; i+1 < len(b) && i < 100; i += 2 {
			sets = append(sets, uint16(b[i])|uint16(b[i+1])<<8)
		}
		walkSets(t, []events.HashScheme{events.ResilientHash, events.StickyHash}[scheme%2], sets)
	})
}

// Flows return to their next hop when it does: one of up to eight, among which the
// buckets are shared without a rest. At a load balancer none does.
func TestFlowsReturnToTheirNextHop(t *testing.T) {
	for n := 2; n <= 8; n++ {
		whole := uint16(1)<<n - 1
		for gone := range n {
			sets := []uint16{whole, whole &^ (1 << gone), whole}
			if is := walkSets(t, events.ResilientHash, sets); is.table != nil {
				t.Errorf("of %d next hops number %d comes back, and not all flows with it", n, gone)
			}
			is := walkSets(t, events.StickyHash, sets)
			if got := is.loads()[is.hops[gone]]; got > 0 {
				t.Errorf("of %d back ends number %d comes back, and %d buckets with it", n, gone, got)
			}
		}
	}
}

// Equal regions (RFC 2992): the part of the flows that moves when the K-th of N next
// hops comes or goes is 1/4 + 1/(4N) + (K - (N+1)/2)^2 / (N (N-1)), from a little more
// than a quarter in the middle to one half at both ends.
func TestRegionsThatMove(t *testing.T) {
	const flows = 100000
	moved := func(n, place int) float64 {
		count := 0
		for i := range flows {
			h := newHash(1, 2, forward).of(i)
			was, is := way(events.ThresholdHash, h, n, nil), way(events.ThresholdHash, h, n+1, nil)
			if was >= place {
				was++ // behind the new one
			}
			if was != is {
				count++
			}
		}
		return float64(count) / flows
	}
	for n := 1; n <= 7; n++ {
		for place := range n + 1 {
			all, k := float64(n+1), float64(place+1)
			off := k - (all+1)/2
			want := 0.25 + 1/(4*all) + off*off/(all*(all-1))
			if got := moved(n, place); got < want-0.005 || got > want+0.005 {
				t.Errorf("%d -> %d, the new one at %d: %.4f of the flows move, not %.4f", n, n+1, place, got, want)
			}
		}
	}
}
