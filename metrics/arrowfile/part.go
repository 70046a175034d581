package arrowfile

import (
	"reflect"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"dualhome/metrics"
)

// InRun is a row of a table of a sweep: that of a run, and of which.
type InRun[T any] struct {
	Run int64 `arrow:"run"`
	Row T     `arrow:",inline"`
}

// Part is the rows of all tables of one run of a sweep, as columns. Parts of
// several runs can be made at once.
type Part struct{ tables []arrow.Record } // in the order of partTables

// partTables are the tables that a part has.
func partTables() []namedRow {
	return []namedRow{
		{EventsName, reflect.TypeFor[InRun[Line]]()},
		{"routes", reflect.TypeFor[InRun[metrics.Route]]()},
		{"programming", reflect.TypeFor[InRun[metrics.Programming]]()},
		{"sessions", reflect.TypeFor[InRun[metrics.Session]]()},
		{"convergence", reflect.TypeFor[InRun[metrics.Convergence]]()},
		{"flapping", reflect.TypeFor[InRun[metrics.Flapping]]()},
		{"traffic", reflect.TypeFor[InRun[metrics.Traffic]]()},
		{"shift", reflect.TypeFor[InRun[metrics.Shift]]()},
		{"outages", reflect.TypeFor[InRun[metrics.Outage]]()},
		{"runs", reflect.TypeFor[metrics.Run]()},
	}
}

// namedRow is a table and the type of its rows.
type namedRow struct {
	name string
	row  reflect.Type
}

// Parts makes parts, several at once. The zero value is ready. It keeps the builders
// of columns for the next run: to make them takes as long as to fill them.
type Parts struct{ idle sync.Pool }

// Begin begins the part of the run of that number.
func (p *Parts) Begin(run int64) *Lines {
	l, again := p.idle.Get().(*Lines)
	if !again {
		l = newLines(p)
	}
	l.run = run
	return l
}

// tableBuilder makes the columns of a table of one run, and then of the next.
type tableBuilder struct {
	columns []column
	rows    *array.RecordBuilder
	last    int   // rows of the run before
	bytes   []int // by column: of its texts
}

func newTableBuilder(row reflect.Type) *tableBuilder {
	columns := plain(columnsOf(row))
	return &tableBuilder{
		columns: columns, rows: array.NewRecordBuilder(memory.DefaultAllocator, schemaOf("", columns, Meta{})), bytes: make([]int, len(columns)),
	}
}

// reserve makes room for as much as the run before had. Runs of one scenario are
// much alike. There must be a row to come: the library cannot write room without any.
func (b *tableBuilder) reserve() {
	b.rows.Reserve(b.last)
	for i, n := range b.bytes {
		switch column := b.rows.Field(i).(type) {
		case *array.StringBuilder:
			column.ReserveData(n)
		case *array.BinaryBuilder:
			column.ReserveData(n)
		}
	}
}

// record gives the columns. The builder is empty then.
func (b *tableBuilder) record() arrow.Record {
	r := b.rows.NewRecord()
	b.last = int(r.NumRows())
	for i := range b.bytes {
		switch column := r.Column(i).(type) {
		case *array.String:
			b.bytes[i] = len(column.ValueBytes())
		case *array.Binary:
			b.bytes[i] = len(column.ValueBytes())
		}
	}
	return r
}

// addRows appends the rows of a table, each with its run.
func addRows[T any](b *tableBuilder, run int64, rows []T) {
	if len(rows) == 0 {
		return
	}
	b.reserve()
	of := InRun[T]{Run: run}
	at := reflect.ValueOf(&of).Elem()
	for _, row := range rows {
		of.Row = row
		b.append(at)
	}
}

// append takes a row.
func (b *tableBuilder) append(row reflect.Value) {
	for i, c := range b.columns {
		if v, ok := c.value(row); ok {
			put(b.rows.Field(i), v)
		} else {
			b.rows.Field(i).AppendNull()
		}
	}
}

// plain gives columns without dictionaries, as they are until all values are
// known.
func plain(columns []column) []column {
	all := slices.Clone(columns)
	for i := range all {
		all[i].dict = false
	}
	return all
}

// numbered gives columns with numbers where they have dictionaries, as they wait for
// those.
func numbered(columns []column) []column {
	all := plain(columns)
	for i := range all {
		all[i].numbered = columns[i].dict
	}
	return all
}

// release gives the memory of a part back.
func (p *Part) release() {
	for _, t := range p.tables {
		t.Release()
	}
}
