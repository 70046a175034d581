package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"dualhome/metrics"
)

// sidecar is what the summary of many runs needs of those of a block, beside their
// rows. It lies in the part file of the block.
type sidecar struct {
	invalid []invalidPoint
	runs    []*replication
}

// invalidPoint is a point whose scenario has a mistake: its runs are not made.
type invalidPoint struct {
	Point int    `json:"point"`
	Error string `json:"error"`
}

// packedSidecar is a sidecar as JSON. What many runs share is there once, and a
// number elsewhere.
type packedSidecar struct {
	Invalid    []invalidPoint           `json:"invalid"`
	Quantities []metrics.Quantity       `json:"quantities"` // of the samples of all runs
	States     map[string]metrics.State `json:"states"`     // in which runs settled, by fingerprint
	Runs       []packedRun              `json:"runs"`
}

// packedRun is a replication as JSON.
type packedRun struct {
	Row        metrics.Run     `json:"row"`
	Outcome    metrics.Outcome `json:"outcome"` // without its state
	Quantities []int           `json:"quantities"`
	Values     []*int64        `json:"values"` // of these
	Faults     []faultAt       `json:"faults"`
	Checks     []checked       `json:"checks"`
	Notes      []string        `json:"notes"`
	Violations []string        `json:"violations"`
	Ended      string          `json:"ended"`
	Failed     string          `json:"failed"`
}

// pack writes it as bytes.
func (s *sidecar) pack() ([]byte, error) {
	p := packedSidecar{Invalid: s.invalid, States: map[string]metrics.State{}}
	at := map[metrics.Quantity]int{}
	for _, r := range s.runs {
		one := packedRun{
			Row: r.row, Outcome: r.outcome, Faults: r.faults, Checks: r.checks, Notes: r.notes, Violations: r.violations, Failed: r.failed,
		}
		if r.ended != nil {
			one.Ended = r.ended.Error()
		}
		if f := r.outcome.Fingerprint; f != "" && p.States[f] == nil {
			p.States[f] = r.outcome.State
		}
		one.Outcome.State = nil
		for _, sample := range r.samples {
			i, known := at[sample.Quantity]
			if !known {
				i = len(p.Quantities)
				at[sample.Quantity], p.Quantities = i, append(p.Quantities, sample.Quantity)
			}
			one.Quantities, one.Values = append(one.Quantities, i), append(one.Values, sample.Value)
		}
		p.Runs = append(p.Runs, one)
	}
	return json.Marshal(p)
}

// unpackSidecar reads what pack wrote.
func unpackSidecar(text []byte) (*sidecar, error) {
	var p packedSidecar
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("what the summary needs is damaged: %w", err)
	}
	s := &sidecar{invalid: p.Invalid}
	for i := range p.Runs {
		one := &p.Runs[i]
		r := &replication{
			row: one.Row, outcome: one.Outcome, faults: one.Faults, checks: one.Checks, notes: one.Notes, violations: one.Violations, failed: one.Failed,
		}
		if one.Ended != "" {
			r.ended = errors.New(one.Ended)
		}
		r.outcome.State = p.States[one.Outcome.Fingerprint]
		if len(one.Quantities) != len(one.Values) {
			return nil, fmt.Errorf("what the summary needs is damaged: run %d has %d values of %d quantities", one.Row.Run, len(one.Values), len(one.Quantities))
		}
		for k, q := range one.Quantities {
			if q < 0 || q >= len(p.Quantities) {
				return nil, fmt.Errorf("what the summary needs is damaged: there is no quantity %d", q)
			}
			r.samples = append(r.samples, metrics.Sample{Quantity: p.Quantities[q], Value: one.Values[k]})
		}
		s.runs = append(s.runs, r)
	}
	return s, nil
}
