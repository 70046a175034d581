package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/scenarios"
)

// The address space of the spoke and the data centre of the library's designs.
const (
	spokeNet = "10.0.0.0/16"
	dcNet    = "10.100.0.0/16"
)

// still plays a design until nothing changes any more, without a fault.
var still = []string{"faults=[]", "drills=[]", "failures=[]", "expect={}", "horizon=900s"}

func with(set ...string) []string { return append(slices.Clone(still), set...) }

// TestWithoutASOverride: all sessions are established and nothing works, because
// each Route Server drops what the NVAs relay from another one: all of them are
// AS 65515 (route-server-faq; about-dual-homed-network).
func TestWithoutASOverride(t *testing.T) {
	r := playWith(t, "expressroute-no-as-override", 1)
	if r.measured.SessionsDown != 0 {
		t.Errorf("%d sessions are down", r.measured.SessionsDown)
	}
	for _, i := range []string{"-0", "-1"} {
		if hops, found := best(r, "rs0"+i)[dcNet]; found {
			t.Errorf("rs0%s uses %s: %s", i, dcNet, hops)
		}
		for _, rs := range []string{"rs1", "rs2"} {
			if hops, found := best(r, rs+i)[spokeNet]; found {
				t.Errorf("%s%s uses %s: %s", rs, i, spokeNet, hops)
			}
		}
	}
	holds(t, r, "sessions.down == 0", "delivered.forward.spoke-dc == 0", "delivered.return.spoke-dc == 0", "cause.forward.spoke-dc black-hole")
	for rs, nva := range map[string]string{"rs1-0 and rs1-1": "nva1", "rs2-0 and rs2-1": "nva2"} {
		says(t, r, rs+" ignore", nva, "65515", "as-override")
		says(t, r, "rs0-0 and rs0-1 ignore", nva, "65515", "as-override")
	}
	refused(t, "expressroute-no-as-override", "a Route Server has no allowas-in: it drops every path with 65515", "route_servers[rs0].allowas_in=1")
}

// TestOverrideOnOneHubOnly: what rests on the one NVA that overrides works until
// that fails.
func TestOverrideOnOneHubOnly(t *testing.T) {
	const without = "nvas[nva2].as_override=none"
	warned(t, "expressroute-active-active", "all rests on nva1, which does it right: when it fails nothing is left", without)
	r := playWith(t, "expressroute-active-active", 1, with(without)...)
	holds(t, r, "delivered.forward == 100", "delivered.return == 100", "sessions.down == 0")
	says(t, r, "rs0-0 and rs0-1 ignore", "nva2 needs as-override")
	for _, fault := range []string{"kind: hub-loss, target: hub1", "kind: node-death, target: nva1"} {
		lost := []string{without, "horizon=1500s", "expect={}", "faults=[{name: hub1-fails, " + fault + ", at: 300s}]"}
		r := playWith(t, "expressroute-active-active", 1, lost...)
		if via := viaAt(r, "spoke-dc", "forward", "hub1", 299*time.Second); via != 1 {
			t.Errorf("before %s, %v of the traffic goes through hub1", fault, via)
		}
		holds(t, r, "delivered.forward.spoke-dc == 0", "delivered.return.spoke-dc == 0", "cause.forward.spoke-dc black-hole",
			"delivered.forward.spoke-internet == 100")
		both := playWith(t, "expressroute-active-active", 1, slices.Replace(lost, 0, 1)...)
		holds(t, both, "delivered.forward == 100", "delivered.return.spoke-internet == 100")
	}
}

// TestMixedOverrideAndRemoval: a path from which 65515 is removed is shorter by
// one than one in which it is overridden, so all of Azure's traffic takes it
// (inferred from about-dual-homed-network and multiregion).
func TestMixedOverrideAndRemoval(t *testing.T) {
	mixed := []string{"nvas[nva2].as_override=none", "nvas[nva2].remove_as=out"}
	warned(t, "expressroute-active-active", "paths through nva2 are shorter by 1: unintended active/passive", mixed...)
	r := playWith(t, "expressroute-active-active", 1, with(mixed...)...)
	for _, rs := range []string{"rs0-0", "rs0-1"} {
		one, two := learnedBy(t, r, rs, "nva1")[dcNet], learnedBy(t, r, rs, "nva2")[dcNet]
		if one != "65001 65001 12076 65021" || two != "65002 12076 65021" {
			t.Errorf("%s has learned %q and %q", rs, one, two)
		}
		if hops := best(r, rs)[dcNet]; hops != "10.2.0.4" {
			t.Errorf("%s uses %s", rs, hops)
		}
	}
	if via := viaAt(r, "spoke-dc", "forward", "hub2", end); via != 1 {
		t.Errorf("%.2f of the traffic to on-premises goes through hub2", via)
	}
	near(t, "on-premises sees two equal paths", viaAt(r, "spoke-dc", "return", "hub1", end), 0.5, 1000, 0)
	holds(t, r, "delivered.forward == 100", "delivered.return == 100")
}

