package eventlog_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"

	"dualhome/events"
	"dualhome/events/eventlog"
)

func TestOpenedEnvelopeIsTheEnclosed(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 0))
	for range 1000 {
		e := eventlog.Envelope{
			Seq: g.Uint64(), At: events.Time(g.Int64()), Due: events.Time(g.Int64()), Kind: events.Kind(g.IntN(256)),
			Conn:    events.Conn{Initiator: events.ActorID(make([]byte, g.IntN(64))), N: g.Uint32()},
			Payload: make([]byte, g.IntN(100)),
		}
		for range g.IntN(4) {
			e.Causes = append(e.Causes, g.Uint64())
		}
		b := e.Append([]byte("before"))[len("before"):]
		got, err := eventlog.Open(b, &events.Codec{})
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Fatalf("opened   %+v (%v)\nenclosed %+v", got, err, e)
		}
		if again := got.Append(nil); !bytes.Equal(again, b) {
			t.Fatalf("encoded again: %x\nat first:      %x", again, b)
		}
	}
}

func TestEncloseKeepsThePlaceOfTheOut(t *testing.T) {
	update, turn := update("10.1.0.0/16"), events.TCP{Conn: events.Conn{Initiator: "nva1", N: 2}, Flag: events.SYN}
	for _, want := range []events.Event{update, turn} {
		l := events.Line{Seq: 7, Cause: 3, Causes: []uint64{2, 3}, At: 10, Due: 10, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: want}
		e := eventlog.Enclose(&l)
		if e.Seq != 7 || e.At != 10 || e.Due != 10 || !reflect.DeepEqual(e.Causes, l.Causes) {
			t.Errorf("%+v is not where %v is", e, l)
		}
		if at, b := e.Append([]byte("at")), eventlog.AppendEnclosed([]byte("at"), &l); !bytes.Equal(at, b) {
			t.Errorf("enclosed at once: %x\nthen appended:   %x", b, at)
		}
		var codec events.Codec
		got, err := codec.Rebuild(e.Kind, e.Conn, e.Payload)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("rebuilt %#v (%v)\nof      %#v", got, err, want)
		}
	}
}

// FuzzEnvelope: any bytes are an envelope or malformed, and an envelope is its
// own bytes.
func FuzzEnvelope(f *testing.F) {
	e := eventlog.Envelope{
		Seq: 9, Causes: []uint64{4, 5}, At: 1, Due: 2, Kind: events.KindUpdate,
		Conn: events.Conn{Initiator: "nva1", N: 1}, Payload: []byte("payload"),
	}
	f.Add(e.Append(nil))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := eventlog.Open(b, &events.Codec{})
		if err != nil {
			if !errors.Is(err, events.ErrMalformed) {
				t.Errorf("%v does not wrap ErrMalformed", err)
			}
			return
		}
		if again := e.Append(nil); !bytes.Equal(again, b) {
			t.Errorf("encoded again: %x\nat first:      %x", again, b)
		}
	})
}

// update announces one prefix.
func update(prefix string) *events.Update {
	return events.NewUpdate(events.Conn{Initiator: "nva1", N: 1}, &events.Routes{
		Attrs: &events.Attrs{Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: netip.MustParseAddr("10.11.0.4")},
		NLRI:  []netip.Prefix{netip.MustParsePrefix(prefix)},
	})
}
