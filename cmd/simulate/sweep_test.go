package main

import (
	buf "bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
	"dualhome/workqueue"
)

// fewRuns is a sweep that takes a moment.
var fewRuns = []string{"sweep", "active-passive", "-m", "hold=30s,60s", "--seeds", "30", "--tables", "convergence,outages,sessions", "--quiet"}

// swept runs a sweep, and gives its exit code and what it said.
func swept(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, err buf.Buffer
	code = run(ctx, args, &out, &err)
	return code, out.String(), err.String()
}

// A sweep that is interrupted again and again ends in the same files, and on the way
// its folder holds what was done, marked partial.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	alone, out := filepath.Join(dir, "alone"), filepath.Join(dir, "out")
	if code, _, said := swept(t.Context(), append(slices.Clone(fewRuns), "--out", alone)...); code != exitFine {
		t.Fatal(said)
	}
	args := append(slices.Clone(fewRuns), "--resume", "--out", out)
	luck := rand.New(rand.NewPCG(6, 4))
	interrupted, partial := 0, 0
	for {
		ctx, cancel := context.WithCancel(t.Context())
		go interruptAfter(ctx, cancel, partStore{filepath.Join(out, partsName)}, 1+luck.IntN(12))
		code, _, said := swept(ctx, args...)
		cancel()
		if code == exitFine {
			break
		}
		if interrupted++; code != exitInterrupted {
			t.Fatalf("exit code %d\n%s", code, said)
		}
		var held sweepJSON
		text, err := os.ReadFile(filepath.Join(out, "sweep.json"))
		if err != nil {
			continue // nothing was done
		}
		if err := json.Unmarshal(text, &held); err != nil || held.Status != "partial" || held.Runs != len(readRows[metrics.Run](t, out, "runs")) {
			t.Errorf("%+v %v", held, err)
		}
		partial++
	}
	if interrupted < 2 || partial < 1 {
		t.Errorf("it was interrupted %d times, %d of these with runs", interrupted, partial)
	}
	sameFolders(t, out, alone)
}

// interruptAfter interrupts a sweep when so many blocks more are there.
func interruptAfter(ctx context.Context, interrupt func(), parts partStore, more int) {
	before, _ := parts.held() // none, before it begins
	for ctx.Err() == nil {
		if held, _ := parts.held(); len(held) >= len(before)+more {
			interrupt()
		}
		time.Sleep(time.Millisecond)
	}
}

// sameFolders compares two sweeps, but for what tells of their making.
func sameFolders(t *testing.T, got, want string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(want, "*.arrow"))
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, filepath.Join(want, "scenario.yaml"), filepath.Join(want, manifestName)) {
		name := filepath.Base(file)
		if !buf.Equal(must(os.ReadFile(file)), must(os.ReadFile(filepath.Join(got, name)))) {
			t.Errorf("%s has other bytes", name)
		}
	}
}

// Blocks that are damaged, or half written, are made again.
func TestDamagedPartsAreMadeAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	alone, out := filepath.Join(dir, "alone"), filepath.Join(dir, "out")
	if code, _, said := swept(t.Context(), append(slices.Clone(fewRuns), "--out", alone)...); code != exitFine {
		t.Fatal(said)
	}
	w := sweepOf(t, fewRuns[1:4], 30)
	if err := os.MkdirAll(filepath.Join(out, partsName), 0o777); err != nil {
		t.Fatal(err)
	}
	store := partStore{filepath.Join(out, partsName)}
	if err := must(readManifest(filepath.Join(alone, manifestName))).write(store.dir); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		part, _, err := w.block(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		switch n % 4 {
		case 1:
			part = part[:len(part)/2]
		case 2:
			part[len(part)/3] ^= 1
		case 3:
			part = nil
		}
		if err := store.put(n, part); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, said := swept(t.Context(), append(slices.Clone(fewRuns), "--resume", "--out", out)...); code != exitFine {
		t.Fatal(said)
	}
	sameFolders(t, out, alone)
}

