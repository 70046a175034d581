package events

// Slab makes events of a kind of which there are many, many in one allocation. The
// zero value is ready.
type Slab[T any] struct{ rest []T }

// New gives a copy of v that stays where it is.
func (s *Slab[T]) New(v T) *T {
	if len(s.rest) == 0 {
		s.rest = make([]T, 32)
	}
	made := &s.rest[0]
	s.rest = s.rest[1:]
	*made = v
	return made
}
