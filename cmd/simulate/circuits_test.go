package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/metrics"
)

// lossOf plays a design that loses something for good at 300 s and up, so that
// the timers have every phase.
func lossOf(t *testing.T, seed uint64, fault string, set ...string) *result {
	t.Helper()
	return playWith(t, "expressroute-active-active", seed, append([]string{
		"expect={}", "horizon=1500s", "faults=[{name: loss, " + fault + ", at: \"uniform(300s, 360s)\"}]",
	}, set...)...)
}

// TestCircuitLoss: the customer's router moves when BFD tells it, after 3 x 300 ms
// at most, or else when its hold timer expires; the gateway takes up to a minute
// more (expressroute-bfd), and then come the Route Servers and the NICs.
func TestCircuitLoss(t *testing.T) {
	const nics = 6 * time.Second // the slowest of the measured delays is 5.6 s
	for seed := uint64(1); seed <= 6; seed++ {
		for _, c := range []struct {
			set          []string
			least, most  time.Duration // until the edges notice
			inTime, late time.Duration // until the spoke's NICs follow
		}{
			{nil, 500 * time.Millisecond, 950 * time.Millisecond, 500 * time.Millisecond, time.Minute + time.Second + nics},
			{
				[]string{"circuits[circuit1].bfd=false"},
				119 * time.Second, 181 * time.Second,
				119 * time.Second, 181*time.Second + time.Minute + nics,
			},
		} {
			r := lossOf(t, seed, "kind: circuit-loss, target: circuit1", c.set...)
			at := struckAt(t, r, "loss")
			if d := lastOf(r, "dc", "fib", spokeNet) - at; d < c.least || d > c.most {
				t.Errorf("seed %d, %q: dc moves after %v", seed, c.set, d)
			}
			if d := time.Duration(impactOf(t, r, "loss", "spoke-dc", "return").Outage); d > c.most {
				t.Errorf("seed %d, %q: from on-premises something is lost for %v", seed, c.set, d)
			}
			forward := time.Duration(impactOf(t, r, "loss", "spoke-dc", "forward").Outage)
			if forward < c.inTime || forward > c.late {
				t.Errorf("seed %d, %q: to on-premises something is lost for %v", seed, c.set, forward)
			}
			holds(t, r, "delivered.forward == 100", "delivered.return == 100", "inspected.forward == 100", "inspected.return == 100")
		}
	}
}

// lastOf gives when a table of an actor changed last for a prefix.
func lastOf(r *result, actor, table, prefix string) time.Duration {
	at := time.Duration(-1)
	for _, row := range r.measured.Routes {
		if row.Actor == actor && row.Table == table && row.Prefix == prefix {
			at = time.Duration(row.T)
		}
	}
	return at
}

// TestGatewayConvergence: how long the gateway takes is an option, and nothing
// else of what follows a circuit's loss is.
func TestGatewayConvergence(t *testing.T) {
	for _, c := range []struct {
		set   string
		least time.Duration
		most  time.Duration
	}{{"0s", 0, 8 * time.Second}, {"50s", 50 * time.Second, 58 * time.Second}} {
		r := lossOf(t, 1, "kind: circuit-loss, target: circuit1", "expressroute_gateways[gw1].convergence="+c.set)
		if d := time.Duration(impactOf(t, r, "loss", "spoke-dc", "forward").Outage); d < c.least || d > c.most {
			t.Errorf("convergence %s: something is lost for %v", c.set, d)
		}
	}
}

// TestGatewayMaintenance: the instances are maintained one after the other;
// nothing is lost and no NIC changes its next hops (about-virtual-network-gateways).
func TestGatewayMaintenance(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		r := playWith(t, "expressroute-active-active", seed)
		for _, name := range []string{"gw1-0-maintained", "gw1-1-maintained"} {
			for _, direction := range []string{"forward", "return"} {
				if i := impactOf(t, r, name, "spoke-dc", direction); i.LostBytes != 0 {
					t.Errorf("seed %d: %s loses %d bytes %s", seed, name, i.LostBytes, direction)
				}
			}
			at := struckAt(t, r, name)
			for _, nic := range []string{"spoke-vms-0", "spoke-vms-1", "nva1", "nva2"} {
				if n := changesBetween(r, nic, "nic", at, at+400*time.Second); n > 0 {
					t.Errorf("seed %d: %s changes %d routes of %s", seed, name, n, nic)
				}
			}
		}
	}
}

// TestHubLoss: everything of a hub goes at once; the spoke waits for its hold
// timer, on-premises for the circuit's, and then all is in the other hub.
func TestHubLoss(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		r := lossOf(t, seed, "kind: hub-loss, target: hub1")
		for _, direction := range []string{"forward", "return"} {
			i := impactOf(t, r, "loss", "spoke-dc", direction)
			if d := time.Duration(i.Outage); d < 119*time.Second || d > 187*time.Second || !i.Restored {
				t.Errorf("seed %d: %s lost for %v", seed, direction, d)
			}
			if via := viaAt(r, "spoke-dc", direction, "hub2", end); via != 1 {
				t.Errorf("seed %d: %.2f goes %s through hub2", seed, via, direction)
			}
		}
		holds(t, r, "delivered.forward == 100", "delivered.return == 100", "inspected.return == 100")
	}
}

