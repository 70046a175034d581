package events

// Slab makes events of a kind of which there are many, many in one allocation. The
// zero value is ready.
type Slab[T any] struct {
	rest []T
	size int // of the last allocation
}

// New gives a copy of v that stays where it is.
func (s *Slab[T]) New(v T) *T {
	if len(s.rest) == 0 {
		s.size = min(max(2*s.size, 4), 32) // who makes few takes little room
		s.rest = make([]T, s.size)
	}
	made := &s.rest[0]
	s.rest = s.rest[1:]
	*made = v
	return made
}
