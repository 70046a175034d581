package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// contrastOf puts two designs of one fault and class side by side, from what their runs
// lose in seconds; less than nothing: it is not restored.
func contrastOf(t *testing.T, a, b []float64) *contrast {
	t.Helper()
	s := &scenarios.Scenario{
		Name: "s", Faults: []scenarios.Fault{{Name: "dies"}}, Traffic: []scenarios.Class{{Name: "web"}},
		Expect: []scenarios.Expectation{{Measure: "converged", Rule: "true"}},
	}
	c := &contrast{flags: &compareFlags{}}
	for i, losses := range [][]float64{a, b} {
		d := &design{name: []string{"first", "other"}[i], arg: "file.yaml", scenario: s, trials: []*trial{newTrial(s, "")}}
		for seed, loss := range losses {
			d.seeds = append(d.seeds, uint64(seed+1))
			if err := d.trials[0].add(runOf(uint64(seed+1), loss)); err != nil {
				t.Fatal(err)
			}
		}
		c.designs = append(c.designs, d)
	}
	if err := c.match(); err != nil {
		t.Fatal(err)
	}
	return c
}

func runOf(seed uint64, loss float64) *trialRun {
	e := metrics.Episode{Disturbance: "dies", Class: "web", Direction: "two-way", Outage: int64(loss * 1e9), Equivalent: int64(loss * 5e8), Restored: loss >= 0}
	r := &metrics.Result{Episodes: []metrics.Episode{e}, Tables: metrics.Tables{Convergence: []metrics.Convergence{{Disturbance: "dies"}}}}
	return &trialRun{seed: seed, readings: r.Readings(), episodes: r.Episodes, converged: true}
}

// TestTolerance: a design is worse where it surely loses more, by more than is
// tolerated. Of the figures here "full outage" is half of "loss for".
func TestTolerance(t *testing.T) {
	base := []float64{100, 110, 90, 100}
	for _, c := range []struct {
		what, tolerance string
		a, b            []float64
		worse           string // the figures that are
	}{
		{"no tolerance asks for nothing", "", base, []float64{900, 900, 900, 900}, ""},
		{"ten seconds more, surely", "9s", base, []float64{110, 120, 100, 110}, "loss for"},
		{"not more than is tolerated", "10s", base, []float64{110, 120, 100, 110}, ""},
		{"a share of the first", "9%", base, []float64{110, 120, 100, 110}, "loss for, full outage"},
		{"not more than that share", "10%", base, []float64{110, 120, 100, 110}, ""},
		{"more on average, but the interval holds zero", "1s", base, []float64{190, 60, 130, 60}, ""},
		{"better is never wrong", "0s", base, []float64{1, 1, 1, 1}, ""},
		{"of nothing any share is nothing", "50%", []float64{0, 0, 0}, []float64{1, 1, 1}, "loss for, full outage"},
		{"one run each is what it is", "1s", []float64{100}, []float64{110}, "loss for, full outage"},
		{"not restored in more runs", "1000s", base, []float64{100, -1, 90, 100}, "loss for, full outage"},
		{"not restored in as many", "1000s", []float64{100, -1, 90, 100}, []float64{-1, 110, 90, 100}, ""},
		{"not restored in fewer", "0s", []float64{100, -1, 90, 100}, []float64{100, 110, 90, 100}, ""},
	} {
		allowed, err := parseTolerance(c.tolerance)
		if err != nil {
			t.Fatal(err)
		}
		var figures []string
		for _, line := range contrastOf(t, c.a, c.b).judge(allowed) {
			_, figure, _ := strings.Cut(line, "other: dies web ")
			figure, _, _ = strings.Cut(figure, ":")
			figures = append(figures, figure)
		}
		if got := strings.Join(figures, ", "); got != c.worse {
			t.Errorf("%s: %q, not %q", c.what, got, c.worse)
		}
	}
}

func TestBadTolerances(t *testing.T) {
	for _, text := range []string{"5", "-1s", "-0.1%", "%", "x%", "NaN%", "Inf%", "s"} {
		if _, err := parseTolerance(text); exitCode(err) != exitUsage {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What has no figure says in how many runs, and whether it is because nothing restored
// it; a run that was cut short counts, and says nothing.
func TestRunsWithoutFigure(t *testing.T) {
	c := contrastOf(t, []float64{100, 110, 120}, []float64{100, -1, -1})
	shown := c.table(&shell{format: "table"}, c.designs[1:])
	if text := shown.text("table"); !strings.Contains(text, "loss for    110.0 ±24.8 s open in 2 of 3") {
		t.Error(text)
	}
	if legend := strings.Join(c.legend(), "\n"); !strings.Contains(legend, "open: something is lost at the end of the run, and so without a figure (in all runs but: 2 of 3 with other, dies, web)") {
		t.Error(legend)
	}
	cut := c.designs[1].trials[0]
	if err := cut.add(&trialRun{seed: 4, ended: errors.New("too many lines")}); err != nil {
		t.Fatal(err)
	}
	shown = c.table(&shell{format: "table"}, c.designs[1:])
	if text := shown.text("table"); !strings.Contains(text, "unknown in 3 of 4") {
		t.Error(text)
	}
	if got := strings.Join(c.warnings(), "\n"); got != "other: ends at a bound, and says nothing, in 1 of 4 runs; the first: simulate scenario file.yaml --seed 4" {
		t.Error(got)
	}
}

// Figures are written as exactly as two digits of the half of their interval.
func TestFixed(t *testing.T) {
	for _, c := range []struct {
		s, half float64
		want    string
	}{
		{154.4321, 6.43, "154.4"},
		{154.4321, 64, "154.4"},
		{3.2222, 0.52, "3.22"},
		{0.0025012, 0.000023, "0.002501"},
		{154.4321, 0, "154.4"},
		{2.4, 0, "2.400"},
		{-9.99, 0, "-9.990"},
		{-39.42, 1.8, "-39.4"},
		{5, 1e-9, "5.000000"},
	} {
		if got := fixed(c.s*1e9, c.s*1e9, c.half*float64(time.Second)); got != c.want {
			t.Errorf("%g ± %g: %s, not %s", c.s, c.half, got, c.want)
		}
	}
}
