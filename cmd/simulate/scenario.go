package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// runFlags are the flags of the command scenario.
type runFlags struct {
	text       []byte    // the resolved scenario, where many runs share it
	progress   *progress // of one run
	seed       uint64
	seeds      int    // how many runs, with untilCI at most; 0: one, whose folder is a run
	untilCI    string // when there are enough: 5%; empty: when there are seeds
	ciMeasures []string
	ties       uint64 // shuffles what happens at one instant
	set        []string
	drill      string // which is played in place of the faults; empty: none
	out        string
	bus        string
	busTimeout time.Duration
	force      bool
}

func newScenario(s *shell) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "scenario [NAME|FILE]",
		Short: "Run a scenario of the library, or of a file",
		Long: `Runs a scenario (active-passive where none is named), prints what happened, and
writes the run folder: run.json, scenario.yaml and the Arrow files.

With --seeds N it makes N runs, with the seeds from --seed on, and prints in which
states they end, how often, and how each measure is distributed. All runs go into
one folder, runs/<scenario>/seeds-N: sweep.json, the Arrow files of a run with a
column run, and runs.arrow and summary.arrow.

With --until-ci 5% it makes runs until half of the 95 % interval of the mean loss of
service, of each class after each disturbance, is at most 5 % of that mean: at most
N, or 10000. It looks after 100 runs, 125, 157 and so on. --ci-measure watches
another measure. The folder is runs/<scenario>/until-ci-5.

With --drill it plays one of the drills of the scenario in place of its faults,
and of what is expected only "converged" counts. The folder is then
runs/<scenario>+<drill>/<seed>; its scenario.yaml has the drill as its one fault.`,
		Example: `  simulate scenario active-passive
  simulate scenario active-active --seed 7 --set params.hold=15s
  simulate scenario active-passive --seeds 200
  simulate scenario active-passive --until-ci 1% --ci-measure detection
  simulate scenario active-passive --drill hub-loss
  simulate scenario my.yaml --set 'nvas[nva1].prepend=2' --out runs/mine`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := cmp.Or(notEmpty(c, "until-ci", whatUntilCI), notEmpty(c, "drill", "the name of a drill of the scenario")); err != nil {
				return err
			}
			arg := append(args, "active-passive")[0]
			if !c.Flags().Changed("seeds") && !c.Flags().Changed("until-ci") && !c.Flags().Changed("ci-measure") {
				return s.runScenario(c.Context(), arg, &f)
			}
			if !c.Flags().Changed("seeds") {
				f.seeds = mostUntilCI
			}
			if !c.Flags().Changed("bus") {
				f.bus = "memory" // the same result, several times as fast
			}
			return s.runSeeds(c.Context(), arg, &f)
		},
	}
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all random draws; with --seeds the first")
	c.Flags().IntVar(&f.seeds, "seeds", 0, "make so many runs, each with the next seed")
	c.Flags().StringVar(&f.untilCI, "until-ci", "", "make runs until half of the 95 % interval of a mean is at most this part of it, like 5%")
	c.Flags().StringArrayVar(&f.ciMeasures, "ci-measure", nil, "what --until-ci is about (default outage.two-way, or control without traffic): "+strings.Join(durations(), ", ")+", or with .NAME of one class or disturbance; may be repeated")
	c.Flags().Uint64Var(&f.ties, "ties", 0, "seed of the order of what happens at one instant; 0: in the order in which it was sent")
	c.Flag("ties").Hidden = true // for research: which results depend on it
	c.Flags().StringArrayVar(&f.set, "set", nil, "change a value of the file: path=value; may be repeated")
	c.Flags().StringVar(&f.drill, "drill", "", "play this drill of the scenario in place of its faults")
	c.Flags().StringVar(&f.out, "out", "", "run folder (default runs/<scenario>/<seed>, runs/<scenario>/seeds-N or runs/<scenario>/until-ci-P)")
	c.Flags().StringVar(&f.bus, "bus", "embedded", "how messages travel: embedded (a NATS server in this process) or memory, which is the default with --seeds")
	c.Flags().DurationVar(&f.busTimeout, "bus-timeout", 30*time.Second, "wall time after which a message counts as lost by the bus")
	c.Flags().BoolVar(&f.force, "force", false, "write into an --out folder that is not empty")
	return c
}

