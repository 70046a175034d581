package arrowfile

import (
	"iter"
	"reflect"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"dualhome/events"
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

// NewPart makes the part of a run: its row of runs.arrow, its tables and its
// log. It keeps none of them.
func NewPart(run metrics.Run, t *metrics.Tables, lines iter.Seq2[events.Line, error]) (*Part, error) {
	of := NewLines(run.Run)
	var line events.Line // one for all, so that not each is put on the heap
	for l, err := range lines {
		if line = l; err == nil {
			err = of.Add(&line)
		}
		if err != nil {
			return nil, err
		}
	}
	return of.Part(run, t)
}

// add makes the columns of the tables after the log.
func (p *Part) add(run metrics.Run, t *metrics.Tables) error {
	for _, err := range []error{
		addRows(p, run.Run, t.Routes), addRows(p, run.Run, t.Programming), addRows(p, run.Run, t.Sessions),
		addRows(p, run.Run, t.Convergence), addRows(p, run.Run, t.Flapping), addRows(p, run.Run, t.Traffic),
		addRows(p, run.Run, t.Shift), addRows(p, run.Run, t.Outages),
		add(p, withoutErrors(slices.Values([]metrics.Run{run}))),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func addRows[T any](p *Part, run int64, rows []T) error {
	return add(p, inRun(run, withoutErrors(slices.Values(rows))))
}

// inRun puts the run before each row.
func inRun[T any](run int64, rows iter.Seq2[T, error]) iter.Seq2[InRun[T], error] {
	return func(yield func(InRun[T], error) bool) {
		for row, err := range rows {
			if !yield(InRun[T]{run, row}, err) {
				return
			}
		}
	}
}

// add makes the columns of the next table.
func add[T any](p *Part, rows iter.Seq2[T, error]) error {
	columns := plain(columnsOf(reflect.TypeFor[T]()))
	schema := schemaOf("", columns, Meta{})
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for row, err := range rows {
		if err != nil {
			return err
		}
		of := reflect.ValueOf(&row).Elem()
		for i, c := range columns {
			if v, ok := c.value(of); ok {
				put(b.Field(i), v)
			} else {
				b.Field(i).AppendNull()
			}
		}
	}
	p.tables = append(p.tables, b.NewRecord())
	return nil
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

// release gives the memory of a part back.
func (p *Part) release() {
	for _, t := range p.tables {
		t.Release()
	}
}
