package arrowfile

import (
	"fmt"
	"reflect"

	"github.com/apache/arrow/go/v17/arrow/array"
)

// Params are the parameters of the points of a sweep. Tables with a column point get a
// column param.<name> for each axis, the value as it was written, and value.<name>
// where the values are numbers. They are null where a point leaves the scenario's own.
type Params struct {
	Axes   []Axis
	Points [][]int // by point and axis: the index into its values, or -1 for the scenario's own
}

// Axis is a parameter that a sweep changes.
type Axis struct {
	Name    string
	Values  []string  // as written
	Numbers []float64 // of each value, in ns, bit/s or plain; nil: they are no numbers
}

// axisColumn is a column that follows from the point.
type axisColumn struct {
	Params
	axis    int
	numbers bool
}

// columns gives the columns of parameters.
func (p Params) columns() []column {
	var all []column
	for i, axis := range p.Axes {
		a := &axisColumn{p, i, false}
		all = append(all, column{name: "param." + axis.Name, typ: reflect.TypeFor[string](), nullable: true, dict: true, axis: a})
		if axis.Numbers != nil {
			a := &axisColumn{p, i, true}
			all = append(all, column{name: "value." + axis.Name, typ: reflect.TypeFor[float64](), nullable: true, axis: a})
		}
	}
	return all
}

// of gives the index of the value that a point has, -1 where it is the scenario's own,
// and false where there is no such point.
func (a *axisColumn) of(point int64) (int, bool) {
	if point < 0 || point >= int64(len(a.Points)) {
		return -1, false
	}
	return a.Points[point][a.axis], true
}

// value gives the value of a row of a table that has the column point.
func (a *axisColumn) value(row reflect.Value) (reflect.Value, bool) {
	i, ok := a.of(row.FieldByName("Point").Int())
	switch axis := a.Axes[a.axis]; {
	case !ok:
		panic(fmt.Sprintf("arrowfile: there is no point %v", row.FieldByName("Point")))
	case i < 0:
		return reflect.Value{}, false
	case a.numbers:
		return reflect.ValueOf(axis.Numbers[i]), true
	default:
		return reflect.ValueOf(axis.Values[i]), true
	}
}

// note takes the values for the dictionary, also those of points without a row.
func (a *axisColumn) note(d *dictionary) {
	for _, v := range a.Axes[a.axis].Values {
		d.note(v)
	}
}

// take gives what appends the values for the next n rows, whose points a cursor gives.
func (a *axisColumn) take(points *cursor, d *dictionary, b array.Builder) func(n int) {
	axis := a.Axes[a.axis]
	return func(n int) {
		for range n {
			i, ok := a.of(points.int())
			if !ok {
				points.fail()
			}
			switch b := b.(type) {
			case *array.Int32Builder:
				if i >= 0 {
					b.Append(d.seen[axis.Values[i]])
				} else {
					b.AppendNull()
				}
			case *array.Float64Builder:
				if i >= 0 {
					b.Append(axis.Numbers[i])
				} else {
					b.AppendNull()
				}
			}
		}
	}
}
