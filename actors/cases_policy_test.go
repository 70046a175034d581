package actors_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"dualhome/events"
)

// POL-S: what prepending moves, what a route server leaves as it is, and what
// RFC 8212 denies.
func policies(t *testing.T) {
	t.Run("prepend", prepending)
	t.Run("prepend in the running network", prependingLater)
	t.Run("rs", transparency)
	t.Run("dead rs", deadRouteServer)
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
horizon: 200s
start: established
routers:
  - {name: u1, asn: 201}
  - {name: u2, asn: 202}
%s  - {name: o, asn: 300, originates: [%s], peers: [{router: u1, prepend: %d}]}
  - {name: s, asn: 100, peers: [{router: u1, import: [{local_pref: %d}]}]}
links: [{between: [o, u1]}, {between: [o, %s]}, {between: [u1, s]}, {between: [u2, s]}%s]
faults: [{name: none, kind: policy-change, target: o, peer: u1, prepend: 0, at: 100s}]
`, v, lab0, k, preference, below, map[bool]string{true: ", {between: [v, u2]}"}[row.long])
			o := observe(t, text, 1)
			for until, want := range map[float64]string{99: want, 200: row.choice[0]} {
				got := strings.Fields(o.paths(lab0, until)["s"])
				if len(got) < 2 || got[1] != want {
					t.Errorf("long %v, LOCAL_PREF %d, k %d: %v at %v s, want %s", row.long, preference, k, got, until, want)
				}
			}
		}
	}
}

// prependingLater: the origin prepends its AS once more towards U1, and S goes over to
// U2 two delays later. Nobody is without a route meanwhile.
func prependingLater(t *testing.T) {
	o := observe(t, fmt.Sprintf(`version: 1
name: case
horizon: 2000s
start: established
routers:
  - {name: u1, asn: 201, bgp: {send_back: false}}
  - {name: u2, asn: 202, bgp: {send_back: false}}
  - {name: o, asn: 300, originates: [%s], bgp: {send_back: false}}
  - {name: s, asn: 100, bgp: {send_back: false}}
links: [{between: [o, u1], delay: 1s}, {between: [o, u2], delay: 1s}, {between: [u1, s], delay: 1s}, {between: [u2, s], delay: 1s}]
faults: [{name: prepend, kind: policy-change, target: o, peer: u1, prepend: 1, at: 1000s}]
`, lab0), 1)
	after := o.during(1000, 2000)
	same(t, "ann, wd", [2]int{after.ann, after.wd}, [2]int{3, 1})
	for _, one := range []struct {
		from, to events.ActorID
		train    string
	}{
		{"o", "u1", "0.0 A2"},
		{"o", "u2", ""},
		{"u1", "s", "1.0 A3"},
		{"s", "u1", "2.0 A3"},
		{"s", "u2", "2.0 W"},
	} {
		same(t, fmt.Sprintf("%s to %s", one.from, one.to), o.train(one.from, one.to, 1000, 2000), one.train)
	}
	same(t, "S forwards to", o.forwards("s", 1000), "2.0 192.0.2.2")
	same(t, "U1 forwards to", o.forwards("u1", 1000), "")
	same(t, "U2 forwards to", o.forwards("u2", 1000), "")
}

// forwards gives how the entry for lab0 of a forwarding table changes from a time on:
// when, and to which next hops.
func (o observed) forwards(id events.ActorID, since float64) string {
	var all []string
	for _, l := range o.Of(id, events.Change) {
		e, ok := l.Event.(*events.FIBChanged)
		at := float64(l.At)/1e9 - since
		if !ok || e.Prefix.String() != lab0 || at < 0 {
			continue
		}
		hops := fmt.Sprint(e.NextHops)
		all = append(all, fmt.Sprintf("%.1f %s", at, strings.Trim(hops, "[]")))
	}
	return strings.Join(all, ", ")
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
		same(t, fmt.Sprintf("transparent %v: used by B, whatever AS is first", row.transparent), o.bestOf("b", 100), "[rs]")
		same(t, fmt.Sprintf("transparent %v: path at C", row.transparent), strings.Join(strings.Fields(heard(o, "c", "b"))[:strings.Count(row.atC, " ")+1], " "), row.atC)
	}
}

// deadRouteServer: what a route server tells is control plane only. When it dies, B
// drops P as soon as BFD finds out, though the next hop, A, is alive and well.
func deadRouteServer(t *testing.T) {
	o := observe(t, fmt.Sprintf(`version: 1
name: case
horizon: 200s
start: established
routers:
  - {name: a, asn: 65001, originates: [%s]}
  - {name: b, asn: 65002}
  - {name: rs, asn: 65500, peers: [{router: a, transparent: true}, {router: b, transparent: true}]}
links: [{between: [a, rs], bfd: true}, {between: [b, rs], bfd: true}]
faults: [{name: dies, kind: node-death, target: rs, at: 100s}]
`, lab0), 1)
	same(t, "what B is sent", heard(o, "b", "rs"), "65001 192.0.2.1 no MED")
	var detected, dropped float64
	for _, l := range o.Of("b", events.Change) {
		switch e := l.Event.(type) {
		case events.SessionChanged:
			if e.Was == events.Established {
				detected = float64(l.At) / 1e9
			}
		case *events.BestChanged:
			if len(e.Is) == 0 {
				dropped = float64(l.At) / 1e9
			}
		}
	}
	exactly(t, "P dropped at detection", dropped, detected)
	if detected < 100.6 || detected > 100.92 {
		t.Errorf("detected at %v s", detected)
	}
	_, has := o.router("a").Best(netip.MustParsePrefix(lab0))
	same(t, "A still has P", has, true)
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
