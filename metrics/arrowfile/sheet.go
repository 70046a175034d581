package arrowfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// sheet is a table that comes in parts. The parts wait in a file of their own, an
// Arrow stream without compression, until all are there. What is in a dictionary
// waits as its number there: which place it will have is known in the end.
type sheet struct {
	namedRow
	columns []column
	dicts   []*dictionary // nil where a column has none
	numbers *array.Int32Builder
	schema  *arrow.Schema // of what waits
	file    *os.File
	buffer  *bufio.Writer // before file: a batch is written in many small pieces
	w       *ipc.Writer
}

func newSheet(dir string, t namedRow) (*sheet, error) {
	f, err := os.Create(filepath.Join(dir, t.name+".rows.tmp"))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", t.name, err)
	}
	s := &sheet{namedRow: t, columns: columnsOf(t.row), file: f, buffer: bufio.NewWriterSize(f, 64<<10)}
	s.dicts = dictionariesFor(s.columns)
	s.numbers, s.schema = array.NewInt32Builder(memory.DefaultAllocator), schemaOf("", numbered(s.columns), Meta{})
	s.w = ipc.NewWriter(s.buffer, ipc.WithSchema(s.schema))
	return s, nil
}

// add appends a part.
func (s *sheet) add(part arrow.Record) error {
	columns := slices.Clone(part.Columns())
	for i, d := range s.dicts {
		if d != nil {
			columns[i] = d.notes(s.numbers, part.Column(i).(*array.String))
			defer columns[i].Release()
		}
	}
	waits := array.NewRecord(s.schema, columns, part.NumRows())
	defer waits.Release()
	if err := s.w.Write(waits); err != nil {
		return fmt.Errorf("write %s: %w", s.file.Name(), err)
	}
	return nil
}

// close writes the file of the table, and removes what waited.
func (s *sheet) close(name string, m Meta) error {
	if err := errors.Join(s.w.Close(), s.buffer.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", s.file.Name(), err)
	}
	if err := create(name, func(w io.Writer) error { return s.fill(w, m) }); err != nil {
		return err
	}
	return s.discard()
}

// fill writes the bytes of the file.
func (s *sheet) fill(w io.Writer, m Meta) error {
	t := newTable(s.name, s.row, m)
	t.dicts = s.dicts
	if err := t.begin(w); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r, err := ipc.NewReader(bufio.NewReaderSize(s.file, 64<<10))
	if err != nil {
		return err
	}
	defer r.Release()
	for r.Next() {
		if err := t.take(r.Record()); err != nil {
			return err
		}
	}
	if err := r.Err(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return t.end()
}

// take appends the rows of a part, batch by batch.
func (t *table) take(part arrow.Record) error {
	for from := 0; from < int(part.NumRows()); {
		to := min(from+batchRows-t.rows, int(part.NumRows()))
		for i := range t.columns {
			if d := t.dicts[i]; d != nil {
				d.place(t.builders[i].(*array.Int32Builder), part.Column(i).(*array.Int32), from, to)
			} else {
				extend(t.builders[i], part.Column(i), from, to)
			}
		}
		if err := t.grown(to - from); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// extend appends values of a column.
func extend(b array.Builder, from arrow.Array, i, end int) {
	for ; i < end; i++ {
		if from.IsNull(i) {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.Int64Builder:
			b.Append(from.(*array.Int64).Value(i))
		case *array.Float64Builder:
			b.Append(from.(*array.Float64).Value(i))
		case *array.BooleanBuilder:
			b.Append(from.(*array.Boolean).Value(i))
		case *array.StringBuilder:
			b.Append(from.(*array.String).Value(i))
		case *array.BinaryBuilder:
			b.Append(from.(*array.Binary).Value(i))
		case *array.ListBuilder:
			b.Append(true)
			start, stop := from.(*array.List).ValueOffsets(i)
			extend(b.ValueBuilder(), from.(*array.List).ListValues(), int(start), int(stop))
		default:
			panic(fmt.Sprintf("arrowfile: no value for %T", b))
		}
	}
}

// discard removes what waits on the disk, if it is still there.
func (s *sheet) discard() error {
	if err := s.file.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return err
	}
	if err := os.Remove(s.file.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
