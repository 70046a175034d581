package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func library(t testing.TB, name string, set ...string) *Scenario {
	t.Helper()
	if _, err := Find(name); err != nil {
		t.Fatal(err)
	}
	return testdata(t, name, set...)
}

// testdata loads a scenario of testdata or the library after overrides.
func testdata(t testing.TB, name string, set ...string) *Scenario {
	t.Helper()
	s, _, err := Load(name+".yaml", written(t, name), set...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The library's scenarios load; those that show what goes wrong are warned of it,
// and no others.
func TestLibrary(t *testing.T) {
	warned := map[string]string{
		"expressroute-active-passive": "dc never sees it",
		"expressroute-no-as-override": "drops the routes",
		"expressroute-nva-bypass":     "uninspected",
	}
	for _, e := range Library() {
		s, warnings, err := Load(e.Name+".yaml", e.Text)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if (len(warnings) > 0) != (warned[e.Name] != "") {
			t.Errorf("%s: warnings %v", e.Name, warnings)
		}
		for _, w := range warnings {
			if !strings.Contains(w.Message, warned[e.Name]) {
				t.Errorf("%s: %v", e.Name, w)
			}
		}
		if s.Name != e.Name || e.Description == "" || s.Description != e.Description {
			t.Errorf("%s is named %q and described %q, %q", e.Name, s.Name, s.Description, e.Description)
		}
		if !strings.HasPrefix(string(e.Text), "# yaml-language-server: $schema=../schema.json\n") {
			t.Errorf("%s does not begin with the modeline", e.Name)
		}
		if own := strings.HasPrefix(e.Name, "recorded-") || len(s.Routers) > 0; !own && (len(s.Traffic) < 2 || s.Traffic[0].Name != "spoke-dc" || s.Traffic[1].Name != "spoke-internet") {
			t.Errorf("%s does not begin with the classes spoke-dc and spoke-internet", e.Name)
		}
	}
	for _, name := range []string{"active-active", "active-passive", "single-hub"} {
		if _, err := Find(name); err != nil {
			t.Error(err)
		}
	}
}

func TestFindSuggests(t *testing.T) {
	_, err := Find("active-pasive")
	if err == nil || !strings.Contains(err.Error(), "did you mean active-passive?") {
		t.Errorf("Find says %v", err)
	}
}

func TestDefaults(t *testing.T) {
	s := library(t, "active-passive")
	if got := s.Peerings[0]; got.Name != "hub1-spoke" || got.Delay.String() != "1ms" {
		t.Errorf("peering %+v", got)
	}
	if got := s.Sites[0].Tunnels[1]; got.Name != "nva2-dc" || !got.BGP || got.Delay.String() != "10ms" {
		t.Errorf("tunnel %+v", got)
	}
	if got := s.RouteServers[0]; got.Spacing != 30*time.Second || got.OnLoss != "keep" || got.Programming.String()[:9] != "empirical" {
		t.Errorf("Route Server %+v", got)
	}
	if got := s.NVAs[0]; got.ConnectRetry.String() != "2m0s" || !got.SendBack || got.Stateful {
		t.Errorf("NVA %+v", got)
	}
}

// Defaults that are put together from other values.
func TestComputedDefaults(t *testing.T) {
	s := testdata(t, "everything", "nvas[nva1].prepend=1", "nvas[nva1].remove_as=in", "nvas[nva1].allowas_in=2", "nvas[nva2].next_hop=10.2.2.4")
	first, second, other := s.NVAs[0].RouteServers[0], s.NVAs[0].RouteServers[1], s.NVAs[1].RouteServers[0]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"peering", s.Peerings[2].Name, "hub1-leaf"},
		{"both ends", s.Peerings[2].AllowForwarded, []string{"hub1", "leaf"}},
		{"no end", s.Peerings[2].UseRemoteGateways, []string{"leaf"}},
		{"empty", s.Peerings[1].AllowForwarded, []string{}},
		{"tunnel", s.Sites[1].Tunnels[0].Name, "vgw-branch"},
		{"connection", s.Circuits[1].Connections[0].Name, "gw2-er2"},
		{"MSEEs", fmt.Sprint(s.Circuits[0].Addresses), "[198.18.0.4 198.18.0.5]"},
		{"given MSEEs", fmt.Sprint(s.Circuits[1].Addresses), "[192.0.2.4 192.0.2.5]"},
		{"the 300th circuit", mseeAddress(300, 1).String(), "198.19.44.5"},
		{"prepend of the NVA", *first.Prepend, 1},
		{"own prepend", *other.Prepend, 2},
		{"override", first.ASOverride + ", " + first.RemoveAS, "out, in"},
		{"allowas-in", *second.AllowASIn, 2},
		{"unchanged", *second.Unchanged, false},
		{"own next hop", first.NextHop.String(), "10.1.2.10"},
		{"no next hop", second.NextHop.IsValid(), false},
		{"next hop of the NVA", other.NextHop.String(), "10.2.2.4"},
		{"static route", s.NVAs[1].StaticRoutes[0].Via, "tunnel"},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, not %v", c.what, c.got, c.want)
		}
	}
	roundTrip(t, s)
}

