package actors_test

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// restarting is r2 - r1 - x without delays. The BGP process of r2, which originates
// P1 to P10, restarts at 1000 s; its session is up again 25 s later, without P9 and
// P10. r1 needs 2.5 s for an UPDATE, so that the other eight take effect at 27.5 s and
// the End-of-RIB marker at 30 s.
func restarting(graceful string) string {
	var all []string
	for i := range 10 {
		all = append(all, prefixOf(i+1).String())
	}
	return fmt.Sprintf(`version: 1
name: case
horizon: 2000s
start: established
start_jitter: 0s
routers:
  - {name: r2, asn: 65002, originates: ['%s'], bgp: {%[2]s}}
  - {name: r1, asn: 65001, bgp: {%[2]s, processing: 2500ms, send_back: false}}
  - {name: x, asn: 65003}
links: [{between: [r2, r1], delay: 0s}, {between: [r1, x], delay: 0s}]
faults:
  - {name: killed, kind: process-kill, target: r2, at: 1000s, repair_after: 25s}
  - {name: lost9, kind: withdraw, target: r2, prefix: %[3]v, at: 1005s}
  - {name: lost10, kind: withdraw, target: r2, prefix: %[4]v, at: 1005s}
`, strings.Join(all, "', '"), graceful, prefixOf(9), prefixOf(10))
}

// told gives what one router tells another from 1000 s on: when, and how many
// prefixes it withdraws and announces.
func (o observed) told(from, to events.ActorID) string {
	var all []string
	for _, l := range o.Of(from, events.Out) {
		u, ok := l.Event.(*events.Update)
		if !ok || l.Peer != to || l.At < 1000e9 {
			continue
		}
		what := fmt.Sprintf("W %d A %d", len(u.Withdrawn), len(u.NLRI))
		if u.EndOfRIB() {
			what = "End-of-RIB"
		}
		all = append(all, fmt.Sprintf("%v %s", l.At.Sub(1000e9), what))
	}
	return strings.Join(all, ", ")
}

// reachable gives how many of P1 to P10 a router has a route to at a time, and how
// often its routes to any of the first so many came or went since 1000 s.
func (o observed) reachable(id events.ActorID, until float64, first int) (has, moved int) {
	has10, some := map[netip.Prefix]bool{}, map[netip.Prefix]bool{}
	for i := range first {
		some[prefixOf(i+1)] = true
	}
	for _, l := range o.Of(id, events.Change) {
		e, ok := l.Event.(*events.BestChanged)
		if !ok || float64(l.At)/1e9 > until {
			continue
		}
		has10[e.Prefix] = len(e.Is) > 0
		if l.At >= 1000e9 && some[e.Prefix] {
			moved++
		}
	}
	for _, is := range has10 { // order-free: counted
		if is {
			has++
		}
	}
	return has, moved
}

// SESS-S: graceful restart (RFC 4724), and what malformed attributes do (RFC 7606).
func robustSessions(t *testing.T) {
	t.Run("graceful restart", func(t *testing.T) {
		o := observe(t, restarting("graceful_restart: 120s"), 1)
		same(t, "R2 sends R1", o.told("r2", "r1"), "25s W 0 A 8, 25s End-of-RIB")
		same(t, "R1 sends R2, having nothing for it", o.told("r1", "r2"), "25s End-of-RIB")
		same(t, "R1 sends X", o.told("r1", "x"), "30s W 2 A 0")
		for _, at := range []float64{1000, 1024.9, 1025, 1029.9} {
			stale, _ := o.reachable("r1", at, 10)
			same(t, fmt.Sprintf("routes at %v s", at), stale, 10)
		}
		for _, id := range []events.ActorID{"r1", "x"} {
			has, moved := o.reachable(id, 2000, 8)
			same(t, fmt.Sprintf("%s: routes at the end, changes of P1 to P8", id), [2]int{has, moved}, [2]int{8, 0})
		}
	})
	t.Run("without", func(t *testing.T) {
		o := observe(t, restarting("graceful_restart: 0s"), 1)
		same(t, "R1 sends X", o.told("r1", "x"), "0s W 10 A 0, 27.5s W 0 A 8")
		for _, at := range []float64{1000, 1027.4} {
			none, _ := o.reachable("x", at, 10)
			same(t, fmt.Sprintf("routes of X at %v s", at), none, 0)
		}
	})
	t.Run("deferral", deferral)
	t.Run("RFC 7606", malformed)
}

