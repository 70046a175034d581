package metrics

import (
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"dualhome/events"
)

// bound lets only so much pass a node, or each direction of a link.
func (s *story) bound(name string, c events.Capacity) {
	for i, l := range s.lines {
		if e, ok := l.Event.(events.Node); ok && string(e.Node) == name {
			e.Capacity = c
			s.lines[i].Event = e
			return
		}
	}
	s.fact(events.Link{Name: name, Type: events.TunnelLink, A: "a", B: "b", Capacity: c})
}

// offers sets what the flows of a class offer.
func (s *story) offers(name string, rate int64, flows int, packet int64) {
	for i, l := range s.lines {
		if e, ok := l.Event.(events.FlowClass); ok && e.Name == name {
			e.BitsPerSec, e.Flows, e.PacketBytes = rate, flows, packet
			s.lines[i].Event = e
		}
	}
}

// twoClasses is a network at rest with 400 flows of 2 Mbps and 200 of 1 Mbps in
// each direction, all through nva1.
func twoClasses() *story {
	s := begin(design{active: hop1})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	return s
}

func (s *story) split(t *testing.T) *Result {
	t.Helper()
	r, err := Measure(s.seq())
	if err != nil || r.Violations != nil {
		t.Fatal(err, r.Violations)
	}
	rates := map[string]int64{}
	for _, l := range s.lines {
		if e, ok := l.Event.(events.FlowClass); ok {
			rates[e.Name] = e.BitsPerSec
		}
	}
	checkTraffic(t, r, rates)
	checkOutages(t, r, s)
	return r
}

// deliveredAt gives what is delivered at a time, by class and direction.
func deliveredAt(r *Result, at time.Duration) map[string]int64 {
	is := map[string]int64{}
	for _, row := range rowsAt(r, at) {
		is[row.Class+" "+row.Direction] += row.Delivered
	}
	return is
}

// rowsAt gives the rows that are in force at a time.
func rowsAt(r *Result, at time.Duration) (rows []Traffic) {
	last := map[[2]string]int64{}
	for _, row := range r.Traffic {
		if row.T <= int64(at) {
			last[[2]string{row.Class, row.Direction}] = row.T
		}
	}
	for _, row := range r.Traffic {
		if row.T == last[[2]string{row.Class, row.Direction}] {
			rows = append(rows, row)
		}
	}
	return rows
}

// A node is shared by all flows of both directions, each counting as one: who
// asks for less than its share gets it, the others have what that leaves.
func TestFullNodeIsSharedByFlows(t *testing.T) {
	for bandwidth, want := range map[int64][2]int64{
		2e9:   {800e6, 200e6}, // all fits
		1.6e9: {600e6, 200e6}, // 1.2 Gbps for 800 flows of 2 Mbps: 1.5 Mbps each
		1.2e9: {400e6, 200e6}, // 1 Mbps each, what the small ones ask for
		600e6: {200e6, 100e6}, // half of that
	} {
		s := twoClasses()
		s.bound("nva1", events.Capacity{BitsPerSec: bandwidth})
		r := s.split(t)
		got := deliveredAt(r, time.Hour)
		if !maps.Equal(got, map[string]int64{"to-dc forward": want[0], "to-dc return": want[0], "to-net forward": want[1], "to-net return": want[1]}) {
			t.Errorf("%d bit/s: %v, want %v", bandwidth, got, want)
		}
		if lost := lostAt(r, "to-dc", "forward", time.Hour)["congestion"]; lost != 800e6-want[0] {
			t.Errorf("%d bit/s: %d are lost by congestion", bandwidth, lost)
		}
		if f := r.Final[0]; f.Delivered != float64(want[0])/800e6 || f.Inspected != f.Delivered || (f.Cause == "congestion") != (want[0] < 800e6) {
			t.Errorf("%d bit/s: %+v", bandwidth, f)
		}
	}
}

