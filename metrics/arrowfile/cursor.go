package arrowfile

import (
	"encoding/binary"
	"math"
)

// cursor reads what cells wrote. After anything that cannot be there it is bad, and
// gives zeros.
type cursor struct {
	b    []byte
	last int64 // the integer before
	bad  bool
}

func (c *cursor) fail() {
	c.b, c.bad = nil, true
}

func (c *cursor) uint() uint64 {
	if len(c.b) > 0 && c.b[0] < 0x80 { // most are
		n := c.b[0]
		c.b = c.b[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail()
		return 0
	}
	c.b = c.b[size:]
	return n
}

// signed reads an integer that stands alone.
func (c *cursor) signed() int64 {
	n := c.uint()
	return int64(n>>1) ^ -int64(n&1)
}

func (c *cursor) int() int64 {
	c.last += c.signed()
	return c.last
}

func (c *cursor) float() float64 {
	if len(c.b) < 8 {
		c.fail()
		return 0
	}
	n := binary.LittleEndian.Uint64(c.b)
	c.b = c.b[8:]
	return math.Float64frombits(n)
}

func (c *cursor) bool() bool {
	n := c.uint()
	if n > 1 {
		c.fail()
	}
	return n == 1
}

// below reads a number that must be less than n.
func (c *cursor) below(n int) int {
	i := c.uint()
	if i >= uint64(n) {
		c.fail()
		return 0
	}
	return int(i)
}

// bytes reads bytes with their length.
func (c *cursor) bytes() []byte {
	n := c.uint()
	if n > uint64(len(c.b)) {
		c.fail()
		return nil
	}
	b := c.b[:n]
	c.b = c.b[n:]
	return b
}

// sub gives a cursor for the bytes of a column, which must be enough for so many
// values of a byte or more.
func (c *cursor) sub(values int) cursor {
	b := c.bytes()
	if len(b) < values {
		c.fail()
		return cursor{bad: true}
	}
	return cursor{b: b}
}

// count reads how many there are of something that takes a byte or more each.
func (c *cursor) count() int {
	n := c.uint()
	if n > uint64(len(c.b)) {
		c.fail()
		return 0
	}
	return int(n)
}

// words reads texts. They are views of the bytes.
func (c *cursor) words() [][]byte {
	texts := make([][]byte, c.count())
	for i := range texts {
		texts[i] = c.bytes()
	}
	return texts
}

// done tells whether all was read, and all was right.
func (c *cursor) done() bool { return !c.bad && len(c.b) == 0 }
