package scenarios_test

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestSilentDeathOverManySeeds: in two hundred runs of the base design, each
// session notices within (120 s, 180 s + the way], 150 s on average; each NIC
// group changes one measured programming delay after its instance noticed; the
// data centre's way back at the instant it notices; and after the repair all is
// as it was.
func TestSilentDeathOverManySeeds(t *testing.T) {
	const seeds = 200
	ways := map[events.ActorID]float64{"rs0-0": 0.001, "rs0-1": 0.001, "dc": 0.010}
	serving := map[events.ActorID]events.ActorID{"spoke-vms-0": "rs0-0", "spoke-vms-1": "rs0-1"}
	sums := map[events.ActorID]float64{}
	for seed := range uint64(seeds) {
		p := play(t, "active-passive", seed+1)
		lines, t0 := simtest.Lineage(p.Written), p.Fault("nva1-dies")
		noticed := map[events.ActorID]events.Time{}
		for _, l := range p.Written[t0.Seq:] {
			if l.Role != events.Change || lines.Root(l.Seq) != t0.Seq {
				continue
			}
			switch e := l.Event.(type) {
			case events.SessionChanged:
				if e.Was == events.Established {
					noticed[l.Actor] = l.At
					s := l.At.Sub(t0.At).Seconds()
					sums[l.Actor] += s
					if s <= 120 || s > 180+ways[l.Actor] {
						t.Errorf("seed %d: %s notices after %.3f s", seed+1, l.Actor, s)
					}
				}
			case *events.FIBChanged:
				if l.At != noticed[l.Actor] {
					t.Errorf("seed %d: the FIB of %s changes at %v, and it noticed at %v", seed+1, l.Actor, l.At, noticed[l.Actor])
				}
			case events.NICChanged:
				if delay := l.At.Sub(noticed[serving[l.Actor]]); !measured(delay) {
					t.Errorf("seed %d: %s changes %v after %s noticed", seed+1, l.Actor, delay, serving[l.Actor])
				}
			}
		}
		if len(noticed) != 3 {
			t.Errorf("seed %d: %d speakers notice", seed+1, len(noticed))
		}
		if got := p.hops(dc) + p.hops(elsewhere); got != "[[10.1.0.4]][[10.1.0.4]]" {
			t.Errorf("seed %d: at the end the NICs go to %s", seed+1, got)
		}
	}
	for id := range ways {
		t.Logf("%s notices after %.2f s on average", id, sums[id]/seeds)
		if mean := sums[id] / seeds; math.Abs(mean-150) > 4 {
			t.Errorf("%s notices after %.2f s on average", id, mean)
		}
	}
}

// measured tells whether a delay is one of the samples of the programming delay.
func measured(d time.Duration) bool {
	for i := range uint64(500) {
		if sim.Draw(i, sim.Measured(), sim.KeyOf("any")) == d {
			return true
		}
	}
	return false
}

// TestSteadyState: before anything fails, NICs go to nva1 (active-passive) or to
// both (active-active); and each NVA has learned the VNet's prefix from both
// instances, with their AS alone in the path and their address as next hop.
func TestSteadyState(t *testing.T) {
	for name, want := range map[string]string{"active-passive": "[[10.1.0.4]]", "active-active": "[[10.1.0.4 10.2.0.4]]"} {
		p := play(t, name, 1, "faults=[]", "horizon=200s", "expect={}")
		for _, prefix := range []string{dc, elsewhere} {
			if got := p.hops(prefix); got != want {
				t.Errorf("%s: the NICs go to %s for %s", name, got, prefix)
			}
		}
		for _, r := range p.Routers {
			if r.ID() == "dc" {
				continue
			}
			for id, address := range map[events.ActorID]string{"rs0-0": "10.0.0.4", "rs0-1": "10.0.0.5"} {
				learned := r.Learned(id)
				a := learned[netip.MustParsePrefix("10.0.0.0/16")]
				if len(learned) != 1 || a == nil || a.Path.String() != "65515" || a.NextHop.String() != address {
					t.Errorf("%s: %s learned %v from %s", name, r.ID(), learned, id)
				}
			}
		}
	}
}

// TestSpacing: no route of a NIC changes twice within 30 s, whatever happens.
func TestSpacing(t *testing.T) {
	for seed := range uint64(20) {
		p := play(t, "active-passive", seed, `faults=[{name: f, kind: process-kill, target: nva1, at: 300s, repair_after: "uniform(1s, 20s)"}, {name: g, kind: session-shutdown, target: nva1, peer: rs0-1, at: "uniform(310s, 340s)", repair_after: 7s}]`, "expect={}")
		type entry struct {
			group  events.ActorID
			prefix netip.Prefix
		}
		changed := map[entry]events.Time{}
		for _, l := range p.Written {
			e, ok := l.Event.(events.NICChanged)
			if !ok {
				continue
			}
			for _, r := range e.Routes {
				key := entry{l.Actor, r.Prefix}
				if was, ok := changed[key]; ok && l.At.Sub(was) < 30*time.Second {
					t.Errorf("seed %d: %s changes %v %v after the last time", seed, l.Actor, r.Prefix, l.At.Sub(was))
				}
				changed[key] = l.At
			}
		}
	}
}
