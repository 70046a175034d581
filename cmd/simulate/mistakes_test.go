package main

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A hub with an NVA, a VNet with nothing but a Route Server, and a VNet with
// machines that uses it as remote gateway.
const remoteRouteServer = `
version: 1
name: remote-route-server
horizon: 900s
vnets:
  - name: hub
    address_space: [10.1.0.0/16]
    subnets: [{name: nva, prefix: 10.1.0.0/24}]
  - name: aux
    address_space: [10.3.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.3.1.0/27}]
  - name: work
    address_space: [10.4.0.0/16]
    subnets: [{name: vms, prefix: 10.4.1.0/24}]
peerings:
  - {between: [aux, work], allow_gateway_transit: [aux], use_remote_gateways: [work]}
  - {between: [hub, aux]}
  - {between: [hub, work]}
route_servers: [{name: rs, vnet: aux}]
nvas: [{name: nva, vnet: hub, address: 10.1.0.4, asn: 65001, roles: [vpn], route_servers: [rs]}]
sites: [{name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [nva]}]
vms: [{name: vms, vnet: work, subnet: vms, count: 10}]
traffic: [{name: to-dc, from: vms, to: dc, rate: 100Mbps}]
`

// TestRemoteRouteServer: a VNet without use_remote_gateways gets no routes, though
// the Route Server's table is right, and the NVA does not learn it (route-server-faq).
func TestRemoteRouteServer(t *testing.T) {
	r := playText(t, remoteRouteServer)
	holds(t, r, "delivered.forward == 100", "delivered.return == 100", "inspected.forward == 100", "inspected.return == 100")
	isLearned(t, r, "nva", "rs-0", "10.3.0.0/16", "10.4.0.0/16")
	if hops := hopsOf(r, "vms", dcNet); !slices.Equal(hops, []string{"10.1.0.4"}) {
		t.Errorf("with use_remote_gateways: %q", hops)
	}
	r = playText(t, remoteRouteServer, "peerings[aux-work].use_remote_gateways=[]")
	holds(t, r, "delivered.forward == 0", "delivered.return == 0", "sessions.down == 0", "routes.rs-0 == 1", "routes.rs-1 == 1")
	isLearned(t, r, "nva", "rs-0", "10.3.0.0/16")
	if hops := hopsOf(r, "vms", dcNet); len(hops) != 0 {
		t.Errorf("without use_remote_gateways: %q", hops)
	}
}

// TestForwardedTrafficNotAllowed: BGP is fine, and what an NVA forwards to the
// spoke is dropped.
func TestForwardedTrafficNotAllowed(t *testing.T) {
	set := []string{"peerings[hub1-spoke].allow_forwarded_traffic=[hub1]", "peerings[hub2-spoke].allow_forwarded_traffic=[hub2]"}
	r := playWith(t, "active-active", 1, with(set...)...)
	holds(t, r, "delivered.forward.spoke-dc == 100", "delivered.return.spoke-dc == 0", "cause.return.spoke-dc policy", "sessions.down == 0",
		"routes.rs0-0 == 2", "routes.dc == 1")
	says(t, r, "return flows of spoke-dc are dropped on the peering hub1-spoke", "allow forwarded traffic")
	r = playWith(t, "active-active", 1, with(set[0])...)
	near(t, "dropped on one of two peerings", lostShare(r, "spoke-dc", "return", "policy"), 0.5, 1000, 0)
}

// TestUserRouteHasNoFailover: it beats what the Route Server learned, and nobody
// changes it when the NVA dies (virtual-networks-udr-overview).
func TestUserRouteHasNoFailover(t *testing.T) {
	set := []string{"vnets[spoke].subnets[workload].routes=[{prefix: 0.0.0.0/0, next_hop: 10.1.0.4}]", "expect={}", "faults=[{name: dies, kind: node-death, target: nva1, at: 300s}]"}
	r := playWith(t, "active-active", 1, set...)
	if via := viaAt(r, "spoke-internet", "forward", "hub1", 299*time.Second); via != 1 {
		t.Errorf("before, %.2f goes through hub1", via)
	}
	holds(t, r, "delivered.forward.spoke-internet == 0", "cause.forward.spoke-internet black-hole", "delivered.forward.spoke-dc == 100")
	says(t, r, "flows of spoke-internet are lost", "the user-defined route of its subnet for 0.0.0.0/0 leads to nva1, which is dead")
	rows, _ := effectiveRoutes(r.network, "spoke-vms-0")
	for _, row := range rows {
		if row.prefix.Bits() == 0 && row.active != (row.source == "User") {
			t.Errorf("of 0.0.0.0/0 the route of source %s is active: %v", row.source, row.active)
		}
	}
	r = playWith(t, "active-active", 1, set[1:]...)
	holds(t, r, "delivered.forward == 100")
}

