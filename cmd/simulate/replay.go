package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
)

func newReplay(s *shell) *cobra.Command {
	var verify bool
	var q tableQuery
	c := &cobra.Command{
		Use:   "replay RUN",
		Short: "Rebuild a run from its log: verify it, or print its tables at a time",
		Long: `Rebuilds every actor and every table of a run folder from events.arrow alone.

With --verify it compares them with the digest and the tables in the folder. Else
it prints the tables of the actors as they stood at a time: what was learned and
advertised, the best routes, the forwarding table, the effective routes of NICs.

With -o json --azure, the tables of one Route Server, gateway or NIC come in the
shape in which the Azure CLI prints them, so that one script reads both:
list-learned-routes, list-advertised-routes, show-effective-route-table.`,
		Example: "  simulate replay runs/active-passive/1 --verify\n  simulate replay runs/active-passive/1 --at 480s --actor spoke-vms-0\n" +
			"  simulate replay runs/active-passive/1 --actor rs0 -o json --azure --table learned --peer nva1",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if verify && (q != tableQuery{at: q.at} || c.Flags().Changed("at")) {
				return usage("--verify looks at the whole run: leave out what selects tables")
			}
			if verify {
				return s.verify(c.Context(), args[0])
			}
			return s.tablesAt(c.Context(), args[0], q)
		},
	}
	c.Flags().BoolVar(&verify, "verify", false, "compare what is rebuilt with what the folder holds")
	c.Flags().StringVar(&q.at, "at", "end", "a time since the start of the run (480s), or end")
	c.Flags().StringVar(&q.actor, "actor", "", "only this actor; rs0 stands for both instances")
	c.Flags().StringVar(&q.table, "table", "", "only this table: learned, advertised, effective or entries")
	c.Flags().StringVar(&q.peer, "peer", "", "only what was learned from this peer, or advertised to it")
	c.Flags().BoolVar(&q.azure, "azure", false, "with -o json: in the shape of the Azure CLI")
	return c
}

// replayed is a run rebuilt from its log.
type replayed struct {
	log     eventlog.Memory
	started events.RunStarted
	last    events.Time // when its last line was written
	network *scenarios.Network
	kernel  *sim.Kernel
	of      *scenarios.Scenario
}

// rebuild folds the lines of a run folder, up to a time, into fresh actors.
func rebuild(ctx context.Context, dir string, until events.Time) (*replayed, error) {
	r := &replayed{}
	for l, err := range arrowfile.ReadEvents(filepath.Join(dir, "events.arrow")) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if l.At > until {
			break
		}
		if r.kernel == nil {
			if r.kernel, err = r.begin(l); err != nil {
				return nil, err
			}
		}
		if err := r.kernel.Fold(l); err != nil {
			return nil, err
		}
		r.last = l.At
		if err := r.log.Append(ctx, []events.Line{l}); err != nil {
			return nil, err
		}
	}
	if r.kernel == nil {
		return nil, errors.New("events.arrow: it holds no line")
	}
	return r, nil
}

// read reads the scenario of which the first line of a log tells.
func (r *replayed) read(first events.Line) (err error) {
	started, ok := first.Event.(events.RunStarted)
	if !ok {
		return fmt.Errorf("events.arrow: it begins with %v, not with the start of a run", first.Event)
	}
	r.started = started
	r.of, _, err = scenarios.Load("the scenario in events.arrow", []byte(started.Text))
	return err
}

// begin builds the network that the first line of a log tells of.
func (r *replayed) begin(first events.Line) (_ *sim.Kernel, err error) {
	if err := r.read(first); err != nil {
		return nil, err
	}
	started := r.started
	r.network, err = scenarios.Build(r.of, scenarios.Options{Seed: started.Seed, Version: started.Version, Ties: started.Ties})
	if err != nil {
		return nil, err
	}
	return sim.New(r.network.Config, &eventlog.Memory{}, &eventlog.MemoryBus{}), nil
}

// isFolder refuses what is no run folder.
func isFolder(dir string) error {
	_, err := os.Stat(filepath.Join(dir, "run.json"))
	if isMissing(err) && isOf(dir, "sweep.json") {
		return usage("%s: it holds the tables of many runs, and is not replayed: make one of them alone with --seed", dir)
	}
	if isMissing(err) && isOf(dir, "traffic.json") {
		return usage("%s: it holds traffic that was recomputed: name the folder of the run", dir)
	}
	if isMissing(err) {
		return usage("%s: it is no run folder: it holds no run.json", dir)
	}
	return err
}

// verify rebuilds a run and compares it with its folder.
func (s *shell) verify(ctx context.Context, dir string) error {
	if err := isFolder(dir); err != nil {
		return err
	}
	began := time.Now()
	differ, lines, err := s.differences(ctx, dir)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return failed("%s: %v", dir, err)
	case len(differ) > 0:
		return failed("%s: what is rebuilt from events.arrow differs:\n  %s", dir, joinLines(differ))
	}
	if !s.quiet {
		fmt.Fprintf(s.err, "verified in %v\n", time.Since(began).Round(time.Millisecond))
	}
	return s.answer(fmt.Sprintf("%s: %d lines, digest and all tables are the same", dir, lines),
		table{name: "verified", head: []string{"run", "lines"}, rows: [][]string{{dir, strconv.FormatUint(lines, 10)}}})
}

// differences tells what of a folder is not what its log says.
func (s *shell) differences(ctx context.Context, dir string) (differ []string, lines uint64, err error) {
	want, err := readRun(dir)
	if err != nil {
		return nil, 0, err
	}
	r, err := rebuild(ctx, dir, events.Time(1<<62))
	if err != nil {
		return nil, 0, err
	}
	measured, err := metrics.Measure(r.log.Lines(ctx, 1))
	if err != nil {
		return nil, 0, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "scenario.yaml"))
	if err != nil {
		return nil, 0, err
	}
	if string(text) != r.started.Text {
		differ = append(differ, "scenario.yaml")
	}
	differ = append(differ, differentRun(want, r, measured)...)
	meta := arrowfile.Meta{Scenario: r.started.Scenario, Seed: r.started.Seed, Digest: r.log.Digest()}
	tables, err := differentTables(dir, meta, measured)
	return append(append(differ, tables...), differentActors(r.network, measured)...), r.log.Len(), err
}
