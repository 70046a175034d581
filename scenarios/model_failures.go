package scenarios

import (
	"time"

	"dualhome/sim"
)

// Failure is something that breaks again and again and is repaired each time: it
// is up for a time like UpTime, then down for one like RepairTime, whatever the
// others do.
type Failure struct {
	Name       string    `yaml:"name,omitempty" doc:"name of the failure; its repair is <name>-repair" default:"<kind>-<target>[-<peer>]" pattern:"[a-z0-9-]{1,56}"`
	Kind       FaultKind `yaml:"kind" doc:"what happens, as in faults; not announce, withdraw, policy-change and peering-created"`
	Target     string    `yaml:"target" doc:"what is hit: a node, an instance, a VNet, a circuit or a link"`
	Peer       string    `yaml:"peer,omitempty" doc:"the other end, for session-shutdown"`
	From       string    `yaml:"from,omitempty" doc:"for link-down: only packets from this end (a VNet, an NVA, a gateway, a circuit or a site) are lost"`
	UpTime     sim.Dist  `yaml:"mtbf" doc:"how long it works from a repair to the next failure; only the mean matters to the expected downtime; at most 100 years" unit:"long"`
	RepairTime sim.Dist  `yaml:"repair_time" doc:"how long it is broken each time"`
	Source     string    `yaml:"source,omitempty" doc:"where mtbf and repair_time come from; without one results call them assumed"`
}

// Fault gives one occurrence of the failure: a fault at that time which is repaired
// so much later.
func (f Failure) Fault(at, repair time.Duration) Fault {
	fault := f.fault()
	fault.At, fault.RepairAfter = sim.Constant(at), new(sim.Constant(repair))
	return fault
}

// fault gives what happens, without when.
func (f Failure) fault() Fault {
	return Fault{Name: f.Name, Kind: f.Kind, Target: f.Target, Peer: f.Peer, From: f.From}
}

// With gives a copy of a scenario in which other things fail and nothing is
// expected, with another horizon. It shares all else with the scenario.
func (s *Scenario) With(faults []Fault, horizon time.Duration) *Scenario {
	c := *s
	c.Faults, c.Horizon, c.Drills, c.Expect, c.Failures = faults, horizon, nil, nil, nil
	return &c
}

// WithFailures gives a copy in which each failure is a fault, for what that assumes.
func (s *Scenario) WithFailures() *Scenario {
	c := *s
	c.Faults = nil
	for _, f := range s.Failures {
		c.Faults = append(c.Faults, f.fault())
	}
	return &c
}
