package diagram

import "slices"

// legendSize is the height of a row of the legend.
const legendSize = 22.0

// signs are what a legend can explain, by the class of the lines.
var signs = []struct{ class, text string }{
	{"link peering", "VNet peering"},
	{"link tunnel", "tunnel"},
	{"link connection", "ExpressRoute connection"},
	{"link circuit", "circuit's link"},
	{"link internet", "way to the Internet"},
	{"link", "link"},
	{"backend", "back end"},
	{"session", "BGP session"},
}

// legend explains the lines that there are, below the picture.
func (w *painter) legend() {
	w.Open("g", "class", "legend")
	w.p.key(func(class, text string, x, y float64) {
		var sample path
		sample.from(x, y)
		sample.to(x+30, y)
		w.Leaf("path", "class", class, "d", sample.text())
		w.Text("text", text, "x", x+36, "y", y+4)
	})
	w.Close()
}

// key calls for each sign with its place, and gives how high all are together.
func (p *plan) key(put func(class, text string, x, y float64)) float64 {
	x, y := float64(around), p.size.h+4
	rows := 0.0
	for _, s := range signs {
		has := func(l *stroke) bool {
			return slices.ContainsFunc(l.wires, func(x wire) bool { return x.class == s.class })
		}
		if !slices.ContainsFunc(p.lines, has) {
			continue
		}
		long := 36 + width(s.text, noteSize, false) + 18
		if rows == 0 {
			rows = 1
		}
		if x > around && x+long > p.size.w-around {
			x, y, rows = around, y+legendSize, rows+1
		}
		put(s.class, s.text, x, y)
		x += long
	}
	return rows*legendSize + 4
}
