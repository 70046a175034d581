package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"dualhome/scenarios"
)

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
			fmt.Fprintf(s.err, "%s: this sweep is finished\n", path)
		}
		return cmp.Or(s.showSweep(path, f.measure), ended(path))
	}
	defer w.folder.unlock()
	defer carryBallast()()
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
	return w.verdict(path, ended != nil)
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
	var done atomic.Int64
	p.follow(func(since time.Duration) string {
		return fmt.Sprintf("checking: %d of %d points after %v", done.Load(), w.campaign.points, since.Round(time.Second))
	})
	check := func(_ context.Context, point int) (*invalidPoint, error) {
		if _, _, err := w.campaign.loaded.get(point, w.campaign.scenario); err != nil {
			return &invalidPoint{point, err.Error()}, nil
		}
		return nil, nil
	}
	err := inOrder(ctx, w.campaign.points, w.workers, check, func(one *invalidPoint) error {
		if done.Add(1); one != nil {
			bad = append(bad, *one)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(bad) == w.campaign.points:
		return usage("no point of the plan can be run; the first, %s:\n%s", w.plan.Describe(bad[0].Point), bad[0].Error)
	}
	w.invalid = bad
	return nil
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
func (w *sweep) verdict(path string, interrupted bool) error {
	switch {
	case interrupted:
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
