package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// mostUntilCI is how many runs --until-ci makes at most where --seeds does not say.
const mostUntilCI = 10_000

// untilCI is the rule of --until-ci, and what came of it.
type untilCI struct {
	metrics.Stopping
	text     string   // as it was given: 5%
	measures []string // as expectations name them
	next     int      // after how many runs it is looked at next
	reason   string
	watched  []metrics.Watched
}

// checkUntilCI refuses what --until-ci and --ci-measure cannot be.
func (f *runFlags) checkUntilCI() error {
	switch {
	case f.untilCI == "" && len(f.ciMeasures) > 0:
		return usage("--ci-measure %s: it says what --until-ci is about; add --until-ci 5%%", f.ciMeasures[0])
	case f.untilCI == "":
		return nil
	case f.seeds < metrics.FirstCheck:
		return usage("--seeds %d with --until-ci: it is how many runs to make at most, %d or more: only then a mean is judged", f.seeds, metrics.FirstCheck)
	}
	_, err := parsePercent(f.untilCI)
	return err
}

const whatUntilCI = "half of the 95 % interval of a mean, as a part of the mean: more than 0% and less than 100%, like 5%"

// parsePercent reads the part of a mean that half of its interval may be.
func parsePercent(text string) (float64, error) {
	part, ok := percentage(text)
	if !ok || !(part > 0 && part < 1) {
		return 0, usage("--until-ci %s: it is %s", text, whatUntilCI)
	}
	return part, nil
}

// percentage reads a part of something that is written like 5%.
func percentage(text string) (part float64, ok bool) {
	number, found := strings.CutSuffix(strings.TrimSpace(text), "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	return percent / 100, found && err == nil && !math.IsNaN(percent)
}

// newUntilCI gives the rule for a scenario; nil where there is none.
func newUntilCI(f *runFlags, s *scenarios.Scenario) (*untilCI, error) {
	if f.untilCI == "" {
		return nil, nil
	}
	part, err := parsePercent(f.untilCI)
	if err != nil {
		return nil, err
	}
	u := &untilCI{text: f.untilCI, measures: f.ciMeasures, next: metrics.NextCheck(0)}
	if len(u.measures) == 0 {
		u.measures = []string{ciDefault(s)}
	}
	var each []func(*metrics.Quantity) bool
	for _, name := range u.measures {
		one, err := watch(s, name)
		if err != nil {
			return nil, err
		}
		each = append(each, one)
	}
	u.Relative = part
	u.Watches = func(q *metrics.Quantity) bool {
		return slices.ContainsFunc(each, func(one func(*metrics.Quantity) bool) bool { return one(q) })
	}
	return u, nil
}

// ciDefault gives the measure that is watched where nobody names one: the loss of
// service; of a network without traffic, how long routes take to settle.
func ciDefault(s *scenarios.Scenario) string {
	if len(s.Traffic) == 0 {
		return "control"
	}
	return "outage.two-way"
}

// watch tells which quantities a measure is about that is named as in expectations:
// each disturbance is judged by itself, and so is each class.
func watch(s *scenarios.Scenario, name string) (func(*metrics.Quantity) bool, error) {
	m, of, found := scenarios.FindMeasure(name)
	if !found || m.Kind != scenarios.Duration {
		return nil, usage("--ci-measure %s: it is one of %s, of all classes or disturbances, or with .NAME of one", name, strings.Join(durations(), ", "))
	}
	measure, direction, _ := strings.Cut(m.Name, ".")
	known := namesOf(s, m.Of)
	if of != "" && !slices.Contains(known, of) {
		return nil, usage("--ci-measure %s: there is no %s %s: there are %s", name, m.Of, of, strings.Join(known, ", "))
	}
	return func(q *metrics.Quantity) bool {
		return q.Measure == measure+"_ns" && q.Direction == direction && (of == "" || of == q.Class || m.Of == scenarios.AFault && of == q.Disturbance)
	}, nil
}

// namesOf gives the classes of a scenario, or its faults and their repairs.
func namesOf(s *scenarios.Scenario, things scenarios.Thing) (names []string) {
	if things == scenarios.AClass {
		for _, c := range s.Traffic {
			names = append(names, c.Name)
		}
		return names
	}
	for _, f := range s.Faults {
		if names = append(names, f.Name); f.RepairAfter != nil {
			names = append(names, f.Name+"-repair")
		}
	}
	return names
}

// durations names the measures that --ci-measure takes.
func durations() (names []string) {
	for _, m := range scenarios.Measures() {
		if m.Kind == scenarios.Duration {
			names = append(names, m.Name)
		}
	}
	return names
}
