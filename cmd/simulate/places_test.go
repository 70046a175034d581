package main

import (
	"math"
	"strings"
	"testing"

	"dualhome/metrics"
)

// finalOf gives how a class fared at the end of a run, forward and back.
func finalOf(t *testing.T, m *metrics.Result, class string) [2]metrics.Final {
	t.Helper()
	for i, f := range m.Final {
		if f.Class == class {
			return [2]metrics.Final{f, m.Final[i+1]}
		}
	}
	t.Fatalf("no class %s", class)
	return [2]metrics.Final{}
}

// pathsOf gives the paths of a class and direction at the end of a run, pathsAt those
// at a time.
func pathsOf(m *metrics.Result, class, direction string) string {
	return pathsAt(m, class, direction, math.MaxInt64)
}

func pathsAt(m *metrics.Result, class, direction string, until int64) string {
	at, paths := int64(-1), ""
	for _, r := range m.Traffic {
		if r.Class != class || r.Direction != direction || r.T > until {
			continue
		}
		if r.T != at {
			at, paths = r.T, ""
		}
		if r.Path != nil {
			paths += *r.Path
		}
	}
	return paths
}

// TestPlacesOfTraffic: in the base design flows go from a set of VMs, one machine of
// it, a subnet and the data centre, and each that can arrives.
func TestPlacesOfTraffic(t *testing.T) {
	r := playWith(t, "active-active", 1, `traffic=[
		{name: spoke-dc, from: spoke-vms, to: dc, rate: 1Gbps},
		{name: spoke-internet, from: spoke-vms, to: internet, rate: 1Gbps},
		{name: one, from: "spoke-vms[3]", to: dc, rate: 1Gbps},
		{name: subnet, from: spoke/workload, to: dc, rate: 1Gbps},
		{name: inward, from: dc, to: "spoke-vms[3]", rate: 1Gbps},
		{name: outward, from: dc, to: internet, rate: 1Gbps}]`)
	for _, class := range []string{"spoke-dc", "one", "subnet", "inward"} {
		for _, f := range finalOf(t, r.measured, class) {
			if f.Delivered != 1 {
				t.Errorf("%+v", f)
			}
		}
	}
	// One machine's packets leave through the table of its own NIC.
	for _, at := range []struct{ class, direction string }{{"one", "forward"}, {"inward", "return"}} {
		paths := pathsOf(r.measured, at.class, at.direction)
		if strings.Contains(paths, "spoke-vms-0") == strings.Contains(paths, "spoke-vms-1") {
			t.Errorf("%v goes %s", at, paths)
		}
	}
	// A set of VMs and its subnet are the same machines, so the flows leave in the same proportion.
	if set, subnet := pathsOf(r.measured, "spoke-dc", "forward"), pathsOf(r.measured, "subnet", "forward"); set != subnet {
		t.Errorf("%s and %s", set, subnet)
	}
	// The data centre has no route to the Internet in this design.
	if f := finalOf(t, r.measured, "outward")[0]; f.Delivered != 0 || f.Cause != "black-hole" {
		t.Errorf("%+v", f)
	}
}

// TestTrafficOfAPlainNetwork: between routers flows take the way of BGP, in both
// directions, and another one when a link fails.
func TestTrafficOfAPlainNetwork(t *testing.T) {
	const text = `
version: 1
name: square
horizon: 400s
start: established
routers:
  - {name: a, asn: 65001, originates: [10.1.0.0/16]}
  - {name: b, asn: 65002, id: 192.0.2.2}
  - {name: c, asn: 65003, id: 192.0.2.3}
  - {name: d, asn: 65004, originates: [10.4.0.0/16]}
links:
  - {between: [a, b]}
  - {between: [b, d]}
  - {between: [a, c]}
  - {between: [c, d]}
traffic:
  - {name: there, from: a, to: d, rate: 8Mbps, flows: 100, packet_size: 500B}
faults:
  - {name: cut, kind: link-down, target: a-b, at: 100s}
`
	r := playText(t, text)
	for i, f := range finalOf(t, r.measured, "there") {
		if want := [...]string{"a > c > d", "d > c > a"}[i]; f.Delivered != 1 || pathsOf(r.measured, "there", f.Direction) != want {
			t.Errorf("%+v goes %s", f, pathsOf(r.measured, "there", f.Direction))
		}
	}
	if before, after := r.carriers(&r.measured.Impacts[0]); before != "b" || after != "c" {
		t.Errorf("the summary says that it went by %s, and then by %s", before, after)
	}
	if before := pathsAt(r.measured, "there", "forward", 99e9); before != "a > b > d" {
		t.Errorf("before the fault flows go %s", before)
	}
}
