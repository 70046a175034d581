package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// manifest says all that the runs of a sweep follow from (plan.json): whoever has it
// makes the same runs, on this machine later, or on another one now.
type manifest struct {
	SchemaVersion int               `json:"schema_version"` // 1
	Version       string            `json:"version"`        // of simulate
	Revision      string            `json:"revision"`       // of its source; empty: nobody knows
	Arch          string            `json:"arch"`           // floating point is not the same on all
	File          string            `json:"file"`           // the scenario file
	Text          string            `json:"text"`           // what it holds
	Files         map[string]string `json:"files"`          // that the scenario names: what they hold
	Set           []string          `json:"set"`            // as --set
	Axes          []string          `json:"axes"`           // of the command line
	Sampling      string            `json:"sampling"`       // as --sampling
	Samples       int               `json:"samples"`        // as --samples; 0: not given
	Seeds         int               `json:"seeds"`          // of each point
	Seed          uint64            `json:"seed"`           // the first
	Drill         string            `json:"drill"`          // as --drill
	Tables        string            `json:"tables"`         // as --tables
}

// newManifest begins the manifest of a sweep; the files are noted while they are read.
func newManifest(file string, text []byte, f *sweepFlags) *manifest {
	return &manifest{
		SchemaVersion: 1, Version: version, Revision: revision(), Arch: runtime.GOARCH, File: file, Text: string(text), Files: map[string]string{},
		Set: nonNil(f.set), Axes: nonNil(f.axes), Sampling: f.sampling, Samples: f.samples, Seeds: f.seeds, Seed: f.seed,
		Drill: f.drill, Tables: f.tables.String(),
	}
}

func nonNil(words []string) []string { return append([]string{}, words...) }

// noting reads files and notes what they hold.
func (m *manifest) noting(read scenarios.Files) scenarios.Files {
	return func(path string, override bool) (string, []byte, error) {
		name, text, err := read(path, override)
		if err == nil {
			m.Files[m.key(path, override)] = name + "\n" + string(text)
		}
		return name, text, err
	}
}

// noted gives the files that were noted.
func (m *manifest) noted(path string, override bool) (name string, text []byte, err error) {
	held, found := m.Files[m.key(path, override)]
	if !found {
		return path, nil, fmt.Errorf("%s: the sweep did not have this file", path)
	}
	name, rest, _ := strings.Cut(held, "\n")
	return name, []byte(rest), nil
}

// key tells a file that the scenario names from one of the command line, which may be
// relative to another folder.
func (m *manifest) key(path string, override bool) string {
	if override {
		return "-m " + path
	}
	return path
}

// plan makes the plan of the sweep.
func (m *manifest) plan(files scenarios.Files) (*scenarios.Plan, []scenarios.Problem, error) {
	return scenarios.LoadPlan(files, m.File, []byte(m.Text), scenarios.PlanOptions{
		Axes: m.Axes, Set: m.Set, Sampling: m.Sampling, Samples: m.Samples, Seeds: m.Seeds, Seed: m.Seed,
	})
}

// campaign gives the runs of a plan of this manifest.
func (m *manifest) campaign(p *scenarios.Plan, f runFlags) (*campaign, error) {
	keep, err := arrowfile.ParseTables(m.Tables)
	if err != nil {
		return nil, err
	}
	return &campaign{
		points: len(p.Points), seeds: p.Seeds, size: blockRuns(len(p.Points) * p.Seeds), first: m.Seed, flags: f, keep: keep,
		scenario: func(point int) (*scenarios.Scenario, []byte, error) {
			s, _, err := p.Scenario(point)
			if err == nil && m.Drill != "" {
				s, err = s.Drill(m.Drill)
			}
			if err != nil {
				return nil, nil, err
			}
			text, err := s.Marshal()
			return s, text, err
		},
	}, nil
}

// identity is a name that no other sweep has.
func (m *manifest) identity() string {
	sum := sha256.Sum256(m.bytes())
	return hex.EncodeToString(sum[:16])
}

