package sim

import (
	"slices"
	"time"

	"dualhome/events"
)

// Turn is one decision of one actor: what it may know beside its own state, and
// the only way in which it changes anything. It is valid during one Step.
//
// Each line of a turn cites as its cause the line that triggered the turn,
// unless Cite says otherwise.
type Turn struct {
	k       *Kernel
	slot    *slot
	trigger events.Line
	cause   uint64
	lines   []events.Line
}

func (t *Turn) reset(s *slot, trigger events.Line) {
	clear(t.lines)
	t.slot, t.trigger, t.cause, t.lines = s, trigger, 0, t.lines[:0]
}

// write gives a line its place, keeps it and folds it.
func (t *Turn) write(s *slot, l events.Line) uint64 {
	l.Seq = t.k.seq + 1
	l.At = t.k.now
	t.lines = append(t.lines, l)
	t.k.fold(s, &t.lines[len(t.lines)-1])
	return l.Seq
}

// Now gives the virtual time.
func (t *Turn) Now() events.Time { return t.k.now }

// From gives who sent the message that triggered the turn; none for a timer.
func (t *Turn) From() events.ActorID { return t.trigger.Peer }

// Root gives the disturbance that a line follows from; 0: the start of the run.
func (t *Turn) Root(seq uint64) uint64 { return t.k.roots[seq] }

// Origin gives the disturbance that the lines written now follow from; 0: the
// start of the run.
func (t *Turn) Origin() uint64 { return t.Root(t.cause) }

// Disturbance gives the name of the disturbance that the lines written now
// follow from; "start" if none.
func (t *Turn) Disturbance() string {
	if root := t.Root(t.cause); root != 0 {
		return t.k.names[root]
	}
	return "start"
}

// Lines gives the lines that this turn has written so far, its trigger first.
// They are valid during the turn.
func (t *Turn) Lines() []events.Line { return t.lines }

// Cite makes the lines written from now on follow from another line; 0 means
// the trigger again. It returns what they followed from until now.
func (t *Turn) Cite(seq uint64) uint64 {
	was := t.cause
	if t.cause = seq; seq == 0 {
		t.cause = t.trigger.Seq
	}
	return was
}

// Draw gives the value of d for key under the seed of the run.
func (t *Turn) Draw(d Dist, key Key) time.Duration { return Draw(t.k.cfg.Seed, d, key) }

// Record writes a decision of the actor, which is folded before Record returns.
func (t *Turn) Record(change events.Event) uint64 {
	return t.write(t.slot, events.Line{Cause: t.cause, Role: events.Change, Actor: t.slot.actor.ID(), Event: change})
}

// Begin writes a disturbance: a root, which the lines after it follow from.
func (t *Turn) Begin(d events.Disturbance) {
	t.cause = t.write(t.slot, events.Line{Role: events.Fault, Actor: t.slot.actor.ID(), Event: d})
}

// Send sends a message to another actor. A segment of a connection takes the
// wire there, which must exist, and its delay; anything else arrives at once.
func (t *Turn) Send(to events.ActorID, e events.Event) { t.send(to, e, t.cause, nil) }

// SendMixed sends a message whose prefixes may follow from several lines: causes
// has one per prefix, in wire order; 0 stands for what the turn follows from.
func (t *Turn) SendMixed(to events.ActorID, e events.Event, causes []uint64) {
	newest, mixed := t.of(causes[0]), false
	for _, c := range causes[1:] {
		is := t.of(c)
		newest, mixed = max(newest, is), mixed || is != newest
	}
	if !mixed {
		t.send(to, e, newest, nil)
		return
	}
	causes = slices.Clone(causes)
	for i, c := range causes {
		causes[i] = t.of(c)
	}
	t.send(to, e, newest, causes)
}

// of gives a cause; 0 stands for what the turn follows from.
func (t *Turn) of(cause uint64) uint64 {
	if cause == 0 {
		return t.cause
	}
	return cause
}

func (t *Turn) send(to events.ActorID, e events.Event, cause uint64, causes []uint64) {
	from := t.slot.actor.ID()
	due := t.k.now
	if conn, isSegment := segment(e); isSegment || datagram(e) {
		due = t.k.arrival(t.k.wire(t.slot, to), conn, e)
	}
	t.write(t.slot, events.Line{Cause: cause, Causes: causes, Due: due, Role: events.Out, Actor: from, Peer: to, Event: e})
}

// SendLate sends a message that was under way already, since sent, and that no
// line told of: it is for messages that are only written where something happens
// to them. It does nothing if that message has arrived.
func (t *Turn) SendLate(to events.ActorID, e events.Message, sent events.Time) {
	w := t.k.wire(t.slot, to)
	due := w.inOrder(e.Connection(), sent.Add(w.Delay.Min()))
	if due <= t.k.now {
		return
	}
	t.write(t.slot, events.Line{Cause: t.cause, Due: due, Role: events.Out, Actor: t.slot.actor.ID(), Peer: to, Event: e})
}

// Sending tells whether messages that this actor sent on a connection have not
// arrived yet; Coming, whether messages from the peer have not.
func (t *Turn) Sending(to events.ActorID, conn events.Conn) bool {
	return t.k.carries(t.k.wire(t.slot, to), conn)
}

// Coming is the other direction of Sending.
func (t *Turn) Coming(from events.ActorID, conn events.Conn) bool {
	return t.k.carries(t.k.wire(t.k.slots[from], t.slot.actor.ID()), conn)
}

// Unacknowledged tells since when something that this actor sent on a connection is
// not acknowledged, nor will be as long as the way there and back is as it is.
func (t *Turn) Unacknowledged(to events.ActorID, conn events.Conn) (since events.Time, any bool) {
	return t.k.unacknowledged(t.k.wire(t.slot, to), conn)
}

// Answered tells whether the other end of a connection is open too. No speaker
// knows that; here it stands for the bytes that come from there, or do not.
func (t *Turn) Answered(peer events.ActorID, conn events.Conn) bool {
	return t.k.slots[peer].end.Open(t.slot.actor.ID(), conn)
}

// After sets a timer, or moves it if it is set already.
func (t *Turn) After(d time.Duration, timer events.Timer) { t.At(t.k.now.Add(d), timer) }

// At sets a timer to an instant, which is not in the past, or moves it there.
func (t *Turn) At(due events.Time, timer events.Timer) {
	n := t.slot.timers.number(&t.k.queue, &timer)
	set := t.slot.timers.all[n].event // not timer, which would have to be copied
	t.write(t.slot, events.Line{Cause: t.cause, Due: max(due, t.k.now), Role: events.Set, Actor: t.slot.actor.ID(), Event: set})
}

// Stop stops a timer. It does nothing if the timer is not set.
func (t *Turn) Stop(timer events.Timer) {
	if n := t.slot.timers.find(&timer); n != unset && t.slot.timers.all[n].at != unset {
		t.write(t.slot, events.Line{Cause: t.cause, Role: events.Stopped, Actor: t.slot.actor.ID(), Event: t.slot.timers.all[n].event})
	}
}

// Pending tells whether a timer of this actor is set.
func (t *Turn) Pending(timer events.Timer) bool {
	return t.slot.timers.pending(&timer)
}
