package diagram_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"dualhome/report/diagram"
)

// picture is what stands in an SVG file, read by another parser.
type picture struct {
	width, height float64
	rects         []shape // of frames, boxes and nodes
	texts         []shape
	lines         []line
	named         map[string][]string // the values of each data- attribute
}

// shape is a rectangle, which may be turned around a point.
type shape struct {
	what          string // what it is of
	kind          string // frame, box, node; of a text its words
	x, y, w, h    float64
	angle, ox, y0 float64
	inside        []string // the names of what it stands in, and its own
}

// line is a path as points.
type line struct {
	what   string
	ends   []string
	points [][2]float64
}

// read parses what SVG gives.
func read(t *testing.T, text string) picture {
	t.Helper()
	p := picture{named: map[string][]string{}}
	d := xml.NewDecoder(strings.NewReader(text))
	type group struct{ kind, name string }
	var groups []group
	var inText *shape
	anchor, bold := "", false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
				if strings.HasPrefix(a.Name.Local, "data-") {
					p.named[a.Name.Local] = append(p.named[a.Name.Local], a.Value)
				}
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("an element has the attribute %s", a.Name.Local)
				}
			}
			var inside []string
			for _, g := range groups {
				inside = append(inside, g.name)
			}
			switch e.Name.Local {
			case "svg":
				p.width, p.height = number(t, attr["width"]), number(t, attr["height"])
			case "g":
				kind, _, _ := strings.Cut(attr["class"], " ")
				groups = append(groups, group{kind, attr["data-frame"] + attr["data-box"] + attr["data-node"]})
			case "rect":
				if len(groups) > 0 {
					g := groups[len(groups)-1]
					p.rects = append(p.rects, shape{
						what: g.name, kind: g.kind, inside: inside,
						x: number(t, attr["x"]), y: number(t, attr["y"]), w: number(t, attr["width"]), h: number(t, attr["height"]),
					})
				}
			case "circle":
				r := number(t, attr["r"])
				g := groups[len(groups)-1]
				p.rects = append(p.rects, shape{what: g.name, kind: g.kind, inside: inside, x: number(t, attr["cx"]) - r, y: number(t, attr["cy"]) - r, w: 2 * r, h: 2 * r})
			case "text":
				g := groups[len(groups)-1]
				inText = &shape{what: g.name, inside: inside, x: number(t, attr["x"]), y: number(t, attr["y"])}
				anchor, bold = attr["text-anchor"], attr["class"] == "name"
				if turn, ok := strings.CutPrefix(attr["transform"], "rotate("); ok {
					f := strings.Fields(strings.TrimSuffix(turn, ")"))
					inText.angle, inText.ox, inText.y0 = number(t, f[0]), number(t, f[1]), number(t, f[2])
				}
			case "path":
				if ends := attr["data-link"] + attr["data-session"]; ends != "" {
					p.lines = append(p.lines, line{attr["class"] + " " + ends, strings.Split(ends, "~"), points(t, attr["d"])})
				}
			}
		case xml.CharData:
			if inText != nil {
				inText.kind += string(e)
			}
		case xml.EndElement:
			switch {
			case e.Name.Local == "g":
				groups = groups[:len(groups)-1]
			case e.Name.Local == "text" && inText != nil:
				p.texts = append(p.texts, inText.measured(anchor, bold))
				inText = nil
			}
		}
	}
}

// measured gives the room that a text takes.
func (s *shape) measured(anchor string, bold bool) shape {
	size := 11.0
	if bold {
		size = 13
	}
	s.w, s.h = diagram.Width(s.kind, size, bold), size
	s.y -= 0.8 * size
	switch anchor {
	case "middle":
		s.x -= s.w / 2
	case "end":
		s.x -= s.w
	}
	return *s
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// points follows a path.
func points(t *testing.T, d string) [][2]float64 {
	t.Helper()
	var all [][2]float64
	for d != "" {
		command := d[0]
		next := strings.IndexAny(d[1:], "MLC")
		if next < 0 {
			next = len(d) - 1
		}
		var n []float64
		for _, f := range strings.Fields(d[1 : 1+next]) {
			n = append(n, number(t, f))
		}
		d = d[1+next:]
		if command == 'M' {
			all = append(all, [2]float64{n[0], n[1]})
			continue
		}
		from := all[len(all)-1]
		if command == 'L' {
			n = []float64{from[0], from[1], n[0], n[1], n[0], n[1]}
		}
		const steps = 60
		for i := 1; i <= steps; i++ {
			u := float64(i) / steps
			v := 1 - u
			at := func(k int) float64 { return v*v*v*from[k] + 3*v*v*u*n[k] + 3*v*u*u*n[2+k] + u*u*u*n[4+k] }
			all = append(all, [2]float64{at(0), at(1)})
		}
	}
	return all
}

// corners gives the corners of a shape.
func (s shape) corners() [4][2]float64 {
	all := [4][2]float64{{s.x, s.y}, {s.x + s.w, s.y}, {s.x + s.w, s.y + s.h}, {s.x, s.y + s.h}}
	sin, cos := math.Sincos(s.angle * math.Pi / 180)
	for i, c := range all {
		x, y := c[0]-s.ox, c[1]-s.y0
		if s.angle != 0 {
			all[i] = [2]float64{s.ox + x*cos - y*sin, s.y0 + x*sin + y*cos}
		}
	}
	return all
}

// overlaps tells whether two shapes have more than a border in common: no line
// between them has all corners of one on one side and those of the other on the other.
func (s shape) overlaps(o shape) bool {
	a, b := s.corners(), o.corners()
	for _, c := range [2][4][2]float64{a, b} {
		for i := range 2 {
			ax, ay := c[i+1][0]-c[i][0], c[i+1][1]-c[i][1]
			long := math.Hypot(ax, ay)
			fromA, toA := extent(a, ax/long, ay/long)
			fromB, toB := extent(b, ax/long, ay/long)
			if toA <= fromB+0.05 || toB <= fromA+0.05 {
				return false
			}
		}
	}
	return true
}

func extent(corners [4][2]float64, ax, ay float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, c := range corners {
		at := c[0]*ax + c[1]*ay
		from, to = min(from, at), max(to, at)
	}
	return from, to
}

// within tells whether all of a shape is in another one.
func (s shape) within(o shape) bool {
	for _, c := range s.corners() {
		if c[0] < o.x-0.05 || c[0] > o.x+o.w+0.05 || c[1] < o.y-0.05 || c[1] > o.y+o.h+0.05 {
			return false
		}
	}
	return true
}

// holds tells whether a point is inside.
func (s shape) holds(p [2]float64) bool {
	x, y := p[0]-s.ox, p[1]-s.y0
	if s.angle != 0 {
		sin, cos := math.Sincos(-s.angle * math.Pi / 180)
		x, y = x*cos-y*sin, x*sin+y*cos
	}
	x, y = x+s.ox, y+s.y0
	return x > s.x+0.1 && x < s.x+s.w-0.1 && y > s.y+0.1 && y < s.y+s.h-0.1
}
