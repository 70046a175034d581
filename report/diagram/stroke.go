package diagram

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"dualhome/report/svg"
)

// wire is a link, a session, or what a load balancer leads to.
type wire struct {
	class   string
	name    string // of a link
	about   string
	link    bool
	session bool
}

// stroke is a line, and all wires with the ends that it has: a tunnel and the session
// in it.
type stroke struct {
	a, b  end // a is above b, or left of it
	pair  string
	wires []wire
	path  path
}

// between gives the two names of a wire, as the page looks for them.
func between(x, y string) string { return min(x, y) + "~" + max(x, y) }

// line adds a wire.
func (p *plan) line(w wire, x, y string) {
	pair := between(x, y)
	a, known := p.at[x]
	b, other := p.at[y]
	if !known || !other {
		return // routers, which are drawn apart
	}
	for _, l := range p.lines {
		if l.pair == pair {
			l.wires = append(l.wires, w)
			return
		}
	}
	p.lines = append(p.lines, &stroke{a: a, b: b, pair: pair, wires: []wire{w}})
}

// path is a line: where it begins, and on from there.
type path struct {
	parts []part
	x, y  float64 // where it ends
}

// part is a command of SVG and its points, x and y in turn.
type part struct {
	command byte
	points  []float64
}

func (p *path) from(x, y float64) { p.put('M', x, y) }

func (p *path) to(x, y float64) {
	if x != p.x || y != p.y {
		p.put('L', x, y)
	}
}

// bend goes on to a place below, or above, and is upright at both ends.
func (p *path) bend(x, y float64) {
	if x == p.x {
		p.to(x, y)
		return
	}
	m := (p.y + y) / 2
	p.put('C', p.x, m, x, m, x, y)
}

// hang goes on to a place beside, by a way below it, or above, where by is less than 0.
func (p *path) hang(x, y, by float64) { p.put('C', p.x, p.y+by, x, y+by, x, y) }

func (p *path) put(command byte, points ...float64) {
	p.parts = append(p.parts, part{command, points})
	p.x, p.y = points[len(points)-2], points[len(points)-1]
}

// text gives the path as SVG has it.
func (p *path) text() string {
	var b strings.Builder
	for _, part := range p.parts {
		b.WriteByte(part.command)
		for i, n := range part.points {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(svg.Number(n))
		}
	}
	return b.String()
}

// side is that of a box where lines come to it.
type side uint8

const (
	top side = iota
	bottom
)

// sides gives where a line leaves one end and comes to the other.
func (l *stroke) sides() (a, b side) {
	switch {
	case l.level():
		return bottom, bottom
	case l.beside():
		return top, top
	}
	return bottom, top
}

// beside tells whether it joins two VNets of one tier.
func (l *stroke) beside() bool { return l.a.box == nil && l.b.box == nil && l.a.tier() == l.b.tier() }

// level tells whether it joins two boxes of one row.
func (l *stroke) level() bool {
	return l.a.box != nil && l.b.box != nil && l.a.tier() == l.b.tier() && l.a.box.row == l.b.box.row
}

// downwards turns the lines, so that they lead down, or to the right.
func (p *plan) downwards() {
	for _, l := range p.lines {
		if cmp.Or(cmp.Compare(l.a.tier(), l.b.tier()), cmp.Compare(l.a.rowOf(), l.b.rowOf()), cmp.Compare(l.a.rect.x, l.b.rect.x)) > 0 {
			l.a, l.b = l.b, l.a
		}
	}
}

func (e end) rowOf() int {
	if e.box == nil {
		return 0
	}
	return e.box.row
}

// span gives where lines may come to a side: not at the title of two instances, where
// those of the instances are at both ends, and at the right of a VNet, whose name is
// at the left.
func (e end) span(s side) span {
	r := e.rect
	switch {
	case e.box == nil && s == top:
		return span{r.x + 0.62*r.w, r.x + 0.92*r.w}
	case e.box == nil:
		return span{r.x + 0.1*r.w, r.x + 0.9*r.w}
	case !e.chip && e.box.layout == ends:
		return span{e.box.title.x + 8, e.box.title.right() - 8}
	}
	return span{r.x + 8, r.right() - 8}
}

// middle gives where lines come to a side, about.
func (e end) middle(s side) float64 {
	at := e.span(s)
	return (at.from + at.to) / 2
}

// port is where a line comes to a side of something.
type port struct {
	l      *stroke
	second bool // it is the end b
	x      float64
}

// ports gives each line its place at both ends, in the order of where they lead.
func (p *plan) ports() map[*stroke][2]float64 {
	type place struct {
		rect *rect
		side side
	}
	at := map[place][]port{}
	var places []place
	ends := map[place]end{}
	add := func(e end, s side, q port) {
		k := place{e.rect, s}
		if at[k] == nil {
			places, ends[k] = append(places, k), e
		}
		at[k] = append(at[k], q)
	}
	for _, l := range p.lines {
		a, b := l.sides()
		add(l.a, a, port{l, false, l.b.middle(b)})
		add(l.b, b, port{l, true, l.a.middle(a)})
	}
	all := map[*stroke][2]float64{}
	for _, k := range places {
		for i, x := range dealt(at[k], ends[k].span(k.side), ends[k].box == nil) {
			both := all[at[k][i].l]
			both[index(at[k][i].second)] = x
			all[at[k][i].l] = both
		}
	}
	return all
}

func index(second bool) int {
	if second {
		return 1
	}
	return 0
}

// dealt orders ports by where their lines lead, and gives their places: around the
// middle, or, on the wide side of a VNet, each as near as it can be to where its line
// leads.
func dealt(ports []port, s span, near bool) []float64 {
	slices.SortStableFunc(ports, func(x, y port) int {
		return cmp.Or(cmp.Compare(math.Round(x.x), math.Round(y.x)), cmp.Compare(x.l.pair, y.l.pair))
	})
	last := len(ports) - 1
	step := 24.0
	if last > 0 {
		step = min((s.to-s.from)/float64(last), step)
	}
	all := make([]float64, len(ports))
	for i := range all {
		all[i] = (s.from+s.to)/2 + (float64(i)-float64(last)/2)*step
		if near {
			all[i] = min(max(ports[i].x, s.from+float64(i)*step), s.to-float64(last-i)*step)
			if i > 0 {
				all[i] = max(all[i], all[i-1]+step)
			}
		}
	}
	return all
}
