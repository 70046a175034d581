package scenarios

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// The designs of the library that are compared have the same drills, so that a name
// means the same in each, and luck is the same.
func TestLibraryDrills(t *testing.T) {
	want := library(t, "active-active").Drills
	var names []string
	for _, f := range want {
		names = append(names, f.Name)
		if f.At.String() != "uniform(5m0s, 6m0s)" || f.RepairAfter.Max() != 300*time.Second {
			t.Errorf("%s at %v, repaired after %v", f.Name, f.At, f.RepairAfter)
		}
	}
	if got := strings.Join(names, " "); got != "silent-death graceful-stop session-loss upstream-loss hub-loss" {
		t.Errorf("the drills are %s", got)
	}
	for _, name := range []string{"active-passive", "single-hub", "expressroute-active-active", "expressroute-active-passive"} {
		if got := library(t, name).Drills; !reflect.DeepEqual(got, want) {
			t.Errorf("%s has others: %v", name, got)
		}
	}
}

// A drill that is played is the one fault of a scenario that can be written and read
// again. Rules about other faults go; the scenario that has the drills stays as it is.
func TestDrill(t *testing.T) {
	s := library(t, "active-passive", "expect={converged: true, outage.forward: < 200s, detection.nva1-dies: < 200s}")
	before := library(t, "active-passive", "expect={converged: true, outage.forward: < 200s, detection.nva1-dies: < 200s}")
	played, err := s.Drill("session-loss")
	if err != nil {
		t.Fatal(err)
	}
	if len(played.Faults) != 1 || played.Faults[0].Name != "session-loss" || len(played.Drills) != 0 ||
		!reflect.DeepEqual(played.Expect, []Expectation{{"converged", "true"}}) {
		t.Errorf("it plays %v, with the drills %v, and expects %v", played.Faults, played.Drills, played.Expect)
	}
	if !reflect.DeepEqual(s, before) {
		t.Error("the scenario has changed")
	}
	roundTrip(t, played)
}

func TestNoSuchDrill(t *testing.T) {
	for name, want := range map[string]string{
		"hubloss": `the scenario active-passive has no drill "hubloss": did you mean hub-loss?`,
		"nothing": `the scenario active-passive has no drill "nothing": one of silent-death, graceful-stop, session-loss, upstream-loss or hub-loss`,
	} {
		if _, err := library(t, "active-passive").Drill(name); err == nil || err.Error() != want {
			t.Errorf("%v", err)
		}
	}
	if _, err := library(t, "active-passive", "drills=[]").Drill("hub-loss"); err == nil || !strings.HasSuffix(err.Error(), `has no drill "hub-loss"`) {
		t.Errorf("%v", err)
	}
	// A run that is made shorter still is one; what comes after it is not played.
	want := "the scenario active-passive: hub-loss comes at 300s or later, but the run ends at 200s"
	if _, err := library(t, "active-passive", "faults=[]", "expect={}", "horizon=200s").Drill("hub-loss"); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
