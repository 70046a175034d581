package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// trafficFlags are the flags of the command traffic.
type trafficFlags struct {
	with  string
	out   string
	force bool
}

func newTraffic(s *shell) *cobra.Command {
	var f trafficFlags
	c := &cobra.Command{
		Use:   "traffic RUN",
		Short: "Measure other traffic in a finished run",
		Long: `Measures traffic in a run folder anew, from events.arrow alone: no simulation runs.

With --with FILE it is other traffic than the run's own: a file with version: 1 and
traffic:, as in a scenario, whose classes begin and end in the network of the run.
A class that has the name of one of the run has its hashes too.

It prints what a run prints. With --out it writes convergence.arrow, traffic.arrow,
shift.arrow, outages.arrow, the traffic itself (traffic.yaml) and, in traffic.json,
of which run it is.`,
		Example: "  simulate traffic runs/active-passive/1\n  simulate traffic runs/active-passive/1 --with peak.yaml --out peak",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return s.traffic(c.Context(), args[0], &f) },
	}
	c.Flags().StringVar(&f.with, "with", "", "a file with other traffic (default: that of the run)")
	c.Flags().StringVar(&f.out, "out", "", "folder for the tables")
	c.Flags().BoolVar(&f.force, "force", false, "write into an --out folder that is not empty")
	return c
}

// traffic measures the traffic of a run folder anew.
func (s *shell) traffic(ctx context.Context, dir string, f *trafficFlags) error {
	if err := isFolder(dir); err != nil {
		return err
	}
	if f.out != "" && sameFolder(dir, f.out) {
		return usage("--out %s: it is the folder of the run, which stays as it is; choose another", f.out)
	}
	held, err := openRuns(dir, "partial") // which is said of what is measured
	if err != nil {
		return err
	}
	r, err := readLog(ctx, held)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return failed("%s: %v", dir, err)
	}
	var checks []checked
	if err := s.remeasure(ctx, r, f.with); err != nil {
		return err
	}
	if f.with == "" {
		checks = check(r.scenario, r)
	}
	if f.out != "" {
		if err := r.writeTraffic(f); err != nil {
			return err
		}
	}
	if err := s.print(r, checks); err != nil {
		return err
	}
	if f.out != "" && !s.quiet {
		fmt.Fprintf(s.err, "written to %s\n", f.out)
	}
	return unmet(checks)
}

// sameFolder tells whether two paths lead to one folder.
func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// readLog reads a run folder, but for what was measured. The log has to be that of
// run.json and of scenario.yaml.
func readLog(ctx context.Context, h *heldRuns) (*result, error) {
	held, err := readRun(h.dir)
	if err != nil {
		return nil, err
	}
	r := &replayed{}
	var first events.Line
	for l, err := range arrowfile.ReadEvents(filepath.Join(h.dir, "events.arrow")) {
		if err := errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
		if r.of == nil {
			if err := r.read(l); err != nil {
				return nil, err
			}
			first = l
		}
		r.last = l.At
		if err := r.log.Append(ctx, []events.Line{l}); err != nil {
			return nil, err
		}
	}
	if r.of == nil {
		return nil, errors.New("events.arrow: it holds no line")
	}
	if err := h.owns(h.runs[0], &r.log, first); err != nil {
		return nil, err
	}
	return &result{
		scenario: r.of, seed: r.started.Seed, ties: r.started.Ties, log: &r.log, circles: held.Oscillations,
		reached: r.last, turns: held.Turns, partial: held.Status == "partial",
	}, nil
}

// remeasure measures a run, with the traffic of a file instead of its own if there
// is one.
func (s *shell) remeasure(ctx context.Context, r *result, with string) (err error) {
	var other *metrics.Matrix
	if with != "" {
		if other, err = s.otherTraffic(r, with); err != nil {
			return err
		}
	}
	if r.measured, err = metrics.MeasureWith(r.log.Lines(ctx, 1), other); err != nil {
		return fmt.Errorf("measuring: %w", err)
	}
	return nil
}

// otherTraffic reads a file of traffic, and gives the run this traffic.
func (s *shell) otherTraffic(r *result, with string) (*metrics.Matrix, error) {
	text, err := readBounded(with)
	if err != nil {
		return nil, err
	}
	scenario, warnings, err := scenarios.LoadTraffic(filesBeside(with, with), with, text, r.scenario)
	if !s.quiet {
		for _, w := range warnings {
			fmt.Fprintln(s.err, w)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(scenario.Traffic) == 0 {
		return nil, usage("%s: there is no traffic in it, and so nothing to measure", with)
	}
	network, err := scenarios.Build(scenario, scenarios.Options{Seed: r.seed, Ties: r.ties})
	if err != nil {
		return nil, err
	}
	r.scenario = scenario
	return metrics.MatrixOf(network.Config.Facts), nil
}

// trafficJSON is traffic.json: of which run tables are.
type trafficJSON struct {
	SchemaVersion int    `json:"schema_version"` // 1
	Scenario      string `json:"scenario"`       // that of the run
	Seed          uint64 `json:"seed"`           // of the run
	Digest        string `json:"digest"`         // of the run
	Status        string `json:"status"`         // of the run: complete, partial
	Other         bool   `json:"other"`          // the traffic is not the run's own
}

// writeTraffic writes what was measured into a folder of its own.
func (r *result) writeTraffic(f *trafficFlags) error {
	folder, err := openFolder(f.out, true, f.force)
	if err != nil {
		return err
	}
	defer folder.discard()
	if err := arrowfile.WriteTraffic(folder.temp, &r.measured.Tables, r.meta()); err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	if err := os.WriteFile(filepath.Join(folder.temp, "traffic.yaml"), r.scenario.MarshalTraffic(), 0o666); err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	of := trafficJSON{
		SchemaVersion: 1, Scenario: r.scenario.Name, Seed: r.seed, Digest: r.log.Digest(), Status: "complete", Other: f.with != "",
	}
	if r.partial {
		of.Status = "partial"
	}
	if err := writeJSON(filepath.Join(folder.temp, "traffic.json"), of); err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	return folder.commit()
}
