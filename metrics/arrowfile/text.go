package arrowfile

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// WriteCSV writes the table name in a file as CSV (RFC 4180, lines end with a line feed):
// a line with the names of the columns, and a line a row. A null is nothing between
// commas, an empty text is ""; a list is a JSON array; bytes are hexadecimal digits. It
// keeps no more than a batch in memory. Errors about what is in the file wrap ErrFile,
// and those of a context end it.
func WriteCSV(ctx context.Context, w io.Writer, file, name string) (Meta, error) {
	return writeText(ctx, w, file, name, csvForm{})
}

// WriteJSONL writes the table name in a file as JSON Lines: an object a row, with all
// columns in their order, nulls as well. Integers have all their digits, whoever reads
// them as floating point loses some beyond 2^53; bytes are a text of hexadecimal digits.
// Memory and errors are as of WriteCSV.
func WriteJSONL(ctx context.Context, w io.Writer, file, name string) (Meta, error) {
	return writeText(ctx, w, file, name, jsonForm{})
}

// form is how rows are written as text.
type form interface {
	head(b []byte, names []string) []byte
	// between appends what stands before the i-th of the columns of a row, n in all; at n
	// what ends it.
	between(b []byte, names []string, i int) []byte
	null(b []byte) []byte
	// of gives what appends values of a column.
	of(a arrow.Array) (appender, error)
}

// appender appends the i-th value of a column, which is not null.
type appender func(b []byte, i int) []byte

// textBuffer is how much text is gathered before it is written.
const textBuffer = 1 << 16

func writeText(ctx context.Context, w io.Writer, file, name string, as form) (Meta, error) {
	f, err := os.Open(file)
	if err != nil {
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { _ = f.Close() }() // only read
	t := &textTable{Context: ctx, w: w, form: as}
	meta, err := open(f, name, t.all)
	switch {
	case t.written != nil:
		return Meta{}, t.written
	case err != nil:
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	return meta, nil
}

// textTable is a table that is being written as text.
type textTable struct {
	context.Context
	form
	w       io.Writer
	names   []string
	b       []byte
	written error // what went wrong with writing
}

// all writes the table.
func (t *textTable) all(r *ipc.FileReader) error {
	for _, f := range r.Schema().Fields() {
		t.names = append(t.names, f.Name)
	}
	t.b = t.head(t.b, t.names)
	for i := range r.NumRecords() {
		rec, err := r.Record(i)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
		if err := t.batch(rec); err != nil {
			return err
		}
	}
	return t.flush(0)
}

// batch writes the rows of a batch.
func (t *textTable) batch(rec arrow.Record) error {
	columns := make([]appender, rec.NumCols())
	for j := range columns {
		var err error
		if columns[j], err = t.of(rec.Column(j)); err != nil {
			return fmt.Errorf("%w: its column %s: %w", ErrFile, t.names[j], err)
		}
	}
	for i := range int(rec.NumRows()) {
		for j, value := range columns {
			t.b = t.between(t.b, t.names, j)
			if rec.Column(j).IsNull(i) {
				t.b = t.null(t.b)
			} else {
				t.b = value(t.b, i)
			}
		}
		t.b = t.between(t.b, t.names, len(columns))
		if err := t.flush(textBuffer); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the text that is there, if it is more than that many bytes.
func (t *textTable) flush(over int) error {
	if len(t.b) <= over {
		return nil
	}
	if t.written = t.Err(); t.written == nil {
		_, t.written = t.w.Write(t.b)
	}
	t.b = t.b[:0]
	return t.written
}
