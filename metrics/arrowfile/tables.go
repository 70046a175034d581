package arrowfile

import (
	"fmt"
	"slices"
	"strings"
)

// Tables says which tables of its runs a sweep keeps: a set of the names that
// TableNames gives. The zero value keeps none of them; runs.arrow and summary.arrow,
// which are small, are always written.
type Tables uint16

// AllTables keeps everything.
const AllTables Tables = 1<<runsTable - 1

// The tables of a part, by number.
const (
	eventsTable = iota
	routesTable
	programmingTable
	sessionsTable
	convergenceTable
	flappingTable
	trafficTable
	shiftTable
	outagesTable
	runsTable
	partTables // how many there are
)

// tableNames are the names of the tables of a part, by number.
var tableNames = [partTables]string{
	EventsName, "routes", "programming", "sessions", "convergence", "flapping", "traffic", "shift", "outages", "runs",
}

// TableNames gives the names of the tables that a sweep may keep or leave out.
func TableNames() []string { return slices.Clone(tableNames[:runsTable]) }

// ParseTables reads names of tables with commas between them, "all" or "none".
func ParseTables(text string) (Tables, error) {
	switch strings.TrimSpace(text) {
	case "all":
		return AllTables, nil
	case "none":
		return 0, nil
	}
	var keep Tables
	for name := range strings.SplitSeq(text, ",") {
		i := slices.Index(tableNames[:runsTable], strings.TrimSpace(name))
		if i < 0 {
			return 0, fmt.Errorf("there is no table %q: give all, none, or some of %s", strings.TrimSpace(name), strings.Join(TableNames(), ","))
		}
		keep |= 1 << i
	}
	return keep, nil
}

// String gives the tables as ParseTables reads them.
func (t Tables) String() string {
	switch t & AllTables {
	case AllTables:
		return "all"
	case 0:
		return "none"
	}
	var names []string
	for i, name := range TableNames() {
		if t.has(i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// Brief tells whether a brief [metrics.Meter] makes all rows that are kept.
func (t Tables) Brief() bool {
	return !t.has(programmingTable) && !t.has(trafficTable) && !t.has(shiftTable)
}

// has tells whether a table is kept.
func (t Tables) has(table int) bool { return table == runsTable || t&(1<<table) != 0 }
