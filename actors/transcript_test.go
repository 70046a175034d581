package actors_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// TestTranscripts tells the stories of testdata, one a file:
//
//	scenario name=NAME seed=N     builds a scenario of the library; the lines
//	path=value …                  below change it, as simulate --set does
//	run until=TIME                runs it up to that time
//	lines from=TIME to=TIME actor=(A,…) role=(ROLE,…)
//	                              prints lines; faults and changes of everybody
//	                              where nothing else is said
//	tables actor=(A,…)            prints the tables as they stand now
//
// go test ./actors -run Transcripts -rewrite writes what happens now.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		if isRecording(path) {
			return
		}
		s := &stage{t: t}
		datadriven.RunTest(t, path, s.command)
	})
}

// isRecording tells whether a file is no story but a run of other programs.
func isRecording(path string) bool { return strings.HasSuffix(path, ".json") }

// stage is where a story is told.
type stage struct {
	t   *testing.T
	net *scenarios.Network
	log *simtest.Recorder
	k   *sim.Kernel
	now events.Time
}

func (s *stage) command(t *testing.T, d *datadriven.TestData) string {
	known := map[string][]string{"scenario": {"name", "seed"}, "run": {"until"}, "lines": {"from", "to", "actor", "role"}, "tables": {"actor"}}
	for _, a := range d.CmdArgs {
		if !slices.Contains(known[d.Cmd], a.Key) {
			d.Fatalf(t, "unknown argument %s of %s", a.Key, d.Cmd)
		}
	}
	switch d.Cmd {
	case "scenario":
		return s.scenario(d)
	case "run":
		s.now = s.time(d, "until", 0)
		if err := s.k.RunUntil(context.Background(), s.now); err != nil {
			return err.Error()
		}
		return ""
	case "lines":
		return s.lines(d)
	case "tables":
		return s.tables(list(d, "actor"))
	}
	d.Fatalf(t, "unknown command %s", d.Cmd)
	return ""
}

func (s *stage) scenario(d *datadriven.TestData) string {
	var name string
	seed := uint64(1)
	d.ScanArgs(s.t, "name", &name)
	d.MaybeScanArgs(s.t, "seed", &seed)
	e, err := scenarios.Find(name)
	if err != nil {
		return err.Error()
	}
	var set []string
	if d.Input != "" {
		set = strings.Split(strings.TrimSpace(d.Input), "\n")
	}
	scenario, _, err := scenarios.Load(name, e.Text, set...)
	if err != nil {
		return err.Error()
	}
	if s.net, err = scenarios.Build(scenario, scenarios.Options{Seed: seed}); err != nil {
		return err.Error()
	}
	s.log, s.now = &simtest.Recorder{}, 0
	s.k = sim.New(s.net.Config, s.log, &eventlog.MemoryBus{})
	return ""
}

// time reads an argument that is a time.
func (s *stage) time(d *datadriven.TestData, name string, otherwise events.Time) events.Time {
	var text string
	if !d.MaybeScanArgs(s.t, name, &text) {
		return otherwise
	}
	at, err := time.ParseDuration(text)
	if err != nil {
		d.Fatalf(s.t, "%s: %v", name, err)
	}
	return events.Time(at)
}

// list reads an argument that has any number of values.
func list(d *datadriven.TestData, name string) []string {
	a, _ := d.Arg(name)
	return a.Vals
}

func (s *stage) lines(d *datadriven.TestData) string {
	from, to := s.time(d, "from", 0), s.time(d, "to", s.now)
	actors, roles := list(d, "actor"), list(d, "role")
	if len(roles) == 0 {
		roles = []string{"fault", "change"}
	}
	return simtest.Transcript(simtest.Lineage(s.log.Written), s.log.Select(func(l events.Line) bool {
		return l.At >= from && l.At <= to && slices.Contains(roles, l.Role.String()) &&
			(len(actors) == 0 || slices.Contains(actors, string(l.Actor)))
	}))
}

// tables prints Loc-RIBs, FIBs and effective routes.
func (s *stage) tables(of []string) string {
	var b strings.Builder
	show := func(id events.ActorID, what string, table map[netip.Prefix][]netip.Addr) {
		if len(of) > 0 && !slices.Contains(of, string(id)) {
			return
		}
		for _, p := range events.SortedPrefixes(table) {
			fmt.Fprintf(&b, "%s %s %v -> %s\n", id, what, p, hops(table[p]))
		}
	}
	for _, r := range s.net.RouteServers {
		table := map[netip.Prefix][]netip.Addr{}
		for _, p := range r.Prefixes() {
			best, _ := r.Best(p)
			table[p] = best.NextHops
		}
		show(r.ID(), "loc-rib", table)
	}
	for _, r := range s.net.Routers {
		show(r.ID(), "fib", r.FIB())
	}
	for _, n := range s.net.NICs {
		show(n.ID(), "nic", n.Routes())
	}
	return b.String()
}

func hops(addrs []netip.Addr) string {
	s := make([]string, len(addrs))
	for i, a := range addrs {
		s[i] = a.String()
	}
	return strings.Join(s, "+")
}

// TestStoriesAreAllThere: every kind of fault has one.
func TestStoriesAreAllThere(t *testing.T) {
	for _, kind := range scenarios.FaultKinds() {
		found := false
		datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
			if isRecording(path) {
				return
			}
			datadriven.RunTest(t, path, func(_ *testing.T, d *datadriven.TestData) string {
				found = found || strings.Contains(d.Input, "kind: "+string(kind.Kind)+",")
				return d.Expected
			})
		})
		if !found {
			t.Errorf("no story of %s", kind.Kind)
		}
	}
}
