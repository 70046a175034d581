package capture_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"dualhome/capture"
	"dualhome/events"
	"dualhome/metrics"
)

// FuzzLines: whatever lines a log has, in whatever order, writing them neither panics nor
// goes on for ever, and what is written as packets and as a trace can be read.
func FuzzLines(f *testing.F) {
	lines := libraryRun(f, "active-passive")
	var whole []byte
	var codec events.Codec
	for i := range lines[386:460] { // a death, and what follows
		whole = codec.AppendLine(whole, &lines[386+i].Line)
	}
	f.Add(whole)
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		damaged := bytes.Clone(whole)
		for range 1 + r.IntN(50) {
			damaged[r.IntN(len(damaged))] ^= byte(1 << r.IntN(8))
		}
		f.Add(damaged)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var lines []capture.Line
		var codec events.Codec
		for tries := 0; len(b) > 0 && tries < 200; tries++ {
			l, n, err := codec.DecodeLine(b)
			if err != nil || n == 0 {
				b = b[1:]
				continue
			}
			lines = append(lines, capture.Line{Line: l, Root: l.Cause})
			b = b[n:]
		}
		if len(lines) == 0 {
			return
		}
		read(t, pcapng(t, lines))
		_ = capture.MRT(io.Discard, logOf(lines), nil) // it may refuse a time
		trace := capture.Trace{Log: logOf(lines), Routes: rows([]metrics.Route(nil)), Traffic: rows([]metrics.Traffic(nil))}
		if err := trace.Write(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
