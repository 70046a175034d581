package chart

import (
	"slices"

	"dualhome/metrics"
	"dualhome/report/svg"
)

// drawing is curves that are being drawn.
type drawing struct {
	*Curves
	w  *svg.Writer
	x  *places
	y  axis
	of int // lines
}

// at gives the coordinate of a value of the parameter for a line: where values are
// names, lines stand beside each other.
func (d *drawing) at(line, value int) float64 {
	x := d.x.at[value]
	if d.Parameter.Numbers == nil {
		x += (float64(line) - float64(d.of-1)/2) * 11
	}
	return x
}

// interval draws the 95 % intervals of a line: a band where there is one on both sides
// of a way between two values, or else a whisker at each.
func (d *drawing) interval(i int, l *Line) {
	if !l.Band || d.Parameter.Numbers == nil {
		for v := range l.Figures {
			d.whisker(i, v, &l.Figures[v])
		}
		return
	}
	for _, part := range d.runs(l, func(e *metrics.Estimate) bool { return e.Value != nil && e.Low != nil && e.High != nil }) {
		if len(part) == 1 {
			d.whisker(i, part[0], &l.Figures[part[0]])
			continue
		}
		var p path
		for _, v := range part {
			p.through(d.at(i, v), d.y.at(*l.Figures[v].High))
		}
		for _, v := range slices.Backward(part) {
			p.through(d.at(i, v), d.y.at(*l.Figures[v].Low))
		}
		p.to("Z")
		d.w.Leaf("path", "class", "band "+series(i), "data-line", l.Name, "d", p.String())
	}
}

// whisker draws the interval of one figure; an end that is not bounded is an arrow.
func (d *drawing) whisker(i, v int, e *metrics.Estimate) {
	if e.Value == nil || e.Low == nil && e.High == nil || e.Low != nil && e.High != nil && *e.Low == *e.High {
		return
	}
	x, at := d.at(i, v), d.y.at(*e.Value)
	var p path
	if e.Low != nil {
		p.to("M", x-4, d.y.at(*e.Low))
		p.to("h", 8)
		p.to("M", x, d.y.at(*e.Low))
		p.to("V", at)
	}
	if e.High != nil {
		p.to("M", x-4, d.y.at(*e.High))
		p.to("h", 8)
		p.to("M", x, d.y.at(*e.High))
		p.to("V", at)
	} else {
		tip := max(at-14, plotTop-8)
		p.to("M", x, at)
		p.to("V", tip)
		p.to("m", -3, 4)
		p.to("l", 3, -4)
		p.to("l", 3, 4)
	}
	d.w.Leaf("path", "class", "whisker "+series(i), "d", p.String())
}

// runs gives the values from left to right, parted where one is not as it should be.
func (d *drawing) runs(l *Line, is func(*metrics.Estimate) bool) (all [][]int) {
	var part []int
	for _, v := range d.x.order {
		if is(&l.Figures[v]) {
			part = append(part, v)
			continue
		}
		if len(part) > 0 && (l.Figures[v].Value != nil || l.beyond(v)) { // a value at which there is no point parts nothing
			all, part = append(all, part), nil
		}
	}
	if len(part) > 0 {
		all = append(all, part)
	}
	return all
}

func (l *Line) beyond(v int) bool { return v < len(l.Beyond) && l.Beyond[v] != "" }

// line draws a line with its marks, and an arrow above where losses last.
func (d *drawing) line(i int, l *Line) {
	d.w.Open("g", "class", "series", "data-line", l.Name)
	if d.Parameter.Numbers != nil {
		for _, part := range d.runs(l, func(e *metrics.Estimate) bool { return e.Value != nil }) {
			var p path
			for _, v := range part {
				p.through(d.at(i, v), d.y.at(*l.Figures[v].Value))
			}
			d.w.Leaf("path", "class", "line "+series(i), "d", p.String())
		}
	}
	for _, v := range d.x.order {
		e, x := &l.Figures[v], d.at(i, v)
		if e.Value != nil && (len(d.Parameter.Values) <= 60 || d.Parameter.Numbers == nil) {
			mark(d.w, i, x, d.y.at(*e.Value), d.words(l, v), "data-x", d.Parameter.Values[v], "data-y", exact(*e.Value), "data-low", exactly(e.Low), "data-high", exactly(e.High))
		}
		if l.beyond(v) {
			d.w.Open("path", "class", "beyond "+series(i), "data-x", d.Parameter.Values[v], "d",
				"M"+svg.Number(x)+" "+svg.Number(plotTop+12)+"v-12m-4 5l4 -5l4 5")
			d.w.Text("title", l.Name+", "+d.Parameter.Name+" "+d.Parameter.Values[v]+": "+l.Beyond[v])
			d.w.Close()
		}
	}
	d.w.Close()
}

// words says what a mark stands for.
func (d *drawing) words(l *Line, v int) string {
	if d.Plain {
		return ""
	}
	e := &l.Figures[v]
	text := d.Parameter.Name + " " + d.Parameter.Values[v] + ": " + l.Name + " " + d.Say(*e.Value)
	if e.Low != nil || e.High != nil {
		end := func(v *float64) string {
			if v == nil {
				return "not bounded"
			}
			return d.Say(*v)
		}
		text += ", 95 % interval " + end(e.Low) + " to " + end(e.High)
	}
	if l.beyond(v) {
		text += "; " + l.Beyond[v]
	}
	return text
}

// labels gives the label of each line, at its last figure.
func (d *drawing) labels(lines []Line, bottom float64) (all []label) {
	for i := range lines {
		l := &lines[i]
		one := label{line: i, text: l.Name, x: d.x.at[d.x.order[len(d.x.order)-1]], at: plotTop + 6}
		for _, v := range d.x.order {
			if l.Figures[v].Value != nil {
				one.x, one.at = d.at(i, v), d.y.at(*l.Figures[v].Value)
			}
		}
		all = append(all, one)
	}
	apart(all, plotTop, bottom, labelHeight)
	return all
}
