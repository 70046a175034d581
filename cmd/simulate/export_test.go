package main

import (
	buf "bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportInterrupted: of an export that was interrupted nothing is left, and what
// stood under its name still does.
func TestExportInterrupted(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	dir, to := filepath.Join(base, "run"), filepath.Join(base, "out", "capture")
	var out, errs buf.Buffer
	if code := run(t.Context(), []string{"active-passive", "--bus", "memory", "--out", dir, "--quiet"}, &out, &errs); code != exitFine {
		t.Fatal(code, errs.String())
	}
	if err := os.Mkdir(filepath.Dir(to), 0o777); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, before := range []string{"", "mine"} {
		for _, format := range formats() {
			if before != "" {
				if err := os.WriteFile(to, []byte(before), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			out.Reset()
			errs.Reset()
			code := run(ctx, []string{"export", dir, "--format", format, "--to", to}, &out, &errs)
			if code != exitInterrupted || strings.TrimSpace(errs.String()) != "interrupted" {
				t.Errorf("%s: exit code %d, %s", format, code, errs.String())
			}
			held, err := os.ReadDir(filepath.Dir(to))
			if err != nil || len(held) != min(1, len(before)) {
				t.Errorf("%s: it leaves %v, %v", format, held, err)
			}
			if text, _ := os.ReadFile(to); string(text) != before {
				t.Errorf("%s: there is %.20q now, not %q", format, text, before)
			}
		}
	}
}

// TestExportOfDamage: whatever byte of a file is another, an export says so and writes
// nothing, or the byte carries nothing. It never panics.
func TestExportOfDamage(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	dir, to := filepath.Join(base, "run"), filepath.Join(base, "out")
	var out, errs buf.Buffer
	if code := run(t.Context(), []string{"active-passive", "--bus", "memory", "--out", dir, "--quiet"}, &out, &errs); code != exitFine {
		t.Fatal(code, errs.String())
	}
	for _, name := range []string{"events.arrow", "traffic.arrow"} {
		file := filepath.Join(dir, name)
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			damaged := buf.Clone(whole)
			damaged[i*(len(whole)-1)/39] ^= byte(1 + 37*i%255)
			if err := os.WriteFile(file, damaged, 0o666); err != nil {
				t.Fatal(err)
			}
			errs.Reset()
			code := run(t.Context(), []string{"export", dir, "--format", "trace", "--to", to, "--quiet"}, &out, &errs)
			if code != exitCheck || strings.Contains(errs.String(), "goroutine") {
				t.Errorf("%s: exit code %d\n%s", name, code, errs.String())
			}
			if _, err := os.Stat(to); err == nil {
				t.Fatalf("%s: something is written", name)
			}
		}
		if err := os.WriteFile(file, whole, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
