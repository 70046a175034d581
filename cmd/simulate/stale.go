package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// staleAfter is the age at which a temporary folder is stale whose owner cannot be
// asked for: one of another machine, or of no name of ours.
const staleAfter = 24 * time.Hour

// owner names this process on this machine, for the names of temporary folders.
func owner() string { return machine() + "-" + strconv.Itoa(os.Getpid()) }

// machine gives the name of this machine; a shared file system may be written from
// several.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' {
			return c
		}
		return '_'
	}, name)
}

// removeStale removes what runs into this folder left when they were killed: beside
// it, and in it. It is no error if that fails.
func (f *folder) removeStale() {
	for where, prefix := range map[string]string{filepath.Dir(f.path): "." + filepath.Base(f.path) + tempPrefix, f.path: tempPrefix} { // order-free
		held, err := os.ReadDir(where)
		if err != nil {
			continue
		}
		for _, e := range held {
			owned, left := strings.CutPrefix(e.Name(), prefix)
			if path := filepath.Join(where, e.Name()); left && e.IsDir() && f.isStale(path, owned) {
				_ = os.RemoveAll(path) // the next run may
			}
		}
	}
}

// isStale tells whether nobody writes a temporary folder any more. One that holds
// a run which was being replaced is kept while nothing stands in its place, and so
// is one with anything that is not ours.
func (f *folder) isStale(path, owned string) bool {
	owned, replaced := strings.CutSuffix(owned, ".old")
	if replaced && !isRun(f.path) {
		return false
	}
	held, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	newest := changed(path)
	for _, e := range held {
		if !isOurs(e) && (e.IsDir() || !strings.HasSuffix(e.Name(), ".tmp")) {
			return false
		}
		if at := changed(filepath.Join(path, e.Name())); at.After(newest) {
			newest = at
		}
	}
	if words := strings.Split(owned, "-"); len(words) == 3 && words[0] == machine() {
		if pid, err := strconv.Atoi(words[1]); err == nil && pid > 0 {
			return !isAlive(pid)
		}
	}
	return time.Since(newest) > staleAfter
}

// changed gives when a file was written last; now, where nobody knows.
func changed(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Now()
	}
	return info.ModTime()
}

// isAlive tells whether there is a process of that number. In doubt there is.
func isAlive(pid int) bool {
	p, err := os.FindProcess(pid) // on Windows, an error if there is none
	if err != nil {
		return false
	}
	defer func() { _ = p.Release() }() // nothing depends on it
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, fs.ErrNotExist)
}
