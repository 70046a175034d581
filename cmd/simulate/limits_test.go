package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// announcing makes an override that lets an NVA announce n prefixes of its own.
func announcing(nva string, n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("{prefix: 172.%d.%d.0/24, via: vnet}", 16+i/256, i%256))
	}
	return "nvas[" + nva + "].static_routes=[" + strings.Join(all, ", ") + "]"
}

// firewalls is active-active with the Internet alone: a data centre would carry the
// routes of one NVA to the other. An NVA sends the Internet, and the spoke back,
// beside what it announces.
func firewalls(set ...string) []string {
	return append([]string{
		"nvas[nva1].roles=[firewall]", "nvas[nva2].roles=[firewall]", "sites=[]", "expect={}",
		"traffic=[{name: spoke-internet, from: spoke-vms, to: internet, rate: 500Mbps}]",
	}, set...)
}

// TestPeerLimit: a Route Server has eight BGP peers at most.
func TestPeerLimit(t *testing.T) {
	nvas := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("{name: nva%d, vnet: hub1, address: 10.1.0.%d, asn: %d, route_servers: [rs0]}", i, 4+i, 65001+i))
		}
		return "nvas=[" + strings.Join(all, ", ") + "]"
	}
	set := []string{"traffic=[]", "sites=[]", "faults=[]", "drills=[]", "failures=[]", "expect={}"}
	refused(t, "active-active", "rs0 has 9 NVAs as peers; Azure allows 8", append(set, nvas(9))...)
	holds(t, playWith(t, "active-active", 1, append(set, nvas(8))...), "sessions.down == 0", "routes.nva7 == 1")
}

// TestRouteLimit: above the limit the session is torn down, not the routes that
// are too many (azure-subscription-service-limits), and it begins anew after a
// while; where both NVAs announce the same table, both hubs drop together.
func TestRouteLimit(t *testing.T) {
	play := func(one, two int, retry time.Duration) *result {
		return playWith(t, "active-active", 1, firewalls("faults=[]", "drills=[]", "failures=[]", "horizon=900s", "route_servers[rs0].route_limit=52",
			fmt.Sprintf("route_servers[rs0].limit_retry=%v", retry), announcing("nva1", one), announcing("nva2", two))...)
	}
	r := play(50, 50, time.Minute)
	if n := downs(r, "rs0-0", "nva1"); n != 0 {
		t.Errorf("at the limit the session goes down %d times", n)
	}
	holds(t, r, "inspected.forward == 100", "sessions.down == 0", "routes.rs0-0 == 51")
	for retry, times := range map[time.Duration]int{time.Minute: 900 / 60, 5 * time.Minute: 900 / 300} {
		r := play(51, 51, retry)
		for _, nva := range []string{"nva1", "nva2"} {
			down := tornDown(r, "rs0-0", nva)
			for i := 1; i < len(down); i++ {
				if down[i]-down[i-1] < retry {
					t.Errorf("retry %v: %s is back after %v", retry, nva, down[i]-down[i-1])
				}
			}
			if len(down) < times/2 || len(down) > times {
				t.Errorf("retry %v: %s is torn down %d times in 900 s", retry, nva, len(down))
			}
		}
		holds(t, r, "inspected.forward == 0")
		if up := best(r, "rs0-0"); len(up) != 0 {
			t.Errorf("retry %v: of too many routes %d are kept", retry, len(up))
		}
	}
	r = play(51, 50, time.Minute)
	holds(t, r, "delivered.forward == 100", "inspected.forward == 100")
	if via := viaAt(r, "spoke-internet", "forward", "hub2", end); via != 1 {
		t.Errorf("%.2f goes through the hub whose NVA keeps to the limit", via)
	}
}

// tornDown gives when an actor ended its session with a peer for too many routes.
func tornDown(r *result, actor, peer string) (all []time.Duration) {
	for _, s := range r.measured.Sessions {
		if s.Actor == actor && s.Peer == peer && strings.HasPrefix(s.Reason, "too many routes") {
			all = append(all, time.Duration(s.T))
		}
	}
	return all
}

