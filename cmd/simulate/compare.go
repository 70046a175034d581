package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// compareFlags are the flags of the command compare.
type compareFlags struct {
	runFlags
	seeded    bool   // --seed or --seeds were given
	tolerance string // empty: nothing is judged
	allowed   tolerance
}

func newCompare(s *shell) *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare A B [C...]",
		Short: "Set designs side by side: who loses what for how long",
		Long: `Compares scenarios, run folders or sweep folders; all others with the first. What
exists as a path is that, and not the scenario of the library of that name.

Scenarios are run: with the same seeds, and each with its own drill at a time, the
drills of one name side by side; where a scenario has no drills, with their faults.
The draws of two runs with one seed are the same for what both designs have, so that
luck cancels from the difference. Folders are measured again from events.arrow, and
paired by seed. A scenario beside a folder is run with the seeds of the folder, and
plays its faults, or the drill that the folder is of.

A figure is for a fault with its repair. It is the mean over the runs, with half of
its 95 % interval (Student's t) after ±. The difference is that of the runs with the
same seed, less the first design.

With --tolerance it exits with 3 where a design is worse than the first: where it
loses for longer, or more in seconds of full outage, by more than the tolerance, and
the interval of the difference lies above zero (of one run each there is none: the
difference decides); or where what it loses is not restored in more of its runs.`,
		Example: `  simulate compare active-active active-passive single-hub
  simulate compare active-passive mine.yaml --seeds 200 --tolerance 5%
  simulate compare runs/active-passive/1 runs/active-active/1
  simulate compare runs/active-passive/seeds-200 runs/active-active/seeds-200 -o json`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := notEmpty(c, "tolerance", whatTolerance); err != nil {
				return err
			}
			f.seeded = c.Flags().Changed("seeds") || c.Flags().Changed("seed")
			return s.compare(c.Context(), args, &f)
		},
	}
	c.Flags().Uint64Var(&f.seed, "seed", 1, "the first seed of all random draws")
	c.Flags().IntVar(&f.seeds, "seeds", 40, "run each scenario, and each of its drills, with so many seeds")
	c.Flags().StringArrayVar(&f.set, "set", nil, "change a value of each scenario: path=value; may be repeated")
	c.Flags().StringVar(&f.tolerance, "tolerance", "", "by how much others may be worse than the first: 5% or 2s; else exit with 3")
	return c
}

// compare compares designs and prints how they differ.
func (s *shell) compare(ctx context.Context, args []string, f *compareFlags) (err error) {
	if err := f.checkSeeds(); err != nil {
		return err
	}
	if f.allowed, err = parseTolerance(f.tolerance); err != nil {
		return err
	}
	p := s.newProgress().start()
	defer p.end()
	defer p.onInterrupt(ctx, func() string { return "interrupted: stopping; nothing is written; another Ctrl-C kills" })()
	c, err := s.designs(ctx, p, args, f)
	if err != nil {
		return err
	}
	if err := c.fill(ctx, p); err != nil {
		return err
	}
	if err := c.match(); err != nil {
		return err
	}
	p.end()
	worse := c.judge(f.allowed)
	if err := s.printComparison(c, worse); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "%s in %v\n", runsText(c.runs()), p.took().Round(time.Millisecond))
	}
	if len(worse) > 0 {
		return &exitError{exitCheck, errors.New(strings.Join(worse, "\n"))}
	}
	return nil
}

// contrast is designs side by side. The first is what the others are compared with.
type contrast struct {
	flags    *compareFlags
	designs  []*design
	drilled  bool // each fault in runs of its own
	episodes []episode
	skipped  []string // what only some designs have, in words
}

// mostCompared bounds the runs that are kept: about 2 kB each.
const mostCompared = 200_000

// fill plays the scenarios, each piece of work being a run, and reads the folders.
func (c *contrast) fill(ctx context.Context, p *progress) error {
	var pieces []piece
	for _, d := range c.designs {
		for _, t := range d.trials {
			if d.folder != nil {
				p.enter("reading " + d.arg)
				if err := d.folder.read(ctx, t); err != nil {
					return err
				}
				continue
			}
			for i := range d.seeds {
				pieces = append(pieces, piece{t, d.seeds[i]})
			}
		}
	}
	if len(pieces) > mostCompared {
		return usage("--seeds %d: that makes %d runs, of each design and drill; %d are the limit", c.flags.seeds, len(pieces), mostCompared)
	}
	defer carryBallast()()
	told := p.runs(len(pieces), false)
	done := 0
	return inOrder(ctx, len(pieces), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) (*trialRun, error) {
		return pieces[i].play(ctx)
	}, func(r *trialRun) error {
		err := pieces[done].trial.add(r)
		done++
		told(done)
		return err
	})
}

// runs counts the runs of all designs.
func (c *contrast) runs() (n int) {
	for _, d := range c.designs {
		for _, t := range d.trials {
			n += t.Runs()
		}
	}
	return n
}
