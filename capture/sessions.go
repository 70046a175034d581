package capture

import (
	"cmp"
	"maps"
	"slices"

	"dualhome/events"
)

// neighbors is a session as one of its ends sees it.
type neighbors struct{ actor, peer events.ActorID }

func byName(a, b neighbors) int {
	return cmp.Or(cmp.Compare(a.actor, b.actor), cmp.Compare(a.peer, b.peer))
}

// state is a state that a session is in.
type state struct {
	is    events.State
	conn  events.Conn
	since events.Time
	why   string
	line  Line
	lane  int
}

// sessions are the states that sessions are in. One has two where both ends opened a
// connection at once (RFC 4271 section 6.8).
type sessions struct{ open map[neighbors][]state }

// session takes a transition.
func (o *tracer) session(l *Line, e *events.SessionChanged) {
	of := neighbors{l.Actor, e.Neighbor}
	list := o.sessions.open[of]
	lane := 0
	if i := leaving(list, e); i >= 0 {
		o.endState(of, &list[i], l.At)
		lane = list[i].lane
		list = slices.Delete(list, i, i+1)
	} else {
		for slices.ContainsFunc(list, func(s state) bool { return s.lane == lane }) {
			lane++
		}
	}
	if e.Is != events.Idle || lane == 0 {
		list = append(list, state{is: e.Is, conn: e.Conn, since: l.At, why: e.Why, line: *l, lane: lane})
	}
	o.sessions.open[of] = list
}

// leaving finds the state that a transition leaves: that of its connection, or else the
// one that it names.
func leaving(list []state, e *events.SessionChanged) int {
	if i := slices.IndexFunc(list, func(s state) bool { return s.conn == e.Conn && s.is == e.Was }); i >= 0 {
		return i
	}
	return slices.IndexFunc(list, func(s state) bool { return s.is == e.Was })
}

func (o *tracer) endState(of neighbors, s *state, at events.Time) {
	t := thread{process{actor: of.actor}, "session " + string(of.peer), laneName(s.lane)}
	o.slice(t, "session", s.is.String(), s.since, at, func(args *object) {
		place(args, &s.line)
		args.text("why", s.why)
		args.text("connection", s.conn.String())
	})
}

// endSessions ends all states of some actors.
func (o *tracer) endSessions(at events.Time, of func(events.ActorID) bool) {
	for _, one := range slices.SortedFunc(maps.Keys(o.sessions.open), byName) {
		if !of(one.actor) {
			continue
		}
		list := o.sessions.open[one]
		for i := range list {
			o.endState(one, &list[i], at)
		}
		delete(o.sessions.open, one)
	}
}
