package metrics

import (
	"testing"

	"dualhome/events"
)

const (
	hopEdge    = "172.16.0.1"
	hopEdge2   = "172.16.0.5"
	hopGateway = "10.1.1.4"
	hopFront   = "10.1.0.100"
)

// expressRoute is a hub with a gateway and an NVA, and a spoke whose VMs reach
// the data centre through the NVA, over a circuit.
func expressRoute() *story {
	s := newLab()
	s.place("rs0-0", events.RouteServerNode, "spoke", hopRS)
	s.place("nva1", events.NVANode, "hub1", hop1)
	s.place("gw1-0", events.GatewayNode, "hub1", hopGateway)
	s.place("circuit1-0", events.MSEENode, "", hopEdge)
	s.vms("spoke-vms", "spoke-vms", "spoke", 0)
	s.site()
	s.class("spoke-dc", "spoke-vms", "dc", "10.0.1.4", "10.100.0.1")
	for _, g := range []events.ActorID{"nva1", "gw1-0"} {
		s.system(g, "10.1.0.0/16", events.VnetLocal)
		s.system(g, vmNet, events.VNetPeering)
	}
	s.system("spoke-vms", vmNet, events.VnetLocal)
	s.joined("hub1-spoke", "spoke-vms nva1", "spoke-vms gw1-0")
	s.joined("hub1-circuit1", "gw1-0 circuit1-0", "nva1 circuit1-0", "spoke-vms circuit1-0")
	s.joined("circuit1-dc", "circuit1-0 dc")
	s.joined("", "nva1 gw1-0")
	s.programs("spoke-vms", dcNet, hop1)
	s.fib(0, "nva1", all, "10.1.0.1", "static")
	s.programs("nva1", dcNet, hopEdge)
	s.fib(0, "gw1-0", dcNet, hopEdge, "bgp")
	s.fib(0, "circuit1-0", dcNet, hopDC, "bgp")
	s.fib(0, "circuit1-0", vmNet, hopGateway, "bgp")
	s.fib(0, "dc", vmNet, hopEdge, "bgp")
	return s
}

// Azure sends to the circuit past the gateway; the gateway sends to the spoke
// past the NVA, because the peering beats all that it learns (Azure:
// route-injection-in-spokes, 2023-03-29).
func TestGatewayPassesTheNVAByUnlessARouteTableSaysOtherwise(t *testing.T) {
	s := expressRoute()
	s.fib(0, "gw1-0", "10.0.1.0/24", hop1, "bgp") // hidden by the peering
	r := s.measured(t)
	checkWays(t, r, "spoke-dc", "forward", "hub1: spoke-vms > nva1 > circuit1-0 > dc")
	checkWays(t, r, "spoke-dc", "return", "hub1: dc > circuit1-0 > gw1-0 > spoke-vms")
	checkDiagnoses(t, r, "return flows of spoke-dc are not inspected: gw1-0 delivers straight to spoke-vms; a route table on GatewaySubnet would send them through the NVA")
	want := []Final{
		{Class: "spoke-dc", Direction: "forward", Delivered: 1, Inspected: 1, Cause: "none"},
		{Class: "spoke-dc", Direction: "return", Delivered: 1, Cause: "none"},
	}
	if r.Final[0] != want[0] || r.Final[1] != want[1] {
		t.Errorf("%+v", r.Final)
	}

	s = expressRoute()
	s.user("gw1-0", vmNet, hop1)
	r = s.measured(t)
	checkWays(t, r, "spoke-dc", "return", "hub1: dc > circuit1-0 > gw1-0 > nva1 > spoke-vms")
	checkDiagnoses(t, r)
}

// Where a NIC's own next hop is the edge router, the hub is the VNet whose
// connection it uses; traffic that no NVA sees in one direction is told of.
func TestVMsReachTheEdgeRouterDirectly(t *testing.T) {
	s := expressRoute()
	s.programs("spoke-vms", dcNet, hopEdge)
	s.user("gw1-0", vmNet, hop1)
	r := s.measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms > circuit1-0 > dc")
	checkDiagnoses(t, r, "flows of spoke-dc are not inspected: spoke-vms delivers straight to circuit1-0; a user-defined route of its subnet would send them through the NVA")
}

