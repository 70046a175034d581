package scenarios

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"strings"
	"time"

	"dualhome/sim"
)

// Files reads a file that a distribution names, file(delays.csv, programming_s), or
// that is the design of a scenario. Path is as it is written, where a design names it
// behind the folder of that design; override tells that it stands in an override, and
// not in the scenario's file, so that it may be relative to something else. It gives the
// file's text, of at most MaxFile bytes and one more, and its name for messages.
type Files func(path string, override bool) (name string, text []byte, err error)

// MaxFile is how many bytes a file has at most that a scenario names, as the scenario's
// own.
const MaxFile = 32 << 20

// MaxSampleFile is how many bytes a file of samples has at most, and maxSamples how
// many samples: the log of each run holds all of them.
const (
	MaxSampleFile = 1 << 20
	maxSamples    = 10_000
)

// sampleFiles knows the files of a scenario that were read, each once.
type sampleFiles struct {
	read   Files
	report *report
	known  map[sampleFile]samples
}

// sampleFile is what names samples: a file, and the column of a CSV; empty: each
// line is a sample.
type sampleFile struct {
	path, column string
	override     bool
}

// samples are those of a file; none: it could not be read, which is reported.
type samples []time.Duration

// named tells whether a value names a file.
func (f *sampleFiles) named(n *node) bool {
	return f != nil && f.read != nil && n.kind == text && strings.HasPrefix(strings.TrimSpace(n.text), "file(")
}

// samples decodes file(path) or file(path, column) into an empirical distribution.
func (d decoder) samples(n *node, v reflect.Value, s *shape, key string) {
	inside, closed := strings.CutSuffix(strings.TrimPrefix(strings.TrimSpace(n.text), "file("), ")")
	name, column, _ := strings.Cut(inside, ",")
	from := n.src
	if n.given != nil {
		from = n.given
	}
	of := sampleFile{strings.TrimSpace(name), strings.TrimSpace(column), from.overrides()}
	if of.path != "" {
		of.path = from.beside(of.path)
	}
	switch {
	case !closed:
		d.fail(n, fmt.Sprintf("%q: no closing parenthesis", n.text), "like file(samples.txt)")
		return
	case of.path == "" || strings.Contains(column, ",") || of.column == "" && strings.Contains(inside, ","):
		d.fail(n, n.text+" names no file, or more than a file and a column", "like file(samples.txt), or file(results.csv, programming_s) for a column of a CSV")
		return
	}
	values := d.files.of(n, of)
	if len(values) == 0 {
		n.bad = true
		return
	}
	dist := sim.Empirical(values...).From(of.source())
	if c, ok := errors.AsType[complaint](s.check(dist, n.text, key)); ok {
		d.fail(n, c.message, c.hint)
		return
	}
	v.Set(reflect.ValueOf(dist))
}

// source names the samples in the resolved scenario: the file without its folder,
// and the column.
func (f sampleFile) source() string {
	name := sim.Source(path.Base(strings.ReplaceAll(f.path, `\`, "/")))
	if f.column == "" {
		return name
	}
	return name + " " + sim.Source(f.column)
}

// of gives the samples that n names.
func (f *sampleFiles) of(n *node, of sampleFile) samples {
	if known, again := f.known[of]; again {
		return known
	}
	if f.known == nil {
		f.known = map[sampleFile]samples{}
	}
	f.known[of] = f.load(n, of)
	return f.known[of]
}

func (f *sampleFiles) load(n *node, of sampleFile) samples {
	name, text, err := f.read(of.path, of.override)
	if err != nil {
		f.report.error(n, err.Error(), "a path is relative to the scenario's file; with --set, or of a scenario of the library, to where you are")
		return nil
	}
	in := &sampleText{src: newSource(name, text), report: f.report}
	switch at, what := junk(in.src, text); {
	case len(text) > MaxSampleFile:
		f.report.error(n, fmt.Sprintf("%s: it has more than %d bytes", name, MaxSampleFile), fmt.Sprintf("at most %d samples are read", maxSamples))
		return nil
	case what != "":
		in.fail(at.line, at.col, what, "samples are text in UTF-8")
		return nil
	}
	if of.column == "" {
		in.lines()
	} else {
		in.csv(text, of.column)
	}
	if len(in.values) == 0 && !in.bad {
		in.fail(1, 1, "there are no samples", "write a duration with its unit in each line, like 1.77s")
	}
	if in.bad {
		return nil
	}
	return in.values
}
