package actors_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// DEC-S: the decision process, step by step, and what depends on the order of
// arrival where MED is compared in pairs.
func decisions(t *testing.T) {
	t.Run("steps", steps)
	t.Run("MED", medOrder)
	t.Run("churn", medChurn)
}

// candidate is a route that is injected into the router r: a neighbour with an
// identifier, in the AS that the path begins with or in that of r, sends it.
type candidate struct {
	path      string // such as 10 {20,30}
	id        int
	med       int // -1: none
	internal  bool
	igpCost   int
	localPref int // 0: the default
}

// attributes gives them as an UPDATE has them, ORIGIN IGP.
func (c candidate) attributes() []byte {
	attrs := []byte{0x40, 1, 1, 0}
	path := asPath(c.path)
	attrs = append(append(attrs, 0x40, 2, byte(len(path))), path...)
	attrs = append(attrs, 0x40, 3, 4, 10, 0, 0, byte(c.id))
	if c.med >= 0 {
		attrs = binary.BigEndian.AppendUint32(append(attrs, 0x80, 4, 4), uint32(c.med))
	}
	if c.internal {
		attrs = binary.BigEndian.AppendUint32(append(attrs, 0x40, 5, 4), 100)
	}
	return attrs
}

// asPath lays an AS_PATH out: numbers are a sequence, {numbers} a set.
func asPath(text string) []byte {
	var all []byte
	for segment := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '{' || c == '}' }) {
		kind, numbers := byte(2), strings.Fields(segment)
		if strings.Contains(segment, ",") {
			kind, numbers = 1, strings.Split(segment, ",")
		}
		all = append(all, kind, byte(len(numbers)))
		for _, number := range numbers {
			var as uint32
			if _, err := fmt.Sscan(number, &as); err != nil {
				panic(err)
			}
			all = binary.BigEndian.AppendUint32(all, as)
		}
	}
	return all
}

// offer injects routes into r, one at 1000 s and the other 5 s later, and gives whose
// route r then uses, which step decided if the second one won, and how many UPDATEs r
// sent a neighbour behind it when it came.
func offer(t *testing.T, bgp string, routes map[string]candidate, order []string) (wins, step string, updates int) {
	t.Helper()
	var routers, peers, links strings.Builder
	for _, name := range sortedKeys(routes) {
		c := routes[name]
		asn := "65000"
		if !c.internal {
			asn = strings.Fields(c.path)[0]
		}
		fmt.Fprintf(&routers, "  - {name: %s, asn: %s, id: 10.0.0.%d}\n", name, asn, c.id)
		fmt.Fprintf(&peers, "{router: %s, igp_cost: %d, export: [{action: drop}]", name, c.igpCost)
		if c.localPref > 0 {
			fmt.Fprintf(&peers, ", import: [{local_pref: %d}]", c.localPref)
		}
		peers.WriteString("}, ")
		fmt.Fprintf(&links, "{between: [%s, r], delay: 0s}, ", name)
	}
	text := fmt.Sprintf("version: 1\nname: case\nhorizon: 2000s\nstart: established\nrouters:\n%s  - {name: z, asn: 99, bgp: {send_back: false}}\n  - {name: r, asn: 65000, id: 10.0.0.99, bgp: {%s}, peers: [%s]}\nlinks: [%s{between: [r, z], delay: 0s}]\n",
		&routers, bgp, &peers, &links)
	var all []injection
	for i, name := range order {
		raw := update(routes[name].attributes(), netip.MustParsePrefix(lab0))
		all = append(all, injection{events.ActorID(name), "r", time.Duration(1000+5*i) * time.Second, raw})
	}
	o := inject(t, text, all...)
	for _, l := range o.Of("r", events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok {
			if step = ""; l.At == 1005e9 {
				step = e.Why
			}
		}
	}
	told := o.train("r", "z", 1005, 2000)
	return strings.Trim(o.bestOf("r", 2000), "[]"), step, strings.Count(told, "A") + strings.Count(told, "W")
}

