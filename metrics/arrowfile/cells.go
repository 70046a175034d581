package arrowfile

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A part has its own way to write columns, in which a value takes a byte or two:
// integers as the difference from the one before, texts as their number among the
// texts of the column; numbers are varints of package encoding/binary. Arrow's way
// takes several times as long and as many bytes, because it is made for reading any
// row first, and a part is read once and in order.

// cells are the values of a column.
type cells struct {
	b     []byte
	last  int64 // the integer before
	words words // of a column of texts
}

func (c *cells) int(n int64) {
	c.b = binary.AppendVarint(c.b, n-c.last)
	c.last = n
}

func (c *cells) uint(n uint64) { c.b = binary.AppendUvarint(c.b, n) }

func (c *cells) float(n float64) { c.b = binary.LittleEndian.AppendUint64(c.b, math.Float64bits(n)) }

// bool notes whether something is so, and gives it back.
func (c *cells) bool(is bool) bool {
	if is {
		c.b = append(c.b, 1)
	} else {
		c.b = append(c.b, 0)
	}
	return is
}

func (c *cells) text(s string) { c.uint(c.words.number(s)) }

// nullableText writes a text, or null where there is none.
func (c *cells) nullableText(s string, is bool) {
	if is {
		c.uint(c.words.number(s) + 1)
	} else {
		c.b = append(c.b, 0)
	}
}

func (c *cells) reset() {
	c.b, c.last = c.b[:0], 0
	clear(c.words.at)
	c.words.b, c.words.last = c.words.b[:0], ""
}

// of gives what writes the value of a field, which stays where it is while what it
// holds changes: so nobody has to look at types row by row. field points to it.
func (c *cells) of(field any) func() {
	switch from := field.(type) {
	case *int64:
		return func() { c.int(*from) }
	case **int64:
		return func() {
			if c.bool(*from != nil) {
				c.int(**from)
			}
		}
	case *float64:
		return func() { c.float(*from) }
	case **float64:
		return func() {
			if c.bool(*from != nil) {
				c.float(**from)
			}
		}
	case *bool:
		return func() { c.bool(*from) }
	case **bool:
		return func() {
			if c.bool(*from != nil) {
				c.bool(**from)
			}
		}
	case *string:
		return func() { c.text(*from) }
	case **string:
		return func() {
			if *from == nil {
				c.uint(0)
			} else {
				c.uint(c.words.number(**from) + 1)
			}
		}
	case *[]string:
		return func() {
			c.uint(uint64(len(*from)))
			for _, s := range *from {
				c.text(s)
			}
		}
	default:
		panic(fmt.Sprintf("arrowfile: no value for %T", field))
	}
}

// words are the texts of a column, each once, in the order of coming.
type words struct {
	at    map[string]uint64
	b     []byte // each with its length
	last  string // that was asked for: mostly it is asked for again
	lastN uint64
}

// number gives the number of a text.
func (w *words) number(text string) uint64 {
	if text != w.last || len(w.at) == 0 {
		w.last, w.lastN = text, w.find(text)
	}
	return w.lastN
}

func (w *words) find(text string) uint64 {
	n, known := w.at[text]
	if !known {
		if w.at == nil {
			w.at = map[string]uint64{}
		}
		n = uint64(len(w.at))
		w.at[text] = n
		w.b = appendText(w.b, text)
	}
	return n
}

// append writes the texts, and how many there are.
func (w *words) append(b []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(w.at))), w.b...)
}

func appendText[T string | []byte](b []byte, text T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}
