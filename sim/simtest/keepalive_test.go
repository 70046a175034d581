package simtest_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// networks is how many random networks the laws are tried on; more are tried
// with, say, go test ./sim/simtest -networks 2000.
var networks = flag.Uint64("networks", 40, "random networks to try the laws on")

// story gives every change of a table or session with what it follows from, as
// text: what sending each keepalive must not change. What several actors do at
// one instant is in the order of their names: it is a tie.
func story(r *simtest.Recorder) []string {
	lines, changes := simtest.Lineage(r.Written), simtest.Tables(r.Written)
	slices.SortStableFunc(changes, func(a, b events.Line) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Actor, b.Actor))
	})
	var s []string
	for _, l := range changes {
		what := l.Event.String()
		if e, ok := l.Event.(events.SessionChanged); ok {
			what += " on " + e.Conn.String()
		}
		s = append(s, fmt.Sprintf("%v %s %s <- %s", l.At, l.Actor, what, lines.Disturbance(l.Seq)))
	}
	return s
}

// sameStory fails unless a run is the same with every keepalive sent.
func sameStory(t *testing.T, text string, seed uint64, set ...string) {
	t.Helper()
	without := play(t, text, scenarios.Options{Seed: seed}, set...)
	if !without.whole {
		return // it never settles
	}
	with := play(t, text, scenarios.Options{Seed: seed, EveryKeepalive: true}, set...)
	if !with.whole {
		t.Errorf("seed %d: with every keepalive, the run never ends", seed)
	}
	a, b := story(without.Recorder), story(with.Recorder)
	for i := range max(len(a), len(b)) {
		if i < len(a) && i < len(b) && a[i] == b[i] {
			continue
		}
		around := func(s []string) string { return strings.Join(s[max(0, min(i-3, len(s))):min(i+4, len(s))], "\n  ") }
		t.Errorf("seed %d: the runs differ from change %d on\nwithout keepalives:\n  %s\nwith every keepalive:\n  %s", seed, i, around(a), around(b))
		return
	}
}

func TestEveryKeepaliveInTheLibrary(t *testing.T) {
	for _, e := range scenarios.Library() {
		for seed := range uint64(3) {
			sameStory(t, string(e.Text), seed+1)
		}
	}
}

// TestEveryKeepaliveWithEachFault: for silences shorter and longer than the hold
// time, and for ever.
func TestEveryKeepaliveWithEachFault(t *testing.T) {
	text := library(t, "active-passive")
	faults := []string{
		"node-death, target: nva1", "node-death, target: dc", "process-kill, target: nva1", "hang, target: nva1", "hang, target: dc",
		"graceful-stop, target: nva1", "session-shutdown, target: nva1, peer: rs0-0", "link-down, target: hub1-spoke",
		"link-down, target: hub1-spoke, from: hub1", "link-down, target: nva1-dc", "link-down, target: nva1-dc, from: dc",
		"forwarding-dead, target: nva1", "upstream-loss, target: nva1", "instance-loss, target: rs0-0", "hub-loss, target: hub1",
	}
	for _, f := range faults {
		for _, repair := range []string{"", "5s", "10s", "30s", "100s", "150s", "181s", "260s"} {
			name := fmt.Sprintf("%s/repair=%s", f, repair)
			t.Run(name, func(t *testing.T) {
				if repair != "" {
					repair = ", repair_after: " + repair
				}
				sameStory(t, text, 7, fmt.Sprintf(`faults=[{name: f, kind: %s, at: "uniform(300s, 360s)"%s}]`, f, repair))
			})
		}
	}
}

func TestEveryKeepaliveInRandomNetworks(t *testing.T) {
	for seed := range *networks {
		sameStory(t, randomNetwork(seed, true), seed)
		if t.Failed() {
			t.Fatalf("go test ./sim/simtest -run %s -networks %d\n%s", t.Name(), seed+1, randomNetwork(seed, true))
		}
	}
}

func TestEveryKeepaliveInAzureNetworks(t *testing.T) {
	for seed := range *networks {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { sameStory(t, azureNetwork(seed, true), seed) })
	}
}

