package scale

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"dualhome/benchmarks/cost"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/scenarios"
	"dualhome/sim"
)

// million is a scenario of the library with 1,000,000 flows in 1,000 classes over
// 4,000 VMs: from all of them, from one, and from the data centre to them.
func million(tb testing.TB, name string) *scenarios.Scenario {
	tb.Helper()
	entry, err := scenarios.Find(name)
	if err != nil {
		tb.Fatal(err)
	}
	classes := make([]string, 1000)
	for i := range classes {
		from, to := "spoke-vms", "dc"
		switch i % 4 {
		case 1:
			to = "internet"
		case 2:
			from, to = "dc", "spoke/workload"
		case 3:
			from = fmt.Sprintf(`"spoke-vms[%d]"`, 4*i)
		}
		classes[i] = fmt.Sprintf("{name: c%d, from: %s, to: %s, rate: 1Gbps, flows: 1000}", i, from, to)
	}
	s, _, err := scenarios.Load(name, entry.Text,
		"vnets[spoke].subnets[workload].prefix=10.0.16.0/20", "vms[spoke-vms].count=4000",
		"traffic=["+strings.Join(classes, ", ")+"]", "expect={}")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkMillionFlows measures a finished run with a million flows, and without
// any, which is what the rest of measuring costs: the difference is what it takes to
// evaluate a failover and the return. It tells the processor time of all threads, and
// the most memory that the process had.
func BenchmarkMillionFlows(b *testing.B) {
	for _, name := range []string{"active-passive", "active-active", "expressroute-active-active"} {
		s := million(b, name)
		n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		log := &eventlog.Memory{}
		if err := sim.New(n.Config, log, &eventlog.MemoryBus{}).Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		for _, c := range []struct {
			what  string
			other *metrics.Matrix
		}{{"none", &metrics.Matrix{}}, {"million", nil}} {
			b.Run(name+"/flows="+c.what, func(b *testing.B) {
				began, n := cost.Now().CPU, 0
				for b.Loop() {
					runtime.GC()
					n++
					r, err := metrics.MeasureWith(log.Lines(b.Context(), 1), c.other)
					if err != nil || !r.Converged || c.other == nil && len(r.Impacts) < 3000 {
						b.Fatal(err)
					}
				}
				used := cost.Now()
				b.ReportMetric(float64((used.CPU-began).Microseconds())/1e3/float64(n), "CPU-ms/run")
				b.ReportMetric(used.Peak, "MB-peak")
			})
		}
	}
}
