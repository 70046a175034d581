package main

import (
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// checked is an expectation and what was measured.
type checked struct {
	Measure  string `json:"measure"`
	Rule     string `json:"rule"`
	Measured string `json:"measured"`
	Holds    bool   `json:"holds"`
}

// check evaluates the expectations of a scenario. A duration that did not happen
// keeps no rule.
func check(s *scenarios.Scenario, r *result) []checked {
	var all []checked
	for _, e := range s.Expect {
		m, of, _ := scenarios.FindMeasure(e.Measure)
		rule, err := scenarios.ParseRule(m.Kind, e.Rule)
		c := checked{Measure: e.Measure, Rule: e.Rule, Measured: "nothing"}
		if err == nil && m.Kind == scenarios.Word {
			c.Measured = finalCause(r.measured, m.Name, of)
			c.Holds = rule.HoldsWord(c.Measured)
		} else if value, ok := measure(r, m.Name, of); ok && err == nil {
			c.Measured, c.Holds = show(m.Kind, value), rule.Holds(value)
		}
		all = append(all, c)
	}
	return all
}

// finalCause gives why a class is lost in one direction at the end of the run.
func finalCause(m *metrics.Result, name, class string) string {
	for _, f := range m.Final {
		if f.Class == class && "cause."+f.Direction == name {
			return f.Cause
		}
	}
	return "nothing"
}

// finalShare gives the percentage of a class that is delivered, or inspected, in
// one direction at the end of the run; of all classes the least.
func finalShare(m *metrics.Result, name, class string) (int64, bool) {
	least, found := int64(100), false
	for _, f := range m.Final {
		if class != "" && f.Class != class {
			continue
		}
		shares := map[string]float64{"delivered." + f.Direction: f.Delivered, "inspected." + f.Direction: f.Inspected}
		if share, ok := shares[name]; ok {
			least, found = min(least, int64(100*share)), true
		}
	}
	return least, found
}

func show(kind scenarios.MeasureKind, value int64) string {
	switch kind {
	case scenarios.Truth:
		return strconv.FormatBool(value == 1)
	case scenarios.Duration:
		return seconds(value)
	default:
		return strconv.FormatInt(value, 10)
	}
}

// measure gives the value of a measure in a run: of durations the worst. False:
// it did not happen.
func measure(r *result, name, of string) (int64, bool) {
	t := &r.measured.Tables
	switch name {
	case "converged":
		if r.measured.Converged {
			return 1, true
		}
		return 0, true
	case "sessions.down":
		return int64(r.measured.SessionsDown), true
	case "routes":
		n, ok := r.measured.LocRIB[of]
		return int64(n), ok
	case "delivered.forward", "delivered.return", "inspected.forward", "inspected.return":
		return finalShare(r.measured, name, of)
	}
	if direction, ok := strings.CutPrefix(name, "outage."); ok {
		return worstOutage(r.measured, direction, of), true
	}
	return worstDelay(t.Convergence, name, of)
}

func worstOutage(m *metrics.Result, direction, class string) int64 {
	worst := int64(0)
	for _, i := range m.Impacts {
		if i.Direction == direction && (class == "" || class == i.Class) {
			worst = max(worst, i.Outage)
		}
	}
	return worst
}

func worstDelay(rows []metrics.Convergence, name, of string) (int64, bool) {
	worst, happened := int64(0), false
	for i := range rows {
		c := &rows[i]
		if of != "" && of != c.Disturbance {
			continue
		}
		v := map[string]*int64{"detection": c.Detection, "control": c.Control, "forwarding": c.Forwarding, "traffic": c.Traffic}[name]
		if v != nil {
			worst, happened = max(worst, *v), true
		}
	}
	return worst, happened
}
