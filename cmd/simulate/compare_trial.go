package main

import (
	"context"
	"fmt"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// trial is the runs of a design that play the same: one of its drills, or its faults.
type trial struct {
	metrics.Record
	drill    string // empty: its faults
	scenario *scenarios.Scenario
	rules    []tally
	restless tally // runs that came to their horizon and had not converged
	cutShort tally // runs that hit a bound
	marks    map[mark]*marked
}

// mark is something that people have to know of a figure.
type mark struct {
	fault, class string
	what         note
}

// note is what a mark says.
type note uint8

const (
	outlasted   note = iota // it was not restored before the repair
	uninspected             // something was delivered past all NVAs
	open                    // it was not restored at all
)

// marked counts the runs of which something is true, in whatever direction.
type marked struct {
	runs        int
	first, last int64 // seeds
}

func (m *marked) add(seed int64) {
	if m.runs == 0 || seed != m.last {
		m.runs, m.last = m.runs+1, seed
	}
}

// trialRun is what is kept of a run.
type trialRun struct {
	seed      uint64
	readings  []metrics.Reading
	episodes  []metrics.Episode
	checks    []checked
	converged bool
	ended     error // why it ended before its horizon; nil: it did not
}

func newTrial(s *scenarios.Scenario, drill string) *trial {
	return &trial{drill: drill, scenario: s, rules: make([]tally, len(s.Expect)), marks: map[mark]*marked{}}
}

// newTrialRun keeps what is needed of a run.
func newTrialRun(s *scenarios.Scenario, seed uint64, measured *metrics.Result, ended error) *trialRun {
	r := &trialRun{seed: seed, checks: check(s, &result{measured: measured}), converged: measured.Converged, ended: ended}
	if ended == nil {
		r.readings, r.episodes = measured.Readings(), measured.Episodes
	}
	return r
}

// add takes the run with the next seed. What hit a bound counts, and says nothing of
// how long anything takes.
func (t *trial) add(r *trialRun) error {
	seed := int64(r.seed)
	switch {
	case r.ended != nil:
		t.cutShort.add(seed, r.ended.Error())
	case !r.converged:
		t.restless.add(seed, "")
	}
	for i, c := range r.checks {
		if !c.Holds && r.ended == nil {
			t.rules[i].add(seed, c.Measured)
		}
	}
	for i := range r.episodes {
		t.note(seed, &r.episodes[i])
	}
	return t.Add(r.readings)
}

// note notes what people have to know of an episode.
func (t *trial) note(seed int64, e *metrics.Episode) {
	add := func(what note) {
		m := mark{e.Disturbance, e.Class, what}
		if t.marks[m] == nil {
			t.marks[m] = &marked{first: seed}
		}
		t.marks[m].add(seed)
	}
	switch {
	case e.Cause != "":
	case e.Uninspected > 0:
		add(uninspected)
	case e.Direction != "two-way":
	case !e.Restored:
		add(open)
	case e.Outlasted:
		add(outlasted)
	}
}

// piece is a run to be made.
type piece struct {
	trial *trial
	seed  uint64
}

func (p piece) play(ctx context.Context) (*trialRun, error) {
	measured, ended := measureOnce(ctx, p.trial.scenario, p.seed)
	if measured == nil {
		return nil, fmt.Errorf("%s: %w", p.trial.scenario.Name, ended)
	}
	return newTrialRun(p.trial.scenario, p.seed, measured, ended), nil
}