// TestNoPropagation: the NICs of a subnet that does not propagate gateway routes
// get nothing from Route Servers either (route-injection-in-spokes).
func TestNoPropagation(t *testing.T) {
	r := playWith(t, "active-active", 1, with("vnets[spoke].subnets[workload].propagate_gateway_routes=false")...)
	for _, prefix := range []string{dcNet, "0.0.0.0/0"} {
		if hops := hopsOf(r, "spoke-vms", prefix); len(hops) != 0 {
			t.Errorf("%s: %q", prefix, hops)
		}
	}
	holds(t, r, "delivered.forward.spoke-dc == 0", "routes.rs0-0 == 2", "sessions.down == 0", "inspected.forward.spoke-internet == 0")
}

// TestStaticRouteOutlivesItsTunnel: what an NVA announces of itself it does not
// withdraw when what it leads to is lost, unless health probes tell it (anycast);
// what it learned it does.
func TestStaticRouteOutlivesItsTunnel(t *testing.T) {
	base := []string{
		"expect={}", "faults=[{name: lost, kind: upstream-loss, target: nva1, at: 300s}]", "nvas[nva1].roles=[vpn]", "nvas[nva2].roles=[vpn]",
		"traffic=[{name: spoke-dc, from: spoke-vms, to: dc, rate: 1Gbps}]",
	}
	static := append(slices.Clone(base), "sites[dc].tunnels=[{to: nva1, bgp: false}, nva2]")
	holds(t, playWith(t, "active-passive", 1, base...), "delivered.forward == 100", "delivered.return == 100")
	r := playWith(t, "active-passive", 1, static...)
	holds(t, r, "delivered.forward == 0", "cause.forward.spoke-dc black-hole")
	if hops := hopsOf(r, "spoke-vms", dcNet); !slices.Equal(hops, []string{"10.1.0.4"}) {
		t.Errorf("the NICs have %q", hops)
	}
	r = playWith(t, "active-passive", 1, append(static, "nvas[nva1].probe_interval=5s")...)
	holds(t, r, "delivered.forward == 100", "outage.forward > 10s", "outage.forward < 22s") // three probes, and programming
}

// TestSessionsDown: a session that is down counts once, whether both of its ends
// know it or only one.
func TestSessionsDown(t *testing.T) {
	for fault, down := range map[string]string{
		"kind: session-shutdown, target: nva1, peer: rs0-0": "1",
		"kind: graceful-stop, target: nva1":                 "3",
		"kind: node-death, target: nva1":                    "3",
		"kind: instance-loss, target: rs0-1":                "2",
	} {
		r := playWith(t, "active-passive", 1, "expect={}", "faults=[{name: f, "+fault+", at: 300s}]")
		holds(t, r, "sessions.down == "+down)
	}
}

// TestDeadForwardingIsNeverNoticed: a Route Server does not look at the data path.
func TestDeadForwardingIsNeverNoticed(t *testing.T) {
	r := playWith(t, "active-active", 1, "expect={}", "faults=[{name: dead, kind: forwarding-dead, target: nva1, at: 300s}]")
	holds(t, r, "sessions.down == 0", "cause.forward.spoke-dc black-hole")
	near(t, "lost for good", lostShare(r, "spoke-dc", "forward", "black-hole"), 0.5, 1000, 0)
	if n := changesBetween(r, "spoke-vms-0", "nic", 300*time.Second, end); n != 0 {
		t.Errorf("the NICs change %d times", n)
	}
}

// TestDefaultRouteOnTheNVAItself: where a Route Server stands beside an NVA it
// programs the NVA's default route on the NVA's own NIC, and what that sends to
// the Internet comes back to it (troubleshoot-route-server).
func TestDefaultRouteOnTheNVAItself(t *testing.T) {
	const set = "vnets[hub1].subnets[nva].routes=[]"
	warned(t, "expressroute-active-active", "what it sends to the Internet comes back to it", set)
	r := playWith(t, "expressroute-active-active", 1, with(set)...)
	if hops := inTable(r, "nva1", "nic", "0.0.0.0/0", end); hops != "10.1.0.4" {
		t.Errorf("nva1's NIC sends the Internet to %q", hops)
	}
	near(t, "looping in hub1", lostShare(r, "spoke-internet", "forward", "loop"), 0.5, 1000, 0)
	says(t, r, "flows of spoke-internet loop at nva1", "to nva1 itself")
	holds(t, r, "delivered.forward.spoke-dc == 100", "sessions.down == 0")
	r = playWith(t, "expressroute-active-active", 1, still...)
	holds(t, r, "delivered.forward == 100")
}

