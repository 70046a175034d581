package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// sweepJSON is sweep.json. All but Wall is the same for the same scenario, seeds
// and version.
type sweepJSON struct {
	SchemaVersion  int                    `json:"schema_version"`  // 1
	Status         string                 `json:"status"`          // complete; partial: it was interrupted
	Scenario       string                 `json:"scenario"`        // its name
	ScenarioSHA256 string                 `json:"scenario_sha256"` // of scenario.yaml
	Seed           uint64                 `json:"seed"`            // the first of each point
	Seeds          int                    `json:"seeds"`           // of each point, as asked for; with --until-ci at most
	Runs           int                    `json:"runs"`            // that were made
	Stop           *stopJSON              `json:"stop"`            // why no more were made; null where --until-ci is not given
	Digest         string                 `json:"digest"`          // over the digests of the runs, in their order
	Plan           *planJSON              `json:"plan"`            // how the points came about; null of scenario --seeds
	Axes           []axisJSON             `json:"axes"`            // the parameters that differ
	Points         []pointJSON            `json:"points"`          // those that have runs
	Failures       []sweepFailureJSON     `json:"failures"`        // points and runs that could not be made
	Exit           int                    `json:"exit"`            // the exit code
	Why            *string                `json:"why"`             // what it says, where it is not 0; else null
	Unknowns       []scenarios.Assumption `json:"unknowns"`        // of the assumptions, those without any source
	Assumptions    []scenarios.Assumption `json:"assumptions"`     // what the runs assume, with grades and sources
	Versions       map[string]string      `json:"versions"`        // of simulate and of Go
	Wall           sweepWallJSON          `json:"wall"`            // what differs between two sweeps of the same
}

// pointJSON is a set of parameters, and what the runs with it add up to.
type pointJSON struct {
	Point     int               `json:"point"`     // its number, from 0
	Params    map[string]string `json:"params"`    // without those that are as the file has them
	Runs      int               `json:"runs"`      // that were made
	Converged int               `json:"converged"` // runs that did
	CutShort  int               `json:"cut_short"` // at a bound
	Failed    int               `json:"failed"`    // in which something went wrong
	Outcomes  []outcomeJSON     `json:"outcomes"`  // in which states its runs ended
}

// planJSON is how the points of a sweep came about, beside the file.
type planJSON struct {
	File     string   `json:"file"`     // the scenario file
	Set      []string `json:"set"`      // as --set
	Axes     []string `json:"axes"`     // of the command line
	Sampling string   `json:"sampling"` // grid, random, latin-hypercube or halton; empty: that of the file
	Samples  int      `json:"samples"`  // as --samples; 0: not given
	Drill    string   `json:"drill"`    // as --drill
	Tables   string   `json:"tables"`   // as --tables
}

// axisJSON is a parameter that differs between points.
type axisJSON struct {
	Name    string    `json:"name"`    // the parameter, or the path of a key
	Values  []string  `json:"values"`  // as written
	Numbers []float64 `json:"numbers"` // of the values, where they are all of one kind; else null
	Unit    string    `json:"unit"`    // of the numbers: ns, bps or none
}

// sweepFailureJSON is a point whose scenario has a mistake, or a run in which something
// went wrong.
type sweepFailureJSON struct {
	Point  int               `json:"point"`  // its number
	Params map[string]string `json:"params"` // those of the point
	Seed   *uint64           `json:"seed"`   // null: all of the point
	Error  string            `json:"error"`  // what went wrong
}

// outcomeJSON is a class of runs that ended alike.
type outcomeJSON struct {
	Ending string  `json:"ending"` // settled, unsettled, oscillates, cut short
	State  *string `json:"state"`  // the fingerprint; null where it is not settled
	Runs   int     `json:"runs"`   // that ended so
	Share  float64 `json:"share"`  // of the runs
	Low    float64 `json:"low"`    // the 95 % interval of the probability (Wilson)
	High   float64 `json:"high"`   // its upper end
	Seed   uint64  `json:"seed"`   // the lowest of such a run
}

// sweepWallJSON is what differs between two sweeps of the same.
type sweepWallJSON struct {
	wallJSON
	AtOnce int `json:"at_once"` // runs
}

