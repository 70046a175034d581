package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// heldRuns is a folder with a run, or with the runs of a sweep, that is to be
// measured again.
type heldRuns struct {
	dir      string
	sweep    bool
	scenario *scenarios.Scenario
	text     string // of the scenario
	seeds    []uint64
	runs     []metrics.Run // of a sweep, in their order; of a run the one
}

func (h *heldRuns) kind() string {
	if h.sweep {
		return "a sweep"
	}
	return "one run"
}

// errHeld is a folder that cannot be compared.
func errHeld(dir, format string, args ...any) error {
	return usage("%s: %s", dir, fmt.Sprintf(format, args...))
}

// openRuns reads what a folder says of itself, and refuses runs that this program did
// not make or that are not complete, unless their status is also good enough.
func openRuns(dir string, also ...string) (*heldRuns, error) {
	h := &heldRuns{dir: dir, sweep: isOf(dir, "sweep.json")}
	name := "run.json"
	if h.sweep {
		name = "sweep.json"
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if isMissing(err) {
		return nil, errHeld(dir, "it is no run folder and no sweep folder: it holds neither run.json nor sweep.json")
	}
	if err != nil {
		return nil, err
	}
	var says struct {
		SchemaVersion int               `json:"schema_version"`
		Status        string            `json:"status"`
		Digest        string            `json:"digest"`
		Seed          uint64            `json:"seed"`
		Points        []json.RawMessage `json:"points"`
		Versions      map[string]string `json:"versions"`
	}
	switch err := json.Unmarshal(text, &says); {
	case err != nil:
		return nil, errHeld(dir, "%s: %v", name, err)
	case says.SchemaVersion != 1:
		return nil, errHeld(dir, "%s has schema version %d; 1 is what this program reads; make it again with this one", name, says.SchemaVersion)
	case says.Versions["simulate"] != version:
		return nil, errHeld(dir, "simulate %s wrote it, and this is %s: its runs may have gone otherwise; make them again", says.Versions["simulate"], version)
	case says.Status != "complete" && !slices.Contains(also, says.Status):
		return nil, errHeld(dir, "it is marked %s: not all that was to be in it happened; make it again", says.Status)
	case len(says.Points) > 1:
		return nil, errHeld(dir, "it has %d points; sweeps of one are compared", len(says.Points))
	}
	if err := h.load(); err != nil {
		return nil, err
	}
	h.runs = []metrics.Run{{Seed: int64(says.Seed), Digest: says.Digest, Status: says.Status}}
	if h.sweep {
		if h.runs, _, err = arrowfile.Read[metrics.Run](filepath.Join(dir, "runs.arrow"), "runs"); err != nil {
			return nil, &exitError{exitCheck, err}
		}
	}
	for _, r := range h.runs {
		h.seeds = append(h.seeds, uint64(r.Seed))
	}
	return h, nil
}

// load reads the scenario of the runs.
func (h *heldRuns) load() error {
	file := filepath.Join(h.dir, "scenario.yaml")
	text, err := readBounded(file)
	if err != nil {
		return err
	}
	h.text = string(text)
	h.scenario, _, err = scenarios.Load(file, text)
	return err
}

// read measures all runs again.
func (h *heldRuns) read(ctx context.Context, t *trial) error {
	n := 0
	for log, err := range h.logs() {
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err == nil && (n == len(h.runs) || log.Run != h.runs[n].Run) {
			err = fmt.Errorf("events.arrow has a run %d, which is not the next of runs.arrow", log.Run)
		}
		var run *trialRun
		if err == nil {
			run, err = h.measure(ctx, h.runs[n], log.Lines)
		}
		if err != nil {
			return failed("%s: %v", h.dir, err)
		}
		if err := t.add(run); err != nil {
			return err
		}
		n++
	}
	if n < len(h.runs) {
		return failed("%s: events.arrow has %s, runs.arrow %d", h.dir, runsText(n), len(h.runs))
	}
	return nil
}

// logs gives the log of each run.
func (h *heldRuns) logs() iter.Seq2[arrowfile.RunLines, error] {
	file := filepath.Join(h.dir, "events.arrow")
	if h.sweep {
		return arrowfile.ReadSweepEvents(file)
	}
	return func(yield func(arrowfile.RunLines, error) bool) {
		var one arrowfile.RunLines
		for l, err := range arrowfile.ReadEvents(file) {
			if err != nil {
				yield(one, err)
				return
			}
			one.Lines = append(one.Lines, l)
		}
		yield(one, nil)
	}
}

// measure measures a run again, if its log is the one that it had.
func (h *heldRuns) measure(ctx context.Context, r metrics.Run, lines []events.Line) (*trialRun, error) {
	var log eventlog.Memory
	if err := log.Append(ctx, lines); err != nil {
		return nil, err
	}
	if err := h.owns(r, &log, lines[0]); err != nil {
		return nil, err
	}
	measured, err := metrics.Measure(log.Lines(ctx, 1))
	if err != nil {
		return nil, err
	}
	var ended error
	if r.Status != "complete" {
		ended = errors.New("it hit a bound")
	}
	return newTrialRun(h.scenario, uint64(r.Seed), measured, ended), nil
}

// owns tells whether a log is that of a run of the folder, and of its scenario.
func (h *heldRuns) owns(r metrics.Run, log *eventlog.Memory, first events.Line) error {
	if digest := log.Digest(); digest != r.Digest {
		return fmt.Errorf("seed %d: the digest of events.arrow is %s, not %s", r.Seed, digest, r.Digest)
	}
	if started, ok := first.Event.(events.RunStarted); !ok || started.Text != h.text {
		return fmt.Errorf("seed %d: its scenario is not that of scenario.yaml", r.Seed)
	}
	return nil
}
