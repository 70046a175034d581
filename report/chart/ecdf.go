package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dualhome/report/svg"
)

// ECDF is the distributions of a measure: in how many of the runs it is at most so
// much. A run of which it is only known to be more than all others lies beyond the
// axis: it counts among the runs, and its line ends as much below 100 %.
type ECDF struct {
	Measure string // what it shows, like "loss of service"
	Unit    string // ns, B, bps; empty: a count
	Where   string // of which points it is; empty: of all
	Samples []Sample
	Say     func(float64) string // writes a figure with its unit
}

// Sample is the figures of the runs of a point.
type Sample struct {
	Name   string
	Values []float64 // in ascending order
	Beyond int       // runs more, whose figure is above all that are known
}

// share gives how much of the runs the first so many are.
func (s *Sample) share(of int) float64 { return float64(of) / float64(len(s.Values)+s.Beyond) }

// SVG draws the distributions. Samples that are the same are one line.
func (e *ECDF) SVG() svg.Picture {
	samples := sameSamples(e.Samples)
	const right, bottom = panelWidth - 36, panelHeight - belowPlot
	low, high := e.ends(samples)
	x := linear(unitOf(e.Unit), low, high, plotLeft, right).widened(6)
	y := linear(share, 0, 1, bottom, plotTop)
	height, lasting := panelHeight, e.lasting(samples)
	if lasting != "" {
		height += 18
	}
	d := steps{ECDF: e, x: x, y: y}
	for i := range samples {
		d.lines = append(d.lines, d.corners(&samples[i]))
	}
	labels, legend := d.place(samples)
	if legend {
		height += 18 * float64((len(samples)+1)/2)
	}
	var w svg.Writer
	w.Open("g", "class", "plot", "data-left", plotLeft, "data-right", right, "data-top", plotTop, "data-bottom", bottom, "data-low", exact(x.low), "data-high", exact(x.high))
	heading(&w, "share of the runs in which it is at most so much (%)", e.Where)
	y.upright(&w, plotLeft, right)
	flat(&w, x, bottom, plotTop, fitted(e.Measure, normal, right-plotLeft-40))
	for _, p := range []float64{0.5, 0.95} {
		w.Leaf("line", "class", "guide", "x1", plotLeft, "y1", y.at(p), "x2", right, "y2", y.at(p))
	}
	w.Text("text", "95 %", "class", "note", "x", right+5, "y", y.at(0.95)+4)
	for i := range samples {
		d.draw(&w, i, &samples[i])
	}
	if legend {
		d.legend(&w, samples, panelHeight)
	}
	for _, l := range labels {
		tag(&w, l)
	}
	if lasting != "" {
		w.Text("text", fitted(lasting, small, panelWidth-16), "class", "note", "x", 8, "y", height-8)
	}
	w.Close()
	return svg.Picture{
		Width: panelWidth, Height: height, Class: "chart plots ecdf", Title: e.title(), Desc: e.describe(samples), Style: Style + plotStyle, Body: w.String(),
	}
}

func (e *ECDF) title() string {
	title := "distribution of " + e.Measure + " over the runs"
	if e.Where != "" {
		title += ", " + e.Where
	}
	return title
}

