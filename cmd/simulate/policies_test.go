package main

import (
	"slices"
	"testing"

	"dualhome/events"
)

// TestPolicyOfNVA: the rules of a session with a Route Server do what the keys of
// the session do, and more; those of the other session stay out of it.
func TestPolicyOfNVA(t *testing.T) {
	session := func(rules string) []string {
		return with("nvas[nva1].route_servers=[{route_server: rs0, "+rules+"}]", "nvas[nva2].prepend=0")
	}
	plain := playWith(t, "active-passive", 1, session("prepend: 0")...)
	if hops := hopsOf(plain, "spoke-vms", dcNet); !slices.Equal(hops, []string{"10.1.0.4", "10.2.0.4"}) {
		t.Fatalf("without a policy NICs send to %v", hops)
	}
	for _, c := range []struct {
		what, rules string
		dc          []string // where NICs send what is for the data centre
		internet    []string
	}{
		{"drop", "export: [{prefixes: [10.100.0.0/16], action: drop}]", []string{"10.2.0.4"}, []string{"10.1.0.4", "10.2.0.4"}},
		{"ge and le", "export: [{prefixes: [10.0.0.0/8], ge: 16, le: 16, action: drop}]", []string{"10.2.0.4"}, []string{"10.1.0.4", "10.2.0.4"}},
		{"longer ones only", "export: [{prefixes: [10.100.0.0/16], ge: 17, action: drop}]", []string{"10.1.0.4", "10.2.0.4"}, []string{"10.1.0.4", "10.2.0.4"}},
		{"prepend", "export: [{prepend: 1}]", []string{"10.2.0.4"}, []string{"10.2.0.4"}},
		{"what the site originates", `export: [{as_path: "_65100$", prepend: 1}]`, []string{"10.2.0.4"}, []string{"10.1.0.4", "10.2.0.4"}},
		{"the first decides", `export: [{as_path: "_65100$"}, {action: drop}]`, []string{"10.1.0.4", "10.2.0.4"}, []string{"10.2.0.4"}},
		{"next hop", "export: [{prefixes: [10.100.0.0/16], next_hop: 10.2.0.4}]", []string{"10.2.0.4"}, []string{"10.1.0.4", "10.2.0.4"}},
	} {
		r := playWith(t, "active-passive", 1, session(c.rules)...)
		if hops := hopsOf(r, "spoke-vms", dcNet); !slices.Equal(hops, c.dc) {
			t.Errorf("%s: NICs send to %s by %v, not %v", c.what, dcNet, hops, c.dc)
		}
		if hops := hopsOf(r, "spoke-vms", "0.0.0.0/0"); !slices.Equal(hops, c.internet) {
			t.Errorf("%s: NICs send to the Internet by %v, not %v", c.what, hops, c.internet)
		}
	}
	r := playWith(t, "active-passive", 1, session("import: [{prefixes: [10.0.0.0/16], action: drop}]")...)
	if hop := best(r, "nva1")[spokeNet]; hop != "169.254.21.1" {
		t.Errorf("nva1 sends to the spoke by %q, and what the Route Server says its policy drops", hop)
	}
	if hop := best(r, "dc")[spokeNet]; hop != "10.2.0.4" {
		t.Errorf("dc sends to the spoke by %s", hop)
	}
}

// TestPolicyOfSite: on-premises decides with LOCAL_PREF what no prepending in Azure
// decides for it, and an NVA what it tells a site.
func TestPolicyOfSite(t *testing.T) {
	r := playWith(t, "expressroute-active-passive", 1, with("sites[dc].peers=[{peer: circuit1, import: [{local_pref: 200}]}]")...)
	if via := viaAt(r, "spoke-dc", "return", "hub1", end); via != 1 {
		t.Errorf("%.2f comes from on-premises through hub1, although it prefers circuit1", via)
	}
	r = playWith(t, "expressroute-active-passive", 1, with("sites[dc].peers=[{peer: circuit2, export: [{prefixes: [10.100.0.0/16], action: drop}]}]")...)
	for circuit, told := range map[string]bool{"circuit1-1": true, "circuit2-1": false} {
		if _, there := learnedBy(t, r, circuit, "dc")[dcNet]; there != told {
			t.Errorf("%s is told of %s: %t", circuit, dcNet, there)
		}
	}

	r = playWith(t, "active-passive", 1, with("sites[dc].peers=[{peer: nva2, import: [{local_pref: 200}]}]")...)
	if hop := best(r, "dc")[spokeNet]; hop != "10.2.0.4" {
		t.Errorf("dc sends to the spoke by %s, and prefers nva2", hop)
	}
	r = playWith(t, "active-passive", 1, with("nvas[nva1].sites=[{peer: dc, export: [{action: drop}]}]")...)
	isLearned(t, r, "dc", "nva1")
	if _, there := learnedBy(t, r, "rs0-0", "nva1")[dcNet]; !there {
		t.Error("what is for the site is for the Route Server too")
	}
	if hop := best(r, "dc")[spokeNet]; hop != "10.2.0.4" {
		t.Errorf("dc sends to the spoke by %s", hop)
	}
	r = playText(t, oneVPN, with("sites[branch].peers=[{peer: vgw, import: [{action: drop}]}]")...)
	if got := best(r, "branch"); len(got) > 0 {
		t.Errorf("branch uses %v of what it drops", got)
	}
}

