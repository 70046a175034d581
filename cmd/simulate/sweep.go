package main

import (
	"cmp"
	"math"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dualhome/metrics/arrowfile"
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

	seedsGiven bool
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
			f.seedsGiven = c.Flags().Changed("seeds")
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
	f.register(c)
	c.AddCommand(newSweepShow(s))
	return c
}

// register adds the flags to the command.
func (f *sweepFlags) register(c *cobra.Command) {
	c.Flags().StringArrayVarP(&f.axes, "matrix", "m", nil, "a parameter and its values: hold=30s,60s; more may follow")
	c.Flags().StringArrayVar(&f.set, "set", nil, "change a value of the file at all points: path=value; may be repeated")
	c.Flags().IntVar(&f.seeds, "seeds", 0, "runs of each point (default that of the file, or 40)")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "the first seed of each point; with --sampling also that of the points")
	c.Flags().StringVar(&f.sampling, "sampling", "", "which points: grid, random, latin-hypercube or halton (default that of the file, or grid)")
	c.Flags().IntVar(&f.samples, "samples", 0, "how many points, unless it is a grid")
	c.Flags().StringVar(&f.drill, "drill", "", "play this drill of the scenario in place of its faults")
	c.Flags().StringVar(&f.keep, "tables", "all", "which tables of the runs to write, beside runs, summary and sensitivity: all, none, or some of "+strings.Join(arrowfile.TableNames(), ","))
	c.Flags().StringVar(&f.measure, "measure", "", "which measure to show (default outage.two-way, or control without traffic): "+strings.Join(measureNames(), ", "))
	c.Flags().IntVar(&f.workers, "workers", 0, "runs made at once on this machine (default one a core; with --nats none)")
	c.Flags().StringVar(&f.out, "out", "", "sweep folder (default runs/<scenario>/sweep)")
	c.Flags().BoolVar(&f.resume, "resume", false, "go on with what is there of this sweep")
	c.Flags().BoolVar(&f.plan, "plan", false, "print what would be run, and how long that would take; keep nothing")
	c.Flags().BoolVar(&f.force, "force", false, "begin anew where something is in the folder")
	c.Flags().StringVar(&f.bus, "bus", "memory", "how messages of a run travel: memory, or embedded (a NATS server in this process)")
	c.Flags().DurationVar(&f.busTimeout, "bus-timeout", 30*time.Second, "wall time after which a message counts as lost by the bus")
	f.cluster.flags(c)
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
	case f.resume && f.force:
		return usage("--resume with --force: one goes on with what is there, the other removes it; take one of them")
	case f.seeds < 0 || f.seeds > mostSeeds || f.seeds == 0 && f.seedsGiven:
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