// A VNet with an ExpressRoute gateway and one machine, and what joins it to the
// data centre.
const oneGateway = `
version: 1
name: one-gateway
horizon: 900s
vnets:
  - name: hub
    address_space: [10.1.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.1.1.0/27}, {name: GatewaySubnet, prefix: 10.1.2.0/27}, {name: work, prefix: 10.1.3.0/24}]
  - name: other
    address_space: [10.2.0.0/16]
    subnets: [{name: GatewaySubnet, prefix: 10.2.2.0/27}, {name: work, prefix: 10.2.3.0/24}]
expressroute_gateways: [{name: gw, vnet: hub}, {name: gx, vnet: other}]
circuits:
  - {name: a, site: dc, connections: [gw], addresses: [192.0.2.1, 192.0.2.2]}
  - {name: b, site: dc, connections: [gw], addresses: [192.0.2.3, 192.0.2.4]}
  - {name: c, site: far, connections: [gx], addresses: [192.0.2.5, 192.0.2.6]}
sites:
  - {name: dc, asn: 65021, prefixes: [10.100.0.0/16], multipath: true}
  - {name: far, asn: 65022, prefixes: [10.200.0.0/16], multipath: true}
vms: [{name: vms, vnet: hub, subnet: work, count: 20}, {name: others, vnet: other, subnet: work, count: 20}]
traffic: [{name: to-dc, from: vms, to: dc, rate: 1Gbps}]
`

// hopsOf gives all next hops that the two groups of NICs of a set have for a
// prefix at the end.
func hopsOf(r *result, set, prefix string) []string {
	var all []string
	for _, group := range []string{set + "-0", set + "-1"} {
		all = append(all, strings.Fields(inTable(r, group, "nic", prefix, end))...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestTwoCircuitsOnOneGateway: NICs show the edge routers as next hops, four of
// them; beside a Route Server one, because the gateway can tell it one path only
// (troubleshoot-route-server), or two as an option.
func TestTwoCircuitsOnOneGateway(t *testing.T) {
	const beside = "route_servers=[{name: rs, vnet: hub}]"
	for _, c := range []struct {
		what string
		set  []string
		hops int
	}{
		{"no Route Server", nil, 4},
		{"a Route Server", []string{beside}, 1},
		{"a Route Server, and ECMP", []string{beside, "expressroute_gateways[gw].ecmp_with_route_server=true", "route_servers[rs].nic_source=union"}, 2},
	} {
		r := playText(t, oneGateway, c.set...)
		if hops := hopsOf(r, "vms", dcNet); len(hops) != c.hops || slices.ContainsFunc(hops, func(h string) bool { return !strings.HasPrefix(h, "192.0.2.") }) {
			t.Errorf("%s: the NICs have %q", c.what, hops)
		}
		holds(t, r, "delivered.forward == 100", "delivered.return == 100")
	}
	r := playText(t, oneGateway, beside, "expressroute_gateways[gw].ecmp_with_route_server=true")
	for _, group := range []string{"vms-0", "vms-1"} {
		if hops := strings.Fields(inTable(r, group, "nic", dcNet, end)); len(hops) != 2 {
			t.Errorf("with ECMP, %s has %q", group, hops)
		}
	}
}

// TestConnectionWeight: the gateway compares it before the AS path (see
// TestWeightBeatsThePath); on-premises does not know of it (expressroute-optimize-routing).
func TestConnectionWeight(t *testing.T) {
	r := playText(t, oneGateway, "circuits[a].connections=[{gateway: gw, weight: 10}]")
	if hops := hopsOf(r, "vms", dcNet); !slices.Equal(hops, []string{"192.0.2.1", "192.0.2.2"}) {
		t.Errorf("with the weight on circuit a: %q", hops)
	}
	holds(t, r, "delivered.return == 100")
	isUsed := func(row metrics.Traffic) bool { return row.Path != nil && strings.Contains(*row.Path, "b-") }
	if !slices.ContainsFunc(stepAt(r, "to-dc", "return", end), isUsed) {
		t.Error("on-premises sends nothing through circuit b")
	}
}

// TestOneCircuitTwoGateways: both VNets reach the site, and each other through
// the circuit; losing it takes both.
func TestOneCircuitTwoGateways(t *testing.T) {
	joined := []string{
		`circuits=[{name: a, site: dc, connections: [gw, gx]}, {name: c, site: far, connections: [gx]}]`,
		`traffic=[{name: to-dc, from: vms, to: dc, rate: 1Gbps}, {name: other-dc, from: others, to: dc, rate: 1Gbps}]`,
	}
	r := playText(t, oneGateway, joined...)
	holds(t, r, "delivered.forward == 100", "delivered.return == 100", "sessions.down == 0")
	isLearned(t, r, "dc", "a-0", "10.1.0.0/16", "10.2.0.0/16")
	if _, leaks := learnedBy(t, r, "a-0", "gx-0")["10.200.0.0/16"]; leaks {
		t.Error("a gateway joins two circuits: it sends what one site offers to the other")
	}
	r = playText(t, oneGateway, append(joined, `faults=[{name: loss, kind: circuit-loss, target: a, at: 300s}]`)...)
	holds(t, r, "delivered.forward.to-dc == 0", "delivered.forward.other-dc == 0", "cause.forward.to-dc black-hole")
}
