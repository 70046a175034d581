package capture

import (
	"fmt"
	"net/netip"

	"dualhome/events"
)

// speaker is a node that sends or receives packets.
type speaker struct {
	id      events.ActorID
	index   int // from 0, in the order of the log
	address netip.Addr
	as      uint32
	text    string // what it is
}

// speakers are the nodes of a run, as its first lines tell of them.
type speakers struct {
	list []*speaker
	by   map[events.ActorID]*speaker
}

// note takes a node from the line that tells of it.
func (s *speakers) note(e events.Event) {
	if n, ok := e.(events.Node); ok && n.Address.IsValid() {
		of := s.of(n.Node)
		of.address, of.as, of.text = n.Address, n.AS, n.String()
	}
}

// of gives a speaker. One of which no line told has an address of 198.18.0.0/15, which
// is for tests (RFC 2544): in whole logs there is none.
func (s *speakers) of(id events.ActorID) *speaker {
	if one, known := s.by[id]; known {
		return one
	}
	n := len(s.list)
	one := &speaker{
		id: id, index: n, address: netip.AddrFrom4([4]byte{198, 18 + byte(n>>16&1), byte(n >> 8), byte(n)}),
		text: fmt.Sprintf("%s, of which the log does not tell", id),
	}
	if s.by == nil {
		s.by = map[events.ActorID]*speaker{}
	}
	s.by[id], s.list = one, append(s.list, one)
	return one
}
