package chart

import (
	"cmp"
	"strconv"
	"strings"

	"dualhome/report/svg"
)

// n gives a number for the data of a path.
func n(v float64) string { return svg.Number(v) }

// nanos gives a time for an attribute.
func nanos(t int64) string { return strconv.FormatInt(t, 10) }

// Seconds gives a time in seconds to the millisecond, as the summary of a run does.
func Seconds(ns int64) string { return strconv.FormatFloat(float64(ns)/1e9, 'f', 3, 64) + " s" }

// about gives a time in two figures, in the unit that suits.
func about(ns float64) string {
	m := nanoseconds.shownIn(ns)
	two, _ := strconv.ParseFloat(strconv.FormatFloat(ns/m.of, 'e', 1, 64), 64)
	return strconv.FormatFloat(two, 'f', -1, 64) + " " + m.name
}

// triangle gives the path of a small triangle whose tip is at (x, y), and whose body
// lies above it (up) or to the right or left of it (side).
func triangle(x, y, side, up float64) string {
	if side != 0 {
		return "M" + n(x) + " " + n(y-4.5) + "l" + n(side) + " 4.5l" + n(-side) + " 4.5z"
	}
	return "M" + n(x) + " " + n(y) + "l-4.5 " + n(-up) + "h9z"
}

// box gives the path of a rectangle.
func box(from, to, top, height float64) string {
	return "M" + n(from) + " " + n(top) + "H" + n(to) + "v" + n(height) + "H" + n(from) + "z"
}

// lines gives the path of upright lines where something happened.
func (a *tally) lines(top, bottom float64) string {
	var b strings.Builder
	for i, count := range a.n {
		if count > 0 {
			b.WriteString("M" + n(a.first[i]) + " " + n(top) + "V" + n(bottom))
		}
	}
	return b.String()
}

// grown gives the path of marks, which stand for what happened: higher ones for more.
// They grow down from a line, or up where the height is below zero. Neighbours of one
// height are one mark.
func (a *tally) grown(base, height float64) string {
	var b strings.Builder
	for i := 0; i < len(a.n); i++ {
		if a.n[i] == 0 {
			continue
		}
		from, to := a.place(i)
		level := levelOf(a.n[i])
		for a.n[i] > 1 && i+1 < len(a.n) && a.n[i+1] > 1 && levelOf(a.n[i+1]) == level {
			i++
			_, to = a.place(i)
		}
		b.WriteString(box(from, to, base, height*level))
	}
	return b.String()
}

// levelOf gives how high a mark is, as a part of the lane.
func levelOf(count int32) float64 {
	switch {
	case count < 2:
		return 0.6
	case count < 10:
		return 0.8
	}
	return 1
}

// laneName writes the name of a lane to its left.
func (s *sheet) laneName(name string, y float64) {
	s.named(name, s.axis.from-8, y, s.axis.from-12)
}

// named writes a name that ends at x, cut to a width.
func (s *sheet) named(name string, x, y, width float64) {
	text := fitted(name, small, width)
	if text == name {
		s.Text("text", text, "class", "lane-name", "x", x, "y", y, "text-anchor", "end")
		return
	}
	s.Open("text", "class", "lane-name", "x", x, "y", y, "text-anchor", "end")
	s.Text("title", name)
	s.Text("tspan", text)
	s.Close()
}

// pattern gives the reference to one of the patterns of a picture.
func (s *sheet) pattern(name string) string { return "url(#" + s.opts.ID + "-" + name + ")" }

// patterns writes the hatches: loss, gone (nothing runs) and mixed (several states in
// one bin).
func (s *sheet) patterns() {
	s.Open("defs")
	hatches(&s.Writer, s.opts.ID, hatch{"loss", "M0 7L7 0M-1 1L1 -1M6 8L8 6"}, hatch{"gone", "M0 0L7 7M-1 6L1 8M6 -1L8 1"}, hatch{"mixed", "M2 0V7M5.5 0V7"})
	s.Close()
}

// hatch is a pattern of lines.
type hatch struct{ name, lines string }

func hatches(w *svg.Writer, id string, all ...hatch) {
	for _, h := range all {
		w.Open("pattern", "id", id+"-"+h.name, "width", 7, "height", 7, "patternUnits", "userSpaceOnUse")
		w.Leaf("rect", "class", "hatch-ground "+h.name+"-ground", "width", 7, "height", 7)
		w.Leaf("path", "class", "hatch "+h.name+"-hatch", "d", h.lines)
		w.Close()
	}
}

// bars gives the path of bars as high as the counts, and never invisible.
func (a *tally) bars(y axis) string {
	var b strings.Builder
	for i, count := range a.n {
		if count > 0 {
			from, to := a.place(i)
			top := min(y.at(float64(count)), y.from-1.5)
			b.WriteString(box(from, to, top, y.from-top))
		}
	}
	return b.String()
}

// compareNames orders names as people do: a2 before a10.
func compareNames(a, b string) int { return cmp.Or(naturally(a, b), strings.Compare(a, b)) }

func naturally(a, b string) int {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da != "" && db != "" {
			ta, tb := strings.TrimLeft(da, "0"), strings.TrimLeft(db, "0")
			if c := cmp.Or(cmp.Compare(len(ta), len(tb)), strings.Compare(ta, tb)); c != 0 {
				return c
			}
			a, b = a[len(da):], b[len(db):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits gives the digits that a name begins with.
func digits(name string) string {
	return name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]
}
