// Package sweep_test measures what a run costs among many of one scenario: the
// run itself on the memory bus, its measures, its rows as columns, and the files.
package sweep_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// BenchmarkReplication makes runs one after the other on one core. Each step
// includes those before it: the run itself, its measures, its digest and its rows
// in blocks of 25. The files are written in the end, which counts too.
func BenchmarkReplication(b *testing.B) {
	for _, name := range []string{"active-passive", "expressroute-active-passive"} {
		s := load(b, name)
		b.Run(name+"/run", func(b *testing.B) {
			e := &engine{}
			each(b, func(seed uint64) { e.play(b, s, seed, &eventlog.Memory{}) })
		})
		b.Run(name+"/measured", func(b *testing.B) {
			e := &engine{}
			each(b, func(seed uint64) {
				l := e.measured(false)
				e.play(b, s, seed, l)
				l.finish(b)
			})
		})
		b.Run(name+"/written/none", func(b *testing.B) { written(b, s, 0) })
		b.Run(name+"/written/all", func(b *testing.B) { written(b, s, arrowfile.AllTables) })
	}
}

// streamed is a log that is measured while it is written, as those of many runs are.
type streamed struct {
	meter  *metrics.Meter
	rows   *arrowfile.Block // nil: it is measured alone
	digest hash.Hash
	codec  events.Codec
	buffer []byte
}

// Append implements eventlog.Log.
func (l *streamed) Append(_ context.Context, turn []events.Line) error {
	l.buffer = l.buffer[:0]
	for i := range turn {
		if err := l.meter.Add(&turn[i]); err != nil {
			return err
		}
		if l.rows == nil {
			continue
		}
		if err := l.rows.Add(&turn[i]); err != nil {
			return err
		}
		l.buffer = l.codec.AppendLine(l.buffer, &turn[i])
	}
	if l.rows != nil {
		l.digest.Write(l.buffer)
	}
	return nil
}

func (l *streamed) finish(b *testing.B) *metrics.Result {
	b.Helper()
	r, err := l.meter.Finish()
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// each makes runs, and reports how many a core makes in a second. The ballast is
// that of the command: garbage is collected each 64 MB.
func each(b *testing.B, run func(seed uint64)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ballast := make([]byte, 64<<20)
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		run(seed)
	}
	b.ReportMetric(float64(seed)/b.Elapsed().Seconds(), "runs/s/core")
	runtime.KeepAlive(ballast)
}

// block is how many runs a part file has.
const block = 25

func written(b *testing.B, s plan, keep arrowfile.Tables) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	dir := b.TempDir()
	ballast := make([]byte, 64<<20)
	b.ReportAllocs()
	var (
		parts arrowfile.Parts
		rows  *arrowfile.Block
		files []string
		bytes int
		e     engine
	)
	part := func() {
		p, err := rows.Part(nil)
		if err != nil {
			b.Fatal(err)
		}
		bytes += len(p)
		files = append(files, filepath.Join(dir, fmt.Sprintf("%06d.part", len(files))))
		if err := os.WriteFile(files[len(files)-1], p, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	runs, began := int64(0), time.Now()
	for b.Loop() {
		if runs%block == 0 {
			rows = parts.Begin(keep)
		}
		rows.Run(runs)
		l := e.measured(false)
		l.rows, l.digest = rows, sha256.New()
		e.play(b, s, uint64(runs+1), l)
		r := l.finish(b)
		row := metrics.Run{Run: runs, Seed: runs + 1, Digest: hex.EncodeToString(l.digest.Sum(nil))}
		row.Headline(r)
		rows.End(row, &r.Tables)
		if runs++; runs%block == 0 {
			part()
		}
	}
	if runs%block > 0 {
		part()
	}
	made := time.Since(began)
	for _, write := range arrowfile.WriteSweep(dir, files, new(metrics.SummaryRows).All(), arrowfile.Params{}, keep, arrowfile.Meta{}) {
		if err := write(); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(began) // the clock of b stands after the last run
	b.ReportMetric(float64(runs)/took.Seconds(), "runs/s/core")
	b.ReportMetric(float64((took-made).Microseconds())/float64(runs), "µs-tables/run")
	b.ReportMetric(float64(bytes)/float64(runs), "part-B/run")
	runtime.KeepAlive(ballast)
}

// plan is a scenario and its text.
type plan struct {
	*scenarios.Scenario
	text []byte
}

func load(b *testing.B, name string) plan {
	b.Helper()
	entry, err := scenarios.Find(name)
	if err != nil {
		b.Fatal(err)
	}
	s, _, err := scenarios.Load(name, entry.Text)
	if err != nil {
		b.Fatal(err)
	}
	text, err := s.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	return plan{s, text}
}