// sweepOf gives the campaign of a command line.
func sweepOf(t *testing.T, args []string, seeds int) *campaign {
	t.Helper()
	file, text, err := readScenario(args[0])
	if err != nil {
		t.Fatal(err)
	}
	f := &sweepFlags{axes: args[2:], runFlags: runFlags{seed: 1, seeds: seeds, bus: "memory"}, tables: must(arrowfile.ParseTables("convergence,outages,sessions"))}
	m := newManifest(file, text, f)
	plan, _, err := m.plan(filesBeside(args[0], file))
	if err != nil {
		t.Fatal(err)
	}
	return must(m.campaign(plan, f.runFlags))
}

// A run for which there is no time left is none that failed: --plan would count it, and
// tell how soon all are over.
func TestNoTimeIsNoFailure(t *testing.T) {
	t.Parallel()
	c := sweepOf(t, fewRuns[1:4], 3)
	over, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if _, _, err := c.block(over, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// A run in which something goes wrong is told of, and the others are there.
func TestFailingRunsHideNoOthers(t *testing.T) {
	t.Parallel()
	c := sweepOf(t, fewRuns[1:4], 3)
	load := c.scenario
	broken := 0
	c.scenario = func(point int) (*scenarios.Scenario, []byte, error) {
		s, text, err := load(point)
		if point == 1 {
			s, broken = nil, broken+1
		}
		return s, text, err
	}
	all := newTotals()
	store := partStore{t.TempDir()}
	if err := inOrder(t.Context(), c.blocks(), 2, c.into(store), all.take); err != nil || broken == 0 {
		t.Fatal(broken, err)
	}
	if all.made != 6 || all.failing.runs != 3 || len(all.failed) != 3 || all.failed[0].Point != 1 || !strings.Contains(all.failed[0].Error, "a mistake in simulate") {
		t.Errorf("%d runs, failed: %+v", all.made, all.failed)
	}
	again := newTotals()
	for n := range c.blocks() {
		side, there, err := store.get(n)
		if err != nil || !there {
			t.Fatal(n, there, err)
		}
		if err := again.take(side); err != nil {
			t.Fatal(err)
		}
	}
	if again.digest() != all.digest() || again.failing != all.failing {
		t.Errorf("what was kept says something else: %+v, %+v", again.failing, all.failing)
	}
}

// A worker makes no runs of another version, and gives them back.
func TestOtherVersionIsRefused(t *testing.T) {
	t.Parallel()
	server, err := workqueue.Listen(workqueue.ListenOptions{Addr: "127.0.0.1:0", StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	conn := must(server.Dial(t.Context(), nil))
	defer conn.Close()
	for name, change := range map[string]func(*manifest){
		"version": func(m *manifest) { m.Version = "9.9.9" },
		"arch":    func(m *manifest) { m.Arch = "pdp11" },
	} {
		m := newManifest("active-passive.yaml", []byte("version: 1"), &sweepFlags{})
		change(m)
		set, err := conn.Offer(t.Context(), workqueue.Offer{Name: name, Manifest: m.bytes(), Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		code, _, said := swept(t.Context(), "worker", "--nats", server.URL(), "--quiet")
		if code != exitUsage || !strings.Contains(said, "the sweep is of") || !strings.Contains(said, name) && !strings.Contains(said, "pdp11") {
			t.Errorf("%s: exit code %d: %s", name, code, said)
		}
		ctx, stop := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			left <- conn.Work(ctx, workqueue.Worker{Identity: "other", Do: func(context.Context, []byte, int) ([]byte, error) { return []byte("done"), nil }})
		}()
		for r, err := range set.Results(ctx) {
			if err != nil || string(r.Bytes) != "done" {
				t.Errorf("%s: %+v %v", name, r, err)
			}
		}
		stop()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := set.Remove(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// What a sweep follows from is in its manifest: every field counts.
func TestManifestDifferences(t *testing.T) {
	base := func() *manifest {
		m := newManifest("a.yaml", []byte("a\nb\nc\n"), &sweepFlags{axes: []string{"hold=1s"}})
		m.Files["samples.csv"], m.Revision = "1\n", "a"
		return m
	}
	if lines := base().differences(base()); len(lines) > 0 {
		t.Error(lines)
	}
	for want, change := range map[string]func(*manifest){
		"version of simulate: it was " + version + ", now it is 9": func(m *manifest) { m.Version = "9" },
		"revision of simulate: it was a, now it is b":              func(m *manifest) { m.Revision = "b" },
		"processor: it was":                            func(m *manifest) { m.Arch = "pdp11" },
		"a.yaml:2: it differs":                         func(m *manifest) { m.Text = "a\nB\nc\n" },
		"samples.csv: it holds something else now":     func(m *manifest) { m.Files["samples.csv"] = "2\n" },
		"more.csv: it was not read before":             func(m *manifest) { m.Files["more.csv"] = "" },
		"--set: it was none, now it is a=b":            func(m *manifest) { m.Set = []string{"a=b"} },
		"-m: it was hold=1s, now it is none":           func(m *manifest) { m.Axes = nil },
		"--sampling: it was none, now it is halton":    func(m *manifest) { m.Sampling = "halton" },
		"--samples: it was 0, now it is 3":             func(m *manifest) { m.Samples = 3 },
		"--seeds: it was 0, now it is 3":               func(m *manifest) { m.Seeds = 3 },
		"--seed: it was 0, now it is 3":                func(m *manifest) { m.Seed = 3 },
		"--drill: it was none, now it is x":            func(m *manifest) { m.Drill = "x" },
		"--tables: it was none, now it is all":         func(m *manifest) { m.Tables = "all" },
		"-m: it was hold=1s, now it is hold=1s mrai=2": func(m *manifest) { m.Axes = append(m.Axes, "mrai=2") },
	} {
		now := base()
		change(now)
		if lines := base().differences(now); len(lines) == 0 || !strings.HasPrefix(lines[0], want) {
			t.Errorf("%q, not %q", lines, want)
		}
		if now.identity() == base().identity() {
			t.Errorf("%s: one name for two sweeps", want)
		}
	}
}

// Two processes do not make one sweep.
func TestOneProcessASweep(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	m := newManifest("a.yaml", nil, &sweepFlags{})
	if err := os.MkdirAll(filepath.Join(out, partsName), 0o777); err != nil { // as one leaves it that is killed at once
		t.Fatal(err)
	}
	first, err := openSweepFolder(out, true, &sweepFlags{resume: true}, m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openSweepFolder(out, true, &sweepFlags{runFlags: runFlags{}, resume: true}, m); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "another process") {
		t.Error(err)
	}
	if err := first.parts.put(0, []byte("made")); err != nil {
		t.Fatal(err)
	}
	other := newManifest("b.yaml", nil, &sweepFlags{})
	if _, err := openSweepFolder(out, true, &sweepFlags{runFlags: runFlags{force: true}}, other); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "another process") {
		t.Error("begun anew under the hands of the other:", err)
	}
	if held, err := readManifest(filepath.Join(first.parts.dir, manifestName)); err != nil || held.File != "a.yaml" || !exists(first.parts.path(0)) {
		t.Error("what the other had done is gone:", held, err)
	}
	first.unlock()
	again, err := openSweepFolder(out, true, &sweepFlags{resume: true}, m)
	if err != nil {
		t.Fatal(err)
	}
	again.unlock()
	if _, err := openSweepFolder(out, true, &sweepFlags{}, m); exitCode(err) != exitUsage || !strings.Contains(err.Error(), "not finished") {
		t.Error(err)
	}
	anew, err := openSweepFolder(out, true, &sweepFlags{runFlags: runFlags{force: true}}, other)
	if err != nil {
		t.Fatal(err)
	}
	anew.unlock()
	if held, err := anew.parts.held(); err != nil || len(held) > 0 {
		t.Error("parts of the sweep before:", held, err)
	}
}

// What a sweep left that was killed while it removed its parts goes, when it is asked for
// again.
func TestRestOfFinishedSweepGoes(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	args := append(slices.Clone(fewRuns), "--resume", "--out", out)
	if code, _, said := swept(t.Context(), args...); code != exitFine {
		t.Fatal(said)
	}
	if err := os.MkdirAll(filepath.Join(out, partsName, "tables"), 0o777); err != nil {
		t.Fatal(err)
	}
	if code, _, said := swept(t.Context(), args...); code != exitFine || exists(filepath.Join(out, partsName)) {
		t.Errorf("exit code %d, rest: %v: %s", code, exists(filepath.Join(out, partsName)), said)
	}
}
