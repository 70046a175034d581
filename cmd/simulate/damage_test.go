package main

import (
	buf "bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Wherever a byte of the log or of a table is another, replay --verify says so,
// or the byte carries nothing (padding of the format). It never panics, and a
// damaged file cannot make it use much memory.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	simulate := func(args ...string) (code int, stderr string) {
		var out, err buf.Buffer
		code = run(t.Context(), append(args, "--quiet"), &out, &err)
		return code, err.String()
	}
	if code, stderr := simulate("active-passive", "--bus", "memory", "--out", dir); code != exitFine {
		t.Fatal(code, stderr)
	}
	for _, name := range []string{"events.arrow", "traffic.arrow", "run.json", "scenario.yaml"} {
		file := filepath.Join(dir, name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		noticed := 0
		const tries = 24
		for i := range tries {
			damaged := buf.Clone(whole)
			damaged[i*(len(whole)-1)/(tries-1)] ^= byte(1 + 37*i%255)
			if err := os.WriteFile(file, damaged, 0o666); err != nil {
				t.Fatal(err)
			}
			code, stderr := simulate("replay", dir, "--verify")
			if code == exitCheck {
				noticed++
			}
			if code != exitCheck && code != exitFine || strings.Contains(stderr, "panic") || strings.Contains(stderr, "goroutine") {
				t.Errorf("%s, byte %d: exit code %d\n%s", name, i*(len(whole)-1)/(tries-1), code, stderr)
			}
		}
		t.Logf("%s: %d of %d noticed", name, noticed, tries)
		if noticed < tries/2 {
			t.Errorf("%s: only %d of %d changed bytes are noticed", name, noticed, tries)
		}
		if err := os.WriteFile(file, whole, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
