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

// dictionary is all values of a column, each once, ascending when it is sealed.
type dictionary struct {
	seen   map[string]int32 // by value its number: in the order of coming, and when it is sealed its place
	places []int32          // by number in the order of coming: its place
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

// note gives the number of a value that may be part of a buffer, of which it keeps
// nothing.
func (d *dictionary) note(value string) int32 {
	n, known := d.seen[value]
	if !known {
		n = int32(len(d.seen))
		d.seen[strings.Clone(value)] = n
	}
	return n
}

// notes gives the numbers of texts.
func (d *dictionary) notes(b *array.Int32Builder, texts *array.String) arrow.Array {
	b.Reserve(texts.Len())
	for i := range texts.Len() {
		if texts.IsNull(i) {
			b.UnsafeAppendBoolToBitmap(false)
		} else {
			b.UnsafeAppend(d.note(texts.Value(i)))
		}
	}
	return b.NewArray()
}

// place appends the places of numbers.
func (d *dictionary) place(b *array.Int32Builder, numbers *array.Int32, i, end int) {
	for ; i < end; i++ {
		if numbers.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(d.places[numbers.Value(i)])
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

// seal gives the values their places. After it the dictionary is fixed.
func (d *dictionary) seal() {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	d.places = make([]int32, len(d.seen))
	for i, s := range slices.Sorted(maps.Keys(d.seen)) {
		d.places[d.seen[s]], d.seen[s] = int32(i), int32(i)
		b.Append(s)
	}
	d.values = b.NewArray()
}

// over makes the column of a batch from the numbers of its values.
func (d *dictionary) over(t arrow.DataType, numbers arrow.Array) arrow.Array {
	return array.NewDictionaryArray(t, numbers, d.values)
}
