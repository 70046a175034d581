package metrics

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// one gives a stream of one flow that offers a rate and passes links.
func one(rate int64, through ...int32) stream {
	return stream{flows: 1, rate: rate, of: 1, bytes: 1500, through: through}
}

// links gives resources that bound bits per second.
func links(bounds ...int64) []resource {
	all := make([]resource, len(bounds))
	for i, b := range bounds {
		all[i].bound = b
	}
	return all
}

const greedy = 1 << 39 // offers more than any link takes

// Published and closed-form allocations.
func TestMaxMinExamples(t *testing.T) {
	for name, tc := range map[string]struct {
		links   []resource
		streams []stream
		want    []int64
	}{
		// Bertsekas and Gallager, Data Networks, 1992, section 6.5.2: five sessions,
		// links of capacity 1 (here 3); sessions 2, 3 and 5 share link (2,3), 1 and 2
		// share link (3,5), and 4 has link (4,5) alone: 2/3, 1/3, 1/3, 1, 1/3.
		"bertsekas gallager": {
			links(3, 3, 3),
			[]stream{one(greedy, 1), one(greedy, 0, 1), one(greedy, 0), one(greedy, 2), one(greedy, 0)},
			[]int64{2, 1, 1, 3, 1},
		},
		// Keshav, An Engineering Approach to Computer Networking, 1997, chapter 9:
		// demands 2, 2.6, 4 and 5 share a link of 10: 2, 2.6, 2.7, 2.7.
		"keshav": {
			links(100),
			[]stream{one(20, 0), one(26, 0), one(40, 0), one(50, 0)},
			[]int64{20, 26, 27, 27},
		},
		// A parking lot: a flow that passes all links has half of each, as have
		// those that pass one.
		"parking lot": {
			links(10, 10, 10),
			[]stream{one(greedy, 0, 1, 2), one(greedy, 0), one(greedy, 1), one(greedy, 2)},
			[]int64{5, 5, 5, 5},
		},
		// Where its first link is narrow, others have what the long flow leaves.
		"narrow first link": {
			links(2, 10),
			[]stream{one(greedy, 0, 1), one(greedy, 0), one(greedy, 1)},
			[]int64{1, 1, 9},
		},
		// Each flow counts as one: three get three times of what one gets.
		"flows are equal": {
			links(1000),
			[]stream{{flows: 3, rate: greedy, of: 3, bytes: 1500, through: []int32{0}}, one(greedy, 0)},
			[]int64{750, 250},
		},
		// 1,000 packets of 500 bytes and of 1,500 a second: equal bits, so three
		// times as many small packets as large ones.
		"packets": {
			[]resource{{bound: 1000, packets: true}},
			[]stream{{flows: 1, rate: greedy, of: 1, bytes: 500, through: []int32{0}}, one(greedy, 0)},
			[]int64{750 * 8 * 500, 250 * 8 * 1500},
		},
		// What two thirds and one third of a rate that three does not divide offer
		// together fills the link to the last bit.
		"exactly full": {
			links(1000),
			[]stream{{flows: 2, rate: 1000, of: 3, bytes: 1500, through: []int32{0}}, {flows: 1, rate: 1000, of: 3, bytes: 1500, through: []int32{0}}},
			[]int64{666, 333},
		},
	} {
		grants := maxMin(tc.links, tc.streams)
		for i := range tc.streams {
			if got := total(&tc.streams[i], grants[i]); got != tc.want[i] {
				t.Errorf("%s: stream %d has %d, not %d", name, i, got, tc.want[i])
			}
		}
	}
	if g := maxMin(links(1000), []stream{{flows: 2, rate: 1000, of: 3, through: []int32{0}}, {flows: 1, rate: 1000, of: 3, through: []int32{0}}}); g[0].full != -1 || g[1].full != -1 {
		t.Errorf("what fits exactly is held back: %v", g)
	}
}

// total gives the whole bits per second that a stream has.
func total(s *stream, g grant) int64 {
	if g.full < 0 {
		return int64(s.offered() >> 20)
	}
	return g.got
}

// randomStreams makes random resources and streams.
func randomStreams(seed uint64) ([]resource, []stream) {
	rng := rand.New(rand.NewPCG(seed, 7))
	all := make([]resource, 1+rng.IntN(6))
	for i := range all {
		all[i] = resource{bound: 1 + rng.Int64N(1_000_000), packets: rng.IntN(3) == 0}
	}
	streams := make([]stream, 1+rng.IntN(30))
	for i := range streams {
		s := stream{of: 1 + rng.Int64N(50), rate: rng.Int64N(2_000_000), bytes: []int64{64, 576, 1500}[rng.IntN(3)]}
		s.flows = 1 + rng.Int64N(s.of)
		for r := range all {
			if rng.IntN(3) == 0 {
				s.through = append(s.through, int32(r))
			}
		}
		streams[i] = s
	}
	return all, streams
}

