package arrowfile

import (
	"encoding/binary"
	"reflect"

	"dualhome/metrics"
)

// InRun is a row of a table of a sweep: that of a run, and of which.
type InRun[T any] struct {
	Run int64 `arrow:"run"`
	Row T     `arrow:",inline"`
}

// partTypes gives the types of the rows of the tables of a part, by number.
func partTypes() [partTables]reflect.Type {
	return [partTables]reflect.Type{
		reflect.TypeFor[InRun[Line]](), reflect.TypeFor[InRun[metrics.Route]](), reflect.TypeFor[InRun[metrics.Programming]](),
		reflect.TypeFor[InRun[metrics.Session]](), reflect.TypeFor[InRun[metrics.Convergence]](), reflect.TypeFor[InRun[metrics.Flapping]](),
		reflect.TypeFor[InRun[metrics.Traffic]](), reflect.TypeFor[InRun[metrics.Shift]](), reflect.TypeFor[InRun[metrics.Outage]](),
		reflect.TypeFor[metrics.Run](),
	}
}

// rowCells are the rows of a table of a block.
type rowCells[T any] struct {
	row     *T // the one that is being written
	columns []column
	cells   []cells // by column
	put     []func()
	rows    int
}

func newRowCells[T any]() *rowCells[T] {
	r := &rowCells[T]{row: new(T), columns: columnsOf(reflect.TypeFor[T]())}
	r.cells = make([]cells, len(r.columns))
	at := reflect.ValueOf(r.row).Elem()
	for i, c := range r.columns {
		r.put = append(r.put, r.cells[i].of(at.FieldByIndex(c.index).Addr().Interface()))
	}
	return r
}

// add writes a row.
func (r *rowCells[T]) add(row *T) {
	*r.row = *row
	r.rows++
	for _, put := range r.put {
		put()
	}
}

// addRows writes the rows of a table of a run.
func addRows[T any](r *rowCells[InRun[T]], run int64, rows []T) {
	r.row.Run = run
	r.rows += len(rows)
	for i := range rows {
		r.row.Row = rows[i]
		for _, put := range r.put {
			put()
		}
	}
}

// written is the rows of a table of a block, as a part has them.
type written interface {
	// appendWords writes the texts of the columns with a dictionary: it can be made
	// without reading rows.
	appendWords(b []byte) []byte
	appendRows(b []byte) []byte
	reset()
}

func (r *rowCells[T]) appendWords(b []byte) []byte {
	for i, c := range r.columns {
		if c.dict {
			b = r.cells[i].words.append(b)
		}
	}
	return b
}

func (r *rowCells[T]) appendRows(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(r.rows))
	for i, c := range r.columns {
		if c.texts() && !c.dict {
			b = r.cells[i].words.append(b)
		}
		b = appendText(b, r.cells[i].b)
	}
	return b
}

func (r *rowCells[T]) reset() {
	*r.row = *new(T)
	r.rows = 0
	for i := range r.cells {
		r.cells[i].reset()
	}
}
