package simtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// TestStrangersChangeNobody: a hub, an NVA and a site that have to do with
// nobody leave everybody else's lines as they were, wherever they stand.
func TestStrangersChangeNobody(t *testing.T) {
	for seed := range *networks {
		alone := others(play(t, writeNetwork(seed, networkOptions{vary: seed%4 == 0}), scenarios.Options{Seed: seed}).Recorder)
		for place := 1; place <= 2; place++ {
			text := writeNetwork(seed, networkOptions{vary: seed%4 == 0, stranger: place})
			run := play(t, text, scenarios.Options{Seed: seed})
			if run.Of("dc1x", events.Change) == nil {
				t.Fatal("the strangers do nothing")
			}
			if got := others(run.Recorder); !slices.Equal(got, alone) {
				i := 0
				for i < min(len(got), len(alone)) && got[i] == alone[i] {
					i++
				}
				t.Errorf("network %d: line %d is changed by a stranger: %v, not %v", seed, i, at(got, i), at(alone, i))
			}
		}
	}
}

// others gives the lines of everybody but the strangers, without their numbers.
// What happens at one instant at several actors is in the order of their names.
func others(r *simtest.Recorder) []string {
	var s []string
	for _, l := range r.Written {
		if l.Role != events.Fact && !strings.HasSuffix(string(l.Actor), "1x") {
			s = append(s, fmt.Sprintf("%020d %s %v %v %v %v", l.At, l.Actor, l.Role, l.Peer, l.Event, l.Due))
		}
	}
	return s
}

func at(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return "nothing"
}

// TestMendedNetworksConverge: once every fault is repaired, every table is as if
// nothing had ever happened.
func TestMendedNetworksConverge(t *testing.T) {
	for seed := range *networks {
		text := writeNetwork(seed, networkOptions{mend: true})
		broken := play(t, text, scenarios.Options{Seed: seed}, "horizon=2000s")
		never := play(t, text, scenarios.Options{Seed: seed}, "horizon=2000s", "faults=[]")
		got, want := fold(broken.Written), fold(never.Written)
		if strings.Contains(text, "route_servers: [rs0-") { // then instances differ, and who serves a NIC matters
			got.nic, want.nic = nil, nil
		}
		for _, c := range [][2]string{
			{fmt.Sprint(got.sessions), fmt.Sprint(want.sessions)},
			{fmt.Sprint(got.best), fmt.Sprint(want.best)},
			{fmt.Sprint(got.fib), fmt.Sprint(want.fib)},
			{fmt.Sprint(got.nic), fmt.Sprint(want.nic)},
		} {
			if c[0] != c[1] {
				t.Errorf("network %d does not recover:\n%s\n%s\n%s", seed, c[0], c[1], text)
				break
			}
		}
	}
}

// TestChangesOfNICsReachTheirFault: in the library, all that changes after the
// first disturbance follows from a disturbance, and the chain of causes says so.
func TestChangesOfNICsReachTheirFault(t *testing.T) {
	for _, e := range scenarios.Library() {
		run := play(t, string(e.Text), scenarios.Options{Seed: 1})
		lines, first := simtest.Lineage(run.Written), uint64(0)
		for _, l := range run.Written {
			if l.Role == events.Fault && first == 0 {
				first = l.Seq
			}
			if _, ok := l.Event.(events.NICChanged); !ok || first == 0 {
				continue
			}
			chain := lines.Why(l.Seq)
			if root := chain[len(chain)-1]; root.Role != events.Fault {
				t.Errorf("%s: %v follows from %v", e.Name, l, root)
			}
		}
	}
}
