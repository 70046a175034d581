package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// sweepFlags are the flags of the command sweep.
type sweepFlags struct {
	runFlags
	axes     []string
	sampling string
	samples  int
	tables   arrowfile.Tables
	keep     string // tables, as they were given
	workers  int
	resume   bool
	plan     bool
	measure  string
	cluster  clusterFlags
}

func newSweep(s *shell) *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep NAME|FILE [-m PARAM=VALUES…]",
		Short: "Run a scenario with many values of its parameters, each with many seeds",
		Long: `Runs a scenario at all points of a plan: each combination of the values of some
parameters. The plan is in the file, as matrix: and seeds:, or on the command line.
Every point is run with the same seeds, so that points differ by their parameters
alone, and not by their luck.

The folder, runs/<scenario>/sweep, holds sweep.json, runs.arrow with a row a run,
summary.arrow with the distribution of each measure at each point, sensitivity.arrow
with which parameter moves what by how much, and the Arrow files of a run with a
column run. --tables leaves some of these out.

A sweep that was interrupted, by whatever, goes on with --resume.

After -m come one parameter or more, each with its values:
  hold=30s,60s,180s           these
  'mrai=range(0s,30s,5s)'     0 s, 5 s and so on up to 30 s
  'hold=interval(10s,180s)'   any in between: with --sampling and --samples
  'nvas[nva2].prepend=0,2'    any key of the file, items by their names
  design=a,b                  another scenario in place of this one`,
		Example: `  simulate sweep hold-timer
  simulate sweep active-passive -m hold=30s,60s,180s 'nvas[nva2].prepend=0,2' --seeds 100
  simulate sweep active-passive -m 'hold=interval(9s,180s)' --sampling latin-hypercube --samples 50
  simulate sweep active-passive -m hold=30s,180s --plan
  simulate sweep hold-timer --resume
  simulate sweep show runs/hold-timer/sweep`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.cluster.notEmpty(c); err != nil {
				return err
			}
			arg, err := f.words(args)
			if err != nil {
				return err
			}
			if !c.Flags().Changed("bus") {
				f.bus = "memory" // the same result, several times as fast
			}
			return s.runSweep(c.Context(), arg, &f)
		},
	}
	c.Flags().StringArrayVarP(&f.axes, "matrix", "m", nil, "a parameter and its values: hold=30s,60s; more may follow")
	c.Flags().StringArrayVar(&f.set, "set", nil, "change a value of the file at all points: path=value; may be repeated")
	c.Flags().IntVar(&f.seeds, "seeds", 0, "runs of each point (default that of the file, or 40)")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "the first seed of each point; with --sampling also that of the points")
	c.Flags().StringVar(&f.sampling, "sampling", "", "which points: grid, random, latin-hypercube or halton (default that of the file, or grid)")
	c.Flags().IntVar(&f.samples, "samples", 0, "how many points, unless it is a grid")
	c.Flags().StringVar(&f.drill, "drill", "", "play this drill of the scenario in place of its faults")
	c.Flags().StringVar(&f.keep, "tables", "all", "which tables of the runs to write, beside runs, summary and sensitivity: all, none, or some of "+strings.Join(arrowfile.TableNames(), ","))
	c.Flags().StringVar(&f.measure, "measure", "", "which measure to show (default outage.two-way, or control without traffic)")
	c.Flags().IntVar(&f.workers, "workers", 0, "runs made at once on this machine (default one a core; with --nats none)")
	c.Flags().StringVar(&f.out, "out", "", "sweep folder (default runs/<scenario>/sweep)")
	c.Flags().BoolVar(&f.resume, "resume", false, "go on with what is there of this sweep")
	c.Flags().BoolVar(&f.plan, "plan", false, "print what would be run, and how long that would take; keep nothing")
	c.Flags().BoolVar(&f.force, "force", false, "begin anew where something is in the folder")
	c.Flags().StringVar(&f.bus, "bus", "memory", "how messages of a run travel: memory, or embedded (a NATS server in this process)")
	c.Flags().DurationVar(&f.busTimeout, "bus-timeout", 30*time.Second, "wall time after which a message counts as lost by the bus")
	f.cluster.flags(c)
	c.AddCommand(newSweepShow(s))
	return c
}

