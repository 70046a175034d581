package main

import (
	buf "bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dualhome/metrics"
	"dualhome/report"
)

// element is a part of a page as another parser reads it.
type element struct {
	name string
	attr map[string]string
	text string
	held []*element
}

// pageOf reads a page: but for its doctype it is well-formed XML.
func pageOf(t *testing.T, write func(io.Writer) error) (*element, int) {
	t.Helper()
	var b buf.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	size := b.Len()
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(b.String(), "<!doctype html>\n")))
	d.Strict = false // scripts are not escaped
	root := &element{}
	open := []*element{root}
	for {
		token, _ := d.RawToken()
		if token == nil {
			return root, size
		}
		top := open[len(open)-1]
		switch e := token.(type) {
		case xml.StartElement:
			one := &element{name: e.Name.Local, attr: map[string]string{}}
			for _, a := range e.Attr {
				one.attr[a.Name.Local] = a.Value
			}
			top.held, open = append(top.held, one), append(open, one)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(e)
		}
	}
}

// find gives all elements for which is says so.
func (e *element) find(is func(*element) bool) (all []*element) {
	for _, h := range e.held {
		if is(h) {
			all = append(all, h)
		}
		all = append(all, h.find(is)...)
	}
	return all
}

func (e *element) id(id string) *element {
	if all := e.find(func(h *element) bool { return h.attr["id"] == id }); len(all) == 1 {
		return all[0]
	}
	return nil
}

func (e *element) class(class string) []*element {
	return e.find(func(h *element) bool { return slices.Contains(strings.Fields(h.attr["class"]), class) })
}

// TestPageOfASweepShowsItsFigures makes sweeps of the library, and compares what the
// page has, in its tables and in its pictures, with summaries of runs.arrow.
func TestPageOfASweepShowsItsFigures(t *testing.T) {
	t.Parallel()
	for name, axis := range map[string]string{"hold-timer": "hold", "scale-vms": "vms", "mrai-clique": "mrai"} {
		dir := filepath.Join(t.TempDir(), name)
		var out, errs buf.Buffer
		if code := run(t.Context(), []string{"sweep", name, "--seeds", "5", "--quiet", "--out", dir, "--tables", "none"}, &out, &errs); code != exitFine {
			t.Fatal(&errs)
		}
		d, err := sweepData(dir, false)
		if err != nil {
			t.Fatal(err)
		}
		page, _ := pageOf(t, func(w io.Writer) error { return report.Sweep(w, *d) })
		values := map[string][]float64{} // of runs.arrow, by measure and point
		for _, r := range readRows[metrics.Run](t, dir, "runs") {
			for measure, v := range map[string]*int64{"outage.two-way": r.TwoWay, "control": r.Control, "announcements": r.Announcements} {
				if v != nil {
					at := fmt.Sprint(measure, r.Point)
					values[at] = append(values[at], float64(*v))
				}
			}
		}
		compared := 0
		for i, m := range d.Measures {
			for place := range d.Points {
				of := values[fmt.Sprint(m.Name, place)]
				if len(of) == 0 {
					continue
				}
				sum := 0.0
				for _, v := range of {
					sum += v
				}
				mean := sum / float64(len(of))
				table := page.id("points-" + strings.ReplaceAll(m.Name, ".", "-"))
				if i == 0 {
					table = page.id("points")
				}
				row := table.find(func(e *element) bool { return e.name == "tr" })[1+place]
				if got := asFloat(t, row.held[3].attr["data-value"]); !sameMean(got, mean) {
					t.Errorf("%s, %s: the table has %v at point %d, not %v", name, m.Name, got, place, mean)
				}
				var mark *element
				for _, line := range page.id(fmt.Sprintf("m%d-curve-0", i)).class("series") {
					if line.attr["data-line"] == "mean" || strings.HasPrefix(line.attr["data-line"], "mean, ") {
						mark = line.class("mark")[place]
					}
				}
				if mark == nil || !sameMean(asFloat(t, mark.attr["data-y"]), mean) || mark.attr["data-x"] != d.Parameters[0].Values[place] {
					t.Errorf("%s, %s: the curve has %+v at %s %d, not %v", name, m.Name, mark, axis, place, mean)
				}
				compared++
			}
		}
		if compared < 2*len(d.Points) {
			t.Errorf("%s: %d figures were compared", name, compared)
		}
	}
}

func sameMean(a, b float64) bool { return a-b < 1 && b-a < 1 }

