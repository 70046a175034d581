// Package availability_test measures what a year of availability costs: the program as
// people call it, until the intervals are within 5 %.
package availability_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkYear estimates the designs of the library. Beside the clock it reports the
// processor time of all cores, the runs, and half of the widest interval of full outage,
// in percent of it.
func BenchmarkYear(b *testing.B) {
	program := filepath.Join(b.TempDir(), "simulate")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "dualhome/cmd/simulate").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"active-passive", "active-active", "single-hub", "expressroute-active-active"} {
		b.Run(name, func(b *testing.B) {
			cpu, runs, widest := 0.0, 0, 0.0
			for b.Loop() {
				c := exec.CommandContext(b.Context(), program, "availability", name, "-o", "json", "--quiet")
				out, err := c.Output()
				if err != nil {
					b.Fatal(err)
				}
				cpu += (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
				runs, widest = read(b, out)
			}
			b.ReportMetric(cpu/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(runs), "runs")
			b.ReportMetric(100*widest, "%-half")
		})
	}
}

// read gives the runs of an estimate, and the widest of its intervals.
func read(b *testing.B, out []byte) (runs int, widest float64) {
	b.Helper()
	var years []struct {
		Runs    int
		Classes []struct {
			Full struct{ Value, High float64 } `json:"equivalent_s"`
		}
	}
	if err := json.Unmarshal(out, &years); err != nil || len(years) != 1 || len(years[0].Classes) == 0 {
		b.Fatal(err, len(years))
	}
	for _, c := range years[0].Classes {
		widest = max(widest, c.Full.High/c.Full.Value-1)
	}
	return years[0].Runs, widest
}