// A peering whose far end does not allow forwarded traffic lets only pass what
// comes from the sender's VNet.
func TestPeeringTakesItsOwnOnly(t *testing.T) {
	s := expressRoute()
	s.user("gw1-0", vmNet, hop1)
	for i, l := range s.lines {
		if e, ok := l.Event.(events.Path); ok && len(e.Crossings) > 0 && e.Crossings[0].Link == "hub1-spoke" {
			e.OwnOnly = true
			s.lines[i].Event = e
		}
	}
	r := s.measured(t)
	checkWays(t, r, "spoke-dc", "forward", "hub1: spoke-vms > nva1 > circuit1-0 > dc")
	checkWays(t, r, "spoke-dc", "return", "hub1: dc > circuit1-0 > gw1-0 > nva1 policy")
	checkDiagnoses(t, r, "return flows of spoke-dc are dropped on the peering hub1-spoke: it takes only what comes from hub1 itself, and nva1 forwards for 10.100.0.1; allow forwarded traffic on it")
	if got := r.Final[1]; got.Delivered != 0 || got.Cause != "policy" {
		t.Errorf("%+v", got)
	}
}

// A user-defined route that drops.
func TestUserRouteDrops(t *testing.T) {
	s := expressRoute()
	s.user("gw1-0", vmNet, hop1)
	s.fact(events.UserRoute{Group: "spoke-vms", Prefix: prefix(dcNet), Hop: events.None})
	checkDiagnoses(t, s.measured(t), "flows of spoke-dc are dropped at spoke-vms: the user-defined route of its subnet for 10.100.0.0/16 has next hop None; without it they would go on")
}

// The Route Server hears of a dead edge router through the gateway, which has a
// session with it, also after the gateway noticed; nobody hears of one that is
// the next hop of a user-defined route.
func TestWhoFindsOutThatAnEdgeRouterIsDead(t *testing.T) {
	lab := func(tell func(s *story)) *story {
		s := expressRoute()
		s.programs("spoke-vms", dcNet, hopEdge)
		s.session(0, "rs0-0", "gw1-0")
		s.session(0, "gw1-0", "circuit1-0")
		s.learns("gw1-0", "circuit1-0", dcNet, hopEdge)
		s.learns("rs0-0", "gw1-0", dcNet, hopEdge)
		d := s.fault(100*sec, "dies", "node-death", "circuit1-0")
		s.node(d, "circuit1-0", events.Dead)
		tell(s)
		return s
	}
	r := lab(func(*story) {}).measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms detection-gap")

	r = lab(func(s *story) {
		s.at += 10 * sec
		s.change(0, "gw1-0", &events.BestChanged{Prefix: prefix(dcNet), Was: []events.ActorID{"circuit1-0"}})
	}).measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms detection-gap")

	r = lab(func(s *story) { // the Route Server was told, and the NIC not yet
		s.at += 10 * sec
		s.change(0, "rs0-0", &events.BestChanged{Prefix: prefix(dcNet), Was: []events.ActorID{"gw1-0"}})
	}).measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms programming-gap")

	r = lab(func(s *story) { s.node(0, "gw1-0", events.Hung) }).measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms detection-gap") // it hears that the gateway is silent

	r = lab(func(s *story) { s.user("spoke-vms", dcNet, hopEdge) }).measured(t)
	checkWays(t, r, "spoke-dc", "forward", "spoke: spoke-vms black-hole")
	checkDiagnoses(t, r, "flows of spoke-dc are lost at spoke-vms: the user-defined route of its subnet for 10.100.0.0/16 leads to circuit1-0, which is dead, and nobody will notice; a learned route, or a next hop that is probed, would move")
}

