package main

import (
	"testing"
	"time"
)

// statefulPair makes both NVAs of a design stateful.
var statefulPair = []string{"nvas[nva1].stateful=true", "nvas[nva2].stateful=true"}

// TestStatefulPairBreaksHalfOfItsFlows: of two active, stateful NVAs that neither
// translate nor share state each sees the answers of half of the flows only, before
// anything fails (route-injection-in-spokes: SNAT is needed). The summary names the
// cause and what helps, and that does help.
func TestStatefulPairBreaksHalfOfItsFlows(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		r := playWith(t, "active-active", seed, statefulPair...)
		before := struckAt(t, r, "nva1-dies") - time.Nanosecond
		near(t, "lost before any fault", lostShareAt(r, "spoke-dc", "asymmetry", before), 0.5, 1000, 0)
		if lost := lostShareAt(r, "spoke-internet", "asymmetry", before); lost != 0 {
			t.Errorf("seed %d: %.2f of what both NVAs translate is lost", seed, lost)
		}
		says(t, r, "asymmetry of spoke-dc", "nva1 and nva2, which are stateful", "snat: all", "shared_state", "prepend", "load balancer")
	}
}

// What the diagnosis of an asymmetric pair names ends the asymmetry.
func TestFixesOfAsymmetry(t *testing.T) {
	balanced := []string{"nvas[nva1].stateful=true", "nvas[nva2].stateful=true"}
	for _, test := range []struct {
		name, design string
		set          []string
		lost         float64
	}{
		{"nothing", "active-active", nil, 0.5},
		{"SNAT towards the site", "active-active", []string{"nvas[nva1].snat=all", "nvas[nva2].snat=all"}, 0},
		{"shared state", "active-active", []string{"nvas[nva1].shared_state=cluster", "nvas[nva2].shared_state=cluster"}, 0},
		{"active/passive", "active-active", []string{"nvas[nva2].prepend=2"}, 0},
		{"midstream pickup", "active-active", []string{"nvas[nva1].midstream_pickup=true", "nvas[nva2].midstream_pickup=true"}, 0.5},
		{"stateless flows", "active-active", []string{"traffic[spoke-dc].stateless=true"}, 0},
		{"circuits: nothing", "expressroute-active-active", nil, 0.5},
		{"circuits: SNAT", "expressroute-active-active", []string{"nvas[nva1].snat=all", "nvas[nva2].snat=all"}, 0},
		{"circuits: shared state", "expressroute-active-active", []string{"nvas[nva1].shared_state=cluster", "nvas[nva2].shared_state=cluster"}, 0},
		{"circuits: the edge routers hide the path", "expressroute-active-active", []string{"nvas[nva2].prepend=2"}, 0.5},
		{"one circuit: both ends see the path", "expressroute-shared-circuit", nil, 0},
		{"one load balancer, both ways", written(t, twoBehindOne), nil, 0},
		{"one load balancer, one way", written(t, twoBehindOne), []string{"vnets[hub].subnets[GatewaySubnet].routes=[{prefix: 10.0.0.0/16, next_hop: 10.1.2.4}]"}, 0.5},
	} {
		r := playWith(t, test.design, 1, append(with(balanced...), test.set...)...)
		class := "spoke-dc"
		near(t, test.name, lostShareAt(r, class, "asymmetry", end), test.lost, 1000, 0)
		holds(t, r, "sessions.down == 0")
		if test.lost == 0 {
			holds(t, r, "delivered.forward == 100", "delivered.return == 100")
		}
	}
}

// twoBehindOne is a hub with a circuit and two NVAs behind a load balancer, which
// both directions pass.
const twoBehindOne = `
version: 1
name: two-behind-one
horizon: 900s
vnets:
  - name: spoke
    address_space: [10.0.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]
  - name: hub
    address_space: [10.1.0.0/16]
    subnets:
      - {name: RouteServerSubnet, prefix: 10.1.0.0/27}
      - {name: GatewaySubnet, prefix: 10.1.1.0/27, routes: [{prefix: 10.0.0.0/16, next_hop: 10.1.2.10}]}
      - {name: nva, prefix: 10.1.2.0/24}
peerings: [{between: [hub, spoke]}]
route_servers:
  - {name: rs0, vnet: spoke}
  - {name: rs1, vnet: hub, branch_to_branch: true}
nvas:
  - {name: nva1, vnet: hub, address: 10.1.2.4, asn: 65001, route_servers: [rs0, rs1], as_override: out, next_hop: 10.1.2.10}
  - {name: nva2, vnet: hub, address: 10.1.2.5, asn: 65001, route_servers: [rs0, rs1], as_override: out, next_hop: 10.1.2.10}
load_balancers: [{name: lb, vnet: hub, address: 10.1.2.10, backends: [nva1, nva2]}]
expressroute_gateways: [{name: gw, vnet: hub}]
circuits: [{name: er, site: dc, connections: [gw]}]
sites: [{name: dc, asn: 65021, prefixes: [10.100.0.0/16]}]
vms: [{name: spoke-vms, vnet: spoke, subnet: workload, count: 20}]
traffic: [{name: spoke-dc, from: spoke-vms, to: dc, rate: 1Gbps}]
`

// lostShareAt gives what part of a class is lost to a cause at a time, in that
// direction where it is more.
func lostShareAt(r *result, class, cause string, at time.Duration) float64 {
	most := 0.0
	for _, d := range []string{"forward", "return"} {
		var offered, lost int64
		for _, row := range stepAt(r, class, d, at) {
			offered += row.Offered
			if row.Cause != nil && *row.Cause == cause {
				lost += row.Lost
			}
		}
		most = max(most, float64(lost)/float64(offered))
	}
	return most
}