// TestEveryKeepaliveOfPeersThatDoNotNegotiate: a Route Server that keeps its own
// timers is lost, beside a gateway that offered others. The gateway knows when the
// last keepalive came.
func TestEveryKeepaliveOfPeersThatDoNotNegotiate(t *testing.T) {
	text := library(t, "expressroute-active-active")
	for _, hold := range []string{"90s", "120s", "180s"} {
		for _, at := range []string{"232s", "251s", "275s"} {
			sameStory(t, text, 3, "expect={}", "horizon=700s", "route_servers[rs1].negotiate=false", "expressroute_gateways[gw1].hold="+hold,
				"expressroute_gateways[gw1].keepalive=30s", "faults=[{name: f, kind: instance-loss, target: rs1-1, at: "+at+", repair_after: 300s}]")
		}
	}
}

// TestEveryKeepaliveBesideJitter: where one end of a session has jitter, both know
// that keepalives are messages: of an NVA with Route Servers and sites, of a site with
// NVAs and circuits. Either end falls silent, for long or not.
func TestEveryKeepaliveBesideJitter(t *testing.T) {
	const all = "active-passive nvas[nva1] nva1|active-passive sites[dc] nva1|active-passive sites[dc] dc|active-passive nvas[nva1] rs0-0|" +
		"single-hub sites[dc] dc|expressroute-active-active sites[dc] circuit1"
	for one := range strings.SplitSeq(all, "|") {
		f := strings.Fields(one)
		kind := "node-death"
		switch {
		case strings.HasPrefix(f[2], "rs"):
			kind = "instance-loss"
		case strings.HasPrefix(f[2], "circuit"):
			kind = "circuit-loss"
		}
		for _, repair := range []string{"40s", "250s"} {
			t.Run(one+" "+repair, func(t *testing.T) {
				fault := fmt.Sprintf("faults=[{name: f, kind: %s, target: %s, at: 331s, repair_after: %s}]", kind, f[2], repair)
				plain := play(t, library(t, f[0]), scenarios.Options{Seed: 5}, "expect={}", "horizon=900s", fault)
				sameStory(t, library(t, f[0]), 5, "expect={}", "horizon=900s", f[1]+".keepalive_jitter=true", fault)
				with := play(t, library(t, f[0]), scenarios.Options{Seed: 5}, "expect={}", "horizon=900s", f[1]+".keepalive_jitter=true", fault)
				if len(with.Written) < len(plain.Written)+100 {
					t.Errorf("%d lines with jitter, %d without", len(with.Written), len(plain.Written))
				}
			})
		}
	}
}

// TestEveryKeepaliveUnderWay: something happens to each session just when a
// keepalive is on its way, so that it has to be written after all; a second
// silence then shows when it arrived.
func TestEveryKeepaliveUnderWay(t *testing.T) {
	text := library(t, "single-hub")
	up := play(t, text, scenarios.Options{Seed: 3}, "faults=[]", "horizon=10s", "expect={}")
	links := map[events.ActorID]string{"dc": "nva1-dc", "rs0-0": "hub1-spoke", "rs0-1": "hub1-spoke"}
	first := up.Select(func(l events.Line) bool { return l.Role == events.Out && l.Event.Kind() == events.KindKeepalive })
	if len(first) != 6 {
		t.Fatalf("%d sessions send a first keepalive", len(first))
	}
	for _, k := range first {
		link := links[k.Actor] + links[k.Peer] // one of them is nva1
		at := (k.At + (k.Due-k.At)/2).Add(300 * time.Second)
		for _, kind := range []string{"link-down, target: " + link, "node-death, target: nva1", "hang, target: nva1", "node-death, target: dc", "hang, target: dc", "upstream-loss, target: nva1", "hub-loss, target: hub1"} {
			for _, repair := range []string{"1s", "3s", "30s", "100s", "170s"} {
				after, _ := time.ParseDuration(repair)
				again := time.Duration(at) + after + 1500*time.Millisecond // before some of what waited is sent again
				sameStory(t, text, 3, "expect={}", fmt.Sprintf(
					"faults=[{name: f, kind: %s, at: %v, repair_after: %s}, {name: g, kind: link-down, target: %s, at: %v}]", kind, time.Duration(at), repair, link, again))
				if t.Failed() {
					t.Fatalf("%s, repaired after %s, keepalive of %s to %s", kind, repair, k.Actor, k.Peer)
				}
			}
		}
	}
}
