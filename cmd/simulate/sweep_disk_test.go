//go:build linux

package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// On a full disk a sweep says so, keeps what is done, and goes on when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	disk, alone := filepath.Join(dir, "disk"), filepath.Join(dir, "alone")
	if err := exec.Command("mkdir", disk).Run(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=256k"); err != nil {
		t.Skip("a small disk cannot be made here:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	if code, _, said := swept(t.Context(), append(slices.Clone(fewRuns), "--out", alone)...); code != exitFine {
		t.Fatal(said)
	}
	out := filepath.Join(disk, "out")
	args := append(slices.Clone(fewRuns), "--resume", "--out", out)
	code, _, said := swept(t.Context(), args...)
	if code != exitInternal || !strings.Contains(said, "no space left on device") || !strings.Contains(said, "--resume goes on") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	if held, err := (partStore{filepath.Join(out, partsName)}).held(); err != nil || len(held) == 0 {
		t.Error("nothing is kept", err)
	}
	if code, _, said := swept(t.Context(), args...); code != exitInternal || !strings.Contains(said, "no space left on device") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if code, _, said := swept(t.Context(), args...); code != exitFine {
		t.Fatalf("exit code %d: %s", code, said)
	}
	sameFolders(t, out, alone)
}
