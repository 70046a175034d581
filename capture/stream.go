package capture

import (
	"hash/fnv"
	"slices"

	"github.com/gopacket/gopacket/layers"

	"dualhome/events"
)

// stream is a TCP connection as its segments show it: who has sent how much, and who
// has got how much of the other (RFC 9293 section 3.4).
type stream struct {
	n         uint32 // of events.Conn
	handshake bool   // it began with a SYN; otherwise it was there from the start
	ends      [2]end // of who opened it, and of the other
}

// end is one end of a connection.
type end struct {
	first uint32 // its initial sequence number
	next  uint32 // that of what it sends next
	got   uint32 // that of what it expects next
	opens bool   // it has sent its SYN

	closed bool // it has sent or got what ends the connection, and says nothing but RST
}

// newStream gives a connection of which nothing was seen. Its initial sequence numbers
// follow from its name.
func newStream(initiator, peer events.ActorID, n uint32) *stream {
	s := &stream{n: n}
	for side := range s.ends {
		h := fnv.New32a()
		_, _ = h.Write([]byte(initiator + "\x00" + peer)) // a hash takes everything
		_, _ = h.Write([]byte{byte(side), byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)})
		s.ends[side].first = h.Sum32()
		s.ends[side].next = s.ends[side].first + 1
		s.ends[1-side].got = s.ends[side].next
	}
	return s
}

// send gives the header of what one end sends: a segment that opens or closes the
// connection, or data of that size (flag 0).
func (s *stream) send(side int, flag events.Flag, size int) layers.TCP {
	e := &s.ends[side]
	t := layers.TCP{Seq: e.next, Ack: e.got, ACK: true, Window: 65535}
	switch flag {
	case events.SYN:
		s.handshake, e.opens = true, true
		t.Seq, t.Ack, t.ACK, t.SYN = e.first, 0, false, true
	case events.SYNACK:
		e.opens = true
		t.Seq, t.SYN = e.first, true
	case events.FIN:
		t.FIN = true
		e.next++
		e.closed = true
	case events.RST:
		t.RST = true
		e.closed = true
		if s.handshake && !e.opens {
			t.Seq = 0 // the port is closed (RFC 9293 section 3.10.7.1)
		}
	default:
		t.PSH = true
		e.next += uint32(size)
	}
	if t.SYN {
		t.Options = synOptions()
	}
	return t
}

// synOptions give a window that is never full: the simulation has none.
func synOptions() []layers.TCPOption {
	return []layers.TCPOption{
		{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: []byte{0x23, 0x00}}, // 8960: every message is one segment
		{OptionType: layers.TCPOptionKindNop},
		{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{14}},
	}
}

// receive takes what arrived at one end.
func (s *stream) receive(side int, flag events.Flag, size int) {
	e := &s.ends[side]
	switch flag {
	case events.SYN, events.SYNACK:
	case events.RST:
		e.closed = true
	case events.FIN:
		e.got++
		e.closed = true
	default:
		e.got += uint32(size)
	}
}

// note takes the last message of a session, which closes the connection (RFC 4271
// section 4.5).
func (s *stream) note(side int, e events.Event) {
	if _, is := e.(events.Notification); is {
		s.ends[side].closed = true
	}
}

// pair is two speakers, the one that opens connections first.
type pair struct{ initiator, peer events.ActorID }

// streams are the connections of a run.
type streams map[pair][]*stream

// How many connections are kept that one speaker opened to another: more than
// closedStreams only while they are not closed at both ends, such as attempts that
// nobody answers.
const (
	closedStreams = 16
	mostStreams   = 1024
)

// of gives the connection of a line, and which of its ends the line's actor is.
func (s streams) of(l *Line, conn events.Conn) (*stream, int) {
	p, side := pair{conn.Initiator, l.Peer}, 0
	if l.Actor != conn.Initiator {
		p.peer, side = l.Actor, 1
	}
	list := s[p]
	for _, one := range slices.Backward(list) {
		if one.n == conn.N {
			return one, side
		}
	}
	one := newStream(p.initiator, p.peer, conn.N)
	s[p] = append(withoutOne(list), one)
	return one, side
}

// withoutOne drops the oldest connection that nobody needs, if there are many.
func withoutOne(list []*stream) []*stream {
	if len(list) < closedStreams {
		return list
	}
	oldest := slices.IndexFunc(list, func(s *stream) bool { return s.ends[0].closed && s.ends[1].closed })
	if oldest < 0 && len(list) < mostStreams {
		return list
	}
	return slices.Delete(list, max(oldest, 0), max(oldest, 0)+1)
}
