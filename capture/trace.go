package capture

import (
	"bufio"
	"io"
	"iter"

	"dualhome/events"
	"dualhome/metrics"
)

// Trace is what a trace shows: the log of a run, and two of its tables.
type Trace struct {
	Log     Log
	Routes  iter.Seq2[metrics.Route, error]   // in the order of time
	Traffic iter.Seq2[metrics.Traffic, error] // as the table has them: the rows of one step after the other
}

// Write writes the trace in the Trace Event Format (Chrome, Perfetto). A process is an
// actor; its threads are its messages, its sessions and its timers:
//
//   - a session is a slice for each state, on a thread for each peer;
//   - a timer is a slice from when it is set until it fires, is moved or is stopped;
//   - a message is a slice without length at each end, and a flow from one to the other;
//   - a disturbance is an instant;
//   - routes in the tables of an actor, and the shares of a class by hub, are counters.
//
// What is open at the end of the run ends there. Events stand in the order in which they
// end; readers of the format sort them. No thread number is that of another process.
func (t Trace) Write(w io.Writer) error {
	o := newTracer(w)
	var last events.Time
	for l, err := range t.Log {
		if err != nil {
			return err
		}
		if started, ok := l.Event.(events.RunStarted); ok && l.Seq == 1 {
			o.begin(started)
		}
		last = max(last, l.At)
		o.line(&l)
		if o.failed() {
			break
		}
	}
	o.end(last)
	if err := o.routes(t.Routes); err != nil {
		return err
	}
	if err := o.traffic(t.Traffic); err != nil {
		return err
	}
	return o.finish()
}

// tracer writes a trace.
type tracer struct {
	out    *bufio.Writer
	err    error // of writing
	object object
	events uint64
	pids   map[process]uint64
	tids   map[thread]uint64
	last   uint64 // number of a process or thread
	sessions
	timers
	arrows
}

func newTracer(w io.Writer) *tracer {
	o := &tracer{
		out: bufio.NewWriterSize(w, 1<<16), pids: map[process]uint64{}, tids: map[thread]uint64{},
		sessions: sessions{open: map[neighbors][]state{}}, timers: newTimers(), arrows: arrows{},
	}
	o.write([]byte(`{"displayTimeUnit":"ns","traceEvents":[`))
	return o
}

// line takes a line.
func (o *tracer) line(l *Line) {
	switch e := l.Event.(type) {
	case events.SessionChanged:
		o.session(l, &e)
	case events.NodeState:
		if e.Is == events.Dead || e.Is == events.Halted {
			o.silence(e.Node, l.At)
		}
	case events.Disturbance:
		if l.Role == events.Fault {
			o.disturbance(l, &e)
		}
	case events.Timer:
		o.timer(l, e)
		return
	}
	switch l.Role {
	case events.Out, events.In, events.Lost:
		o.message(l)
	}
}

// silence ends what a process does that is no more. What it last believed of its
// sessions is in the log until it begins anew, and would be misleading here.
func (o *tracer) silence(id events.ActorID, at events.Time) {
	o.endSessions(at, func(of events.ActorID) bool { return of == id })
	o.endTimers(at, func(of events.ActorID) bool { return of == id })
}

// end ends what is open at the end of the run.
func (o *tracer) end(at events.Time) {
	all := func(events.ActorID) bool { return true }
	o.endSessions(at, all)
	o.endTimers(at, all)
	o.endMessages(at)
}

// disturbance writes an instant of the whole run.
func (o *tracer) disturbance(l *Line, e *events.Disturbance) {
	b := o.event("i", e.String(), l.At)
	b.number("pid", o.pid(process{actor: l.Actor}))
	b.number("tid", o.tid(thread{process{actor: l.Actor}, "disturbances", ""}))
	b.text("s", "g")
	b.text("cat", "disturbance")
	b.args()
	place(b, l)
	b.close()
	o.put()
}

// place says which line an event of the trace is.
func place(b *object, l *Line) {
	b.number("seq", l.Seq)
	b.number("cause", l.Cause)
	b.number("root", l.Root)
}
