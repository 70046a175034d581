package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// mostBlockRuns is how many runs one after the other are made, kept and sent as one, at
// most: a block. What is interrupted loses what each core had of one.
const mostBlockRuns = 25

// blockRuns gives how many runs a block has where there are so many in all: few, where
// each may take long.
func blockRuns(runs int) int { return min(max(runs/400, 1), mostBlockRuns) }

// campaign is many runs: the points of a plan, each with the same seeds. Run n is of
// point n / seeds. It makes blocks, several at once, and knows nothing of who wants
// them.
type campaign struct {
	points   int
	seeds    int    // of each point
	size     int    // runs of a block
	first    uint64 // seed
	scenario func(point int) (*scenarios.Scenario, []byte, error)
	flags    runFlags // how each run is made; its seed is not that of any
	keep     arrowfile.Tables

	parts  arrowfile.Parts
	loaded loadedPoints
}

// runs gives how many there are in all.
func (c *campaign) runs() int { return c.points * c.seeds }

// blocks gives how many there are in all.
func (c *campaign) blocks() int { return (c.runs() + c.size - 1) / c.size }

// span gives the first run of a block, and the one after its last.
func (c *campaign) span(block int) (from, to int) {
	return block * c.size, min((block+1)*c.size, c.runs())
}

// block makes the runs of a block: a part file, and what the summary needs of them. A
// run that fails is in it, as failed; an error is of all.
func (c *campaign) block(ctx context.Context, number int) (part []byte, side *sidecar, err error) {
	rows := c.parts.Begin(c.keep)
	side = &sidecar{}
	from, to := c.span(number)
	for n := from; n < to; n++ {
		point := n / c.seeds
		scenario, text, err := c.loaded.get(point, c.scenario)
		if err != nil {
			side.invalid = append(side.invalid, invalidPoint{point, err.Error()})
			n = min((point+1)*c.seeds, to) - 1 // all of its runs
			continue
		}
		f := c.flags
		f.seed, f.text = c.first+uint64(n%c.seeds), text
		one, err := c.run(ctx, scenario, f, n, rows)
		if err != nil {
			return nil, nil, err
		}
		side.runs = append(side.runs, one)
	}
	packed, err := side.pack()
	if err != nil {
		return nil, nil, err
	}
	part, err = rows.Part(packed)
	return part, side, err
}

// run makes one. What goes wrong in it, and is no bound, makes it a run that failed:
// it would again, and the others may be fine. What a bus over NATS does wrong it may not
// do again: that is an error.
func (c *campaign) run(ctx context.Context, s *scenarios.Scenario, f runFlags, number int, rows *arrowfile.Block) (one *replication, err error) {
	defer func() {
		if p := recover(); p != nil {
			one, err = c.broken(f, number, rows, fmt.Errorf("a mistake in simulate: %v\n%s", p, debug.Stack())), nil
		}
	}()
	one, err = replicate(ctx, s, f, number, rows)
	ended := ctx.Err() != nil && errors.Is(err, ctx.Err())
	if err != nil && !ended && c.flags.bus == "memory" {
		return c.broken(f, number, rows, err), nil
	}
	if err == nil {
		one.row.Point = int64(number / c.seeds)
		rows.End(one.row, one.tables)
		one.tables = nil
	}
	return one, err
}

// broken is a run of which nothing is known but why.
func (c *campaign) broken(f runFlags, number int, rows *arrowfile.Block, why error) *replication {
	one := &replication{failed: why.Error()}
	one.row = metrics.Run{Run: int64(number), Point: int64(number / c.seeds), Seed: int64(f.seed), Status: "failed", Outcome: "failed"}
	rows.End(one.row, &metrics.Tables{})
	return one
}

// loadedPoints keeps the scenarios of the points that were used last: blocks come in
// order, several at once, and to load one takes as long as a short run.
type loadedPoints struct {
	mu   sync.Mutex
	held []*loadedPoint
}

type loadedPoint struct {
	number   int
	load     sync.Once
	scenario *scenarios.Scenario
	text     []byte
	err      error
}

// pointsHeld is as many as blocks are made at once on a large machine, or a few more.
const pointsHeld = 256

func (l *loadedPoints) get(point int, load func(int) (*scenarios.Scenario, []byte, error)) (*scenarios.Scenario, []byte, error) {
	p := l.of(point)
	p.load.Do(func() { p.scenario, p.text, p.err = load(point) })
	return p.scenario, p.text, p.err
}

func (l *loadedPoints) of(point int) *loadedPoint {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.held {
		if p.number == point {
			return p
		}
	}
	if len(l.held) == pointsHeld {
		l.held = append(l.held[:0], l.held[1:]...)
	}
	p := &loadedPoint{number: point}
	l.held = append(l.held, p)
	return p
}