func asFloat(t *testing.T, text string) (v float64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

// TestPageOfASweepTellsTheStory: the first sentence is that of the figures, of sweeps
// that are made up.
func TestPageOfASweepTellsTheStory(t *testing.T) {
	stories := map[string]string{}
	made := madeSweeps()
	for _, name := range slices.Sorted(maps.Keys(made)) {
		d := made[name].view(t, "").page(nil, "")
		page, _ := pageOf(t, func(w io.Writer) error { return report.Sweep(w, *d) })
		stories[name] = strings.TrimSpace(page.class("headline")[0].held[0].text)
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(stories)) {
		lines = append(lines, name+": "+stories[name])
	}
	got := strings.Join(lines, "\n") + "\n"
	const golden = "testdata/report-sweep.golden"
	if os.Getenv("SIMULATE_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || got != string(want) {
		t.Errorf("%v: now it is\n%s", err, got)
	}
}

// manyPoints is a sweep of so many points, with a figure for each measure of each run.
func manyPoints(axes []axisJSON, points [][]int, seeds int) *madeSweep {
	return &madeSweep{axes: axes, points: points, seeds: seeds, run: func(values []int, seed int) metrics.Run {
		v := int64(1e9 * (1 + luck(seed)))
		for i, at := range values {
			v += int64(at+1) * int64(1e9*(i+1)) * 7919 / 7907
		}
		r := metrics.Run{Converged: true, Lasts: new(false)}
		for i, to := range []**int64{&r.TwoWay, &r.Forward, &r.Return, &r.LostBytes, &r.Detection, &r.Control, &r.Forwarding, &r.Traffic, &r.Announcements, &r.Withdrawals, &r.BestChanges, &r.Returns} {
			*to = new(v + int64(i))
		}
		return r
	}}
}

// TestPageOfASweepIsBounded: however many points, parameters and runs there are, the page
// is small, and says what it does not show.
func TestPageOfASweepIsBounded(t *testing.T) {
	axis := func(name string, n int) axisJSON {
		a := axisOf(name, "ns", nil)
		for i := range n {
			a.Values, a.Numbers = append(a.Values, fmt.Sprintf("%d.123456s", i)), append(a.Numbers, float64(i)*1e9+123456000)
		}
		return a
	}
	var scattered [][]int
	var ten []axisJSON
	for i := range 10 {
		ten = append(ten, axis(fmt.Sprint("params.parameter", i), 2000))
	}
	for i := range 2000 {
		var p []int
		for k := range ten {
			p = append(p, (i*(2*k+7919)+k)%2000)
		}
		scattered = append(scattered, p)
	}
	for name, m := range map[string]*madeSweep{
		"10,000 points":         manyPoints([]axisJSON{axis("x", 10_000)}, grid([]axisJSON{axis("x", 10_000)}), 1),
		"100,000 runs":          manyPoints([]axisJSON{axis("x", 10)}, grid([]axisJSON{axis("x", 10)}), 10_000),
		"a grid of 150":         manyPoints([]axisJSON{axis("x", 30), axis("y", 5)}, grid([]axisJSON{axis("x", 30), axis("y", 5)}), 3),
		"a grid of 600":         manyPoints([]axisJSON{axis("x", 60), axis("y", 5), axis("z", 2)}, grid([]axisJSON{axis("x", 60), axis("y", 5), axis("z", 2)}), 2),
		"samples of ten":        manyPoints(ten, scattered, 1),
		"many values of a line": manyPoints([]axisJSON{axis("x", 40)}, grid([]axisJSON{axis("x", 40)}), 40),
	} {
		m.quick = true
		d := m.view(t, "").page(nil, "")
		page, size := pageOf(t, func(w io.Writer) error { return report.Sweep(w, *d) })
		if size > 2_000_000 || size < 100_000 {
			t.Errorf("%s: the page is %d bytes", name, size)
		}
		if len(page.class("plots")) < 12 {
			t.Errorf("%s: there are %d pictures", name, len(page.class("plots")))
		}
		rows := len(page.id("points").find(func(e *element) bool { return e.name == "tr" })) - 1
		if caption := page.id("points").held[0].text; (rows < len(m.points)) != strings.Contains(caption, "more: simulate sweep show -o csv has all") {
			t.Errorf("%s: %d of %d points, and it says %q", name, rows, len(m.points), caption)
		}
	}
}

// TestNamesOfASweepStayText: whatever the names of parameters and their values hold.
func TestNamesOfASweepStayText(t *testing.T) {
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "</script><!--", "</style>", "it's & <b>", "a\x00b"} {
		m := &madeSweep{axes: []axisJSON{{Name: name, Values: []string{name, name + "2"}}}, points: [][]int{{0}, {1}}, seeds: 3, run: func(v []int, seed int) metrics.Run {
			return outage(float64(v[0]*30 + seed))
		}, change: func(v *sweepView) {
			v.Scenario, v.Failures = name, []sweepFailureJSON{{Point: 2, Params: map[string]string{}, Error: name}}
		}}
		d := m.view(t, "").page([]metrics.SummaryRow{{Disturbance: name, Measure: "control_ns", N: 1, Max: new(1.0)}}, name)
		page, _ := pageOf(t, func(w io.Writer) error { return report.Sweep(w, *d) })
		if n := len(page.find(func(e *element) bool { return e.name == "script" || e.name == "img" || e.name == "b" })); n != 2 {
			t.Errorf("%q: %d elements that run or load something", name, n)
		}
		for _, e := range page.find(func(*element) bool { return true }) {
			for a := range e.attr {
				if strings.HasPrefix(a, "on") || a == "style" || a == "src" {
					t.Errorf("%q: <%s %s>", name, e.name, a)
				}
			}
		}
	}
}
