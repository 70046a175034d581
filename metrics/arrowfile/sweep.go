package arrowfile

import (
	"io"
	"iter"
	"path/filepath"
	"reflect"
	"slices"

	"dualhome/metrics"
)

// WriteSweep writes the tables of a sweep into a folder, which must exist: those in
// keep of all its runs, each with a column run before the others, runs.arrow and
// summary.arrow. parts are the part files in the order of their runs; the bytes depend
// on what the runs are, not on how they were grouped. It gives a function for each
// file, which the caller runs, at once if it likes. None keeps more than the rows of
// one part and one batch in memory, the values of dictionaries aside.
func WriteSweep(dir string, parts []string, summary iter.Seq[metrics.SummaryRow], points Params, keep Tables, m Meta) []func() error {
	files := []func() error{
		func() error { return writeRows(dir, "summary", summary, points, m) },
	}
	for i, row := range partTypes() {
		if keep.has(i) {
			files = append(files, func() error { return writeParts(dir, i, withParams(row, points), parts, m) })
		}
	}
	return files
}

// writeRows writes a table of a sweep that is there as rows.
func writeRows[T any](dir, name string, rows iter.Seq[T], points Params, m Meta) error {
	columns := withParams(reflect.TypeFor[T](), points)
	return create(filepath.Join(dir, name+".arrow"), func(w io.Writer) error {
		return fill(w, newTable(name, columns, m), withoutErrors(rows))
	})
}

// writeParts writes a table of a sweep that is there in parts.
func writeParts(dir string, table int, columns []column, parts []string, m Meta) error {
	name := tableNames[table]
	return create(filepath.Join(dir, name+".arrow"), func(w io.Writer) error {
		return fillFromParts(w, newTable(name, columns, m), table, parts)
	})
}

// fillFromParts writes the bytes of a table. It goes through the parts twice, the first
// time for the dictionaries alone.
func fillFromParts(w io.Writer, t *table, number int, parts []string) error {
	p := &partReader{table: number}
	if err := p.each(parts, func() error { return p.note(t) }); err != nil {
		return err
	}
	if err := t.begin(w); err != nil {
		return err
	}
	if err := p.each(parts, func() error { return p.appendTo(t) }); err != nil {
		return err
	}
	return t.end()
}

// withParams gives the columns of a table, with those of the parameters if it says of
// which point a row is.
func withParams(row reflect.Type, points Params) []column {
	columns := columnsOf(row)
	if slices.ContainsFunc(columns, isPoint) {
		columns = append(columns, points.columns()...)
	}
	return columns
}

func isPoint(c column) bool { return c.name == "point" }
