package arrowfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/ipc"

	"dualhome/events"
	"dualhome/metrics"
)

// randomTables has rows with random values in all columns, nulls among them.
func randomTables(r *rand.Rand) *metrics.Tables {
	t := &metrics.Tables{}
	for _, table := range reflect.ValueOf(t).Elem().Fields() {
		rows := reflect.MakeSlice(table.Type(), r.IntN(5), 9)
		for k := range rows.Len() {
			randomFields(r, rows.Index(k))
		}
		table.Set(rows)
	}
	return t
}

func randomFields(r *rand.Rand, row reflect.Value) {
	for _, f := range row.Fields() {
		if f.Kind() == reflect.Pointer {
			if r.IntN(3) == 0 {
				continue
			}
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch f.Kind() {
		case reflect.Int64:
			f.SetInt([]int64{0, 1, -1, r.Int64(), r.Int64N(1000), math.MinInt64, math.MaxInt64}[r.IntN(7)])
		case reflect.Float64:
			f.SetFloat([]float64{0, r.NormFloat64(), math.Inf(1)}[r.IntN(3)])
		case reflect.Bool:
			f.SetBool(r.IntN(2) == 0)
		case reflect.String:
			f.SetString(strings.Repeat(string(rune('a'+r.IntN(9))), r.IntN(3)))
		case reflect.Slice:
			for range r.IntN(3) {
				f.Set(reflect.Append(f, reflect.ValueOf(fmt.Sprint(r.IntN(4)))))
			}
		}
	}
}

// wanted writes the rows of all runs at once, which is what their parts must come to.
func wanted[T any](t *testing.T, dir, name string, runs []*metrics.Tables, of func(*metrics.Tables) []T) {
	t.Helper()
	var all []InRun[T]
	for run, tables := range runs {
		for _, row := range of(tables) {
			all = append(all, InRun[T]{int64(run), row})
		}
	}
	if err := Write(filepath.Join(dir, name+".arrow"), name, all, meta()); err != nil {
		t.Fatal(err)
	}
}

// The files are the same however the runs were grouped, and the same as if their rows
// had been written at once; a table does not depend on which others are kept.
func TestSameFilesInAnyBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var runs []*metrics.Tables
	rows := make([]metrics.Run, 7)
	for i := range rows {
		runs = append(runs, randomTables(r))
		randomFields(r, reflect.ValueOf(&rows[i]).Elem())
	}
	want := t.TempDir()
	wanted(t, want, "routes", runs, func(t *metrics.Tables) []metrics.Route { return t.Routes })
	wanted(t, want, "programming", runs, func(t *metrics.Tables) []metrics.Programming { return t.Programming })
	wanted(t, want, "sessions", runs, func(t *metrics.Tables) []metrics.Session { return t.Sessions })
	wanted(t, want, "convergence", runs, func(t *metrics.Tables) []metrics.Convergence { return t.Convergence })
	wanted(t, want, "flapping", runs, func(t *metrics.Tables) []metrics.Flapping { return t.Flapping })
	wanted(t, want, "traffic", runs, func(t *metrics.Tables) []metrics.Traffic { return t.Traffic })
	wanted(t, want, "shift", runs, func(t *metrics.Tables) []metrics.Shift { return t.Shift })
	wanted(t, want, "outages", runs, func(t *metrics.Tables) []metrics.Outage { return t.Outages })
	if err := Write(filepath.Join(want, "runs.arrow"), "runs", rows, meta()); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []Tables{AllTables, 0, 1 << routesTable, 1<<trafficTable | 1<<eventsTable, AllTables &^ (1 << eventsTable)} {
		for _, by := range []grouping{1, 2, 3, 7, 25} {
			dir := tablesOf(t, blocksOf(t, len(runs), by, keep, func(b *Block, run int64) { b.End(rows[run], runs[run]) }), keep)
			for i, name := range tableNames {
				got, err := os.ReadFile(filepath.Join(dir, name+".arrow"))
				if os.IsNotExist(err) == keep.has(i) {
					t.Errorf("%v are kept: %v", keep, err)
				}
				if i == eventsTable || !keep.has(i) {
					continue
				}
				if want, err := os.ReadFile(filepath.Join(want, name+".arrow")); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%v are kept, %d runs to a block: %s differs (%v)", keep, by, name, err)
				}
			}
		}
	}
}

