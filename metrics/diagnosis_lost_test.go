package metrics

import (
	"strings"
	"testing"

	"dualhome/events"
)

// Flows that a black hole takes at the end of the run: where, and by which
// entry, or for want of one.
func TestBlackHolesAreDiagnosed(t *testing.T) {
	const there, back = "all flows of spoke-dc are lost at ", "all return flows of spoke-dc are lost at "
	tests := []struct {
		name string
		tell func(s *story)
		want string
	}{
		{
			"no route in a site's FIB", func(s *story) { s.fib(0, "dc", vmNet, "", "bgp") },
			back + "dc: its forwarding table has no route to 10.0.1.4",
		},
		{
			"no route in an NVA's FIB", func(s *story) { s.fib(0, "nva1", all, "", "bgp") },
			there + "nva1: its forwarding table has no route to 10.100.0.1",
		},
		{
			"no route of a NIC", func(s *story) { s.programs("spoke-vms", dcNet, "") },
			there + "spoke-vms: the effective routes of its NIC have none to 10.100.0.1",
		},
		{"a system route that drops", func(s *story) {
			s.system("spoke-vms", "10.0.0.0/8", events.None)
			s.programs("spoke-vms", dcNet, "")
		}, there + "spoke-vms: the effective routes of its NIC send 10.100.0.1 to None"},
		{"there is no Internet", func(s *story) {
			s.system("spoke-vms", all, events.Internet)
			s.programs("spoke-vms", dcNet, "")
		}, there + "spoke-vms: the effective routes of its NIC send 10.100.0.1 to the Internet, which is not in the network"},
		{
			"nobody owns the next hop", func(s *story) { s.user("gw1-0", vmNet, "10.1.0.99") },
			back + "gw1-0: the user-defined route of its subnet for 10.0.0.0/16 leads to 10.1.0.99, which nobody owns",
		},
		{"a user-defined route to gateways, which taught nothing", func(s *story) {
			s.fact(events.UserRoute{Group: "spoke-vms", Prefix: prefix(dcNet), Hop: events.VirtualNetworkGateway})
			s.programs("spoke-vms", dcNet, "")
		}, there + "spoke-vms: the user-defined route of its subnet for 10.100.0.0/16 leads to what gateways and Route Servers taught, and they taught no route to 10.100.0.1"},
		{"a user-defined route to the Internet, which there is not", func(s *story) {
			s.fact(events.UserRoute{Group: "spoke-vms", Prefix: prefix(dcNet), Hop: events.Internet})
		}, there + "spoke-vms: the user-defined route of its subnet for 10.100.0.0/16 leads to the Internet, which is not in the network"},
		{"a link that nobody watches", func(s *story) {
			s.fib(0, "dc", vmNet, hopEdge, "static")
			s.change(0, events.Fabric, events.LinkState{Crossing: events.Crossing{Link: "circuit1-dc", Reverse: true}})
		}, back + "dc: its static route for 10.0.0.0/16 leads to circuit1-0, and the link circuit1-dc is down"},
		{
			"no way between two nodes", func(s *story) { s.fib(0, "dc", vmNet, hop1, "bgp") },
			back + "dc: its route for 10.0.0.0/16 leads to nva1, to which there is no way from there",
		},
		{"a node that forwards nothing", func(s *story) {
			s.change(0, events.Fabric, events.ForwardingState{Node: "nva1"})
		}, there + "nva1: it forwards nothing"},
		{"a load balancer without back ends", func(s *story) {
			s.place("lb1", events.LoadBalancerNode, "hub1", hopFront)
			s.joined("hub1-spoke", "spoke-vms lb1")
			s.user("spoke-vms", dcNet, hopFront)
		}, there + "lb1: none of its back ends answers"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := expressRoute()
			test.tell(s)
			s.link(0, "x", true)
			checkLost(t, s.measured(t), test.want)
		})
	}
}

// checkLost checks the sentences about black holes.
func checkLost(t *testing.T, r *Result, want ...string) {
	t.Helper()
	var got []string
	for _, d := range r.Diagnoses {
		if strings.Contains(d, " lost at ") {
			got = append(got, d)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, not %q", got, want)
	}
}

// Of several black holes of a direction the largest is told of, in one sentence
// for all nodes alike.
func TestBlackHolesOfSeveralNodes(t *testing.T) {
	s := balanced()
	s.fib(0, "nva1", dcNet, "", "bgp")
	s.fib(0, "nva2", dcNet, "", "bgp")
	s.fib(0, "nva1", all, "", "bgp")
	checkDiagnoses(t, s.measured(t),
		"50 % of the flows of c are lost at nva2: the effective routes of its NIC have none to 10.100.0.1",
		"49 % of the return flows of c are lost at nva1: its forwarding table has no route to 10.0.1.4")
	s.fib(0, "nva2", all, "", "bgp")
	checkDiagnoses(t, s.measured(t),
		"all flows of c are lost at nva1 and nva2: their forwarding tables have no route to 10.100.0.1",
		"all return flows of c are lost at nva1 and nva2: their forwarding tables have no route to 10.0.1.4")

	s = begin(design{active: hop1})
	s.nic(s.best(0, "rs0-0", dcNet, ""), "vms-0", dcNet, "")
	s.nic(s.best(0, "rs0-1", dcNet, ""), "vms-1", dcNet, "")
	checkLost(t, s.measure(t), "all flows of to-dc are lost at vms: the effective routes of its NIC send 10.100.0.1 to None")
}

// What will be mended, what another sentence explains, and what is only the
// answer to what was lost is not told of.
func TestNoBlackHoleThatWillBeMended(t *testing.T) {
	s := expressRoute() // the Route Server knows the route
	s.programs("spoke-vms", dcNet, "")
	s.learns("rs0-0", "nva1", dcNet, hop1)
	checkLost(t, s.measured(t))

	s = expressRoute() // something is pending
	s.programs("spoke-vms", dcNet, "")
	s.line(events.Set, 0, "nva1", events.Timer{Name: events.MRAITimer, Peer: "rs0-0"})
	checkLost(t, s.measured(t))

	s = begin(design{active: hop1}) // nothing came to the Internet that it could answer
	s.user("vms-0", "203.0.113.0/24", "10.9.9.9")
	s.user("vms-1", "203.0.113.0/24", "10.9.9.9")
	checkLost(t, s.measure(t), "all flows of to-net are lost at vms: the user-defined route of its subnet for 203.0.113.0/24 leads to 10.9.9.9, which nobody owns")

	s = expressRoute() // it was lost, and is not any more
	s.programs("spoke-vms", dcNet, "")
	s.programs("spoke-vms", dcNet, hop1)
	checkLost(t, s.measured(t))
}

// The share of flows that stateful NVAs drop is that of one time: half before the
// data centre changes its routes, and half, of others, after that.
func TestShareOfAsymmetryIsOfOneTime(t *testing.T) {
	s := begin(design{active: hop1 + " " + hop2, stateful: true})
	s.fib(s.fault(100*sec, "moves", "announce", "x"), "dc", vmNet, hop2, "bgp")
	r := s.measure(t)
	if len(r.Diagnoses) != 1 || !strings.HasPrefix(r.Diagnoses[0], "asymmetry of to-dc: 50 % of the flows") {
		t.Errorf("%q", r.Diagnoses)
	}
}