// deferral: a speaker that restarts chooses no route before all of its peers sent an
// End-of-RIB marker, which they do though they have nothing to send; or before its
// restart time is over, where one of them does not come.
func deferral(t *testing.T) {
	for _, row := range []struct {
		fault  string // of another neighbour, z
		chosen string
	}{
		{"{name: other, kind: process-kill, target: z, at: 990s, repair_after: 50s}", "40s"},
		{"{name: other, kind: node-death, target: z, at: 500s}", "2m25s"},
	} {
		text := strings.NewReplacer(
			"  - {name: x,", "  - {name: z, asn: 65004, bgp: {graceful_restart: 120s, connect_retry: 5s}}\n  - {name: x,",
			"links: [", "links: [{between: [z, r2], delay: 0s}, ",
			"faults:\n", "faults:\n  - "+row.fault+"\n",
		).Replace(restarting("graceful_restart: 120s"))
		o := observe(t, text, 1)
		chosen := ""
		for _, l := range o.Of("r2", events.Change) {
			if e, ok := l.Event.(*events.BestChanged); ok && len(e.Is) > 0 && l.At > 1000e9 {
				chosen = l.At.Sub(1000e9).String()
			}
		}
		same(t, row.fault, chosen, row.chosen)
	}
}

// malformed: a announces P1, P2 and P3, and then, in one UPDATE with an error, P1 and
// P2 again. b takes both as withdrawn, or the attribute as not there; P3 stays, and
// so does the session.
func malformed(t *testing.T) {
	const origin, path, hop = "40 01 01 00 ", "40 02 06 02 01 0000fde9 ", "40 03 04 c0000201 "
	for _, row := range []struct {
		what, attributes, action string
	}{
		{"ORIGIN value 7", "40 01 01 07 " + path + hop, "treat-as-withdraw"},
		{"AS_PATH segment length 0", origin + "40 02 02 02 00 " + hop, "treat-as-withdraw"},
		{"missing AS_PATH with NLRI", origin + hop, "treat-as-withdraw"},
		{"LOCAL_PREF from an eBGP peer", origin + path + hop + "40 05 04 00000001", "attribute discard"},
		{"AGGREGATOR wrong length", origin + path + hop + "c0 07 05 0000000000", "attribute discard"},
		{"COMMUNITIES length 6", origin + path + hop + "c0 08 06 000000000000", "treat-as-withdraw"},
		{"duplicate MED", origin + path + hop + "80 04 04 00000007 80 04 04 00000008", "keep first"},
	} {
		b, established := carelessly(t, row.attributes)
		want := map[string]string{
			"treat-as-withdraw": "P3",
			"attribute discard": "P1, P2, P3",
			"keep first":        "P1 MED 7, P2 MED 7, P3",
		}[row.action]
		same(t, row.what+": "+row.action, b, want)
		same(t, row.what+": the session stays up", established, true)
	}
}

// carelessly gives what b uses of a, and whether their session is up, after a sent
// an UPDATE of P1 and P2 with these attributes.
func carelessly(t *testing.T, attributes string) (uses string, established bool) {
	t.Helper()
	attrs, err := hex.DecodeString(strings.ReplaceAll(attributes, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	b := inject(t, fmt.Sprintf(`version: 1
name: case
horizon: 100s
start: established
routers:
  - {name: a, asn: 65001, originates: ['%v', '%v', '%v']}
  - {name: b, asn: 65002}
links: [{between: [a, b]}]
`, prefixOf(1), prefixOf(2), prefixOf(3)), injection{"a", "b", 50 * time.Second, update(attrs, prefixOf(1), prefixOf(2))}).router("b")
	var all []string
	for i := range 3 {
		best, ok := b.Best(prefixOf(i + 1))
		if !ok {
			continue
		}
		one := fmt.Sprintf("P%d", i+1)
		if best.Attrs.HasMED {
			one += fmt.Sprintf(" MED %d", best.Attrs.MED)
		}
		if best.Attrs.HasLocalPref {
			one += fmt.Sprintf(" LOCAL_PREF %d", best.Attrs.LocalPref)
		}
		all = append(all, one)
	}
	return strings.Join(all, ", "), b.Established("a")
}
