package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// runJSON is run.json. All but Wall is the same for the same scenario, seed and
// version.
type runJSON struct {
	SchemaVersion  int                    `json:"schema_version"`  // 1
	Status         string                 `json:"status"`          // complete; partial: it was interrupted, or hit a bound
	Scenario       string                 `json:"scenario"`        // its name
	ScenarioSHA256 string                 `json:"scenario_sha256"` // of scenario.yaml
	Seed           uint64                 `json:"seed"`            // of all random draws
	Ties           uint64                 `json:"ties,omitempty"`  // seed of the order of what happens at one instant
	Digest         string                 `json:"digest"`          // SHA-256 over the lines of the log
	Lines          uint64                 `json:"lines"`           // of the log
	Turns          uint64                 `json:"turns"`           // in which a message came or was lost, or a timer fired
	Messages       uint64                 `json:"messages"`        // sent between actors
	VirtualNS      int64                  `json:"virtual_ns"`      // how long the run is, in virtual time
	Converged      bool                   `json:"converged"`       // nothing was under way or pending at the end, and tables had been quiet for long enough
	Oscillations   []metrics.Oscillation  `json:"oscillations"`    // none: it settled, or nothing shows one
	Unknowns       []scenarios.Assumption `json:"unknowns"`        // of the assumptions, those without any source
	Assumptions    []scenarios.Assumption `json:"assumptions"`     // what the run assumes, with grades and sources
	Diagnoses      []string               `json:"diagnoses"`       // what is wrong with the network, a sentence each
	NICGroups      int                    `json:"nic_groups"`      // groups of NICs that share a table
	Versions       map[string]string      `json:"versions"`        // of simulate and of Go
	Wall           wallJSON               `json:"wall"`            // what differs between two runs of the same
}

// wallJSON is what differs between two runs of the same.
type wallJSON struct {
	Began   string `json:"began"`   // RFC 3339, UTC
	TookNS  int64  `json:"took_ns"` // the run, without measuring and files
	Bus     string `json:"bus"`     // embedded or memory
	Machine string `json:"machine"` // operating system and processor
}

func (r *result) runJSON(scenario []byte) runJSON {
	sum := sha256.Sum256(scenario)
	j := runJSON{
		SchemaVersion: 1, Status: "complete", Scenario: r.scenario.Name, ScenarioSHA256: hex.EncodeToString(sum[:]),
		Seed: r.seed, Ties: r.ties, Digest: r.log.Digest(), Lines: r.log.Len(), Turns: r.turns, Messages: r.measured.Messages,
		VirtualNS: int64(r.scenario.Horizon), Converged: r.measured.Converged, Unknowns: []scenarios.Assumption{},
		Assumptions: append([]scenarios.Assumption{}, r.scenario.Assumptions()...),
		Diagnoses:   append([]string{}, r.measured.Diagnoses...),
		NICGroups:   r.measured.NICGroups, Oscillations: r.circles,
		Versions: map[string]string{"simulate": version, "go": runtime.Version()},
		Wall: wallJSON{
			Began: r.began.UTC().Format(time.RFC3339Nano), TookNS: int64(r.took), Bus: r.bus,
			Machine: runtime.GOOS + "/" + runtime.GOARCH,
		},
	}
	if r.partial {
		j.Status, j.VirtualNS, j.Converged = "partial", int64(r.reached), false
	}
	for _, a := range j.Assumptions {
		if a.Grade == scenarios.Unknown {
			j.Unknowns = append(j.Unknowns, a)
		}
	}
	return j
}

// writeJSON writes v as a JSON file.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o666)
}

// write writes the files of a run into a folder.
func (r *result) write(f *folder) error {
	text := []byte(r.network.Text)
	if err := os.MkdirAll(f.temp, 0o755); err != nil { // another machine may think it stale, after a day
		return err
	}
	if err := os.WriteFile(filepath.Join(f.temp, "scenario.yaml"), text, 0o666); err != nil {
		return err
	}
	if err := writeTables(f.temp, r); err != nil {
		return err
	}
	return writeJSON(filepath.Join(f.temp, "run.json"), r.runJSON(text))
}
