package metrics

import (
	"math"
	"testing"
	"time"

	"dualhome/events"
)

// A class whose own way does not change, and whose flows could break, fares
// otherwise when another one moves: its step follows from what moved that one.
func TestCongestionOfFlowsThatMayBreak(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	s.bound("nva1", events.Capacity{BitsPerSec: 1.7e9})
	d := s.fault(100*sec, "moves", "announce", "x")
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, all, hop2)
	}
	checkRoots(t, s.split(t), "to-dc", 100*sec, d)
}

// Flows that are open again take their share from a class that never broke: its
// step follows from what broke them.
func TestCongestionByFlowsThatAreOpenAgain(t *testing.T) {
	s := begin(design{active: hop1})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	s.bound("nva2", events.Capacity{BitsPerSec: 1.7e9})
	s.reconnects(10 * sec)
	d := s.fault(100*sec, "moves", "announce", "x")
	s.goesTo(d, hop2)
	r := s.split(t)
	checkRoots(t, r, "to-dc", 110*sec, d)
	for at, want := range map[time.Duration]int64{109 * sec: 800e6, 110 * sec: 650e6} {
		if got := deliveredAt(r, at)["to-dc forward"]; got != want {
			t.Errorf("at %v %d bit/s of to-dc are delivered, not %d", at, got, want)
		}
	}
}

// checkRoots checks that a class has a step at a time, and that all of it follow
// from one disturbance but for those of the start.
func checkRoots(t *testing.T, r *Result, class string, at time.Duration, root uint64) {
	t.Helper()
	found := false
	for _, row := range r.Traffic {
		if row.Class != class || row.T == 0 {
			continue
		}
		if found = found || row.T == int64(at); row.Root != int64(root) {
			t.Errorf("the step does not follow from %d: %+v", root, row)
		}
	}
	if !found {
		t.Errorf("%s has no step at %v", class, at)
	}
}

// Flows that a node has no place for were never open: they cannot break when the
// others move, and are opened where there is a place.
func TestRefusedFlowsDoNotBreak(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.bound("nva1", events.Capacity{Flows: 1500})
	s.goesTo(s.fault(100*sec, "moves", "announce", "x"), hop2)
	s.at = 200 * sec
	s.goesTo(s.fault(200*sec, "again", "announce", "x"), hop1)
	r := s.split(t)
	broken := map[string]int64{}
	for _, row := range r.Shift {
		for _, d := range r.Disturbances {
			if row.Root == int64(d.Seq) {
				broken[row.Class+" "+d.Name] = row.FlowsBroken
			}
		}
	}
	for class, want := range map[string]int64{"to-dc moves": 750, "to-net moves": 750, "to-dc again": 1000, "to-net again": 1000} {
		if broken[class] != want {
			t.Errorf("%s: %d flows break, not %d", class, broken[class], want)
		}
	}
	if lost := lostAt(r, "to-net", "forward", 150*sec); len(lost) != 0 {
		t.Errorf("nva2 has a place for all, and %v is lost", lost)
	}
}

// A flow that was refused is open from the instant on at which another class makes
// room for it, though nothing changes on its own way.
func TestFreePlacesAreTaken(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.bound("nva1", events.Capacity{Flows: 1500})
	d := s.fault(100*sec, "leaves", "announce", "x")
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, all, hop2)
	}
	s.at = 200 * sec
	s.goesTo(s.fault(200*sec, "moves", "announce", "x"), hop2)
	r := s.split(t)
	for _, row := range r.Shift {
		if row.Class == "to-dc" && row.Root == int64(r.Disturbances[1].Seq) && row.FlowsBroken != 1000 {
			t.Errorf("%d flows of to-dc break when it moves: %+v", row.FlowsBroken, row)
		}
	}
	if lost := lostAt(r, "to-dc", "forward", 150*sec); len(lost) != 0 {
		t.Errorf("there is room, and %v is lost", lost)
	}
}

// The time of full outage that loses as much is the volume that is lost over the rate
// of the class, and never longer than the outage; that of the causes adds up to it.
// So it is where parts of flows are lost, and where broken ones wait.
func TestEquivalentIsVolumeOverRate(t *testing.T) {
	parts := 0
	for seed := range uint64(60) {
		s := random(seed)
		s.livelier(seed)
		s.narrow(seed)
		r := s.measure(t)
		for _, i := range r.Impacts {
			rate, byCause := map[string]int64{"to-dc": 1e9 + 7, "to-net": 5e8}[i.Class], int64(0)
			for _, o := range r.Outages {
				if o.Root == i.Root && o.Class == i.Class && o.Direction == i.Direction {
					byCause += o.Equivalent
				}
			}
			// Rates are whole bits per second, and volumes whole bytes: each row may be off by one.
			full := float64(i.LostBytes) * 8e9 / float64(rate)
			if off := math.Abs(full - float64(i.Equivalent)); off > 16*float64(i.Outage)/float64(rate)+16 || i.Equivalent > i.Outage || i.Equivalent-byCause > 8 || byCause > i.Equivalent {
				t.Errorf("seed %d: %v, not %v; by cause %v: %+v", seed, time.Duration(i.Equivalent), time.Duration(full), time.Duration(byCause), i)
			}
			if i.Equivalent > 0 && i.Equivalent < i.Outage {
				parts++
			}
		}
	}
	if parts < 100 {
		t.Errorf("only %d outages were partial", parts)
	}
}