// words tells the scenario from the axes among the arguments: those have an equals
// sign.
func (f *sweepFlags) words(args []string) (arg string, err error) {
	for _, a := range args {
		switch _, missing := os.Stat(a); {
		case strings.Contains(a, "=") && missing != nil:
			f.axes = append(f.axes, a)
		case arg != "":
			return "", usage("%s and %s: a sweep is of one scenario; -m design=%s,%s compares two", arg, a, arg, a)
		default:
			arg = a
		}
	}
	if arg == "" {
		return "", usage("which scenario? simulate sweep NAME -m %s; 'simulate list' shows all", cmp.Or(strings.Join(f.axes, " "), "hold=30s,60s"))
	}
	return arg, nil
}

// checkSweep refuses flags before anything is touched.
func (f *sweepFlags) checkSweep() (err error) {
	if err := f.check(); err != nil {
		return err
	}
	if f.tables, err = arrowfile.ParseTables(f.keep); err != nil {
		return usage("--tables %s: %v", f.keep, err)
	}
	switch {
	case f.seeds < 0 || f.seeds > mostSeeds:
		return usage("--seeds %d: it is how many runs to make of each point, from 1 to %d", f.seeds, mostSeeds)
	case f.seed > math.MaxInt64-mostSeeds:
		return usage("--seed %d: it is at most %d", f.seed, math.MaxInt64-mostSeeds)
	case f.samples < 0:
		return usage("--samples %d: it is how many points to take", f.samples)
	case f.workers < 0:
		return usage("--workers %d: it is how many runs are made at once", f.workers)
	case f.plan && f.resume:
		return usage("--plan with --resume: one only tells, the other goes on; take one of them")
	}
	return f.cluster.check()
}

// sweep is a sweep that is being made.
type sweep struct {
	campaign *campaign
	*totals
	manifest *manifest
	plan     *scenarios.Plan
	flags    *sweepFlags
	folder   *sweepFolder
	workers  int
	results  sweepResults
	began    time.Time
	took     time.Duration
}

// runSweep makes a sweep, or goes on with it, writes its folder and shows it.
func (s *shell) runSweep(ctx context.Context, arg string, f *sweepFlags) error {
	if err := f.checkSweep(); err != nil {
		return err
	}
	p := s.newProgress().start()
	defer p.end()
	w, err := s.planSweep(ctx, p, arg, f)
	if err != nil {
		return err
	}
	if f.plan {
		return s.tellPlan(ctx, p, w)
	}
	if len(w.invalid) > 0 && !s.quiet {
		fmt.Fprintf(s.err, "%s\nthe other %d of %d points are run\n", w.invalidText(), w.campaign.points-len(w.invalid), w.campaign.points)
	}
	path := w.path()
	if w.folder, err = openSweepFolder(path, f.out != "", f, w.manifest); err != nil {
		return err
	}
	if w.folder == nil {
		p.end()
		if !s.quiet {
			fmt.Fprintf(s.err, "%s: all %s are there\n", path, runsText(w.campaign.runs()))
		}
		return s.showSweep(path, f.measure)
	}
	defer w.folder.unlock()
	defer p.onInterrupt(ctx, func() string {
		return "interrupted: the runs that are done stay in " + path + "; --resume goes on; another Ctrl-C kills"
	})()
	ended := w.run(ctx, p)
	if exitCode(ended) == exitUsage {
		return errors.Join(ended, w.folder.forget())
	}
	if ended != nil && !errors.Is(ended, context.Canceled) {
		return w.stopped(path, ended)
	}
	if ended != nil && w.made == 0 {
		p.end()
		return &exitError{exitInterrupted, fmt.Errorf("interrupted before any of %s was there: what %s holds stays as it is; --resume goes on", runsText(w.campaign.runs()), path)}
	}
	p.enter("writing")
	if err := w.write(ended != nil); err != nil {
		return w.stopped(path, err)
	}
	p.end()
	if w.made > 0 {
		if err := s.showSweep(path, f.measure); err != nil {
			return err
		}
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "%s in %v (%s bus, %s); written to %s\n", runsText(w.made), p.took().Round(time.Millisecond), f.bus, w.how(), path)
	}
	return w.verdict(path, ended)
}

// how says by whom the runs were made.
func (w *sweep) how() string {
	if w.flags.cluster.used() {
		return "over NATS"
	}
	return fmt.Sprintf("%d at once", w.workers)
}

// stopped says of an error in the middle what is left of the sweep.
func (w *sweep) stopped(path string, err error) error {
	held, reading := w.folder.parts.held()
	if reading != nil {
		return err
	}
	return &exitError{exitInternal, fmt.Errorf("%w\n%s keeps %d of %d blocks of %d runs; when that is mended, --resume goes on", err, path, len(held), w.campaign.blocks(), w.campaign.size)}
}

