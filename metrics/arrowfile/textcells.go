package arrowfile

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// jsonForm writes rows as JSON objects.
type jsonForm struct{}

func (jsonForm) head(b []byte, _ []string) []byte { return b }

func (jsonForm) between(b []byte, names []string, i int) []byte {
	switch {
	case i == 0:
		b = append(b, '{')
	case i < len(names):
		b = append(b, ',')
	default:
		return append(b, '}', '\n')
	}
	return append(appendJSON(b, names[i]), ':')
}

func (jsonForm) null(b []byte) []byte { return append(b, "null"...) }

func (jsonForm) of(a arrow.Array) (appender, error) {
	if values, ok := plain(a); ok {
		return values, nil
	}
	switch a := a.(type) {
	case *array.String:
		return func(b []byte, i int) []byte { return appendJSON(b, a.Value(i)) }, nil
	case *array.Dictionary:
		words, err := jsonForm{}.of(a.Dictionary())
		return func(b []byte, i int) []byte { return words(b, a.GetValueIndex(i)) }, err
	case *array.Binary:
		return func(b []byte, i int) []byte {
			return append(hex.AppendEncode(append(b, '"'), a.Value(i)), '"')
		}, nil
	case *array.List:
		return jsonList(a)
	}
	return nil, fmt.Errorf("no text for %v", a.DataType())
}

// jsonList writes lists as JSON arrays.
func jsonList(a *array.List) (appender, error) {
	one, err := jsonForm{}.of(a.ListValues())
	return func(b []byte, i int) []byte {
		b = append(b, '[')
		from, to := a.ValueOffsets(i)
		for k := from; k < to; k++ {
			if k > from {
				b = append(b, ',')
			}
			b = one(b, int(k))
		}
		return append(b, ']')
	}, err
}

// plain gives what writes numbers and truths, which are the same in both forms.
func plain(a arrow.Array) (appender, bool) {
	switch a := a.(type) {
	case *array.Int64:
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, a.Value(i), 10) }, true
	case *array.Float64:
		return func(b []byte, i int) []byte { return appendFloat(b, a.Value(i)) }, true
	case *array.Boolean:
		return func(b []byte, i int) []byte { return strconv.AppendBool(b, a.Value(i)) }, true
	}
	return nil, false
}

// appendFloat appends a number with as many digits as tell it from all others. JSON has
// no other values than finite ones, and neither have our tables.
func appendFloat(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// appendJSON appends a text as JSON, in UTF-8.
func appendJSON(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendQuoted(b, text)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

// appendQuoted is appendJSON of any text.
func appendQuoted(b []byte, text string) []byte {
	out := bytes.NewBuffer(b)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a text can always be written
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// csvForm writes rows as CSV.
type csvForm struct{}

func (f csvForm) head(b []byte, names []string) []byte {
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCSV(b, name)
	}
	return append(b, '\n')
}

func (csvForm) between(b []byte, names []string, i int) []byte {
	switch i {
	case 0:
		return b
	case len(names):
		return append(b, '\n')
	}
	return append(b, ',')
}

func (csvForm) null(b []byte) []byte { return b }

func (csvForm) of(a arrow.Array) (appender, error) {
	if values, ok := plain(a); ok {
		return values, nil
	}
	switch a := a.(type) {
	case *array.String:
		return func(b []byte, i int) []byte { return appendCSV(b, a.Value(i)) }, nil
	case *array.Dictionary:
		words, err := csvForm{}.of(a.Dictionary())
		return func(b []byte, i int) []byte { return words(b, a.GetValueIndex(i)) }, err
	case *array.Binary:
		return func(b []byte, i int) []byte {
			if len(a.Value(i)) == 0 {
				return append(b, `""`...)
			}
			return hex.AppendEncode(b, a.Value(i))
		}, nil
	case *array.List:
		list, err := jsonList(a)
		var text []byte
		return func(b []byte, i int) []byte {
			text = list(text[:0], i)
			return appendCSV(b, string(text))
		}, err
	}
	return nil, fmt.Errorf("no text for %v", a.DataType())
}

// appendCSV appends a text as a field, in quotes where it needs them.
func appendCSV(b []byte, text string) []byte {
	if text != "" && !needsQuotes(text) {
		return append(b, text...)
	}
	b = append(b, '"')
	for i := range len(text) {
		if text[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

// needsQuotes tells whether a text cannot stand between commas as it is. Some readers
// drop spaces at its ends.
func needsQuotes(text string) bool {
	if text[0] == ' ' || text[len(text)-1] == ' ' {
		return true
	}
	for i := range len(text) {
		switch text[i] {
		case ',', '"', '\n', '\r', '\t':
			return true
		}
	}
	return false
}
