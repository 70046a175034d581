package arrowfile

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// dictionary is all values of a column, ascending, each once.
type dictionary struct {
	seen   map[string]int32
	values arrow.Array
}

// collect notes the values that rows have in the columns with a dictionary.
func collect(dicts []*dictionary, columns []column, row reflect.Value) {
	for i, c := range columns {
		if dicts[i] == nil {
			continue
		}
		if v, ok := c.value(row); ok {
			dicts[i].seen[v.String()] = 0
		}
	}
}

// note takes a value that may be part of a buffer, of which it keeps nothing.
func (d *dictionary) note(value string) {
	if _, known := d.seen[value]; !known {
		d.seen[strings.Clone(value)] = 0
	}
}

// number appends the numbers of texts. All have been noted.
func (d *dictionary) number(b *array.Int32Builder, texts *array.String, i, end int) {
	for ; i < end; i++ {
		if texts.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(d.seen[texts.Value(i)])
		}
	}
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

// seal numbers the values in their order. After it the dictionary is fixed.
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
