package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// update tells whether to write the generated and the expected files anew
// (SIMULATE_UPDATE=1, make golden).
var update = os.Getenv("SIMULATE_UPDATE") != ""

// golden compares got with a file, or writes it with SIMULATE_UPDATE=1.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what it should be now (make golden writes it); got:\n%s", file, got)
	}
}

// The committed schema and reference are those of the model.
func TestGenerated(t *testing.T) {
	schema, err := generateSchema()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "schema.json", schema)
	golden(t, "../docs/reference/scenario.md", []byte(Reference()))
	golden(t, "../docs/reference/options.md", []byte(OptionsReference()))
}

// What any scenario of the library assumes, alone or in a drill, is in the reference of
// options, with its grade and source.
func TestOptionsReferenceIsWhole(t *testing.T) {
	reference, met := OptionsReference(), 0
	for _, e := range Library() {
		s, _, err := Load(e.Name, e.Text)
		if err != nil {
			t.Fatal(err)
		}
		all := s.Assumptions()
		for _, drill := range s.Drills {
			one, err := s.Drill(drill.Name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, one.Assumptions()...)
		}
		for _, a := range all {
			if row := fmt.Sprintf(" %s |", tableCell(a.Source)); !strings.Contains(reference, row) {
				t.Errorf("%s assumes %v, which the reference does not have", e.Name, a)
			}
			met++
		}
	}
	if met < 500 {
		t.Errorf("the library assumes only %d things", met)
	}
}
