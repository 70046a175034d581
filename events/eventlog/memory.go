package eventlog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"

	"dualhome/events"
)

// piece is how many bytes of messages share one allocation. It is small, because
// one message under way keeps all of it.
const piece = 4 << 10

// MemoryBus is a bus that is a map in memory. Its messages go through the same
// bytes as on any other. The zero value is ready.
type MemoryBus struct {
	wire map[uint64][]byte // by seq; each is part of a piece
	last []byte            // the piece being filled

	codec events.Codec // of names
}

// Publish implements Bus.
func (m *MemoryBus) Publish(turn []events.Line) error {
	for i := range turn {
		if turn[i].Role != events.Out {
			continue
		}
		if m.wire == nil {
			m.wire = map[uint64][]byte{}
		}
		if cap(m.last)-len(m.last) < 256 {
			m.last = make([]byte, 0, piece)
		}
		e, start := Enclose(&turn[i]), len(m.last)
		m.last = e.Append(m.last)
		m.wire[e.Seq] = m.last[start:len(m.last):len(m.last)]
	}
	return nil
}

// Await implements Bus.
func (m *MemoryBus) Await(seq uint64) (Envelope, error) {
	b, ok := m.wire[seq]
	if !ok {
		return Envelope{}, fmt.Errorf("message %d: %w", seq, ErrLost)
	}
	delete(m.wire, seq)
	return Open(b, &m.codec)
}

// Close implements Bus.
func (m *MemoryBus) Close() error { return nil }

// chunk is how many bytes of lines are kept in one piece.
const chunk = 64 << 10

// Memory is a Log that keeps the canonical encoding of its lines in memory, in
// pieces that the garbage collector need not look into. The zero value is ready.
type Memory struct {
	chunks [][]byte
	codec  events.Codec
	lines  uint64
}

// Append implements Log. It never fails.
func (m *Memory) Append(_ context.Context, turn []events.Line) error {
	for i := range turn {
		last := len(m.chunks) - 1
		if last < 0 || cap(m.chunks[last])-len(m.chunks[last]) < 512 {
			m.chunks = append(m.chunks, make([]byte, 0, chunk))
			last++
		}
		m.chunks[last] = m.codec.AppendLine(m.chunks[last], &turn[i])
	}
	m.lines += uint64(len(turn))
	return nil
}

// Len gives the number of lines.
func (m *Memory) Len() uint64 { return m.lines }

// Digest gives SHA-256, in hexadecimal digits, over the canonical encoding of
// all lines in order. It depends on nothing but what happened in the run.
func (m *Memory) Digest() string {
	h := sha256.New()
	for _, c := range m.chunks {
		h.Write(c)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Lines gives the lines from seq on, in order, until the first error.
func (m *Memory) Lines(ctx context.Context, from uint64) iter.Seq2[events.Line, error] {
	return func(yield func(events.Line, error) bool) {
		var codec events.Codec
		for _, b := range m.chunks {
			for len(b) > 0 {
				l, n, err := codec.DecodeLine(b)
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					yield(events.Line{}, err)
					return
				}
				if b = b[n:]; l.Seq >= from && !yield(l, nil) {
					return
				}
			}
		}
	}
}
