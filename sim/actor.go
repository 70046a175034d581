package sim

import "dualhome/events"

// Actor is a part of the network. It has no goroutine, no clock, no I/O and no
// randomness of its own.
type Actor interface {
	// ID names the actor; it is unique in a run.
	ID() events.ActorID
	// Step decides what follows from a line of this actor that was just folded:
	// a message that arrived or was lost, a timer that fired, the start of the
	// run. It changes the actor only through t.
	Step(t *Turn, in events.Line)
	// Apply folds one line of this actor, whatever its role. It cannot fail, changes
	// nothing of the line, and does not keep the pointer.
	Apply(l *events.Line)
}

// Endpoint is an actor that has TCP connections.
type Endpoint interface {
	Actor
	// Open tells whether this end of a connection with a peer is open.
	Open(peer events.ActorID, conn events.Conn) bool
}

// segment tells whether e belongs to a TCP connection, and to which.
func segment(e events.Event) (events.Conn, bool) {
	switch e := e.(type) {
	case events.Message:
		return e.Connection(), true
	case events.TCP:
		return e.Conn, true
	}
	return events.Conn{}, false
}

// datagram tells whether e takes a wire but belongs to no connection: BFD.
func datagram(e events.Event) bool { return e.Kind() == events.KindBFD }

// resets tells whether e is a host's answer that it knows no such connection,
// which is no part of the connection's data.
func resets(e events.Event) bool {
	s, ok := e.(events.TCP)
	return ok && s.Flag == events.RST
}

// opens tells whether e asks for a new connection.
func opens(e events.Event) bool {
	s, ok := e.(events.TCP)
	return ok && s.Flag == events.SYN
}
