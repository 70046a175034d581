// Package bus_test measures what a message costs on each bus, in windows: so
// many messages are published, then all of them are awaited.
package bus_test

import (
	"fmt"
	"net/netip"
	"testing"

	"dualhome/benchmarks/cost"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/events/natslog"
)

func BenchmarkMemory(b *testing.B) {
	windows(b, func(b *testing.B) eventlog.Bus { return &eventlog.MemoryBus{} })
}

func BenchmarkEmbedded(b *testing.B) {
	windows(b, func(b *testing.B) eventlog.Bus {
		server, err := natslog.Start()
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(server.Close)
		bus, err := server.Bus(natslog.Options{})
		if err != nil {
			b.Fatal(err)
		}
		return bus
	})
}

func windows(b *testing.B, start func(*testing.B) eventlog.Bus) {
	each(b, func(b *testing.B) func(int) {
		bus := start(b)
		b.Cleanup(func() {
			if err := bus.Close(); err != nil {
				b.Error(err)
			}
		})
		turn := []events.Line{{At: 1, Due: 2, Role: events.Out, Actor: "nva1", Peer: "rs0-0", Event: update()}}
		var seq uint64
		return func(window int) {
			first := seq + 1
			for range window {
				seq++
				turn[0].Seq = seq
				if err := bus.Publish(turn); err != nil {
					b.Fatal(err)
				}
			}
			for s := first; s <= seq; s++ {
				if _, err := bus.Await(s); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// each measures windows of several sizes. A window of one is a barrier: everything waits
// for one message. Beside the time on the clock it tells that of the processors, which
// what else runs on the machine does not change.
func each(b *testing.B, start func(*testing.B) (exchange func(window int))) {
	for _, window := range []int{1, 64, 256, 1024} {
		b.Run(fmt.Sprintf("window=%d", window), func(b *testing.B) {
			exchange := start(b)
			b.ReportAllocs()
			used, n := cost.Now().CPU, 0
			for b.Loop() {
				exchange(window)
				n += window
			}
			b.ReportMetric(float64((cost.Now().CPU-used).Nanoseconds())/float64(n), "CPU-ns/message")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/message")
		})
	}
}

// update is a common UPDATE: one prefix behind a path of three.
func update() *events.Update {
	return events.NewUpdate(events.Conn{Initiator: "nva1", N: 1}, &events.Routes{
		Attrs: &events.Attrs{
			Path:    events.ASPath{{AS: []uint32{65001, 65100, 65200}}},
			NextHop: netip.MustParseAddr("10.11.0.4"),
		},
		NLRI: []netip.Prefix{netip.MustParsePrefix("10.100.0.0/16")},
	})
}