// somePart has a few runs with lines and rows.
func somePart(t testing.TB, keep Tables) []byte {
	t.Helper()
	var parts Parts
	b := parts.Begin(keep)
	lines := someLines()
	for run := range int64(3) {
		b.Run(100 + run)
		for i := range lines[:len(lines)-int(run)] {
			if err := b.Add(&lines[i]); err != nil {
				t.Fatal(err)
			}
		}
		b.End(metrics.Run{Run: 100 + run, Digest: fmt.Sprint(run)}, tables())
	}
	part, err := b.Part([]byte("what the caller wants"))
	if err != nil {
		t.Fatal(err)
	}
	return part
}

// A part says which runs it has, and what it was given to keep with them.
func TestPartSaysWhatItIs(t *testing.T) {
	for _, keep := range []Tables{AllTables, 0} {
		want := PartOf{First: 100, Runs: 3, Keep: keep, Sidecar: []byte("what the caller wants")}
		if got, err := OpenPart(somePart(t, keep)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v (%v)", got, err)
		}
	}
	file := filepath.Join(t.TempDir(), "000000.part")
	if _, err := ReadPart(file); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPart(file); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
}

// A block of which a run is not over makes no part; the next one does.
func TestBrokenBlock(t *testing.T) {
	var parts Parts
	for name, spoil := range map[string]func(b *Block){
		"not over":                 func(*Block) {},
		"not over before the next": func(b *Block) { b.Run(2); b.End(metrics.Run{}, tables()) },
	} {
		b := parts.Begin(AllTables)
		b.Run(1)
		spoil(b)
		if _, err := b.Part(nil); err == nil {
			t.Error(name)
		}
	}
	b := parts.Begin(AllTables)
	if part, err := b.Part(nil); err != nil {
		t.Error(err)
	} else if of, err := OpenPart(part); err != nil || of.Runs != 0 || len(of.Sidecar) != 0 {
		t.Errorf("%+v (%v)", of, err)
	}
}

// A run that fails has the lines until then, and does no harm to those beside it:
// neither one of which a line is missing, nor one with an event that has no text.
func TestFailedRun(t *testing.T) {
	lines := someLines()
	parts := blocksOf(t, 4, 3, AllTables, func(b *Block, run int64) {
		for i := range lines {
			switch line := lines[i]; {
			case run == 1 && i == 5:
				line.Seq++
				if err := b.Add(&line); err == nil {
					t.Error("a line is missing, and nobody says so")
				}
			case run == 2 && i == 7:
				func() {
					defer func() {
						if recover() == nil {
							t.Error("it has a text")
						}
					}()
					line.Event = (*events.Update)(nil)
					_ = b.Add(&line)
				}()
			default:
				if err := b.Add(&line); err != nil {
					t.Fatal(err)
				}
				continue
			}
			b.End(metrics.Run{Run: run, Status: "failed"}, &metrics.Tables{})
			return
		}
		b.End(metrics.Run{Run: run}, tables())
	})
	var runs []int64
	for log, err := range ReadSweepEvents(filepath.Join(tablesOf(t, parts, AllTables), "events.arrow")) {
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, log.Run)
		want := lines[:map[int64]int{0: len(lines), 1: 5, 2: 7, 3: len(lines)}[log.Run]]
		if string(canonical(t, seqOf(log.Lines))) != string(canonical(t, seqOf(want))) {
			t.Errorf("run %d has other lines", log.Run)
		}
	}
	if len(runs) != 4 {
		t.Errorf("runs %v", runs)
	}
}

// tableOfPart gives the bytes of the file of a table of one part, in memory.
func tableOfPart(part []byte, number int) ([]byte, error) {
	t, err := takePart(part, number)
	if err != nil {
		return nil, err
	}
	err = t.end()
	return t.file.w.(*disk).b, err
}

// takePart begins a table, and takes the rows of a part: that is where a part can be
// wrong.
func takePart(part []byte, number int) (*table, error) {
	h, err := parseHeader(part, int64(len(part)))
	if err != nil {
		return nil, err
	}
	p := &partReader{table: number, file: bytes.NewReader(part), header: h}
	t := newTable(tableNames[number], columnsOf(partTypes()[number]), meta())
	if err := p.note(t); err != nil {
		return nil, err
	}
	if err := t.begin(&disk{}); err != nil {
		return nil, err
	}
	return t, p.appendTo(t)
}

