package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"dualhome/availability"
	"dualhome/scenarios"
)

// availabilityFlags are the flags of the command availability.
type availabilityFlags struct {
	seed    uint64
	untilCI string
	half    float64 // of untilCI
	budget  time.Duration
	maxRuns int
	set     []string
}

func newAvailability(s *shell) *cobra.Command {
	var f availabilityFlags
	c := &cobra.Command{
		Use:   "availability SCENARIO [SCENARIO...]",
		Short: "What the failures of a year cost: expected downtime, by design, failure and cause",
		Long: `Estimates how long traffic is not served in a year, from how often each thing breaks
and how long its repair takes: the failures: of a scenario. Each failure, and each pair
of failures that are there at once, is played many times and counted as often as it
happens; nobody waits for what is rare. Several scenarios are shown side by side, each
with runs of its own: their intervals are for each alone, not for how they differ.

Downtime is loss of service: packets lost in either direction. It is given as time with
any loss, and as full outage: the lost share of the flows times its time.`,
		Example: `  simulate availability active-passive
  simulate availability active-active active-passive single-hub
  simulate availability mine.yaml --until-ci 1% --set 'failures[node-death-nva1].repair_time=24h'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return s.runAvailability(c.Context(), args, &f) },
	}
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all random draws")
	c.Flags().StringVar(&f.untilCI, "until-ci", "5%", "stop when half of the 95 % interval of each class's full outage is at most so much of it")
	c.Flags().DurationVar(&f.budget, "budget", 0, "stop after so much time, shared by the scenarios, however wide the intervals are; 0s: no bound")
	c.Flags().IntVar(&f.maxRuns, "max-runs", 0, "stop before so many runs of a scenario, however wide the intervals are; 0: no bound")
	c.Flags().StringArrayVar(&f.set, "set", nil, "change a value of each file: path=value; may be repeated")
	return c
}

// check refuses flags before anything is touched.
func (f *availabilityFlags) check() error {
	half, ok := percentage(f.untilCI)
	f.half = half
	switch {
	case !ok || half < 0.0001 || half > 1:
		return usage("--until-ci %s: it is a percentage from 0.01%% to 100%%, like 5%%", f.untilCI)
	case f.budget < 0:
		return usage("--budget %v: it is more than 0s, or 0s for no bound", f.budget)
	case f.maxRuns < 0:
		return usage("--max-runs %d: it is more than 0, or 0 for no bound", f.maxRuns)
	}
	return nil
}

// runAvailability estimates one scenario after the other, and prints them side by side.
func (s *shell) runAvailability(ctx context.Context, args []string, f *availabilityFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	p := s.newProgress().start()
	defer p.end()
	designs := make([]*failing, len(args))
	for i, arg := range args {
		scenario, err := s.loadUnlessStopped(ctx, p, arg, f.set)
		if err != nil {
			return err
		}
		if err := canFail(arg, scenario); err != nil {
			return err
		}
		designs[i] = &failing{arg: arg, scenario: scenario}
	}
	began, runs := time.Now(), 0
	for i, d := range designs {
		share := (f.budget - time.Since(began)) / time.Duration(len(designs)-i)
		if err := d.estimateWithin(ctx, share, f, p); err != nil {
			return stopped(ctx, err)
		}
		runs += d.year.Runs
	}
	p.end()
	if err := s.printAvailability(designs, f); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "%s in %v, %d at once\n", runsText(runs), p.took().Round(10*time.Millisecond), runtime.GOMAXPROCS(0))
	}
	return achieved(designs, f)
}

// estimateWithin estimates a scenario in its share of --budget: what is left of that is
// divided equally among the scenarios that are not estimated yet.
func (d *failing) estimateWithin(ctx context.Context, share time.Duration, f *availabilityFlags, p *progress) error {
	if f.budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, share, errBudget)
		defer cancel()
	}
	return d.estimate(ctx, f, p)
}

// errBudget ends runs when the time of --budget is over.
var errBudget = errors.New("the time of --budget is over")

// stopped says that a Ctrl-C ended the estimate.
func stopped(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return &exitError{exitInterrupted, errors.New("interrupted: there is no estimate; --budget ends one with what there is until then")}
	}
	return err
}

// canFail refuses a scenario of which there is nothing to tell.
func canFail(arg string, s *scenarios.Scenario) error {
	switch {
	case len(s.Failures) == 0:
		return usage("%s: there are no failures: what can break, and how often; add a list like\n"+
			"failures:\n  - {kind: node-death, target: %s, mtbf: 8760h, repair_time: exponential(4h), source: \"our tickets of 2025\"}", arg, something(s))
	case len(s.Traffic) == 0:
		return usage("%s: there is no traffic: that could be lost", arg)
	}
	return nil
}

// something gives the name of something that can die.
func something(s *scenarios.Scenario) string {
	for _, n := range s.NVAs {
		return n.Name
	}
	for _, r := range s.Routers {
		return r.Name
	}
	return "nva1"
}

// achieved turns what was not achieved into an error with its exit code.
func achieved(designs []*failing, f *availabilityFlags) error {
	var short []error
	for _, d := range designs {
		if worst, class := d.widest(); worst > f.half {
			short = append(short, fmt.Errorf("%s: the interval of %s is ±%s, not ±%s, after %s: a bound came first",
				d.scenario.Name, class, percent(worst), percent(f.half), runsText(d.year.Runs)))
		}
	}
	if len(short) > 0 {
		return &exitError{exitUnconverged, errors.Join(short...)}
	}
	return nil
}

// failing is a scenario whose year is estimated.
type failing struct {
	arg      string
	scenario *scenarios.Scenario
	year     *availability.Result
	played
}

// widest gives the widest interval of full outage relative to it, and whose it is.
func (d *failing) widest() (relative float64, class string) {
	for _, t := range d.year.Totals {
		if t.What == availability.Equivalent && t.Year.Relative() > relative {
			relative, class = t.Year.Relative(), t.Class
		}
	}
	return relative, class
}

// estimate makes runs until the estimate is good enough, or a bound is met.
func (d *failing) estimate(ctx context.Context, f *availabilityFlags, p *progress) error {
	switch err := d.begin(ctx, d.scenario); {
	case errors.Is(context.Cause(ctx), errBudget):
		return d.tooFew(0)
	case err != nil:
		return err
	}
	plan := availability.Plan{Phase: d.scenario.Phase(), Seed: f.seed, HalfSize: 0.97 * f.half, MostRuns: f.maxRuns}
	for _, x := range d.scenario.Failures {
		plan.Failures = append(plan.Failures, availability.Failure{Name: x.Name, UpTime: x.UpTime, Repair: x.RepairTime})
	}
	e, err := availability.New(plan)
	if err != nil {
		return err
	}
	var runs atomic.Int64
	p.follow(func(since time.Duration) string {
		return fmt.Sprintf("%s: %s after %v", d.scenario.Name, runsText(int(runs.Load())), since.Round(time.Second))
	})
	for samples := e.Next(); len(samples) > 0 && err == nil; samples = e.Next() {
		err = d.makeAll(ctx, samples, func(s *availability.Sample, o *outcome) {
			e.Add(s, o.losses, o.settled)
			runs.Add(int64(len(o.losses)))
		})
	}
	if err != nil && !errors.Is(context.Cause(ctx), errBudget) {
		return err
	}
	result, enough := e.Result()
	if !enough {
		return d.tooFew(int(runs.Load()))
	}
	d.year = result
	return nil
}

// makeAll makes the runs of samples, on all cores, and hands over what they did in order.
func (d *failing) makeAll(ctx context.Context, samples []availability.Sample, take func(*availability.Sample, *outcome)) error {
	work := func(ctx context.Context, i int) (*outcome, error) { return d.makeOne(ctx, &samples[i]) }
	next := 0
	return inOrder(ctx, len(samples), runtime.GOMAXPROCS(0), work, func(o *outcome) error {
		take(&samples[next], o)
		d.count(o)
		next++
		return nil
	})
}

func (d *failing) tooFew(runs int) error {
	return &exitError{exitUnconverged, fmt.Errorf("%s: %s are too few for an estimate: more --budget or --max-runs is needed", d.scenario.Name, runsText(runs))}
}
