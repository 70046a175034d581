package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dualhome/metrics/arrowfile"
)

// exported is a folder of which something is exported.
type exported struct {
	*exportFlags
	dir   string
	sweep bool
}

// openExport looks at what a folder says of itself, and refuses what this program did
// not make, what is not complete, and what has no such table.
func (s *shell) openExport(dir string, f *exportFlags) (*exported, error) {
	x := &exported{f, dir, isOf(dir, "sweep.json")}
	name := "run.json"
	if x.sweep {
		name = "sweep.json"
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	switch {
	case isMissing(err) && isOf(dir, "traffic.json"):
		return nil, errHeld(dir, "it holds traffic that was recomputed: name the folder of the run")
	case isMissing(err):
		return nil, errHeld(dir, "it is no run folder and no sweep folder: it holds neither run.json nor sweep.json")
	case err != nil:
		return nil, err
	case x.sweep && !f.isText():
		return nil, errHeld(dir, "it holds many runs, and %s is of one: make one of them alone with --seed, or export a table of all with --format csv", f.format)
	}
	var says exportedJSON
	if err := json.Unmarshal(text, &says); err != nil {
		return nil, errHeld(dir, "%s: %v", name, err)
	}
	if err := says.usable(dir, name, f.partial); err != nil {
		return nil, err
	}
	if err := x.owns(says.Digest); err != nil {
		return nil, err
	}
	if says.Status != "complete" && !s.quiet {
		fmt.Fprintf(s.err, "%s: it is marked %s: not all that was to be in it happened\n", dir, says.Status)
	}
	return x, nil
}

// exportedJSON is what run.json or sweep.json says of its folder.
type exportedJSON struct {
	SchemaVersion int               `json:"schema_version"`
	Status        string            `json:"status"`
	Digest        string            `json:"digest"`
	Versions      map[string]string `json:"versions"`
}

func (e *exportedJSON) usable(dir, name string, partial bool) error {
	switch {
	case e.SchemaVersion != 1:
		return errHeld(dir, "%s has schema version %d; 1 is what this program reads; make it again with this one", name, e.SchemaVersion)
	case e.Versions["simulate"] != version:
		return errHeld(dir, "simulate %s wrote it, and this is %s, which may read its log otherwise; make it again", e.Versions["simulate"], version)
	case e.Status != "complete" && !partial:
		return errHeld(dir, "it is marked %s: not all that was to be in it happened; make it again, or take it as it is with --partial", e.Status)
	}
	return nil
}

// owns tells whether the tables that are wanted are there, and of this run.
func (x *exported) owns(digest string) error {
	wanted := []string{x.table}
	switch x.format {
	case "pcapng", "mrt":
		wanted = []string{arrowfile.EventsName}
	case "trace":
		wanted = []string{arrowfile.EventsName, "routes", "traffic"}
	}
	for _, table := range wanted {
		if x.isText() && !slices.Contains(x.tables(), table) {
			return usage("--table %s: %s has no such table%s", table, x.dir, hint(table, x.tables()))
		}
		meta, err := arrowfile.MetaOf(x.path(table), table)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return failed("%s: it holds no %s.arrow", x.dir, table)
		case errors.Is(err, arrowfile.ErrFile):
			return failed("%v", err)
		case err != nil:
			return err
		case meta.Digest != digest:
			return failed("%s: it is of another run: its digest is %s, not %s", x.path(table), meta.Digest, digest)
		}
	}
	return nil
}

// tables gives the names of the tables that the folder holds.
func (x *exported) tables() (names []string) {
	held, err := heldBy(x.dir)
	if err != nil {
		return nil
	}
	for _, e := range held {
		if name, is := strings.CutSuffix(e.Name(), ".arrow"); is && isOurs(e) {
			names = append(names, name)
		}
	}
	return names
}

// writeTo writes a file of a name that the user gave; those of runs stay.
func writeTo(name string, fill func(io.Writer) error) error {
	if ofRun(name) {
		return usage("--to %s: it is a file of a run, which stays as it is; choose another", name)
	}
	return writeOnce(name, fill)
}

// ofRun tells whether a name is that of a file of a run folder.
func ofRun(name string) bool {
	return isRun(filepath.Dir(name)) && slices.Contains(ours[:], filepath.Base(name))
}

// writeOnce writes a file, which is there whole or not at all: until then it has another
// name. What is no file, like a pipe or /dev/null, is written as it is.
func writeOnce(name string, fill func(io.Writer) error) error {
	if name == "-" {
		return usage("--to -: name a file; standard output is /dev/stdout where the system has that")
	}
	temp := filepath.Join(filepath.Dir(name), tempPrefix+owner()+"-"+filepath.Base(name))
	switch info, err := os.Stat(name); {
	case err == nil && info.IsDir():
		return usage("--to %s: it is a folder; name a file in it", name)
	case err == nil && !info.Mode().IsRegular():
		temp = name
	}
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return fmt.Errorf("--to %s: cannot write there: %w", name, reason(err))
	}
	err = errors.Join(fill(out), out.Close())
	if temp == name {
		return err
	}
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(temp))
	}
	return err
}

// reason gives why an operation on a file failed, without the name of the file.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