// describe gives the median and the highest figure of each sample.
func (e *ECDF) describe(samples []Sample) string {
	var all []string
	for i := range samples {
		s := &samples[i]
		text := fmt.Sprintf("%s: %d runs", s.Name, len(s.Values)+s.Beyond)
		if n := len(s.Values); n > 0 {
			text += fmt.Sprintf(", from %s to %s", e.Say(s.Values[0]), e.Say(s.Values[n-1]))
			if at := (n + s.Beyond - 1) / 2; at < n {
				text += ", half of them at most " + e.Say(s.Values[at])
			}
		}
		if s.Beyond > 0 {
			text += fmt.Sprintf(", not restored in %d", s.Beyond)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// lasting says of which samples some runs lie beyond the axis.
func (e *ECDF) lasting(samples []Sample) string {
	var all []string
	for i := range samples {
		if s := &samples[i]; s.Beyond > 0 {
			all = append(all, fmt.Sprintf("%s %d of %d", s.Name, s.Beyond, len(s.Values)+s.Beyond))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "→ not restored, so longer than all that is shown: " + strings.Join(all, "; ")
}

// ends gives how far the axis goes: from zero, but where that would leave it half empty.
func (e *ECDF) ends(samples []Sample) (low, high float64) {
	low = math.Inf(1)
	for i := range samples {
		if v := samples[i].Values; len(v) > 0 {
			low, high = min(low, v[0]), max(high, v[len(v)-1])
		}
	}
	switch {
	case math.IsInf(low, 1):
		low = 0
	case low < high/2 || low < 0:
		low = min(low, 0)
	case low == high && low > 0:
		low, high = low-max(low, 1)/20, high+max(high, 1)/20
	}
	if high <= 0 && unitOf(e.Unit) == nanoseconds {
		high = 1e9
	}
	return low, high
}

// sameSamples gives the samples that hold any run, each of those that are equal once.
func sameSamples(samples []Sample) (all []Sample) {
	for _, s := range samples {
		if len(s.Values)+s.Beyond == 0 {
			continue
		}
		at := slices.IndexFunc(all, func(other Sample) bool { return other.Beyond == s.Beyond && slices.Equal(other.Values, s.Values) })
		if at >= 0 {
			all[at].Name += ", " + s.Name
		} else {
			all = append(all, s)
		}
	}
	return all[:min(len(all), Lines)]
}

// steps is distributions that are being drawn.
type steps struct {
	*ECDF
	x, y  axis
	lines [][]corner
}

// corner is where a line goes up to a share.
type corner struct{ x, y, share float64 }

// corners gives the steps of a line, of those at one coordinate the last.
func (d *steps) corners(s *Sample) (all []corner) {
	for i, v := range s.Values {
		if i+1 < len(s.Values) && s.Values[i+1] == v {
			continue
		}
		c := corner{math.Round(d.x.at(v)*4) / 4, d.y.at(s.share(i + 1)), s.share(i + 1)}
		if n := len(all); n > 0 && all[n-1].x == c.x {
			all[n-1] = c
		} else {
			all = append(all, c)
		}
	}
	return all
}

// draw draws the line of a sample, from its first step; to the end of the axis, if some
// runs lie beyond it. Its mark stands at another height than those of its neighbours.
func (d *steps) draw(w *svg.Writer, i int, s *Sample) {
	end, middle := d.y.from, corner{x: d.x.to, y: d.y.from}
	at := 0.2 + 0.6*float64(i%5)/4
	var p path
	p.to("M", d.x.to, end)
	if c := d.lines[i]; len(c) > 0 {
		p = path{}
		p.to("M", c[0].x, end)
		for _, c := range d.lines[i] {
			p.to("H", c.x)
			p.to("V", c.y)
			end = c.y
			if middle.share < at {
				middle = corner{c.x, max(c.y, d.y.at(at)), c.share}
			}
		}
	}
	if s.Beyond > 0 {
		p.to("H", d.x.to)
	}
	w.Open("g", "class", "series", "data-line", s.Name, "data-runs", len(s.Values)+s.Beyond, "data-beyond", strconv.Itoa(s.Beyond))
	w.Leaf("path", "class", "line "+series(i), "d", p.String())
	if s.Beyond > 0 {
		w.Leaf("path", "class", "beyond "+series(i), "d", "M"+svg.Number(d.x.to-2)+" "+svg.Number(end)+"h12m-5 -4l5 4l-5 4")
	}
	if len(d.lines) > 1 {
		mark(w, i, middle.x, middle.y, s.Name)
	}
	w.Close()
}