// Packets are bounded too: 100,000 a second of 1,000 bytes are 800 Mbps; where
// those of one class are a quarter as long they take four times as many.
func TestPacketsPerSecond(t *testing.T) {
	s := twoClasses()
	s.bound("nva1", events.Capacity{PacketsPerSec: 100_000})
	if got := deliveredAt(s.split(t), time.Hour); got["to-dc forward"] != 266_666_666 || got["to-net forward"] != 133_333_333 {
		t.Errorf("of equal packets: %v", got)
	}
	s.offers("to-net", 200e6, 200, 250)
	// x bit/s a flow: 800 x / 8,000 + 400 x / 2,000 = 100,000.
	if got := deliveredAt(s.split(t), time.Hour); got["to-dc forward"] != 133_333_333 || got["to-net forward"] != 66_666_666 {
		t.Errorf("of short packets: %v", got)
	}
}

// A link is bounded in each direction alone.
func TestLinkIsFullDuplex(t *testing.T) {
	s := twoClasses()
	s.bound("tunnel1", events.Capacity{BitsPerSec: 500e6})
	got := deliveredAt(s.split(t), time.Hour)
	if !maps.Equal(got, map[string]int64{"to-dc forward": 500e6, "to-dc return": 500e6, "to-net forward": 200e6, "to-net return": 200e6}) {
		t.Errorf("delivered %v", got)
	}
}

// A node that carries so many flows refuses the others whole; both directions of
// a flow are one. Those that are there keep their place when others come.
func TestFlowsThatHaveAPlaceKeepIt(t *testing.T) {
	s := twoClasses()
	s.bound("nva1", events.Capacity{Flows: 450})
	got := deliveredAt(s.split(t), time.Hour)
	if !maps.Equal(got, map[string]int64{"to-dc forward": 600e6, "to-dc return": 600e6, "to-net forward": 150e6, "to-net return": 150e6}) {
		t.Errorf("300 of 400 and 150 of 200 flows have a place: %v", got)
	}

	s = begin(design{active: hop2})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	s.bound("nva1", events.Capacity{Flows: 450})
	d := s.fault(10*sec, "moves", "announce", "x")
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, all, hop1)
	}
	s.at = 20 * sec
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, dcNet, hop1)
	}
	s.fib(d, "dc", vmNet, hop1, "bgp")
	r := s.split(t)
	for at, want := range map[time.Duration][2]int64{15 * sec: {800e6, 200e6}, 25 * sec: {500e6, 200e6}} {
		if got := deliveredAt(r, at); got["to-dc forward"] != want[0] || got["to-dc return"] != want[0] || got["to-net forward"] != want[1] || got["to-net return"] != want[1] {
			t.Errorf("at %v: %v", at, got)
		}
	}
}

// A failover to an NVA that cannot carry all: what does not fit is lost until
// the other one is back, and nothing is restored before.
func TestFailoverOverload(t *testing.T) {
	s := begin(design{active: hop1 + " " + hop2})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	for _, nva := range []string{"nva1", "nva2"} {
		s.bound(nva, events.Capacity{BitsPerSec: 1.2e9})
	}
	s.fails(100 * sec)
	r := s.split(t)
	for at, want := range map[time.Duration]int64{99 * sec: 0, 200 * sec: 400e6} {
		if lost := lostAt(r, "to-dc", "forward", at); lost["congestion"] != want {
			t.Errorf("at %v: %v", at, lost)
		}
	}
	if c := r.Convergence[0]; *c.Restored || c.Traffic != nil {
		t.Errorf("half is lost for ever: %+v", c)
	}
	for _, o := range r.Outages {
		if o.Class != "to-dc" || o.Direction != "two-way" || *o.Cause != "congestion" {
			continue
		}
		// From 100 s on fewer flows come to nva2 until the others follow at 108 s and
		// 112 s; from then on half is lost.
		if least := int64(time.Hour-112*sec) / 2; o.Equivalent < least || o.Equivalent > least+int64(6*sec) || o.Restored {
			t.Errorf("%+v: an equivalent of %v", o, time.Duration(o.Equivalent))
		}
	}
}

// A class whose own way does not change fares otherwise when another one comes
// to where it is; the step follows from what moved the other.
func TestCongestionByAnotherClass(t *testing.T) {
	s := begin(design{active: hop1})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	s.bound("nva1", events.Capacity{BitsPerSec: 1.7e9})
	d := s.fault(100*sec, "moves", "announce", "x")
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(d, g, all, hop2)
	}
	r := s.split(t)
	if before, after := deliveredAt(r, 99*sec)["to-dc forward"], deliveredAt(r, time.Hour)["to-dc forward"]; before != 650e6 || after != 800e6 {
		t.Errorf("%d bit/s are delivered while the other class is there, %d after", before, after)
	}
	for _, row := range r.Traffic {
		if row.Class == "to-dc" && row.T > 0 && (row.T != int64(100*sec) || row.Root != int64(d)) {
			t.Errorf("the step does not follow from %d: %+v", d, row)
		}
	}
}

