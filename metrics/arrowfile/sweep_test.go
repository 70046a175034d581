package arrowfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"dualhome/metrics"
)

// grouping is a way to make blocks of runs: of so many each.
type grouping int

// blocksOf makes the part files of runs, and gives them in their order.
func blocksOf(t testing.TB, runs int, by grouping, keep Tables, one func(b *Block, run int64)) []string {
	t.Helper()
	dir := t.TempDir()
	var (
		parts Parts
		files []string
		b     *Block
	)
	for run := range runs {
		if run%int(by) == 0 {
			b = parts.Begin(keep)
		}
		b.Run(int64(run))
		one(b, int64(run))
		if run%int(by) != int(by)-1 && run != runs-1 {
			continue
		}
		part, err := b.Part([]byte("sidecar"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, filepath.Join(dir, fmt.Sprintf("%06d.part", len(files))))
		if err := os.WriteFile(files[len(files)-1], part, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// tablesOf writes the files of a sweep into a new folder.
func tablesOf(t testing.TB, parts []string, keep Tables) string {
	t.Helper()
	dir := t.TempDir()
	summary := []metrics.SummaryRow{{Measure: "control_ns", N: 3, Mean: new(1.5)}}
	for _, write := range WriteSweep(dir, parts, slices.Values(summary), Params{}, keep, meta()) {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sweepOf writes runs with a row each of all tables but routes, of which the n-th
// has as many as sizes says, and gives the rows of routes.arrow and its folder.
func sweepOf(t testing.TB, by grouping, sizes ...int) ([]InRun[metrics.Route], string) {
	t.Helper()
	var all []InRun[metrics.Route]
	parts := blocksOf(t, len(sizes), by, AllTables, func(b *Block, run int64) {
		one := tables()
		one.Routes = nil
		for i := range sizes[run] {
			r := metrics.Route{Seq: int64(i), Actor: string(rune('z' - (int(run)*7+i)%20)), Table: "fib", Prefix: "10.0.0.0/8"}
			if i%3 == 0 {
				r.From, r.NextHops = new(string(rune('a'+run))), []string{"10.1.0.4", "10.2.0.4"}[:1+i%2]
			}
			one.Routes = append(one.Routes, r)
			all = append(all, InRun[metrics.Route]{run, r})
		}
		b.End(metrics.Run{Run: run, Seed: run + 1, Digest: "d"}, one)
	})
	return all, tablesOf(t, parts, AllTables)
}

// The events of a log that comes line by line are those of its rows: the bytes of the
// file are the same, in whatever blocks the runs came.
func TestLinesAreTheirRows(t *testing.T) {
	lines := someLines()
	sizes := []int{len(lines), 0, 7, len(lines)}
	var rows []InRun[Line]
	for run, n := range sizes {
		for row, err := range rowsOfLines(seqOf(lines[:n])) {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, InRun[Line]{int64(run), row})
		}
	}
	whole := filepath.Join(t.TempDir(), "events.arrow")
	if err := Write(whole, EventsName, rows, meta()); err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(whole)
	for by := grouping(1); by < 5; by++ {
		parts := blocksOf(t, len(sizes), by, AllTables, func(b *Block, run int64) {
			for i := range lines[:sizes[run]] {
				if err := b.Add(&lines[i]); err != nil {
					t.Fatal(err)
				}
			}
			b.End(metrics.Run{Run: run}, tables())
		})
		got, err := os.ReadFile(filepath.Join(tablesOf(t, parts, AllTables), "events.arrow"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d runs to a block: %d bytes, not %d (%v)", by, len(got), len(want), err)
		}
	}
}

// A table that came in parts has the bytes of one that was written at once, with
// runs without rows and with more than a batch.
func TestPartsAreTheWhole(t *testing.T) {
	for _, of := range []struct {
		by    grouping
		sizes []int
	}{
		{1, nil},
		{1, []int{0}},
		{9, []int{0}},
		{1, []int{3, 0, 5, 1}},
		{2, []int{3, 0, 5, 1}},
		{3, []int{3, 0, 5, 1}},
		{2, []int{batchRows - 1, 2, batchRows, 2*batchRows + 1, 9}},
	} {
		rows, dir := sweepOf(t, of.by, of.sizes...)
		whole := filepath.Join(t.TempDir(), "routes.arrow")
		if err := Write(whole, "routes", rows, meta()); err != nil {
			t.Fatal(err)
		}
		want, _ := os.ReadFile(whole)
		got, err := os.ReadFile(filepath.Join(dir, "routes.arrow"))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: %d bytes in parts, %d at once (%v)", of, len(got), len(want), err)
		}
	}
}

// All tables come back, each row with its run; nothing else is left.
func TestSweepComesBack(t *testing.T) {
	_, dir := sweepOf(t, 2, 1, 2)
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
	if len(files) != partTables+1 {
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
	lines := someLines()
	sizes := []int{len(lines), 3, 0, 7}
	dir := tablesOf(t, blocksOf(t, len(sizes), 3, AllTables, func(b *Block, run int64) {
		for i := range lines[:sizes[run]] {
			if err := b.Add(&lines[i]); err != nil {
				t.Fatal(err)
			}
		}
		b.End(metrics.Run{Run: run}, &metrics.Tables{})
	}), AllTables)
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
