package scenarios

import (
	"bytes"
	"os"
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
}
