package metrics

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// checkTraffic checks that nothing appears or vanishes: at each step the rows of
// a class and direction offer exactly its rate, each row what it delivers or
// loses, and each step has a row for every hub and cause.
func checkTraffic(t *testing.T, r *Result, rate map[string]int64) {
	t.Helper()
	type step struct {
		class, dir string
		at         int64
	}
	type group struct{ class, dir string }
	offered, rows, size := map[step]int64{}, map[step]int{}, map[group]int{}
	for _, row := range r.Traffic {
		at := step{row.Class, row.Direction, row.T}
		offered[at] += row.Offered
		rows[at]++
		size[group{row.Class, row.Direction}] = max(size[group{row.Class, row.Direction}], rows[at])
		if row.Offered != row.Delivered+row.Lost || row.Offered < 0 || (row.Cause == nil) != (row.Lost == 0) && row.Offered > 0 {
			t.Errorf("row does not add up: %+v", row)
		}
		if (row.Path == nil) != (row.Offered == 0) {
			t.Errorf("a path without traffic or the reverse: %+v", row)
		}
	}
	for at, sum := range offered {
		if sum != rate[at.class] {
			t.Errorf("%+v: %d bit/s are offered, not %d", at, sum, rate[at.class])
		}
		if rows[at] != size[group{at.class, at.dir}] {
			t.Errorf("%+v: %d rows, not %d", at, rows[at], size[group{at.class, at.dir}])
		}
	}
}

// checkBudgets checks that budgets are there as a whole or not at all, and that
// no bucket is negative or all together longer than the outage's end. Which
// bucket a gap belongs to is for TestBudgetOfChains.
func checkBudgets(t *testing.T, r *Result) {
	t.Helper()
	for _, c := range r.Convergence {
		if c.Detect == nil {
			continue
		}
		sum := int64(0)
		for _, b := range []*int64{c.Detect, c.Propagate, c.Decide, c.Program, c.Flows} {
			if b == nil || *b < 0 {
				t.Errorf("budget of %s: %+v", c.Disturbance, c)
				return
			}
			sum += *b
		}
		found := false
		for _, row := range r.Traffic {
			found = found || row.T == c.T+sum
		}
		if !found {
			t.Errorf("the budget of %s sums to %v, when nothing changed", c.Disturbance, time.Duration(sum))
		}
	}
}

