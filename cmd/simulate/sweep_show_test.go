package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"dualhome/metrics"
	"dualhome/scenarios"
)

// madeSweep is a sweep whose runs are made up: what is shown of it can be told by hand.
type madeSweep struct {
	axes   []axisJSON
	points [][]int
	seeds  int
	run    func(values []int, seed int) metrics.Run // Status empty: complete
	change func(v *sweepView)
	quick  bool // without a ranking
}

// view gives it as its folder would be read.
func (m *madeSweep) view(t *testing.T, measure string) *sweepView {
	t.Helper()
	v := &sweepView{path: "runs/made/sweep"}
	v.Scenario, v.Status, v.Seed, v.Seeds, v.Digest, v.Axes = "made", "complete", 1, m.seeds, "d", m.axes
	v.Plan = &planJSON{File: "made.yaml", Set: []string{"horizon=900s"}}
	v.Unknowns = []scenarios.Assumption{{Name: "TCP initiator", Value: "the NVA", Grade: scenarios.Unknown}}
	for n, values := range m.points {
		p := pointJSON{Point: n, Params: map[string]string{}, Runs: m.seeds, Converged: m.seeds}
		for a, at := range values {
			if at >= 0 {
				p.Params[m.axes[a].Name] = m.axes[a].Values[at]
			}
		}
		v.Points = append(v.Points, p)
	}
	if m.change != nil {
		m.change(v)
	}
	if err := v.place(); err != nil {
		t.Fatal(err)
	}
	study := v.study()
	for i := range v.Points {
		p := &v.Points[i]
		for seed := range p.Runs {
			run := m.run(m.points[p.Point], seed)
			run.Run, run.Point, run.Seed = int64(p.Point*m.seeds+seed), int64(p.Point), int64(1+seed)
			if run.Status == "" {
				run.Status = "complete"
			}
			if err := study.Add(&run); err != nil {
				t.Fatal(err)
			}
			v.Runs++
		}
	}
	if !m.quick {
		v.sensitivity = study.Sensitivity()
	}
	v.shown = v.usual(study)
	if measure != "" {
		var err error
		if v.shown, err = parseShown(measure); err != nil {
			t.Fatal(err)
		}
	}
	v.runs = study
	v.figures(study)
	return v
}

func axisOf(name, unit string, numbers []float64, values ...string) axisJSON {
	return axisJSON{Name: name, Values: values, Numbers: numbers, Unit: unit}
}

// grid gives all points of axes.
func grid(axes []axisJSON) [][]int {
	points := [][]int{{}}
	for _, a := range axes {
		var more [][]int
		for _, p := range points {
			for at := range a.Values {
				more = append(more, append(append([]int{}, p...), at))
			}
		}
		points = more
	}
	return points
}

// luck is a number from 0 to 1 that is other for each seed.
func luck(seed int) float64 { return math.Mod(float64(seed)*0.6180339887498949, 1) }

// outage is a run that loses service for so many seconds; below 0, until its end.
func outage(seconds float64) metrics.Run {
	run := metrics.Run{Converged: true, Lasts: new(seconds < 0), Returns: new(int64), Announcements: new(int64(12))}
	if seconds >= 0 {
		run.TwoWay = new(int64(seconds * 1e9))
	}
	return run
}

// madeSweeps gives the sweeps of the golden file.
func madeSweeps() map[string]*madeSweep {
	hold := axisOf("params.hold", "ns", []float64{30e9, 60e9, 180e9}, "30s", "60s", "180s")
	prepend := axisOf("nvas[nva2].prepend", "", []float64{0, 2}, "0", "2")
	holdOf := func(v []int) float64 { return hold.Numbers[v[0]] / 1e9 }
	mrai := axisOf("mrai", "ns", nil)
	for s := 0; s <= 30; s += 5 {
		mrai.Values, mrai.Numbers = append(mrai.Values, fmt.Sprintf("%ds", s)), append(mrai.Numbers, float64(s)*1e9)
	}
	two := []axisJSON{hold, prepend}
	delay, rate := axisOf("delay", "ns", nil), axisOf("rate", "bps", nil)
	var samples [][]int
	for i := range 64 {
		x, y := math.Mod(float64(i)*0.7548776662466927, 1), math.Mod(float64(i)*0.5698402909980532, 1)
		delay.Values, delay.Numbers = append(delay.Values, fmt.Sprintf("%.3fs", 10*x)), append(delay.Numbers, 1e9*10*x)
		rate.Values, rate.Numbers = append(rate.Values, fmt.Sprintf("%.0fMbps", 100+900*y)), append(rate.Numbers, 1e6*(100+900*y))
		samples = append(samples, []int{i, i})
	}
	return map[string]*madeSweep{
		"one point": {points: [][]int{{}}, seeds: 8, run: func(_ []int, seed int) metrics.Run { return outage(160 + 20*luck(seed)) }, change: func(v *sweepView) {
			v.Plan = nil
		}},
		"two axes": {axes: two, points: grid(two), seeds: 100, run: func(v []int, seed int) metrics.Run {
			return outage(holdOf(v)*(1-luck(seed)/3) - float64(v[1]))
		}},
		"a curve": {axes: []axisJSON{mrai}, points: grid([]axisJSON{mrai}), seeds: 40, run: func(v []int, seed int) metrics.Run {
			x := float64(5 * v[0])
			run := metrics.Run{Converged: true, Control: new(int64(1e9 * (20 + (x-12)*(x-12)/4 + 6*luck(seed)))), Returns: new(int64(30 - x)), BestChanges: new(int64(60 - x))}
			run.Announcements = new(int64(2000/(1+x) + 9*luck(seed)))
			return run
		}},
		"samples": {axes: []axisJSON{delay, rate}, points: samples, seeds: 5, run: func(v []int, seed int) metrics.Run {
			return outage(3 + delay.Numbers[v[0]]/1e9 + luck(seed))
		}},
		"failures": {axes: two, points: grid(two), seeds: 20, run: func(v []int, seed int) metrics.Run {
			run := outage(holdOf(v) + 3*luck(seed+7*v[1]))
			if v[0] == 1 && seed < 3 {
				run.Status = "partial"
			}
			return run
		}, change: func(v *sweepView) {
			v.Failures = append(v.Failures, sweepFailureJSON{Point: 5, Params: v.Points[5].Params, Error: "made.yaml:3:9: hold must be more\n  hold: 180s\n        ^"},
				sweepFailureJSON{Point: 0, Params: v.Points[0].Params, Seed: new(uint64(4)), Error: "a mistake in simulate: index out of range\ngoroutine 1"})
			v.Points = v.Points[:5]
			v.Points[2].CutShort, v.Points[2].Converged = 3, 17
			v.Points[3].CutShort, v.Points[3].Converged = 3, 15
			v.Points[0].Failed, v.Points[0].Converged = 1, 19
		}},
		"partial": {axes: two, points: grid(two), seeds: 20, run: func(v []int, seed int) metrics.Run { return outage(holdOf(v) + luck(seed)) }, change: func(v *sweepView) {
			v.Status, v.Points = "partial", v.Points[:4]
			v.Points[3].Runs, v.Points[3].Converged = 5, 5
		}},
		"not restored": {axes: two, points: append(grid(two), []int{-1, 1}), seeds: 20, run: func(v []int, seed int) metrics.Run {
			if v[0] == 2 && seed%2 == 0 {
				return outage(-1)
			}
			return outage(10*float64(v[0]+2) + luck(seed))
		}},
		"nothing lost": {axes: two, points: grid(two), seeds: 1, run: func(v []int, seed int) metrics.Run {
			run := outage(0)
			run.Control = new(int64(holdOf(v) * 1e9))
			return run
		}},
	}
}

