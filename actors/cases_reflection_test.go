package actors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// reflecting is AS 65000: the route reflectors rr1 and rr2, their clients c1 to c4
// and, of rr1 alone, c5. The neighbour x announces lab0 to c1 at 1000 s; the session
// of c1 and rr1 fails at 2000 s.
func reflecting(withC5 bool, cluster2 string) string {
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
  - {name: x, asn: 65100, id: 10.0.0.9}
  - {name: rr1, asn: 65000, id: 1.1.1.1, bgp: {send_back: false}, peers: [%s]}
  - {name: rr2, asn: 65000, id: 2.2.2.2, cluster_id: %s, bgp: {send_back: false}, peers: [%s]}
  - {name: c1, asn: 65000, id: 10.0.0.1, bgp: {send_back: false}}
  - {name: c2, asn: 65000, id: 10.0.0.2, bgp: {send_back: false}}
  - {name: c3, asn: 65000, id: 10.0.0.3, bgp: {send_back: false}}
  - {name: c4, asn: 65000, id: 10.0.0.4, bgp: {send_back: false}}
%slinks:
  - {between: [x, c1]}
  - {between: [rr1, rr2]}
`, peers("rr1"), cluster2, peers("rr2"), c5)
	for _, rr := range []string{"rr1", "rr2"} {
		for _, c := range clients[rr] {
			fmt.Fprintf(&b, "  - {between: [%s, %s]}\n", c, rr)
		}
	}
	fmt.Fprintf(&b, "faults: [{name: up, kind: announce, target: x, prefix: %s, at: 1000s}, {name: cut, kind: link-down, target: c1-rr1, at: 2000s}]\n", lab0)
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
		up, after [2]int // announcements and withdrawals
	}{
		{"2.2.2.2", false, [2]int{10, 0}, [2]int{3, 1}},
		{"2.2.2.2", true, [2]int{11, 0}, [2]int{4, 1}},
		{"1.1.1.1", false, [2]int{10, 0}, [2]int{0, 4}},
		{"1.1.1.1", true, [2]int{11, 0}, [2]int{0, 5}},
	} {
		o := observe(t, reflecting(row.withC5, row.cluster2), 1)
		what := fmt.Sprintf("rr2 in cluster %s, C5 %v", row.cluster2, row.withC5)
		same(t, what+": up", inside(o, 1000, 2000), row.up)
		same(t, what+": after the session failed", inside(o, 2000, 3000), row.after)
		before, paths := o.bestOf("rr1", 1999), o.paths(lab0, 3000)
		same(t, what+": best of RR1", before, "[c1]")
		_, rr1 := paths["rr1"]
		_, c4 := paths["c4"]
		same(t, what+": RR1 and C4 have a route at the end", [2]bool{rr1, c4}, [2]bool{row.cluster2 == "2.2.2.2", true})
		if row.withC5 {
			want := "unreachable"
			if row.cluster2 == "2.2.2.2" {
				want = "[1.1.1.1 2.2.2.2] from 10.0.0.1"
			}
			same(t, what+": what C5 has", lastHeard(o, "c5"), want)
		}
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

// lastHeard gives CLUSTER_LIST and ORIGINATOR_ID of the last route that a router got.
func lastHeard(o observed, by events.ActorID) string {
	lines := o.Of(by, events.In)
	for _, l := range slices.Backward(lines) {
		if u, ok := l.Event.(*events.Update); ok {
			if u.Attrs == nil {
				return "unreachable"
			}
			return fmt.Sprintf("%v from %v", u.Attrs.ClusterList, u.Attrs.OriginatorID)
		}
	}
	return "nothing"
}
