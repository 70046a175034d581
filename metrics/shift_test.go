package metrics

import (
	"math"
	"testing"
	"time"

	"dualhome/events"
)

// Two equal ways, one dies: half the flows are lost each way, three quarters of
// the two-way flows, since each direction is hashed on its own. Through SNAT the
// return comes back the way it went: one half.
func TestTwoWayLossOfECMP(t *testing.T) {
	const flows = 10000
	s := begin(design{active: hop1 + " " + hop2, flows: flows})
	s.node(s.fault(100*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
	s.at = 200 * sec
	s.node(s.fault(200*sec, "dies-repair", "node-death", "nva1"), "nva1", events.Alive)
	for _, i := range s.measure(t).Impacts {
		if i.Disturbance != "dies" {
			continue
		}
		p := 0.5
		if i.Class == "to-dc" && i.Direction == "two-way" {
			p = 0.75
		}
		sigma := math.Sqrt(p * (1 - p) / flows)
		if share := float64(i.Equivalent) / float64(100*sec); math.Abs(share-p) > 3*sigma {
			t.Errorf("%s %s: %.4f of the flows, not %.2f ± %.4f", i.Class, i.Direction, share, p, 3*sigma)
		}
	}
}

// Modulo-N: N/(N+1) of the flows move when a way is added, and back when it goes.
func TestFlowsThatMove(t *testing.T) {
	const flows = 10000
	for n, want := range map[int]float64{1: 0.5, 2: 2.0 / 3, 3: 0.75} {
		moved := 0
		for i := range flows {
			if h := newHash(1, 2, forward).of(i); way(events.ModuloHash, h, n, nil) != way(events.ModuloHash, h, n+1, nil) {
				moved++
			}
		}
		if sigma := math.Sqrt(want * (1 - want) / flows); math.Abs(float64(moved)/flows-want) > 3*sigma {
			t.Errorf("%d -> %d: %d of %d moved", n, n+1, moved, flows)
		}
	}
}

// The VMs move to the other hub in two steps, and a step back in between.
func TestShift(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(100*sec, "moves", "session-shutdown", "nva1")
	for i, group := range []events.ActorID{"vms-0", "vms-0", "vms-0", "vms-1"} {
		s.at = time.Duration(100+i+1) * sec
		s.nic(d, group, dcNet, []string{hop2, hop1, hop2, hop2}[i])
		s.nic(d, group, all, []string{hop2, hop1, hop2, hop2}[i])
	}
	r := s.measure(t)
	for _, row := range r.Shift {
		if row.Direction == "return" && row.Class == "to-dc" {
			wantNull(t, "t50", row.T50, nil)
			if row.ShareBefore != 1 || row.ShareAfter != 1 || row.FlowsMoved != 0 {
				t.Errorf("%+v", row)
			}
			continue
		}
		before, broken := map[string]float64{"hub1": 1, "hub2": 0}[row.Via], map[string]int64{"to-dc": 0, "to-net": 1000}[row.Class]
		if row.ShareBefore != before || row.ShareAfter != 1-before || row.FlowsMoved != 1000 || row.FlowsBroken != broken {
			t.Errorf("%+v", row)
		}
		wantNull(t, "t50", row.T50, nanos(3*sec)) // vms-0 has half the machines
		wantNull(t, "t90", row.T90, nanos(4*sec))
		wantNull(t, "t99", row.T99, nanos(4*sec))
		wantNull(t, "t100", row.T100, nanos(4*sec))
	}
	if len(r.Shift) != 7 {
		t.Errorf("%d rows", len(r.Shift))
	}
}

// Through stateful NVAs that share nothing, a flow that moves is dropped.
func TestStatefulNVAsBreakWhatMoves(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.fails(100 * sec)
	for _, row := range s.measure(t).Shift {
		if row.FlowsMoved != 1000 || row.FlowsBroken != 1000 {
			t.Errorf("%+v", row)
		}
	}
}

// A flow breaks when the NVA that keeps its state changes or dies, whatever the
// hub: here both NVAs stand in one.
func TestFlowsBreakWithTheirNVA(t *testing.T) {
	tests := []struct {
		name   string
		design design
		tell   func(s *story)
		dc     int64 // broken to the data centre, one direction each
		net    int64
	}{
		{"another NVA of the hub", design{active: hop1}, func(s *story) {
			s.moveVMs(s.fault(100*sec, "moves", "session-shutdown", "nva1"))
		}, 0, 1000},
		{"another stateful NVA of the hub", design{active: hop1, stateful: true}, func(s *story) {
			s.moveVMs(s.fault(100*sec, "moves", "session-shutdown", "nva1"))
		}, 1000, 1000},
		{"the same NVA, which was dead in between", design{active: hop1}, func(s *story) {
			d := s.fault(100*sec, "blinks", "node-death", "nva1")
			s.node(d, "nva1", events.Dead)
			s.at = 101 * sec
			s.node(d, "nva1", events.Alive)
			s.fib(d, "nva1", dcNet, hopDC, "bgp")
		}, 0, 1000},
		{"the same NVA, whose process was dead in between", design{active: hop1, stateful: true}, func(s *story) {
			d := s.fault(100*sec, "blinks", "process-kill", "nva1")
			s.node(d, "nva1", events.Halted)
			s.at = 101 * sec
			s.node(d, "nva1", events.Alive)
		}, 0, 0},
		{"the other NVA was dead in between", design{active: hop1, stateful: true}, func(s *story) {
			d := s.fault(100*sec, "blinks", "node-death", "nva2")
			s.node(d, "nva2", events.Dead)
			s.at = 101 * sec
			s.node(d, "nva2", events.Alive)
		}, 0, 0},
	}
	for _, test := range tests {
		s := begin(test.design)
		for i, l := range s.lines {
			if e, ok := l.Event.(events.Node); ok && e.Type == events.NVANode {
				e.VNet = "hub"
				s.lines[i].Event = e
			}
		}
		test.tell(s)
		for _, row := range s.measure(t).Shift {
			want := map[string]int64{"to-dc": test.dc, "to-net": test.net}[row.Class]
			if row.FlowsMoved != 0 || row.FlowsBroken != want {
				t.Errorf("%s: %+v", test.name, row)
			}
		}
	}
}

// moveVMs moves the VMs and the data centre to the other NVA.
func (s *story) moveVMs(cause uint64) {
	for _, group := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(cause, group, dcNet, hop2)
		s.nic(cause, group, all, hop2)
	}
	s.fib(cause, "dc", vmNet, hop2, "bgp")
}
