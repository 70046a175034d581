// Package bgp_test measures BGP on a graph of the size of a part of the Internet.
package bgp_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dualhome/benchmarks/cost"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/scenarios"
	"dualhome/sim"
)

// internet writes a scenario of n ASes with customers, providers and peers: sixteen
// at the top are peers of each other; each other AS buys transit from one to three
// before it, those with many customers more often (preferential attachment, which
// makes the degrees a power law: Barabási and Albert 1999), and a fifth of the ASes
// below the top are joined to another one as peers. The last, which nobody buys from,
// announces a prefix and withdraws it.
func internet(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 20_000))
	var b strings.Builder
	b.WriteString("version: 1\nname: internet\nhorizon: 900s\nstart: established\nrouters:\n")
	for i := range n {
		fmt.Fprintf(&b, "- {name: as%d, asn: %d}\n", i, i+1)
	}
	const top = 16
	joined := map[[2]int]bool{}
	var ends []int // an AS as often as it has customers, and once more
	b.WriteString("links:\n")
	join := func(x, y int, relation string) bool {
		if key := [2]int{min(x, y), max(x, y)}; x == y || joined[key] {
			return false
		} else {
			joined[key] = true
		}
		fmt.Fprintf(&b, "- {between: [as%d, as%d], relation: %s}\n", x, y, relation)
		return true
	}
	for i := range n {
		ends = append(ends, i)
		if i < top {
			for j := range i {
				join(j, i, "peer")
			}
			continue
		}
		for range 1 + r.IntN(3) {
			if p := ends[r.IntN(len(ends)-1)]; p < i && join(p, i, "provider") {
				ends = append(ends, p)
			}
		}
	}
	for range n / 2 {
		join(top+r.IntN(n-top), top+r.IntN(n-top), "peer")
	}
	fmt.Fprintf(&b, `faults:
- {name: up, kind: announce, target: as%[1]d, prefix: 198.51.100.0/24, at: 100s}
- {name: down, kind: withdraw, target: as%[1]d, prefix: 198.51.100.0/24, at: 500s}
`, n-1)
	return b.String()
}

// BenchmarkInternet loads, builds and runs graphs of ASes, with digest and log. The
// routers have the defaults.
func BenchmarkInternet(b *testing.B) {
	for _, n := range []int{1000, 5000, 20_000} {
		b.Run(fmt.Sprintf("ases=%d", n), func(b *testing.B) {
			text := []byte(internet(n))
			for b.Loop() {
				play(b, text)
			}
			b.ReportMetric(cost.Now().Peak, "MB-peak")
		})
	}
}

func play(b *testing.B, text []byte) {
	b.Helper()
	began, used := time.Now(), cost.Now().CPU
	lap := func(what string) {
		b.ReportMetric(time.Since(began).Seconds(), "s-"+what)
		began = time.Now()
	}
	s, _, err := scenarios.Load("internet.yaml", text)
	if err != nil {
		b.Fatal(err)
	}
	lap("load")
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	lap("build")
	log := &eventlog.Memory{}
	if err := sim.New(n.Config, log, &eventlog.MemoryBus{}).Run(context.Background()); err != nil {
		b.Fatal(err)
	}
	lap("run")
	b.ReportMetric((cost.Now().CPU - used).Seconds(), "s-CPU")
	if log.Digest() == "" {
		b.Fatal("no digest")
	}
	updates, reached := 0, map[events.ActorID]bool{}
	for l, err := range log.Lines(context.Background(), 1) {
		if err != nil {
			b.Fatal(err)
		}
		switch e := l.Event.(type) {
		case *events.Update:
			if l.Role == events.In && !e.EndOfRIB() {
				updates++
			}
		case *events.BestChanged:
			reached[l.Actor] = len(e.Is) > 0 || reached[l.Actor]
		}
	}
	if len(reached) != len(s.Routers) {
		b.Fatalf("the prefix reached %d of %d ASes", len(reached), len(s.Routers))
	}
	b.ReportMetric(float64(updates), "UPDATEs")
	b.ReportMetric(float64(len(s.Links)), "links")
	b.ReportMetric(float64(log.Len()), "lines")
}
