package chart

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/metrics"
	"dualhome/report/svg"
)

// Curves is a measure over a parameter: a line for each statistic, or for each value
// of another parameter.
type Curves struct {
	Parameter Parameter
	Measure   string // what it shows, like "loss of service"
	Unit      string // ns, B, bps; empty: a count
	Where     string // of which points it is; empty: of all
	Lines     []Line
	Plain     bool                 // marks say nothing when they are pointed at: a page with many is smaller
	Most      float64              // how far the axis of the measure goes at least, so that several pictures compare
	Say       func(float64) string // writes a figure with its unit
}

// Line is a line of curves.
type Line struct {
	Name    string
	Figures []metrics.Estimate // by the place in the values of the parameter; without a value: none
	Beyond  []string           // likewise, what is not in the figure: "not restored in 3 of 40"; empty: nothing
	Band    bool               // the intervals are a band, or else whiskers
}

// The size of a picture, and the room around its plot.
const (
	panelWidth  = 480.0
	panelHeight = 334.0
	plotLeft    = 52.0
	plotTop     = 46.0
	belowPlot   = 46.0
	inPlot      = 16.0 // between the plot's sides and its first and last value
	labelHeight = 16.0
)

// SVG draws the curves. Lines that are the same at all values are one.
func (c *Curves) SVG() svg.Picture {
	lines := sameLines(c.Lines)
	var names []string
	for i := range lines {
		names = append(names, lines[i].Name)
	}
	right := panelWidth - widthOf(names)
	height, most := panelHeight, c.Most
	for i := range lines {
		most = max(most, lines[i].most())
	}
	notes := notesOf(lines)
	height += 17 * float64(len(notes))
	bottom := panelHeight - belowPlot
	y := upright(unitOf(c.Unit), most, bottom, plotTop)
	x := c.Parameter.along(plotLeft+inPlot, right-inPlot)
	var w svg.Writer
	w.Open("g", "class", "plot", "data-left", plotLeft, "data-right", right, "data-top", plotTop, "data-bottom", bottom, "data-low", exact(y.low), "data-high", exact(y.high))
	heading(&w, y.title(c.Measure), c.Where)
	y.upright(&w, plotLeft, right)
	x.draw(&w, plotLeft, right, bottom, plotTop)
	d := drawing{Curves: c, w: &w, x: &x, y: y, of: len(lines)}
	for i := range lines {
		d.interval(i, &lines[i])
	}
	for i := range lines {
		d.line(i, &lines[i])
	}
	beside(&w, d.labels(lines, bottom), right, panelWidth-right)
	for i, note := range notes {
		w.Text("text", note, "class", "note", "x", 8, "y", panelHeight+17*float64(i)+9)
	}
	w.Close()
	return svg.Picture{
		Width: panelWidth, Height: height, Class: "chart plots curves", Title: c.title(), Desc: c.describe(lines), Style: Style + plotStyle, Body: w.String(),
	}
}

// notesOf says what the signs beside the lines mean.
func notesOf(lines []Line) (notes []string) {
	open := func(e metrics.Estimate) bool { return e.Value != nil && e.Low != nil && e.High == nil }
	if slices.ContainsFunc(lines, func(l Line) bool { return slices.ContainsFunc(l.Figures, open) }) {
		notes = append(notes, "↑ on a mark: so few runs do not bound the 95 % interval above")
	}
	if slices.ContainsFunc(lines, Line.lasts) {
		notes = append(notes, "↑ at the top: some runs are not restored; percentiles count them as longest")
	}
	return notes
}

// upright gives the axis of a measure, from zero.
func upright(u unit, most, bottom, top float64) axis {
	if most <= 0 {
		most = 1
		if u == nanoseconds {
			most = 1e9
		}
	}
	return linear(u, 0, most, bottom, top).widened(7)
}

// heading writes what the vertical axis shows, and of what it is, above the plot.
func heading(w *svg.Writer, what, where string) {
	w.Text("text", fitted(what, normal, panelWidth-16), "class", "axis-title", "x", 8, "y", 16)
	if where != "" {
		w.Text("text", fitted(where, small, panelWidth-16), "class", "note", "x", 8, "y", 32)
	}
}

func (c *Curves) title() string {
	title := c.Measure + " over " + c.Parameter.Name
	if c.Where != "" {
		title += ", " + c.Where
	}
	return title
}

// describe says where each line is lowest and highest.
func (c *Curves) describe(lines []Line) string {
	var all []string
	for i := range lines {
		l := &lines[i]
		low, high := l.ends()
		switch {
		case low < 0 && l.lasts():
			all = append(all, l.Name+": not known")
		case low < 0:
			continue
		case *l.Figures[low].Value == *l.Figures[high].Value:
			all = append(all, fmt.Sprintf("%s: %s at all values", l.Name, c.Say(*l.Figures[low].Value)))
		default:
			all = append(all, fmt.Sprintf("%s: lowest %s at %s, highest %s at %s", l.Name,
				c.Say(*l.Figures[low].Value), c.Parameter.Values[low], c.Say(*l.Figures[high].Value), c.Parameter.Values[high]))
		}
		for at, text := range l.Beyond {
			if text != "" {
				all = append(all, fmt.Sprintf("at %s %s", c.Parameter.Values[at], text))
			}
		}
	}
	return strings.Join(all, "; ")
}

// sameLines gives the lines that have any figure, each of those that are equal once,
// with all their names.
func sameLines(lines []Line) (all []Line) {
	for i := range lines {
		l := lines[i]
		if first, _ := l.ends(); first < 0 && !l.lasts() {
			continue
		}
		if at := slices.IndexFunc(all, l.equals); at >= 0 {
			all[at].Name += ", " + l.Name
		} else {
			all = append(all, l)
		}
	}
	return all[:min(len(all), Lines)]
}

func (l Line) equals(other Line) bool {
	same := func(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	return slices.EqualFunc(l.Figures, other.Figures, func(a, b metrics.Estimate) bool {
		return same(a.Value, b.Value) && same(a.Low, b.Low) && same(a.High, b.High)
	}) && slices.Equal(l.Beyond, other.Beyond)
}

// lasts tells whether something at some value is beyond all that is known.
func (l Line) lasts() bool {
	return slices.ContainsFunc(l.Beyond, func(text string) bool { return text != "" })
}

// ends gives the values at which the line is lowest and highest; -1: it has no figure.
func (l *Line) ends() (low, high int) {
	low, high = -1, -1
	for i, f := range l.Figures {
		if f.Value == nil {
			continue
		}
		if low < 0 || *f.Value < *l.Figures[low].Value {
			low = i
		}
		if high < 0 || *f.Value > *l.Figures[high].Value {
			high = i
		}
	}
	return low, high
}

// most gives the highest that the line shows.
func (l *Line) most() (most float64) {
	for _, f := range l.Figures {
		for _, v := range []*float64{f.Value, f.High} {
			if v != nil && f.Value != nil {
				most = max(most, *v)
			}
		}
	}
	return most
}

// Highest gives the highest that any line shows: how far the axis of the measure goes.
func (c *Curves) Highest() (most float64) {
	for i := range c.Lines {
		most = max(most, c.Lines[i].most())
	}
	return most
}
