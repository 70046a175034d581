package chart

import (
	"cmp"
	"math"
	"slices"

	"dualhome/report/svg"
)

// Parameter is a parameter of a sweep: the horizontal axis of curves.
type Parameter struct {
	Name    string
	Unit    string    // of the numbers: ns, bps; empty: none
	Values  []string  // as people read them
	Numbers []float64 // of the values; nil: they are names, without an order
}

// places is where the values of a parameter stand.
type places struct {
	of    *Parameter
	at    []float64 // by value
	order []int     // the values from left to right
	axis  axis      // of numbers
	zero  bool      // the value 0 stands apart, to the left of the axis
}

const (
	mostValues = 16 // that are written at their places; of more, round values are
	apartFrom0 = 44 // how far a logarithmic axis begins from a zero beside it
)

// along places the values between two coordinates: numbers to scale, names evenly.
func (p *Parameter) along(from, to float64) places {
	pl := places{of: p, at: make([]float64, len(p.Values))}
	for i := range p.Values {
		pl.order = append(pl.order, i)
		pl.at[i] = from + (float64(i)+0.5)*(to-from)/float64(len(p.Values))
	}
	if p.Numbers == nil {
		return pl
	}
	slices.SortStableFunc(pl.order, func(a, b int) int { return cmp.Compare(p.Numbers[a], p.Numbers[b]) })
	low, high := p.Numbers[pl.order[0]], p.Numbers[pl.order[len(p.Values)-1]]
	if low == high {
		pl.axis = linear(p.unit(), low-max(math.Abs(low), 1)/2, low+max(math.Abs(low), 1)/2, from, to)
	} else if least, much := p.spread(pl.order); much {
		if pl.zero = low == 0; pl.zero {
			from += apartFrom0
		}
		pl.axis = logarithmic(p.unit(), least, high, from, to)
	} else {
		pl.axis = linear(p.unit(), low, high, from, to)
	}
	for i, v := range p.Numbers {
		if pl.zero && v == 0 {
			pl.at[i] = from - apartFrom0
		} else {
			pl.at[i] = pl.axis.at(v)
		}
	}
	return pl
}

// unit gives that of the numbers.
func (p *Parameter) unit() unit {
	if p.Unit == "" {
		return number
	}
	return unitOf(p.Unit)
}

// spread gives the lowest value above zero, and whether the values are so far apart
// that to scale the low ones would fall together.
func (p *Parameter) spread(order []int) (least float64, much bool) {
	var above []float64
	for _, i := range order {
		v := p.Numbers[i]
		if v < 0 {
			return 0, false
		}
		if v > 0 && (len(above) == 0 || v > above[len(above)-1]) {
			above = append(above, v)
		}
	}
	if len(above) < 3 || above[len(above)-1] < 20*above[0] {
		return 0, false
	}
	if len(above) > mostValues { // of many some always fall together
		return above[0], above[len(above)/2] < 0.15*above[len(above)-1]
	}
	closest := math.Inf(1)
	for i := 1; i < len(above); i++ {
		closest = min(closest, above[i]-above[i-1])
	}
	return above[0], closest < 0.025*(above[len(above)-1]-above[0])
}

// draw draws the axis at y, with lines of the grid up to top.
func (pl *places) draw(w *svg.Writer, from, to, y, top float64) {
	p := pl.of
	if p.Numbers != nil && len(p.Values) > mostValues {
		pl.round(w, from, to, y, top)
		return
	}
	w.Open("g", "class", "axis across")
	pl.line(w, from, to, y)
	room := math.Inf(-1)
	last := pl.order[len(pl.order)-1]
	slot := (to - from) / float64(len(p.Values))
	for _, i := range pl.order {
		text := p.Values[i]
		if p.Numbers == nil {
			text = fitted(text, small, slot-4)
		}
		half := textWidth(text, small) / 2
		w.Leaf("line", "class", "grid", "x1", pl.at[i], "y1", top, "x2", pl.at[i], "y2", y+4)
		hides := i != last && pl.at[i]+half+6 > pl.at[last]-textWidth(p.Values[last], small)/2 && p.Numbers != nil
		if pl.at[i]-half < room || hides || text == "" {
			continue
		}
		w.Text("text", text, "class", "tick", "x", pl.at[i], "y", y+17, "text-anchor", "middle")
		room = pl.at[i] + half + 6
	}
	w.Text("text", pl.title(p.Name, to-from), "class", "axis-title", "x", (from+to)/2, "y", y+35, "text-anchor", "middle")
	w.Close()
}

// title gives the name of the parameter, and how it is drawn where that is not to scale.
func (pl *places) title(name string, width float64) string {
	if pl.axis.log {
		return fitted(name, normal, width-110) + ", logarithmic"
	}
	return fitted(name, normal, width)
}

// round draws an axis with round values, for many values.
func (pl *places) round(w *svg.Writer, from, to, y, top float64) {
	w.Open("g", "class", "axis across")
	pl.line(w, from, to, y)
	ticks := pl.axis.ticks(int(math.Abs(to-from) / 64))
	if pl.zero {
		ticks = append([]tick{{0, pl.axis.from - apartFrom0, "0"}}, ticks...)
	}
	rounds(w, ticks, y, top)
	w.Text("text", pl.title(pl.axis.title(pl.of.Name), to-from), "class", "axis-title", "x", (from+to)/2, "y", y+35, "text-anchor", "middle")
	w.Close()
}

// rounds draws ticks below y, and a line of the grid up to top for each.
func rounds(w *svg.Writer, ticks []tick, y, top float64) {
	for _, t := range ticks {
		w.Leaf("line", "class", "grid", "x1", t.at, "y1", top, "x2", t.at, "y2", y+4)
		w.Text("text", t.text, "class", "tick", "x", t.at, "y", y+17, "text-anchor", "middle")
	}
}

// flat draws the horizontal axis of a measure, with more ticks than axis.across has:
// the pictures of sweeps are narrow.
func flat(w *svg.Writer, a axis, y, top float64, title string) {
	w.Open("g", "class", "axis across")
	w.Leaf("line", "class", "axis-line", "x1", a.from, "y1", y, "x2", a.to, "y2", y)
	rounds(w, a.ticks(int((a.to-a.from)/60)), y, top)
	w.Text("text", a.title(title), "class", "axis-title", "x", (a.from+a.to)/2, "y", y+35, "text-anchor", "middle")
	w.Close()
}

// line draws the line of the axis, broken where zero stands apart.
func (pl *places) line(w *svg.Writer, from, to, y float64) {
	if !pl.zero {
		w.Leaf("line", "class", "axis-line", "x1", from, "y1", y, "x2", to, "y2", y)
		return
	}
	middle := pl.axis.from - apartFrom0/2
	w.Leaf("line", "class", "axis-line", "x1", from, "y1", y, "x2", middle-3, "y2", y)
	w.Leaf("line", "class", "axis-line", "x1", middle+3, "y1", y, "x2", to, "y2", y)
	w.Leaf("path", "class", "axis-line", "d", "M"+svg.Number(middle-6)+" "+svg.Number(y+5)+"l6 -10m0 10l6 -10")
}
