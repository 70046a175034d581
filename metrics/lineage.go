package metrics

import (
	"fmt"
	"math"
	"slices"

	"dualhome/events"
)

// A root is the number of a disturbance in the order of the log, from 1; 0 is
// the start of the run.
type root int32

// Disturbance is a fault or a repair of the run.
type Disturbance struct {
	Seq uint64 // of its line: the root of all that follows from it
	At  events.Time
	events.Disturbance
}

// lineage knows of every line where it comes from (law of causes, R5).
type lineage struct {
	lines        []origin // that of seq n at n-1
	disturbances []Disturbance
}

type origin struct {
	at    events.Time
	cause uint32
	root  root
	role  events.Role
	kind  events.Kind
	timer events.TimerName
}

// reset makes the lineage ready for another run. The disturbances belong to the
// result of the run before.
func (g *lineage) reset() { *g = lineage{lines: slices.Grow(g.lines[:0], 1024)} }

// add takes the next line. It refuses one that is out of order or follows from
// a later one.
func (g *lineage) add(l *events.Line) error {
	n := uint64(len(g.lines))
	switch {
	case l.Seq != n+1 || l.Seq > math.MaxUint32:
		return fmt.Errorf("line %d stands after line %d", l.Seq, n)
	case l.Cause >= l.Seq:
		return fmt.Errorf("line %d follows from line %d, which is not before it", l.Seq, l.Cause)
	case n > 0 && l.At < g.lines[n-1].at:
		return fmt.Errorf("line %d at %v stands after one at %v", l.Seq, l.At, g.lines[n-1].at)
	case l.Event == nil:
		return fmt.Errorf("line %d has no event", l.Seq)
	}
	for _, c := range l.Causes {
		if c >= l.Seq {
			return fmt.Errorf("line %d follows from line %d, which is not before it", l.Seq, c)
		}
	}
	g.lines = append(g.lines, g.originOf(l))
	return nil
}

func (g *lineage) originOf(l *events.Line) origin {
	o := origin{at: l.At, cause: uint32(l.Cause), root: g.root(l.Cause), role: l.Role, kind: l.Event.Kind()}
	switch e := l.Event.(type) {
	case events.Timer:
		o.timer = e.Name
	case events.Disturbance:
		if l.Role == events.Fault {
			g.disturbances = append(g.disturbances, Disturbance{l.Seq, l.At, e})
			o.root = root(len(g.disturbances))
		}
	}
	return o
}

// root gives the disturbance that a line follows from.
func (g *lineage) root(seq uint64) root {
	if seq == 0 {
		return 0
	}
	return g.lines[seq-1].root
}

// rootSeq gives the line of a root, as the columns root have it.
func (g *lineage) rootSeq(r root) int64 {
	if r == 0 {
		return 0
	}
	return int64(g.disturbances[r-1].Seq)
}

// causeOf gives what the i-th prefix of a line follows from.
func causeOf(l *events.Line, i int) uint64 {
	if i < len(l.Causes) {
		return l.Causes[i]
	}
	return l.Cause
}

// rootOf gives the disturbance that the i-th prefix of a line follows from.
func (g *lineage) rootOf(l *events.Line, i int) root {
	if i < len(l.Causes) {
		return g.root(l.Causes[i])
	}
	return g.root(l.Seq)
}