// Whatever byte of a part is damaged, it is an error to open it; a table that is read
// from it is one too, or it is what it was.
func TestDamagedPart(t *testing.T) {
	part := somePart(t, AllTables)
	var want [partTables][]byte
	for i := range want {
		var err error
		if want[i], err = tableOfPart(part, i); err != nil {
			t.Fatal(err)
		}
	}
	for at := range part {
		part[at] ^= 0x41
		if _, err := OpenPart(part); !errors.Is(err, ErrFile) {
			t.Fatalf("byte %d: %v", at, err)
		}
		for i := range want {
			_, err := takePart(part, i)
			if err == nil && at%67 == 0 {
				var got []byte
				if got, err = tableOfPart(part, i); err == nil && !bytes.Equal(got, want[i]) {
					t.Fatalf("byte %d: %s is another", at, tableNames[i])
				}
			}
			if err != nil && !errors.Is(err, ErrFile) || err == nil && at < headerSize {
				t.Fatalf("byte %d: %s: %v", at, tableNames[i], err)
			}
		}
		part[at] ^= 0x41
	}
	for size := range part {
		if _, err := OpenPart(part[:size]); !errors.Is(err, ErrFile) {
			t.Fatalf("%d of %d bytes: %v", size, len(part), err)
		}
	}
	if _, err := OpenPart(append(part, 0)); !errors.Is(err, ErrFile) {
		t.Errorf("a byte more: %v", err)
	}
}

// resealed is a part with other sections of a table.
func resealed(table int, words, rows []byte) []byte {
	h := header{PartOf: PartOf{Runs: 1, Keep: AllTables}}
	p := packer{file: make([]byte, headerSize)}
	h.sections[1+2*table], h.sections[2+2*table] = p.section(words), p.section(rows)
	copy(p.file, h.bytes())
	return p.file
}

// plainOf gives the sections of a table of a part.
func plainOf(t testing.TB, part []byte, table int) (words, rows []byte) {
	t.Helper()
	h, err := parseHeader(part, int64(len(part)))
	if err != nil {
		t.Fatal(err)
	}
	var u unpacker
	words, err = u.section(nil, bytes.NewReader(part), h.words(table))
	if err != nil {
		t.Fatal(err)
	}
	rows, err = u.section(nil, bytes.NewReader(part), h.rows(table))
	if err != nil {
		t.Fatal(err)
	}
	return words, rows
}

// A part whose seal is right and whose rows are not is an error, or has other rows:
// none brings the program down.
func TestHostilePart(t *testing.T) {
	part := somePart(t, AllTables)
	for table := range partTables {
		words, rows := plainOf(t, part, table)
		if _, err := tableOfPart(resealed(table, words, rows), table); err != nil {
			t.Fatal(err)
		}
		for _, section := range [][]byte{words, rows} {
			for at := range section {
				for _, flip := range []byte{1, 0x7f, 0x80, 0xff} {
					section[at] ^= flip
					taken, err := takePart(resealed(table, words, rows), table)
					if err == nil && at%31 == 0 {
						err = taken.end()
					}
					if err != nil && !errors.Is(err, ErrFile) {
						t.Fatalf("%s, byte %d: %v", tableNames[table], at, err)
					}
					section[at] ^= flip
				}
			}
		}
		for size := range rows {
			if _, err := tableOfPart(resealed(table, words, rows[:size]), table); !errors.Is(err, ErrFile) {
				t.Fatalf("%s, %d of %d bytes: %v", tableNames[table], size, len(rows), err)
			}
		}
	}
}

// FuzzPart: any bytes are a part or ErrFile, as they are and as the sections of a table
// of a part whose seal is right.
func FuzzPart(f *testing.F) {
	part := somePart(f, AllTables)
	f.Add(part, uint8(0), []byte{})
	for table := range partTables {
		words, rows := plainOf(f, part, table)
		f.Add(words, uint8(table), rows)
	}
	f.Fuzz(func(t *testing.T, words []byte, table uint8, rows []byte) {
		if _, err := OpenPart(words); err != nil && !errors.Is(err, ErrFile) {
			t.Fatal(err)
		}
		table %= partTables
		if _, err := tableOfPart(words, int(table)); err != nil && !errors.Is(err, ErrFile) {
			t.Fatal(err)
		}
		if _, err := tableOfPart(resealed(int(table), words, rows), int(table)); err != nil && !errors.Is(err, ErrFile) {
			t.Fatal(err)
		}
	})
}

