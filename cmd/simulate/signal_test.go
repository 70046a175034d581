//go:build unix

package main

import (
	buf "bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tireless is a run that takes minutes: for 300 days a router tries once a
// second to connect through a dead tunnel.
var tireless = []string{
	"active-passive", "--bus", "memory", "--set", "expect={}", "--set", "horizon=7200h", "--set", "nvas[nva2].connect_retry=1s",
	"--set", "faults=[{name: cut, kind: link-down, target: nva2-dc, at: 200s}]",
}

// The real binary, with real signals, in a folder of its own.
func TestSignals(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the binary")
	}
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "simulate")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("first", func(t *testing.T) { interrupt(t, binary) })
	t.Run("first of many", func(t *testing.T) { interruptMany(t, binary) })
	t.Run("beside a whole run", func(t *testing.T) { interruptBeside(t, binary) })
	t.Run("second", func(t *testing.T) { interruptTwice(t, binary) })
	t.Run("kill", func(t *testing.T) { kill(t, binary) })
	t.Run("kill anywhere", func(t *testing.T) { killAnywhere(t, binary) })
}

// The first Ctrl-C ends the run and keeps what happened until then: a folder
// that is marked partial, and is whole otherwise.
func interrupt(t *testing.T, binary string) {
	p := begin(t, binary, tireless...)
	p.underWay(100 * time.Millisecond)
	p.signal(os.Interrupt)
	if code := p.wait(); code != exitInterrupted {
		t.Fatalf("exit code %d\n%s", code, &p.stderr)
	}
	if !strings.HasPrefix(p.stderr.String(), "interrupted: what happened until now goes to runs/active-passive/1, marked partial") {
		t.Errorf("it does not answer:\n%s", &p.stderr)
	}
	if !strings.Contains(p.stdout.String(), "PARTIAL: ended at") || !strings.Contains(p.stderr.String(), "marked partial") {
		t.Errorf("%s\n%s", &p.stdout, &p.stderr)
	}
	held, err := readRun(filepath.Join(p.dir, "runs/active-passive/1"))
	if err != nil || held.Status != "partial" || held.Converged || held.VirtualNS >= int64(7200*time.Hour) || held.Lines < 1000 {
		t.Errorf("%+v, %v", held, err)
	}
	p.verified()
	p.noLeftovers()

	// The next run replaces it.
	p = begin(t, binary, "active-passive", "--out", filepath.Join(p.dir, "runs/active-passive/1"), "--force")
	if code := p.wait(); code != exitFine {
		t.Errorf("exit code %d\n%s", code, &p.stderr)
	}
}

// Of many runs, those that are done are kept.
func interruptMany(t *testing.T, binary string) {
	p := begin(t, binary, "active-passive", "--seeds", "100000")
	p.underWay(300 * time.Millisecond)
	p.signal(os.Interrupt)
	if code := p.wait(); code != exitInterrupted {
		t.Fatalf("exit code %d\n%s", code, &p.stderr)
	}
	if !strings.HasPrefix(p.stderr.String(), "interrupted: the runs that are done go to runs/active-passive/seeds-100000, marked partial") {
		t.Errorf("it does not answer:\n%s", &p.stderr)
	}
	if !strings.Contains(p.stdout.String(), "PARTIAL: interrupted after") || !strings.Contains(p.stderr.String(), "marked partial") {
		t.Errorf("%s\n%s", &p.stdout, &p.stderr)
	}
	if !isRun(filepath.Join(p.dir, "runs/active-passive/seeds-100000")) {
		t.Error("there is no sweep folder")
	}
	p.noLeftovers()
}

