package bgp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"dualhome/events"
)

// TestQuickAgainstSteps: whatever peers send and take back, the ranks give the
// route and the step that the decision process gives, and a route leaves the best
// as it is only where the decision process says so too.
func TestQuickAgainstSteps(t *testing.T) {
	prefix := netip.MustParsePrefix("192.0.2.0/24")
	unmoved, decided := 0, map[string]int{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 12))
		s := NewSpeaker(Config{ID: "self", AS: 64500, Peers: randomPeers(r), Decision: Decision{AlwaysCompareMED: r.IntN(2) == 0}})
		for _, p := range s.order {
			p.conns = []conn{{state: events.Established, peerID: netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(4))})}}
		}
		row := s.rib.row(prefix)
		for range 40 {
			p := s.order[r.IntN(len(s.order))]
			s.rib.set(row, p, randomRoute(r))
			if row.odd > 0 {
				t.Fatalf("seed %d: a route without MED is not plain", seed)
			}
			stays := s.unmoved(row, p)
			best, why := s.quickest(row)
			all := slices.Clone(s.candidates(row))
			if len(all) == 0 {
				if best != nil {
					t.Fatalf("seed %d: %s is best of none", seed, best.ID)
				}
				s.applyBest(&events.BestChanged{Prefix: prefix}, &events.Line{Seq: 1})
				continue
			}
			_, want := s.process(row).choose(all)
			if best != all[0].from || why != want {
				t.Fatalf("seed %d: %s (%s), want %s (%s)", seed, best.ID, why, all[0].from.ID, want)
			}
			if stays && (len(row.loc.from) == 0 || row.loc.from[0] != best.ID) {
				t.Fatalf("seed %d: %s is best, but nothing is said to have changed", seed, best.ID)
			}
			if decided[why]++; stays {
				unmoved++
			}
			s.applyBest(&events.BestChanged{Prefix: prefix, Is: []events.ActorID{best.ID}}, &events.Line{Seq: 1})
		}
	}
	for at := range steps {
		if want := at != byMED && at != byAge && at != byClusterList; want != (decided[at.String()] > 0) {
			t.Errorf("%q decided %d times", at, decided[at.String()])
		}
	}
	if unmoved < 1000 {
		t.Errorf("a route left the best as it was %d times only", unmoved)
	}
}

// randomPeers gives up to seven peers that tie in most respects.
func randomPeers(r *rand.Rand) (all []Peer) {
	for i := range 1 + r.IntN(7) {
		all = append(all, Peer{
			ID: events.ActorID(fmt.Sprint("n", i)), AS: uint32(64500 + r.IntN(2)), Preference: r.IntN(6) / 5, Rank: r.IntN(4) / 3, IGPCost: r.IntN(4) / 3,
		})
	}
	return all
}

// randomRoute gives a route without MED, or none; one in ten holds the own AS.
func randomRoute(r *rand.Rand) *events.Attrs {
	if r.IntN(4) == 0 {
		return nil
	}
	a := &events.Attrs{Origin: uint8(r.IntN(4) / 3), Path: path(uint32(1+r.IntN(2)), 5), NextHop: netip.MustParseAddr("192.0.2.1")}
	if r.IntN(5) == 0 {
		a.Path = a.Path.Prepend(7, 1)
	}
	if r.IntN(10) == 0 {
		a.Path = a.Path.Prepend(64500, 1)
	}
	if r.IntN(4) == 0 {
		a.LocalPref, a.HasLocalPref = 99+uint32(r.IntN(3)), true
	}
	return a
}
