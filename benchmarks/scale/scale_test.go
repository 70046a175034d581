// Package scale measures how the cost of a hub's failure grows with the number
// of VMs and of routes.
package scale

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// design is a scenario of the library with so many VMs, and a data centre of so
// many prefixes; its first hub is lost and comes back.
func design(tb testing.TB, name string, vms, routes int, set ...string) *scenarios.Scenario {
	tb.Helper()
	entry, err := scenarios.Find(name)
	if err != nil {
		tb.Fatal(err)
	}
	prefixes := make([]string, routes)
	for i := range prefixes {
		prefixes[i] = fmt.Sprintf("172.%d.%d.0/24", 16+i/250, i%250)
	}
	s, _, err := scenarios.Load(name, entry.Text, append([]string{
		"sites[dc].prefixes=[" + strings.Join(prefixes, ", ") + "]",
		"vnets[spoke].subnets[workload].prefix=10.0.16.0/20", fmt.Sprintf("vms[spoke-vms].count=%d", vms),
		"faults=[{name: hub1-lost, kind: hub-loss, target: hub1, at: 300s, repair_after: 400s}]",
		"horizon=1200s", "expect={}",
	}, set...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkHubFailover runs and measures the loss of a hub and its return. Beside
// time and allocations it tells what the heap holds at the end.
func BenchmarkHubFailover(b *testing.B) {
	for _, c := range []struct {
		name        string
		vms, routes int
		set         []string
	}{
		{"active-passive", 500, 1000, nil},
		{"active-passive", 1000, 1000, nil},
		{"active-passive", 2000, 1000, nil},
		{"active-passive", 4000, 1000, nil},
		{"active-passive", 4000, 100, nil},
		{"active-passive", 4000, 10, nil},
		{"expressroute-active-passive", 4000, 1000, nil},
		{"active-passive", 500, 10, []string{"route_servers[rs0].programming_unit=nic"}},
	} {
		b.Run(fmt.Sprintf("%s/vms=%d/routes=%d%s", c.name, c.vms, c.routes, strings.Join(append([]string{""}, c.set...), "/")), func(b *testing.B) {
			var lines, held uint64
			for b.Loop() {
				lines, held = play(b, design(b, c.name, c.vms, c.routes, c.set...))
			}
			b.ReportMetric(float64(lines), "lines")
			b.ReportMetric(float64(held)/1e6, "MB-held")
		})
	}
}

// TestCostGrowsWithChanges: eight times the VMs write no line more; ten times the
// routes write ten times as many at most.
func TestCostGrowsWithChanges(t *testing.T) {
	few, _ := play(t, design(t, "active-passive", 500, 100))
	many, _ := play(t, design(t, "active-passive", 4000, 100))
	routes, _ := play(t, design(t, "active-passive", 500, 1000))
	if few != many {
		t.Errorf("500 VMs write %d lines, 4,000 write %d", few, many)
	}
	if routes > 10*few {
		t.Errorf("100 routes write %d lines, 1,000 write %d", few, routes)
	}
}

// play runs a scenario up to its tables, and gives the number of lines and the
// heap in use while all of it is held.
func play(tb testing.TB, s *scenarios.Scenario) (lines, held uint64) {
	tb.Helper()
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		tb.Fatal(err)
	}
	log := &eventlog.Memory{}
	if err := sim.New(n.Config, log, &eventlog.MemoryBus{}).Run(context.Background()); err != nil {
		tb.Fatal(err)
	}
	m, err := metrics.Measure(log.Lines(context.Background(), 1))
	if err != nil {
		tb.Fatal(err)
	}
	if !m.Converged || len(m.Shift) == 0 {
		tb.Fatal("the hub's failure moved nothing")
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	runtime.KeepAlive(n)
	return log.Len(), mem.HeapInuse
}