// TestRouteMaps: inbound ones are about what is used, outbound ones about what is
// sent and not about the best path, and none is about the prefixes of the VNet
// (route-maps-about, 2026-07-17).
func TestRouteMaps(t *testing.T) {
	maps := func(of, rules string) []string { return with("route_servers[" + of + "].route_maps=[" + rules + "]") }

	r := playWith(t, "active-passive", 1, maps("rs0", "{peer: nva1, import: [{prefixes: [10.100.0.0/16], action: drop}]}")...)
	if hops := hopsOf(r, "spoke-vms", dcNet); !slices.Equal(hops, []string{"10.2.0.4"}) {
		t.Errorf("inbound: NICs send to %v", hops)
	}
	r = playWith(t, "active-passive", 1, maps("rs0", "{peer: nva1, import: [{prepend: 3}]}")...)
	if hops := hopsOf(r, "spoke-vms", dcNet); !slices.Equal(hops, []string{"10.2.0.4"}) {
		t.Errorf("inbound, longer path: NICs send to %v", hops)
	}

	r = playWith(t, "active-passive", 1, maps("rs0", "{peer: nva1, export: [{action: drop}]}, {peer: nva2, export: [{prepend: 4, add_communities: [\"1:1\"]}]}")...)
	for _, nva := range []string{"nva1", "nva2"} {
		if a := advertised(r, "rs0-0", nva, spokeNet); a == nil || a.Path.String() != "65515" || len(a.Communities) > 0 {
			t.Errorf("%s is told of the VNet with %+v", nva, a)
		}
	}
	if hops := hopsOf(r, "spoke-vms", dcNet); !slices.Equal(hops, []string{"10.1.0.4"}) {
		t.Errorf("outbound: NICs send to %v", hops)
	}

	reflected := append(maps("rs0", "{peer: nva2, export: [{prefixes: [10.100.0.0/16], prepend: 1, add_communities: [\"65001:7:9\"]}]}"), "route_servers[rs0].reflection=always")
	r = playWith(t, "active-passive", 1, reflected...)
	if a := advertised(r, "rs0-0", "nva2", dcNet); a == nil || a.Path.String() != "65515 65515 65001 65100" || !a.HasLarge(events.LargeCommunity{Global: 65001, Local1: 7, Local2: 9}) {
		t.Errorf("nva2 is told of %s with %+v", dcNet, a)
	}
}

// TestCommunitiesDecide: an NVA marks its routes, and the hub's Route Server keeps
// those with the mark from its gateway, for the one kind of community as for the
// other.
func TestCommunitiesDecide(t *testing.T) {
	for mark, kept := range map[string]bool{"65001:7": true, "4200000001:7:9": true, "65001:8": false, "65001:7:9": false} {
		r := playWith(t, "expressroute-active-active", 1, with(
			"nvas[nva1].route_servers=[rs0, {route_server: rs1, export: [{prefixes: [10.0.0.0/16], add_communities: [\""+mark+"\"]}]}]",
			"route_servers[rs1].route_maps=[{peer: gw1, export: [{community: \"65001:7\", action: drop}, {community: \"4200000001:7:9\", action: drop}]}]")...)
		_, there := learnedBy(t, r, "gw1-0", "rs1-0")[spokeNet]
		_, used := best(r, "rs1-0")[spokeNet]
		if there == kept || !used {
			t.Errorf("%s: rs1 uses the route %t, its gateway is told %t", mark, used, there)
		}
	}
}
