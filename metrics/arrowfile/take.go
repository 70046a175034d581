package arrowfile

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow/array"
)

// mostText bounds the texts of a column in one batch. Arrow counts to 2 GiB; a part
// that was made to fill the memory is refused before.
const mostText = 1 << 30

// partRows is the rows of a table in a part, which go to the columns of a file.
type partRows struct {
	rows    int
	take    []func(n int) // each appends the next n values of its columns
	cursors []*cursor
}

// take appends the rows of a part, batch by batch.
func (t *table) take(part *partRows) error {
	for left := part.rows; left > 0; {
		n := min(batchRows-t.rows, left)
		for _, take := range part.take {
			take(n)
		}
		if slices.ContainsFunc(part.cursors, func(c *cursor) bool { return c.bad }) {
			return errDamaged()
		}
		if err := t.grown(n); err != nil {
			return err
		}
		left -= n
	}
	if !part.done() {
		return errDamaged()
	}
	return nil
}

// done tells whether all was read, and all was right.
func (p *partRows) done() bool {
	return !slices.ContainsFunc(p.cursors, func(c *cursor) bool { return c.bad || len(c.b) > 0 })
}

// rowsOf begins to read the rows of a part. places are, by column with a dictionary,
// where the texts of the part are in that of the file.
func (t *table) rowsOf(rows []byte, places [][]int32) *partRows {
	c := &cursor{b: rows}
	part := &partRows{rows: c.count(), cursors: []*cursor{c}}
	var points []byte
	for i, column := range t.columns {
		if column.axis != nil {
			points := &cursor{b: points}
			part.take = append(part.take, column.axis.take(points, t.dicts[i], t.builders[i]))
			part.cursors = append(part.cursors, points)
			continue
		}
		f := from{places: places[i]}
		if column.texts() && !column.dict {
			f.words = c.words()
		}
		values := c.sub(part.rows)
		f.cursor = &values
		if isPoint(column) {
			points = values.b
		}
		part.take = append(part.take, f.into(column, t.builders[i]))
		part.cursors = append(part.cursors, f.cursor)
	}
	return part
}

// from is what a column is read from.
type from struct {
	*cursor
	words  [][]byte // of a column of texts without a dictionary
	places []int32  // of a column with one: by number of a text its place in the dictionary of the file
}

// into gives what appends values of a column to its builder.
func (f from) into(c column, b array.Builder) func(n int) {
	one := f.value(b)
	if !c.nullable {
		return func(n int) {
			b.Reserve(n)
			for range n {
				one()
			}
		}
	}
	if c.texts() {
		one = f.nullableText(b)
	} else {
		there := one
		one = func() {
			if f.bool() {
				there()
			} else {
				b.AppendNull()
			}
		}
	}
	return func(n int) {
		b.Reserve(n)
		for range n {
			one()
		}
	}
}

// value gives what appends one value.
func (f from) value(b array.Builder) func() {
	switch b := b.(type) {
	case *array.Int64Builder:
		return func() { b.Append(f.int()) }
	case *array.Float64Builder:
		return func() { b.Append(f.float()) }
	case *array.BooleanBuilder:
		return func() { b.Append(f.bool()) }
	case *array.Int32Builder:
		return func() {
			if i := f.below(len(f.places)); !f.bad {
				b.Append(f.places[i])
			}
		}
	case *array.StringBuilder:
		return func() {
			if i := f.below(len(f.words)); !f.bad {
				f.text(b.BinaryBuilder, f.words[i])
			}
		}
	case *array.ListBuilder:
		one := f.value(b.ValueBuilder())
		return func() {
			b.Append(true)
			for range f.count() {
				one()
			}
		}
	default:
		panic(fmt.Sprintf("arrowfile: no value for %T", b))
	}
}

// nullableText gives what appends one text of a column that has nulls: 0 is null.
func (f from) nullableText(b array.Builder) func() {
	switch b := b.(type) {
	case *array.Int32Builder:
		return func() {
			if i := f.below(len(f.places) + 1); i > 0 {
				b.Append(f.places[i-1])
			} else {
				b.AppendNull()
			}
		}
	case *array.StringBuilder:
		return func() {
			if i := f.below(len(f.words) + 1); i > 0 {
				f.text(b.BinaryBuilder, f.words[i-1])
			} else {
				b.AppendNull()
			}
		}
	default:
		panic(fmt.Sprintf("arrowfile: no text for %T", b))
	}
}

// text appends a text.
func (c *cursor) text(b *array.BinaryBuilder, text []byte) {
	if b.DataLen()+len(text) > mostText {
		c.fail()
		return
	}
	b.Append(text)
}
