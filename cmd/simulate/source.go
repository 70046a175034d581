package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"dualhome/scenarios"
)

// readScenario gives the text of a scenario of the library, or of a file. What
// looks like a path is one: it has a separator or ends in .yaml or .yml.
func readScenario(arg string) (file string, text []byte, err error) {
	path := strings.ContainsRune(arg, filepath.Separator) || strings.ContainsRune(arg, '/') ||
		strings.HasSuffix(arg, ".yaml") || strings.HasSuffix(arg, ".yml")
	if !path {
		entry, unknown := scenarios.Find(arg)
		if unknown == nil {
			return entry.Name + ".yaml", []byte(entry.Text), nil
		}
		if _, err := os.Stat(arg); err != nil {
			if near := nearCommands(arg); near != "" {
				return "", nil, usage("%v\nIt is no file and no command either; did you mean %s? See 'simulate list' and 'simulate --help'.", unknown, near)
			}
			return "", nil, usage("%v\nIt is no file and no command either: see 'simulate list' and 'simulate --help'.", unknown)
		}
	}
	text, err = readBounded(arg)
	return arg, text, err
}

// largestFile is what is read at all; Load refuses much smaller ones already.
const largestFile = 64 << 20

// readBounded reads a file of bounded size. A device or a pipe (/dev/stdin) does
// not tell its size beforehand.
func readBounded(path string) (text []byte, err error) {
	info, err := os.Stat(path)
	switch {
	case isMissing(err):
		return nil, usage("%s: there is no such file", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, usage("%s: it is a folder; a scenario is a YAML file", path)
	}
	text, err = readMost(path, largestFile+1)
	if err == nil && len(text) > largestFile {
		return nil, usage("%s: it has more than %d bytes; no scenario has", path, largestFile)
	}
	return text, err
}

// readMost reads a file, or what it begins with.
func readMost(path string, bytes int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return io.ReadAll(io.LimitReader(f, bytes))
}

// filesBeside reads the files that a scenario names: relative to its own, or where it
// is of the library (its file is not what was asked for), and for --set, relative to
// where the user is.
func filesBeside(arg, file string) scenarios.Files {
	return func(path string, override bool) (name string, text []byte, err error) {
		if arg == file && !override && !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file), path)
		}
		info, err := os.Stat(path)
		switch {
		case isMissing(err):
			return path, nil, fmt.Errorf("%s: there is no such file", path)
		case err != nil:
			return path, nil, err
		case info.IsDir():
			return path, nil, fmt.Errorf("%s: it is a folder, and no file", path)
		case !info.Mode().IsRegular():
			return path, nil, fmt.Errorf("%s: it is no regular file", path)
		}
		text, err = readMost(path, scenarios.MaxFile+1)
		return path, text, err
	}
}

// isMissing tells whether a path leads nowhere: also one below a file.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// loadUnlessStopped is load for a command that a Ctrl-C can stop meanwhile.
func (s *shell) loadUnlessStopped(ctx context.Context, p *progress, arg string, set []string) (*scenarios.Scenario, error) {
	defer p.onInterrupt(ctx, func() string {
		return "interrupted: stopping when the scenario is read; nothing is written; another Ctrl-C kills"
	})()
	scenario, err := s.load(arg, set)
	return scenario, errors.Join(err, ctx.Err())
}

// load reads and checks a scenario, and shows what is probably not meant.
func (s *shell) load(arg string, set []string) (*scenarios.Scenario, error) {
	file, text, err := readScenario(arg)
	if err != nil {
		return nil, err
	}
	scenario, warnings, err := scenarios.LoadWith(filesBeside(arg, file), file, text, set...)
	if !s.quiet {
		for _, w := range warnings {
			fmt.Fprintln(s.err, w)
		}
	}
	return scenario, err
}
