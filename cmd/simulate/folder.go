package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is a run folder that is being written. Everything goes to a folder
// beside it first, so that a run folder is whole or not there.
type folder struct {
	path string
	temp string
	into bool // files go into a folder that is not ours, beside what it holds
}

// openFolder begins a run folder. One that holds a run of this program is
// replaced, unless the user named it and did not force it; one that holds
// anything else is never removed: with force, the files are added to it.
func openFolder(path string, named, force bool) (*folder, error) {
	held, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(held) == 0:
	case err != nil:
		return nil, &exitError{exitInternal, fmt.Errorf("%s: cannot be a run folder: %w", path, err)}
	case named && !force:
		return nil, usage("%s: the folder is not empty; choose another --out, or add --force", path)
	case !isRun(path) && !force:
		return nil, usage("%s: the folder holds something else than a run; move it away, or choose another with --out", path)
	}
	f := &folder{path: path, into: len(held) > 0 && !isRun(path)}
	parent := filepath.Dir(path)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, fmt.Errorf("cannot write there: %w", err)
	}
	if f.temp, err = os.MkdirTemp(parent, "."+filepath.Base(path)+".tmp-*"); err != nil {
		return nil, fmt.Errorf("cannot write there: %w", err)
	}
	return f, os.Chmod(f.temp, 0o755)
}

// isRun tells whether a folder holds a run of this program.
func isRun(path string) bool {
	text, err := os.ReadFile(filepath.Join(path, "run.json"))
	if err != nil {
		return false
	}
	var r struct {
		SchemaVersion int    `json:"schema_version"`
		Digest        string `json:"digest"`
	}
	return json.Unmarshal(text, &r) == nil && r.SchemaVersion > 0 && r.Digest != ""
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

// add moves each written file into a folder that holds others.
func (f *folder) add() error {
	files, err := os.ReadDir(f.temp)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Rename(filepath.Join(f.temp, file.Name()), filepath.Join(f.path, file.Name())); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what was not put into its place.
func (f *folder) discard() {
	_ = os.RemoveAll(f.temp) // it is ours, and nothing can be done about it
}
