package events_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"dualhome/events"
)

// FuzzDecodeLine: any bytes are a line or malformed, and a line comes back from
// its own bytes.
func FuzzDecodeLine(f *testing.F) {
	var codec events.Codec
	for _, k := range events.Kinds() {
		g := generate(1)
		l := g.line(generators[k](g))
		f.Add(codec.AppendLine(nil, &l))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var codec events.Codec
		l, n, err := codec.DecodeLine(b)
		if err != nil {
			malformed(t, err)
			return
		}
		if n > len(b) {
			t.Fatalf("%d of %d bytes", n, len(b))
		}
		_ = l.String()
		encoded := codec.AppendLine(nil, &l)
		again, n, err := codec.DecodeLine(encoded)
		if err != nil || n != len(encoded) || !reflect.DeepEqual(again, l) {
			t.Errorf("again: %#v (%v)\nfirst: %#v", again, err, l)
		}
		if !bytes.Equal(codec.AppendLine(nil, &again), encoded) {
			t.Error("equal lines have different bytes")
		}
	})
}

// FuzzRebuild: any payload is an event or malformed, and an event comes back
// from its own payload.
func FuzzRebuild(f *testing.F) {
	for _, k := range events.Kinds() {
		conn, payload := events.Payload(generators[k](generate(1)))
		f.Add(uint8(k), string(conn.Initiator), conn.N, payload)
	}
	f.Fuzz(func(t *testing.T, kind uint8, initiator string, n uint32, payload []byte) {
		k, conn := events.Kind(kind), events.Conn{Initiator: events.ActorID(initiator), N: n}
		var codec events.Codec
		e, err := codec.Rebuild(k, conn, payload)
		if err != nil {
			malformed(t, err)
			return
		}
		_ = e.String()
		back, encoded := events.Payload(e)
		if m, ok := e.(events.Message); ok && (back != conn || !bytes.Equal(m.Bytes(), payload)) {
			t.Errorf("the message on %v is %x, on %v it was %x", back, m.Bytes(), conn, payload)
		}
		again, err := codec.Rebuild(k, back, encoded)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("again: %#v (%v)\nfirst: %#v", again, err, e)
		}
	})
}

func malformed(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, events.ErrMalformed) {
		t.Errorf("%v does not wrap ErrMalformed", err)
	}
}
