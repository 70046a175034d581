package actors_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// reflecting is AS 65000: the route reflectors rr1 and rr2, their clients c1 to c4
// and, of rr1 alone, c5. The neighbour x announces lab0 to c1 at 1000 s; the session
// of c1 and rr1 fails at 2000 s, that of rr1 and rr2 at 2500 s.
func reflecting(withC5 bool, cluster2 string, sendBack bool) string {
	clients := map[string][]string{"rr1": {"c1", "c2", "c3", "c4"}, "rr2": {"c1", "c2", "c3", "c4"}}
	c5 := ""
	if withC5 {
		clients["rr1"] = append(clients["rr1"], "c5")
		c5 = "  - {name: c5, asn: 65000, id: 10.0.0.5, bgp: {send_back: false}}\n"
	}
	peers := func(rr string) string {
		var all []string
		for _, c := range clients[rr] {
			all = append(all, "{router: "+c+", client: true}")
		}
		return strings.Join(all, ", ")
	}
	var b strings.Builder
	fmt.Fprintf(&b, `version: 1
name: case
horizon: 3000s
start: established
routers:
  - {name: x, asn: 65100, id: 10.0.0.9, peers: [{router: c1, export: [{med: 30}]}]}
  - {name: rr1, asn: 65000, id: 1.1.1.1, bgp: {send_back: %[5]v}, peers: [%[1]s]}
  - {name: rr2, asn: 65000, id: 2.2.2.2, cluster_id: %[2]s, bgp: {send_back: %[5]v}, peers: [%[3]s]}
  - {name: c1, asn: 65000, id: 10.0.0.1, bgp: {send_back: false}, peers: [{router: x, import: [{local_pref: 150}]}]}
  - {name: c2, asn: 65000, id: 10.0.0.2, bgp: {send_back: false}}
  - {name: c3, asn: 65000, id: 10.0.0.3, bgp: {send_back: false}}
  - {name: c4, asn: 65000, id: 10.0.0.4, bgp: {send_back: false}}
%[4]slinks:
  - {between: [x, c1]}
  - {between: [rr1, rr2]}
`, peers("rr1"), cluster2, peers("rr2"), c5, sendBack)
	for _, rr := range []string{"rr1", "rr2"} {
		for _, c := range clients[rr] {
			fmt.Fprintf(&b, "  - {between: [%s, %s]}\n", c, rr)
		}
	}
	fmt.Fprintf(&b, "faults: [{name: up, kind: announce, target: x, prefix: %s, at: 1000s}, {name: cut, kind: link-down, target: c1-rr1, at: 2000s}, {name: apart, kind: link-down, target: rr1-rr2, at: 2500s}]\n", lab0)
	return b.String()
}

// inside gives how many UPDATEs are sent inside the AS, that announce and withdraw.
func inside(o observed, from, to float64) (counts [2]int) {
	for _, l := range o.Written {
		u, ok := l.Event.(*events.Update)
		at := float64(l.At) / 1e9
		if !ok || l.Role != events.Out || at < from || at >= to || l.Actor == "x" || l.Peer == "x" {
			continue
		}
		counts[0] += min(len(u.NLRI), 1)
		counts[1] += min(len(u.Withdrawn), 1)
	}
	return counts
}

// IBGP-S: what two route reflectors tell each other and their clients, in clusters of
// their own and in one (RFC 4456).
func reflection(t *testing.T) {
	for _, row := range []struct {
		cluster2  string
		withC5    bool
		up        [2]int // announcements: without and with those that are reflected to where they came from
		usable    int    // routes of RR1
		ann, wd   int    // after the session of C1 and RR1 failed
		c5        string // what C5 has then
		rr1, rest bool   // whether RR1, and C2 to C4, have a route then
	}{
		{"2.2.2.2", false, [2]int{10, 12}, 2, 3, 1, "", true, true},
		{"2.2.2.2", true, [2]int{11, 13}, 2, 4, 1, "[1.1.1.1 2.2.2.2] from 10.0.0.1", true, true},
		{"1.1.1.1", false, [2]int{10, 12}, 1, 0, 4, "", false, true},
		{"1.1.1.1", true, [2]int{11, 13}, 1, 0, 5, "unreachable", false, true},
	} {
		what := fmt.Sprintf("rr2 in cluster %s, C5 %v", row.cluster2, row.withC5)
		back := observe(t, reflecting(row.withC5, row.cluster2, true), 1)
		same(t, what+": up, with what is reflected back", inside(back, 1000, 2000), [2]int{row.up[1], 0})
		same(t, what+": the best of C1, which drops that", back.bestOf("c1", 1999), "[x]")

		o := observe(t, reflecting(row.withC5, row.cluster2, false), 1)
		same(t, what+": up", inside(o, 1000, 2000), [2]int{row.up[0], 0})
		same(t, what+": after the session failed", inside(o, 2000, 2500), [2]int{row.ann, row.wd})
		same(t, what+": best of RR1", o.bestOf("rr1", 1999), "[c1]")
		usable := 0 // it has a route until so many sessions are gone
		for _, at := range []float64{1999, 2499, 2999} {
			if _, ok := o.paths(lab0, at)["rr1"]; ok {
				usable++
			}
		}
		same(t, what+": usable routes of RR1", usable, row.usable)
		paths := o.paths(lab0, 2499)
		_, rr1 := paths["rr1"]
		_, c2 := paths["c2"]
		_, c3 := paths["c3"]
		_, c4 := paths["c4"]
		same(t, what+": RR1, and C2 to C4, have a route", [2]bool{rr1, c2 && c3 && c4}, [2]bool{row.rr1, row.rest})
		if row.withC5 {
			same(t, what+": what C5 has", o.lastHeard("c5", 2499), row.c5)
		}
	}
	t.Run("matrix", reflectionMatrix)
	t.Run("attributes", reflectedAttributes)
}