// each gives what one flow of a stream has, exactly but for the rounding of what
// is held back.
func each(s *stream, g grant) *big.Rat {
	if g.full < 0 {
		return big.NewRat(s.rate, s.of)
	}
	return big.NewRat(g.got, s.flows)
}

// used gives what all streams take of a resource.
func used(r resource, at int32, streams []stream, grants []grant) *big.Rat {
	sum := new(big.Rat)
	for i := range streams {
		if s := &streams[i]; slices.Contains(s.through, at) {
			all := new(big.Rat).Mul(each(s, grants[i]), big.NewRat(s.flows, r.unit(s)))
			sum.Add(sum, all)
		}
	}
	return sum
}

// The definition of max-min fair: nobody takes more than there is or than it
// offers, and whoever is held back passes a full resource in which no flow has
// more than it has. What is rounded down is less than a bit per second a stream.
func TestMaxMinLaws(t *testing.T) {
	held := 0
	for seed := range uint64(2000) {
		resources, streams := randomStreams(seed)
		grants := maxMin(resources, streams)
		slack := big.NewRat(int64(len(streams)), 1)
		for at, r := range resources {
			if used(r, int32(at), streams, grants).Cmp(new(big.Rat).SetInt64(r.bound)) > 0 {
				t.Fatalf("seed %d: resource %d takes more than there is", seed, at)
			}
		}
		for i, g := range grants {
			s := &streams[i]
			if g.full < 0 {
				continue
			}
			held++
			if mine := each(s, g); mine.Cmp(big.NewRat(s.rate, s.of)) > 0 {
				t.Fatalf("seed %d: stream %d has more than it offers", seed, i)
			}
			left := new(big.Rat).SetInt64(resources[g.full].bound)
			if left.Sub(left, used(resources[g.full], g.full, streams, grants)).Cmp(slack) > 0 {
				t.Fatalf("seed %d: stream %d is held back by resource %d, which is not full: %v is left", seed, i, g.full, left)
			}
			for j := range streams {
				more := new(big.Rat).Sub(each(&streams[j], grants[j]), each(s, g))
				if slices.Contains(streams[j].through, g.full) && more.Cmp(slack) > 0 {
					t.Fatalf("seed %d: stream %d has more than %d, which resource %d holds back", seed, j, i, g.full)
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d streams were held back: the laws say little", held)
	}
}

// Neither the order of the streams nor how they are numbered matters, and what
// some offer beyond what they get changes nothing.
func TestMaxMinIsOneAllocation(t *testing.T) {
	for seed := range uint64(500) {
		resources, streams := randomStreams(seed)
		grants := maxMin(resources, streams)
		order := rand.New(rand.NewPCG(seed, 8)).Perm(len(streams))
		shuffled := make([]stream, len(streams))
		for i, at := range order {
			shuffled[i] = streams[at]
		}
		for i, g := range maxMin(resources, shuffled) {
			if g != grants[order[i]] {
				t.Fatalf("seed %d: stream %d has %v, and %v in another order", seed, order[i], grants[order[i]], g)
			}
		}
		for i := range streams {
			if grants[i].full >= 0 {
				streams[i].rate *= 3
			}
		}
		for i, g := range maxMin(resources, streams) {
			if g != grants[i] {
				t.Fatalf("seed %d: stream %d has %v, and %v when those held back offer more", seed, i, grants[i], g)
			}
		}
	}
}

// Where all bounds and demands are a thousand times as large, so is what each
// gets, to within the rounding.
func TestMaxMinScales(t *testing.T) {
	for seed := range uint64(500) {
		resources, streams := randomStreams(seed)
		small := make([]int64, len(streams))
		for i, g := range maxMin(resources, streams) {
			small[i] = total(&streams[i], g)
		}
		for i := range resources {
			resources[i].bound *= 1000
		}
		for i := range streams {
			streams[i].rate *= 1000
		}
		for i, g := range maxMin(resources, streams) {
			if gap := total(&streams[i], g) - 1000*small[i]; gap < -1000*int64(len(streams)) || gap > 1000*int64(len(streams)) {
				t.Fatalf("seed %d: stream %d has %v, and a thousandth of it %d", seed, i, g, small[i])
			}
		}
	}
}