func steps(t *testing.T) {
	for _, row := range []struct {
		id, bgp    string
		x, y       candidate
		wins, step string
	}{
		{"D1", "", candidate{path: "10 {20,30,40}", id: 9, med: -1}, candidate{path: "11 21 31", id: 1, med: -1}, "x", "shorter AS path"},
		{"D2", "", candidate{path: "10 30", id: 9, med: -1}, candidate{path: "10 30", id: 1, med: 5}, "x", "lower MED"},
		{"D2w", "missing_med_worst: true", candidate{path: "10 30", id: 9, med: -1}, candidate{path: "10 30", id: 1, med: 5}, "y", "lower MED"},
		{"D3", "", candidate{path: "10 30", id: 1, med: 100}, candidate{path: "11 30", id: 2, med: 0}, "x", "lower BGP identifier"},
		{"D3a", "always_compare_med: true", candidate{path: "10 30", id: 1, med: 100}, candidate{path: "11 30", id: 2, med: 0}, "y", "lower MED"},
		{"D4", "", candidate{path: "10 30", id: 9, med: -1, igpCost: 100}, candidate{path: "10 30", id: 1, med: -1, internal: true, igpCost: 1}, "x", "external over internal"},
		{"D5", "", candidate{path: "10 30", id: 1, med: 20}, candidate{path: "10 30", id: 9, med: 10, internal: true}, "y", "lower MED"},
		{"D6", "", candidate{path: "10 30", id: 1, med: -1, internal: true, igpCost: 20}, candidate{path: "10 30", id: 9, med: -1, internal: true, igpCost: 10}, "y", "lower IGP cost"},
		{"D7", "", candidate{path: "10 30", id: 9, med: -1}, candidate{path: "11 30", id: 1, med: -1}, "y", "lower BGP identifier"},
		{"D7o", "keep_oldest: true", candidate{path: "10 30", id: 9, med: -1}, candidate{path: "11 30", id: 1, med: -1}, "x", ""},
		{"D12", "", candidate{path: "10", id: 1, med: -1}, candidate{path: "11 21 31 41", id: 2, med: -1, localPref: 101}, "y", "higher LOCAL_PREF"},
	} {
		orders := [][]string{{"x", "y"}, {"y", "x"}}
		if row.id == "D7o" {
			orders = orders[:1] // the order decides
		}
		for _, order := range orders {
			what := fmt.Sprintf("%s, %v", row.id, order)
			wins, step, updates := offer(t, row.bgp, map[string]candidate{"x": row.x, "y": row.y}, order)
			same(t, what, wins, row.wins)
			if wins != order[1] {
				same(t, what+": UPDATEs at 5 s", updates, 0)
				continue
			}
			same(t, what+": step", step, row.step)
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
			o := observe(t, medNetwork(bgp, order, ""), 1)
			same(t, fmt.Sprintf("arrival %s, %s", order, bgp), o.bestOf("r", 2000), "["+strings.ToLower(want)+"]")
		}
	}
}

// medChurn: with groups by neighbour AS, that B goes and comes back changes nothing.
func medChurn(t *testing.T) {
	for _, order := range []string{"ABC", "CBA"} {
		o := observe(t, medNetwork("", order, fmt.Sprintf("{name: gone, kind: withdraw, target: xb, prefix: %s, at: 1500s, repair_after: 100s}", lab0)), 1)
		late := o.Select(func(l events.Line) bool {
			_, best := l.Event.(*events.BestChanged)
			return best && l.Actor == "r" && l.At >= 1500e9
		})
		same(t, "changes at r", len(late), 0)
		reached := o.Of("r", events.In)
		same(t, "B's last UPDATE reaches r at 1600 s", slices.ContainsFunc(reached, func(l events.Line) bool {
			u, ok := l.Event.(*events.Update)
			return ok && l.Peer == "b" && l.At >= 1600e9 && len(u.NLRI) == 1
		}), true)
	}
}

// medNetwork announces A, B and C in an order, 5 s apart.
func medNetwork(bgp, order, fault string) string {
	var faults strings.Builder
	for i, name := range strings.Split(strings.ToLower(order), "") {
		fmt.Fprintf(&faults, "{name: f%d, kind: announce, target: x%s, prefix: %s, at: %ds}, ", i, name, lab0, 1000+5*i)
	}
	return fmt.Sprintf(`version: 1
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
faults: [%s%s]
`, bgp, &faults, fault)
}
