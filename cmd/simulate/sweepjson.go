package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	SchemaVersion  int                    `json:"schema_version"`
	Status         string                 `json:"status"` // complete, partial
	Scenario       string                 `json:"scenario"`
	ScenarioSHA256 string                 `json:"scenario_sha256"` // of scenario.yaml
	Seed           uint64                 `json:"seed"`            // the first of each point
	Seeds          int                    `json:"seeds"`           // of each point, as asked for; with --until-ci at most
	Runs           int                    `json:"runs"`            // that were made
	Stop           *stopJSON              `json:"stop"`            // why no more were made; null where --until-ci is not given
	Digest         string                 `json:"digest"`          // over the digests of the runs, in their order
	Points         []pointJSON            `json:"points"`
	Unknowns       []scenarios.Assumption `json:"unknowns"`
	Assumptions    []scenarios.Assumption `json:"assumptions"`
	Versions       map[string]string      `json:"versions"`
	Wall           sweepWallJSON          `json:"wall"`
}

// pointJSON is a set of parameters, and what the runs with it add up to.
type pointJSON struct {
	Point     int               `json:"point"`
	Params    map[string]string `json:"params"`
	Runs      int               `json:"runs"`
	Converged int               `json:"converged"`
	Outcomes  []outcomeJSON     `json:"outcomes"`
}

// outcomeJSON is a class of runs that ended alike.
type outcomeJSON struct {
	Ending string  `json:"ending"` // settled, unsettled, oscillates, cut short
	State  *string `json:"state"`  // the fingerprint; null where it is not settled
	Runs   int     `json:"runs"`
	Share  float64 `json:"share"`
	Low    float64 `json:"low"` // the 95 % interval of the probability
	High   float64 `json:"high"`
	Seed   uint64  `json:"seed"` // the lowest
}

// sweepWallJSON is what differs between two sweeps of the same.
type sweepWallJSON struct {
	wallJSON
	AtOnce int `json:"at_once"` // runs
}

func (r *replications) sweepJSON(partial bool) sweepJSON {
	sum := sha256.Sum256(r.flags.text)
	j := sweepJSON{
		SchemaVersion: 1, Status: "complete", Scenario: r.scenario.Name, ScenarioSHA256: hex.EncodeToString(sum[:]),
		Seed: r.flags.seed, Seeds: r.flags.seeds, Runs: r.runs, Stop: r.until.data(), Digest: r.digest(), Points: []pointJSON{r.point()},
		Unknowns: []scenarios.Assumption{}, Assumptions: append([]scenarios.Assumption{}, r.scenario.Assumptions()...),
		Versions: map[string]string{"simulate": version, "go": runtime.Version()},
		Wall: sweepWallJSON{wallJSON{
			Began: r.began.UTC().Format(time.RFC3339Nano), TookNS: int64(r.took), Bus: r.flags.bus,
			Machine: runtime.GOOS + "/" + runtime.GOARCH,
		}, r.workers},
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

func (r *replications) point() pointJSON {
	return pointJSON{Params: map[string]string{}, Runs: r.runs, Converged: r.converged, Outcomes: outcomesJSON(r.outcomes.Classes())}
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

// write writes the files of a sweep into a folder, sweep.json last.
func (r *replications) write(files *partFiles, dir string, partial bool) error {
	if err := os.WriteFile(filepath.Join(dir, "scenario.yaml"), r.flags.text, 0o666); err != nil {
		return err
	}
	var summary []metrics.SummaryRow
	for _, s := range r.samples.Summaries() {
		summary = append(summary, s.Row(0))
	}
	meta := arrowfile.Meta{Scenario: r.scenario.Name, Seed: r.flags.seed, Digest: r.digest()}
	each := arrowfile.WriteSweep(dir, files.names, summary, arrowfile.Params{}, arrowfile.AllTables, meta)
	write := func(_ context.Context, i int) (error, error) { return each[i](), nil }
	var errs []error
	err := inOrder(context.Background(), len(each), r.workers, write, func(err error) error {
		errs = append(errs, err)
		return nil
	})
	if err := errors.Join(append(errs, err, files.remove())...); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "sweep.json"), r.sweepJSON(partial))
}
