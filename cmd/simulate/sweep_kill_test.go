//go:build unix

package main

import (
	buf "bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/metrics"
	"dualhome/workqueue"
)

// manyRuns is a sweep that takes some seconds on many machines, the starts of those
// that were killed aside.
var manyRuns = []string{"sweep", "active-passive", "-m", "hold=30s,60s,180s", "nvas[nva2].prepend=0,2", "--seeds", "300", "--tables", "convergence,sessions,outages"}

// The real binary, killed again and again: workers 50 times, the coordinator 10 times.
// No run is missing, none is there twice, and the files are what one process makes.
func TestKilledSweeps(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for half a minute")
	}
	t.Parallel()
	dir := t.TempDir()
	binary := filepath.Join(dir, "simulate")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	alone := filepath.Join(dir, "alone")
	var out, err buf.Buffer
	if code := run(t.Context(), append(slices.Clone(manyRuns), "--quiet", "--out", alone), &out, &err); code != exitFine {
		t.Fatalf("exit code %d\n%s", code, &err)
	}
	t.Run("workers and coordinator", func(t *testing.T) {
		server, err := workqueue.Listen(workqueue.ListenOptions{Addr: "127.0.0.1:0", StoreDir: filepath.Join(t.TempDir(), "store")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		g := &group{T: t, binary: binary, url: server.URL(), access: []string{"--nats", server.URL()}, luck: rand.New(rand.NewPCG(6, 50))}
		g.survives(alone, 50, 10)
	})
	t.Run("coordinator that is the server", func(t *testing.T) {
		at := freeAddress(t)
		g := &group{T: t, binary: binary, url: "nats://" + at, access: []string{"--listen", at}, luck: rand.New(rand.NewPCG(6, 10))}
		g.survives(alone, 5, 10)
	})
	t.Run("alone", func(t *testing.T) { killedAlone(t, binary, alone) })
}

// group is a coordinator and its workers, as processes.
type group struct {
	*testing.T
	binary      string
	url         string
	access      []string // of the coordinator
	luck        *rand.Rand
	out         string
	coordinator *process
	workers     [3]*process
}

// survives kills so many workers and coordinators while sweeps are made, as many as that
// takes, and compares what comes of each with what one process made.
func (g *group) survives(alone string, workers, coordinators int) {
	for i := range g.workers {
		g.startWorker(i)
	}
	kills := slices.Concat(slices.Repeat([]bool{false}, workers), slices.Repeat([]bool{true}, coordinators))
	g.luck.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	for len(kills) > 0 {
		g.out = filepath.Join(g.TempDir(), "sweep")
		g.startCoordinator()
		for len(kills) > 0 && !isWhole(g.out) {
			time.Sleep(time.Duration(30+g.luck.IntN(120)) * time.Millisecond)
			g.kill(kills[0])
			kills = kills[1:]
		}
		if code := g.coordinator.wait(); code != exitFine {
			g.Fatalf("exit code %d\n%s", code, &g.coordinator.stderr)
		}
		sameSweeps(g.T, g.out, alone)
	}
	for _, w := range g.workers {
		w.signal(os.Interrupt)
	}
	for _, w := range g.workers {
		if code := w.wait(); code != exitInterrupted {
			g.Errorf("a worker ended with %d\n%s", code, &w.stderr)
		}
	}
}

// kill kills the coordinator, or some worker, and starts another in its place.
func (g *group) kill(coordinator bool) {
	if coordinator {
		g.coordinator.signal(os.Kill)
		g.coordinator.wait()
		g.startCoordinator()
		return
	}
	i := g.luck.IntN(len(g.workers))
	g.workers[i].signal(os.Kill)
	g.workers[i].wait()
	g.startWorker(i)
}

func (g *group) startCoordinator() {
	args := append(slices.Clone(manyRuns), append(g.access, "--ack-wait", "1s", "--resume", "--out", g.out)...)
	g.coordinator = beginIn(g.T, g.TempDir(), g.binary, args...)
}

func (g *group) startWorker(i int) {
	g.workers[i] = beginIn(g.T, g.TempDir(), g.binary, "worker", "--nats", g.url, "--workers", "1")
}

// killedAlone kills a sweep without workers, again and again.
func killedAlone(t *testing.T, binary, alone string) {
	luck := rand.New(rand.NewPCG(6, 1))
	out := filepath.Join(t.TempDir(), "sweep")
	begin := func() *process {
		return beginIn(t, t.TempDir(), binary, append(slices.Clone(manyRuns), "--resume", "--out", out)...)
	}
	for kills := 0; kills < 10 && !isWhole(out); kills++ {
		p := begin()
		time.Sleep(time.Duration(20+luck.IntN(200)) * time.Millisecond)
		p.signal(os.Kill)
		p.wait()
	}
	p := begin()
	if code := p.wait(); code != exitFine {
		t.Fatalf("exit code %d\n%s", code, &p.stderr)
	}
	sameSweeps(t, out, alone)
}

// sameSweeps compares two folders, and says which runs are missing or there twice.
func sameSweeps(t *testing.T, got, want string) {
	t.Helper()
	runs := map[int64]int{}
	for _, r := range readRows[metrics.Run](t, got, "runs") {
		runs[r.Run]++
	}
	for _, r := range readRows[metrics.Run](t, want, "runs") {
		if runs[r.Run] != 1 {
			t.Errorf("run %d is there %d times", r.Run, runs[r.Run])
		}
		delete(runs, r.Run)
	}
	if len(runs) > 0 {
		t.Errorf("there are %d runs too many", len(runs))
	}
	sameFolders(t, got, want)
	held, err := os.ReadDir(got)
	for _, e := range held {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s is left", e.Name())
		}
	}
	if err != nil || len(held) == 0 {
		t.Error(err)
	}
}

// freeAddress gives an address at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return fmt.Sprint(l.Addr())
}
