package arrowfile

// docs/reference/files.md is made of the files themselves: each table is written as a
// run writes it, and read back with its types; what the columns mean is said by the
// comments on the fields that they are made of. Keys of JSON files come from the tags
// and comments of their structs.

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"dualhome/metrics"
)

//go:generate env SIMULATE_UPDATE=1 go test . -count=1 -run TestReference

// described is a table of the reference.
type described struct{ name, row string }

// tablesOfRun gives the tables of a run folder in the order of the reference; sweepTables
// those that only a sweep folder has.
func tablesOfRun() []described {
	return []described{
		{"events", "arrowfile.Line"},
		{"routes", "metrics.Route"},
		{"programming", "metrics.Programming"},
		{"sessions", "metrics.Session"},
		{"convergence", "metrics.Convergence"},
		{"flapping", "metrics.Flapping"},
		{"traffic", "metrics.Traffic"},
		{"shift", "metrics.Shift"},
		{"outages", "metrics.Outage"},
	}
}

func sweepTables() []described {
	return []described{{"runs", "metrics.Run"}, {"summary", "metrics.SummaryRow"}, {"sensitivity", "metrics.SensitivityRow"}}
}

func TestReference(t *testing.T) {
	s := readSources(t)
	var b bytes.Buffer
	b.WriteString(filesHead)
	b.WriteString("\n## A run folder\n\n`runs/<scenario>/<seed>`, or what `--out` says. `simulate report` adds `report.html`, or with `--format svg` `report.svg`.\n")
	s.json(&b, "run.json", "the run", "cmd.runJSON")
	b.WriteString("\n### scenario.yaml\n\nThe resolved scenario: parameters, overrides and defaults are in it, samples too. It runs again as it is.\n")
	run := folderOfRun(t)
	for _, d := range tablesOfRun() {
		s.table(&b, d, schemaIn(t, run, d.name))
	}
	b.WriteString(sweepHead)
	s.json(&b, "sweep.json", "the sweep", "cmd.sweepJSON")
	s.json(&b, "plan.json", "all that the runs follow from, on this machine or on another one; of `sweep` alone", "cmd.manifest")
	sweep := folderOfSweep(t)
	for _, d := range sweepTables() {
		s.table(&b, d, schemaIn(t, sweep, d.name))
	}
	b.WriteString(trafficHead)
	s.json(&b, "traffic.json", "of which run the tables are", "cmd.trafficJSON")
	s.sameInSweeps(t, run, sweep)

	file := filepath.Join("..", "..", "docs", "reference", "files.md")
	if os.Getenv("SIMULATE_UPDATE") != "" {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(file); err != nil || !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s is not what it should be now (go generate writes it): %v", file, err)
	}
}

const filesHead = `# Files

<!-- Generated from the files themselves and from the comments on their fields by go generate ./metrics/arrowfile. Do not edit. -->

Tables are [Arrow](https://arrow.apache.org) IPC files, compressed with zstd, in batches of 65,536 rows. Any Arrow reader opens them. For the
same scenario, seed, version and processor they are equal to the byte, whatever the bus, the number of cores and the day.

- Times and durations are whole nanoseconds of virtual time. ` + "`t_ns`" + ` counts from the start of the run; the durations of a disturbance from that.
- A name or a word from a short list is dictionary-encoded, with one dictionary a file, sorted. polars and pandas read it as categorical.
- *null* says where a value may be missing: it did not happen, or does not apply. A large number is never used for that.
- Numbers are int64, shares and estimates are double.
- ` + "`root`" + ` is the ` + "`seq`" + ` of the disturbance, so that tables join on it. 0 is the start of the run, and has no row in ` + "`convergence.arrow`" + `.

The metadata of each schema says what the file is:

| key | value |
|---|---|
| ` + "`simulate.schema`" + ` | the name of the table |
| ` + "`simulate.schema_version`" + ` | ` + version + `; it changes when a column changes its meaning |
| ` + "`simulate.scenario`" + ` | the name of the scenario |
| ` + "`simulate.seed`" + ` | of the run; of a sweep the first |
| ` + "`simulate.digest`" + ` | of the log; of a sweep over the digests of its runs |

A file is whole or not there: it is written under another name and renamed. It ends with a checksum behind what other readers look at;
` + "`simulate`" + ` refuses a file that was damaged, or that another program wrote anew.

What the measures mean exactly is in [measures](../explanation/measures.md).
`

