package natslog

import (
	"strings"

	"dualhome/events"
)

// runSize is the length of a run's name on subjects: 60 bits. Each byte of a
// subject is parsed twice.
const runSize = 12

// route is what the messages on one subject have in common.
type route struct {
	to, from events.ActorID
	kind     events.Kind
}

// subjects gives the subjects of one run. It builds each of them once.
type subjects struct {
	run   string
	known map[route]string
}

// all is the subject of all messages of the run.
func (s *subjects) all() string { return "sim." + s.run + ".>" }

// of is the subject of the message that l sends.
func (s *subjects) of(l *events.Line) string {
	r := route{l.Peer, l.Actor, l.Event.Kind()}
	if subject, ok := s.known[r]; ok {
		return subject
	}
	subject := strings.Join([]string{"sim", s.run, string(r.to), string(r.from), r.kind.String()}, ".")
	s.known[r] = subject
	return subject
}
