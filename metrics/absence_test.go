package metrics

import (
	"slices"
	"testing"
	"time"

	"dualhome/events"
)

// TestAbsences: who dies, hangs or ends is absent until it is alive again, or until
// the run's end; what else becomes of it meanwhile changes nothing.
func TestAbsences(t *testing.T) {
	s := newLab()
	died := s.fault(10*time.Second, "hub-lost", "hub-loss", "hub1")
	s.node(died, "nva1", events.Dead)
	s.node(died, "rs1-0", events.Dead)
	s.node(s.fault(20*time.Second, "nva1-hangs", "hang", "nva1"), "nva1", events.Hung)
	s.node(s.fault(30*time.Second, "hub-lost-repair", "hub-loss", "hub1"), "nva1", events.Alive)
	s.node(s.fault(40*time.Second, "nva1-ends", "process-kill", "nva1"), "nva1", events.Halted)
	want := []Absence{
		{"nva1", 10e9, 30e9, events.Dead}, {"rs1-0", 10e9, 3600e9, events.Dead}, {"nva1", 40e9, 3600e9, events.Halted},
	}
	var m Meter
	for range 2 { // the second run of a Meter knows nothing of the first
		m.Reset()
		for i := range s.lines {
			if err := m.Add(&s.lines[i]); err != nil {
				t.Fatal(err)
			}
		}
		r, err := m.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Absences, want) {
			t.Errorf("%v, not %v", r.Absences, want)
		}
	}
}
