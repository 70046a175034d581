package main

import (
	buf "bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/sim"
)

// disagree writes the scenario of seeds.txtar into a file.
func disagree(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile("testdata/script/seeds.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := buf.Cut(script, []byte("-- disagree.yaml --\n"))
	file := filepath.Join(t.TempDir(), "disagree.yaml")
	if err := os.WriteFile(file, text, 0o666); err != nil || !found {
		t.Fatal(err)
	}
	return file
}

// seedsOf runs a scenario with many seeds, and gives what is printed as data.
func seedsOf(t *testing.T, code int, args ...string) seedsJSON {
	t.Helper()
	var out, err buf.Buffer
	if got := run(t.Context(), append([]string{"scenario", "-o", "json", "--quiet"}, args...), &out, &err); got != code {
		t.Fatalf("exit code %d\n%s", got, &err)
	}
	var j seedsJSON
	if err := json.Unmarshal(out.Bytes(), &j); err != nil {
		t.Fatal(err)
	}
	return j
}

// within tells whether what is stated is in the interval of an outcome.
func within(t *testing.T, what string, o outcomeJSON, stated float64) {
	t.Helper()
	if o.Low > stated || stated > o.High {
		t.Errorf("%s: %d runs, %v to %v, but %v is stated", what, o.Runs, o.Low, o.High, stated)
	}
}

// SPP-S, DISAGREE_random: with an MRAI that is drawn, each of the two stable states
// is reached with probability 1/2, and nothing else happens.
func TestDisagreeSplits(t *testing.T) {
	t.Parallel()
	r := seedsOf(t, exitFine, disagree(t), "--seeds", "200", "--out", t.TempDir())
	if len(r.Outcomes) != 2 || r.Converged != 200 || r.Outcomes[0].Runs+r.Outcomes[1].Runs != 200 {
		t.Fatalf("%+v", r.Outcomes)
	}
	for _, o := range r.Outcomes {
		within(t, "a state", o.outcomeJSON, 0.5)
	}
	paths := map[string][]string{} // of r1 and r2, by class
	path := regexp.MustCompile(`path (.*)$`)
	for _, d := range r.Differences {
		for i, route := range d.Routes {
			if d.Table == "loc-rib" {
				class := fmt.Sprint(i)
				paths[class] = append(paths[class], d.Actor+" "+path.FindStringSubmatch(*route)[1])
			}
		}
	}
	states := [][]string{paths["0"], paths["1"]}
	slices.SortFunc(states, slices.Compare)
	if want := [][]string{{"r1 64512", "r2 64513 64512"}, {"r1 64514 64512", "r2 64512"}}; !slices.EqualFunc(states, want, slices.Equal) {
		t.Errorf("the states are %v, not %v", states, want)
	}
}

// Without an MRAI it settles with probability 1/24, that |t1-t2| > d12 for delays
// that are uniform on 0.5 to 1.5 s; and each state is as likely.
func TestDisagreeSeldomSettles(t *testing.T) {
	t.Parallel()
	r := seedsOf(t, exitUnconverged, disagree(t), "--seeds", "200", "--out", t.TempDir(),
		"--set", "params.mrai=0s", "--set", "params.hold=30s", "--set", "horizon=1125s")
	if len(r.Outcomes) != 3 || r.Outcomes[0].Ending != string(metrics.EndsUnsettled) {
		t.Fatalf("%+v", r.Outcomes)
	}
	within(t, "no rest", r.Outcomes[0].outcomeJSON, 23./24)
	within(t, "a state", r.Outcomes[1].outcomeJSON, 1./48)
	within(t, "the other", r.Outcomes[2].outcomeJSON, 1./48)
}

// A run of many is the run that its seed makes alone, to the last line, and so is
// every row of its tables.
func TestRunOfManyIsTheRunAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	many := filepath.Join(dir, "many")
	seedsOf(t, exitFine, "active-active", "--seeds", "5", "--seed", "11", "--out", many)
	rows := readRows[metrics.Run](t, many, "runs")
	routes := readRows[arrowfile.InRun[metrics.Route]](t, many, "routes")
	lines := readRows[arrowfile.InRun[arrowfile.Line]](t, many, "events")
	outages := readRows[arrowfile.InRun[metrics.Outage]](t, many, "outages")
	for i, row := range rows {
		alone := filepath.Join(dir, fmt.Sprint(row.Seed))
		seed := fmt.Sprint(row.Seed)
		var out, err buf.Buffer
		if code := run(t.Context(), []string{"active-active", "--quiet", "--bus", "memory", "--seed", seed, "--out", alone}, &out, &err); code != exitFine {
			t.Fatal(&err)
		}
		held, wrong := readRun(alone)
		if wrong != nil || held.Digest != row.Digest || row.Run != int64(i) || row.Seed != int64(11+i) || row.Status != held.Status {
			t.Errorf("run %d: %+v\nalone: %+v %v", i, row, held, wrong)
		}
		compareRows(t, row.Run, routes, readRows[metrics.Route](t, alone, "routes"))
		compareRows(t, row.Run, lines, readRows[arrowfile.Line](t, alone, "events"))
		compareRows(t, row.Run, outages, readRows[metrics.Outage](t, alone, "outages"))
	}
	if len(rows) != 5 {
		t.Errorf("%d runs", len(rows))
	}
}

