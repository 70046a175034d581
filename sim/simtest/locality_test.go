package simtest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestStrangersChangeNobody: a hub, an NVA and a site that have to do with
// nobody leave everybody else's lines as they were, wherever they stand; so do
// their Route Server, gateways and circuit.
func TestStrangersChangeNobody(t *testing.T) {
	for seed := range *networks {
		vary := seed%4 == 0
		changeNobody(t, seed, func(place int) string { return writeNetwork(seed, networkOptions{vary: vary, stranger: place}) })
		changeNobody(t, seed, func(place int) string {
			return simtest.Azure(seed, simtest.AzureOptions{Vary: vary, Stranger: place})
		})
	}
}

// changeNobody compares a network without strangers, place 0, with those where
// they stand in places 1 and 2.
func changeNobody(t *testing.T, seed uint64, network func(place int) string) {
	t.Helper()
	first := play(t, network(0), scenarios.Options{Seed: seed})
	if !first.whole {
		return // it never settles, and strangers would end it earlier
	}
	alone := others(first.Recorder)
	for place := 1; place <= 2; place++ {
		run := play(t, network(place), scenarios.Options{Seed: seed, Bounds: sim.Bounds{Lines: 2 * patience}})
		if run.Of("dc1x", events.Change) == nil {
			t.Fatal("the strangers do nothing")
		}
		if got := others(run.Recorder); !slices.Equal(got, alone) {
			i := 0
			for i < min(len(got), len(alone)) && got[i] == alone[i] {
				i++
			}
			t.Errorf("%s: line %d is changed by a stranger: %v, not %v", run.Written[0].Event.(events.RunStarted).Scenario, i, at(got, i), at(alone, i))
		}
	}
}

// others gives the lines of everybody but the strangers, without their numbers.
// What happens at one instant at several actors is in the order of their names.
func others(r *simtest.Recorder) []string {
	var s []string
	for _, l := range r.Written {
		if l.Role != events.Fact && !strings.Contains(string(l.Actor), "1x") {
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
// nothing had ever happened. Where routing preferences or backdoors between
// sites leave BGP more than one stable state (RFC 4264), a fault may move a
// network to another one: some Azure networks are such, and few.
func TestMendedNetworksConverge(t *testing.T) {
	var elsewhere []uint64
	for seed := range *networks {
		if text := writeNetwork(seed, networkOptions{mend: true}); !recovers(t, seed, text) {
			t.Errorf("network %d does not recover:\n%s", seed, text)
		}
		if !recovers(t, seed, simtest.Azure(seed, simtest.AzureOptions{Mend: true})) {
			elsewhere = append(elsewhere, seed)
		}
	}
	if uint64(len(elsewhere)) > 1+*networks/20 {
		t.Errorf("Azure networks %v do not recover", elsewhere)
	}
}

// recovers tells whether all tables are as without faults. Sessions must be.
func recovers(t *testing.T, seed uint64, text string) bool {
	t.Helper()
	broken := play(t, text, scenarios.Options{Seed: seed}, "horizon=2000s")
	never := play(t, text, scenarios.Options{Seed: seed}, "horizon=2000s", "faults=[]")
	if !broken.whole || !never.whole || unsteady.MatchString(text) {
		return true
	}
	got, want := fold(broken.Written), fold(never.Written)
	if singleInstance.MatchString(text) { // then instances differ, and who serves a NIC matters
		got.nic, want.nic = nil, nil
	}
	if a, b := fmt.Sprint(got.sessions), fmt.Sprint(want.sessions); a != b {
		t.Errorf("sessions of network %d do not recover:\n%s\n%s\n%s", seed, a, b, text)
	}
	return fmt.Sprint(got.best, got.fib, got.nic) == fmt.Sprint(want.best, want.fib, want.nic)
}

var (
	// singleInstance finds a session with one instance of a Route Server.
	singleInstance = regexp.MustCompile(`route_servers?: \[?rs\d-\d`)
	// unsteady finds sessions that end again and again, and those that do not end
	// when the peer began anew: nobody waits for its keepalives.
	unsteady = regexp.MustCompile(`hold: 0s|route_limit`)
)

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
