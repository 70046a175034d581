package arrowfile

import (
	"bytes"
	"errors"
	"iter"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// someLines has a line of each role, with and without what is optional.
func someLines() []events.Line {
	p := netip.MustParsePrefix("10.100.0.0/16")
	hop := netip.MustParseAddr("10.1.0.4")
	conn := events.Conn{Initiator: "nva1", N: 3}
	update := events.NewUpdate(conn, &events.Routes{
		Withdrawn: []netip.Prefix{p}, NLRI: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Attrs: &events.Attrs{Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: hop},
	})
	lines := []events.Line{
		{Role: events.Fact, Actor: events.Fabric, Event: events.RunStarted{Scenario: "s", Text: "x: 1\n", Seed: 1, Version: "v", Horizon: 9e9}},
		{Role: events.In, Actor: "nva1", Event: events.Start{}},
		{Cause: 2, Due: 5, Role: events.Set, Actor: "nva1", Event: events.Timer{Name: events.MRAITimer, Peer: "dc", Prefix: p}},
		{Role: events.Fault, Actor: events.Fabric, Event: events.Disturbance{Name: "dies", What: "node-death", Target: "nva1"}},
		{Cause: 4, Due: 7, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Causes: []uint64{2, 4}, Event: update},
		{Cause: 5, At: 7, Role: events.In, Actor: "rs0-0", Peer: "nva1", Causes: []uint64{2, 4}, Event: update},
		{Cause: 6, At: 7, Role: events.Change, Actor: "rs0-0", Event: &events.BestChanged{Prefix: p, Is: []events.ActorID{"nva1"}, NextHops: []netip.Addr{hop}, Why: "only path"}},
		{Cause: 7, At: 7, Due: 7, Role: events.Out, Actor: "rs0-0", Peer: "vms-0", Event: events.Program{Batch: 1, For: "dies", Ready: 9, Routes: []events.NICRoute{{Prefix: p, NextHops: []netip.Addr{hop}}}}},
		{Cause: 4, At: 8, Due: 9, Role: events.Out, Actor: "nva1", Peer: "dc", Event: events.NewOpen(conn, 65001, 180*time.Second, hop)},
		{Cause: 9, At: 9, Role: events.Lost, Actor: "dc", Peer: "nva1", Event: events.NewOpen(conn, 65001, 180*time.Second, hop)},
		{Cause: 4, At: 9, Due: 9, Role: events.Out, Actor: "nva1", Peer: "dc", Event: events.NewKeepalive(conn)},
		{Cause: 4, At: 9, Due: 9, Role: events.Out, Actor: "nva1", Peer: "dc", Event: events.NewNotification(conn, 6, 2)},
		{Cause: 4, At: 9, Due: 9, Role: events.Out, Actor: "nva1", Peer: "dc", Event: events.TCP{Conn: conn, Flag: events.FIN}},
		{Cause: 3, At: 9, Role: events.Fired, Actor: "nva1", Event: events.Timer{Name: events.MRAITimer, Peer: "dc", Prefix: p}},
		{Cause: 4, At: 9, Role: events.Change, Actor: "nva1", Event: events.SessionChanged{Neighbor: "dc", Conn: conn, Was: events.Established, Why: "hold timer expired"}},
		{Cause: 15, At: 9, Role: events.Change, Actor: "nva1", Event: &events.FIBChanged{Prefix: p, Why: "bgp"}},
		{At: 9, Role: events.Fact, Actor: events.Fabric, Event: events.UserRoute{Group: "vms-0", Prefix: p, Hop: events.VirtualAppliance, NextHop: hop}},
		{At: 9, Role: events.Fact, Actor: events.Fabric, Event: events.Path{From: "vms-0", To: "nva1", OwnOnly: true}},
		{Cause: 4, At: 9, Due: 9, Role: events.Out, Actor: "nva1", Peer: "dc", Event: events.NewRouteRefresh(conn)},
		{Cause: 4, At: 9, Role: events.Change, Actor: "lb1", Event: events.ProbeChanged{Target: "nva1", Why: "no answer"}},
	}
	for i := range lines {
		lines[i].Seq = uint64(i) + 1
	}
	return lines
}

func seqOf(lines []events.Line) iter.Seq2[events.Line, error] { return withoutErrors(values(lines)) }

// canonical gives the bytes that a run's digest is taken over.
func canonical(t *testing.T, lines iter.Seq2[events.Line, error]) []byte {
	t.Helper()
	var codec events.Codec
	var b []byte
	for l, err := range lines {
		if err != nil {
			t.Fatal(err)
		}
		b = codec.AppendLine(b, &l)
	}
	return b
}

// The lines that come back are those that were written: the digest of the run
// can be taken from the file alone.
func TestLinesComeBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.arrow")
	if err := WriteEvents(file, seqOf(someLines()), meta()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(canonical(t, ReadEvents(file)), canonical(t, seqOf(someLines()))) {
		t.Error("they differ")
	}
	var n uint64
	for l, err := range ReadEvents(file) { // who stops early gets no more
		if n = l.Seq; err != nil || n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("stopped at %d", n)
	}
}

// The columns that are for people.
func TestEventColumns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.arrow")
	if err := WriteEvents(file, seqOf(someLines()), meta()); err != nil {
		t.Fatal(err)
	}
	rows, _, err := Read[Line](file, EventsName)
	if err != nil {
		t.Fatal(err)
	}
	got := rows[4]
	got.Payload = nil
	want := Line{
		Seq: 5, Cause: 4, Root: 4, Due: new(int64(7)), Role: "out", Actor: "nva1", Peer: new("rs0-0"), Kind: "update",
		Prefix: new("10.100.0.0/16"), Detail: someLines()[4].Event.String(), Causes: []int64{2, 4}, Conn: new("nva1#3"),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\n%+v", got, want)
	}
	if one := rows[16]; one.Kind != "user-route" || *one.Prefix != "10.100.0.0/16" || one.Detail != "vms-0: 10.100.0.0/16 VirtualAppliance 10.1.0.4 (user)" {
		t.Errorf("%+v", one)
	}
	if one := rows[1]; one.Due != nil || one.Peer != nil || one.Prefix != nil || one.Causes != nil || one.Conn != nil || one.Root != 0 || one.Payload == nil {
		t.Errorf("%+v", one)
	}
}

