package capture

import (
	"maps"
	"slices"

	"dualhome/events"
)

// arrows are the messages under way, by the line in which they were sent: of what kind,
// and for whom.
type arrows map[uint64]arrow

type arrow struct {
	kind     events.Kind
	from, to events.ActorID
}

// touch is where a message is sent or arrives: a slice without length, and the end of a
// flow on it.
type touch struct {
	at    *Line
	kind  events.Kind
	name  string
	text  string
	phase string // s: the flow begins; f: it ends
	flow  uint64 // the line in which the message was sent
}

// message takes a line of a message.
func (o *tracer) message(l *Line) {
	a, sent := o.arrows[l.Cause]
	m := touch{at: l, kind: a.kind, text: l.Event.String(), phase: "f", flow: l.Cause}
	switch {
	case l.Role == events.Out:
		m.kind, m.phase, m.flow = l.Event.Kind(), "s", l.Seq
		m.name = m.kind.String() + " to " + string(l.Peer)
		o.arrows[l.Seq] = arrow{m.kind, l.Actor, l.Peer}
	case !sent:
		return // the start of an actor, which nobody sends
	case l.Role == events.Lost:
		m.name = "lost " + a.String()
	default:
		m.name = a.String()
	}
	if m.phase == "f" {
		delete(o.arrows, l.Cause)
	}
	o.touch(&m)
}

func (a arrow) String() string { return a.kind.String() + " from " + string(a.from) }

func (o *tracer) touch(m *touch) {
	t := thread{process{actor: m.at.Actor}, "messages", ""}
	o.slice(t, m.kind.String(), m.name, m.at.At, m.at.At, func(args *object) {
		place(args, m.at)
		args.text("text", m.text)
	})
	b := o.event(m.phase, m.kind.String(), m.at.At)
	b.number("pid", o.pids[t.process])
	b.number("tid", o.tids[t])
	b.text("cat", m.kind.String())
	b.number("id", m.flow)
	if m.phase == "f" {
		b.text("bp", "e")
	}
	o.put()
}

// endMessages ends the flows of what is under way at the end.
func (o *tracer) endMessages(at events.Time) {
	for _, sent := range slices.Sorted(maps.Keys(o.arrows)) {
		a := o.arrows[sent]
		l := Line{Line: events.Line{Seq: sent, At: at, Actor: a.to}}
		o.touch(&touch{at: &l, kind: a.kind, name: a.String() + ", under way", text: "under way at the end of the run", phase: "f", flow: sent})
	}
	clear(o.arrows)
}
