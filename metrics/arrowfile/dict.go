package arrowfile

import (
	"maps"
	"reflect"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// dictionary is all values of a column, each once, ascending when it is sealed.
type dictionary struct {
	seen   map[string]int32 // by value, when it is sealed, its place
	values arrow.Array
}

// collect notes the values that rows have in the columns with a dictionary.
func collect(dicts []*dictionary, columns []column, row reflect.Value) {
	for i, c := range columns {
		if dicts[i] == nil {
			continue
		}
		if v, ok := c.value(row); ok {
			dicts[i].note(v.String())
		}
	}
}

// note takes a value.
func (d *dictionary) note(value string) { d.seen[value] = 0 }

// noteAll takes values that are part of a buffer, of which it keeps nothing.
func (d *dictionary) noteAll(values [][]byte) {
	for _, v := range values {
		if _, known := d.seen[string(v)]; !known {
			d.seen[string(v)] = 0
		}
	}
}

// placesOf gives the places of values. All were noted before, or it gives false.
func (d *dictionary) placesOf(values [][]byte) ([]int32, bool) {
	places := make([]int32, len(values))
	for i, v := range values {
		var known bool
		if places[i], known = d.seen[string(v)]; !known {
			return nil, false
		}
	}
	return places, true
}

// dictionariesFor gives an empty dictionary for each column that has one.
func dictionariesFor(columns []column) []*dictionary {
	dicts := make([]*dictionary, len(columns))
	for i, c := range columns {
		if c.dict {
			dicts[i] = &dictionary{seen: map[string]int32{}}
		}
	}
	return dicts
}

// seal gives the values their places. After it the dictionary is fixed.
func (d *dictionary) seal() {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	for i, s := range slices.Sorted(maps.Keys(d.seen)) {
		d.seen[s] = int32(i)
		b.Append(s)
	}
	d.values = b.NewArray()
}

// over makes the column of a batch from the numbers of its values.
func (d *dictionary) over(t arrow.DataType, numbers arrow.Array) arrow.Array {
	return array.NewDictionaryArray(t, numbers, d.values)
}
