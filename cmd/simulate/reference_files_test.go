package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every file of the folders that the commands write, and every key of their JSON files,
// is in docs/reference/files.md.
func TestFilesAreDescribed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "files.md"))
	if err != nil {
		t.Fatal(err)
	}
	reference := string(text)
	one, other, seeds, sweep := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	for _, args := range [][]string{
		{"active-passive", "--out", one},
		{"traffic", one, "--out", other},
		{"active-passive", "--until-ci", "50%", "--out", seeds},
		{"sweep", "active-passive", "-m", "hold=30s,60s", "nvas[nva2].asn=65002,65001x", "--seeds", "2", "--out", sweep},
	} {
		if code := run(context.Background(), append(args, "--quiet", "--force"), io.Discard, io.Discard); code != exitFine && args[0] != "sweep" {
			t.Fatalf("%q: exit code %d", args, code)
		}
	}
	for _, dir := range []string{one, other, seeds, sweep} {
		files, err := os.ReadDir(dir)
		if err != nil || len(files) < 5 {
			t.Fatalf("%s: %d files (%v)", dir, len(files), err)
		}
		for _, f := range files {
			describedFile(t, reference, filepath.Join(dir, f.Name()))
		}
	}
}

// describedFile checks that a file has a section, or is named in one, and its keys.
func describedFile(t *testing.T, reference, file string) {
	t.Helper()
	name := filepath.Base(file)
	if !strings.Contains(reference, "\n### "+name+"\n") && !strings.Contains(reference, "`"+name+"`") {
		t.Errorf("%s is in a folder, and not in the reference", name)
	}
	if filepath.Ext(name) != ".json" {
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(reference, "\n### "+name+"\n")
	section, _, _ = strings.Cut(section, "\n### ")
	describedKeys(t, name, section, "", root)
}

// describedKeys checks that all keys are in a section; what is named by the user (params,
// files, versions) is no key.
func describedKeys(t *testing.T, name, section, path string, value any) {
	t.Helper()
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			describedKeys(t, name, section, path+"[]", one)
		}
	case map[string]any:
		if regexp.MustCompile("\\| `" + regexp.QuoteMeta(path) + "` \\| object: ").MatchString(section) {
			return
		}
		for key, one := range v {
			of := strings.TrimPrefix(path+"."+key, ".")
			if !strings.Contains(section, "\n| `"+of+"` |") {
				t.Errorf("%s: %s is not in the reference", name, of)
			}
			describedKeys(t, name, section, of, one)
		}
	}
}
