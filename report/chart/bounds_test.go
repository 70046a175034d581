package chart

import (
	"fmt"
	"strings"
	"testing"

	"dualhome/metrics"
)

// TestMuchIsDrawnSmall: however many rows, sessions, actors, classes and faults there
// are, a picture stays small and tidy.
func TestMuchIsDrawnSmall(t *testing.T) {
	for _, rows := range []int{3_000, 30_000} {
		r := randomRun(1, rows)
		many(r)
		p := Timeline(r, 0, 0, TimelineOptions{})
		root := tidy(t, fmt.Sprint(rows, " rows"), p)
		for _, class := range []string{"session-counts", "density", "faults", "flow"} {
			if len(root.all(class)) == 0 {
				t.Errorf("there is no lane of class %s", class)
			}
		}
		if len(root.all("session"))+len(root.all("routes"))+len(root.all("nic")) > 0 {
			t.Error("there are lanes of single sessions or actors")
		}
		w := Windows(r, int64(r.Horizon))
		tidy(t, "a window", Timeline(r, w[50].From, w[50].To, TimelineOptions{About: w[50].Name, Width: 640}))
	}
}

// many spreads the rows of a run over many sessions, actors, classes and faults.
func many(r *metrics.Result) {
	for i := range r.Sessions {
		r.Sessions[i].Actor, r.Sessions[i].Peer = fmt.Sprint("a", i%97), fmt.Sprint("b", i%89)
	}
	for i := range r.Routes {
		r.Routes[i].Actor = fmt.Sprint("actor ", i%301)
	}
	for i := range r.Traffic {
		r.Traffic[i].Class = fmt.Sprint("class ", i*30/len(r.Traffic))
	}
	r.Disturbances, r.Convergence = nil, nil
	for i := range 200 {
		d := metrics.Disturbance{}
		d.Name, d.What, d.Target, d.Repair = fmt.Sprint("fault ", i/2), "link-down", "x", i%2 > 0
		if d.Repair {
			d.Name += "-repair"
		}
		set(&d.At, int64(i)*4.9e9)
		r.Disturbances = append(r.Disturbances, d)
		r.Convergence = append(r.Convergence, metrics.Convergence{T: int64(d.At), Disturbance: d.Name, Converged: true, Control: new(int64(1e9))})
	}
}

// TestAllClassesTogether: the picture of many classes shows the sum of their rates.
func TestAllClassesTogether(t *testing.T) {
	r := &metrics.Result{}
	set(&r.Horizon, int64(100e9))
	for i := range 20 {
		class := fmt.Sprint("class ", i)
		r.Traffic = append(r.Traffic, metrics.Traffic{Class: class, Direction: "forward", Via: new("hub1"), Offered: 1e9, Delivered: 1e9})
		if i < 5 {
			r.Traffic = append(r.Traffic, metrics.Traffic{T: 50e9, Class: class, Direction: "forward", Cause: new("loop"), Offered: 1e9, Lost: 1e9})
		}
	}
	root := tidy(t, "20 classes", Timeline(r, 0, 0, TimelineOptions{}))
	lane := root.lane("data-class", "all 20 classes")
	hub, loop := lane.lane("data-hub", "hub1"), lane.lane("data-cause", "loop")
	left, right, height := root.f("data-left"), root.f("data-right"), lane.all("plot")[0].f("height")
	middle := (left + right) / 2
	if got := hub.filled(middle, right) / (right - middle) / height; got < 0.749 || got > 0.751 {
		t.Errorf("hub1 has %v, not 0.75", got)
	}
	if got := loop.filled(left, right) / (right - middle) / height; got < 0.249 || got > 0.251 {
		t.Errorf("the loop has %v, not 0.25", got)
	}
}

// TestNamesStayText: whatever markup names hold, the elements are those of plain names.
func TestNamesStayText(t *testing.T) {
	plain, evil := randomRun(2, 300), randomRun(2, 300)
	const markup = `</text><script>alert(1)</script>" onload="x`
	evil.Scenario = markup
	for i := range evil.Disturbances {
		evil.Disturbances[i].Target = markup
		evil.Disturbances[i].What = markup
	}
	for i := range evil.Traffic {
		evil.Traffic[i].Class += markup
		if evil.Traffic[i].Via != nil {
			evil.Traffic[i].Via = new(*evil.Traffic[i].Via + markup)
		}
	}
	for i := range evil.Sessions {
		evil.Sessions[i].Actor += markup
		evil.Sessions[i].Peer += markup
	}
	for i := range evil.Routes {
		evil.Routes[i].Actor += markup
	}
	kinds := map[string]int{}
	count(read(t, Timeline(plain, 0, 0, TimelineOptions{})), kinds, map[string]bool{})
	attrs := map[string]bool{}
	other := map[string]int{}
	count(read(t, Timeline(evil, 0, 0, TimelineOptions{})), other, attrs)
	for kind := range other {
		if kinds[kind] == 0 {
			t.Errorf("there are elements %s", kind)
		}
	}
	if attrs["onload"] || attrs["style"] {
		t.Errorf("the attributes are %v", attrs)
	}
	bars := []BudgetBar{{Name: markup, Parts: [5]int64{1e9, 1, 1, 1, 1}}, {Name: markup, Text: markup}}
	if text := Budget(bars, BudgetOptions{}).File(); strings.Contains(text, "<script") || strings.Contains(text, `" onload`) {
		t.Error("a name of a budget is markup")
	}
}

func count(n *node, kinds map[string]int, attrs map[string]bool) {
	kinds[n.name]++
	for name := range n.attrs {
		attrs[name] = true
	}
	for _, k := range n.kids {
		count(k, kinds, attrs)
	}
}

// TestSameBytes: the same tables give the same picture.
func TestSameBytes(t *testing.T) {
	r := randomRun(3, 2000)
	many(r)
	first := Timeline(r, 0, 0, TimelineOptions{}).File()
	if Timeline(r, 0, 0, TimelineOptions{}).File() != first {
		t.Error("the same tables give another picture")
	}
}

// TestNothing: a run in which nothing happens, and one without any rows, are pictures
// as well.
func TestNothing(t *testing.T) {
	r := &metrics.Result{}
	for range 2 {
		p := Timeline(r, 0, 0, TimelineOptions{})
		tidy(t, "nothing", p)
		if !strings.Contains(p.Desc, "Nothing fails.") {
			t.Errorf("it says %s", p.Desc)
		}
		tidy(t, "no budgets", Budget(nil, BudgetOptions{}))
		set(&r.Horizon, int64(600e9))
	}
}

// BenchmarkTimeline draws a run with a million rows.
func BenchmarkTimeline(b *testing.B) {
	r := randomRun(1, 200_000)
	if rows := len(r.Routes) + len(r.Sessions) + len(r.Traffic); rows < 950_000 {
		b.Fatalf("only %d rows", rows)
	}
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(Timeline(r, 0, 0, TimelineOptions{}).File())), "B/picture")
	}
}
