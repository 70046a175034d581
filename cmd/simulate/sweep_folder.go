package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sweepFolder is the folder of a sweep that is being made. What is done waits in
// .parts, with plan.json that says what it is part of; when all is there the tables
// are made, and .parts is removed. So it can be gone on with, whatever ends it.
type sweepFolder struct {
	path   string
	parts  partStore
	unlock func()
}

const (
	partsName = ".parts"
	lockName  = "lock" // in it: whoever makes the parts has it
)

// openSweepFolder begins the folder of a sweep, or goes on with it. Nil, and no error:
// it was asked to go on with a sweep that is finished.
func openSweepFolder(path string, named bool, f *sweepFlags, m *manifest) (*sweepFolder, error) {
	dir := filepath.Join(path, partsName)
	held, err := readManifest(filepath.Join(dir, manifestName))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !isMissing(err):
		return nil, fmt.Errorf("%s: what was done of a sweep cannot be read: %w", path, err)
	case err == nil && f.resume:
		if err := sameSweep(path, held, m); err != nil {
			return nil, err
		}
	case err == nil && !f.force:
		return nil, unfinished(path)
	case err == nil: // anew; see begin
	default:
		finished, err := f.mayBegin(path, named, m)
		if err != nil {
			return nil, err
		}
		if finished {
			return nil, removeRest(dir)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("cannot write there: %w", err)
	}
	unlock, err := lock(filepath.Join(dir, lockName))
	switch {
	case errors.Is(err, errLocked):
		return nil, usage("%s: another process makes this sweep now", path)
	case err != nil:
		return nil, fmt.Errorf("cannot write there: %w", err)
	}
	s := &sweepFolder{path: path, parts: partStore{dir}, unlock: unlock}
	if err := s.begin(m, !f.resume); err != nil {
		unlock()
		return nil, err
	}
	return s, nil
}

// removeRest removes what a sweep left that was killed while it removed its parts.
func removeRest(dir string) error {
	if _, err := os.Stat(dir); isMissing(err) {
		return nil
	}
	unlock, err := lock(filepath.Join(dir, lockName))
	if errors.Is(err, errLocked) {
		return nil // somebody else does
	}
	if err != nil {
		return err
	}
	defer unlock()
	return os.RemoveAll(dir)
}

// begin says what the parts are of; anew: without those that are there. Nobody else
// makes any now.
func (s *sweepFolder) begin(m *manifest, anew bool) error {
	if anew {
		held, err := os.ReadDir(s.parts.dir)
		for _, e := range held {
			if e.Name() != lockName {
				err = errors.Join(err, os.RemoveAll(filepath.Join(s.parts.dir, e.Name())))
			}
		}
		if err != nil {
			return err
		}
	}
	return m.write(s.parts.dir)
}

// mayBegin tells whether a sweep may begin in a folder in which none is under way;
// finished: it is there already, and was asked for again.
func (f *sweepFlags) mayBegin(path string, named bool, m *manifest) (finished bool, err error) {
	held, err := heldBy(path)
	held = slices.DeleteFunc(held, func(e fs.DirEntry) bool { return e.Name() == partsName }) // killed before it began
	switch {
	case isMissing(err) || err == nil && len(held) == 0:
		return false, nil
	case err != nil:
		return false, &exitError{exitInternal, fmt.Errorf("%s: cannot be a sweep folder: %w", path, err)}
	}
	was, none := readManifest(filepath.Join(path, manifestName))
	switch {
	case f.force:
		return false, nil
	case f.resume && none == nil && isOf(path, "sweep.json"):
		return true, sameSweep(path, was, m)
	case f.resume:
		return false, usage("%s: the folder holds no sweep that could be gone on with; leave --resume out, or choose another --out", path)
	case named:
		return false, usage("%s: the folder is not empty; choose another --out, go on with --resume, or add --force", path)
	case !isRun(path):
		return false, usage("%s: the folder holds something else than a sweep; move it away, or choose another with --out", path)
	}
	return false, nil
}

// sameSweep refuses to go on with another sweep than the one that is there.
func sameSweep(path string, held, m *manifest) error {
	if differ := held.differences(m); len(differ) > 0 {
		return usage("%s holds another sweep than this: going on would mix two\n  %s\nGo on with what it was, or begin anew with --force.", path, strings.Join(differ, "\n  "))
	}
	return nil
}

func unfinished(path string) error {
	store := partStore{filepath.Join(path, partsName)}
	blocks, err := store.held()
	if err != nil {
		return err
	}
	return usage("%s holds a sweep that is not finished (%d blocks of runs): go on with --resume, or begin anew with --force", path, len(blocks))
}

// forget removes what a sweep left that could not begin, if nothing was done of it.
func (s *sweepFolder) forget() error {
	held, err := s.parts.held()
	if len(held) > 0 || err != nil {
		return err
	}
	s.unlock()
	err = os.RemoveAll(s.parts.dir)
	_ = os.Remove(s.path) // if nothing else is in it
	return err
}

// tables gives the folder into which the tables are written first.
func (s *sweepFolder) tables() (string, error) {
	dir := filepath.Join(s.parts.dir, "tables")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.Mkdir(dir, 0o755)
}

// commit puts the written tables into their place; whole: and ends the sweep.
func (s *sweepFolder) commit(whole bool) error {
	into := folder{path: s.path, temp: filepath.Join(s.parts.dir, "tables")}
	if err := into.add(); err != nil {
		return err
	}
	if !whole {
		return os.RemoveAll(into.temp)
	}
	defer s.unlock()
	return os.RemoveAll(s.parts.dir)
}
