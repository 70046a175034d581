package arrowfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"dualhome/metrics"
)

var errDisk = errors.New("the disk is full")

func meta() Meta { return Meta{Scenario: "test", Seed: 1<<63 + 1, Digest: "abc"} }

// tables has a row of each kind, with nulls and without.
func tables() *metrics.Tables {
	return &metrics.Tables{
		Routes: []metrics.Route{
			{Seq: 1, T: 5, Actor: "rs0-0", Table: "loc-rib", Prefix: "10.0.0.0/8", NextHops: []string{"10.1.0.4", "10.2.0.4"}, ASPath: new("65001 1"), ASPathLen: new(int64(2)), From: new("nva1"), Why: new("only path")},
			{Seq: 2, Root: 1, T: 9, Actor: "vms-0", Table: "nic", Prefix: "10.0.0.0/8", ASPath: new("")},
		},
		Programming: []metrics.Programming{{Seq: 3, Root: 1, T: 1 << 60, Actor: "rs0-0", Group: "vms-0", Changes: 2}},
		Convergence: []metrics.Convergence{{Root: 1, Disturbance: "dies", Target: "nva1", Restored: new(true), Overlaps: true, Detection: new(int64(7))}, {Root: 2}},
		Traffic:     []metrics.Traffic{{T: 1, Class: "a", Direction: "forward", Via: new("hub1"), Offered: 5, Delivered: 5, Inspected: true}, {T: 1, Class: "a", Direction: "return", Cause: new("loop")}},
		Shift:       []metrics.Shift{{Root: 1, Class: "a", ShareBefore: 0.1, ShareAfter: 1}},
		Outages:     []metrics.Outage{{Root: 1, Class: "a", Cause: new("loop"), LostBytes: -1}, {Root: 1, Class: "b", Restored: true}},
	}
}

