package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"dualhome/scenarios"
)

// design is a column of a comparison: a scenario, or a folder with runs of one.
type design struct {
	name     string // the heading
	arg      string
	scenario *scenarios.Scenario // as it stands in its file, or in the folder
	folder   *heldRuns           // nil: it is run
	seeds    []uint64
	trials   []*trial
}

// designs reads what the arguments name, and settles what is run with which seeds.
func (s *shell) designs(ctx context.Context, p *progress, args []string, f *compareFlags) (*contrast, error) {
	c := &contrast{flags: f}
	for _, arg := range args {
		d, err := s.design(ctx, p, arg, f)
		if err != nil {
			return nil, err
		}
		c.designs = append(c.designs, d)
	}
	nameApart(c.designs)
	if err := c.settleSeeds(); err != nil {
		return nil, err
	}
	return c, c.settleTrials()
}

// design reads one: what exists as a path is that.
func (s *shell) design(ctx context.Context, p *progress, arg string, f *compareFlags) (*design, error) {
	info, err := os.Stat(arg)
	if err == nil && info.IsDir() {
		held, err := openRuns(arg)
		if err != nil {
			return nil, err
		}
		return &design{name: filepath.Base(filepath.Clean(arg)), arg: arg, scenario: held.scenario, folder: held, seeds: held.seeds}, nil
	}
	path := arg
	if _, unknown := scenarios.Find(arg); err == nil && unknown == nil {
		path = "." + string(filepath.Separator) + arg // not the one of the library
	}
	scenario, err := s.loadUnlessStopped(ctx, p, path, f.set)
	if err != nil {
		return nil, err
	}
	return &design{name: scenario.Name, arg: arg, scenario: scenario}, nil
}

// nameApart gives designs that have one name the words by which they were named.
func nameApart(all []*design) {
	same := func(name string) (n int) {
		for _, d := range all {
			if d.name == name {
				n++
			}
		}
		return n
	}
	var twice []*design
	for _, d := range all {
		if same(d.name) > 1 || d.folder != nil {
			twice = append(twice, d)
		}
	}
	for _, d := range twice {
		d.name = filepath.ToSlash(filepath.Clean(d.arg))
	}
}

// settleSeeds finds out with which seeds all are compared: those of the folders, or
// those that were asked for.
func (c *contrast) settleSeeds() error {
	var first *design // with a folder
	for _, d := range c.designs {
		switch {
		case d.folder == nil:
		case c.flags.seeded:
			return usage("%s has its own seeds: leave --seed and --seeds out", d.arg)
		case len(c.flags.set) > 0:
			return usage("--set %s: %s has been run already; leave --set out, or name %s to run it anew", c.flags.set[0], d.arg, filepath.Join(d.arg, "scenario.yaml"))
		case first == nil:
			first = d
		case first.folder.sweep != d.folder.sweep:
			return usage("%s holds %s, %s %s: compare runs with runs, and sweeps with sweeps", first.arg, first.folder.kind(), d.arg, d.folder.kind())
		case d.folder.sweep && !slices.Equal(first.seeds, d.seeds):
			return usage("%s has the seeds %s, %s the seeds %s: runs are compared that have the same", first.arg, seedsText(first.seeds), d.arg, seedsText(d.seeds))
		}
	}
	seeds := make([]uint64, 0, c.flags.seeds)
	for i := range c.flags.seeds {
		seeds = append(seeds, c.flags.seed+uint64(i))
	}
	if first != nil {
		seeds = first.seeds
	}
	for _, d := range c.designs {
		if d.folder == nil {
			d.seeds = seeds
		}
	}
	return nil
}

// seedsText writes seeds.
func seedsText(seeds []uint64) string {
	switch n := len(seeds); {
	case n == 0:
		return "none"
	case n == 1:
		return fmt.Sprint(seeds[0])
	default:
		return fmt.Sprintf("%d to %d", seeds[0], seeds[n-1])
	}
}

// settleTrials finds out what is played: all drills that the first design and another
// one have; or, where one has none, the faults.
func (c *contrast) settleTrials() error {
	drills, err := c.sharedDrills()
	if err != nil {
		return err
	}
	c.drilled = len(drills) > 0
	for _, d := range c.designs {
		if err := d.settle(drills, c.drillOfFolders()); err != nil {
			return err
		}
	}
	return nil
}

// settle makes the trials of a design.
func (d *design) settle(drills []string, ofFolder string) error {
	switch {
	case d.folder == nil && len(drills) == 0 && d.scenario.HasDrill(ofFolder):
		drills = []string{ofFolder}
	case d.folder != nil || len(drills) == 0:
		d.trials = []*trial{newTrial(d.scenario, "")}
		return nil
	}
	for _, name := range drills {
		if !d.scenario.HasDrill(name) {
			continue
		}
		played, err := d.scenario.Drill(name)
		if err != nil {
			return usage("%v", err)
		}
		d.trials = append(d.trials, newTrial(played, name))
	}
	return nil
}

// sharedDrills gives the drills that the first design shares with another one, in its
// order; none, where a design is a folder or has no drills.
func (c *contrast) sharedDrills() (shared []string, err error) {
	for _, d := range c.designs {
		if d.folder != nil || len(d.scenario.Drills) == 0 {
			return nil, nil
		}
	}
	for _, f := range c.designs[0].scenario.Drills {
		with := func(d *design) bool { return d.scenario.HasDrill(f.Name) }
		if slices.ContainsFunc(c.designs[1:], with) {
			shared = append(shared, f.Name)
		}
		for _, d := range c.designs[1:] {
			if !with(d) {
				c.skip(d.name + " has no drill " + f.Name)
			}
		}
	}
	if len(shared) == 0 {
		return nil, usage("no drill of %s is one of the others: drills are compared that have the same name", c.designs[0].arg)
	}
	return shared, nil
}

// drillOfFolders gives the one fault of the first folder, which may be a drill of the
// scenarios beside it.
func (c *contrast) drillOfFolders() string {
	for _, d := range c.designs {
		if d.folder != nil && len(d.scenario.Faults) == 1 {
			return d.scenario.Faults[0].Name
		}
	}
	return ""
}
