package main

import (
	"context"
	"path/filepath"

	"dualhome/metrics/arrowfile"
)

// meta is what every Arrow file of the run says of it.
func (r *result) meta() arrowfile.Meta {
	return arrowfile.Meta{Scenario: r.scenario.Name, Seed: r.seed, Digest: r.log.Digest()}
}

// writeTables writes the Arrow files of a run into a folder.
func writeTables(dir string, r *result) error {
	lines := r.log.Lines(context.Background(), 1)
	if err := arrowfile.WriteEvents(filepath.Join(dir, "events.arrow"), lines, r.meta()); err != nil {
		return err
	}
	return arrowfile.WriteRun(dir, &r.measured.Tables, r.meta())
}
