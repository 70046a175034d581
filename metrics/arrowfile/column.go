package arrowfile

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// column is a column of a table, as a tagged field of the row's type gives it.
type column struct {
	name     string
	index    []int // of the field, through embedded structs
	typ      reflect.Type
	nullable bool // the field is a pointer to typ
	dict     bool
	axis     *axisColumn // it follows from the point; nil: it is a field
}

// columnsOf gives the columns of a row type. It panics on a type that no table
// can have: that is our own bug.
func columnsOf(t reflect.Type) []column {
	var all []column
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous || f.Tag.Get("arrow") == ",inline" {
			for _, c := range columnsOf(f.Type) {
				c.index = append([]int{i}, c.index...)
				all = append(all, c)
			}
			continue
		}
		name, rest, _ := strings.Cut(f.Tag.Get("arrow"), ",")
		if name == "" {
			panic(fmt.Sprintf("arrowfile: %v.%s has no column name", t, f.Name))
		}
		c := column{name: name, index: []int{i}, typ: f.Type, dict: rest == "dict"}
		if f.Type.Kind() == reflect.Pointer {
			c.typ, c.nullable = f.Type.Elem(), true
		}
		if c.dict && c.typ.Kind() != reflect.String {
			panic(fmt.Sprintf("arrowfile: column %s is no text, so it has no dictionary", name))
		}
		all = append(all, c)
	}
	return all
}

// arrow gives the Arrow type of a column.
func (c column) arrow() arrow.DataType {
	switch {
	case c.dict:
		return &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	case c.typ == reflect.TypeFor[[]byte]():
		return arrow.BinaryTypes.Binary
	case c.typ == reflect.TypeFor[[]string]():
		return arrow.ListOf(arrow.BinaryTypes.String)
	case c.typ == reflect.TypeFor[[]int64]():
		return arrow.ListOf(arrow.PrimitiveTypes.Int64)
	}
	switch c.typ.Kind() {
	case reflect.Int64:
		return arrow.PrimitiveTypes.Int64
	case reflect.Float64:
		return arrow.PrimitiveTypes.Float64
	case reflect.Bool:
		return arrow.FixedWidthTypes.Boolean
	case reflect.String:
		return arrow.BinaryTypes.String
	default:
		panic(fmt.Sprintf("arrowfile: column %s: no Arrow type for %v", c.name, c.typ))
	}
}

// value gives the field of a row, and false where it is null. A nil list of
// integers or nil bytes is null too.
func (c column) value(row reflect.Value) (reflect.Value, bool) {
	if c.axis != nil {
		return c.axis.value(row)
	}
	v := row.FieldByIndex(c.index)
	if c.nullable {
		if v.IsNil() {
			return v, false
		}
		return v.Elem(), true
	}
	if c.nilIsNull() {
		return v, !v.IsNil()
	}
	return v, true
}

// nilIsNull tells whether a nil slice of the column's type means null. A nil
// list of texts is an empty one.
func (c column) nilIsNull() bool {
	return c.typ == reflect.TypeFor[[]int64]() || c.typ == reflect.TypeFor[[]byte]()
}

// texts tells whether the values of a column are texts, or lists of them.
func (c column) texts() bool {
	return c.typ.Kind() == reflect.String || c.typ == reflect.TypeFor[[]string]()
}

// Meta is what a file says of the run it belongs to.
type Meta struct {
	Scenario string
	Seed     uint64
	Digest   string // of the log, or of the sweep
}

// version is that of all schemas; it changes when a column changes its meaning.
const version = "1"

// schemaOf gives the schema of a table, its metadata in fixed order.
func schemaOf(name string, columns []column, m Meta) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.name, Type: c.arrow(), Nullable: true}
	}
	meta := arrow.NewMetadata(
		[]string{"simulate.schema", "simulate.schema_version", "simulate.scenario", "simulate.seed", "simulate.digest"},
		[]string{name, version, m.Scenario, fmt.Sprint(m.Seed), m.Digest},
	)
	return arrow.NewSchema(fields, &meta)
}
