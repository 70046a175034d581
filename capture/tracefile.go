package capture

import "dualhome/events"

// process is what the trace shows as one: an actor, or else something with a name.
type process struct {
	actor events.ActorID
	name  string
}

// thread is a row of a process. Its number tells apart those of one name.
type thread struct {
	process
	name   string
	number string
}

// event begins an event of the trace; put ends it.
func (o *tracer) event(phase, name string, at events.Time) *object {
	o.object = append(o.object[:0], '{')
	o.object.text("ph", phase)
	o.object.text("name", name)
	o.object.time("ts", at)
	return &o.object
}

// put writes the event.
func (o *tracer) put() {
	o.object.close()
	if o.events++; o.events > 1 {
		o.write([]byte{','})
	}
	o.write([]byte{'\n'})
	o.write(o.object)
}

func (o *tracer) write(b []byte) {
	if o.err == nil {
		_, o.err = o.out.Write(b)
	}
}

func (o *tracer) failed() bool { return o.err != nil }

// pid gives the number of a process, which gets its name when it is first needed.
func (o *tracer) pid(p process) uint64 {
	if n, known := o.pids[p]; known {
		return n
	}
	o.last++
	n := o.last
	o.pids[p] = n
	name := p.name
	if p.actor != "" {
		name = string(p.actor)
	}
	o.aside(func() {
		o.metadata("process_name", n, n, name)
	})
	return n
}

// tid gives the number of a thread, likewise.
func (o *tracer) tid(t thread) uint64 {
	if n, known := o.tids[t]; known {
		return n
	}
	pid := o.pid(t.process)
	o.last++
	n := o.last
	o.tids[t] = n
	name := t.name
	if t.number != "" {
		name += " #" + t.number
	}
	o.aside(func() { o.metadata("thread_name", pid, n, name) })
	return n
}

// aside writes events while another has begun.
func (o *tracer) aside(write func()) {
	begun := o.object
	o.object = nil
	write()
	o.object = begun
}

// metadata writes an event that names something.
func (o *tracer) metadata(what string, pid, tid uint64, name string) {
	b := o.event("M", what, 0)
	b.number("pid", pid)
	b.number("tid", tid)
	b.args()
	b.text("name", name)
	b.close()
	o.put()
}

// begin says what ran, beside the name of the fabric.
func (o *tracer) begin(e events.RunStarted) {
	pid := o.pid(process{actor: events.Fabric})
	b := o.event("M", "process_labels", 0)
	b.number("pid", pid)
	b.args()
	b.text("labels", e.String())
	b.close()
	o.put()
}

// slice writes a slice of a thread.
func (o *tracer) slice(t thread, category, name string, from, to events.Time, more func(args *object)) {
	tid := o.tid(t)
	b := o.event("X", name, from)
	b.time("dur", max(0, to-from))
	b.number("pid", o.pid(t.process))
	b.number("tid", tid)
	b.text("cat", category)
	b.args()
	more(b)
	b.close()
	o.put()
}

// finish ends the file.
func (o *tracer) finish() error {
	o.write([]byte("\n]}\n"))
	if o.err != nil {
		return o.err
	}
	return o.out.Flush()
}
