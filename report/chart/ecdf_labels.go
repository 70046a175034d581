package chart

import (
	"dualhome/report/svg"
)

// tagged is where a label of a distribution stands: left of its line or right of it.
type tagged struct {
	line                     int
	text                     string
	x, y, left, right, width float64 // of the mark; and what it takes
}

// place finds room for a label beside each line, clear of all lines and of the other
// labels; legend: there is not enough, and the names go below the picture.
func (d *steps) place(samples []Sample) (all []tagged, legend bool) {
	const widest = 190
	for i := range samples {
		one, found := d.room(i, samples[i].Name, all)
		if !found || one.width > widest {
			return nil, true
		}
		all = append(all, one)
	}
	return all, false
}

// room looks for a label's place, from the middle of the line on.
func (d *steps) room(line int, text string, others []tagged) (tagged, bool) {
	width := 18 + textWidth(text, normal)
	for _, part := range []float64{0.58, 0.42, 0.66, 0.34, 0.74, 0.26, 0.82, 0.18, 0.1, 0.88} {
		y := d.y.at(part)
		x, reached := d.crosses(line, y)
		if !reached {
			continue
		}
		for _, left := range []float64{x + 6, x - 6 - width} {
			p := tagged{line: line, text: text, x: left + 6, y: y, left: left, right: left + width, width: width}
			if d.free(&p, others) {
				return p, true
			}
		}
	}
	return tagged{}, false
}

// crosses gives where a line rises through a height.
func (d *steps) crosses(line int, y float64) (x float64, reached bool) {
	for _, c := range d.lines[line] {
		if c.y <= y {
			return c.x, true
		}
	}
	return 0, false
}

// free tells whether a label is clear of the lines, the other labels and the sides.
func (d *steps) free(p *tagged, others []tagged) bool {
	const half = labelHeight/2 + 1
	if p.left < d.x.from+4 || p.right > d.x.to-2 || p.y+half > d.y.from || p.y-half < d.y.to {
		return false
	}
	for _, o := range others {
		if p.left < o.right+4 && o.left < p.right+4 && p.y-half < o.y+half && o.y-half < p.y+half {
			return false
		}
	}
	for i := range d.lines {
		at := d.y.from
		for k, c := range d.lines[i] {
			end := d.x.to
			if k+1 < len(d.lines[i]) {
				end = d.lines[i][k+1].x
			}
			rises := c.x > p.left-2 && c.x < p.right+2 && at > p.y-half && c.y < p.y+half
			goes := c.x < p.right+2 && end > p.left-2 && c.y > p.y-half && c.y < p.y+half
			if rises || goes {
				return false
			}
			at = c.y
		}
	}
	return true
}

// tag draws a label with the mark of its line.
func tag(w *svg.Writer, p tagged) {
	w.Open("g", "class", "label", "data-label", p.text)
	mark(w, p.line, p.x, p.y, "")
	w.Text("text", p.text, "x", p.x+9, "y", p.y+4)
	w.Close()
}

// legend draws the names below the picture, two in a row.
func (d *steps) legend(w *svg.Writer, samples []Sample, top float64) {
	width := panelWidth/2 - 54
	if len(samples) == 1 {
		width = panelWidth - 54
	}
	w.Open("g", "class", "legend")
	for i := range samples {
		x, y := 8+float64(i%2)*panelWidth/2, top+6+18*float64(i/2)
		w.Open("g", "class", "label", "data-label", samples[i].Name)
		w.Leaf("path", "class", "line "+series(i), "d", "M"+svg.Number(x)+" "+svg.Number(y)+"h30")
		mark(w, i, x+15, y, "")
		w.Open("text", "x", x+38, "y", y+4)
		w.Text("title", samples[i].Name)
		w.Text("tspan", fitted(samples[i].Name, normal, width))
		w.Close()
		w.Close()
	}
	w.Close()
}
