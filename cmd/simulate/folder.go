package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// folder is a run folder that is being written. Everything goes to a folder
// beside it first, so that a run folder is whole or not there.
type folder struct {
	path  string
	temp  string
	into  bool   // files go into the folder that is there, beside what it holds
	aside string // where a partial run goes instead, so that a whole one stays; empty: to path
}

// openFolder begins a run folder. One that the user named is used as it is (it
// may be a mount point, or the place where they stand); if it is not empty, only
// with force. The default place is replaced when it holds a run of this program.
// What is not ours is never removed.
func openFolder(path string, named, force bool) (*folder, error) {
	held, err := heldBy(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(held) == 0:
	case err != nil:
		return nil, &exitError{exitInternal, fmt.Errorf("%s: cannot be a run folder: %w", path, err)}
	case named && !force:
		return nil, usage("%s: the folder is not empty; choose another --out, or add --force", path)
	case !isRun(path) && !force:
		return nil, usage("%s: the folder holds something else than a run; move it away, or choose another with --out", path)
	}
	f := &folder{path: filepath.Clean(path), into: err == nil && (named || !allOurs(held))}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		f.path = real
	}
	if !named && isWhole(path) {
		f.aside = f.path + ".partial"
	}
	return f, f.makeTemp()
}

// partialPath gives where a run goes that was interrupted, as the user knows the
// folder by path: beside a whole one in the default place.
func (f *folder) partialPath(path string) string {
	if f.aside != "" {
		return path + ".partial"
	}
	return path
}

// commitPartial puts the written folder of an interrupted run into its place.
func (f *folder) commitPartial() error {
	if f.aside == "" {
		return f.commit()
	}
	held, err := heldBy(f.aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(held) > 0 && !isRun(f.aside) {
		return usage("%s: the folder holds something else than a run; it stays, and the interrupted run is not kept", f.aside)
	}
	f.path, f.into = f.aside, !allOurs(held)
	return f.commit()
}

// makeTemp makes the folder that is written first, in the file system of the
// folder itself.
func (f *folder) makeTemp() (err error) {
	where, pattern := f.path, tempPrefix+owner()+"-*"
	if !f.into {
		where, pattern = filepath.Dir(f.path), "."+filepath.Base(f.path)+tempPrefix+owner()+"-*"
	}
	if err := os.MkdirAll(where, 0o777); err != nil {
		return fmt.Errorf("cannot write there: %w", err)
	}
	f.removeStale()
	if f.temp, err = os.MkdirTemp(where, pattern); err != nil {
		return fmt.Errorf("cannot write there: %w", err)
	}
	return os.Chmod(f.temp, 0o755)
}

// tempPrefix marks a folder that is being written, or was when a run was killed.
const tempPrefix = ".tmp-"

// heldBy gives what a folder holds, but for what a killed run left there.
func heldBy(path string) ([]fs.DirEntry, error) {
	held, err := os.ReadDir(path)
	left := func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), tempPrefix) }
	return slices.DeleteFunc(held, left), err
}

// isRun tells whether a folder holds a run of this program, or a sweep.
func isRun(path string) bool {
	return isOf(path, "run.json") || isOf(path, "sweep.json")
}

// isWhole tells whether a folder holds a run that came to its end, or a sweep that
// has all of its runs.
func isWhole(path string) bool {
	for _, name := range []string{"run.json", "sweep.json"} {
		var r struct {
			Status string `json:"status"`
		}
		text, err := os.ReadFile(filepath.Join(path, name))
		if err == nil && isOf(path, name) && json.Unmarshal(text, &r) == nil && r.Status == "complete" {
			return true
		}
	}
	return false
}

func isOf(path, name string) bool {
	text, err := os.ReadFile(filepath.Join(path, name))
	if err != nil {
		return false
	}
	var r struct {
		SchemaVersion int    `json:"schema_version"`
		Digest        string `json:"digest"`
	}
	return json.Unmarshal(text, &r) == nil && r.SchemaVersion > 0 && r.Digest != ""
}

// ours are the files of a run folder, of a sweep, and of traffic that was
// recomputed.
var ours = [...]string{
	"run.json", "sweep.json", "plan.json", "traffic.json", "traffic.yaml", "scenario.yaml", "report.html", "report.svg", "events.arrow", "routes.arrow", "programming.arrow", "sessions.arrow",
	"convergence.arrow", "flapping.arrow", "traffic.arrow", "shift.arrow", "outages.arrow",
	"runs.arrow", "summary.arrow", "sensitivity.arrow",
}

func isOurs(e fs.DirEntry) bool { return !e.IsDir() && slices.Contains(ours[:], e.Name()) }

func allOurs(held []fs.DirEntry) bool {
	return !slices.ContainsFunc(held, func(e fs.DirEntry) bool { return !isOurs(e) })
}

// commit puts the written folder into its place.
func (f *folder) commit() error {
	if f.into {
		return f.add()
	}
	old := f.temp + ".old"
	err := os.Rename(f.path, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(f.temp, f.path); err != nil {
		return errors.Join(err, os.Rename(old, f.path))
	}
	return os.RemoveAll(old)
}

// add replaces the files of a run in a folder that may hold others. run.json,
// sweep.json or traffic.json is removed first and comes last: a folder without it is
// no run.
func (f *folder) add() error {
	wasRun := isRun(f.path)
	for _, name := range ours {
		if strings.HasPrefix(name, "report.") && !wasRun {
			continue // somebody else's
		}
		if err := os.Remove(filepath.Join(f.path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range slices.Backward(ours[:]) {
		err := os.Rename(filepath.Join(f.temp, name), filepath.Join(f.path, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a run has no report yet
			return err
		}
	}
	return nil
}

// discard removes what was not put into its place.
func (f *folder) discard() {
	_ = os.RemoveAll(f.temp) // it is ours, and nothing can be done about it
}