// TestBypass: what comes from on-premises passes an NVA only where GatewaySubnet
// has a route to it, because peering routes beat what the NVA announces
// (virtual-networks-udr-overview; route-injection-in-spokes). That route is
// static: when the NVA dies the return direction is lost as long as the hub's
// Route Server offers the spoke, and without it nothing is lost.
func TestBypass(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		r := playWith(t, "expressroute-active-active", seed)
		holds(t, r, "inspected.forward == 100", "inspected.return == 100")
		const hold, keepalive = 180 * time.Second, 60 * time.Second
		i := impactOf(t, r, "nva1-dies", "spoke-dc", "return")
		if lost := time.Duration(i.Outage); lost < hold-keepalive || lost > hold+10*time.Second || !i.Restored {
			t.Errorf("seed %d: from on-premises something is lost for %v", seed, lost)
		}
		if hole := lostTo(t, r, "nva1-dies", "spoke-dc", "return", "black-hole"); hole < time.Duration(i.Outage)-time.Second {
			t.Errorf("seed %d: of %v, %v is called a black hole", seed, time.Duration(i.Outage), hole)
		}
		r = playWith(t, "expressroute-nva-bypass", seed)
		holds(t, r, "inspected.forward == 100", "inspected.return.spoke-dc == 0", "delivered.return == 100")
		says(t, r, "return flows of spoke-dc are not inspected", "a route table on GatewaySubnet")
		if i := impactOf(t, r, "nva1-dies", "spoke-dc", "return"); time.Duration(i.Outage) >= 100*time.Millisecond {
			t.Errorf("seed %d: past the NVA something is lost for %v", seed, time.Duration(i.Outage))
		}
		if i := impactOf(t, r, "nva1-dies", "spoke-dc", "forward"); time.Duration(i.Outage) < hold-keepalive {
			t.Errorf("seed %d: to on-premises something is lost for %v only", seed, time.Duration(i.Outage))
		}
	}
}

// TestStatefulBypass: an NVA that has not seen the way there drops the answers.
// The packets from on-premises come past it, so all those of flows that began
// there are gone; with the route on GatewaySubnet, half of them still come back
// through the other NVA (no SNAT), and with one hub in use none.
func TestStatefulBypass(t *testing.T) {
	stateful := []string{"nvas[nva1].stateful=true", "nvas[nva2].stateful=true"}
	warned(t, "expressroute-nva-bypass", "the answers to it, which come to nva1, are dropped", stateful...)
	r := playWith(t, "expressroute-active-active", 1, with(stateful...)...)
	near(t, "two stateful NVAs without SNAT", lostShare(r, "spoke-dc", "return", "asymmetry"), 0.5, 1000, 0)
	says(t, r, "asymmetry of spoke-dc", "stateful")
	one := with(append(stateful, "nvas[nva2].prepend=2", "circuits[circuit2].connections=[gw1]")...)
	r = playWith(t, "expressroute-active-active", 1, one...)
	if lost := lostShare(r, "spoke-dc", "return", "asymmetry"); lost != 0 {
		t.Errorf("%.2f of the flows are broken though both directions pass nva1", lost)
	}
	r = playWith(t, "expressroute-nva-bypass", 1, with(stateful...)...)
	if lost := lostShare(r, "spoke-dc", "", "asymmetry"); lost != 1 {
		t.Errorf("past stateful NVAs %.2f of the flows are broken, expected all", lost)
	}
	says(t, r, "asymmetry of spoke-dc: 100 % of the flows go through nva1 and nva2, which are stateful, and come back past them", "a route table on GatewaySubnet")
}

// lostShare gives what part of a class is lost to a cause at the end, in one
// direction, or in that where it is more.
func lostShare(r *result, class, direction, cause string) float64 {
	most := 0.0
	for _, d := range []string{"forward", "return"} {
		if direction != "" && d != direction {
			continue
		}
		var offered, lost int64
		for _, row := range stepAt(r, class, d, end) {
			offered += row.Offered
			if row.Cause != nil && *row.Cause == cause {
				lost += row.Lost
			}
		}
		most = max(most, float64(lost)/float64(offered))
	}
	return most
}

