package main

import (
	"reflect"
	"testing"

	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// What a run of a sweep adds up to does not depend on which of its tables are kept,
// and a table that is kept has its rows, whatever was kept of the run before.
func TestTablesChangeNoFigure(t *testing.T) {
	e, err := scenarios.Find("active-passive")
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := scenarios.Load("active-passive", e.Text)
	if err != nil {
		t.Fatal(err)
	}
	run := func(tables string) *replication {
		t.Helper()
		keep, err := arrowfile.ParseTables(tables)
		if err != nil {
			t.Fatal(err)
		}
		var parts arrowfile.Parts
		p, err := replicate(t.Context(), s, runFlags{seed: 1, bus: "memory", text: unwritten()}, 0, parts.Begin(keep))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := run("all")
	for _, tables := range []string{"none", "traffic", "events,sessions", "shift", "routes", "programming"} {
		some := run(tables)
		for _, missing := range []struct {
			table     string
			some, all int
		}{
			{"traffic", len(some.tables.Traffic), len(all.tables.Traffic)},
			{"shift", len(some.tables.Shift), len(all.tables.Shift)},
			{"programming", len(some.tables.Programming), len(all.tables.Programming)},
		} {
			if missing.all == 0 || tables == missing.table && missing.some != missing.all {
				t.Errorf("--tables %s: %s has %d rows of %d", tables, missing.table, missing.some, missing.all)
			}
		}
		some.tables = all.tables
		if !reflect.DeepEqual(some, all) {
			t.Errorf("--tables %s changes\n%+v\nto\n%+v", tables, all, some)
		}
	}
}