func (r *replications) sweepJSON(partial bool) sweepJSON {
	j := newSweepJSON(r.scenario.Name, r.flags.text, r.scenario.Assumptions(), partial)
	j.Seed, j.Seeds, j.Runs, j.Stop, j.Digest = r.flags.seed, r.flags.seeds, r.made, r.until.data(), r.digest()
	j.Points = append(j.Points, r.ensemble.point(0))
	for _, f := range r.failed {
		j.Failures = append(j.Failures, f.json(map[string]string{}))
	}
	j.ends(r.verdict(""), partial)
	j.Wall = newSweepWall(r.began, r.took, r.flags.bus, r.workers)
	return j
}

// ends notes how the command ends.
func (j *sweepJSON) ends(err error, partial bool) {
	if partial {
		err = &exitError{exitInterrupted, errors.New("interrupted")}
	}
	if j.Exit = exitCode(err); err != nil {
		j.Why = new(err.Error())
	}
}

// ended gives how the command ended that wrote a folder.
func ended(path string) error {
	text, err := os.ReadFile(filepath.Join(path, "sweep.json"))
	if err != nil {
		return err
	}
	var j sweepJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(path, "sweep.json"), err)
	}
	if j.Exit == exitFine || j.Why == nil {
		return nil
	}
	return &exitError{j.Exit, errors.New(*j.Why)}
}

// newSweepJSON begins sweep.json.
func newSweepJSON(name string, text []byte, assumptions []scenarios.Assumption, partial bool) sweepJSON {
	sum := sha256.Sum256(text)
	j := sweepJSON{
		SchemaVersion: 1, Status: "complete", Scenario: name, ScenarioSHA256: hex.EncodeToString(sum[:]),
		Axes: []axisJSON{}, Points: []pointJSON{}, Failures: []sweepFailureJSON{},
		Unknowns: []scenarios.Assumption{}, Assumptions: append([]scenarios.Assumption{}, assumptions...),
		Versions: map[string]string{"simulate": version, "go": runtime.Version()},
	}
	if partial {
		j.Status = "partial"
	}
	for _, a := range j.Assumptions {
		if a.Grade == scenarios.Unknown {
			j.Unknowns = append(j.Unknowns, a)
		}
	}
	return j
}

func newSweepWall(began time.Time, took time.Duration, bus string, atOnce int) sweepWallJSON {
	return sweepWallJSON{wallJSON{
		Began: began.UTC().Format(time.RFC3339Nano), TookNS: int64(took), Bus: bus, Machine: runtime.GOOS + "/" + runtime.GOARCH,
	}, atOnce}
}

// point gives what the runs of a point add up to.
func (e *ensemble) point(number int) pointJSON {
	return pointJSON{
		Point: number, Params: map[string]string{}, Runs: e.runs, Converged: e.converged, CutShort: e.cutShort.runs, Failed: e.failed.runs,
		Outcomes: outcomesJSON(e.outcomes.Classes()),
	}
}

func (f failedRun) json(params map[string]string) sweepFailureJSON {
	seed := uint64(f.Seed)
	return sweepFailureJSON{int(f.Point), params, &seed, f.Error}
}

func outcomesJSON(classes []metrics.OutcomeClass) []outcomeJSON {
	all := []outcomeJSON{}
	for _, c := range classes {
		j := outcomeJSON{Ending: string(c.Ending), Runs: c.Runs, Share: c.Share.Estimate, Low: c.Share.Low, High: c.Share.High, Seed: c.Seed}
		if c.Fingerprint != "" {
			j.State = &c.Fingerprint
		}
		all = append(all, j)
	}
	return all
}

// write writes the files of a sweep into a folder, sweep.json last. The parts are those
// of the first blocks.
func (r *replications) write(store partStore, dir string, partial bool) error {
	if err := os.WriteFile(filepath.Join(dir, "scenario.yaml"), r.flags.text, 0o666); err != nil {
		return err
	}
	var summary metrics.SummaryRows
	summary.Add(0, r.samples.Summaries())
	err := allAtOnce(r.workers, arrowfile.WriteSweep(dir, store.first(r.blocks), summary.All(), arrowfile.Params{Points: [][]int{{}}}, r.campaign.keep,
		arrowfile.Meta{Scenario: r.scenario.Name, Seed: r.flags.seed, Digest: r.digest()}))
	if err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "sweep.json"), r.sweepJSON(partial))
}

// allAtOnce does several things at once, all of them to their end.
func allAtOnce(workers int, all []func() error) error {
	do := func(_ context.Context, i int) (error, error) { return all[i](), nil }
	var errs []error
	err := inOrder(context.Background(), len(all), workers, do, func(err error) error {
		errs = append(errs, err)
		return nil
	})
	return errors.Join(append(errs, err)...)
}