// TestPrependingIsOneWay: Microsoft's edge routers strip prepends, so they decide
// for what Azure sends and for nothing else, unless both hubs hang off one
// circuit, whose edge routers see them (route-server-faq).
func TestPrependingIsOneWay(t *testing.T) {
	warned(t, "expressroute-active-passive", "dc never sees it: MSEEs strip private AS numbers and prepends")
	for seed := uint64(1); seed <= 4; seed++ {
		r := playWith(t, "expressroute-active-passive", seed, still...)
		if via := viaAt(r, "spoke-dc", "forward", "hub1", end); via != 1 {
			t.Errorf("seed %d: %.2f goes to on-premises through hub1", seed, via)
		}
		near(t, "from on-premises through hub1", viaAt(r, "spoke-dc", "return", "hub1", end), 0.5, 1000, 0)
		for _, msee := range []string{"circuit1-0", "circuit1-1", "circuit2-0", "circuit2-1"} {
			if path := learnedBy(t, r, "dc", msee)[spokeNet]; path != "12076" {
				t.Errorf("%s sends %s with the path %q", msee, spokeNet, path)
			}
		}
		r = playWith(t, "expressroute-shared-circuit", seed, still...)
		for _, direction := range []string{"forward", "return"} {
			if via := viaAt(r, "spoke-dc", direction, "hub1", end); via != 1 {
				t.Errorf("seed %d: on a shared circuit %.2f goes %s through hub1", seed, via, direction)
			}
		}
		if path := learnedBy(t, r, "circuit1-0", "gw2-0")[spokeNet]; strings.Count(path, "65002") != 4 { // own, two prepends, one override
			t.Errorf("gw2-0 sends %s with the path %q", spokeNet, path)
		}
	}
}

// TestRouteServersAreNotInTheDataPath: no packet of any scenario of the library
// visits one, whatever fails.
func TestRouteServersAreNotInTheDataPath(t *testing.T) {
	for _, e := range scenarios.Library() {
		r := playWith(t, e.Name, 1)
		walked := 0
		for _, row := range r.measured.Traffic {
			if row.Path == nil {
				continue
			}
			walked++
			if strings.Contains(*row.Path, "rs0-") || strings.Contains(*row.Path, "rs1-") || strings.Contains(*row.Path, "rs2-") {
				t.Errorf("%s: a packet went %s", e.Name, *row.Path)
			}
		}
		if walked == 0 && len(r.scenario.RouteServers) > 0 {
			t.Errorf("%s: no path was walked", e.Name)
		}
	}
}

// TestNextHopUnchanged: an NVA that keeps the next hops of what it relays between
// two Route Servers is out of the data path, and packets pass the other Route
// Server's instance instead (observed: rs-er-alternative-path-onprem,
// hub-spokes-rs-nva-routingcontrol).
func TestNextHopUnchanged(t *testing.T) {
	kept := []string{"nvas[nva1].next_hop_unchanged=true", "nvas[nva2].next_hop_unchanged=true"}
	warned(t, "expressroute-active-active", "traffic goes there past it, and nothing says so", kept...)
	r := playWith(t, "expressroute-active-active", 1, with(kept...)...)
	hops := strings.FieldsFunc(inTable(r, "spoke-vms-0", "nic", dcNet, end), func(c rune) bool { return c == ' ' })
	if len(hops) == 0 || slices.ContainsFunc(hops, func(h string) bool { return !strings.HasPrefix(h, "10.1.1.") && !strings.HasPrefix(h, "10.2.1.") }) {
		t.Errorf("spoke-vms-0 sends what is for %s to %q, expected instances of rs1 and rs2", dcNet, hops)
	}
	seen := map[string]bool{}
	for _, row := range stepAt(r, "spoke-dc", "forward", end) {
		if row.Offered == 0 {
			continue
		}
		if row.Path == nil || row.Inspected || row.Lost > 0 || strings.Contains(*row.Path, "nva") {
			t.Errorf("%+v", row)
			continue
		}
		for _, rs := range []string{"rs1-", "rs2-"} {
			seen[rs] = seen[rs] || strings.Contains(*row.Path, rs)
		}
	}
	if !maps.Equal(seen, map[string]bool{"rs1-": true, "rs2-": true}) {
		t.Errorf("packets visited %v", seen)
	}
	holds(t, r, "delivered.forward.spoke-dc == 100", "inspected.forward.spoke-dc == 0", "sessions.down == 0")
}
