package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// withHubs gives a scenario of the library with its hubs made by a number: what is
// written of them is taken out.
func withHubs(t *testing.T, name, hubs string) []byte {
	t.Helper()
	var kept []string
	skip := false
	for line := range strings.Lines(string(written(t, name))) {
		switch {
		case strings.HasPrefix(line, "peerings:"), strings.HasPrefix(line, "nvas:"):
			skip = true
		case skip && !strings.HasPrefix(line, " "):
			skip = false
		}
		if !skip && !strings.HasPrefix(line, "  - {name: hub1,") && !strings.HasPrefix(line, "  - {name: hub2,") {
			kept = append(kept, strings.Replace(line, ", tunnels: [nva1, nva2]", "", 1))
		}
	}
	return []byte(strings.Join(kept, "") + "\nhubs:\n  - {" + hubs + "}\n")
}

const pairOfHubs = "count: 2, spokes: [spoke], sites: [dc], nva: {roles: [firewall, vpn], route_servers: [rs0], hold: $hold, keepalive: $keepalive}"

// Two hubs of a number are those that one would write.
func TestHubsAreThoseOfTheLibrary(t *testing.T) {
	for name, hubs := range map[string]string{"active-active": pairOfHubs, "active-passive": pairOfHubs + ", active: 1"} {
		for _, set := range [][]string{
			nil,
			{"hold=15s", "nvas[nva2].hold=30s", "sites[dc].tunnels[nva2-dc].delay=25ms", "peerings[hub1-spoke].delay=3ms", "vnets[hub2].region=there"},
		} {
			text := withHubs(t, name, hubs)
			got, _, err := Load("x.yaml", text, set...)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			want := library(t, name, set...)
			if same := reflect.DeepEqual(got, want); !same {
				t.Errorf("%s with %q:\n%s\nwant:\n%s", name, set, got.written(), want.written())
			}
			if err := valid(t, compiled(t), text); err != nil {
				t.Error(err)
			}
			roundTrip(t, got)
		}
	}
}

// One number makes as many hubs as it says, and each thing of them has its name.
func TestNumberOfHubs(t *testing.T) {
	text := strings.Replace(string(withHubs(t, "active-active", "name: h-, nva_name: fw-, address_space: 10.8.0.0/23, asn: 64512, region: r2, standby_prepend: 3, active: 2, count: $hubs, peering_delay: 2ms,"+
		" tunnel: {delay: 4ms, dpd: 10s}, spokes: [spoke], sites: [dc], nva: {roles: [firewall, vpn], route_servers: [rs0], prepend: 1}")), "hold: 180s,", "hold: 180s, hubs: 1,", 1)
	for _, key := range []string{"faults", "drills", "failures"} {
		text = strings.Replace(text, "\n"+key+":", "\nx"+key+":", 1)
	}
	before, _, _ := strings.Cut(text, "\nxfaults:")
	_, after, _ := strings.Cut(text, "\nexpect:")
	text = before + "\nexpect:" + after
	for count := 1; count <= 8; count++ {
		s, _, err := Load("x.yaml", []byte(text), fmt.Sprintf("hubs=%d", count), fmt.Sprintf("nvas[fw-%d].hold=9s", count))
		if err != nil {
			t.Fatal(err)
		}
		last := count - 1
		v, n, u, p := s.VNets[1+last], s.NVAs[last], s.Sites[0].Tunnels[last], s.Peerings[last]
		prepend := 1
		if count > 2 {
			prepend = 3
		}
		got := fmt.Sprintf("%d %d %d %d: %v; %s in %s, %v, AS %d, prepend %d, hold %v; %s to %s, %v, %v; %s between %v, %v",
			len(s.VNets), len(s.NVAs), len(s.Peerings), len(s.Sites[0].Tunnels), v, n.Name, n.VNet, n.Address, n.ASN, n.Prepend, n.Hold,
			u.Name, u.To, u.Delay, u.DPD, p.Name, p.Between, p.Delay)
		want := fmt.Sprintf("%d %d %d %d: {h-%[2]d r2 [10.8.%[5]d.0/23] [{nva 10.8.%[5]d.0/24 true []}]}; fw-%[2]d in h-%[2]d, 10.8.%[5]d.4, AS %[6]d, prepend %[7]d, hold 9s; "+
			"fw-%[2]d-dc to fw-%[2]d, 4ms, 10s; h-%[2]d-spoke between [h-%[2]d spoke], 2ms", 1+count, count, count, count, 2*last, 64512+last, prepend)
		if got != want {
			t.Errorf("%d hubs:\n%s\nwant:\n%s", count, got, want)
		}
	}
}

