package main

import (
	buf "bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// nobody is a server that is not there.
const nobody = "nats://127.0.0.1:1"

// Ctrl-C while no server answers ends a sweep in order, and the tables of what was done
// of it before stay as they were.
func TestInterruptedWithoutServer(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	args := append(slices.Clone(fewRuns), "--out", out, "--resume")
	after := func(runs string, more ...string) (code int, stdout, stderr string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.AfterFunc(500*time.Millisecond, cancel).Stop()
		return swept(ctx, append(slices.Concat(args, more), "--seeds", runs)...)
	}
	const many = "400000" // of each point
	if code, _, said := after(many); code != exitInterrupted {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	was := must(os.ReadFile(filepath.Join(out, "runs.arrow")))
	code, stdout, said := after(many, "--nats", nobody)
	if code != exitInterrupted || stdout != "" || !strings.Contains(said, "interrupted before any of 800000 runs was there") {
		t.Errorf("exit code %d\n%s%s", code, stdout, said)
	}
	if !buf.Equal(was, must(os.ReadFile(filepath.Join(out, "runs.arrow")))) {
		t.Error("it wrote other tables")
	}
}
