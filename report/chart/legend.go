package chart

import "dualhome/report/svg"

// entry explains one kind of mark.
type entry struct{ kind, text string }

// key draws a legend between two coordinates from y on, in as many rows as it needs,
// and gives what is below it.
func key(w *svg.Writer, all []entry, from, to, y float64, draw func(kind string, x, y float64)) float64 {
	if len(all) == 0 {
		return y + 4
	}
	const symbol, gap, row = 18.0, 18.0, 18.0
	x, y := from, y+14
	w.Open("g", "class", "legend")
	for _, e := range all {
		width := symbol + 5 + textWidth(e.text, small)
		if x > from && x+width > to {
			x, y = from, y+row
		}
		draw(e.kind, x, y-8)
		w.Text("text", fitted(e.text, small, to-x-symbol-5), "class", "note", "x", x+symbol+5, "y", y)
		x += width + gap
	}
	w.Close()
	return y + 10
}

// symbol draws an example of a kind of mark.
func (s *sheet) symbol(kind string, x, y float64) {
	switch kind {
	case "fault":
		s.Leaf("rect", "class", "fault-bar", "x", x+2, "y", y+6, "width", 14, "height", 3)
		s.Leaf("path", "class", "fault-flag", "d", triangle(x+2, y+6, 0, 7))
		s.Leaf("path", "class", "repair-flag", "d", triangle(x+16, y+6, 0, 7))
	case "up":
		s.Leaf("rect", "class", "end-up", "x", x, "y", y, "width", 18, "height", 9)
	case "gone", "mixed":
		s.Leaf("rect", "class", "end-"+kind, "fill", s.pattern(kind), "x", x, "y", y, "width", 18, "height", 9)
	case "loss":
		s.Leaf("rect", "class", "area lost", "fill", s.pattern(kind), "x", x, "y", y, "width", 18, "height", 9)
	case "strip":
		s.Leaf("rect", "class", kind, "x", x, "y", y+3, "width", 18, "height", 3)
	default:
		s.Leaf("rect", "class", kind, "x", x, "y", y, "width", 18, "height", 9)
	}
}
