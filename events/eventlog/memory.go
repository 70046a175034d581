package eventlog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	"dualhome/events"
)

// Messages under way lie in blocks, which are cut from pieces and used again and
// again. Most messages fit into a block; one that does not gets a larger one.
const (
	block = 160
	piece = 16 * block
)

// MemoryBus is a bus in memory. Its messages go through the same
// bytes as on any other. The zero value is ready, and after Close another run may use
// it.
type MemoryBus struct {
	wire   underWay
	handed [][]byte // blocks of messages that were handed over since the last Publish
	free   [][]byte // blocks of no message
	rest   []byte   // of a piece

	codec events.Codec // of names
}

// Publish implements Bus.
func (m *MemoryBus) Publish(turn []events.Line) error {
	m.free, m.handed = append(m.free, m.handed...), m.handed[:0]
	for i := range turn {
		if turn[i].Role == events.Out {
			m.wire.put(turn[i].Seq, AppendEnclosed(m.block(), &turn[i]))
		}
	}
	return nil
}

// block gives an empty block.
func (m *MemoryBus) block() []byte {
	if n := len(m.free); n > 0 {
		b := m.free[n-1]
		m.free = m.free[:n-1]
		return b[:0]
	}
	if len(m.rest) == 0 {
		m.rest = make([]byte, piece)
	}
	b := m.rest[:0:block]
	m.rest = m.rest[block:]
	return b
}

// Await implements Bus.
func (m *MemoryBus) Await(seq uint64) (Envelope, error) {
	b := m.wire.take(seq)
	if b == nil {
		return Envelope{}, fmt.Errorf("message %d: %w", seq, ErrLost)
	}
	m.handed = append(m.handed, b)
	return Open(slices.Clip(b), &m.codec)
}

// Close implements Bus. Messages that nobody awaited are forgotten.
func (m *MemoryBus) Close() error {
	m.wire.takeAll(func(b []byte) { m.free = append(m.free, b) })
	return nil
}

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
