package metrics

import "testing"

// balancedHub is a scenario of three NVAs in one hub behind a load balancer, whose
// address they give as next hop. The second dies and comes back, and then the third.
const balancedHub = `version: 1
name: balanced
horizon: 2000s
vnets:
  - {name: spoke, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]}
  - {name: hub1, address_space: [10.1.0.0/16], subnets: [{name: nva, prefix: 10.1.0.0/24}]}
peerings: [{between: [hub1, spoke]}]
route_servers: [{name: rs0, vnet: spoke}]
load_balancers: [{name: lb1, vnet: hub1, address: 10.1.0.10, backends: [nva1, nva2, nva3]}]
nvas:
  - {name: nva1, vnet: hub1, address: 10.1.0.4, asn: 65001, roles: [vpn], route_servers: [{route_server: rs0, next_hop: 10.1.0.10}]}
  - {name: nva2, vnet: hub1, address: 10.1.0.5, asn: 65001, roles: [vpn], route_servers: [{route_server: rs0, next_hop: 10.1.0.10}]}
  - {name: nva3, vnet: hub1, address: 10.1.0.6, asn: 65001, roles: [vpn], route_servers: [{route_server: rs0, next_hop: 10.1.0.10}]}
sites: [{name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [nva1, nva2, nva3], multipath: true}]
vms: [{name: vms, vnet: spoke, subnet: workload, count: 1}]
traffic: [{name: c, from: vms, to: dc, rate: 1Gbps, flows: 10000}]
faults:
  - {name: second, kind: node-death, target: nva2, at: 300s, repair_after: 300s}
  - {name: third, kind: node-death, target: nva3, at: 1000s, repair_after: 300s}
`

// Existing flows stay: when a back end fails only its flows move, to the others in
// equal parts; when it comes back none moves, and what others lose it gets its part
// of. All this is inside one hub, so that the hubs of shift.arrow see nothing of it.
func TestExistingFlowsStayAtTheirBackEnd(t *testing.T) {
	p := playCase(t, balancedHub, 1)
	c := p.classes[0]
	var at [][]int32 // before each disturbance, and at the end
	for _, m := range c.ways[forward].marks {
		at = append(at, c.nvaOf(m.legs))
	}
	if len(at) != 5 {
		t.Fatalf("%d borders of windows", len(at))
	}
	first, second, third := p.net.index["nva1"], p.net.index["nva2"], p.net.index["nva3"]
	check := func(what string, was, is []int32, flows func(was, is int32) bool, share float64) {
		t.Helper()
		n := 0
		for i := range was {
			if flows(was[i], is[i]) {
				n++
			}
		}
		if share == 0 && n > 0 || share > 0 && deviates(n, caseFlows, share) {
			t.Errorf("%s: %d of %d flows, not %.4f of them", what, n, caseFlows, share)
		}
	}
	moves := func(was, is int32) bool { return was != is }
	check("the second had", at[0], at[0], func(was, _ int32) bool { return was == second }, 1./3)
	check("moved by its failure", at[0], at[1], moves, 1./3)
	check("moved from the others", at[0], at[1], func(was, is int32) bool { return was != is && was != second }, 0)
	check("moved to the first", at[0], at[1], func(was, is int32) bool { return was == second && is == first }, 1./6)
	check("moved to the third", at[0], at[1], func(was, is int32) bool { return was == second && is == third }, 1./6)
	check("moved by its return", at[1], at[2], moves, 0)
	check("the third had", at[2], at[2], func(was, _ int32) bool { return was == third }, 1./2)
	check("moved from the third to the second", at[2], at[3], func(was, is int32) bool { return was == third && is == second }, 1./4)
	check("moved from the first", at[2], at[3], func(was, is int32) bool { return was == first && is != first }, 0)
	check("moved by the return of the third", at[3], at[4], moves, 0)
	for _, row := range p.Shift {
		if row.Direction == "forward" && row.FlowsMoved != 0 {
			t.Errorf("%+v", row)
		}
	}
}
