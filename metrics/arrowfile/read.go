package arrowfile

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// ErrFile is wrapped by every error about a file that is no table of ours, or
// not the one that was asked for, or damaged.
var ErrFile = errors.New("not a table that simulate wrote")

// Read reads all rows of the table name from a file. T must have exactly the
// columns of the file, by name and type, in any order; columns that T does not
// have are skipped. Errors about what is in the file wrap ErrFile.
func Read[T any](file, name string) ([]T, Meta, error) {
	var all []T
	meta, err := readInto(file, name, func(rows iter.Seq[T]) error {
		all = slices.AppendSeq(all, rows)
		return nil
	})
	if err != nil {
		return nil, Meta{}, err
	}
	return all, meta, nil
}

// readInto hands over the rows of each batch.
func readInto[T any](file, name string, batch func(iter.Seq[T]) error) (Meta, error) {
	f, err := os.Open(file)
	if err != nil {
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { _ = f.Close() }() // only read
	meta, err := check(f, name, reflect.TypeFor[T](), func(b batchOf) error { return batch(rowsOf[T](b)) })
	if err != nil {
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	return meta, nil
}

// check reads a file that is whole.
func check(f ipc.ReadAtSeeker, name string, row reflect.Type, use func(batchOf) error) (Meta, error) {
	return open(f, name, func(r *ipc.FileReader) error { return scan(r, row, use) })
}

// open hands over a file that is whole and the table name. The library panics on what
// it does not expect; that is an error too.
func open(f ipc.ReadAtSeeker, name string, use func(*ipc.FileReader) error) (meta Meta, err error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return Meta{}, err
	}
	if err := unseal(f, size); err != nil {
		return Meta{}, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: it is damaged: %v", ErrFile, p)
		}
	}()
	r, err := ipc.NewFileReader(f)
	if err != nil {
		return Meta{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if meta, err = metaOf(r.Schema(), name); err != nil {
		return Meta{}, err
	}
	return meta, use(r)
}

// scan reads a file batch by batch.
func scan(r *ipc.FileReader, row reflect.Type, use func(batchOf) error) error {
	columns := columnsOf(row)
	at, err := places(r.Schema(), columns)
	if err != nil {
		return err
	}
	for i := range r.NumRecords() {
		rec, err := r.Record(i)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
		if err := use(batchOf{rec, columns, at}); err != nil {
			return err
		}
	}
	return nil
}

// MetaOf gives the metadata of the table name in a file that is whole.
func MetaOf(file, name string) (Meta, error) {
	f, err := os.Open(file)
	if err != nil {
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	defer func() { _ = f.Close() }() // only read
	meta, err := open(f, name, func(*ipc.FileReader) error { return nil })
	if err != nil {
		return Meta{}, fmt.Errorf("read %s: %w", file, err)
	}
	return meta, nil
}

// metaOf reads the metadata of a file, which must be the table name.
func metaOf(s *arrow.Schema, name string) (Meta, error) {
	m := s.Metadata()
	get := func(key string) string {
		v, _ := m.GetValue("simulate." + key)
		return v
	}
	if get("schema") != name {
		return Meta{}, fmt.Errorf("%w: it is the table %q, not %q", ErrFile, get("schema"), name)
	}
	if get("schema_version") != version {
		return Meta{}, fmt.Errorf("%w: its schema has version %q, not %s", ErrFile, get("schema_version"), version)
	}
	seed, err := strconv.ParseUint(get("seed"), 10, 64)
	if err != nil {
		return Meta{}, fmt.Errorf("%w: its seed is %q", ErrFile, get("seed"))
	}
	return Meta{Scenario: get("scenario"), Seed: seed, Digest: get("digest")}, nil
}

// places gives where in the file each column is.
func places(s *arrow.Schema, columns []column) ([]int, error) {
	at := make([]int, len(columns))
	for i, c := range columns {
		found := s.FieldIndices(c.name)
		if len(found) != 1 {
			return nil, fmt.Errorf("%w: it has no column %s", ErrFile, c.name)
		}
		at[i] = found[0]
		if got, want := s.Field(at[i]).Type, c.arrow(); !arrow.TypeEqual(got, want) {
			return nil, fmt.Errorf("%w: its column %s is %v, not %v", ErrFile, c.name, got, want)
		}
	}
	return at, nil
}

// batchOf is a batch of a file and where the columns of its rows are.
type batchOf struct {
	arrow.Record
	columns []column
	at      []int
}

// rowsOf makes rows of a batch.
func rowsOf[T any](b batchOf) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range int(b.NumRows()) {
			var row T
			v := reflect.ValueOf(&row).Elem()
			for j, c := range b.columns {
				c.take(v.FieldByIndex(c.index), b.Column(b.at[j]), i)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// take sets a field to the i-th value of a column.
func (c column) take(field reflect.Value, from arrow.Array, i int) {
	if from.IsNull(i) {
		if !c.nullable && !c.nilIsNull() {
			panic(fmt.Sprintf("column %s is null in row %d of a batch", c.name, i))
		}
		return
	}
	if c.nullable {
		field.Set(reflect.New(c.typ))
		field = field.Elem()
	}
	get(field, from, i)
}

// get sets a value.
func get(v reflect.Value, from arrow.Array, i int) {
	switch a := from.(type) {
	case *array.Int64:
		v.SetInt(a.Value(i))
	case *array.Float64:
		v.SetFloat(a.Value(i))
	case *array.Boolean:
		v.SetBool(a.Value(i))
	case *array.String:
		v.SetString(strings.Clone(a.Value(i)))
	case *array.Binary:
		v.SetBytes(slices.Clone(a.Value(i)))
	case *array.Dictionary:
		v.SetString(strings.Clone(a.Dictionary().(*array.String).Value(a.GetValueIndex(i))))
	case *array.List:
		getList(v, a, i)
	}
}

// getList sets a list, to nil if it is an empty one of texts.
func getList(v reflect.Value, a *array.List, i int) {
	from, to := a.ValueOffsets(i)
	if n := int(to - from); n > 0 || v.Type().Elem().Kind() != reflect.String {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	}
	for k := from; k < to; k++ {
		get(v.Index(int(k-from)), a.ListValues(), int(k))
	}
}
