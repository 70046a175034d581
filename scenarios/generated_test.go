package scenarios

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the generated and the expected files anew")

// golden compares got with a file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
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
		t.Errorf("%s is not what it should be now (go test ./scenarios -update writes it); got:\n%s", file, got)
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
