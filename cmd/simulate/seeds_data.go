package main

import (
	"dualhome/metrics"
	"dualhome/scenarios"
)

// seedsJSON is what many runs add up to, as data. Durations are nanoseconds;
// null: it did not happen, or so few runs do not bound it.
type seedsJSON struct {
	Scenario     string                 `json:"scenario"`
	Seed         uint64                 `json:"seed"`
	Seeds        int                    `json:"seeds"`
	Runs         int                    `json:"runs"`
	Stop         *stopJSON              `json:"stop"` // null where --until-ci is not given
	Digest       string                 `json:"digest"`
	Partial      bool                   `json:"partial"`
	Converged    int                    `json:"converged"`
	Unseen       *float64               `json:"unseen_high"` // the 95 % bound for outcomes that no run had
	Outcomes     []outcomeExample       `json:"outcomes"`
	Differences  []differenceJSON       `json:"differences"`
	Measures     []measureJSON          `json:"measures"`
	Expectations []ruleJSON             `json:"expectations"`
	Diagnoses    []noteJSON             `json:"diagnoses"`
	Assumptions  []scenarios.Assumption `json:"assumptions"`
}

type outcomeExample struct {
	outcomeJSON
	Command string  `json:"command"`
	Why     *string `json:"why"`
}

// differenceJSON is an entry that differs between states; its routes are in the
// order of the outcomes, null where there is no settled state.
type differenceJSON struct {
	Actor  string    `json:"actor"`
	Table  string    `json:"table"`
	Prefix string    `json:"prefix"`
	Routes []*string `json:"routes"`
}

type measureJSON struct {
	Disturbance string  `json:"disturbance"`
	Class       *string `json:"class"`
	Direction   *string `json:"direction"`
	Measure     string  `json:"measure"`
	figuresJSON
}

// figuresJSON is the distribution of a measure over the runs in which it happened.
type figuresJSON struct {
	N     int          `json:"n"`
	Nulls int          `json:"nulls"` // runs in which it did not
	Min   *float64     `json:"min"`
	Max   *float64     `json:"max"`
	Mean  estimateJSON `json:"mean"`
	P50   estimateJSON `json:"p50"`
	P95   estimateJSON `json:"p95"`
	P99   estimateJSON `json:"p99"`
}

func figuresOf(s *metrics.Summary) figuresJSON {
	return figuresJSON{s.N, s.Nulls, s.Min, s.Max, estimateJSON(s.Mean), estimateJSON(s.P50), estimateJSON(s.P95), estimateJSON(s.P99)}
}

type estimateJSON struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

// ruleJSON is an expectation and in how many runs it fails.
type ruleJSON struct {
	Measure string  `json:"measure"`
	Rule    string  `json:"rule"`
	Failed  int     `json:"failed"`
	Seed    *uint64 `json:"seed"` // the first that fails
}

func ruleOf(e scenarios.Expectation, failed *tally) ruleJSON {
	one := ruleJSON{Measure: e.Measure, Rule: e.Rule, Failed: failed.runs}
	if failed.runs > 0 {
		one.Seed = &failed.seed
	}
	return one
}

// noteJSON is a sentence and in how many runs it is true.
type noteJSON struct {
	Text string `json:"text"`
	Runs int    `json:"runs"`
	Seed uint64 `json:"seed"`
}

func (r *replications) data(classes []metrics.OutcomeClass) seedsJSON {
	j := seedsJSON{
		Scenario: r.scenario.Name, Seed: r.flags.seed, Seeds: r.flags.seeds, Runs: r.runs, Stop: r.until.data(), Digest: r.digest(),
		Partial: r.partial, Converged: r.converged, Outcomes: []outcomeExample{}, Differences: []differenceJSON{},
		Measures: []measureJSON{}, Expectations: []ruleJSON{}, Diagnoses: []noteJSON{},
		Assumptions: append([]scenarios.Assumption{}, r.scenario.Assumptions()...),
	}
	if r.runs > 0 {
		j.Unseen = new(metrics.Unseen(r.runs))
	}
	for i, o := range outcomesJSON(classes) {
		j.Outcomes = append(j.Outcomes, outcomeExample{o, r.command(o.Seed), nullable(classes[i].Why)})
	}
	for _, d := range metrics.Differences(classes) {
		one := differenceJSON{Actor: d.Actor, Table: d.Table, Prefix: d.Prefix}
		for _, route := range d.Routes {
			one.Routes = append(one.Routes, nullable(route))
		}
		j.Differences = append(j.Differences, one)
	}
	for _, s := range r.samples.Summaries() {
		j.Measures = append(j.Measures, measureJSON{
			s.Disturbance, nullable(s.Class), nullable(s.Direction), s.Measure, figuresOf(&s),
		})
	}
	for i := range r.rules {
		j.Expectations = append(j.Expectations, ruleOf(r.scenario.Expect[i], &r.rules[i]))
	}
	for i, text := range r.notes.texts {
		j.Diagnoses = append(j.Diagnoses, noteJSON{text, r.notes.counts[i].runs, r.notes.counts[i].seed})
	}
	return j
}

// nullable gives nothing for an empty text.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
