package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestProfiles: each value of a profile can be one of its option, and has a grade
// and, unless it is unknown, a source.
func TestProfiles(t *testing.T) {
	var names []string
	for _, p := range Profiles() {
		names = append(names, p.Name)
		keys := speakerShape()
		if p.Part != "" {
			keys = scenarioShape().field(p.Part).shape.item
		}
		if p.Description == "" || len(p.Settings) == 0 {
			t.Errorf("%s: description %q, %d values", p.Name, p.Description, len(p.Settings))
		}
		seen := map[string]bool{}
		for _, s := range p.Settings {
			f := keys.field(s.Option)
			if f == nil && p.Part != "" { // fixed: another part, or a speaker, has the key
				f = oneOf(s.Option, speakerShape(), scenarioShape().field("route_servers").shape.item)
			}
			switch {
			case f == nil:
				t.Errorf("%s: nothing has the option %q", p.Name, s.Option)
				continue
			case seen[s.Option]:
				t.Errorf("%s: %s comes twice", p.Name, s.Option)
			case !slices.Contains([]Grade{Documented, Observed, Inferred, Unknown}, s.Grade) || s.Why() == "":
				t.Errorf("%s: %s has the grade %q because of %q", p.Name, s.Option, s.Grade, s.Why())
			case (s.Source == "") != (s.Grade == Unknown):
				t.Errorf("%s: %s has the grade %s and the source %q", p.Name, s.Option, s.Grade, s.Source)
			}
			seen[s.Option] = true
			val, err := f.shape.value.parse(s.Value)
			if err == nil {
				err = f.shape.check(val, s.Value, s.Option)
			}
			if err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	}
	for _, name := range []string{"ars", "er-gateway", "vpn-gateway", "msee", "frr-8.4", "rfc"} {
		if !slices.Contains(names, name) {
			t.Errorf("there is no profile %s among %v", name, names)
		}
	}
}

func oneOf(key string, shapes ...*shape) *field {
	for _, s := range shapes {
		if f := s.field(key); f != nil {
			return f
		}
	}
	return nil
}

// TestAzureIsItsProfile: a part of Azure that the file says nothing of does what
// its profile says, in each option.
func TestAzureIsItsProfile(t *testing.T) {
	s := testdata(t, "everything")
	for name, part := range map[string]reflect.Value{
		"ars": reflect.ValueOf(s.RouteServers[1]), "er-gateway": reflect.ValueOf(s.ERGateways[0]),
		"vpn-gateway": reflect.ValueOf(s.VPNGateways[0]), "msee": reflect.ValueOf(s.Circuits[0]),
	} {
		p := profileNamed(name)
		item := scenarioShape().field(p.Part).shape.item
		compared := 0
		for _, f := range item.fields {
			set := p.Setting(f.key)
			if set.Option == "" || len(said(t, p.Part, f.key)) > 0 {
				continue
			}
			want, err := f.shape.value.parse(set.Value)
			if err != nil {
				t.Fatal(err)
			}
			compared++
			if got := part.Field(f.index).Interface(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s is %v, and in the profile %s", p.Part, f.key, got, set.Value)
			}
		}
		if compared < 3 {
			t.Errorf("%s: %d values compared", name, compared)
		}
	}
}

// said gives what everything.yaml says of a key of the parts of one kind.
func said(t *testing.T, part, key string) []string {
	t.Helper()
	var r report
	tree := parse(newSource("everything", written(t, "everything")), written(t, "everything"), &r)
	var all []string
	for _, item := range tree.get(part).items {
		if v := item.get(key); v != nil {
			all = append(all, v.text)
		}
	}
	return all
}

// A profile gives the defaults of who chooses it; what the file says wins; what the
// profile has no source for is as ever.
func TestProfileChosen(t *testing.T) {
	s, _, err := Load("chosen.yaml", []byte(`{version: 1, name: x, horizon: 600s,
  routers: [{name: a, asn: 1, bgp: {profile: rfc, hold: 30s}}, {name: b, asn: 2, bgp: {profile: frr-8.4}}, {name: c, asn: 3}],
  generate: [{kind: clique, count: 3, router: {profile: rfc, mrai: 5s}}], links: [{between: [a, b]}, {between: [b, c]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	a, b, c, made := s.Routers[0].Speaker, s.Routers[1].Speaker, s.Routers[2].Speaker, s.Routers[3].Speaker
	for _, x := range []struct {
		what      string
		got, want any
	}{
		{"what the file says", a.Hold, 30 * time.Second},
		{"what the profile says", a.MRAI.String(), "uniform(22.5s, 30s)"},
		{"its timers", fmt.Sprint(a.ConnectRetry, a.Jitter, b.ConnectRetry, b.Jitter), "uniform(1m30s, 2m0s) true 2m0s false"},
		{"rfc", a.MRAIWithdrawal && a.MRAIPer == "prefix" && !a.KeepOldest, true},
		{"FRR", b.KeepOldest && b.PairwiseMED && b.DenyDefault, true},
		{"what FRR's guide does not say", b.ConnectRetry, c.ConnectRetry},
		{"no profile", c, speakerOf("")},
		{"generated", made.MRAI.String() + " " + made.Hold.String(), "5s 1m30s"},
	} {
		if !reflect.DeepEqual(x.got, x.want) {
			t.Errorf("%s: %v, not %v", x.what, x.got, x.want)
		}
	}
	roundTrip(t, s)
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`profile: "frr-8.4"`, "keep_oldest: true", "mrai: uniform(22.5s, 30s)"} {
		if !strings.Contains(string(text), line) {
			t.Errorf("the resolved scenario lacks %s", line)
		}
	}
}

// An NVA and a site do what their profile says also where they have no key for it.
func TestProfileOfNVA(t *testing.T) {
	s := library(t, "active-passive", "nvas[nva1].profile=rfc", "nvas[nva1].keepalive=7s", "sites[dc].profile=frr-8.4", "params={}", "nvas[nva1].hold=21s", "nvas[nva2].hold=180s", "nvas[nva2].keepalive=60s", "route_servers[rs0].hold=180s", "route_servers[rs0].keepalive=60s", "sites[dc].hold=180s", "sites[dc].keepalive=60s")
	n, site := s.NVAs[0].speaker(), s.Sites[0].speaker()
	if n.Hold != 21*time.Second || n.Keepalive != 7*time.Second || n.MRAI.String() != "uniform(22.5s, 30s)" || n.MRAIPer != "prefix" || !n.MRAIWithdrawal {
		t.Errorf("nva1: %+v", n)
	}
	if !site.KeepOldest || !site.PairwiseMED || site.DenyDefault || !reflect.DeepEqual(s.NVAs[1].speaker(), plainNVA(s.NVAs[1])) {
		t.Errorf("dc: %+v", site)
	}
	roundTrip(t, s)
}

func plainNVA(n NVA) Speaker {
	s := speakerOf("")
	s.Hold, s.Keepalive, s.Jitter, s.ConnectRetry, s.MRAI, s.SendBack, s.Restart = n.Hold, n.Keepalive, n.Jitter, n.ConnectRetry, n.MRAI, n.SendBack, n.Restart
	return s
}

// What a run uses of a profile and nobody documents is assumed, with grade and
// source; what the file says instead is not.
func TestProfileIsTold(t *testing.T) {
	load := func(bgp string) []Assumption {
		s, _, err := Load("told.yaml", []byte(`{version: 1, name: x, horizon: 600s, routers: [{name: a, asn: 1, bgp: {`+bgp+`}}, {name: b, asn: 2}], links: [{between: [a, b]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		return s.Assumptions()
	}
	has := func(all []Assumption, name string) bool {
		return slices.ContainsFunc(all, func(a Assumption) bool { return a.Name == name && a.Source != "" && a.Grade != Documented })
	}
	with, changed, without := load("profile: frr-8.4"), load("profile: frr-8.4, send_back: false"), load("")
	if !has(with, "send_back of frr-8.4") || has(changed, "send_back of frr-8.4") || !has(changed, "mrai_withdrawals of frr-8.4") {
		t.Errorf("with %+v, changed %+v", with, changed)
	}
	if has(with, "damping of frr-8.4") || len(without) > 0 {
		t.Errorf("documented ones are told, or those of nobody: %+v, %+v", with, without)
	}
}

func TestFindProfile(t *testing.T) {
	if p, err := FindProfile("msee"); err != nil || p.Part != "circuits" {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := FindProfile("frr"); err == nil || !strings.Contains(err.Error(), "frr-8.4") {
		t.Errorf("frr: %v", err)
	}
}
