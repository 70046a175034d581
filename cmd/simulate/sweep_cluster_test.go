package main

import (
	buf "bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/workqueue"
)

// nobody is a server that is not there.
const nobody = "nats://127.0.0.1:1"

// Ctrl-C while no server answers ends a sweep in order, and the tables of what was done
// of it before stay as they were.
func TestInterruptedWithoutServer(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	args := append(slices.Clone(fewRuns), "--out", out, "--resume", "--seeds", "400000")
	after := func(while time.Duration, more ...string) (code int, stdout, stderr string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.AfterFunc(while, cancel).Stop()
		return swept(ctx, slices.Concat(args, more)...)
	}
	for while := 200 * time.Millisecond; !exists(filepath.Join(out, "runs.arrow")); while *= 2 {
		if code, _, said := after(while); code != exitInterrupted {
			t.Fatalf("exit code %d\n%s", code, said)
		}
	}
	was := must(os.ReadFile(filepath.Join(out, "runs.arrow")))
	code, stdout, said := after(200*time.Millisecond, "--nats", nobody)
	if code != exitInterrupted || stdout != "" || !strings.Contains(said, "interrupted before any of 800000 runs was there") {
		t.Errorf("exit code %d\n%s%s", code, stdout, said)
	}
	if !buf.Equal(was, must(os.ReadFile(filepath.Join(out, "runs.arrow")))) {
		t.Error("it wrote other tables")
	}
}

// A sweep that waits for workers while there are none says how to start one.
func TestNoWorkerIsThere(t *testing.T) {
	t.Parallel()
	server, err := workqueue.Listen(workqueue.ListenOptions{Addr: "127.0.0.1:0", StoreDir: filepath.Join(t.TempDir(), "store")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(t.Context())
	said := &heard{want: "no worker is there, so nothing is done; this starts one: simulate worker --nats " + server.URL() + "\n", then: stop}
	args := slices.DeleteFunc(slices.Clone(fewRuns), func(a string) bool { return a == "--quiet" })
	code := run(ctx, append(args, "--nats", server.URL(), "--out", filepath.Join(t.TempDir(), "out")), io.Discard, said)
	if code != exitInterrupted || !said.done {
		t.Errorf("exit code %d\n%s", code, &said.Buffer)
	}
}

// heard does something when it is told what it waits for.
type heard struct {
	buf.Buffer
	want string
	then func()
	done bool
}

func (h *heard) Write(text []byte) (int, error) {
	n, err := h.Buffer.Write(text)
	if !h.done && strings.Contains(h.String(), h.want) {
		h.done = true
		h.then()
	}
	return n, err
}
