package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
			return "", nil, usage("%v\nIt is no file either. 'simulate list' shows the library.", unknown)
		}
	}
	text, err = readBounded(arg)
	return arg, text, err
}

// largestFile is what is read at all; Load refuses much smaller ones already.
const largestFile = 64 << 20

// readBounded reads a file of bounded size.
func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("%s: there is no such file", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, usage("%s: it is a folder; a scenario is a YAML file", path)
	case info.Size() > largestFile:
		return nil, usage("%s: it has %d bytes; no scenario has", path, info.Size())
	}
	return os.ReadFile(path)
}

// load reads and checks a scenario, and shows what is probably not meant.
func (s *shell) load(arg string, set []string) (*scenarios.Scenario, error) {
	file, text, err := readScenario(arg)
	if err != nil {
		return nil, err
	}
	scenario, warnings, err := scenarios.Load(file, text, set...)
	if !s.quiet {
		for _, w := range warnings {
			fmt.Fprintln(s.err, w)
		}
	}
	return scenario, err
}
