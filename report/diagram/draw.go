package diagram

import (
	"dualhome/report/svg"
)

// painter writes a plan as SVG.
type painter struct {
	svg.Writer
	p *plan
}

// paint writes everything, from back to front.
func (p *plan) paint() string {
	w := &painter{p: p}
	for _, f := range p.frames {
		w.frame(f)
	}
	w.strokes(func(x wire) bool { return x.link })
	w.strokes(func(x wire) bool { return !x.link })
	w.Open("g", "class", "traffic")
	w.Close()
	for _, f := range p.frames {
		w.head(f)
	}
	for _, b := range p.boxes {
		w.box(b)
	}
	w.legend()
	return w.String()
}

func (w *painter) rect(r rect, round float64) {
	w.Leaf("rect", "x", r.x, "y", r.y, "width", r.w, "height", r.h, "rx", round)
}

func (w *painter) frame(f *frame) {
	w.Open("g", "class", "frame", "data-frame", f.name)
	w.Text("title", "VNet "+f.name+" "+f.note)
	w.rect(f.rect, 12)
	w.Close()
}

// head writes the name of a frame, above the traffic that passes it.
func (w *painter) head(f *frame) {
	w.Open("g", "class", "head")
	name := fitted(f.name, nameSize, true, widest)
	w.Text("text", name, "class", "name", "x", f.head.x, "y", f.head.y+14)
	w.Text("text", f.note, "class", "note", "x", f.head.x+min(width(f.name, nameSize, true), widest)+8, "y", f.head.y+14)
	w.Close()
}

// strokes writes some of the wires.
func (w *painter) strokes(which func(wire) bool) {
	for _, l := range w.p.lines {
		for _, x := range l.wires {
			if !which(x) {
				continue
			}
			link, session := "", ""
			if x.link {
				link = l.pair
			}
			if x.session {
				session = l.pair
			}
			w.Open("path", "class", x.class, "data-link", link, "data-name", x.name, "data-session", session, "d", l.path.text())
			w.Text("title", x.about)
			w.Close()
		}
	}
}

func (w *painter) box(b *box) {
	if b.layout == single {
		w.node(b.chips[0])
		return
	}
	w.Open("g", "class", "box "+b.kind, "data-box", b.name)
	w.Text("title", b.about)
	w.rect(b.rect, 8)
	w.lines(b.lines, b.title)
	for _, c := range b.chips {
		w.node(c)
	}
	w.Close()
}

func (w *painter) node(n *node) {
	w.Open("g", "class", "node "+n.kind, "data-node", n.id, "data-x", n.centerX(), "data-y", n.centerY())
	w.Text("title", n.about)
	switch {
	case n.beside:
		w.Leaf("circle", "cx", n.centerX(), "cy", n.centerY(), "r", n.w/2)
		w.name(n)
	case n.box.layout == single:
		w.rect(n.rect, 8)
		w.lines(n.box.lines, n.box.title)
	default:
		w.rect(n.rect, 5)
		w.small(n.lines, n.rect)
	}
	w.cross(n.rect)
	w.Close()
}

// name writes the name of a dot away from the middle of the picture, so that it can be
// read from left to right.
func (w *painter) name(n *node) {
	angle, x, anchor := n.turned-90, n.w/2+6, "start"
	if n.turned > 180 {
		angle, x, anchor = n.turned+90, -x, "end"
	}
	at := svg.Number(n.centerX()) + " " + svg.Number(n.centerY())
	w.Text("text", fitted(n.lines[0], noteSize, false, labelWidth), "x", n.centerX()+x, "y", n.centerY()+4,
		"text-anchor", anchor, "transform", "rotate("+svg.Number(angle)+" "+at+")")
}

// cross is a mark over a node, which is shown while it is dead.
func (w *painter) cross(r rect) {
	from, to := svg.Number(r.x+3)+" "+svg.Number(r.y+3), svg.Number(r.right()-3)+" "+svg.Number(r.bottom()-3)
	back, forth := svg.Number(r.right()-3)+" "+svg.Number(r.y+3), svg.Number(r.x+3)+" "+svg.Number(r.bottom()-3)
	w.Leaf("path", "class", "cross", "d", "M"+from+"L"+to+"M"+back+"L"+forth)
}

// lines writes lines of text in the middle of a room, the first one as a name.
func (w *painter) lines(lines []string, room rect) {
	_, h := lead(lines)
	y := room.centerY() - h/2
	for i, text := range lines {
		if i == 0 {
			w.Text("text", fitted(text, nameSize, true, max(room.w, 24)), "class", "name", "x", room.centerX(), "y", y+13, "text-anchor", "middle")
			y += nameLine
			continue
		}
		w.Text("text", fitted(text, noteSize, false, room.w), "class", "note", "x", room.centerX(), "y", y+11, "text-anchor", "middle")
		y += noteLine
	}
}

// small writes the lines of a chip.
func (w *painter) small(lines []string, room rect) {
	y := room.centerY() - noteLine*float64(len(lines))/2
	for i, text := range lines {
		class := ""
		if i > 0 {
			class = "note"
		}
		w.Text("text", fitted(text, noteSize, false, room.w-8), "class", class, "x", room.centerX(), "y", y+11, "text-anchor", "middle")
		y += noteLine
	}
}