// The ends of a link are as faults name them.
func TestEnds(t *testing.T) {
	s := testdata(t, "everything")
	for link, want := range map[string][2]string{
		"hub1-leaf": {"hub1", "leaf"}, "nva2-branch": {"nva2", "branch"}, "vgw-branch-1": {"vgw", "branch"}, "vgw-branch": {},
		"gw2-er2": {"gw2", "er2"}, "er1-primary": {"er1", "dc"}, "er2-secondary": {"er2", "dc"}, "er1": {},
	} {
		if got := s.ends(link); got != want {
			t.Errorf("%s is between %v", link, got)
		}
	}
}

func TestOverrides(t *testing.T) {
	s := library(t, "active-passive", "hold=30s", "nvas[nva2].hold=15s", "params.keepalive=5s", "horizon=900s",
		"nvas[nva1].stateful=true", "nvas[nva1].roles=[vpn]", "sites[dc].tunnels[nva1-dc].delay=25ms",
		"peerings[hub2-spoke].delay=uniform(1ms, 2ms)", "faults[nva1-dies].at=$hold",
		"expect.outage.forward=> 5s", "expect.sessions.down=== 0", "description=a: $$5, b")
	nva1, nva2 := s.NVAs[0], s.NVAs[1]
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"nva1.hold", nva1.Hold, 30 * time.Second},
		{"nva2.hold", nva2.Hold, 15 * time.Second},
		{"nva2.keepalive", nva2.Keepalive, 5 * time.Second},
		{"horizon", s.Horizon, 900 * time.Second},
		{"stateful", nva1.Stateful, true},
		{"roles", nva1.Roles, []string{"vpn"}},
		{"tunnel delay", s.Sites[0].Tunnels[0].Delay.String(), "25ms"},
		{"other tunnel's delay", s.Sites[0].Tunnels[1].Delay.String(), "10ms"},
		{"peering delay", s.Peerings[1].Delay.String(), "uniform(1ms, 2ms)"},
		{"fault", s.Faults[0].At.String(), "30s"},
		{"rule", s.Expect[1], Expectation{"outage.forward", "> 5s"}},
		{"new rule", s.Expect[2], Expectation{"sessions.down", "== 0"}},
		{"description", s.Description, "a: $5, b"},
		{"params", s.Params, []Param{{"hold", "30s"}, {"keepalive", "5s"}}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s is %v, not %v", c.what, c.got, c.want)
		}
	}
}

// A rule in the library must be one that can be broken.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule     string
		kind     MeasureKind
		measured int64
		holds    bool
	}{
		{"< 2s", Duration, int64(2 * time.Second), false},
		{"<= 2s", Duration, int64(2 * time.Second), true},
		{"> 2s", Duration, int64(2 * time.Second), false},
		{">=2s", Duration, int64(2 * time.Second), true},
		{"== 0", Count, 0, true},
		{"!= 0", Count, 0, false},
		{"true", Truth, 1, true},
		{"false", Truth, 1, false},
	} {
		r, err := ParseRule(c.kind, c.rule)
		if err != nil || r.Holds(c.measured) != c.holds {
			t.Errorf("%d %s: %v, %v", c.measured, c.rule, !c.holds, err)
		}
	}
	r, err := ParseRule(Word, "loop")
	if err != nil || r != (Rule{Op: "==", Word: "loop"}) || !r.HoldsWord("loop") || r.HoldsWord("none") {
		t.Errorf("loop: %+v, %v", r, err)
	}
	if r, err := ParseRule(Word, "== loop"); err == nil {
		t.Errorf("== loop: %+v", r)
	}
}

// What a measure is about is a part of its name.
func TestFindMeasure(t *testing.T) {
	for name, want := range map[string][2]string{
		"outage.forward":         {"outage.forward", ""},
		"outage.forward.a":       {"outage.forward", "a"},
		"delivered.return.a":     {"delivered.return", "a"},
		"cause.forward":          {"cause.forward", ""}, // Load refuses it
		"cause.forward.spoke-dc": {"cause.forward", "spoke-dc"},
		"routes.rs0-1":           {"routes", "rs0-1"},
		"traffic.nva1-dies":      {"traffic", "nva1-dies"},
		"sessions.down.rs0-0":    {},
		"cause":                  {},
		"delivered.forwards.a":   {},
		"inspected.forward.":     {},
	} {
		m, of, found := FindMeasure(name)
		if found != (want[0] != "") || m.Name != want[0] || of != want[1] {
			t.Errorf("%s is %q of %q, %v", name, m.Name, of, found)
		}
	}
}