// reflectionMatrix: what goes from whom to whom through a reflector with the clients a
// and b, the other internal peers n and m, and e in another AS. What has no reflector
// passes nothing on.
func reflectionMatrix(t *testing.T) {
	for _, row := range []struct{ client, from, to string }{
		{"true", "a", "b e m n"},
		{"true", "n", "a b e"},
		{"true", "e", "a b m n"},
		{"false", "a", "e"},
	} {
		o := observe(t, fmt.Sprintf(`version: 1
name: case
horizon: 2000s
start: established
routers:
  - {name: a, asn: 65000}
  - {name: b, asn: 65000}
  - {name: n, asn: 65000}
  - {name: m, asn: 65000}
  - {name: e, asn: 65100}
  - {name: r, asn: 65000, bgp: {send_back: false}, peers: [{router: a, client: %[1]s}, {router: b, client: %[1]s}]}
links: [{between: [a, r]}, {between: [b, r]}, {between: [n, r]}, {between: [m, r]}, {between: [e, r]}]
faults: [{name: up, kind: announce, target: %[2]s, prefix: %[3]s, at: 1000s}]
`, row.client, row.from, lab0), 1)
		var to []string
		for _, id := range []events.ActorID{"a", "b", "e", "m", "n"} {
			if heard(o, id, "r") != "nothing" {
				to = append(to, string(id))
			}
		}
		same(t, fmt.Sprintf("clients %s, from %s", row.client, row.from), strings.Join(to, " "), row.to)
	}
}

// reflectedAttributes: a reflector says who brought the route into the AS and adds
// its cluster; all else is as it came.
func reflectedAttributes(t *testing.T) {
	o := observe(t, reflecting(true, "2.2.2.2", false), 1)
	sent := func(from, to events.ActorID) events.Attrs {
		for _, l := range o.Of(from, events.Out) {
			if u, ok := l.Event.(*events.Update); ok && l.Peer == to && u.Attrs != nil {
				return *u.Attrs
			}
		}
		t.Errorf("%s sent %s nothing", from, to)
		return events.Attrs{}
	}
	first := sent("c1", "rr1")
	same(t, "C1 sends", fmt.Sprint(first.Path, first.NextHop, first.LocalPref, first.MED, first.OriginatorID.IsValid(), first.ClusterList), "65100 10.0.0.9 150 30 false []")
	for _, to := range []events.ActorID{"c2", "rr2"} {
		want := first
		want.OriginatorID, want.ClusterList = netip.MustParseAddr("10.0.0.1"), []netip.Addr{netip.MustParseAddr("1.1.1.1")}
		same(t, "RR1 sends "+string(to), sent("rr1", to), want)
	}
}

// bestOf gives whose route to lab0 a router uses at a time.
func (o observed) bestOf(id events.ActorID, until float64) string {
	is := ""
	for _, l := range o.Of(id, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && e.Prefix.String() == lab0 && float64(l.At)/1e9 <= until {
			is = fmt.Sprint(e.Is)
		}
	}
	return is
}

// lastHeard gives CLUSTER_LIST and ORIGINATOR_ID of the last route that a router got
// by a time.
func (o observed) lastHeard(by events.ActorID, until float64) string {
	lines := o.Of(by, events.In)
	for _, l := range slices.Backward(lines) {
		if u, ok := l.Event.(*events.Update); ok && float64(l.At)/1e9 <= until {
			if u.Attrs == nil {
				return "unreachable"
			}
			return fmt.Sprintf("%v from %v", u.Attrs.ClusterList, u.Attrs.OriginatorID)
		}
	}
	return "nothing"
}
