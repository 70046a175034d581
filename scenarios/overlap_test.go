package scenarios

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// base loads active-passive after changes.
func base(t *testing.T, set ...string) (*Scenario, []Problem, error) {
	t.Helper()
	e, err := Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	return Load("active-passive", e.Text, set...)
}

// TestDestinationIsOutsideVNets: the far end of traffic is an address that Azure
// sends to the site, even where the site announces a summary over VNets.
func TestDestinationIsOutsideVNets(t *testing.T) {
	for prefixes, want := range map[string]string{
		"10.100.0.0/16":                "10.100.0.1",
		"10.100.0.0/32":                "10.100.0.0",
		"10.0.0.0/8":                   "10.3.0.0", // after spoke, hub1 and hub2
		"0.0.0.0/0":                    "203.0.113.1",
		"10.0.128.0/17, 10.200.0.0/16": "10.200.0.1",
	} {
		s, _, err := base(t, "sites[dc].prefixes=["+prefixes+"]")
		if err != nil {
			t.Errorf("%s: %v", prefixes, err)
			continue
		}
		if a, ok := s.outsideVNets(s.Sites[0]); !ok || a != netip.MustParseAddr(want) {
			t.Errorf("%s: %v, expected %s", prefixes, a, want)
		}
	}
}

// TestSiteInsideVNet: a site without an address of its own is refused, one that
// overlaps is warned of.
func TestSiteInsideVNet(t *testing.T) {
	if _, _, err := base(t, "sites[dc].prefixes=[10.0.0.0/16]"); err == nil || !strings.Contains(err.Error(), "inside a VNet") {
		t.Errorf("the spoke's own prefix: %v", err)
	}
	_, warnings, err := base(t, "sites[dc].prefixes=[10.0.0.0/8]")
	overlap := func(p Problem) bool { return strings.Contains(p.Message, "overlaps VNet spoke") }
	if err != nil || !slices.ContainsFunc(warnings, overlap) {
		t.Errorf("10.0.0.0/8: %v, %v", warnings, err)
	}
}

// TestInternetLinkIsReserved: a tunnel cannot have the name of a firewall's way
// to the Internet, or cutting one would cut the other.
func TestInternetLinkIsReserved(t *testing.T) {
	_, _, err := base(t, "sites[dc].tunnels=[{to: nva1, name: nva1-internet}, nva2]")
	if err == nil || !strings.Contains(err.Error(), "nva1-internet is reserved") {
		t.Errorf("%v", err)
	}
}

// TestStaticRouteIsPartOfASite: a static route may be a part of what the site
// announces.
func TestStaticRouteIsPartOfASite(t *testing.T) {
	s, _, err := base(t, "nvas[nva1].static_routes=[10.100.7.0/24]")
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{Blueprint: &Blueprint{s: s}}
	for _, r := range b.staticsOfNVA(s.NVAs[0]) {
		if r.Prefix == netip.MustParsePrefix("10.100.7.0/24") && len(r.Hops) == 1 && r.Hops[0].Address == siteAddress(0) {
			return
		}
	}
	t.Error("10.100.7.0/24 is not routed into the tunnel")
}

// TestTakeoverIsOfItsRouteServer: each Route Server has its own takeover delay.
func TestTakeoverIsOfItsRouteServer(t *testing.T) {
	s, _, err := base(t,
		"vnets=[{name: a, address_space: [10.5.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.5.0.0/27}]},"+
			"{name: spoke, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]},"+
			"{name: hub1, address_space: [10.1.0.0/16]}, {name: hub2, address_space: [10.2.0.0/16]}]",
		"route_servers=[{name: rs5, vnet: a, takeover: 100s, on_loss: flush}, {name: rs0, vnet: spoke}]")
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{Blueprint: &Blueprint{s: s}}
	b.routeServers()
	for _, i := range b.inst {
		if first := strings.HasPrefix(string(i.ID), "rs5"); first != (i.Takeover > 0) || first != i.Flush {
			t.Errorf("%s: takeover %v, flush %v", i.ID, i.Takeover, i.Flush)
		}
	}
	if len(b.inst) != 4 || b.inst[0].ID != events.ActorID("rs5-0") {
		t.Errorf("%d instances", len(b.inst))
	}
}