func readRows[T any](t *testing.T, dir, name string) []T {
	t.Helper()
	rows, _, err := arrowfile.Read[T](filepath.Join(dir, name+".arrow"), name)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func compareRows[T any](t *testing.T, run int64, many []arrowfile.InRun[T], alone []T) {
	t.Helper()
	var of []T
	for _, r := range many {
		if r.Run == run {
			of = append(of, r.Row)
		}
	}
	a, _ := json.Marshal(of)
	b, _ := json.Marshal(alone)
	if !buf.Equal(a, b) || len(alone) == 0 {
		t.Errorf("run %d: %d rows of %T differ from the %d of the run alone", run, len(of), alone, len(alone))
	}
}

// The state of a run is what its actors hold.
func TestStateIsWhatActorsHold(t *testing.T) {
	t.Parallel()
	for _, entry := range scenarios.Library() {
		s, _, err := scenarios.Load(entry.Name, []byte(entry.Text))
		if err != nil {
			t.Fatal(err)
		}
		r, err := play(t.Context(), s, &runFlags{seed: 3, bus: "memory"})
		if err != nil {
			t.Fatal(err)
		}
		held := entries(r.network)
		for _, e := range r.measured.State {
			if _, ok := held[place{e.Actor, e.Table, e.Prefix}]; !ok {
				t.Errorf("%s: no actor holds %+v", entry.Name, e)
			}
			delete(held, place{e.Actor, e.Table, e.Prefix})
		}
		for _, g := range r.network.Gateways {
			maps.DeleteFunc(held, func(at place, _ string) bool { return at.actor == string(g.ID()) && at.table == "fib" }) // a system route hides it
		}
		if len(held) > 0 || len(r.measured.State) == 0 && len(s.RouteServers) > 0 { // a prefix that is withdrawn leaves nothing
			t.Errorf("%s: %d entries, without %v", entry.Name, len(r.measured.State), held)
		}
	}
}

// Memory does not grow with the runs: a run more costs eight bytes a measure. What is
// under way is not always as much.
func TestManyRunsTakeNoMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("2,400 runs")
	}
	s, _, err := scenarios.Load("disagree.yaml", must(os.ReadFile(disagree(t))))
	if err != nil {
		t.Fatal(err)
	}
	early, late := uint64(math.MaxUint64), uint64(math.MaxUint64)
	told := func(done int) {
		if done%300 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.GC() // what waits in pools goes with the second
			runtime.ReadMemStats(&m)
			if done <= 900 {
				early = min(early, m.HeapAlloc)
			}
			if done >= 1800 {
				late = min(late, m.HeapAlloc)
			}
		}
	}
	r := &replications{scenario: s, flags: runFlags{seed: 1, seeds: 2400, bus: "memory"}, workers: 2, totals: newTotals()}
	if err := r.run(t.Context(), t.TempDir(), told); err != nil || r.runs != 2400 {
		t.Fatal(r.runs, err)
	}
	if late > early+4<<20 {
		t.Errorf("%d bytes in use at first, %d in the end", early, late)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Interrupted, it keeps the runs that were done, in whole files, marked partial.
func TestInterruptedSeeds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, _, err := scenarios.Load("disagree.yaml", must(os.ReadFile(disagree(t))))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	f := runFlags{seed: 1, seeds: 100_000, bus: "memory", untilCI: "0.001%"}
	r := &replications{scenario: s, flags: f, workers: 2, until: must(newUntilCI(&f, s)), totals: newTotals()}
	err = r.run(ctx, dir, func(done int) {
		if done == 7 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || !r.partial || exitCode(r.verdict(dir)) != exitInterrupted {
		t.Errorf("%v, partial: %v, %v", err, r.partial, r.verdict(dir))
	}
	rows := readRows[metrics.Run](t, dir, "runs")
	var held sweepJSON
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join(dir, "sweep.json"))), &held); err != nil {
		t.Fatal(err)
	}
	if held.Status != "partial" || held.Stop.Reason != stopInterrupted || held.Runs != len(rows) || len(rows) < 7 || len(rows) > 20 || rows[6].Seed != 7 {
		t.Errorf("%+v, %d rows", held, len(rows))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); left != nil || exists(filepath.Join(dir, partsName)) {
		t.Error(left)
	}
}

