package simtest

import (
	"context"
	"slices"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// Recorder is a log in memory that also keeps its lines as they were written,
// and where turns end. The zero value is ready.
type Recorder struct {
	eventlog.Memory
	Written []events.Line
	Turns   []uint64 // the seq of the last line of each turn
}

// Append implements eventlog.Log.
func (r *Recorder) Append(ctx context.Context, turn []events.Line) error {
	r.Written = append(r.Written, turn...)
	r.Turns = append(r.Turns, r.Written[len(r.Written)-1].Seq)
	return r.Memory.Append(ctx, turn)
}

// Select gives the lines that keep tells to, in order.
func (r *Recorder) Select(keep func(events.Line) bool) []events.Line {
	var some []events.Line
	for _, l := range r.Written {
		if keep(l) {
			some = append(some, l)
		}
	}
	return some
}

// Of gives the lines of one actor that have a role.
func (r *Recorder) Of(actor events.ActorID, role events.Role) []events.Line {
	return r.Select(func(l events.Line) bool { return l.Actor == actor && l.Role == role })
}

// Fault gives the line of a disturbance. It panics if there is none.
func (r *Recorder) Fault(name string) events.Line {
	i := slices.IndexFunc(r.Written, func(l events.Line) bool {
		d, ok := l.Event.(events.Disturbance)
		return ok && d.Name == name
	})
	if i < 0 {
		panic("simtest: no disturbance " + name)
	}
	return r.Written[i]
}