// planSweep reads what is to be swept.
func (s *shell) planSweep(ctx context.Context, p *progress, arg string, f *sweepFlags) (*sweep, error) {
	file, text, err := readScenario(arg)
	if err != nil {
		return nil, err
	}
	m := newManifest(file, text, f)
	plan, warnings, err := m.plan(m.noting(filesBeside(arg, file)))
	if !s.quiet {
		for _, w := range warnings {
			fmt.Fprintln(s.err, w)
		}
	}
	if err != nil {
		return nil, err
	}
	m.Seeds = plan.Seeds
	c, err := m.campaign(plan, f.runFlags)
	if err != nil {
		return nil, err
	}
	w := &sweep{campaign: c, totals: newTotals(), manifest: m, plan: plan, flags: f, workers: f.workers}
	if w.workers == 0 {
		w.workers = runtime.GOMAXPROCS(0)
	}
	return w, w.checkPoints(ctx, p)
}

// checkPoints loads each point once: a mistake in one is known before hours have gone
// by, and so is each file that one names.
func (w *sweep) checkPoints(ctx context.Context, p *progress) error {
	var bad []invalidPoint
	done := 0
	p.follow(func(since time.Duration) string {
		return fmt.Sprintf("checking: %d of %d points after %v", done, w.campaign.points, since.Round(time.Second))
	})
	check := func(_ context.Context, point int) (*invalidPoint, error) {
		if _, _, err := w.campaign.loaded.get(point, w.campaign.scenario); err != nil {
			return &invalidPoint{point, err.Error()}, nil
		}
		return nil, nil
	}
	err := inOrder(ctx, w.campaign.points, w.workers, check, func(one *invalidPoint) error {
		if done++; one != nil {
			bad = append(bad, *one)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(bad) == w.campaign.points:
		return usage("no point of the plan can be run; the first, %s:\n%s", w.named(bad[0].Point), bad[0].Error)
	}
	w.invalid = bad
	return nil
}

// named gives the parameters of a point.
func (w *sweep) named(point int) string {
	return cmp.Or(strings.Join(w.plan.Set(point)[len(w.flags.set):], " "), "as the file has it")
}

// path gives the folder.
func (w *sweep) path() string {
	f := w.flags
	switch {
	case f.out != "":
		return f.out
	case f.drill != "":
		return filepath.Join("runs", w.plan.Name+"+"+f.drill, "sweep")
	}
	return filepath.Join("runs", w.plan.Name, "sweep")
}

// run makes the runs that are not there, a kernel a core, and adds all up in their
// order.
func (w *sweep) run(ctx context.Context, p *progress) error {
	defer carryBallast()()
	w.began = time.Now()
	source, done, err := w.source(ctx, p)
	if err != nil {
		return err
	}
	defer done()
	w.results.of = w
	w.totals.close, w.totals.study = w.results.point, w.study()
	ended := inOrder(ctx, w.campaign.blocks(), w.atOnce(), source, w.take)
	if err := w.end(); err != nil {
		return err
	}
	w.took = time.Since(w.began)
	return ended
}

// atOnce gives how many blocks are made, or waited for, at once.
func (w *sweep) atOnce() int {
	if w.flags.cluster.used() {
		return blocksAwaited
	}
	return w.workers
}

// blocksAwaited is how many blocks are waited for that are made elsewhere: those are
// done in any order.
const blocksAwaited = 64

// verdict turns how the runs ended into an error with its exit code.
func (w *sweep) verdict(path string, ended error) error {
	switch {
	case ended != nil:
		return &exitError{exitInterrupted, fmt.Errorf("interrupted after %d of %s: %s keeps them, marked partial; --resume goes on", w.made, runsText(w.campaign.runs()), path)}
	case w.failing.runs > 0:
		return &exitError{exitInternal, fmt.Errorf("%s failed; the first, seed %d: %s", w.ofAll(w.failing), w.failing.seed, w.failing.words)}
	case len(w.invalid) > 0:
		return &exitError{exitUsage, fmt.Errorf("%d of %d points could not be run, see above: %s", len(w.invalid), w.campaign.points, w.invalidNames())}
	case w.unmet.runs > 0:
		return &exitError{exitCheck, fmt.Errorf("%s: %s", w.ofAll(w.unmet), w.unmet.words)}
	case w.bounded.runs > 0:
		return &exitError{exitUnconverged, fmt.Errorf("%s were cut short: %s", w.ofAll(w.bounded), w.bounded.words)}
	case w.restive.runs > 0:
		return &exitError{exitUnconverged, fmt.Errorf("%s did not converge within the horizon: %s", w.ofAll(w.restive), w.restive.words)}
	}
	return nil
}
