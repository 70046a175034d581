package chart

import (
	_ "embed" // the style of pictures of sweeps
	"math"
	"slices"
	"strconv"
	"strings"

	"dualhome/report/svg"
)

// plotStyle is what pictures of sweeps have besides Style.
//
//go:embed plots.css
var plotStyle string

// Lines bounds how many lines a picture has: so many are told apart by their dashes
// and marks where colours are not seen.
const Lines = 8

// unitOf gives the unit that tables of sweeps call so.
func unitOf(name string) unit {
	switch name {
	case "ns":
		return nanoseconds
	case "bps":
		return bitsPerSecond
	case "B":
		return octets
	}
	return counts
}

// series gives the classes of line i: its colour and its dash.
func series(i int) string {
	n := strconv.Itoa(i%Lines + 1)
	return "s" + n + " d" + n
}

// shapes are the marks of lines, around 0.
func shapes() []string {
	return []string{
		"M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "M-3.5 -3.5h7v7h-7z", "M0 -4.6l4.4 8h-8.8z", "M0 -5l4.6 5l-4.6 5l-4.6 -5z",
		"M0 4.6l4.4 -8h-8.8z", "M-4.6 0l8 -4.4v8.8z", "M4.6 0l-8 -4.4v8.8z", "M-4 -4h8l-8 8h8z",
	}
}

// mark draws the mark of line i, with what is said of it when it is pointed at.
func mark(w *svg.Writer, i int, x, y float64, words string, attrs ...any) {
	all := append([]any{
		"class", "mark " + series(i), "d", shapes()[i%Lines],
		"transform", "translate(" + svg.Number(x) + " " + svg.Number(y) + ")",
	}, attrs...)
	if words == "" {
		w.Leaf("path", all...)
		return
	}
	w.Open("path", all...)
	w.Text("title", words)
	w.Close()
}

// exact writes a value for programs.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// exactly writes a value that may not be known.
func exactly(v *float64) string {
	if v == nil {
		return ""
	}
	return exact(*v)
}

// path collects the steps of a path.
type path struct{ b strings.Builder }

func (p *path) to(command string, coordinates ...float64) {
	p.b.WriteString(command)
	for i, c := range coordinates {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		p.b.WriteString(svg.Number(c))
	}
}

// through goes on to a point, or begins there.
func (p *path) through(x, y float64) {
	if p.b.Len() == 0 {
		p.to("M", x, y)
		return
	}
	p.to("L", x, y)
}

func (p *path) String() string { return p.b.String() }

// label is a text beside the end of a line.
type label struct {
	line  int     // whose it is
	x, at float64 // where the line ends
	y     float64 // where the text stands
	text  string
}

// apart moves labels away from each other, as little as can be, within two bounds.
func apart(all []label, top, bottom, height float64) {
	slices.SortStableFunc(all, func(a, b label) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return a.line - b.line
	})
	for i := range all {
		all[i].y = max(all[i].at, top+float64(i)*height)
		if i > 0 {
			all[i].y = max(all[i].y, all[i-1].y+height)
		}
	}
	limit := bottom
	for i := len(all) - 1; i >= 0; i-- {
		all[i].y = min(all[i].y, limit)
		limit = all[i].y - height
	}
}

// beside draws labels to the right of x, each with the mark of its line and a thin
// line to its end.
func beside(w *svg.Writer, all []label, x, width float64) {
	for _, l := range all {
		w.Open("g", "class", "label", "data-label", l.text)
		if near := x-l.x < 60; near && (math.Abs(l.y-l.at) > 1 || x-l.x > 16) { // a longer one would look like the line
			var p path
			p.to("M", l.x+6, l.at)
			p.to("L", x-2, l.at)
			p.to("L", x+8, l.y)
			w.Leaf("path", "class", "leader", "d", p.String())
		}
		mark(w, l.line, x+14, l.y, "")
		w.Open("text", "x", x+23, "y", l.y+4)
		w.Text("title", l.text)
		w.Text("tspan", fitted(l.text, normal, width-23))
		w.Close()
		w.Close()
	}
}

// widthOf gives how much room labels need, within bounds.
func widthOf(texts []string) float64 {
	width := 70.0
	for _, t := range texts {
		width = max(width, 23+textWidth(t, normal))
	}
	return min(math.Ceil(width)+2, 170)
}
