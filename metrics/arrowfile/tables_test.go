package arrowfile

import (
	"strings"
	"testing"
)

// Tables are read as they are written, and in any order.
func TestParseTables(t *testing.T) {
	for text, want := range map[string]string{
		"all": "all", " none ": "none", "events": "events", "outages, routes,events": "events,routes,outages",
		strings.Join(TableNames(), ","): "all",
	} {
		keep, err := ParseTables(text)
		if again, _ := ParseTables(keep.String()); err != nil || keep.String() != want || again != keep {
			t.Errorf("%q: %v (%v)", text, keep, err)
		}
	}
	for text, want := range map[string]string{"": `""`, "event": `"event"`, "routes,": `""`, "runs": `"runs"`, "all,routes": `"all"`} {
		if _, err := ParseTables(text); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "events,routes,") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if len(TableNames()) != runsTable || Tables(0).String() != "none" || !Tables(0).has(runsTable) || Tables(0).has(eventsTable) {
		t.Error("none keeps only what is always kept")
	}
}