// A run at a bound is counted, and no run hides another's failure.
func TestVerdictOfManyRuns(t *testing.T) {
	s := &scenarios.Scenario{Expect: []scenarios.Expectation{{Measure: "outage.forward", Rule: "< 1s"}}}
	fine := replication{outcome: metrics.Outcome{Ending: metrics.EndsSettled, Fingerprint: "0123456789abcdef"}, checks: []checked{{Holds: true}}}
	fine.row.Converged = true
	restless, bound, late := fine, fine, fine
	restless.row.Converged, restless.outcome = false, metrics.Outcome{Ending: metrics.EndsUnsettled}
	bound.row.Converged, bound.ended = false, &sim.BoundError{}
	bound.outcome = metrics.Outcome{Ending: metrics.EndsCutShort}
	bound.samples = []metrics.Sample{{Value: new(int64(7))}}
	late.checks = []checked{{Measured: "2.000 s"}}
	for name, c := range map[string]struct {
		runs []replication
		code int
		says string
	}{
		"all fine":            {[]replication{fine, fine}, exitFine, ""},
		"one does not settle": {[]replication{fine, restless, restless}, exitUnconverged, "^2 of 3 runs did not converge within the horizon; the first: simulate scenario x.yaml --seed 2$"},
		"one at a bound":      {[]replication{restless, bound, fine}, exitUnconverged, "^1 of 3 runs: .*: simulate scenario x.yaml --seed 2$"},
		"one too long":        {[]replication{bound, restless, late}, exitCheck, "^expected outage.forward < 1s: 1 of 3 runs; in the first measured 2.000 s: simulate scenario x.yaml --seed 3$"},
	} {
		r := &replications{scenario: s, arg: "x.yaml", totals: newTotals()}
		for i, p := range c.runs {
			p.row.Seed = int64(i + 1)
			if err := r.takeRun(&p); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.samples.Summaries()) > 0 {
			t.Errorf("%s: a run that was cut short is in the figures", name)
		}
		err := r.verdict("")
		if exitCode(err) != c.code || err != nil && !regexp.MustCompile(c.says).MatchString(err.Error()) {
			t.Errorf("%s: %d %v", name, exitCode(err), err)
		}
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.5: "50.0 %", 0.9999: "99.990 %", 0.00012: "0.012 %", 1 - math.Pow(0.05, 1./200): "1.5 %",
	} {
		if got := percent(share); got != want {
			t.Errorf("%v is %s, not %s", share, got, want)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