// The edge router lost its route and is about to say so; the gateway will pass
// it on.
func TestTheWithdrawalIsOnItsWay(t *testing.T) {
	s := expressRoute()
	s.session(0, "rs0-0", "gw1-0")
	s.session(0, "gw1-0", "circuit1-0")
	s.learns("circuit1-0", "dc", dcNet, hopDC)
	s.learns("gw1-0", "circuit1-0", dcNet, hopEdge)
	s.learns("rs0-0", "gw1-0", dcNet, hopEdge)
	s.programs("spoke-vms", dcNet, hopEdge)
	s.link(s.fault(100*sec, "cut", "link-down", "circuit1-dc"), "circuit1-dc", false)
	s.change(0, "circuit1-0", &events.BestChanged{Prefix: prefix(dcNet), Was: []events.ActorID{"dc"}})
	s.fib(0, "circuit1-0", dcNet, "", "bgp")
	checkWays(t, s.measured(t), "spoke-dc", "forward", "spoke: spoke-vms > circuit1-0 detection-gap")

	s.learns("circuit1-0", "dc", dcNet, hopDC) // it believes in the route again: nobody will find out
	checkWays(t, s.measured(t), "spoke-dc", "forward", "spoke: spoke-vms > circuit1-0 black-hole")
}

// A user-defined route to a dead NVA stays: a black hole, even where a Route
// Server will hear that the NVA is dead, and the edge router then send packets
// another way.
func TestUserRouteOfAGatewayToADeadNVA(t *testing.T) {
	s := expressRoute()
	s.user("gw1-0", vmNet, hop1)
	s.session(0, "gw1-0", "circuit1-0")
	s.session(0, "rs0-0", "gw1-0")
	s.session(0, "rs0-0", "nva1")
	s.learns("rs0-0", "nva1", vmNet, hop1)
	s.learns("gw1-0", "rs0-0", vmNet, hop1)
	s.learns("circuit1-0", "gw1-0", vmNet, hopGateway)
	s.node(s.fault(100*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
	checkWays(t, s.measured(t), "spoke-dc", "return", "hub1: dc > circuit1-0 > gw1-0 black-hole")
}

// The NIC of an NVA is programmed as all others are: until then the NVA has
// nowhere to send to.
func TestProgrammingOfAnNVAsNIC(t *testing.T) {
	s := expressRoute()
	s.fact(events.NICGroup{Group: "nva1", NICs: []int{0}, Instance: "rs0-0"})
	s.programs("nva1", dcNet, "")
	checkWays(t, s.measured(t), "spoke-dc", "forward", "hub1: spoke-vms > nva1 black-hole")
	s.learns("rs0-0", "gw1-0", dcNet, hopEdge)
	checkWays(t, s.measured(t), "spoke-dc", "forward", "hub1: spoke-vms > nva1 programming-gap")
}

// A static route is black only where nobody watches its next hop.
func TestWatchedStaticRoute(t *testing.T) {
	for _, watched := range []bool{false, true} {
		s := expressRoute()
		s.fib(0, "dc", vmNet, hopEdge, "static")
		s.node(s.fault(100*sec, "dies", "node-death", "circuit1-0"), "circuit1-0", events.Dead)
		timer := events.Timer{Name: events.LivenessTimer, Peer: "circuit1-0", Item: "probe"}
		want := []string{": dc black-hole"}
		if watched {
			s.at += sec
			s.line(events.Set, 0, "dc", timer)
			want = []string{": dc detection-gap"}
		}
		checkWays(t, s.measured(t), "spoke-dc", "return", want...)
		if watched {
			s.at += sec
			s.line(events.Stopped, 0, "dc", timer) // nobody watches any more
			checkWays(t, s.measured(t), "spoke-dc", "return", ": dc black-hole")
			s.at += sec
			s.line(events.Set, 0, "dc", timer)
			s.at += sec
			s.line(events.Fired, 0, "dc", timer)
			s.change(0, "dc", events.ProbeChanged{Target: "circuit1-0", Why: "no answer"})
			s.fib(0, "dc", vmNet, "", "probe")
			checkWays(t, s.measured(t), "spoke-dc", "return", ": dc black-hole")
		}
	}
}

// The instances of a Route Server whose address NVAs pass on as next hop send on
// what comes to them, past the NVA (Azure: seen in labs of 2023).
func TestRouteServerThatRelays(t *testing.T) {
	s := expressRoute()
	s.user("gw1-0", vmNet, hop1)
	s.fact(events.Node{Node: "rs1-0", Type: events.RouteServerNode, VNet: "hub1", AS: 65515, Address: addr("10.1.2.4"), Relays: true})
	s.joined("hub1-spoke", "spoke-vms rs1-0")
	s.joined("hub1-circuit1", "rs1-0 circuit1-0")
	s.programs("spoke-vms", dcNet, "10.1.2.4")
	s.learns("rs1-0", "gw1-0", dcNet, hopEdge)
	s.learns("rs1-0", "rs1-0", "10.100.0.0/24", "10.1.2.4") // its own is no way
	s.change(0, "rs1-0", &events.BestChanged{Prefix: prefix("10.100.0.0/24"), Was: []events.ActorID{"rs1-0"}})
	r := s.measured(t)
	checkWays(t, r, "spoke-dc", "forward", "hub1: spoke-vms > rs1-0 > circuit1-0 > dc")
	if r.Violations != nil {
		t.Error(r.Violations)
	}

	s.system("rs1-0", "10.100.0.0/16", events.VNetPeering) // now it hides what is learned
	s.joined("hub1-dc", "rs1-0 dc")
	s.change(0, events.Fabric, events.LinkState{Crossing: events.Crossing{Link: "x"}, Up: true})
	checkWays(t, s.measured(t), "spoke-dc", "forward", ": spoke-vms > rs1-0 > dc")
}

// balanced puts two stateful NVAs behind a load balancer.
func balanced() *story {
	s := newLab()
	s.vms("vms", "vms", "spoke", 0)
	s.site()
	for i, hop := range []string{hop1, hop2} {
		id := events.ActorID([]string{"nva1", "nva2"}[i])
		s.fact(events.Node{Node: id, Type: events.NVANode, VNet: "hub1", Address: addr(hop), Stateful: true, HashSeed: uint64(i)})
		s.fib(0, id, all, "10.1.0.1", "static")
		s.fib(0, id, dcNet, hopDC, "bgp")
		s.system(id, vmNet, events.VNetPeering)
	}
	s.place("lb1", events.LoadBalancerNode, "hub1", hopFront)
	s.joined("", "lb1 nva1", "lb1 nva2")
	s.joined("x", "vms lb1", "vms nva1", "vms nva2", "nva1 dc", "nva2 dc", "lb1 dc")
	s.class("c", "vms", "dc", "10.0.1.4", "10.100.0.1")
	s.user("vms", all, hopFront)
	s.fib(0, "lb1", all, hop1+" "+hop2, "probe")
	s.fib(0, "dc", vmNet, hopFront, "static")
	return s
}

// A load balancer spreads flows over its back ends, both directions alike, and
// its probes find out which are dead and which answer again.
func TestLoadBalancerSpreadsAndFailsOver(t *testing.T) {
	s := balanced()
	both := "hub1: vms > lb1 > nva1 > dc; vms > lb1 > nva2 > dc"
	r := s.measured(t)
	checkWays(t, r, "c", "forward", both)
	checkWays(t, r, "c", "return", "hub1: dc > lb1 > nva1 > vms; dc > lb1 > nva2 > vms")
	checkDiagnoses(t, r)

	s.node(s.fault(100*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
	r = s.measured(t)
	checkWays(t, r, "c", "forward", "hub1: vms > lb1 > nva2 > dc", "hub1: vms > lb1 detection-gap")
	if lost := 1 - r.Final[0].Delivered; lost < 0.4 || lost > 0.6 || r.Final[0].Cause != "detection-gap" {
		t.Errorf("%+v", r.Final[0])
	}

	s.at += 10 * sec
	s.change(1, "lb1", events.ProbeChanged{Target: "nva1", Why: "no answer"})
	s.fib(0, "lb1", all, hop2, "probe")
	checkWays(t, s.measured(t), "c", "forward", "hub1: vms > lb1 > nva2 > dc")

	s.at += 10 * sec
	s.node(0, "nva2", events.Dead)
	s.fib(0, "lb1", all, "", "probe")
	checkWays(t, s.measured(t), "c", "forward", "hub1: vms > lb1 black-hole")

	s.at += 10 * sec
	s.node(0, "nva1", events.Alive)
	s.line(events.Set, 0, "lb1", events.Timer{Name: events.LivenessTimer, Peer: "nva1", Item: "probe"})
	checkWays(t, s.measured(t), "c", "forward", "hub1: vms > lb1 detection-gap")
}

// A probe that begins to fail is a detection, one that succeeds is none.
func TestProbesDetect(t *testing.T) {
	s := balanced()
	d := s.fault(100*sec, "dies", "node-death", "nva1")
	s.node(d, "nva1", events.Dead)
	s.at += 7 * sec
	s.change(d, "lb1", events.ProbeChanged{Target: "nva1", Why: "no answer"})
	s.at += 5 * sec
	s.change(d, "lb1", events.ProbeChanged{Target: "nva2", Up: true, Why: "answers again"})
	c := s.measured(t).Convergence[0]
	wantNull(t, "detection", c.Detection, nanos(7*sec))
	wantNull(t, "detection_last", c.DetectionLast, nanos(7*sec))
}

// Without the load balancer on the way back, stateful NVAs drop what they do not
// know.
func TestAsymmetryIsDiagnosed(t *testing.T) {
	s := balanced()
	s.user("vms", all, hop1)
	s.fib(0, "dc", vmNet, hop2, "static")
	r := s.measured(t)
	checkWays(t, r, "c", "return", "hub1: dc > nva2 asymmetry")
	checkDiagnoses(t, r, "asymmetry of c: 100 % of the flows come back through another NVA than they went; nva2, which is stateful, drops packets of flows whose beginning went elsewhere. "+
		"What helps: snat: all on the NVAs, so that answers come to the one that translated; or the same shared_state; "+
		"or active/passive, by prepend on one of them, where both ends see the path; "+
		"or NVAs of one VNet behind a load balancer that both directions pass (from a circuit by a route table on GatewaySubnet)")
}

// An NVA may send the address of another one as next hop: nobody told it that,
// and that the other has no route it will never hear. It takes its route back
// once it loses it.
func TestNextHopThatTheSpeakerSetItself(t *testing.T) {
	lab := func(tell func(s *story)) *story {
		s := expressRoute()
		s.place("nva2", events.NVANode, "hub1", hop2)
		s.joined("hub1-spoke", "spoke-vms nva2")
		s.joined("tunnel1", "nva1 dc")
		s.session(0, "rs0-0", "nva1")
		s.session(0, "nva1", "dc")
		s.learns("nva1", "dc", dcNet, hopDC)
		s.learns("rs0-0", "nva1", dcNet, hop2)
		s.programs("spoke-vms", dcNet, hop2)
		tell(s)
		return s
	}
	check := func(why string, tell func(s *story)) {
		t.Helper()
		checkWays(t, lab(tell).measured(t), "spoke-dc", "forward", "hub1: spoke-vms > nva2 "+why)
	}
	check("black-hole", func(*story) {})
	check("detection-gap", func(s *story) { s.link(0, "tunnel1", false) })
	check("detection-gap", func(s *story) { // a peer told it that next hop before: an UPDATE is on its way
		s.learns("nva1", "nva2", dcNet, hop2)
		s.learns("nva1", "dc", dcNet, hopDC)
	})
	checkLost(t, lab(func(*story) {}).measured(t), "all flows of spoke-dc are lost at nva2: its forwarding table has no route to 10.100.0.1")
}
