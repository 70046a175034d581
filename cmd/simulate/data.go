package main

import (
	"dualhome/metrics"
	"dualhome/scenarios"
)

// summaryJSON is the summary of a run as data.
type summaryJSON struct {
	Scenario     string                 `json:"scenario"`
	Seed         uint64                 `json:"seed"`
	Digest       string                 `json:"digest"`
	Partial      bool                   `json:"partial"`
	Converged    bool                   `json:"converged"`
	Oscillations []metrics.Oscillation  `json:"oscillations"`
	Disturbances []disturbanceJSON      `json:"disturbances"`
	Expectations []checked              `json:"expectations"`
	Assumptions  []scenarios.Assumption `json:"assumptions"`
}

// disturbanceJSON is what followed from a disturbance. Durations are nanoseconds
// since it; null: it did not happen.
type disturbanceJSON struct {
	Name         string       `json:"name"`
	Target       string       `json:"target"`
	T            int64        `json:"t_ns"`
	Detection    *int64       `json:"detection_ns"`
	DetectedLast *int64       `json:"detection_last_ns"`
	Control      *int64       `json:"control_ns"`
	Forwarding   *int64       `json:"forwarding_ns"`
	Traffic      *int64       `json:"traffic_ns"`
	Budget       *budgetJSON  `json:"budget"`
	Restored     *bool        `json:"restored"`
	Converged    bool         `json:"converged"`
	Impacts      []impactJSON `json:"impacts"`
}

type budgetJSON struct {
	Detect    int64 `json:"detect_ns"`
	Propagate int64 `json:"propagate_ns"`
	Decide    int64 `json:"decide_ns"`
	Program   int64 `json:"program_ns"`
	Flows     int64 `json:"flows_ns"`
}

type impactJSON struct {
	Class      string `json:"class"`
	Direction  string `json:"direction"`
	Outage     int64  `json:"outage_ns"`
	LostBytes  int64  `json:"lost_bytes"`
	Packets    int64  `json:"lost_packets"`
	Equivalent int64  `json:"equivalent_ns"`
	Restored   bool   `json:"restored"`
}

func (r *result) data(checks []checked) summaryJSON {
	s := summaryJSON{
		Scenario: r.scenario.Name, Seed: r.seed, Digest: r.log.Digest(), Partial: r.partial,
		Converged: r.measured.Converged && !r.partial, Oscillations: r.circles, Disturbances: []disturbanceJSON{},
		Expectations: append([]checked{}, checks...), Assumptions: append([]scenarios.Assumption{}, r.scenario.Assumptions()...),
	}
	for i := range r.measured.Convergence {
		s.Disturbances = append(s.Disturbances, r.disturbanceJSON(&r.measured.Convergence[i]))
	}
	return s
}

func (r *result) disturbanceJSON(c *metrics.Convergence) disturbanceJSON {
	d := disturbanceJSON{
		Name: c.Disturbance, Target: c.Target, T: c.T, Detection: c.Detection, DetectedLast: c.DetectionLast,
		Control: c.Control, Forwarding: c.Forwarding, Traffic: c.Traffic, Restored: c.Restored, Converged: c.Converged,
		Impacts: []impactJSON{},
	}
	if c.Detect != nil {
		d.Budget = &budgetJSON{*c.Detect, *c.Propagate, *c.Decide, *c.Program, *c.Flows}
	}
	for _, i := range r.measured.Impacts {
		if i.Root == c.Root {
			d.Impacts = append(d.Impacts, impactJSON{i.Class, i.Direction, i.Outage, i.LostBytes, i.LostPackets, i.Equivalent, i.Restored})
		}
	}
	return d
}
