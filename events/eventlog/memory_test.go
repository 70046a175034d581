package eventlog_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dualhome/events"
	"dualhome/events/eventlog"
)

// run is a log of twenty thousand lines, many chunks. Its
// first line is larger than a chunk.
func run() []events.Line {
	lines := []events.Line{{
		Seq: 1, Role: events.Fact, Actor: events.Fabric,
		Event: events.RunStarted{Scenario: "large", Text: strings.Repeat("nvas:\n", 100_000/6), Seed: 1, Horizon: 1200e9},
	}}
	e := update("10.1.0.0/16")
	for seq := uint64(2); seq <= 20_000; seq++ {
		at := events.Time(seq * 1000)
		lines = append(lines, events.Line{Seq: seq, Cause: seq - 1, At: at, Due: at, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: e})
	}
	return lines
}

// keep appends lines to a fresh log in turns of size.
func keep(t *testing.T, lines []events.Line, size int) *eventlog.Memory {
	t.Helper()
	m := &eventlog.Memory{}
	for len(lines) > 0 {
		turn := lines[:min(size, len(lines))]
		if err := m.Append(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		lines = lines[len(turn):]
	}
	return m
}

func TestMemoryGivesItsLinesBack(t *testing.T) {
	lines := run()
	m := keep(t, lines, 7)
	if m.Len() != uint64(len(lines)) {
		t.Errorf("%d lines, not %d", m.Len(), len(lines))
	}
	for _, from := range []uint64{0, 1, 2, 10_000, 20_000, 20_001} {
		want := lines[min(max(from, 1)-1, uint64(len(lines))):]
		for l, err := range m.Lines(t.Context(), from) {
			if err != nil || len(want) == 0 || !reflect.DeepEqual(l, want[0]) {
				t.Fatalf("from %d: %v (%v)", from, l, err)
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Errorf("from %d: %d lines are missing", from, len(want))
		}
	}
}

func TestMemoryCopiesWhatItKeeps(t *testing.T) {
	turn := []events.Line{{Seq: 1, Role: events.Change, Actor: "nva1", Event: events.Serving{Group: "vms"}}}
	m := keep(t, turn, 1)
	turn[0].Event, turn[0].Actor = events.Start{}, "other"
	for l, err := range m.Lines(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Actor != "nva1" || l.Event != events.Event(events.Serving{Group: "vms"}) {
			t.Errorf("the line became %v", l)
		}
	}
}

// TestDigest: it is that of the encoding, whatever the turns were; and any
// difference shows.
func TestDigest(t *testing.T) {
	lines := run()
	var codec events.Codec
	h := sha256.New()
	for i := range lines {
		h.Write(codec.AppendLine(nil, &lines[i]))
	}
	want := hex.EncodeToString(h.Sum(nil))
	for _, size := range []int{1, 10, len(lines)} {
		if got := keep(t, lines, size).Digest(); got != want {
			t.Errorf("turns of %d: %s, not %s", size, got, want)
		}
	}
	lines[10_000].At++
	if keep(t, lines, 10).Digest() == want {
		t.Error("another time, the same digest")
	}
}

func TestLinesEnd(t *testing.T) {
	m := keep(t, run(), 10)
	n := 0
	for _, err := range m.Lines(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs []error
	for _, err := range m.Lines(ctx, 1) {
		errs = append(errs, err)
	}
	if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
		t.Errorf("after cancel: %v", errs)
	}
}

func TestMemoryBus(t *testing.T) {
	var bus eventlog.MemoryBus
	big := events.Order{Do: events.Serve, Arg: events.ActorID(strings.Repeat("x", 100_000))} // beyond a chunk
	turn := []events.Line{
		{Seq: 1, Role: events.Change, Actor: "nva1", Event: events.Start{}},
		{Seq: 2, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: update("10.1.0.0/16")},
		{Seq: 3, Role: events.Out, Actor: "nva1", Peer: "rs0-1", Event: big},
		{Seq: 4, Role: events.Out, Actor: "nva1", Peer: "rs0-1", Event: update("10.2.0.0/16")},
	}
	if err := bus.Publish(turn); err != nil {
		t.Fatal(err)
	}
	for _, seq := range []int{4, 2, 3} {
		got, err := bus.Await(uint64(seq))
		if want := eventlog.Enclose(&turn[seq-1]); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("awaited %+v (%v)\nsent    %+v", got, err, want)
		}
	}
	for _, seq := range []uint64{1, 2, 99} {
		if _, err := bus.Await(seq); !errors.Is(err, eventlog.ErrLost) || !strings.Contains(fmt.Sprint(err), fmt.Sprint(seq)) {
			t.Errorf("message %d, not under way: %v", seq, err)
		}
	}
	if err := bus.Close(); err != nil {
		t.Error(err)
	}
}

func TestMemoryBusMessagesDoNotOverwriteEachOther(t *testing.T) {
	var bus eventlog.MemoryBus
	var sent []events.Line
	for seq := uint64(1); seq <= 5000; seq++ {
		e := update(fmt.Sprintf("10.%d.%d.0/24", seq>>8, seq&0xff))
		sent = append(sent, events.Line{Seq: seq, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: e})
	}
	if err := bus.Publish(sent); err != nil {
		t.Fatal(err)
	}
	opened := map[uint64]eventlog.Envelope{}
	for i := range sent {
		e, err := bus.Await(sent[i].Seq)
		if err != nil {
			t.Fatal(err)
		}
		e.Payload = append(e.Payload, "what a careless consumer appends"...)
		opened[e.Seq] = e
	}
	for i := range sent {
		want := append(eventlog.Enclose(&sent[i]).Payload[:0:0], eventlog.Enclose(&sent[i]).Payload...)
		if got := opened[sent[i].Seq].Payload; !strings.HasPrefix(string(got), string(want)) {
			t.Fatalf("message %d is %x, not %x", sent[i].Seq, got, want)
		}
	}
}

// TestMemoryBusServesAnotherRun: after Close there is nothing of the first, and what
// lay in its room does not show.
func TestMemoryBusServesAnotherRun(t *testing.T) {
	var bus eventlog.MemoryBus
	turn := func(seq uint64, prefix string) []events.Line {
		return []events.Line{{Seq: seq, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: update(prefix)}}
	}
	for _, prefix := range []string{"10.1.0.0/16", "10.2.0.0/16"} {
		if _, err := bus.Await(2); !errors.Is(err, eventlog.ErrLost) {
			t.Errorf("before anything was sent: %v", err)
		}
		for seq := range uint64(3) {
			if err := bus.Publish(turn(seq, prefix)); err != nil {
				t.Fatal(err)
			}
		}
		sent := turn(1, prefix)
		if got, err := bus.Await(1); err != nil || !reflect.DeepEqual(got, eventlog.Enclose(&sent[0])) {
			t.Errorf("awaited %+v (%v)", got, err)
		}
		if err := bus.Close(); err != nil {
			t.Error(err)
		}
	}
}