// What is shown of sweeps is as it was read and found good, in all formats; and no line
// of a table is wider than 100 columns.
func TestSweepsAreShown(t *testing.T) {
	var all strings.Builder
	sweeps := madeSweeps()
	for _, name := range []string{"one point", "two axes", "a curve", "samples", "failures", "partial", "not restored", "nothing lost"} {
		v := sweeps[name].view(t, "")
		for _, format := range []string{"table", "markdown", "csv", "json"} {
			if format != "table" && name != "two axes" && name != "not restored" {
				continue
			}
			fmt.Fprintf(&all, "==== %s, %s\n", name, format)
			s := &shell{out: &all, format: format}
			t.Setenv("COLUMNS", "100")
			if err := s.render(v.document(s)); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden := filepath.Join("testdata", "sweep-show.golden")
	if os.Getenv("SIMULATE_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(all.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != all.String() {
		t.Errorf("it is not %s (%v): SIMULATE_UPDATE=1 writes it again:\n%s", golden, err, all.String())
	}
	format := ""
	for line := range strings.SplitSeq(all.String(), "\n") {
		if name, is := strings.CutPrefix(line, "==== "); is {
			_, format, _ = strings.Cut(name, ", ")
		}
		if n := utf8.RuneCountInString(line); format == "table" && n > sweepWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// All points of a long sweep are counted, the lowest and the highest are among those
// that are shown, and all are in data formats.
func TestLongSweepsAreCut(t *testing.T) {
	v := madeSweeps()["samples"].view(t, "")
	order, left := v.chosen(sweepPoints)
	if len(order) != sweepPoints || len(order)+left != len(v.points) {
		t.Errorf("%d shown and %d not, of %d", len(order), left, len(v.points))
	}
	low, high := 0, 0
	for i := range v.points {
		if *v.points[i].figure.Mean.Value < *v.points[low].figure.Mean.Value {
			low = i
		}
		if *v.points[i].figure.Mean.Value > *v.points[high].figure.Mean.Value {
			high = i
		}
	}
	found := map[int]bool{}
	for _, i := range order {
		if found[i] {
			t.Errorf("point %d twice", i)
		}
		found[i] = true
	}
	if !found[low] || !found[high] || v.lowestPoint() != low {
		t.Errorf("%v without %d or %d", order, low, high)
	}
	if rows := v.pointTable().rows; len(rows) != 64 {
		t.Errorf("%d rows of data", len(rows))
	}
}

// Each measure can be shown, with its unit, and what is none is refused with what there
// is.
func TestMeasuresOfASweep(t *testing.T) {
	v := madeSweeps()["two axes"]
	for _, m := range sweepMeasures() {
		one := v.view(t, m.name)
		var out strings.Builder
		s := &shell{out: &out, format: "table"}
		if err := s.render(one.document(s)); err != nil || !strings.Contains(out.String(), m.words) {
			t.Errorf("%s: %v\n%s", m.name, err, out.String())
		}
	}
	for _, bad := range []string{"outage", "outage.two-way.", "lost-bytes.a", "hold", ""} {
		if _, err := parseShown(bad); err == nil || !strings.Contains(err.Error(), "it is one of outage.two-way, ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if m, err := parseShown("control.nva1-dies"); err != nil || m.disturbance != "nva1-dies" || m.unit() != "ns" {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := parseShown("outage.return.spoke.dc"); err != nil || m.class != "spoke.dc" {
		t.Errorf("%+v %v", m, err)
	}
	if len(sweepMeasures()) != len(metrics.Headlines()) {
		t.Error("runs.arrow has others")
	}
}