// What is lost further on has passed the full node before: congestion takes its
// part, and the own cause the rest.
func TestLossBehindAFullNode(t *testing.T) {
	s := twoClasses()
	s.bound("nva1", events.Capacity{BitsPerSec: 600e6})
	d := s.fault(100*sec, "gone", "node-death", "dc")
	s.node(d, "dc", events.Dead)
	r := s.split(t)
	// The return direction of to-dc sends nothing more: 800 flows share 600 Mbps.
	lost := lostAt(r, "to-dc", "forward", 101*sec)
	if lost["congestion"] != 500e6 || lost["detection-gap"] != 300e6 {
		t.Errorf("lost %v", lost)
	}
	if got := deliveredAt(r, 101*sec); got["to-net return"] != 150e6 {
		t.Errorf("delivered %v", got)
	}
}

// Whatever happens, no more passes a hub than its NVA lets pass, and what is
// offered is delivered or lost.
func TestNoMorePassesThanIsBounded(t *testing.T) {
	jammed := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		bound := map[string]int64{"hub1": 1 + rng.Int64N(3e9), "hub2": 1 + rng.Int64N(3e9)}
		s := random(seed)
		s.bound("nva1", events.Capacity{BitsPerSec: bound["hub1"], Flows: rng.Int64N(2000)})
		s.bound("nva2", events.Capacity{BitsPerSec: bound["hub2"], PacketsPerSec: rng.Int64N(300_000)})
		r := s.split(t)
		for at := range 60 {
			passed := map[string]int64{}
			for _, row := range rowsAt(r, time.Duration(at)*sec) {
				if row.Via != nil {
					passed[*row.Via] += row.Delivered
				}
				if row.Cause != nil && *row.Cause == "congestion" && row.Lost > 0 {
					jammed++
				}
			}
			for hub, most := range bound {
				if passed[hub] > most {
					t.Fatalf("seed %d, %d s: %d bit/s pass %s, not more than %d do", seed, at, passed[hub], hub, most)
				}
			}
		}
	}
	if jammed < 1000 {
		t.Errorf("only %d rows had congestion", jammed)
	}
}

// What is full for good is said: where, by how much, who loses, and what helps.
func TestDiagnosesOfCongestion(t *testing.T) {
	s := begin(design{active: hop1 + " " + hop2})
	s.offers("to-dc", 800e6, 400, 1000)
	s.offers("to-net", 200e6, 200, 1000)
	s.bound("nva2", events.Capacity{BitsPerSec: 1.2e9})
	s.bound("tunnel2", events.Capacity{BitsPerSec: 100e6})
	s.fails(100 * sec)
	checkDiagnoses(
		t, s.split(t),
		"tunnel2 towards b is full after dies: 800 Mbps are offered, 100 Mbps pass; flows of to-dc lose 87 %; a bandwidth of 1 Gbps, or a further circuit, would carry it",
		"tunnel2 towards a is full after dies: 800 Mbps are offered, 100 Mbps pass; return flows of to-dc lose 87 %; a bandwidth of 1 Gbps, or a further circuit, would carry it",
	)

	s = twoClasses()
	s.bound("nva1", events.Capacity{PacketsPerSec: 100_000, Flows: 540})
	checkDiagnoses(
		t, s.split(t),
		"nva1 is full: 600 flows come, it carries 540; 10 % of the flows of to-dc and 10 % of the flows of to-net are refused; a larger NVA, or a further one behind a load balancer, would carry it",
		"nva1 is full: 250,000 packets/s are offered, 100,000 packets/s pass; flows of to-dc lose 56 %, return flows of to-dc lose 56 %, flows of to-net lose 23 % and return flows of to-net lose 23 %; a larger NVA, or a further one behind a load balancer, would carry it",
	)
}