// TestRouteRefresh: creating a peering makes the Route Server ask all NVAs for
// their routes again, and those count twice (route-server-faq): above half of the
// limit the session is torn down, at half of it nothing happens.
func TestRouteRefresh(t *testing.T) {
	const limit = 104
	play := func(one, two int) *result {
		return playWith(t, "active-active", 1, firewalls(fmt.Sprintf("route_servers[rs0].route_limit=%d", limit), "drills=[]", "failures=[]",
			announcing("nva1", one), announcing("nva2", two), "faults=[{name: peered, kind: peering-created, target: spoke, at: 400s}]")...)
	}
	const half = limit/2 - 2 // with the Internet and the spoke
	r := play(half, half)
	for _, nva := range []string{"nva1", "nva2"} {
		if n := len(tornDown(r, "rs0-0", nva)) + len(tornDown(r, "rs0-1", nva)); n != 0 {
			t.Errorf("with half of the limit %s lost its sessions %d times", nva, n)
		}
	}
	if i := impactOf(t, r, "peered", "spoke-internet", "forward"); i.LostBytes != 0 {
		t.Errorf("with half of the limit %d bytes are lost", i.LostBytes)
	}
	r = play(half+1, half)
	for _, rs := range []string{"rs0-0", "rs0-1"} {
		at := struckAt(t, r, "peered")
		if down := tornDown(r, rs, "nva1"); len(down) != 1 || down[0] < at || down[0] > at+time.Second {
			t.Errorf("%s ends the session with nva1 at %v, %v expected", rs, down, at)
		}
		if down := tornDown(r, rs, "nva2"); len(down) != 0 {
			t.Errorf("%s ends the session with nva2 at %v", rs, down)
		}
	}
	holds(t, r, "inspected.forward == 100", "sessions.down == 0")
	if via := viaAt(r, "spoke-internet", "forward", "hub1", end); via == 0 {
		t.Error("nva1 does not come back")
	}
	r = play(half+1, half+1)
	if via := viaAt(r, "spoke-internet", "forward", "hub1", 430*time.Second) + viaAt(r, "spoke-internet", "forward", "hub2", 430*time.Second); via != 0 {
		t.Errorf("both hubs drop together, and %.2f goes through them", via)
	}
}

// TestCircuitLimit: a gateway may advertise 1,000 routes to a circuit; what
// happens above nobody says, so it is said and the run goes on.
func TestCircuitLimit(t *testing.T) {
	of := func(r *result) bool {
		return slices.ContainsFunc(r.measured.Diagnoses, func(d string) bool { return strings.Contains(d, "Azure allows 1,000") })
	}
	// Beside them gw1 advertises its own VNet and the spoke.
	within := playWith(t, "expressroute-active-active", 1, with(announcing("nva1", 998))...)
	if of(within) {
		t.Errorf("with 1,000 routes: %q", within.measured.Diagnoses)
	}
	above := playWith(t, "expressroute-active-active", 1, with(announcing("nva1", 999))...)
	says(t, above, "gw1-0 advertises 1,001 routes to circuit1-0", "Azure allows 1,000", "the run goes on")
	holds(t, above, "delivered.forward == 100", "delivered.return == 100", "sessions.down == 0")
}

// TestSKU: an edge router ends the session with a site that sends more routes
// than the circuit's SKU allows (expressroute limits).
func TestSKU(t *testing.T) {
	var all []string
	for i := range 4000 {
		all = append(all, fmt.Sprintf("172.%d.%d.%d/28", 16+i/4096, i/16%256, i%16*16))
	}
	r := playText(t, oneGateway, "horizon=4s", "traffic=[]", "circuits[b].sku=Premium", "sites[dc].prefixes=[10.100.0.0/16, "+strings.Join(all, ", ")+"]")
	if n := len(tornDown(r, "a-0", "dc")); n == 0 {
		t.Error("a Standard circuit takes 4,001 routes")
	}
	if n := len(tornDown(r, "b-0", "dc")); n != 0 {
		t.Errorf("a Premium circuit ends the session %d times", n)
	}
}

// TestSessionsOverTheLimitWait: a circuit, and a VPN gateway, whose site announces
// too much ends the session and takes it up again a minute later at the earliest,
// not at once.
func TestSessionsOverTheLimitWait(t *testing.T) {
	prefixes := make([]string, 4001)
	for i := range prefixes {
		prefixes[i] = fmt.Sprintf("172.%d.%d.0/28", 16+i/256, i%256)
	}
	r := playWith(t, "expressroute-shared-circuit", 1, "sites[dc].prefixes=["+strings.Join(prefixes, ", ")+"]", "faults=[]", "expect={}",
		"traffic=[]", "horizon=50s", "nvas=[]", "route_servers=[]", "expressroute_gateways[gw1].convergence=0s", "expressroute_gateways[gw2].convergence=0s",
		"vnets[hub1].subnets[GatewaySubnet].routes=[]", "vnets[hub2].subnets[GatewaySubnet].routes=[]")
	downs := 0
	for _, s := range r.measured.Sessions {
		if s.Actor == "circuit1-0" && s.Peer == "dc" && strings.HasPrefix(s.Reason, "too many routes") {
			downs++
		}
	}
	if downs != 1 {
		t.Errorf("circuit1-0 ended its session with dc %d times in 50 s", downs)
	}
	says(t, r, "circuit1-0", "dc", "too many routes")
}
