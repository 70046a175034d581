package events

import (
	"encoding/binary"
	"slices"
	"strconv"
)

// ASPath is an AS_PATH (RFC 4271 section 4.3): its segments, the nearest first.
// Two speakers may share one, so it is never changed in place.
type ASPath []Segment

// Segment is an AS_SEQUENCE or an AS_SET.
type Segment struct {
	Set bool
	AS  []uint32
}

// Len counts the path as the decision process does: an AS_SET counts 1
// (RFC 4271 section 9.1.2.2 a).
func (p ASPath) Len() int {
	n := 0
	for _, s := range p {
		if s.Set {
			n++
		} else {
			n += len(s.AS)
		}
	}
	return n
}

// Contains tells whether as is anywhere in the path.
func (p ASPath) Contains(as uint32) bool {
	for _, s := range p {
		if slices.Contains(s.AS, as) {
			return true
		}
	}
	return false
}

// First gives the neighbour AS that the path was learned from: the first of its
// first segment, 0 where there is none or that is an AS_SET.
func (p ASPath) First() uint32 {
	if len(p) == 0 || p[0].Set || len(p[0].AS) == 0 {
		return 0
	}
	return p[0].AS[0]
}

// maxSegment is how many numbers a segment can hold (RFC 4271 section 4.3).
const maxSegment = 255

// Prepend returns the path with n copies of as before it, in a segment of their
// own where the first one has no room for them (RFC 4271 section 5.1.2). It
// leaves p as it is.
func (p ASPath) Prepend(as uint32, n int) ASPath {
	if n <= 0 {
		return p
	}
	made := &struct { // with room for a short path, in one allocation
		path [1]Segment
		as   [4]uint32
	}{}
	rest, behind := p, []uint32(nil)
	if len(p) > 0 && !p[0].Set && len(p[0].AS)+n <= maxSegment {
		rest, behind = p[1:], p[0].AS
	}
	first := slices.Grow(made.as[:0], n+len(behind))
	for range n {
		first = append(first, as)
	}
	made.path[0].AS = slices.Clip(append(first, behind...))
	return append(made.path[:], rest...)
}

// String gives the path as routers print it: 65001 65100 {64512,64513}.
func (p ASPath) String() string {
	var short [64]byte
	return string(p.AppendTo(short[:0]))
}

// AppendTo appends to b what String gives.
func (p ASPath) AppendTo(b []byte) []byte {
	from := len(b)
	for _, s := range p {
		if len(b) > from {
			b = append(b, ' ')
		}
		sep := byte(' ')
		if s.Set {
			b = append(b, '{')
			sep = ','
		}
		for i, as := range s.AS {
			if i > 0 {
				b = append(b, sep)
			}
			b = strconv.AppendUint(b, uint64(as), 10)
		}
		if s.Set {
			b = append(b, '}')
		}
	}
	return b
}

func appendPath(b []byte, p ASPath) []byte {
	return appendList(b, p, func(b []byte, s Segment) []byte {
		return appendList(appendBool(b, s.Set), s.AS, func(b []byte, as uint32) []byte {
			return binary.AppendUvarint(b, uint64(as))
		})
	})
}

func (r *reader) path() ASPath {
	return readList(r, func(r *reader) Segment {
		return Segment{Set: r.bool(), AS: readList(r, func(r *reader) uint32 { return uint32(r.uvarint()) })}
	})
}