// What was interrupted goes beside a whole run, or sweep, in the default place, and
// replaces only what was interrupted before.
func interruptBeside(t *testing.T, binary string) {
	for place, args := range map[string][]string{"1": {"--seed", "1"}, "seeds-3": {"--seeds", "3"}} {
		p := begin(t, binary, append([]string{"active-passive"}, args...)...)
		if code := p.wait(); code != exitFine {
			t.Fatalf("exit code %d\n%s", code, &p.stderr)
		}
		whole := filepath.Join(p.dir, "runs/active-passive", place)
		was, err := os.ReadFile(filepath.Join(whole, "events.arrow"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			p = beginIn(t, p.dir, binary, append(args, tireless...)...)
			p.underWay(100 * time.Millisecond)
			p.signal(os.Interrupt)
			if code := p.wait(); code != exitInterrupted {
				t.Fatalf("exit code %d\n%s", code, &p.stderr)
			}
			if n := strings.Count(p.stderr.String(), "runs/active-passive/"+place+".partial"); n != 3 {
				t.Errorf("it names the folder %d times, not 3:\n%s", n, &p.stderr)
			}
			is, err := os.ReadFile(filepath.Join(whole, "events.arrow"))
			if err != nil || string(is) != string(was) || !isWhole(whole) {
				t.Errorf("the whole one is not what it was: %v", err)
			}
			if !isRun(whole+".partial") || isWhole(whole+".partial") {
				t.Error("there is no partial one beside it")
			}
			p.noLeftovers()
		}
		// What is not ours stays there too.
		mine := filepath.Join(whole+".partial", "notes")
		if err := os.WriteFile(mine, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		p = beginIn(t, p.dir, binary, append(args, tireless...)...)
		p.underWay(100 * time.Millisecond)
		p.signal(os.Interrupt)
		if code := p.wait(); code != exitInterrupted {
			t.Fatalf("exit code %d\n%s", code, &p.stderr)
		}
		if _, err := os.Stat(mine); err != nil {
			t.Error(err)
		}
	}
}

// The second Ctrl-C kills: what is being written then does not become a run.
func interruptTwice(t *testing.T, binary string) {
	p := begin(t, binary, tireless...)
	p.underWay(700 * time.Millisecond)
	p.signal(os.Interrupt)
	time.Sleep(50 * time.Millisecond)
	p.signal(os.Interrupt)
	if p.wait(); p.cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v\n%s", p.cmd.ProcessState, &p.stderr)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "runs/active-passive/1")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("there is a run folder", err)
	}
}

// A run that is killed in the middle leaves the run before it alone.
func kill(t *testing.T, binary string) {
	before := begin(t, binary, "active-passive", "-o", "json")
	if code := before.wait(); code != exitFine {
		t.Fatalf("exit code %d\n%s", code, &before.stderr)
	}
	p := beginIn(t, before.dir, binary, tireless...)
	p.underWay(100 * time.Millisecond)
	p.signal(os.Kill)
	p.wait()
	held, err := readRun(filepath.Join(p.dir, "runs/active-passive/1"))
	var was summaryJSON
	if err := errors.Join(err, json.Unmarshal(before.stdout.Bytes(), &was)); err != nil || held.Digest != was.Digest {
		t.Errorf("the run before: %v, %v, %v", held, was.Digest, err)
	}
	p.verified()
}

// Killed whenever it may be, also while files are put into their place, it
// leaves a whole run folder or none, and the next run works.
func killAnywhere(t *testing.T, binary string) {
	dir := t.TempDir()
	for i := range 12 {
		p := beginIn(t, dir, binary, "active-passive", "--bus", "memory")
		time.Sleep(time.Duration(20+5*i) * time.Millisecond)
		p.signal(os.Kill)
		p.wait()
		if _, err := os.Stat(filepath.Join(dir, "runs/active-passive/1")); err == nil {
			p.verified()
		}
	}
	p := beginIn(t, dir, binary, "active-passive", "--bus", "memory")
	if code := p.wait(); code != exitFine {
		t.Errorf("exit code %d\n%s", code, &p.stderr)
	}
	p.verified()
}

// process is the binary at work.
type process struct {
	*testing.T
	dir            string
	cmd            *exec.Cmd
	stdout, stderr buf.Buffer
}

func begin(t *testing.T, binary string, args ...string) *process {
	return beginIn(t, t.TempDir(), binary, args...)
}

func beginIn(t *testing.T, dir, binary string, args ...string) *process {
	t.Helper()
	p := &process{T: t, dir: dir, cmd: exec.Command(binary, args...)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // it has ended, if all went well
	return p
}

// underWay waits until the run has begun, and then for a while.
func (p *process) underWay(while time.Duration) {
	p.Helper()
	for range 1000 {
		if begun, _ := filepath.Glob(filepath.Join(p.dir, "runs/active-passive/.*.tmp-*")); len(begun) > 0 {
			time.Sleep(while)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Fatalf("it does not begin\n%s", &p.stderr)
}

func (p *process) signal(s os.Signal) {
	_ = p.cmd.Process.Signal(s) // it may have ended
}

// wait gives the exit code; -1 if a signal killed it.
func (p *process) wait() int {
	_ = p.cmd.Wait() // the code tells
	return p.cmd.ProcessState.ExitCode()
}

// verified replays the run folder.
func (p *process) verified() {
	p.Helper()
	var out, err buf.Buffer
	if code := run(p.Context(), []string{"replay", "--verify", filepath.Join(p.dir, "runs/active-passive/1")}, &out, &err); code != exitFine {
		p.Errorf("replay --verify exits with %d\n%s", code, &err)
	}
}

// noLeftovers tells that nothing half-written is there.
func (p *process) noLeftovers() {
	p.Helper()
	err := filepath.WalkDir(p.dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(filepath.Base(path), ".tmp") {
			p.Error("left over:", path)
		}
		return err
	})
	if err != nil {
		p.Error(err)
	}
}