// What is wrong with hubs is said at them, once.
func TestHubsRefused(t *testing.T) {
	text := withHubs(t, "active-active", pairOfHubs)
	line := strings.Count(string(text), "\n")
	for set, says := range map[string]string{
		"hubs[hub].count=9":                      fmt.Sprintf("x.yaml:%d:5: rs0 has 9 NVAs as peers; Azure allows 8", line),
		"hubs[hub].count=0":                      "--set:1:17: count must be at least 1, not 0",
		"hubs[hub].count=65":                     "--set:1:17: count must be at most 64, not 65",
		"hubs[hub].count=$hold":                  "--set:1:17: count must be a whole number, not \"180s\" ($hold)",
		"hubs[hub].count=$many":                  "--set:1:17: there is no parameter many",
		"hubs[hub].cuont=3":                      "--set:1:11: no key cuont here",
		"hubs[hub].nva.name=x":                   "--set:1:15: no key name here",
		"hubs[hub].nva.hold=1s":                  "--set:1:20: hold must be 0s or at least 3s",
		"hubs[hub].nva.rols=[vpn]":               "--set:1:15: no key rols here",
		"hubs[hub].nva.roles=[firewall]":         fmt.Sprintf("x.yaml:%d:5: nva1 ends no tunnels: it has not the role vpn", line),
		"hubs[hub].nva.route_servers=[rs1]":      "--set:1:30: \"rs1\" is not the name of",
		"hubs[hub].spokes=[spok]":                "--set:1:19: \"spok\" is not the name of a VNet",
		"hubs[hub].sites=[dd]":                   "--set:1:18: \"dd\" is not the name of a site",
		"hubs[hub].address_space=10.1.0.0/30":    "--set:1:25: a hub's address space is /29 or larger, not /30",
		"hubs[hub].address_space=10.0.0.0/16":    "--set:1:25: 10.0.0.0/16 overlaps 10.0.0.0/16 of VNet spoke",
		"hubs[hub].address_space=255.255.0.0/16": "--set:1:25: there are no 2 address spaces of that size from 255.255.0.0/16 on",
		"hubs[hub].asn=4294967295":               "--set:1:15: the last NVA would be in AS 4294967296",
		"hubs[hub].asn=65515":                    "--set:1:15: an NVA in AS 65515 exchanges no routes",
		"hubs[hub].name=spok-":                   "ok",
		"hubs[hub].nva_name=spoke-vms-":          "the name spoke-vms-1 of a group of NICs is that of an NVA already",
		"hubs[hub].nva_name=spoke-":              "ok",
		"hubs[hub].name=vnet_":                   "--set:1:16: \"vnet_\" is not a name that can be used here",
		"hubs[hub].active=0":                     "--set:1:18: active must be at least 1, not 0",
		"hubs=[{count: 1}, {count: 1}]":          "--set:1:19: 10.1.0.0/16 overlaps 10.1.0.0/16 of VNet hub1",
		"hubs=[]":                                "dc has neither tunnels nor a circuit",
		"hubs=2":                                 "--set:1:6: hubs must be a list, not a number",
	} {
		_, _, err := Load("x.yaml", text, set, "faults=[]", "drills=[]", "failures=[]", "expect={}")
		said := verdict(nil, err)
		if says == "ok" && err != nil || !strings.Contains(said, says) || strings.Count(said, says) > 1 {
			t.Errorf("%s: want %q once:\n%s", set, says, said)
		}
	}
}

// The number of hubs, or of routes, is an axis of a sweep, by a parameter or a path; and
// so is what the hubs are.
func TestHubsAreAnAxis(t *testing.T) {
	text := strings.Replace(string(withHubs(t, "active-passive", strings.Replace(pairOfHubs, "count: 2", "count: $hubs", 1))), "hold: 180s,", "hold: 180s, hubs: 2,", 1)
	for _, axes := range [][]string{
		{"hubs=2,3,8", "sites[dc].routes=1,100"},
		{"hubs[hub].count=2,3,8", "sites[dc].routes=1,100", "nvas[nva2].prepend=1"},
		{"nvas[nva2].prepend=1", "hubs=2,3,8", "sites[dc].routes=1,100"},
	} {
		p, _, err := LoadPlan(nil, "x.yaml", []byte(text), PlanOptions{Axes: axes, Set: []string{"nvas[nva1].prepend=3"}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range p.Points {
			s, _, err := p.Scenario(i)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d %d %d", len(s.NVAs), len(s.Sites[0].Tunnels), len(s.Sites[0].Prefixes)))
			if n := s.NVAs[0]; n.Prepend != 3 || (s.NVAs[1].Prepend == 1) != (len(axes) == 3) {
				t.Errorf("%q: prepends %d and %d", p.Set(i), n.Prepend, s.NVAs[1].Prepend)
			}
		}
		if want := "2 2 1, 2 2 100, 3 3 1, 3 3 100, 8 8 1, 8 8 100"; strings.Join(got, ", ") != want {
			t.Errorf("%q: %v", axes, got)
		}
	}
}
