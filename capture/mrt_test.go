package capture_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/mrt"

	"dualhome/capture"
	"dualhome/events"
)

// TestMRT: every message that arrived and every transition is a record, in order, with
// its bytes, its time and the two ends; the library reads all but what is malformed.
func TestMRT(t *testing.T) {
	networks(t, 8, func(t *testing.T, lines []capture.Line) {
		var b bytes.Buffer
		if err := capture.MRT(&b, logOf(lines), nil); err != nil {
			t.Fatal(err)
		}
		nodes := nodesOf(lines)
		rest := b.Bytes()
		for i := range lines {
			l := &lines[i]
			if !isRecord(l) {
				continue
			}
			if len(rest) == 0 {
				t.Fatalf("line %d has no record", l.Seq)
			}
			var record []byte
			record, rest = cut(t, rest)
			checkRecord(t, l, nodes, record)
		}
		if len(rest) > 0 {
			t.Errorf("%d bytes too many", len(rest))
		}
	})
}

func isRecord(l *capture.Line) bool {
	switch l.Event.(type) {
	case events.Message:
		return l.Role == events.In
	case events.SessionChanged:
		return true
	}
	return false
}

func nodesOf(lines []capture.Line) map[events.ActorID]events.Node {
	nodes := map[events.ActorID]events.Node{}
	for _, l := range lines {
		if n, is := l.Event.(events.Node); is {
			nodes[n.Node] = n
		}
	}
	return nodes
}

// cut takes a record from the front: a header of 12 bytes, in which its length is
// (RFC 6396 section 2), and so many.
func cut(t *testing.T, b []byte) (record, rest []byte) {
	t.Helper()
	n := 12 + int(binary.BigEndian.Uint32(b[8:]))
	if n > len(b) {
		t.Fatalf("a record of %d bytes in %d", n, len(b))
	}
	return b[:n], b[n:]
}

func checkRecord(t *testing.T, l *capture.Line, nodes map[events.ActorID]events.Node, record []byte) {
	t.Helper()
	h, err := mrt.ParseHeader(record)
	if err != nil || h.Type != mrt.BGP4MP_ET {
		t.Fatalf("line %d: %+v, %v", l.Seq, h, err)
	}
	want := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(l.At)).Truncate(time.Microsecond)
	if !h.GetTime().Equal(want) {
		t.Errorf("line %d: at %v, not %v", l.Seq, h.GetTime(), want)
	}
	body := record[16:]
	ends := func(peer events.ActorID) []byte {
		b := binary.BigEndian.AppendUint32(nil, nodes[peer].AS)
		b = binary.BigEndian.AppendUint32(b, nodes[l.Actor].AS)
		b = append(b, 0, 0, 0, 1)
		b = append(b, nodes[peer].Address.AsSlice()...)
		return append(b, nodes[l.Actor].Address.AsSlice()...)
	}
	switch e := l.Event.(type) {
	case events.Message:
		if h.SubType != 4 || !bytes.Equal(body, append(ends(l.Peer), e.Bytes()...)) {
			t.Errorf("line %d: subtype %d, %x", l.Seq, h.SubType, body)
		}
	case events.SessionChanged:
		states := []byte{0, byte(e.Was) + 1, 0, byte(e.Is) + 1}
		if h.SubType != 5 || !bytes.Equal(body, append(ends(e.Neighbor), states...)) {
			t.Errorf("line %d: subtype %d, %x", l.Seq, h.SubType, body)
		}
	}
}

// TestMRTOfOne: what one speaker received is a part of what all received.
func TestMRTOfOne(t *testing.T) {
	lines := libraryRun(t, "active-passive")
	var one bytes.Buffer
	if err := capture.MRT(&one, logOf(lines), func(id events.ActorID) bool { return id == "nva1" }); err != nil {
		t.Fatal(err)
	}
	want := 0
	for i := range lines {
		if isRecord(&lines[i]) && lines[i].Actor == "nva1" {
			want++
		}
	}
	got := 0
	for rest := one.Bytes(); len(rest) > 0; got++ {
		_, rest = cut(t, rest)
	}
	if got != want || got == 0 {
		t.Errorf("%d records, not %d", got, want)
	}
}

// TestMRTEndsInTime: MRT has 32 bits for seconds; a run that goes on after 2106 is told
// so, and not written with a wrong date.
func TestMRTEndsInTime(t *testing.T) {
	lines := libraryRun(t, "active-passive")
	last := len(lines) - 1
	for !isRecord(&lines[last]) {
		last--
	}
	lines[last].At = events.Time(110 * 365 * 24 * time.Hour)
	if err := capture.MRT(&bytes.Buffer{}, logOf(lines), nil); err == nil {
		t.Error("no error")
	}
}
