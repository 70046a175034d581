package scenarios

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever the bytes, Load answers; what it takes, Marshal gives back.
func FuzzLoad(f *testing.F) {
	for _, e := range Library() {
		f.Add(e.Text, "hold=15s")
	}
	bad, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(bad, "testdata/everything.yaml", "testdata/plain.yaml", "testdata/active-passive.resolved.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "nvas[nva1].roles=[firewall]")
	}
	f.Fuzz(func(t *testing.T, text []byte, set string) {
		for _, overrides := range [][]string{nil, {set}} {
			if s, _, err := Load("fuzz.yaml", text, overrides...); err == nil {
				roundTrip(t, s)
			}
		}
	})
}
