package metrics

import (
	"testing"

	"dualhome/events"
)

// What is repaired at the instant at which it breaks, as a repair time that is cut at 0
// may have it, loses what it loses once: both have one window. An NVA that was dead for no
// time returns with empty tables, and nobody fills them.
func TestEpisodeOfOneInstant(t *testing.T) {
	s := begin(design{active: hop1})
	s.node(s.fault(100*sec, "blink", "node-death", "nva1"), "nva1", events.Dead)
	s.node(s.fault(100*sec, "blink-repair", "node-death", "nva1"), "nva1", events.Alive)
	r := s.measure(t)
	lost := int64(0)
	for _, e := range r.Episodes {
		for _, served := range r.Services {
			if e.Class != served.Class || e.Direction != "two-way" || e.Cause != "" {
				continue
			}
			if lost += e.Outage; e.Outage != served.Outage || e.Equivalent != served.Equivalent {
				t.Errorf("%s: the episode loses %d ns, the class %d", e.Class, e.Outage, served.Outage)
			}
		}
	}
	if lost == 0 {
		t.Error("nothing is lost")
	}
}