const sweepHead = `
## A sweep folder

` + "`runs/<scenario>/sweep`, `runs/<scenario>/seeds-N` or `runs/<scenario>/until-ci-P`" + `. It holds ` + "`scenario.yaml`" + ` (of ` + "`sweep`" + ` the text of the
file as it was; of ` + "`--seeds`" + ` the resolved scenario), and the tables of a run, each with one column more before the others:

| column | type | null | unit | meaning |
|---|---|---|---|---|
| ` + "`run`" + ` | int64 | | | which run it is, as in ` + "`runs.arrow`" + ` |

` + "`--tables`" + ` leaves some of them out. ` + "`runs.arrow`, `summary.arrow`" + ` have columns for the parameters of their point too, behind the others:
` + "`param.NAME`" + `, the value as written (dictionary), and ` + "`value.NAME`" + `, where all values of a parameter are numbers of one kind (double: ns, bit/s,
bytes or plain). They are null where a point leaves what the scenario has.
`

const trafficHead = `
## What ` + "`simulate traffic --out`" + ` writes

` + "`convergence.arrow`, `traffic.arrow`, `shift.arrow` and `outages.arrow`" + ` as above, ` + "`traffic.yaml`" + `, the traffic that was measured, and:
`

// table describes a table, whose schema was read from a file.
func (s *sources) table(b *bytes.Buffer, d described, schema *arrow.Schema) {
	row := s.structs[d.row]
	fmt.Fprintf(b, "\n### %s.arrow\n\n%s\n\n| column | type | null | unit | meaning |\n|---|---|---|---|---|\n", d.name, row.rowDoc(d.name))
	for _, column := range schema.Fields() {
		if column.Name == "run" && d.name != "runs" || strings.HasPrefix(column.Name, "param.") || strings.HasPrefix(column.Name, "value.") {
			continue
		}
		f := s.field(d.row, "arrow", column.Name)
		null := ""
		if f.null {
			null = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", column.Name, typeText(column.Type), null, unitOf(d.name, column.Name, column.Type), cellText(f.doc))
	}
}

// typeText names an Arrow type as its readers do.
func typeText(t arrow.DataType) string {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return "dictionary of " + typeText(t.ValueType)
	case *arrow.ListType:
		return "list of " + typeText(t.Elem())
	case *arrow.StringType:
		return "string"
	case *arrow.Float64Type:
		return "double"
	}
	return t.Name()
}

// unitOf gives the unit of a column: its name says it.
func unitOf(table, column string, t arrow.DataType) string {
	number := t.ID() == arrow.INT64 || t.ID() == arrow.FLOAT64
	switch {
	case !number:
		return ""
	case strings.HasSuffix(column, "_ns"):
		return "ns"
	case strings.HasSuffix(column, "_bps"):
		return "bit/s"
	case strings.HasSuffix(column, "_bytes"):
		return "bytes"
	case strings.HasPrefix(column, "share") || column == "p":
		return "0 to 1"
	case t.ID() == arrow.FLOAT64 && (table == "summary" || table == "sensitivity"):
		return "of the measure"
	}
	return ""
}

// folderOfRun writes all tables of a run.
func folderOfRun(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := WriteRun(dir, tables(), meta()); err != nil {
		t.Fatal(err)
	}
	if err := WriteEvents(filepath.Join(dir, "events.arrow"), seqOf(someLines()), meta()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// folderOfSweep writes all tables of a sweep.
func folderOfSweep(t *testing.T) string {
	t.Helper()
	_, dir := sweepOf(t, 1, 2, 1)
	if err := Write(filepath.Join(dir, "sensitivity.arrow"), "sensitivity", []metrics.SensitivityRow{{}}, meta()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// schemaIn reads the schema of a table of a folder, and checks its metadata.
func schemaIn(t *testing.T, dir, table string) *arrow.Schema {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, table+".arrow"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := ipc.NewFileReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	keys := r.Schema().Metadata().Keys()
	if want := []string{"simulate.schema", "simulate.schema_version", "simulate.scenario", "simulate.seed", "simulate.digest"}; !slices.Equal(keys, want) {
		t.Errorf("%s.arrow: its metadata has the keys %q, not %q", table, keys, want)
	}
	return r.Schema()
}

// sameInSweeps checks that the tables of runs have one column more in a sweep, and that
// no table is left out.
func (s *sources) sameInSweeps(t *testing.T, run, sweep string) {
	t.Helper()
	for _, d := range tablesOfRun() {
		one, many := schemaIn(t, run, d.name).Fields(), schemaIn(t, sweep, d.name).Fields()
		if many[0].Name != "run" || !slices.EqualFunc(one, many[1:], func(a, b arrow.Field) bool { return a.Equal(b) }) {
			t.Errorf("%s.arrow: a sweep has %v, a run %v", d.name, many, one)
		}
	}
	files, err := filepath.Glob(filepath.Join(sweep, "*.arrow"))
	if want := len(tablesOfRun()) + len(sweepTables()); err != nil || len(files) != want {
		t.Errorf("a sweep has %d tables, %d are described (%v)", len(files), want, err)
	}
}