// Parts that are damaged, not there, in the wrong order or without a table are errors
// that name them; nothing is left of the file.
func TestRefusedParts(t *testing.T) {
	parts := blocksOf(t, 4, 2, 1<<routesTable, func(b *Block, run int64) { b.End(metrics.Run{Run: run}, tables()) })
	damaged := filepath.Join(t.TempDir(), "damaged.part")
	whole, _ := os.ReadFile(parts[1])
	if err := os.WriteFile(damaged, flipped(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]struct {
		parts []string
		keep  Tables
		names string
		is    error
	}{
		"damaged":   {[]string{parts[0], damaged}, 1 << routesTable, damaged, ErrFile},
		"order":     {[]string{parts[1], parts[0]}, 0, parts[0], ErrFile},
		"twice":     {[]string{parts[0], parts[0]}, 0, parts[0], ErrFile},
		"no table":  {parts, 1 << eventsTable, parts[0], ErrFile},
		"not there": {append(parts, "nowhere.part"), 0, "nowhere.part", os.ErrNotExist},
	} {
		dir := t.TempDir()
		var errs []error
		for _, write := range WriteSweep(dir, of.parts, noSummary, Params{}, of.keep, meta()) {
			errs = append(errs, write())
		}
		err := errors.Join(errs...)
		if !errors.Is(err, of.is) || !strings.Contains(err.Error(), of.names) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); left != nil {
			t.Errorf("%s: %v", name, left)
		}
	}
}

// Wherever the disk is full, the error comes out with the name of the file, and
// nothing is left of it.
func TestFullDisk(t *testing.T) {
	parts := blocksOf(t, 4, 2, AllTables, func(b *Block, run int64) { b.End(metrics.Run{Run: run}, tables()) })
	write := func(d *disk, file string) error {
		return create(file, func(w io.Writer) error {
			return fillFromParts(full{w, d}, tableOf[InRun[metrics.Route]]("routes"), routesTable, parts)
		})
	}
	whole := &disk{}
	if err := write(whole, filepath.Join(t.TempDir(), "routes.arrow")); err != nil {
		t.Fatal(err)
	}
	for room := 1; room < len(whole.b); room += 1 + len(whole.b)/23 {
		dir := t.TempDir()
		file := filepath.Join(dir, "routes.arrow")
		err := write(&disk{room: room}, file)
		left, _ := os.ReadDir(dir)
		if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), file) || len(left) > 0 {
			t.Fatalf("room for %d bytes: %v, %v are left", room, err, left)
		}
	}
}

// Readers that take one dictionary per column can read the files.
func TestOneDictionaryPerColumn(t *testing.T) {
	_, dir := sweepOf(t, 2, 3, batchRows, 5)
	for i, row := range partTypes() {
		b, err := os.ReadFile(filepath.Join(dir, tableNames[i]+".arrow"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := ipc.NewFileReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, c := range columnsOf(row) {
			if c.dict {
				want++
			}
		}
		if r.NumDictionaries() != want {
			t.Errorf("%s has %d dictionaries, not %d", tableNames[i], r.NumDictionaries(), want)
		}
		for k := range r.NumRecords() {
			if _, err := r.Record(k); err != nil {
				t.Errorf("%s: %v", tableNames[i], err)
			}
		}
	}
}

// gauge is a file that looks how much memory is in use while it is written.
type gauge struct {
	most   uint64
	writes int
}

func (g *gauge) Write(p []byte) (int, error) {
	if g.writes++; g.writes%50 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		g.most = max(g.most, m.HeapAlloc)
	}
	return len(p), nil
}

// What waits for the last run waits on the disk: the memory in use does not grow with
// the runs.
func TestPartsTakeNoMemory(t *testing.T) {
	one := tables()
	for range 12 {
		one.Routes = append(one.Routes, one.Routes...) // 8,192 rows
	}
	part := blocksOf(t, 1, 1, AllTables, func(b *Block, run int64) { b.End(metrics.Run{}, one) })[0]
	use := func(parts int) uint64 {
		g, p := &gauge{}, &partReader{table: routesTable}
		w := tableOf[InRun[metrics.Route]]("routes")
		for _, do := range []func() error{
			func() error { return p.open(part, func() error { return p.note(w) }) },
			func() error { return w.begin(g) },
		} {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		}
		for range parts {
			if err := p.open(part, func() error { return p.appendTo(w) }); err != nil {
				t.Fatal(err)
			}
		}
		return g.most
	}
	few := use(20)
	if many := use(100); few == 0 || many > few+4<<20 {
		t.Errorf("%d bytes with 20 parts, %d with 100", few, many)
	}
}

// noSummary is a summary without rows.
func noSummary(func(metrics.SummaryRow) bool) {}
