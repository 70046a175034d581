package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"

	"dualhome/events"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
)

// streamed is a log that keeps no line: what is wanted of the lines is taken while
// they are written. A run is measured several times as fast as from a log that is
// kept, and the result is the same.
type streamed struct {
	meter *metrics.Meter
	brief bool      // it is measured without rows that no figure is made of
	files *forFiles // nil: it is only measured
}

// forFiles is what the files of a sweep want of the lines of a run.
type forFiles struct {
	rows   *arrowfile.Block
	digest hash.Hash
	codec  events.Codec
	buffer []byte
	lines  int64
}

// newForFiles begins a run whose lines go into a block.
func newForFiles(rows *arrowfile.Block, run int) *forFiles {
	rows.Run(int64(run))
	return &forFiles{rows: rows, digest: sha256.New()}
}

// Append implements eventlog.Log.
func (s *streamed) Append(_ context.Context, turn []events.Line) error {
	for i := range turn {
		if err := s.meter.Add(&turn[i]); err != nil {
			return err
		}
	}
	if s.files == nil {
		return nil
	}
	return s.files.add(turn)
}

// add takes the lines of a turn.
func (f *forFiles) add(turn []events.Line) error {
	f.buffer = f.buffer[:0]
	for i := range turn {
		if err := f.rows.Add(&turn[i]); err != nil {
			return err
		}
		f.buffer = f.codec.AppendLine(f.buffer, &turn[i])
	}
	f.lines += int64(len(turn))
	f.digest.Write(f.buffer)
	return nil
}

// sum gives the digest of the log, as eventlog.Memory gives it of the same lines.
func (f *forFiles) sum() string { return hex.EncodeToString(f.digest.Sum(nil)) }
