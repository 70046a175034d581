package events_test

import (
	"bytes"
	"encoding/binary"
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

// FuzzUpdate: whatever an UPDATE holds behind a sound header, it has one of the
// treatments of RFC 7606: its routes are told, all of them and each once, or it ends
// the session; and what is told without a fault we would say in the same words.
func FuzzUpdate(f *testing.F) {
	for _, c := range faults {
		raw := update(f, c.attributes)
		f.Add(raw[21:24], raw[26:len(raw)-3], raw[len(raw)-3:])
	}
	f.Fuzz(func(t *testing.T, withdrawn, attributes, nlri []byte) {
		if len(withdrawn)+len(attributes)+len(nlri) > 4096-23 {
			return
		}
		b := append(bytes.Repeat([]byte{0xff}, 16), 0, 0, 2)
		for _, part := range [][]byte{withdrawn, attributes} {
			b = append(binary.BigEndian.AppendUint16(b, uint16(len(part))), part...)
		}
		raw := sized(append(b, nlri...))
		var codec events.Codec
		e, err := codec.Rebuild(events.KindUpdate, toRS0, raw)
		if err != nil {
			t.Fatalf("it is no UPDATE: %v", err)
		}
		u := e.(*events.Update)
		_ = u.String()
		for _, internal := range []bool{false, true} {
			heard := u.Heard(internal)
			if heard.Fatal != nil {
				if len(heard.Withdrawn)+len(heard.NLRI) > 0 {
					t.Errorf("it ends the session, and says %v", heard)
				}
				continue
			}
			if n := len(heard.Withdrawn) + len(heard.NLRI); n != count(withdrawn)+count(nlri) {
				t.Errorf("%d prefixes of %d and %d", n, count(withdrawn), count(nlri))
			}
			if (heard.Attrs == nil) != (len(heard.NLRI) == 0) {
				t.Errorf("%d prefixes announced with %v", len(heard.NLRI), heard.Attrs)
			}
		}
		if u.Fatal == nil && len(u.Faults) == 0 {
			again := rebuilt(t, events.EncodeUpdate(u.Routes))
			if !reflect.DeepEqual(again.Routes, u.Routes) {
				t.Errorf("again: %+v\nfirst: %+v", again.Routes, u.Routes)
			}
		}
	})
}

// count tells how many prefixes are in a list that is sound.
func count(list []byte) (n int) {
	for ; len(list) > 0; n++ {
		list = list[1+(int(list[0])+7)/8:]
	}
	return n
}