// check refuses flags before anything is touched.
func (f *runFlags) check() error {
	switch {
	case f.bus != "embedded" && f.bus != "memory":
		return usage("--bus %s: it is embedded or memory", f.bus)
	case f.busTimeout <= 0:
		return usage("--bus-timeout %v: it is more than 0s", f.busTimeout)
	}
	return nil
}

// loadToPlay reads and checks a scenario: that of its drill, where one is asked for.
func (s *shell) loadToPlay(ctx context.Context, p *progress, arg string, f *runFlags) (*scenarios.Scenario, error) {
	scenario, err := s.loadUnlessStopped(ctx, p, arg, f.set)
	if err != nil || f.drill == "" {
		return scenario, err
	}
	played, err := scenario.Drill(f.drill)
	if err != nil {
		return nil, usage("--drill: %v", err)
	}
	return played, nil
}

// folder gives where the files go: by default a folder that no other scenario or
// drill has, since no name has a plus sign.
func (f *runFlags) folder(s *scenarios.Scenario, name string) string {
	switch {
	case f.out != "":
		return f.out
	case f.drill != "":
		return filepath.Join("runs", s.Name+"+"+f.drill, name)
	}
	return filepath.Join("runs", s.Name, name)
}

// runScenario runs one scenario with one seed. Whatever ends the run early, what
// happened until then is measured, written and printed.
func (s *shell) runScenario(ctx context.Context, arg string, f *runFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	f.progress = s.newProgress().start()
	defer f.progress.end()
	scenario, err := s.loadToPlay(ctx, f.progress, arg, f)
	if err != nil {
		return err
	}
	path := f.folder(scenario, strconv.FormatUint(f.seed, 10))
	folder, err := openFolder(path, f.out != "", f.force)
	if err != nil {
		return err
	}
	defer folder.discard()
	partial := folder.partialPath(path)
	defer f.progress.onInterrupt(ctx, func() string {
		return "interrupted: what happened until now goes to " + partial + ", marked partial, unless the run is over; another Ctrl-C kills"
	})()
	r, ended := play(ctx, scenario, f)
	if r == nil {
		return ended
	}
	f.progress.enter("writing")
	if err := r.write(folder); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	place := folder.commit
	if errors.Is(ended, context.Canceled) {
		place, path = folder.commitPartial, partial
	}
	if err := place(); err != nil {
		return err
	}
	f.progress.end()
	checks := check(scenario, r)
	if err := s.print(r, checks); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "%d lines in %v (%s bus); written to %s\n", r.log.Len(), f.progress.took().Round(10*time.Microsecond), f.bus, path)
	}
	return verdict(scenario, r, checks, ended, path)
}

// verdict turns how a run ended into an error with its exit code.
func verdict(scenario *scenarios.Scenario, r *result, checks []checked, ended error, path string) error {
	if ended != nil && errors.Is(ended, context.Canceled) {
		return &exitError{exitInterrupted, fmt.Errorf("interrupted at %v: %s holds what happened until then, marked partial", r.reached, path)}
	}
	if err := unmet(checks); err != nil {
		return err
	}
	switch {
	case ended != nil:
		return ended
	case !r.measured.Converged && !expectsUnrest(scenario):
		return &exitError{exitUnconverged, errors.New(unconverged(r))}
	}
	return nil
}

// unmet says which expectations do not hold; nil: all do.
func unmet(checks []checked) error {
	var all []string
	for _, c := range checks {
		if !c.Holds {
			all = append(all, fmt.Sprintf("expected %s %s, measured %s", c.Measure, c.Rule, c.Measured))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return failed("%s", strings.Join(all, "\n"))
}

// unconverged says what a network does that did not converge.
func unconverged(r *result) string {
	if len(r.circles) > 0 && r.circles[0].Proof == metrics.ByState {
		return "the network " + sentence(&r.circles[0])
	}
	return "the network did not converge within the horizon"
}

// expectsUnrest tells whether the scenario says that it does not converge.
func expectsUnrest(s *scenarios.Scenario) bool {
	for _, e := range s.Expect {
		if e.Measure == "converged" && e.Rule == "false" {
			return true
		}
	}
	return false
}
