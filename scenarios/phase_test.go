package scenarios

import (
	"testing"
	"time"
)

// Keepalive intervals begin together again after their least common multiple, negotiated
// ones included; where that is more than an hour, nobody waits for it.
func TestPhase(t *testing.T) {
	for set, want := range map[string]time.Duration{
		"hold=180s":                60 * time.Second,
		"hold=15s":                 5 * time.Second, // keepalives of 60s are shortened
		"keepalive=20s":            20 * time.Second,
		"nvas[nva1].keepalive=45s": 180 * time.Second,
		"nvas[nva1].hold=0s":       60 * time.Second, // sends none
		"nvas[nva1].hold=30s":      60 * time.Second, // 10s on its sessions
		"nvas[nva1].keepalive=59s": 59 * 60 * time.Second,
		"nvas[nva1].hold=10s":      time.Hour, // 10/3 s
	} {
		if got := library(t, "active-passive", set).Phase(); got != want {
			t.Errorf("%s: %v, not %v", set, got, want)
		}
	}
}

// One occurrence of a failure is the fault that it says, and With leaves nothing else.
func TestFailureAsFault(t *testing.T) {
	s := library(t, "active-passive")
	f := s.Failures[len(s.Failures)-1].Fault(5*time.Second, time.Minute)
	at, _ := f.At.IsConstant()
	repair, _ := f.RepairAfter.IsConstant()
	if f.Name != "session-shutdown-nva1-rs0-0" || f.Kind != SessionShutdown || f.Target != "nva1" || f.Peer != "rs0-0" || at != 5*time.Second || repair != time.Minute {
		t.Errorf("%+v", f)
	}
	one := s.With([]Fault{f}, time.Hour)
	if len(one.Faults) != 1 || one.Expect != nil || one.Failures != nil || one.Horizon != time.Hour || len(s.Failures) == 0 || len(s.Expect) == 0 || s.Horizon == time.Hour {
		t.Errorf("%+v", one)
	}
	if _, err := Build(one, Options{Seed: 1}); err != nil {
		t.Error(err)
	}
	if all := s.WithFailures(); len(all.Faults) != len(s.Failures) || !all.fails(InstanceLoss) {
		t.Errorf("%+v", all.Faults)
	}
}