// TestGatewaySubnetCoversRouteServer: a route there that takes BGP to the NVA
// (troubleshoot-route-server) is warned of, and the hub's Route Server knows no
// route to on-premises from its gateway.
func TestGatewaySubnetCoversRouteServer(t *testing.T) {
	const set = "vnets[hub1].subnets[GatewaySubnet].routes=[{prefix: 10.0.0.0/16, next_hop: 10.1.0.4}, {prefix: 10.1.0.0/16, next_hop: 10.1.0.4}]"
	warned(t, "expressroute-active-active", "10.1.0.0/16 covers RouteServerSubnet, 10.1.1.0/27: BGP between the gateway and rs1 goes to 10.1.0.4 instead of its peer", set)
	r := playWith(t, "expressroute-active-active", 1, with(set)...)
	holds(t, r, "delivered.forward.spoke-dc == 100")
	if best, _ := r.network.RouteServers[2].Best(netip.MustParsePrefix(dcNet)); slices.Contains(best.From, "gw1-0") {
		t.Errorf("rs1-0 has on-premises from %v", best.From)
	}
	for _, row := range r.traffic("spoke-dc", "forward") {
		if row.Delivered > 0 && *row.Via == "hub1" {
			t.Errorf("something of spoke-dc is delivered through hub1 at %d", row.T)
		}
	}
}

// TestOneInstance: of an NVA that peers with one instance of the Route Server,
// the NICs that the other one serves have no routes.
func TestOneInstance(t *testing.T) {
	one := []string{"nvas[nva1].route_servers=[rs0-0]", "nvas[nva2].route_servers=[rs0-0]"}
	warned(t, "active-active", "nva1 peers with rs0-0 and not with rs0-1: about half of the NICs lack its routes", one...)
	r := playWith(t, "active-active", 1, with(append(one, "vms[spoke-vms].count=1000", "traffic[spoke-dc].flows=10000")...)...)
	for group, want := range map[string]string{"spoke-vms-0": "10.1.0.4 10.2.0.4", "spoke-vms-1": ""} {
		if hops := inTable(r, group, "nic", dcNet, end); hops != want {
			t.Errorf("%s has %q", group, hops)
		}
	}
	near(t, "NICs without routes", lostShare(r, "spoke-dc", "forward", "black-hole"), 0.5, 1000, 0)
	holds(t, r, "delivered.return.spoke-dc == 100")
	r = playWith(t, "active-active", 1, with(append(one, "route_servers[rs0].nic_source=union")...)...)
	holds(t, r, "delivered.forward == 100", "inspected.forward == 100")
	r = playWith(t, "active-active", 1, with(one[0])...)
	if first, second := inTable(r, "spoke-vms-0", "nic", dcNet, end), inTable(r, "spoke-vms-1", "nic", dcNet, end); first != "10.1.0.4 10.2.0.4" || second != "10.2.0.4" {
		t.Errorf("nva1 at one instance only: %q and %q", first, second)
	}
}

// TestDifferentToTheInstances: an NVA that sends the two instances paths of
// different lengths makes the VMs disagree on the next hop (route-server-faq).
func TestDifferentToTheInstances(t *testing.T) {
	r := playWith(t, "active-active", 1, with("nvas[nva2].route_servers=[rs0-0, {route_server: rs0-1, prepend: 2}]")...)
	if first, second := inTable(r, "spoke-vms-0", "nic", dcNet, end), inTable(r, "spoke-vms-1", "nic", dcNet, end); first != "10.1.0.4 10.2.0.4" || second != "10.1.0.4" {
		t.Errorf("%q and %q", first, second)
	}
}

// TestPrefixInsideTheVNet: what an NVA announces of the spoke's own addresses, or
// of a peered VNet's, changes nothing on NICs (route-injection-in-spokes); a
// supernet does.
func TestPrefixInsideTheVNet(t *testing.T) {
	const set = "nvas[nva1].static_routes=[{prefix: 10.0.1.0/24, via: vnet}, {prefix: 10.2.0.0/16, via: vnet}, {prefix: 10.0.0.0/8, via: vnet}]"
	warned(t, "active-active", "10.0.1.0/24 is inside VNet spoke: no NIC will use the route that nva1 announces, because system routes win", set)
	r := playWith(t, "active-active", 1, with(set)...)
	for prefix, want := range map[string][]string{"10.0.1.0/24": nil, "10.2.0.0/16": nil, "10.0.0.0/8": {"10.1.0.4"}} {
		if hops := hopsOf(r, "spoke-vms", prefix); !slices.Equal(hops, want) {
			t.Errorf("%s: %q", prefix, hops)
		}
		if _, learned := best(r, "rs0-0")[prefix]; !learned {
			t.Errorf("rs0-0 has not learned %s", prefix)
		}
	}
}

