package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// Recomputing traffic from events.arrow alone gives the same bytes as the live run,
// with the run's own traffic as with a file that says the same.
func TestTrafficOfTheLogIsThatOfTheRun(t *testing.T) {
	for _, e := range scenarios.Library() {
		l, _, err := scenarios.Load(e.Name, e.Text)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Traffic) == 0 {
			continue
		}
		s := &shell{out: io.Discard, err: io.Discard, format: "table", quiet: true, color: "never"}
		dir := t.TempDir()
		run, own, other := filepath.Join(dir, "run"), filepath.Join(dir, "own"), filepath.Join(dir, "other")
		if err := s.runScenario(t.Context(), e.Name, &runFlags{seed: 3, bus: "memory", busTimeout: 1, out: run}); err != nil {
			t.Fatal(e.Name, err)
		}
		if err := s.traffic(t.Context(), run, &trafficFlags{out: own}); err != nil {
			t.Fatal(e.Name, err)
		}
		if err := s.traffic(t.Context(), run, &trafficFlags{with: filepath.Join(own, "traffic.yaml"), out: other}); err != nil {
			t.Fatal(e.Name, err)
		}
		for _, table := range []string{"convergence.arrow", "traffic.arrow", "shift.arrow", "outages.arrow"} {
			want := held(t, run, table)
			for _, again := range []string{own, other} {
				if !slices.Equal(held(t, again, table), want) {
					t.Errorf("%s: %s differs in %s", e.Name, table, filepath.Base(again))
				}
			}
		}
	}
}

// Traffic that is not conserved is a mistake of the program, whatever else was found.
func TestLeaksAreInternalErrors(t *testing.T) {
	if code := exitCode(fmt.Errorf("measuring: %w", &metrics.LeakError{})); code != exitInternal {
		t.Errorf("exit code %d", code)
	}
}

func held(t *testing.T, dir, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Other traffic is measured as if the run had been made with it: a class between
// sets of VMs too, for whose machines the log of the run has no paths.
func TestOtherTrafficIsThatOfARunWithIt(t *testing.T) {
	const matrix = `[
  {name: leaf-spoke, from: leaf-vms, to: "spoke-vms[7]", rate: 1Gbps},
  {name: spoke-branch, from: spoke/workload, to: branch, rate: 1Gbps, flows: 77},
  {name: dc-leaf, from: dc, to: leaf-vms, rate: 1kbps, packet_size: 64B}]`
	text, err := os.ReadFile("../../scenarios/testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := playText(t, string(text), "expect={}", "traffic=[{name: spoke-dc, from: spoke-vms, to: dc, rate: 1Gbps}]")
	file := filepath.Join(t.TempDir(), "matrix.yaml")
	if err := os.WriteFile(file, []byte("version: 1\ntraffic: "+matrix), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := (&shell{quiet: true}).remeasure(t.Context(), r, file); err != nil {
		t.Fatal(err)
	}
	want := playText(t, string(text), "expect={}", "traffic="+matrix).measured
	got := r.measured
	for i := range want.Traffic { // the numbers of lines differ, because of the facts
		want.Traffic[i].Root = 0
	}
	for i := range got.Traffic {
		got.Traffic[i].Root = 0
	}
	if len(want.Traffic) == 0 || !reflect.DeepEqual(got.Traffic, want.Traffic) {
		t.Errorf("%d rows of traffic, not %d, or others", len(got.Traffic), len(want.Traffic))
	}
	if len(want.Impacts) == 0 || len(want.Impacts) != len(got.Impacts) {
		t.Fatalf("%d impacts, not %d", len(got.Impacts), len(want.Impacts))
	}
	lost := false
	for i, w := range want.Impacts {
		got.Impacts[i].Root = w.Root
		if lost = lost || w.LostPackets > 0; got.Impacts[i] != w {
			t.Errorf("%+v, not %+v", got.Impacts[i], w)
		}
	}
	if !lost {
		t.Error("nothing was lost")
	}
}
