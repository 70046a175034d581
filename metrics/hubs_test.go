package metrics

import (
	"slices"
	"testing"

	"dualhome/events"
)

// hubs is two hubs with VMs and an NVA each that are not peered: what the NVA
// learns of the other hub has itself as next hop.
func hubs(groups int) *story {
	s := newLab()
	s.place("csr1", events.NVANode, "hub1", "10.101.0.4")
	for i := range groups {
		name := string(rune('0' + i))
		s.vms(events.ActorID("hub1-vms#"+name), "hub1-vms", "hub1", i)
		s.vms(events.ActorID("hub2-vms#"+name), "hub2-vms", "hub2", 2*i, 2*i+1)
		s.joined("", "hub1-vms#"+name+" csr1", "hub1-vms#"+name+" hub2-vms#0", "hub1-vms#"+name+" hub2-vms#1", "csr1 hub2-vms#"+name)
		s.programs(events.ActorID("hub1-vms#"+name), "10.102.0.0/16", "10.101.0.4")
		s.system(events.ActorID("hub2-vms#"+name), "10.101.0.0/16", events.VNetPeering)
	}
	s.fib(0, "csr1", all, "10.101.0.1", "static")
	s.class("hub1-hub2", "hub1-vms", "hub2-vms", "10.101.1.4", "10.102.1.4")
	return s
}

func TestTheRouteOfAnNVAsNICLeadsToItself(t *testing.T) {
	s := hubs(2)
	s.programs("csr1", "10.102.0.0/16", "10.101.0.4")
	r := s.measured(t)
	checkWays(t, r, "hub1-hub2", "forward", "hub1: hub1-vms#0 > csr1; hub1-vms#1 > csr1 loop")
	checkWays(t, r, "hub1-hub2", "return",
		": hub2-vms#0 > hub1-vms#0; hub2-vms#0 > hub1-vms#1; hub2-vms#1 > hub1-vms#0; hub2-vms#1 > hub1-vms#1")
	checkDiagnoses(t, r, "flows of hub1-hub2 loop at csr1: the effective route of its NIC for 10.102.0.0/16 leads to csr1 itself; the TTL expires")
}

// A loop that a disturbance ends was there before it, and is told of all the
// same; one that a disturbance brings for a while is not.
func TestOnlySteadyLoopsAreDiagnosed(t *testing.T) {
	s := hubs(1)
	s.programs("csr1", "10.102.0.0/16", "10.101.0.4")
	s.system("csr1", "10.0.0.0/8", events.None)
	d := s.fault(100*sec, "heals", "session-shutdown", "csr1")
	s.programs("csr1", "10.102.0.0/16", "")
	s.link(d, "x", true)
	checkDiagnoses(t, s.measured(t),
		"flows of hub1-hub2 loop at csr1: the effective route of its NIC for 10.102.0.0/16 leads to csr1 itself; the TTL expires",
		"all flows of hub1-hub2 are lost at csr1: the effective routes of its NIC send 10.102.1.4 to None")

	s = hubs(1)
	d = s.fault(100*sec, "breaks", "session-shutdown", "csr1")
	s.at += sec
	s.programs("csr1", "10.102.0.0/16", "10.101.0.4")
	s.at += sec
	s.programs("csr1", "10.102.0.0/16", "")
	s.link(d, "x", true)
	checkDiagnoses(t, s.measured(t), "all flows of hub1-hub2 are lost at csr1: the effective routes of its NIC have none to 10.102.1.4")
}

// Flow i ends at machine i modulo the number of machines of the target: of two
// groups with two machines of four each, each gets half.
func TestFlowsBetweenSetsOfVMs(t *testing.T) {
	s := hubs(2)
	for _, g := range []events.ActorID{"hub1-vms#0", "hub1-vms#1"} {
		s.system(g, "10.102.0.0/16", events.VNetPeering)
		s.programs(g, "10.102.0.0/16", "10.101.0.4") // hidden now
	}
	r := s.measured(t)
	checkWays(t, r, "hub1-hub2", "forward",
		": hub1-vms#0 > hub2-vms#0; hub1-vms#0 > hub2-vms#1; hub1-vms#1 > hub2-vms#0; hub1-vms#1 > hub2-vms#1")
	if got := r.Final[0]; got != (Final{Class: "hub1-hub2", Direction: "forward", Delivered: 1, Cause: "none"}) {
		t.Errorf("%+v", got)
	}
	n := newNetwork()
	for i := range s.lines {
		n.apply(&s.lines[i])
	}
	c := newClass(n, n.classes[0], 0)
	for _, l := range c.there(n, forks{}) {
		if got := l.flows.count(); got != 250 {
			t.Errorf("%d flows", got)
		}
		for i := range 1000 {
			in := l.flows[i/64]&(1<<(i%64)) != 0
			want := l.path[0] == n.index[[]events.ActorID{"hub1-vms#0", "hub1-vms#1"}[i%2]] &&
				l.path[1] == n.index[[]events.ActorID{"hub2-vms#0", "hub2-vms#0", "hub2-vms#1", "hub2-vms#1"}[i%4]]
			if in != want {
				t.Fatalf("flow %d on %v: %v", i, l.path, in)
			}
		}
	}
}

// Traffic of two sets of VMs through stateful NVAs comes back the way it went,
// or is lost.
func TestStatefulNVABetweenVMs(t *testing.T) {
	s := hubs(1)
	s.system("csr1", "10.102.0.0/16", events.VNetPeering)
	s.system("csr1", "10.101.0.0/16", events.VnetLocal)
	s.fact(events.Node{Node: "csr2", Type: events.NVANode, VNet: "hub2", Address: addr("10.102.0.4"), Stateful: true})
	s.joined("", "hub2-vms#0 csr2", "csr2 hub1-vms#0")
	s.fib(0, "csr2", all, "10.102.0.1", "static")
	s.system("csr2", "10.101.0.0/16", events.VNetPeering)
	s.user("hub2-vms#0", "10.101.0.0/16", "10.102.0.4")
	r := s.measured(t)
	checkWays(t, r, "hub1-hub2", "forward", "hub1: hub1-vms#0 > csr1 > hub2-vms#0")
	checkWays(t, r, "hub1-hub2", "return", "hub2: hub2-vms#0 > csr2 asymmetry")
	if !slices.ContainsFunc(r.Final, func(f Final) bool { return f.Cause == "asymmetry" }) {
		t.Errorf("%+v", r.Final)
	}
}
