package scenarios

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// roundTrip checks the law of Marshal.
func roundTrip(t rapid.TB, s *Scenario) {
	t.Helper()
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := Load("again.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	want := *s
	want.Params = nil
	if !reflect.DeepEqual(*again, want) {
		t.Fatalf("loaded again:\n%+v\nwant:\n%+v\ntext:\n%s", *again, want, text)
	}
	twice, err := again.Marshal()
	if err != nil || !bytes.Equal(twice, text) {
		t.Fatalf("written again (%v):\n%s\nfirst:\n%s", err, twice, text)
	}
}

// Load reads what Marshal writes: the same scenario, without its parameters.
func TestMarshal(t *testing.T) {
	for _, e := range Library() {
		s := library(t, e.Name)
		roundTrip(t, s)
	}
	roundTrip(t, testdata(t, "everything"))
	roundTrip(t, library(t, "single-hub", "description=$$hold is $hold, $5: \"x\""))
	s := library(t, "active-passive")
	text, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/active-passive.resolved.yaml", text)
}

// An absent list that has a default is not an empty one, and both stay what they
// are when they are written and read.
func TestEmptyIsNotAbsent(t *testing.T) {
	both, none := []string{"hub1", "spoke"}, []string{}
	for set, want := range map[string][2][]string{
		"horizon=1200s": {both, both},
		"peerings[hub1-spoke].allow_forwarded_traffic=[]":           {both, none},
		"peerings[hub1-spoke].allow_virtual_network_access=[]":      {none, both},
		"peerings[hub1-spoke].allow_virtual_network_access=[spoke]": {{"spoke"}, both},
	} {
		s := testdata(t, "everything", set, "nvas[nva1].route_servers=[rs1]") // it needs no way to the spoke
		roundTrip(t, s)
		if p := s.Peerings[0]; !slices.Equal(p.AllowAccess, want[0]) || !slices.Equal(p.AllowForwarded, want[1]) {
			t.Errorf("%s: access %v, forwarded %v", set, p.AllowAccess, p.AllowForwarded)
		}
	}
}

// The law holds for scenarios that nobody thought of.
func TestMarshalMutated(t *testing.T) {
	duration := rapid.SampledFrom([]string{"0s", "15s", "90s", "1m30s", "1.5h", "1500ms", "7us"})
	dist := rapid.SampledFrom([]string{"3ms", "uniform(0s, 2.5s)", "exponential(1m)", "normal(10s, 500ms)", "empirical(1s, 2s, 3ms)", "measured"})
	values := map[string]*rapid.Generator[string]{
		"hold":                                         rapid.SampledFrom([]string{"0s", "3s", "15s", "90s", "1m30s"}),
		"start_jitter":                                 dist,
		"description":                                  rapid.StringMatching(`[ -~äß→:#'"$]{1,30}`),
		"name":                                         rapid.StringMatching(`[a-z0-9-]{1,20}`),
		"route_servers[rs0].programming":               dist,
		"route_servers[rs0].spacing":                   duration,
		"route_servers[rs0].on_loss":                   rapid.SampledFrom([]string{"keep", "flush"}),
		"nvas[nva1].mrai":                              duration,
		"nvas[nva1].asn":                               rapid.SampledFrom([]string{"65010", "64999", "1"}),
		"nvas[nva1].roles":                             rapid.SampledFrom([]string{"[vpn]", "[vpn, firewall]"}),
		"nvas[nva1].static_routes":                     rapid.SampledFrom([]string{"[]", "[0.0.0.0/0]", "[10.100.7.0/24, 10.100.0.0/16]", "[{prefix: 10.7.0.0/16, via: vnet, announce: false}]"}),
		"nvas[nva1].route_servers":                     rapid.SampledFrom([]string{"[]", "[rs0]", "[rs0-1]", "[{route_server: rs0, prepend: 3, remove_as: in}]", `[{route_server: rs0, import: [], export: [{prefixes: [10.0.0.0/8], ge: 9, le: 24, next_hop: 10.1.2.4}, {as_path: "_65001$$", action: drop}]}]`}),
		"sites[dc].tunnels[nva1].delay":                dist,
		"sites[dc].tunnels[nva1].bgp":                  rapid.SampledFrom([]string{"true", "false"}),
		"traffic[spoke-dc].rate":                       rapid.SampledFrom([]string{"1bps", "1.5Gbps", "999kbps", "1Tbps", "0.001Mbps"}),
		"vms[spoke-vms].count":                         rapid.SampledFrom([]string{"1", "251", "4000"}),
		"peerings[hub1-spoke].allow_forwarded_traffic": rapid.SampledFrom([]string{"[]", "[spoke]", "[hub1, spoke]"}),
		"route_servers[rs0].route_maps":                rapid.SampledFrom([]string{"[]", `[{peer: nva1, import: [{community: "1:2:3", prepend: 2}], export: [{remove_communities: ["1:2", no-export], add_communities: ["1:2:3"]}]}]`}),
		"sites[dc].peers":                              rapid.SampledFrom([]string{"[]", "[{peer: nva1, import: [{local_pref: 200}]}]", "[{peer: er1, export: [{med: 0}]}]"}),
		"nvas[nva1].profile":                           rapid.SampledFrom([]string{"frr-8.4", "rfc"}),
		"sites[dc].profile":                            rapid.SampledFrom([]string{"frr-8.4", "rfc"}),
		"nvas[nva1].no_advertise":                      rapid.SampledFrom([]string{"[]", "[0.0.0.0/0, 10.9.0.0/16]"}),
		"nvas[nva1].next_hop":                          rapid.SampledFrom([]string{"10.1.0.4", "10.1.2.4"}),
		"nvas[nva1].as_override":                       rapid.SampledFrom([]string{"none", "in", "out", "both"}),
		"vnets[hub1].subnets[nva].routes":              rapid.SampledFrom([]string{"[]", "[{prefix: 0.0.0.0/0, next_hop_type: Internet}]", "[{prefix: 10.9.0.0/16, next_hop: 10.1.2.9}]"}),
		"circuits[er1].addresses":                      rapid.SampledFrom([]string{"[]", "[192.0.2.4, 192.0.2.7]"}),
		"circuits[er1].connections[gw1].weight":        rapid.SampledFrom([]string{"0", "32000"}),
		"sites[branch].tunnels[vgw].dpd":               duration,
		"faults":                                       rapid.SampledFrom([]string{"[]", "[{name: a, kind: link-down, target: nva1-dc, from: dc, at: 5s}]", "[{name: b, kind: hub-loss, target: hub1, at: exponential(1s), repair_after: 7s}]"}),
		"expect.outage.return.spoke-dc":                rapid.SampledFrom([]string{"< 5s", ">=1.5h"}),
	}
	var paths []string
	for path := range values {
		paths = append(paths, path)
	}
	paths = sorted(paths)
	scenarios := append(Library(), Entry{Name: "everything", Text: written(t, "everything")})
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(scenarios).Draw(t, "scenario")
		var set []string
		for _, path := range rapid.SliceOfDistinct(rapid.SampledFrom(paths), rapid.ID[string]).Draw(t, "paths") {
			set = append(set, path+"="+values[path].Draw(t, path))
		}
		s, _, err := Load(e.Name, e.Text, set...)
		if err != nil {
			t.Skip(err) // such as $x in a description
		}
		roundTrip(t, s)
	})
}
