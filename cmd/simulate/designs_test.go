package main

import (
	"math"
	"strings"
	"testing"

	"dualhome/metrics"
)

// playNamed runs a scenario of the library and measures it.
func playNamed(t *testing.T, name string, seed uint64) *metrics.Result {
	t.Helper()
	return playWith(t, name, seed).measured
}

// shareAt gives what part of a class and direction is lost at the step of a
// disturbance, and what part is offered through a hub.
func shareAt(m *metrics.Result, root int64, class, direction, hub string) (lost, via float64) {
	at := int64(-1)
	for _, c := range m.Convergence {
		if c.Root == root {
			at = c.T
		}
	}
	var offered, lostBPS, viaBPS int64
	for _, r := range m.Traffic {
		if r.T != at || r.Class != class || r.Direction != direction {
			continue
		}
		offered += r.Offered
		lostBPS += r.Lost
		if r.Via != nil && *r.Via == hub {
			viaBPS += r.Offered
		}
	}
	return float64(lostBPS) / float64(offered), float64(viaBPS) / float64(offered)
}

// near fails if a share of n flows is further than three standard deviations,
// and slack, from what is expected.
func near(t *testing.T, what string, got, want float64, n int, slack float64) {
	t.Helper()
	sigma := math.Sqrt(want * (1 - want) / float64(n))
	if math.Abs(got-want) > 3*sigma+slack {
		t.Errorf("%s: %.3f, expected %.3f ± %.3f", what, got, want, 3*sigma+slack)
	}
}

// TestActiveActiveLosesItsShare: while one of two equal hubs is silently dead,
// half of the flows are lost in each direction and the others never notice. In
// terms of service that is three quarters of the flows to the data centre, whose
// directions are hashed independently, and one half of those to the Internet,
// whose return packets follow the firewall's address.
func TestActiveActiveLosesItsShare(t *testing.T) {
	for seed := uint64(1); seed <= 8; seed++ {
		m := playNamed(t, "active-active", seed)
		root := m.Convergence[0].Root
		for _, class := range []string{"spoke-dc", "spoke-internet"} {
			for _, direction := range []string{"forward", "return"} {
				lost, via := shareAt(m, root, class, direction, "hub1")
				near(t, class+" "+direction+" lost", lost, 0.5, 1000, 0)
				if lost != via {
					t.Errorf("%s %s: %.3f is lost, but %.3f goes through the dead hub", class, direction, lost, via)
				}
			}
		}
		for class, want := range map[string]float64{"spoke-dc": 0.75, "spoke-internet": 0.5} {
			for _, i := range m.Impacts {
				if i.Root == root && i.Class == class && i.Direction == "two-way" {
					// Flows come back within the few seconds of NIC programming, of some 150 s.
					near(t, class+" two-way", float64(i.Equivalent)/float64(i.Outage), want, 1000, 0.03)
				}
			}
		}
	}
}

// TestActivePassiveMovesAll: all traffic moves to the second hub in both
// directions, and back after the repair, and no walked path visits a Route
// Server.
func TestActivePassiveMovesAll(t *testing.T) {
	for seed := uint64(1); seed <= 8; seed++ {
		m := playNamed(t, "active-passive", seed)
		if !m.Converged {
			t.Errorf("seed %d: not converged", seed)
		}
		if len(m.Shift) != 16 {
			t.Fatalf("%d rows of shift, expected 2 disturbances x 2 classes x 2 directions x 2 hubs", len(m.Shift))
		}
		for _, s := range m.Shift {
			fault := s.Root == m.Convergence[0].Root
			want := map[string][2]float64{"hub1": {1, 0}, "hub2": {0, 1}}[s.Via]
			if !fault {
				want[0], want[1] = want[1], want[0]
			}
			if s.ShareBefore != want[0] || s.ShareAfter != want[1] {
				t.Errorf("seed %d: %s %s via %s: %v -> %v, expected %v", seed, s.Class, s.Direction, s.Via, s.ShareBefore, s.ShareAfter, want)
			}
		}
		for _, r := range m.Traffic {
			if r.Path != nil && strings.Contains(*r.Path, "rs0") {
				t.Errorf("seed %d: a packet went %s", seed, *r.Path)
			}
		}
	}
}

// TestSingleHubGoesAround: without a second hub the data centre is lost until
// the repair, and the Internet is reached past every firewall.
func TestSingleHubGoesAround(t *testing.T) {
	m := playNamed(t, "single-hub", 1)
	uninspected := false
	for _, r := range m.Traffic {
		uninspected = uninspected || r.Class == "spoke-internet" && !r.Inspected && r.Delivered > 0 && r.T > m.Convergence[0].T
	}
	if !uninspected {
		t.Error("no packet reached the Internet uninspected")
	}
	for _, i := range m.Impacts {
		if i.Class == "spoke-dc" && i.Root == m.Convergence[0].Root && i.Restored {
			t.Errorf("%s %s is restored without a second hub", i.Class, i.Direction)
		}
	}
}
