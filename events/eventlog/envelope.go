package eventlog

import (
	"encoding/binary"
	"fmt"

	"dualhome/events"
)

// Envelope is a message under way: the place of its Out, and its event as
// bytes.
type Envelope struct {
	Seq     uint64
	Causes  []uint64
	At, Due events.Time
	Kind    events.Kind
	Conn    events.Conn // of a BGP message
	Payload []byte      // see events.Payload
}

// Enclose puts the message of an Out into an envelope.
func Enclose(l *events.Line) Envelope {
	conn, payload := events.Payload(l.Event)
	return Envelope{l.Seq, l.Causes, l.At, l.Due, l.Event.Kind(), conn, payload}
}

// AppendEnclosed appends to b what Append does of the envelope that Enclose gives.
func AppendEnclosed(b []byte, l *events.Line) []byte {
	if _, ok := l.Event.(events.Message); ok {
		e := Enclose(l)
		return e.Append(b)
	}
	e := Envelope{Seq: l.Seq, Causes: l.Causes, At: l.At, Due: l.Due, Kind: l.Event.Kind()}
	return events.AppendEvent(e.Append(b), l.Event)
}

// Append appends the bytes of the envelope to b: a small header, then the
// payload.
func (e *Envelope) Append(b []byte) []byte {
	var head [26]byte
	binary.LittleEndian.PutUint64(head[:], e.Seq)
	binary.LittleEndian.PutUint64(head[8:], uint64(e.At))
	binary.LittleEndian.PutUint64(head[16:], uint64(e.Due))
	head[24], head[25] = byte(e.Kind), byte(len(e.Conn.Initiator))
	b = append(append(b, head[:]...), e.Conn.Initiator...)
	b = binary.LittleEndian.AppendUint32(b, e.Conn.N)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(e.Causes)))
	for _, c := range e.Causes {
		b = binary.LittleEndian.AppendUint64(b, c)
	}
	return append(b, e.Payload...)
}

// Open reads an envelope from all of b, which it keeps. Codec remembers names.
func Open(b []byte, codec *events.Codec) (Envelope, error) {
	e, ok := open(b, codec)
	if !ok {
		return Envelope{}, fmt.Errorf("%w: an envelope of %d bytes", events.ErrMalformed, len(b))
	}
	return e, nil
}

func open(b []byte, codec *events.Codec) (Envelope, bool) {
	if len(b) < 26 {
		return Envelope{}, false
	}
	e := Envelope{
		Seq:  binary.LittleEndian.Uint64(b),
		At:   events.Time(binary.LittleEndian.Uint64(b[8:])),
		Due:  events.Time(binary.LittleEndian.Uint64(b[16:])),
		Kind: events.Kind(b[24]),
	}
	name, b := int(b[25]), b[26:]
	if len(b) < name+8 {
		return Envelope{}, false
	}
	e.Conn = events.Conn{Initiator: events.ActorID(codec.Name(b[:name])), N: binary.LittleEndian.Uint32(b[name:])}
	causes, b := int(binary.LittleEndian.Uint32(b[name+4:])), b[name+8:]
	if causes > len(b)/8 {
		return Envelope{}, false
	}
	for range causes {
		e.Causes = append(e.Causes, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	e.Payload = b
	return e, true
}
