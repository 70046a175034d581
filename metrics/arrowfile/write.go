package arrowfile

import (
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// batchRows is how many rows are written at once.
const batchRows = 64 << 10

// Write writes rows as the table name into a file, which has that name and the
// ending .arrow by convention. T is a struct with tags; no rows make an empty
// table. Of a failed write nothing is left.
func Write[T any](file, name string, rows []T, m Meta) error {
	return writeSeq(file, name, withoutErrors(slices.Values(rows)), m)
}

func withoutErrors[T any](rows iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// writeSeq writes rows that come one by one. It goes through them twice, the
// first time for the dictionaries.
func writeSeq[T any](file, name string, rows iter.Seq2[T, error], m Meta) error {
	columns := columnsOf(reflect.TypeFor[T]())
	return create(file, func(w io.Writer) error { return fill(w, newTable(name, columns, m), rows) })
}

// fill writes the bytes of a whole file. It writes no footer after an error: a
// file without one is not taken for a shorter table.
func fill[T any](w io.Writer, t *table, rows iter.Seq2[T, error]) error {
	for r, err := range rows {
		if err != nil {
			return err
		}
		collect(t.dicts, t.columns, reflect.ValueOf(&r).Elem())
	}
	if err := t.begin(w); err != nil {
		return err
	}
	for r, err := range rows {
		if err == nil {
			err = t.append(reflect.ValueOf(&r).Elem())
		}
		if err != nil {
			return err
		}
	}
	return t.end()
}

// table is a file that is being written.
type table struct {
	columns  []column
	schema   *arrow.Schema
	dicts    []*dictionary // nil where a column has none
	builders []array.Builder
	rows     int // in the batch
	batches  int
	file     *sealer
	w        *ipc.FileWriter
}

func newTable(name string, columns []column, m Meta) *table {
	t := &table{columns: columns, schema: schemaOf(name, columns, m), dicts: dictionariesFor(columns)}
	for i, c := range columns {
		if c.axis != nil && c.dict {
			c.axis.note(t.dicts[i])
		}
	}
	return t
}

// begin fixes the dictionaries and starts the file.
func (t *table) begin(w io.Writer) error {
	t.file = newSealer(w)
	for i, c := range t.columns {
		typ := c.arrow()
		if t.dicts[i] != nil {
			t.dicts[i].seal()
			typ = arrow.PrimitiveTypes.Int32
		}
		t.builders = append(t.builders, array.NewBuilder(memory.DefaultAllocator, typ))
	}
	var err error
	// One compressor, so that the bytes do not depend on the number of cores.
	t.w, err = ipc.NewFileWriter(t.file, ipc.WithSchema(t.schema), ipc.WithZstd(), ipc.WithCompressConcurrency(1))
	return err
}

// append takes a row.
func (t *table) append(row reflect.Value) error {
	for i, c := range t.columns {
		v, ok := c.value(row)
		if !ok {
			t.builders[i].AppendNull()
			continue
		}
		if d := t.dicts[i]; d != nil {
			n, known := d.seen[v.String()]
			if !known {
				return fmt.Errorf("column %s: %q was not there when the rows were read first", c.name, v.String())
			}
			t.builders[i].(*array.Int32Builder).Append(n)
			continue
		}
		put(t.builders[i], v)
	}
	return t.grown(1)
}

// grown counts rows that the builders took, and writes them if they fill a batch.
func (t *table) grown(rows int) error {
	if t.rows += rows; t.rows == batchRows {
		return t.flush()
	}
	return nil
}

// put appends one value.
func put(b array.Builder, v reflect.Value) {
	switch b := b.(type) {
	case *array.Int64Builder:
		b.Append(v.Int())
	case *array.Float64Builder:
		b.Append(v.Float())
	case *array.BooleanBuilder:
		b.Append(v.Bool())
	case *array.StringBuilder:
		b.Append(v.String())
	case *array.BinaryBuilder:
		b.Append(v.Bytes())
	case *array.ListBuilder:
		b.Append(true)
		for i := range v.Len() {
			put(b.ValueBuilder(), v.Index(i))
		}
	default:
		panic(fmt.Sprintf("arrowfile: no value for %T", b))
	}
}

// reserve makes room for as much as the batch before had: the next will have about the
// same. A batch that is not full is the last.
func reserve(b array.Builder, before arrow.Array) {
	b.Reserve(before.Len())
	switch b := b.(type) {
	case *array.StringBuilder:
		b.ReserveData(len(before.(*array.String).ValueBytes()))
	case *array.BinaryBuilder:
		b.ReserveData(len(before.(*array.Binary).ValueBytes()))
	}
}

// flush writes the batch.
func (t *table) flush() error {
	columns := make([]arrow.Array, len(t.columns))
	for i := range t.columns {
		columns[i] = t.builders[i].NewArray()
		if t.rows == batchRows {
			reserve(t.builders[i], columns[i])
		}
		if d := t.dicts[i]; d != nil {
			numbers := columns[i]
			columns[i] = d.over(t.schema.Field(i).Type, numbers)
			numbers.Release()
		}
		defer columns[i].Release()
	}
	batch := array.NewRecord(t.schema, columns, int64(t.rows))
	defer batch.Release()
	t.rows = 0
	t.batches++
	return t.w.Write(batch)
}

// end writes what is left, a batch without rows if there never was one (it
// brings the dictionaries), and the footer.
func (t *table) end() error {
	if t.rows > 0 || t.batches == 0 {
		if err := t.flush(); err != nil {
			return err
		}
	}
	t.file.hold()
	if err := t.w.Close(); err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	return t.file.seal()
}
