package metrics

import (
	"fmt"
	"strings"
	"testing"

	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// TestCases plays cases of traffic whose outcome is known from elsewhere, each from
// the text of its scenario through a run to its measures. Each subtest is one case;
// its numbers are those of the case. Those of routing are in package actors.
func TestCases(t *testing.T) {
	t.Run("ECMP-S", equalNextHops)
}

// played is a case that was played: what it measured, and where each flow was.
type played struct {
	*Result
	classes []*class
	net     *network
}

// playCase plays a scenario.
func playCase(t *testing.T, text string, seed uint64) played {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	m := newMeter()
	for i := range log.Written {
		if err := m.add(&log.Written[i]); err != nil {
			t.Fatal(err)
		}
	}
	m.finish()
	if m.result.Violations != nil {
		t.Fatal(m.result.Violations)
	}
	return played{m.result, m.traffic.classes, m.net}
}

// shiftOf gives the row of a hub in shift.arrow after a disturbance, of one class.
func (p played) shiftOf(t *testing.T, disturbance, dir, hub string) Shift {
	t.Helper()
	for _, d := range p.Disturbances {
		for _, row := range p.Shift {
			if d.Name == disturbance && row.Root == int64(d.Seq) && row.Direction == dir && row.Via == hub {
				return row
			}
		}
	}
	t.Fatalf("no row of %s %s via %s", disturbance, dir, hub)
	return Shift{}
}

// manyHubs is a scenario of n hubs with an NVA each, all of which lead to one site.
func manyHubs(n int, keys, nva, faults string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nname: hubs\nhorizon: 2700s\n%s\nvnets:\n", keys)
	b.WriteString("  - {name: spoke, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]}\n")
	var names []string
	for i := 1; i <= n; i++ {
		names = append(names, fmt.Sprintf("nva%d", i))
		fmt.Fprintf(&b, "  - {name: hub%d, address_space: [10.%d.0.0/16], subnets: [{name: nva, prefix: 10.%d.0.0/24}]}\n", i, i, i)
	}
	b.WriteString("peerings:\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "  - {between: [hub%d, spoke]}\n", i)
	}
	b.WriteString("route_servers: [{name: rs0, vnet: spoke}]\nnvas:\n")
	for i, name := range names {
		fmt.Fprintf(&b, "  - {name: %s, vnet: hub%d, address: 10.%d.0.4, asn: %d, roles: [vpn], route_servers: [rs0]%s}\n", name, i+1, i+1, 65001+i, nva)
	}
	fmt.Fprintf(&b, "sites: [{name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [%s], multipath_relax: true}]\n", strings.Join(names, ", "))
	b.WriteString("vms: [{name: vms, vnet: spoke, subnet: workload, count: 1}]\n")
	fmt.Fprintf(&b, "traffic: [{name: c, from: vms, to: dc, rate: 1Gbps, flows: 10000}]\nfaults: [%s]\n", faults)
	return b.String()
}
