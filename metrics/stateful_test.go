package metrics

import (
	"strings"
	"testing"

	"dualhome/events"
)

// A stateful NVA that never sees what comes back drops what goes there, and one
// that does not look at it does not. What does not come back is left as it is.
func TestComesBackPastAStatefulNVA(t *testing.T) {
	for _, stateful := range []bool{true, false} {
		s := begin(design{active: hop1, stateful: stateful})
		s.fact(events.Node{Node: "gw1-0", Type: events.GatewayNode, VNet: "hub1", AS: 65515, Address: addr(hopGateway)})
		s.fact(events.NICGroup{Group: "gw1-0", NICs: []int{0}})
		s.fact(events.SystemRoute{Group: "gw1-0", Prefix: prefix(vmNet), Hop: events.VNetPeering})
		s.fact(events.Path{From: "dc", To: "gw1-0"})
		for _, g := range []events.ActorID{"vms-0", "vms-1"} {
			s.fact(events.Path{From: "gw1-0", To: g})
		}
		s.fib(s.fault(10*sec, "past", "link-down", "x"), "dc", vmNet, hopGateway, "bgp")
		r := s.measure(t)
		want := 0.0
		if stateful {
			want = 1e9
		}
		if got := lostAt(r, "to-dc", "forward", 10*sec); float64(got["asymmetry"]) < 0.99*want || float64(got["asymmetry"]) > 1.01*want {
			t.Errorf("stateful %v: there %v", stateful, got)
		}
		if got := lostAt(r, "to-dc", "return", 10*sec); len(got) != 0 {
			t.Errorf("stateful %v: back %v", stateful, got)
		}
		if said := strings.Contains(strings.Join(r.Diagnoses, "\n"), "of the flows go through nva1, which is stateful, and come back past it"); said != stateful {
			t.Errorf("stateful %v: %q", stateful, r.Diagnoses)
		}
	}
}
