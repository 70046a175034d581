package metrics

const (
	block  = 64  // things that are allocated at once
	blocks = 256 // that are kept for the next run
)

// memory gives room for many things that live as long as a run, a block of them in
// one allocation. The next run gets the same room, but for more than so many blocks,
// which end when nothing is left of what they hold. The zero value is ready.
type memory[T any] struct {
	blocks [][]T
	next   int // the first block that this run has not used
	rest   []T
}

// take gives a slice of length 0 with room for n.
func (m *memory[T]) take(n int) []T {
	if n > block {
		return make([]T, 0, n)
	}
	if n > len(m.rest) {
		m.rest = m.another()
	}
	taken := m.rest[:0:n]
	m.rest = m.rest[n:]
	return taken
}

func (m *memory[T]) another() []T {
	if m.next == len(m.blocks) {
		fresh := make([]T, block)
		if len(m.blocks) == blocks {
			return fresh
		}
		m.blocks = append(m.blocks, fresh)
	}
	m.next++
	return m.blocks[m.next-1]
}

// reset takes all that was given back.
func (m *memory[T]) reset() { m.next, m.rest = 0, nil }

// keep gives a copy of v that stays where it is.
func (m *memory[T]) keep(v T) *T {
	kept := append(m.take(1), v)
	return &kept[0]
}

// emptied gives a map without entries, and with the memory of one that is not needed
// any more if there is one.
func emptied[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	clear(m)
	return m
}