// TestBowTie: on one circuit, what an NVA of hub 1 announces comes to hub 2's
// gateway through the edge routers, and hub 2's Route Server drops it: it was in
// AS 65515 before (route-server-faq).
func TestBowTie(t *testing.T) {
	r := playWith(t, "expressroute-shared-circuit", 1, with("nvas[nva1].static_routes=[{prefix: 10.7.0.0/16, via: vnet}]", "nvas[nva1].route_servers=[rs1]")...)
	if _, has := best(r, "rs1-0")["10.7.0.0/16"]; !has {
		t.Error("rs1-0 has not learned what nva1 announces")
	}
	isThere := learnedBy(t, r, "circuit1-0", "gw1-0")["10.7.0.0/16"]
	if isThere != "65515 65001" {
		t.Errorf("the circuit has learned it with the path %q", isThere)
	}
	for _, rs := range []string{"rs2-0", "rs2-1"} {
		if hops, has := best(r, rs)["10.7.0.0/16"]; has {
			t.Errorf("%s uses it: %s", rs, hops)
		}
	}
	if hops := inTable(r, "nva2", "nic", "10.7.0.0/16", end); hops != "" {
		t.Errorf("nva2's NIC has %q", hops)
	}
}

// TestHubToHubOverTwoCircuits: both circuits offer a hub's prefix with equal
// paths, and what takes the other hub's loops there (inferred from recorded
// tables).
func TestHubToHubOverTwoCircuits(t *testing.T) {
	r := playWith(t, "recorded-expressroute", 1, "expect={}",
		"sites=[{name: dc, asn: 65021, prefixes: [10.2.13.0/25], multipath: true}]", "circuits[circuit1].site=dc", "circuits[circuit2].site=dc",
		"traffic=[{name: hub2-dc, from: vm24, to: dc, rate: 1Gbps}]")
	near(t, "from on-premises through hub 1", lostShare(r, "hub2-dc", "return", "loop"), 0.5, 1000, 0)
	says(t, r, "return flows of hub2-dc loop")
	for _, row := range stepAt(r, "hub2-dc", "return", end) {
		if row.Cause != nil && *row.Cause == "loop" && row.Offered > 0 && !strings.Contains(*row.Path, "csr1") {
			t.Errorf("looping outside of hub 1: %s", *row.Path)
		}
	}
}

// TestLoadBalancerAsNextHop: when one of two NVAs behind a load balancer dies, no
// route on a NIC changes; its probes move the flows after about 10 s (inferred
// from next-hop-ip and observed probes of 5 s x 2).
func TestLoadBalancerAsNextHop(t *testing.T) {
	const nvas = "[{name: nva1, vnet: hub, address: 10.1.0.4, asn: 65001, roles: [vpn], route_servers: [{route_server: rs, next_hop: 10.1.0.10}]}, " +
		"{name: nva2, vnet: hub, address: 10.1.0.5, asn: 65001, roles: [vpn], route_servers: [{route_server: rs, next_hop: 10.1.0.10}]}]"
	for _, phase := range []string{"400s", "402s", "404s"} {
		r := playText(t, remoteRouteServer, "nvas="+nvas, "sites[dc].tunnels=[nva1, nva2]", "sites[dc].multipath=true",
			"load_balancers=[{name: lb, vnet: hub, address: 10.1.0.10, backends: [nva1, nva2]}]",
			"faults=[{name: dies, kind: node-death, target: nva1, at: "+phase+"}]")
		if hops := hopsOf(r, "vms", dcNet); !slices.Equal(hops, []string{"10.1.0.10"}) {
			t.Errorf("the NICs have %q", hops)
		}
		for _, nic := range []string{"vms-0", "vms-1"} {
			if n := changesBetween(r, nic, "nic", 400*time.Second, end); n != 0 {
				t.Errorf("%s changes %d times", nic, n)
			}
		}
		if d := time.Duration(impactOf(t, r, "dies", "to-dc", "forward").Outage); d < 5*time.Second || d > 10*time.Second+100*time.Millisecond {
			t.Errorf("something is lost for %v", d)
		}
		holds(t, r, "delivered.forward == 100")
	}
}
