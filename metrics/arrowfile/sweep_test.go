package arrowfile

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"

	"dualhome/events"
	"dualhome/metrics"
)

// sweepOf writes runs with a row each of all tables but routes, of which the n-th
// has as many as sizes says, and gives the rows of routes.arrow and its folder.
func sweepOf(t testing.TB, sizes ...int) ([]InRun[metrics.Route], string) {
	t.Helper()
	dir := t.TempDir()
	s, err := NewSweep(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []InRun[metrics.Route]
	var parts Parts
	for run, size := range sizes {
		one := tables()
		one.Routes = nil
		for i := range size {
			r := metrics.Route{Seq: int64(i), Actor: string(rune('z' - (run*7+i)%20)), Table: "fib", Prefix: "10.0.0.0/8"}
			if i%3 == 0 {
				r.From, r.NextHops = new(string(rune('a'+run))), []string{"10.1.0.4", "10.2.0.4"}[:1+i%2]
			}
			one.Routes = append(one.Routes, r)
			all = append(all, InRun[metrics.Route]{int64(run), r})
		}
		p := parts.Begin(int64(run)).Part(metrics.Run{Run: int64(run), Seed: int64(run + 1), Digest: "d"}, one)
		if err := s.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	for _, write := range s.Close([]metrics.SummaryRow{{Measure: "control_ns", N: 3, Mean: new(1.5)}}, meta()) {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	return all, dir
}

// The columns of a log that comes line by line are those of its rows, in the first
// run and in the next.
func TestLinesAreTheirRows(t *testing.T) {
	var parts Parts
	for run := range int64(3) {
		l, want := parts.Begin(run), newTableBuilder(reflect.TypeFor[InRun[Line]]())
		for row, err := range rowsOfLines(seqOf(someLines())) {
			if err != nil {
				t.Fatal(err)
			}
			of := InRun[Line]{run, row}
			want.append(reflect.ValueOf(&of).Elem())
		}
		for _, line := range someLines() {
			if err := l.Add(&line); err != nil {
				t.Fatal(err)
			}
		}
		got := l.Part(metrics.Run{}, tables()).tables[0]
		if w := want.record(); got.NumRows() != int64(len(someLines())) || !array.RecordEqual(got, w) {
			t.Errorf("run %d:\n%v\n%v", run, got, w)
		}
	}
	l := parts.Begin(0)
	if err := l.Add(&events.Line{Seq: 2, Event: events.Start{}}); err == nil {
		t.Error("a line is missing")
	}
}

// A table that came in parts has the bytes of one that was written at once, with
// runs without rows and with more than a batch.
func TestPartsAreTheWhole(t *testing.T) {
	for _, sizes := range [][]int{{}, {0}, {3, 0, 5, 1}, {batchRows - 1, 2, batchRows, 3*batchRows + 1, 9}} {
		rows, dir := sweepOf(t, sizes...)
		whole := filepath.Join(t.TempDir(), "routes.arrow")
		if err := Write(whole, "routes", rows, meta()); err != nil {
			t.Fatal(err)
		}
		want, _ := os.ReadFile(whole)
		got, err := os.ReadFile(filepath.Join(dir, "routes.arrow"))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v rows: %d bytes in parts, %d at once (%v)", sizes, len(got), len(want), err)
		}
	}
}

// All tables come back, each row with its run; nothing else is left.
func TestSweepComesBack(t *testing.T) {
	_, dir := sweepOf(t, 1, 2)
	of := tables()
	for run := range int64(2) {
		checkRows(t, dir, "programming", run, of.Programming)
		checkRows(t, dir, "sessions", run, of.Sessions)
		checkRows(t, dir, "convergence", run, of.Convergence)
		checkRows(t, dir, "flapping", run, of.Flapping)
		checkRows(t, dir, "traffic", run, of.Traffic)
		checkRows(t, dir, "shift", run, of.Shift)
		checkRows(t, dir, "outages", run, of.Outages)
	}
	runs, m, err := Read[metrics.Run](filepath.Join(dir, "runs.arrow"), "runs")
	if err != nil || m != meta() || len(runs) != 2 || runs[1].Run != 1 || runs[1].Seed != 2 {
		t.Errorf("%+v %v %v", runs, m, err)
	}
	summary, _, err := Read[metrics.SummaryRow](filepath.Join(dir, "summary.arrow"), "summary")
	if err != nil || len(summary) != 1 || *summary[0].Mean != 1.5 || summary[0].P99 != nil {
		t.Errorf("%+v %v", summary, err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != len(partTables())+1 {
		t.Error(files)
	}
}

func checkRows[T any](t *testing.T, dir, name string, run int64, want []T) {
	t.Helper()
	rows, _, err := Read[InRun[T]](filepath.Join(dir, name+".arrow"), name)
	if err != nil {
		t.Error(err)
	}
	var got []T
	for _, r := range rows {
		if r.Run == run {
			got = append(got, r.Row)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s of run %d: %+v\nnot %+v", name, run, got, want)
	}
}

// The logs of a sweep come back run by run, each as it was; what is no log of runs is
// refused.
func TestSweepEventsComeBack(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSweep(dir)
	if err != nil {
		t.Fatal(err)
	}
	lines := someLines()
	sizes := []int{len(lines), 3, 0, 7}
	var parts Parts
	for run, n := range sizes {
		of := parts.Begin(int64(run))
		for i := range lines[:n] {
			if err := of.Add(&lines[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Add(of.Part(metrics.Run{Run: int64(run)}, &metrics.Tables{})); err != nil {
			t.Fatal(err)
		}
	}
	for _, write := range s.Close(nil, meta()) {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "events.arrow")
	var runs []int64
	for log, err := range ReadSweepEvents(file) {
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, log.Run)
		if want := lines[:sizes[log.Run]]; string(canonical(t, seqOf(log.Lines))) != string(canonical(t, seqOf(want))) {
			t.Errorf("run %d has other lines", log.Run)
		}
	}
	if !reflect.DeepEqual(runs, []int64{0, 1, 3}) { // the one without lines leaves none
		t.Errorf("runs %v", runs)
	}
	for _, err := range ReadSweepEvents(file) {
		if err != nil {
			t.Error(err)
		}
		break // who wants no more gets no more
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"half": whole[:len(whole)/2], "flipped": flipped(whole), "empty": nil} {
		damaged := filepath.Join(dir, name)
		if err := os.WriteFile(damaged, text, 0o666); err != nil {
			t.Fatal(err)
		}
		refusesRuns(t, name, damaged)
	}
	other := filepath.Join(dir, "other.arrow") // runs in another order
	rows := []InRun[Line]{{1, rowOf(&lines[0])}, {0, rowOf(&lines[0])}}
	if err := Write(other, EventsName, rows, meta()); err != nil {
		t.Fatal(err)
	}
	refusesRuns(t, "order", other)
	gap := filepath.Join(dir, "gap.arrow")
	if err := Write(gap, EventsName, []InRun[Line]{{0, rowOf(&lines[0])}, {0, rowOf(&lines[2])}}, meta()); err != nil {
		t.Fatal(err)
	}
	refusesRuns(t, "gap", gap)
}

func flipped(text []byte) []byte {
	text = slices.Clone(text)
	text[len(text)/2] ^= 0x55
	return text
}

func refusesRuns(t *testing.T, name, file string) {
	t.Helper()
	var last error
	for _, err := range ReadSweepEvents(file) {
		last = err
	}
	if !errors.Is(last, ErrFile) {
		t.Errorf("%s: %v", name, last)
	}
}

// What is given up leaves nothing.
func TestDiscardedSweep(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSweep(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(); err != nil {
		t.Error(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); files != nil {
		t.Error(files)
	}
	if _, err := NewSweep(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that is not there")
	}
}

// What waits for the last run waits on the disk: the memory in use does not grow
// with the runs.
func TestPartsTakeNoMemory(t *testing.T) {
	s, err := NewSweep(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Discard(); err != nil {
			t.Error(err)
		}
	}()
	one := tables()
	for range 10 {
		one.Routes = append(one.Routes, one.Routes...) // 2,048 rows
	}
	var parts Parts
	add := func(runs int) uint64 {
		for range runs {
			if err := s.Add(parts.Begin(0).Part(metrics.Run{}, one)); err != nil {
				t.Fatal(err)
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	few := add(10)
	if many := add(200); many > few+1<<20 {
		t.Errorf("%d bytes after 10 runs, %d after 210", few, many)
	}
}
