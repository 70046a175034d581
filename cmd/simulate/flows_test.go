package main

import (
	"strings"
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

// TestNewPublicAddress: the flows to the Internet carry the public address of their
// NVA, so that all of them break when another one takes over, and when the first
// one comes back. Where applications take 10 s to reconnect the outage is 10 s
// longer, and the budget says so; where they do so at once nothing else changes.
func TestNewPublicAddress(t *testing.T) {
	at := playWith(t, "active-passive", 1)
	late := playWith(t, "active-passive", 1, "traffic[spoke-internet].reconnect=10s")
	for i, name := range []string{"nva1-dies", "nva1-dies-repair"} {
		for _, r := range []*result{at, late} {
			for _, row := range r.measured.Shift {
				if want := map[string]int64{"spoke-internet": 1000}[row.Class]; row.Root == r.measured.Convergence[i].Root && row.FlowsBroken != want {
					t.Errorf("%s: %d flows of %s break, not %d", name, row.FlowsBroken, row.Class, want)
				}
			}
		}
		if flows := time.Duration(*late.measured.Convergence[i].Flows); flows != 10*time.Second {
			t.Errorf("%s: the budget has %v for flows", name, flows)
		}
	}
	for _, direction := range []string{"forward", "return", "two-way"} {
		without, with := impactOf(t, at, "nva1-dies", "spoke-internet", direction), impactOf(t, late, "nva1-dies", "spoke-internet", direction)
		if longer := time.Duration(with.Outage - without.Outage); longer != 10*time.Second {
			t.Errorf("%s: the outage is %v longer", direction, longer)
		}
		without, with = impactOf(t, at, "nva1-dies", "spoke-dc", direction), impactOf(t, late, "nva1-dies", "spoke-dc", direction)
		if without != with {
			t.Errorf("%s: flows that nobody translates fare otherwise: %+v, %+v", direction, without, with)
		}
	}
	both := playWith(t, "active-passive", 1, append(statefulPair, "traffic[spoke-internet].reconnect=10s")...)
	if all := strings.Join(both.measured.Diagnoses, "; "); strings.Count(all, "flows of spoke-internet break") != 1 || !strings.Contains(all, "another address") {
		t.Errorf("what would break anyway is said to break for want of state: %s", all)
	}
	says(t, late, "flows of spoke-internet break after nva1-dies (1000 of 1000) and after nva1-dies-repair (1000 of 1000)", "another address")
}

// TestAnswersShareTheFateOfTheirFlows: what nva1 translated is answered to it, by
// the routes of the site and of Azure, and what mends one direction mends both.
func TestAnswersShareTheFateOfTheirFlows(t *testing.T) {
	r := playWith(t, "expressroute-active-active", 1, "nvas[nva1].snat=all", "nvas[nva2].snat=all")
	for _, c := range r.measured.Convergence {
		if hole := lostTo(t, r, c.Disturbance, "spoke-dc", "return", "black-hole"); hole > 0 {
			t.Errorf("%s: the return direction is a black hole for %v", c.Disturbance, hole)
		}
		there, back := impactOf(t, r, c.Disturbance, "spoke-dc", "forward"), impactOf(t, r, c.Disturbance, "spoke-dc", "return")
		if c.Disturbance == "nva1-dies" && there.Outage != back.Outage {
			t.Errorf("%s: lost for %v, and back for %v", c.Disturbance, time.Duration(there.Outage), time.Duration(back.Outage))
		}
	}
}

// TestFixesOfBreaks: what the diagnosis of flows that break at a stateful NVA names
// lets them go on.
func TestFixesOfBreaks(t *testing.T) {
	for _, test := range []struct {
		set   []string
		broke bool
	}{
		{nil, true},
		{[]string{"nvas[nva1].shared_state=pair", "nvas[nva2].shared_state=pair"}, false},
		{[]string{"nvas[nva1].midstream_pickup=true", "nvas[nva2].midstream_pickup=true"}, false},
		{[]string{"traffic[spoke-dc].protocol=udp"}, false},
		{[]string{"traffic[spoke-dc].stateless=true"}, false},
	} {
		r := playWith(t, "active-passive", 1, append(append(statefulPair, "traffic[spoke-dc].reconnect=uniform(5s, 15s)"), test.set...)...)
		broke := false
		for _, row := range r.measured.Shift {
			if row.Class == "spoke-dc" && row.Root == r.measured.Convergence[0].Root {
				broke = broke || row.FlowsBroken > 0
				if test.broke && row.FlowsBroken != 1000 {
					t.Errorf("%d flows break", row.FlowsBroken)
				}
			}
		}
		if flows := *r.measured.Convergence[0].Flows; broke != test.broke || broke != (flows > 0) {
			t.Errorf("with %q flows break: %v, and wait %v", test.set, broke, time.Duration(flows))
		}
		if test.broke {
			says(t, r, "flows of spoke-dc break after nva1-dies (1000 of 1000)", "shared_state", "midstream_pickup")
		}
	}
}