func (m *manifest) bytes() []byte {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // it holds texts and numbers
	}
	return text
}

// runnable refuses what this program would make other runs of.
func (m *manifest) runnable() error {
	switch {
	case m.SchemaVersion != 1 || m.Version != version:
		return fmt.Errorf("the sweep is of simulate %s, and this is %s: its runs could go otherwise", cmp.Or(m.Version, "an unknown version"), version)
	case differ(m.Revision, revision()):
		return fmt.Errorf("the sweep is of simulate at revision %s, and this is at %s: its runs could go otherwise", m.Revision, revision())
	case m.Arch != runtime.GOARCH:
		return fmt.Errorf("the sweep is of %s machines, and this is %s: the last digits of its figures could differ", m.Arch, runtime.GOARCH)
	}
	return nil
}

// revision names the source that this program was built of, as far as it knows: go run
// and go test do not say.
func revision() string {
	of, modified := "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				of = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = "+changes"
			}
		}
	}
	if of == "" {
		return ""
	}
	return of + modified
}

// differ tells whether two revisions are known to be others.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// readManifest reads a manifest. An error that wraps fs.ErrNotExist: there is none.
func readManifest(file string) (*manifest, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := &manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

// differences says in what a sweep that is there is another than the one that is asked
// for: a line for each thing.
func (m *manifest) differences(now *manifest) (lines []string) {
	tell := func(what string, was, is any) {
		if was, is := fmt.Sprint(was), fmt.Sprint(is); was != is {
			lines = append(lines, fmt.Sprintf("%s: it was %s, now it is %s", what, cmp.Or(was, "none"), cmp.Or(is, "none")))
		}
	}
	tell("version of simulate", m.Version, now.Version)
	if differ(m.Revision, now.Revision) {
		tell("revision of simulate", m.Revision, now.Revision)
	}
	tell("processor", m.Arch, now.Arch)
	lines = append(lines, differentLines(m.File, m.Text, now.Text)...)
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if now.Files[name] != m.Files[name] {
			lines = append(lines, name+": it holds something else now, or is not read any more")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now.Files)) {
		if _, known := m.Files[name]; !known {
			lines = append(lines, name+": it was not read before")
		}
	}
	tell("--set", strings.Join(m.Set, " "), strings.Join(now.Set, " "))
	tell("-m", strings.Join(m.Axes, " "), strings.Join(now.Axes, " "))
	tell("--sampling", m.Sampling, now.Sampling)
	tell("--samples", m.Samples, now.Samples)
	tell("--seeds", m.Seeds, now.Seeds)
	tell("--seed", m.Seed, now.Seed)
	tell("--drill", m.Drill, now.Drill)
	tell("--tables", m.Tables, now.Tables)
	return lines
}

// differentLines shows the first lines in which two texts differ.
func differentLines(file, was, is string) (lines []string) {
	if was == is {
		return nil
	}
	const shown = 5
	before, after := strings.Split(was, "\n"), strings.Split(is, "\n")
	same := 0
	for same < len(before) && same < len(after) && before[same] == after[same] {
		same++
	}
	end := 0
	for end < len(before)-same && end < len(after)-same && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	lines = append(lines, fmt.Sprintf("%s:%d: it differs from here on:", file, same+1))
	for _, part := range []struct {
		mark string
		text []string
	}{{"- ", before[same : len(before)-end]}, {"+ ", after[same : len(after)-end]}} {
		for i, l := range part.text {
			if i == shown {
				lines = append(lines, part.mark+fmt.Sprintf("… and %d lines more", len(part.text)-shown))
				break
			}
			lines = append(lines, part.mark+l)
		}
	}
	return lines
}

// write puts a manifest into a folder.
func (m *manifest) write(dir string) error {
	return writeWhole(filepath.Join(dir, manifestName), m.bytes())
}

const manifestName = "plan.json"

// writeWhole writes a file that is there whole, or not.
func writeWhole(name string, text []byte) error {
	temp := name + ".tmp"
	err := os.WriteFile(temp, text, 0o666)
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		if gone := os.Remove(temp); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}
