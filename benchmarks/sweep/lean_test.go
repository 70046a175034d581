package sweep_test

import (
	"context"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
)

// BenchmarkLean makes runs as for who wants their measures alone: no text of the
// scenario, no log that is kept, no files. A run that nobody measures is the part
// of it that is the network's.
func BenchmarkLean(b *testing.B) {
	for _, name := range []string{"active-passive", "expressroute-active-passive"} {
		s := load(b, name)
		s.text = []byte("-")
		b.Run(name+"/build", func(b *testing.B) {
			each(b, func(seed uint64) {
				if _, err := scenarios.Build(s.Scenario, scenarios.Options{Seed: seed, Version: "benchmark", Text: s.text}); err != nil {
					b.Fatal(err)
				}
			})
		})
		b.Run(name+"/run", func(b *testing.B) {
			each(b, func(seed uint64) { play(b, s, seed, unread{}) })
		})
		b.Run(name+"/measured", func(b *testing.B) {
			each(b, func(seed uint64) {
				l := &streamed{}
				play(b, s, seed, l)
				l.finish(b)
			})
		})
	}
}

// unread is a log that nobody reads.
type unread struct{}

// Append implements eventlog.Log.
func (unread) Append(context.Context, []events.Line) error { return nil }
