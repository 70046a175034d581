package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this binary stand in for simulate: a script that executes it
// runs main, to the exit code.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simulate": main})
}

// TestScripts plays the stories of testdata/script. With SIMULATE_UPDATE=1 the
// outputs that they compare with are written again.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("SIMULATE_UPDATE") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "keys": keys, "same": same, "flip": flip, "half": half, "fill": fill, "empty": empty,
		},
	})
}

// exits CODE PROGRAM ARG... executes a program that must end with that code,
// and not with a panic.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if args[0] != strconv.Itoa(code) {
		ts.Fatalf("it exits with %d, not %s", code, args[0])
	}
	if err := ts.ReadFile("stderr"); strings.Contains(err, "goroutine ") {
		ts.Fatalf("it panics")
	}
}

// keys FILE prints the keys of a JSON object, a line each.
func keys(ts *testscript.TestScript, _ bool, args []string) {
	object := map[string]any{}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &object))
	_, err := fmt.Fprintln(ts.Stdout(), strings.Join(slices.Sorted(maps.Keys(object)), "\n"))
	ts.Check(err)
}

// same A B compares all files of two run folders, or sweep folders, byte by byte;
// of run.json and sweep.json, wall may differ.
func same(ts *testscript.TestScript, neg bool, args []string) {
	a, b := folderOf(ts, args[0]), folderOf(ts, args[1])
	if equal := maps.Equal(a, b); equal == neg {
		for name := range a {
			ts.Logf("%s: same: %v", name, a[name] == b[name])
		}
		ts.Fatalf("%s and %s: same: %v", args[0], args[1], equal)
	}
}

// folderOf reads the files of a folder, and takes wall out of run.json or
// sweep.json.
func folderOf(ts *testscript.TestScript, dir string) map[string]string {
	files, err := os.ReadDir(ts.MkAbs(dir))
	ts.Check(err)
	all := map[string]string{}
	for _, f := range files {
		all[f.Name()] = ts.ReadFile(filepath.Join(dir, f.Name()))
	}
	name := "run.json"
	if _, sweep := all["sweep.json"]; sweep {
		name = "sweep.json"
	}
	run := map[string]json.RawMessage{}
	ts.Check(json.Unmarshal([]byte(all[name]), &run))
	delete(run, "wall")
	rest, err := json.Marshal(run)
	ts.Check(err)
	all[name] = string(rest)
	return all
}

// flip FILE changes a byte in the middle of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	text[len(text)/2] ^= 0x55
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o666))
}

// half FILE cuts a file in the middle.
func half(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)/2]), 0o666))
}

// fill FILE N TEXT writes a file of N times a text, in which \x00 and the like
// are bytes.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text, err := strconv.Unquote(`"` + args[2] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(text, n)), 0o666))
}

// empty DIR tells that a folder holds nothing, not even hidden files.
func empty(ts *testscript.TestScript, _ bool, args []string) {
	held, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(held) > 0 {
		ts.Fatalf("%s holds %v", args[0], held)
	}
}
