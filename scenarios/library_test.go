package scenarios

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func library(t testing.TB, name string, set ...string) *Scenario {
	t.Helper()
	e, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := Load(name+".yaml", e.Text, set...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLibrary(t *testing.T) {
	var names []string
	for _, e := range Library() {
		names = append(names, e.Name)
		s, warnings, err := Load(e.Name+".yaml", e.Text)
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v %v", e.Name, warnings, err)
			continue
		}
		if s.Name != e.Name || e.Description == "" || s.Description != e.Description {
			t.Errorf("%s is named %q and described %q, %q", e.Name, s.Name, s.Description, e.Description)
		}
		if !strings.HasPrefix(string(e.Text), "# yaml-language-server: $schema=../schema.json\n") {
			t.Errorf("%s does not begin with the modeline", e.Name)
		}
		if len(s.Traffic) != 2 || s.Traffic[0].Name != "spoke-dc" || s.Traffic[1].Name != "spoke-internet" {
			t.Errorf("%s has other classes than spoke-dc and spoke-internet", e.Name)
		}
	}
	if want := []string{"active-active", "active-passive", "single-hub"}; !reflect.DeepEqual(names, want) {
		t.Errorf("the library is %v, not %v", names, want)
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
	if got := s.NVAs[0]; got.ConnectRetry != 2*time.Minute || !got.SendBack || got.Stateful {
		t.Errorf("NVA %+v", got)
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
}
