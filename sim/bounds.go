package sim

import (
	"fmt"

	"dualhome/events"
)

// Bounds are what a run may not exceed. A zero field means its default.
type Bounds struct {
	Lines           uint64 // of the whole run
	LinesPerInstant uint64 // at one instant of virtual time
	Actors          int
}

func (b Bounds) orDefaults() Bounds {
	if b.Lines == 0 {
		b.Lines = 200_000_000
	}
	if b.LinesPerInstant == 0 {
		b.LinesPerInstant = 10_000_000
	}
	if b.Actors == 0 {
		b.Actors = 100_000
	}
	return b
}

// BoundError says that a run met one of its bounds, and when.
type BoundError struct {
	Bound string // lines, lines per instant, actors
	Limit uint64
	At    events.Time
}

func (e *BoundError) Error() string {
	return fmt.Sprintf("at %v the run exceeded its bound of %d %s", e.At, e.Limit, e.Bound)
}

func (b Bounds) check(k *Kernel) error {
	switch {
	case k.seq > b.Lines:
		return &BoundError{"lines", b.Lines, k.now}
	case k.instant > b.LinesPerInstant:
		return &BoundError{"lines at one instant", b.LinesPerInstant, k.now}
	}
	return nil
}
