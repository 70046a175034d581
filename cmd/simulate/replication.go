package main

import (
	"context"
	"fmt"
	"slices"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// replication is one of many runs: what is kept of it until it is counted.
type replication struct {
	row        metrics.Run
	tables     *metrics.Tables // until they are in a part
	outcome    metrics.Outcome
	samples    []metrics.Sample
	faults     []faultAt
	checks     []checked
	notes      []string // its diagnoses
	violations []string
	ended      error  // why it ended before its horizon; nil: it did not
	failed     string // why there is no more than its row; empty: there is
}

// faultAt is when a disturbance came.
type faultAt struct {
	Name  string `json:"name"`
	Words string `json:"words"`
	At    int64  `json:"at"`
}

// replicate runs a scenario with one seed and measures it; its lines go into a block.
// A run that hits a bound is a result too.
func replicate(ctx context.Context, scenario *scenarios.Scenario, f runFlags, number int, rows *arrowfile.Block) (*replication, error) {
	files := newForFiles(rows, number)
	r, ended := playStreamed(ctx, scenario, &f, &streamed{brief: rows.Keeps().Brief(), files: files})
	if r == nil {
		return nil, fmt.Errorf("seed %d: %w", f.seed, ended)
	}
	p := &replication{
		outcome: r.outcome(ended), samples: r.measured.Samples(), tables: &r.measured.Tables,
		checks: check(scenario, r), notes: r.measured.Diagnoses, violations: r.measured.Violations, ended: ended,
	}
	for i := range r.measured.Disturbances {
		d := &r.measured.Disturbances[i]
		p.faults = append(p.faults, faultAt{d.Name, d.String(), int64(d.At)})
	}
	p.row = metrics.Run{
		Run: int64(number), Seed: int64(f.seed), Status: "complete", Digest: files.sum(), Lines: files.lines,
		Converged: r.measured.Converged && !r.partial, Outcome: string(p.outcome.Ending), Failed: int64(len(broken(p.checks))),
	}
	if r.partial {
		p.row.Status = "partial"
	}
	if p.outcome.Fingerprint != "" {
		p.row.State = &p.outcome.Fingerprint
	}
	if ended == nil {
		p.row.Headline(r.measured)
	}
	return p, nil
}

// outcome gives how a run ended.
func (r *result) outcome(ended error) metrics.Outcome {
	if ended != nil {
		return metrics.Outcome{Ending: metrics.EndsCutShort, Why: ended.Error()}
	}
	for i := range r.circles {
		if o := &r.circles[i]; o.Proof == metrics.ByState && o.Next == nil {
			return metrics.Outcome{Ending: metrics.EndsOscillates, Why: sentence(o)}
		}
	}
	return r.measured.Outcome()
}

func broken(checks []checked) []checked {
	return slices.DeleteFunc(slices.Clone(checks), func(c checked) bool { return c.Holds })
}

// ensemble is what many runs of one scenario add up to, run by run. It keeps no
// run.
type ensemble struct {
	runs        int
	converged   int
	outcomes    metrics.Outcomes
	samples     metrics.Ensemble
	failed      tally         // runs in which something went wrong; they count in nothing else
	unconverged tally         // runs that came to their horizon and had not converged
	cutShort    tally         // runs that hit a bound
	rules       []tally       // by expectation: the runs in which it does not hold
	notes       sentences     // diagnoses
	violations  sentences     // laws of the model that a run broke
	faults      []faultOfRuns // disturbances, in the order in which they were first seen
}

// tally counts runs of which something is true.
type tally struct {
	runs  int
	seed  uint64 // the first, for an example
	words string // about that one
}

func (t *tally) add(seed int64, words string) {
	if t.runs++; t.runs == 1 {
		t.seed, t.words = uint64(seed), words
	}
}

// sentences counts in how many runs a sentence is true, for those that are seen
// first.
type sentences struct {
	texts  []string
	counts []tally
	more   bool // there were others
}

const sentencesKept = 200

func (s *sentences) add(seed int64, texts []string) {
	for _, text := range texts {
		i := slices.Index(s.texts, text)
		if i < 0 && len(s.texts) == sentencesKept {
			s.more = true
			continue
		}
		if i < 0 {
			i = len(s.texts)
			s.texts, s.counts = append(s.texts, text), append(s.counts, tally{})
		}
		s.counts[i].add(seed, "")
	}
}

// faultOfRuns is a disturbance, and between which times it came.
type faultOfRuns struct {
	name, words string
	first, last int64
}

func newEnsemble() *ensemble { return &ensemble{} }

// add takes the next run.
func (e *ensemble) add(p *replication) error {
	seed := p.row.Seed
	e.runs++
	if p.failed != "" {
		e.failed.add(seed, p.failed)
		return nil
	}
	e.outcomes.Add(uint64(seed), p.outcome)
	switch {
	case p.ended != nil:
		e.cutShort.add(seed, p.ended.Error())
	case !p.row.Converged:
		e.unconverged.add(seed, p.outcome.Why)
	default:
		e.converged++
	}
	for i, c := range p.checks {
		if i == len(e.rules) {
			e.rules = append(e.rules, tally{})
		}
		if !c.Holds {
			e.rules[i].add(seed, c.Measured)
		}
	}
	e.notes.add(seed, p.notes)
	e.violations.add(seed, p.violations)
	for _, f := range p.faults {
		e.meet(f)
	}
	if p.ended != nil {
		return nil // how long anything takes is not known of it
	}
	return e.samples.Add(p.samples)
}

// meet notes when a disturbance came.
func (e *ensemble) meet(d faultAt) {
	i := slices.IndexFunc(e.faults, func(f faultOfRuns) bool { return f.name == d.Name })
	if i < 0 {
		e.faults = append(e.faults, faultOfRuns{d.Name, d.Words, d.At, d.At})
		return
	}
	f := &e.faults[i]
	f.first, f.last = min(f.first, d.At), max(f.last, d.At)
}