// A file that ends early, at any byte, is an error that says so.
func TestTruncatedEvents(t *testing.T) {
	whole := eventsFile(t)
	for size := range whole {
		if err := drain(whole[:size]); !errors.Is(err, ErrFile) {
			t.Fatalf("%d of %d bytes: %v", size, len(whole), err)
		}
	}
	file := filepath.Join(t.TempDir(), "events.arrow")
	if err := os.WriteFile(file, whole[:len(whole)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range ReadEvents(file) {
		if !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), file) {
			t.Error(err)
		}
	}
}

// A file with a damaged byte anywhere is an error; nothing brings the program
// down.
func TestMutatedEvents(t *testing.T) {
	whole := eventsFile(t)
	for at := range whole {
		for _, flip := range []byte{1, 0x80, 0xff} {
			whole[at] ^= flip
			if err := drain(whole); !errors.Is(err, ErrFile) {
				t.Fatalf("byte %d: %v", at, err)
			}
			whole[at] ^= flip
		}
	}
	if err := drain(whole); err != nil {
		t.Error(err)
	}
}

func FuzzReadEvents(f *testing.F) {
	whole := eventsFile(f)
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := drain(b); err == nil != bytes.Equal(b, whole) || err != nil && !errors.Is(err, ErrFile) {
			t.Fatal(err)
		}
	})
}

// A row that is in a sound file, but makes no line, is an error.
func FuzzLine(f *testing.F) {
	for _, l := range someLines() {
		row := rowOf(&l)
		conn := ""
		if row.Conn != nil {
			conn = *row.Conn
		}
		f.Add(row.Kind, row.Role, conn, row.Payload, row.Cause, row.T)
	}
	f.Fuzz(func(t *testing.T, kind, role, conn string, payload []byte, cause, at int64) {
		r := &lineReader{seq: 99}
		l, err := r.line(&lineRow{Seq: 100, Cause: cause, T: at, Kind: kind, Role: role, Conn: nullable(conn), Payload: payload})
		if err == nil && (l.Event == nil || l.Seq != 100 || l.Cause >= l.Seq || l.At < 0) {
			t.Fatalf("%+v", l)
		}
	})
}

func eventsFile(t testing.TB) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.arrow")
	if err := WriteEvents(file, seqOf(someLines()), meta()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// drain reads a file that is in memory, as ReadEvents does.
func drain(b []byte) error {
	r := &lineReader{yield: func(RootedLine, error) bool { return true }}
	_, err := check(bytes.NewReader(b), EventsName, reflect.TypeFor[lineRow](), func(b batchOf) error { return r.batch(rowsOf[lineRow](b)) })
	return err
}