// Random faults and random table changes at random nodes: whatever happens,
// the laws of traffic hold, and the run measures the same twice.
func TestLawsOfRandomRuns(t *testing.T) {
	for seed := range uint64(60) {
		s := random(seed)
		r, again := s.measure(t), s.measure(t)
		if len(r.Traffic) != len(again.Traffic) || len(r.Outages) != len(again.Outages) {
			t.Errorf("seed %d: two measures differ", seed)
		}
		checkOutages(t, r, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func random(seed uint64) *story {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := begin(design{active: hop1 + " " + hop2, stateful: seed%2 == 0})
	s.hashes(events.HashScheme(seed / 2 % 4))
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	cause, at := uint64(0), time.Duration(0)
	for i := range 40 {
		at += time.Duration(rng.IntN(3)) * time.Second
		if s.at = at; i%8 == 0 {
			cause = s.fault(at, "fault"+string(rune('a'+i)), "node-death", "nva1")
		}
		hops := pick("", hop1, hop2, hop1+" "+hop2, "10.9.9.9")
		nva := events.ActorID(pick("nva1", "nva2"))
		switch rng.IntN(8) {
		case 0:
			s.node(cause, nva, events.Condition(1+rng.IntN(4)))
		case 1:
			s.link(cause, pick("peering1", "tunnel2", "internet1"), rng.IntN(2) == 0)
		case 2:
			s.nic(cause, events.ActorID(pick("vms-0", "vms-1")), pick(dcNet, all), hops)
		case 3:
			s.fib(cause, "dc", pick(vmNet, dcNet), hops, pick("bgp", "static"))
		case 4:
			s.fib(cause, nva, pick(dcNet, vmNet), pick(hopDC, hopRS, ""), "bgp")
		case 5:
			s.change(cause, events.Fabric, events.ForwardingState{Node: nva, Up: rng.IntN(2) == 0})
		case 6:
			s.best(cause, events.ActorID(pick("rs0-0", "rs0-1", "dc")), pick(dcNet, all, vmNet), pick("", hop1, hop2))
		case 7:
			s.down(cause, events.ActorID(pick("rs0-0", "rs0-1", "dc")), nva)
		}
	}
	return s
}

// hashes lets all nodes and NICs choose among equal next hops in one way.
func (s *story) hashes(by events.HashScheme) {
	for i := range s.lines {
		switch e := s.lines[i].Event.(type) {
		case events.Node:
			e.Scheme = by
			s.lines[i].Event = e
		case events.NICGroup:
			e.Scheme = by
			s.lines[i].Event = e
		}
	}
}

// checkOutages checks the rows of outages.arrow against those of traffic.arrow, and
// its packets against the sizes that the story gives them.
func checkOutages(t *testing.T, r *Result, s *story) {
	t.Helper()
	for _, o := range r.Outages {
		if o.Direction == "two-way" {
			continue
		}
		from, to := windowOf(r, o.Root)
		var want volume
		steps := stepsOf(r, o.Class, o.Direction)
		for i, at := range steps {
			end := to
			if i+1 < len(steps) {
				end = min(to, steps[i+1])
			}
			for _, row := range r.Traffic {
				if row.T == at && row.Class == o.Class && row.Direction == o.Direction && row.Cause != nil && o.Cause != nil && *row.Cause == *o.Cause {
					want.add(row.Lost, max(0, end-max(from, at)))
				}
			}
		}
		if o.LostBytes != want.bytes() {
			t.Errorf("%+v: traffic.arrow gives %d bytes", o, want.bytes())
		}
		// A packet is lost as a whole: never more of them than bytes make, nor less by one.
		packet := s.packetOf(o.Class)
		if bytes := o.LostPackets * packet; bytes > o.LostBytes || bytes+packet <= o.LostBytes {
			t.Errorf("%+v: %d bytes of packets", o, bytes)
		}
	}
}

// packetOf gives the bytes of a packet of a class.
func (s *story) packetOf(class string) int64 {
	for _, l := range s.lines {
		if e, ok := l.Event.(events.FlowClass); ok && e.Name == class {
			return e.PacketBytes
		}
	}
	return 0
}

func windowOf(r *Result, root int64) (from, to int64) {
	for i, d := range r.Disturbances {
		if int64(d.Seq) == root {
			w := windows(r.Disturbances, r.Horizon)[i]
			return int64(w.from), int64(w.to)
		}
	}
	return 0, 0
}

func stepsOf(r *Result, class, dir string) []int64 {
	var steps []int64
	for _, row := range r.Traffic {
		if row.Class == class && row.Direction == dir && (len(steps) == 0 || steps[len(steps)-1] != row.T) {
			steps = append(steps, row.T)
		}
	}
	return steps
}

// Random tables, user-defined routes and faults where there is a circuit:
// nothing appears or vanishes, every loss has a cause, and each diagnosis is one
// sentence that stands alone.
func TestLawsOfRandomCircuits(t *testing.T) {
	for seed := range uint64(200) {
		r, again := randomCircuit(seed, false).measured(t), randomCircuit(seed, false).measured(t)
		if !slices.Equal(r.Diagnoses, again.Diagnoses) || !slices.Equal(r.Final, again.Final) {
			t.Errorf("two measures differ: %q, %q", r.Diagnoses, again.Diagnoses)
		}
		for _, f := range r.Final {
			if f.Inspected > f.Delivered || (f.Delivered == 1) != (f.Cause == "none") {
				t.Errorf("%+v", f)
			}
		}
		for i, d := range r.Diagnoses {
			if slices.Contains(r.Diagnoses[:i], d) || strings.Contains(d, "%!") {
				t.Errorf("%q", r.Diagnoses)
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func randomCircuit(seed uint64, relays bool) *story {
	rng := rand.New(rand.NewPCG(seed, 2))
	s := expressRoute()
	if relays { // a Route Server instance that forwards, by its best routes
		s.fact(events.Node{Node: "rs0-0", Type: events.RouteServerNode, VNet: "spoke", Address: addr(hopRS), Relays: true})
		s.joined("", "spoke-vms rs0-0", "nva1 rs0-0", "gw1-0 rs0-0", "rs0-0 circuit1-0")
	}
	s.place("lb1", events.LoadBalancerNode, "hub1", hopFront)
	s.vms("hub1-vms", "hub1-vms", "hub1", 0)
	s.class("east-west", "spoke-vms", "hub1-vms", "10.0.1.4", "10.1.5.4")
	s.joined("", "lb1 nva1", "lb1 gw1-0", "hub1-vms nva1", "hub1-vms lb1")
	s.joined("hub1-spoke", "spoke-vms lb1", "spoke-vms hub1-vms")
	if relays {
		s.programs("spoke-vms", "10.100.0.0/17", hopRS)
	}
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	for i := range 30 {
		if s.at += sec; i == 10 {
			s.fault(s.at, "fault", "node-death", "nva1")
		}
		nic := events.ActorID(pick("spoke-vms", "hub1-vms", "nva1", "gw1-0"))
		p := pick(dcNet, vmNet, all, "10.1.5.0/24", "10.0.0.0/8")
		hop := pick(hop1, hopGateway, hopEdge, hopFront, hopRS, "10.9.9.9")
		switch rng.IntN(7) {
		case 0:
			s.fact(events.UserRoute{Group: nic, Prefix: prefix(p), Hop: events.HopType(rng.IntN(8)), NextHop: addr(hop)})
			s.link(0, "x", true)
		case 1:
			s.programs(nic, p, hop)
		case 2:
			s.fib(0, events.ActorID(pick("gw1-0", "circuit1-0", "dc", "nva1", "lb1")), p, pick(hop, hop, hopDC, ""), pick("bgp", "static", "probe"))
		case 3:
			s.node(0, events.ActorID(pick("gw1-0", "circuit1-0", "nva1", "rs0-0")), events.Condition(1+rng.IntN(4)))
		case 4:
			s.learns(events.ActorID(pick("rs0-0", "gw1-0")), events.ActorID(pick("gw1-0", "circuit1-0", "rs0-0")), p, hop)
		case 5:
			s.link(0, pick("hub1-spoke", "circuit1-dc", "hub1-circuit1"), rng.IntN(2) == 0)
		case 6:
			s.joined("hub1-spoke", "spoke-vms "+pick("nva1", "gw1-0", "lb1"))
			l := &s.lines[len(s.lines)-1]
			e := l.Event.(events.Path)
			e.OwnOnly = true
			l.Event = e
			s.link(0, "x", true) // no run has facts later than its first instant
		}
	}
	return s
}
