package actors_test

import (
	"fmt"
	"strings"
	"testing"
)

// DEC-S: the decision process, step by step, and what depends on the order of
// arrival where MED is compared in pairs. The rows that need attributes that no
// scenario can write are tests of package bgp.
func decisions(t *testing.T) {
	t.Run("steps", steps)
	t.Run("MED", medOrder)
}

// route is a neighbour of the router that decides, in an AS, with an identifier, and
// rules for what it sends and for what is taken of it.
type route struct {
	asn, id        int
	export, accept string
}

// offer gives the neighbours whose routes the router r gets, one 5 s after the
// other in that order, and whose route it then uses.
func offer(t *testing.T, bgp string, routes map[string]route, order []string) string {
	t.Helper()
	var routers, peers, links, faults strings.Builder
	for _, name := range sortedKeys(routes) {
		n := routes[name]
		fmt.Fprintf(&routers, "  - {name: %s, asn: %d, id: 10.0.0.%d, peers: [{router: r, export: [%s]}]}\n", name, n.asn, n.id, n.export)
		fmt.Fprintf(&peers, "{router: %s, import: [%s]}, ", name, n.accept)
		fmt.Fprintf(&links, "{between: [%s, r]}, ", name)
	}
	for i, name := range order {
		fmt.Fprintf(&faults, "{name: f%d, kind: announce, target: %s, prefix: %s, at: %ds}, ", i, name, lab0, 1000+5*i)
	}
	o := observe(t, fmt.Sprintf("version: 1\nname: case\nhorizon: 2000s\nstart: established\nrouters:\n%s  - {name: r, asn: 1, id: 10.0.0.99, bgp: {%s}, peers: [%s]}\nlinks: [%s]\nfaults: [%s]\n",
		&routers, bgp, &peers, &links, &faults), 1)
	return strings.Trim(o.bestOf("r", 2000), "[]")
}

func steps(t *testing.T) {
	for _, row := range []struct {
		id, bgp string
		x, y    route
		wins    string
	}{
		{"D2", "", route{asn: 10, id: 9}, route{asn: 10, id: 1, export: "{med: 5}"}, "x"},
		{"D2w", "missing_med_worst: true", route{asn: 10, id: 9}, route{asn: 10, id: 1, export: "{med: 5}"}, "y"},
		{"D3", "", route{asn: 10, id: 1, export: "{med: 100}"}, route{asn: 11, id: 2, export: "{med: 0}"}, "x"},
		{"D3a", "always_compare_med: true", route{asn: 10, id: 1, export: "{med: 100}"}, route{asn: 11, id: 2, export: "{med: 0}"}, "y"},
		{"D7", "", route{asn: 10, id: 9}, route{asn: 11, id: 1}, "y"},
		{"D7o", "keep_oldest: true", route{asn: 10, id: 9}, route{asn: 11, id: 1}, "x"},
		{"D12", "", route{asn: 10, id: 1}, route{asn: 11, id: 2, export: "{prepend: 3}", accept: "{local_pref: 101}"}, "y"},
	} {
		orders := [][]string{{"x", "y"}, {"y", "x"}}
		if row.id == "D7o" {
			orders = orders[:1] // the order decides
		}
		for _, order := range orders {
			same(t, fmt.Sprintf("%s, %v", row.id, order), offer(t, row.bgp, map[string]route{"x": row.x, "y": row.y}, order), row.wins)
		}
	}
}

// medOrder: of A and B, both of AS 1, A has the lower MED; B and C, and C and A, are
// compared by the cost to their next hops, which are in the own AS.
func medOrder(t *testing.T) {
	for _, order := range []string{"ABC", "BAC", "ACB", "CAB", "BCA", "CBA"} {
		for bgp, want := range map[string]string{
			"":                         "C",
			"always_compare_med: true": "A",
			"pairwise_med: true":       map[string]string{"ABC": "C", "BAC": "C", "ACB": "B", "CAB": "B", "BCA": "A", "CBA": "A"}[order],
		} {
			var faults strings.Builder
			for i, name := range strings.Split(strings.ToLower(order), "") {
				fmt.Fprintf(&faults, "{name: f%d, kind: announce, target: x%s, prefix: %s, at: %ds}, ", i, name, lab0, 1000+5*i)
			}
			o := observe(t, fmt.Sprintf(`version: 1
name: case
horizon: 2000s
start: established
routers:
  - {name: xa, asn: 1, peers: [{router: a, export: [{med: 0}]}]}
  - {name: xb, asn: 1, peers: [{router: b, export: [{med: 10}]}]}
  - {name: xc, asn: 2, peers: [{router: c, export: [{med: 5}]}]}
  - {name: a, asn: 65000}
  - {name: b, asn: 65000}
  - {name: c, asn: 65000}
  - {name: r, asn: 65000, bgp: {%s}, peers: [{router: a, igp_cost: 30}, {router: b, igp_cost: 10}, {router: c, igp_cost: 20}]}
links: [{between: [xa, a]}, {between: [xb, b]}, {between: [xc, c]}, {between: [a, r]}, {between: [b, r]}, {between: [c, r]}]
faults: [%s]
`, bgp, &faults), 1)
			same(t, fmt.Sprintf("arrival %s, %s", order, bgp), o.bestOf("r", 2000), "["+strings.ToLower(want)+"]")
		}
	}
}
