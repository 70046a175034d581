package arrowfile

import (
	"errors"
	"sync"

	"dualhome/events"
	"dualhome/metrics"
)

// Parts makes the part files of blocks of runs, several at once. The zero value is
// ready. It keeps what a block needs for the next one.
type Parts struct{ idle sync.Pool }

// Begin begins a block, of whose runs the tables in keep are kept.
func (p *Parts) Begin(keep Tables) *Block {
	b, again := p.idle.Get().(*Block)
	if !again {
		b = newBlock(p)
	}
	b.keep = keep
	return b
}

// Block is the tables of a few runs, one after the other: those of a block of a sweep.
// It is made for lines that come while a run goes on, so that nothing has to be read
// again for it. It serves one goroutine.
type Block struct {
	home   *Parts
	keep   Tables
	first  int64 // run
	runs   int64 // that are over
	open   bool  // a run has begun and is not over
	err    error // it makes no part
	run    int64
	lines  *lineCells
	tables [partTables]written // by number
	packer
	rows blockRows
}

// blockRows are the tables but events.
type blockRows struct {
	routes      *rowCells[InRun[metrics.Route]]
	programming *rowCells[InRun[metrics.Programming]]
	sessions    *rowCells[InRun[metrics.Session]]
	convergence *rowCells[InRun[metrics.Convergence]]
	flapping    *rowCells[InRun[metrics.Flapping]]
	traffic     *rowCells[InRun[metrics.Traffic]]
	shift       *rowCells[InRun[metrics.Shift]]
	outages     *rowCells[InRun[metrics.Outage]]
	runs        *rowCells[metrics.Run]
}

func newBlock(home *Parts) *Block {
	b := &Block{home: home, lines: newLineCells(), rows: blockRows{
		newRowCells[InRun[metrics.Route]](), newRowCells[InRun[metrics.Programming]](), newRowCells[InRun[metrics.Session]](),
		newRowCells[InRun[metrics.Convergence]](), newRowCells[InRun[metrics.Flapping]](), newRowCells[InRun[metrics.Traffic]](),
		newRowCells[InRun[metrics.Shift]](), newRowCells[InRun[metrics.Outage]](), newRowCells[metrics.Run](),
	}}
	r := &b.rows
	b.tables = [partTables]written{
		b.lines, r.routes, r.programming, r.sessions, r.convergence, r.flapping, r.traffic, r.shift, r.outages, r.runs,
	}
	return b
}

// Run begins the next run. The numbers of runs ascend.
func (b *Block) Run(run int64) {
	if b.runs == 0 && !b.open {
		b.first = run
	}
	if b.open {
		b.err = errors.Join(b.err, errOpen)
	}
	b.run, b.open = run, true
}

var errOpen = errors.New("a run of the block is not over")

// Keeps gives the tables that are kept.
func (b *Block) Keeps() Tables { return b.keep }

// Add takes the next line of the run, of which it keeps nothing. It fails where the
// line does not follow on those before it, and leaves it out; the run may be ended
// then as one that failed. It does nothing if events are not kept.
func (b *Block) Add(line *events.Line) error {
	if !b.keep.has(eventsTable) {
		return nil
	}
	return b.lines.add(line)
}

// End ends the run: its row of runs.arrow, and its tables. It keeps none of them.
func (b *Block) End(row metrics.Run, t *metrics.Tables) {
	b.rows.runs.add(&row)
	if b.keep.has(eventsTable) {
		b.lines.end(b.run)
	}
	keepRows(b, routesTable, b.rows.routes, t.Routes)
	keepRows(b, programmingTable, b.rows.programming, t.Programming)
	keepRows(b, sessionsTable, b.rows.sessions, t.Sessions)
	keepRows(b, convergenceTable, b.rows.convergence, t.Convergence)
	keepRows(b, flappingTable, b.rows.flapping, t.Flapping)
	keepRows(b, trafficTable, b.rows.traffic, t.Traffic)
	keepRows(b, shiftTable, b.rows.shift, t.Shift)
	keepRows(b, outagesTable, b.rows.outages, t.Outages)
	b.open = false
	b.runs++
}

func keepRows[T any](b *Block, table int, r *rowCells[InRun[T]], rows []T) {
	if b.keep.has(table) {
		addRows(r, b.run, rows)
	}
}

// Part gives the bytes of the part file, with a sidecar in it: bytes of the caller's
// own. It fails if a run was not ended. The block is used up.
func (b *Block) Part(sidecar []byte) ([]byte, error) {
	if b.open {
		b.err = errors.Join(b.err, errOpen)
	}
	var part []byte
	err := b.err
	if err == nil {
		part = b.pack(&b.tables, PartOf{First: b.first, Runs: b.runs, Keep: b.keep, Sidecar: sidecar})
	}
	for _, t := range b.tables {
		t.reset()
	}
	b.first, b.runs, b.open, b.err = 0, 0, false, nil
	b.home.idle.Put(b)
	return part, err
}
