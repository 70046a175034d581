package actors_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"dualhome/events"
)

// sampleA is a file of AS relationships (CAIDA, serial-1).
const sampleA = "1|2|0 1|3|-1 1|4|-1 2|4|-1 2|5|-1 3|4|0 3|6|-1 4|7|-1 5|7|-1 5|8|-1 6|7|0 7|9|-1 8|9|-1 6|10|-1"

// relations gives what each AS is to another: provider, customer or peer.
func relations() map[[2]string]string {
	all := map[[2]string]string{}
	for line := range strings.FieldsSeq(sampleA) {
		f := strings.Split(line, "|")
		all[[2]string{f[0], f[1]}], all[[2]string{f[1], f[0]}] = "peer", "peer"
		if f[2] == "-1" {
			all[[2]string{f[0], f[1]}], all[[2]string{f[1], f[0]}] = "provider", "customer"
		}
	}
	return all
}

// tenASes is the network of sampleA; every AS originates a prefix.
func tenASes(policy bool, faults string) string {
	var b strings.Builder
	b.WriteString("version: 1\nname: case\nhorizon: 3000s\nstart: established\nrouters:\n")
	for i := range 10 {
		fmt.Fprintf(&b, "  - {name: '%d', asn: %d, originates: [%v]}\n", i+1, i+1, prefixOf(i+1))
	}
	b.WriteString("links:\n")
	for line := range strings.FieldsSeq(sampleA) {
		f := strings.Split(line, "|")
		relation := map[string]string{"-1": "provider", "0": "peer"}[f[2]]
		if !policy {
			relation = "none"
		}
		fmt.Fprintf(&b, "  - {between: ['%s', '%s'], relation: %s}\n", f[0], f[1], relation)
	}
	return b.String() + faults
}

// GR-S: customers before peers before providers, and what they may be told of
// each other (Gao and Rexford 2001).
func businessRelations(t *testing.T) {
	o := observe(t, tenASes(true, "faults: [{name: cut, kind: link-down, target: 4-7, at: 1000s}]"), 1)
	free := observe(t, tenASes(false, ""), 1)
	kinds := relations()
	pairs, sum, most, sumFree, inflated := 0, 0, 0, 0, 0
	for i := range 10 {
		prefix := prefixOf(i + 1).String()
		short := free.paths(prefix, 999)
		for from, path := range o.paths(prefix, 999) {
			hops := strings.Count(path, " ")
			if hops == 0 {
				continue
			}
			freely := strings.Count(short[from], " ")
			pairs, sum, most, sumFree = pairs+1, sum+hops, max(most, hops), sumFree+freely
			if hops > freely {
				inflated++
			}
			if !valleyFree(kinds, strings.Fields(path)) {
				t.Errorf("%s has a valley", path)
			}
		}
	}
	same(t, "pairs, hops, longest, inflated", [4]int{pairs, sum, most, inflated}, [4]int{90, 204, 6, 8})
	same(t, "mean without policy", fmt.Sprintf("%.4f", float64(sumFree)/90), "2.0889")
	nine := map[events.ActorID]string{
		"1": "1 4 7 9", "2": "2 4 7 9", "3": "3 4 7 9", "4": "4 7 9", "5": "5 7 9", "6": "6 7 9", "7": "7 9", "8": "8 9", "9": "9", "10": "10 6 7 9",
	}
	same(t, "paths to 9", o.paths(prefixOf(9).String(), 999), nine)
	same(t, "paths to 10", o.paths(prefixOf(10).String(), 999), map[events.ActorID]string{
		"1": "1 3 6 10", "2": "2 1 3 6 10", "3": "3 6 10", "4": "4 3 6 10", "5": "5 2 1 3 6 10", "6": "6 10", "7": "7 6 10",
		"8": "8 5 2 1 3 6 10", "9": "9 7 6 10", "10": "10",
	})
	maps.Copy(nine, map[events.ActorID]string{"1": "1 2 5 7 9", "2": "2 5 7 9", "3": "3 1 2 5 7 9", "4": "4 2 5 7 9"})
	same(t, "paths to 9 after 4-7 failed", o.paths(prefixOf(9).String(), 3000), nine)
}

// valleyFree tells whether packets go up to providers, over at most one peer, and
// down to customers.
func valleyFree(kinds map[[2]string]string, hops []string) bool {
	rank := map[string]int{"customer": 0, "peer": 1, "provider": 2}
	last := 0
	for i := range len(hops) - 1 {
		is := rank[kinds[[2]string{hops[i], hops[i+1]}]]
		if is < last || is == 1 && last == 1 {
			return false
		}
		last = is
	}
	return true
}

