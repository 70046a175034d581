package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// What a killed run left is removed by the next run into that folder, and nothing
// else: not what a living process writes, or may write on another machine, not the
// last whole run, and not what somebody laid there.
func TestStaleFolders(t *testing.T) {
	dead := exec.Command(must(os.Executable()), "-test.run=^$")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	gone, alive := fmt.Sprintf("%s-%d-1", machine(), dead.Process.Pid), owner()+"-2"
	const young, old = time.Hour, 25 * time.Hour
	cases := []struct {
		name  string
		age   time.Duration
		file  string // that it holds
		stays bool
	}{
		{".1.tmp-" + gone, young, "events.arrow", false},
		{".1.tmp-" + gone + "0", young, "routes.rows.tmp", false},
		{".1.tmp-" + gone + "1", young, "notes.txt", true},
		{".1.tmp-" + gone + ".old", young, "run.json", true}, // nothing stands in its place
		{".1.tmp-" + alive, old, "events.arrow", true},
		{".1.tmp-other.machine-1-1", young, "events.arrow", true},
		{".1.tmp-other.machine-1-2", old, "events.arrow", false},
		{".1.tmp-123456", young, "events.arrow", true},
		{".1.tmp-1234567", old, "events.arrow", false},
		{".2.tmp-" + gone, old, "events.arrow", true},
		{"1.tmp-" + gone, old, "events.arrow", true},
	}
	runs := t.TempDir()
	for _, c := range cases {
		dir, then := filepath.Join(runs, c.name), time.Now().Add(-c.age)
		file := filepath.Join(dir, c.file)
		for _, err := range []error{os.Mkdir(dir, 0o777), os.WriteFile(file, nil, 0o666), os.Chtimes(file, then, then), os.Chtimes(dir, then, then)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := openFolder(filepath.Join(runs, "1"), false, false)
	if err != nil {
		t.Fatal(err)
	}
	f.discard()
	for _, c := range cases {
		if _, err := os.Stat(filepath.Join(runs, c.name)); (err == nil) != c.stays {
			t.Errorf("%s, %v old, with %s: it stays: %v", c.name, c.age, c.file, err == nil)
		}
	}

	// Once a run stands there, the one that it replaced may go.
	whole := filepath.Join(runs, "1")
	for _, err := range []error{os.Mkdir(whole, 0o777), os.WriteFile(filepath.Join(whole, "run.json"), []byte(`{"schema_version": 1, "digest": "x"}`), 0o666)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if f, err = openFolder(whole, false, false); err != nil {
		t.Fatal(err)
	}
	f.discard()
	left, err := filepath.Glob(filepath.Join(runs, ".1.tmp-*.old"))
	if err != nil || !slices.Equal(left, nil) {
		t.Error(left, err)
	}
}
