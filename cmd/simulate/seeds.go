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

	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// mostSeeds bounds the runs of one command.
const mostSeeds = 1_000_000

// replications is many runs of one scenario that differ by their seeds alone:
// seed, seed + 1 and so on.
type replications struct {
	scenario *scenarios.Scenario
	flags    runFlags
	arg      string // as the scenario was named
	workers  int
	until    *untilCI // nil: as many runs as were asked for
	campaign *campaign
	*totals
	began   time.Time
	took    time.Duration
	partial bool
}

// checkSeeds refuses what --seeds cannot be.
func (f *runFlags) checkSeeds() error {
	switch {
	case f.seeds < 1:
		return usage("--seeds %d: it is how many runs to make, 1 or more", f.seeds)
	case f.seeds > mostSeeds:
		return usage("--seeds %d: it is at most %d", f.seeds, mostSeeds)
	case f.seed > math.MaxInt64-uint64(f.seeds):
		return usage("--seed %d with --seeds %d: the last seed would be more than %d", f.seed, f.seeds, int64(math.MaxInt64))
	}
	return nil
}

// runSeeds runs a scenario with many seeds: outcome classes and statistics. Its
// folder is a sweep with one point. An interrupted one holds the runs until then.
func (s *shell) runSeeds(ctx context.Context, arg string, f *runFlags) error {
	if err := cmp.Or(f.check(), f.checkUntilCI(), f.checkSeeds()); err != nil {
		return err
	}
	p := s.newProgress().start()
	defer p.end()
	scenario, err := s.loadToPlay(ctx, p, arg, f)
	if err != nil {
		return err
	}
	until, err := newUntilCI(f, scenario)
	if err != nil {
		return err
	}
	path := f.folder(scenario, f.folderOfMany())
	folder, err := openFolder(path, f.out != "", f.force)
	if err != nil {
		return err
	}
	defer folder.discard()
	partial := folder.partialPath(path)
	defer p.onInterrupt(ctx, func() string {
		return "interrupted: the runs that are done go to " + partial + ", marked partial, unless all are done; another Ctrl-C kills"
	})()
	r := &replications{scenario: scenario, flags: *f, arg: arg, workers: runtime.GOMAXPROCS(0), until: until, totals: newTotals()}
	ended := r.run(ctx, folder.temp, p.runs(f.seeds, until != nil))
	if ended != nil && !r.partial {
		return ended
	}
	place := folder.commit
	if r.partial {
		place, path = folder.commitPartial, partial
	}
	if err := place(); err != nil {
		return err
	}
	p.end()
	if err := s.printSeeds(r); err != nil {
		return err
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "%s in %v (%s bus, %d at once); written to %s\n", runsText(r.runs), p.took().Round(time.Millisecond), f.bus, r.workers, path)
	}
	return r.verdict(path)
}

// run makes the runs, a kernel per core, and writes the files of the sweep into a
// folder. told hears how many runs are done.
func (r *replications) run(ctx context.Context, dir string, told func(int)) (err error) {
	if r.flags.text, err = r.scenario.Marshal(); err != nil {
		return err
	}
	store := partStore{filepath.Join(dir, partsName)}
	if err := os.Mkdir(store.dir, 0o777); err != nil {
		return err
	}
	size := blockRuns(r.flags.seeds)
	if r.until != nil {
		size = 1 // there may be enough after any run
	}
	r.campaign = &campaign{
		points: 1, seeds: r.flags.seeds, size: size, first: r.flags.seed, flags: r.flags, keep: arrowfile.AllTables,
		scenario: func(int) (*scenarios.Scenario, []byte, error) { return r.scenario, r.flags.text, nil },
	}
	r.ensemble, r.point = newEnsemble(), 0 // there may be no run
	r.told = func() { told(r.made) }
	r.look = r.until.look
	defer carryBallast()()
	r.began = time.Now()
	err = inOrder(ctx, r.campaign.blocks(), r.workers, r.campaign.into(store), r.take)
	if errors.Is(err, errEnough) {
		err = nil
		told(r.flags.seeds) // the others need not be made
	}
	r.took = time.Since(r.began)
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	r.until.end(r.ensemble, err != nil)
	if writing := r.write(store, dir, err != nil); writing != nil {
		return writing
	}
	r.partial = err != nil
	return errors.Join(err, os.RemoveAll(store.dir))
}

// folderOfMany names the folder of many runs: after how many there are, or after
// the rule that says when there are enough.
func (f *runFlags) folderOfMany() string {
	if f.untilCI != "" {
		return "until-ci-" + strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(f.untilCI), "%"))
	}
	return fmt.Sprintf("seeds-%d", f.seeds)
}

// verdict turns how the runs ended into an error with its exit code.
func (r *replications) verdict(path string) error {
	if r.partial {
		return &exitError{exitInterrupted, fmt.Errorf("interrupted after %d of %s: %s holds these, marked partial", r.runs, runsText(r.flags.seeds), path)}
	}
	var failing []error
	for i, t := range r.rules {
		if t.runs > 0 {
			failing = append(failing, fmt.Errorf("expected %s %s: %s; in the first measured %s: %s",
				r.scenario.Expect[i].Measure, r.scenario.Expect[i].Rule, r.of(t), t.words, r.command(t.seed)))
		}
	}
	switch {
	case r.failing.runs > 0:
		return &exitError{exitInternal, fmt.Errorf("%s failed: %s: %s", r.of(r.failing), r.failing.words, r.command(r.failing.seed))}
	case len(failing) > 0:
		return &exitError{exitCheck, errors.Join(failing...)}
	case r.cutShort.runs > 0:
		return &exitError{exitUnconverged, fmt.Errorf("%s: %s: %s", r.of(r.cutShort), r.cutShort.words, r.command(r.cutShort.seed))}
	case r.unconverged.runs > 0 && !expectsUnrest(r.scenario):
		return &exitError{exitUnconverged, fmt.Errorf("%s did not converge within the horizon; the first: %s", r.of(r.unconverged), r.command(r.unconverged.seed))}
	}
	return nil
}

// of says in how many runs something is so.
func (r *replications) of(t tally) string { return fmt.Sprintf("%d of %s", t.runs, runsText(r.runs)) }