// What is read is what was written; empty tables are files too.
func TestTablesComeBack(t *testing.T) {
	dir := t.TempDir()
	if err := WriteRun(dir, tables(), meta()); err != nil {
		t.Fatal(err)
	}
	got, m, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	if m != meta() || !reflect.DeepEqual(got, tables()) {
		t.Errorf("%+v %+v", m, got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); left != nil {
		t.Error(left)
	}
}

// More rows than a batch share one dictionary, and come back in order.
func TestManyBatches(t *testing.T) {
	rows := make([]metrics.Programming, 2*batchRows+17)
	for i := range rows {
		rows[i] = metrics.Programming{Seq: int64(i), Actor: string(rune('a' + i%7)), Group: string(rune('a' + i/batchRows))}
	}
	file := filepath.Join(t.TempDir(), "x.arrow")
	if err := Write(file, "programming", rows, meta()); err != nil {
		t.Fatal(err)
	}
	got, _, err := Read[metrics.Programming](file, "programming")
	if err != nil || !reflect.DeepEqual(got, rows) {
		t.Errorf("%d rows, %v", len(got), err)
	}
}

// Equal rows make equal bytes, on any number of cores.
func TestSameRowsSameBytes(t *testing.T) {
	rows := make([]metrics.Traffic, 100000)
	for i := range rows {
		rows[i] = metrics.Traffic{T: int64(i) * 7919 % 10007, Class: string(rune('a' + i%13)), Path: new("vms > nva" + string(rune('0'+i%10)))}
	}
	var first []byte
	for _, cores := range []int{1, 2, 4} {
		was := runtime.GOMAXPROCS(cores)
		b := encode(t, rows)
		runtime.GOMAXPROCS(was)
		if first == nil {
			first = b
		}
		if !bytes.Equal(b, first) {
			t.Errorf("%d cores make other bytes", cores)
		}
	}
}

func encode[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var d disk
	if err := fill(&d, tableOf[T]("t"), withoutErrors(values(rows))); err != nil {
		t.Fatal(err)
	}
	return d.b
}

func tableOf[T any](name string) *table {
	return newTable(name, columnsOf(reflect.TypeFor[T]()), meta())
}

func values[T any](rows []T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

// disk is a file in memory that fails once it would hold more than room bytes;
// 0 means that it never fails.
type disk struct {
	b    []byte
	room int
}

func (d *disk) Write(p []byte) (int, error) {
	if d.room > 0 && len(d.b)+len(p) > d.room {
		return 0, errDisk
	}
	d.b = append(d.b, p...)
	return len(p), nil
}

// Wherever writing fails, the error comes out, no footer is written that would
// make a shorter table of the rest, and nothing is left of the file.
func TestFailedWriteLeavesNothing(t *testing.T) {
	rows := tables().Routes
	size := len(encode(t, rows))
	for room := 1; room < size; room += 1 + size/23 {
		d := &disk{room: room}
		if err := fill(d, tableOf[metrics.Route]("routes"), withoutErrors(values(rows))); !errors.Is(err, errDisk) {
			t.Fatalf("room for %d bytes: %v", room, err)
		}
		if bytes.HasSuffix(d.b, []byte("ARROW1")) && len(d.b) > 8 {
			t.Fatalf("room for %d bytes: there is a footer", room)
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "routes.arrow")
		if err := os.WriteFile(file, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := create(file, func(w io.Writer) error {
			return fill(full{w, d}, tableOf[metrics.Route]("routes"), withoutErrors(values(rows)))
		})
		if !errors.Is(err, errDisk) {
			t.Fatal(err)
		}
		entries, _ := os.ReadDir(dir)
		if b, _ := os.ReadFile(file); string(b) != "before" || len(entries) != 1 {
			t.Fatalf("room for %d bytes: %v are left, with %q", room, entries, b)
		}
	}
}

// full is a file whose disk is full.
type full struct {
	io.Writer
	d *disk
}

func (f full) Write(p []byte) (int, error) {
	if _, err := f.d.Write(p); err != nil {
		return 0, err
	}
	return f.Writer.Write(p)
}

// An error of the rows themselves ends the file as well, in either pass.
func TestFailedRows(t *testing.T) {
	for pass := range 2 {
		n := 0
		rows := func(yield func(metrics.Session, error) bool) {
			if yield(metrics.Session{}, nil) && n == pass {
				yield(metrics.Session{}, errDisk)
			}
			n++
		}
		dir := t.TempDir()
		err := writeSeq(filepath.Join(dir, "x.arrow"), "sessions", rows, meta())
		if entries, _ := os.ReadDir(dir); !errors.Is(err, errDisk) || len(entries) != 0 {
			t.Errorf("pass %d: %v, %v", pass, err, entries)
		}
	}
}

// A row that has another row's columns in it, as the tables of a sweep.
func TestEmbeddedColumns(t *testing.T) {
	type row struct {
		Run int64 `arrow:"run"`
		metrics.Session
	}
	rows := []row{{1, metrics.Session{Seq: 2, Actor: "a"}}, {2, metrics.Session{Peer: "b"}}}
	file := filepath.Join(t.TempDir(), "x.arrow")
	if err := Write(file, "sessions", rows, meta()); err != nil {
		t.Fatal(err)
	}
	if got, _, err := Read[row](file, "sessions"); err != nil || !reflect.DeepEqual(got, rows) {
		t.Errorf("%v %v", got, err)
	}
	if got, _, err := Read[metrics.Session](file, "sessions"); err != nil || len(got) != 2 || got[0] != rows[0].Session {
		t.Errorf("without the column: %v %v", got, err)
	}
}

func TestForeignFiles(t *testing.T) {
	dir := t.TempDir()
	if err := WriteRun(dir, tables(), meta()); err != nil {
		t.Fatal(err)
	}
	session := filepath.Join(dir, "sessions.arrow")
	if _, _, err := Read[metrics.Session](session, "routes"); !errors.Is(err, ErrFile) {
		t.Errorf("another table: %v", err)
	}
	if _, _, err := Read[metrics.Route](session, "sessions"); !errors.Is(err, ErrFile) {
		t.Errorf("other columns: %v", err)
	}
	if _, _, err := Read[metrics.Route](filepath.Join(dir, "none.arrow"), "routes"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	text := filepath.Join(dir, "text.arrow")
	if err := os.WriteFile(text, []byte("seq,cause\n1,0\n and more than ten bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read[metrics.Route](text, "routes"); !errors.Is(err, ErrFile) {
		t.Errorf("text: %v", err)
	}
}
