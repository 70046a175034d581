package simtest_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

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
	with := play(t, text, scenarios.Options{Seed: seed, EveryKeepalive: true}, set...)
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
