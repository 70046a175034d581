package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// replication is a run of a sweep: what is kept of it until it is counted and in
// the files.
type replication struct {
	row          metrics.Run
	part         []byte // its part file
	outcome      metrics.Outcome
	samples      []metrics.Sample
	disturbances []metrics.Disturbance
	checks       []checked
	notes        []string // its diagnoses
	violations   []string
	ended        error // why it ended before its horizon; nil: it did not
}

// replicate runs a scenario with one seed and measures it. A run that hits a
// bound is a result too.
func replicate(ctx context.Context, scenario *scenarios.Scenario, f runFlags, number int64, parts *arrowfile.Parts) (*replication, error) {
	files := newForFiles(parts, number)
	r, ended := playStreamed(ctx, scenario, &f, &streamed{files: files})
	if r == nil {
		return nil, fmt.Errorf("seed %d: %w", f.seed, ended)
	}
	p := &replication{
		outcome: r.outcome(ended), samples: r.measured.Samples(), disturbances: r.measured.Disturbances,
		checks: check(scenario, r), notes: r.measured.Diagnoses, violations: r.measured.Violations, ended: ended,
	}
	p.row = metrics.Run{
		Run: number, Seed: int64(f.seed), Status: "complete", Digest: files.sum(), Lines: files.lines,
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
	files.rows.End(p.row, &r.measured.Tables)
	var err error
	p.part, err = files.rows.Part(nil)
	return p, err
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
	scenario    *scenarios.Scenario
	runs        int
	converged   int
	outcomes    metrics.Outcomes
	samples     metrics.Ensemble
	digests     hash.Hash     // of the runs' digests, in their order
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

func newEnsemble(s *scenarios.Scenario) *ensemble {
	return &ensemble{scenario: s, digests: sha256.New(), rules: make([]tally, len(s.Expect))}
}

// add takes the next run.
func (e *ensemble) add(p *replication) error {
	seed := p.row.Seed
	e.runs++
	e.outcomes.Add(uint64(seed), p.outcome)
	e.digests.Write([]byte(p.row.Digest + "\n"))
	switch {
	case p.ended != nil:
		e.cutShort.add(seed, p.ended.Error())
	case !p.row.Converged:
		e.unconverged.add(seed, p.outcome.Why)
	default:
		e.converged++
	}
	for i, c := range p.checks {
		if !c.Holds {
			e.rules[i].add(seed, c.Measured)
		}
	}
	e.notes.add(seed, p.notes)
	e.violations.add(seed, p.violations)
	for i := range p.disturbances {
		e.meet(&p.disturbances[i])
	}
	if p.ended != nil {
		return nil // how long anything takes is not known of it
	}
	return e.samples.Add(p.samples)
}

// meet notes when a disturbance came.
func (e *ensemble) meet(d *metrics.Disturbance) {
	i := slices.IndexFunc(e.faults, func(f faultOfRuns) bool { return f.name == d.Name })
	if i < 0 {
		e.faults = append(e.faults, faultOfRuns{d.Name, d.String(), int64(d.At), int64(d.At)})
		return
	}
	f := &e.faults[i]
	f.first, f.last = min(f.first, int64(d.At)), max(f.last, int64(d.At))
}

// digest gives SHA-256 over the digests of all runs.
func (e *ensemble) digest() string { return hex.EncodeToString(e.digests.Sum(nil)) }
