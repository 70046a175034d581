package metrics

import (
	"testing"
	"time"

	"dualhome/events"
)

// chain is VMs in two VNets with n NVAs between them, each in a VNet of its own,
// which translate what they say. The peering of the last one and the far VNet takes
// nothing that is only forwarded, and the far VMs know no route to the others.
func chain(n int, snat events.Translation) *story {
	s := newLab()
	hops, nets := []string{hop1, hop2}[:n], []string{"10.1.0.0/16", "10.2.0.0/16"}
	s.vms("a-vms", "a-vms", "a", 0)
	s.vms("b-vms", "b-vms", "b", 0)
	s.user("a-vms", "10.9.0.0/16", hop1)
	ids := []events.ActorID{"a-vms", "nva1", "nva2"}[:n+1]
	for i, id := range ids[1:] {
		s.fact(events.Node{Node: id, Type: events.NVANode, VNet: "hub" + string(rune('1'+i)), Address: addr(hops[i]), SNAT: snat})
		s.fact(events.NICGroup{Group: id, NICs: []int{0}})
		s.system(id, nets[i], events.VnetLocal)
		s.system(id, vmNet, events.VNetPeering)
		s.fib(0, id, all, hops[i], "static")
		s.joined("", string(ids[i])+" "+string(id))
		if i+1 < n {
			s.user(id, "10.9.0.0/16", hops[i+1])
			s.system(id, nets[i+1], events.VNetPeering)
		} else {
			s.system(id, "10.9.0.0/16", events.VNetPeering)
		}
		if i > 0 {
			s.system(id, nets[i-1], events.VNetPeering)
		}
	}
	last := ids[n]
	s.fact(events.Path{From: last, To: "b-vms", OwnOnly: true})
	s.fact(events.Path{From: "b-vms", To: last})
	s.class("c", "a-vms", "b-vms", "10.0.1.4", "10.9.1.4")
	return s
}

// What an NVA gives its own address passes a peering that refuses forwarded
// traffic, and its answers find back to it where there is no route to the VMs,
// through each NVA that translated.
func TestTranslatedBetweenVMs(t *testing.T) {
	r := chain(1, events.NoSNAT).measured(t)
	checkWays(t, r, "c", "forward", "hub1: a-vms > nva1 policy")
	checkWays(t, r, "c", "return", ": b-vms black-hole")
	s := chain(1, events.AllSNAT)
	s.system("b-vms", "10.1.0.0/16", events.VNetPeering)
	r = s.measured(t)
	checkWays(t, r, "c", "forward", "hub1: a-vms > nva1 > b-vms")
	checkWays(t, r, "c", "return", "hub1: b-vms > nva1 > a-vms")
	s = chain(2, events.AllSNAT)
	s.system("b-vms", "10.2.0.0/16", events.VNetPeering)
	r = s.measured(t)
	checkWays(t, r, "c", "forward", "hub1: a-vms > nva1 > nva2 > b-vms")
	checkWays(t, r, "c", "return", "hub2: b-vms > nva2 > nva1 > a-vms")
}

// What changes the route to an NVA changes where answers to it go, and a node that
// they pass twice, before and after they were translated, is no loop.
func TestAnswersFollowTheRouteToTheNVA(t *testing.T) {
	s := chain(2, events.AllSNAT)
	s.joined("", "b-vms nva1")
	s.at = 10 * sec
	s.programs("b-vms", "10.2.0.0/16", hop1)
	r := s.measured(t)
	checkWays(t, r, "c", "return", "hub1: b-vms > nva1 > nva2 > nva1 > a-vms")
	if got := lostAt(r, "c", "return", 9*sec); got["black-hole"] != 1e9 {
		t.Errorf("before the route: %v", got)
	}
}

// Why answers are lost has to do with what chose the NVA that they go to: they are
// blamed anew when its speaker knows better, though nothing changes on their way.
func TestAnswersAreBlamedAnew(t *testing.T) {
	s := begin(design{active: hop1})
	s.with(func(n *events.Node) { n.SNAT = events.AllSNAT }, func(*events.FlowClass) {})
	d := s.fault(20*sec, "cut", "link-down", "tunnel1")
	s.change(d, events.Fabric, events.LinkState{Crossing: events.Crossing{Link: "tunnel1", Reverse: true}})
	s.at = 30 * sec
	s.best(d, "rs0-0", dcNet, hop2)
	s.best(d, "rs0-1", dcNet, hop2)
	r := s.measure(t)
	for at, want := range map[time.Duration]string{29 * sec: "detection-gap", 30 * sec: "programming-gap"} {
		if lost := lostAt(r, "to-dc", "return", at); lost[want] != 1e9+7 {
			t.Errorf("at %v: %v", at, lost)
		}
	}
}

// A tunnel that is cut in one direction loses the answers, and the site is yet to
// find out.
func TestAnswersAreLostInOneDirection(t *testing.T) {
	s := begin(design{active: hop1})
	s.with(func(n *events.Node) { n.SNAT = events.AllSNAT }, func(*events.FlowClass) {})
	s.change(s.fault(20*sec, "cut", "link-down", "tunnel1"), events.Fabric,
		events.LinkState{Crossing: events.Crossing{Link: "tunnel1", Reverse: true}})
	r := s.measure(t)
	if there, back := lostAt(r, "to-dc", "forward", 20*sec), lostAt(r, "to-dc", "return", 20*sec); len(there) > 0 || back["detection-gap"] != 1e9+7 {
		t.Errorf("lost there %v, back %v", there, back)
	}
}