// POL-S: what prepending moves, what a route server leaves as it is, and what
// RFC 8212 denies.
func policies(t *testing.T) {
	t.Run("prepend", prepending)
	t.Run("rs", transparency)
	t.Run("r8212", denyByDefault)
}

func prepending(t *testing.T) {
	for _, row := range []struct {
		long, prefer bool
		choice       [3]string // with 0, 1 and 2 extra copies of the origin's AS towards U1
	}{
		{false, false, [3]string{"u1", "u2", "u2"}},
		{true, false, [3]string{"u1", "u1", "u2"}},
		{false, true, [3]string{"u1", "u1", "u1"}},
	} {
		for k, want := range row.choice {
			below, v := "u2", ""
			if row.long {
				below, v = "v", "  - {name: v, asn: 203}\n"
			}
			preference := 100
			if row.prefer {
				preference = 200
			}
			text := fmt.Sprintf(`version: 1
name: case
horizon: 100s
start: established
routers:
  - {name: u1, asn: 201}
  - {name: u2, asn: 202}
%s  - {name: o, asn: 300, originates: [%s], peers: [{router: u1, prepend: %d}]}
  - {name: s, asn: 100, peers: [{router: u1, import: [{local_pref: %d}]}]}
links: [{between: [o, u1]}, {between: [o, %s]}, {between: [u1, s]}, {between: [u2, s]}%s]
`, v, lab0, k, preference, below, map[bool]string{true: ", {between: [v, u2]}"}[row.long])
			got := strings.Fields(observe(t, text, 1).paths(lab0, 100)["s"])
			if len(got) < 2 || got[1] != want {
				t.Errorf("long %v, LOCAL_PREF %d, k %d: %v, want %s", row.long, preference, k, got, want)
			}
		}
	}
}

func transparency(t *testing.T) {
	for _, row := range []struct {
		transparent bool
		atB         string // path, next hop and MED that B is sent
		atC         string // path that C is sent
	}{
		{true, "65001 192.0.2.1 MED 50", "65002 65001"},
		{false, "65500 65001 192.0.2.3 no MED", "65002 65500 65001"},
	} {
		text := fmt.Sprintf(`version: 1
name: case
horizon: 100s
start: established
routers:
  - {name: a, asn: 65001, originates: [%s], peers: [{router: rs, export: [{med: 50}]}]}
  - {name: b, asn: 65002}
  - {name: rs, asn: 65500, peers: [{router: a, transparent: %v}, {router: b, transparent: %v}]}
  - {name: c, asn: 65003}
links: [{between: [a, rs]}, {between: [b, rs]}, {between: [b, c]}]
`, lab0, row.transparent, row.transparent)
		o := observe(t, text, 1)
		same(t, fmt.Sprintf("transparent %v: at B", row.transparent), heard(o, "b", "rs"), row.atB)
		same(t, fmt.Sprintf("transparent %v: path at C", row.transparent), strings.Join(strings.Fields(heard(o, "c", "b"))[:strings.Count(row.atC, " ")+1], " "), row.atC)
	}
}

// heard gives path, next hop and MED of the first route that a router got from
// another.
func heard(o observed, by, from events.ActorID) string {
	for _, l := range o.Of(by, events.In) {
		if u, ok := l.Event.(*events.Update); ok && l.Peer == from && u.Attrs != nil {
			med := "no MED"
			if u.Attrs.HasMED {
				med = fmt.Sprintf("MED %d", u.Attrs.MED)
			}
			return fmt.Sprintf("%v %v %s", u.Attrs.Path, u.Attrs.NextHop, med)
		}
	}
	return "nothing"
}

func denyByDefault(t *testing.T) {
	for _, row := range []struct {
		internal        bool
		inward, outward string // import at the receiver, export at the sender
		sent, usable    bool
	}{
		{false, "none", "permit", true, false},
		{false, "permit", "none", false, false},
		{false, "permit", "permit", true, true},
		{true, "none", "none", true, true},
	} {
		rules := map[string]string{"none": "[]", "permit": "[{action: accept}]"}
		asn := 65002
		if row.internal {
			asn = 65001
		}
		text := fmt.Sprintf(`version: 1
name: case
horizon: 100s
start: established
routers:
  - {name: a, asn: 65001, originates: [%s], bgp: {rfc8212: true}, peers: [{router: b, export: %s}]}
  - {name: b, asn: %d, bgp: {rfc8212: true}, peers: [{router: a, import: %s}]}
links: [{between: [a, b]}]
`, lab0, rules[row.outward], asn, rules[row.inward])
		o := observe(t, text, 1)
		_, usable := o.paths(lab0, 100)["b"]
		same(t, fmt.Sprintf("%+v: sent, usable", row), [2]bool{heard(o, "b", "a") != "nothing", usable}, [2]bool{row.sent, row.usable})
	}
}
