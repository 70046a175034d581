package scenarios

import (
	"fmt"
	"slices"
)

// Drill gives the scenario that plays one of the drills in place of its faults. It
// has no drills, and of what is expected only whether the network converges: other
// rules are about the faults. What it says is the scenario of a file of its own,
// whose faults are the drill. It fails where there is no such drill, of which the error
// suggests the nearest, and where the drill would come after the end of the run.
func (s *Scenario) Drill(name string) (*Scenario, error) {
	i := slices.IndexFunc(s.Drills, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("the scenario %s has no drill %q%s", s.Name, name, s.drillsHint(name))
	}
	if f := &s.Drills[i]; f.At.Min() >= s.Horizon {
		return nil, fmt.Errorf("the scenario %s: %s", s.Name, f.tooLate(s.Horizon))
	}
	played := *s
	played.Faults, played.Drills, played.Expect = s.Drills[i:i+1:i+1], nil, nil
	for _, e := range s.Expect {
		if e.Measure == "converged" {
			played.Expect = append(played.Expect, e)
		}
	}
	return &played, nil
}

// HasDrill tells whether it has a drill of that name.
func (s *Scenario) HasDrill(name string) bool {
	return slices.ContainsFunc(s.Drills, func(f Fault) bool { return f.Name == name })
}

// drillsHint says which drill may be meant.
func (s *Scenario) drillsHint(name string) string {
	var names []string
	for _, f := range s.Drills {
		names = append(names, f.Name)
	}
	if hint := didYouMean(name, names); hint != "" {
		return ": " + hint
	}
	return ""
}
