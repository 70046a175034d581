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
	what       string   // what it is of
	kind       string   // frame, box, node; of a text its words
	inside     []string // the names of what it stands in, and its own
	x, y, w, h float64

	angle, aroundX, aroundY float64 // by how many degrees it is turned, and around what
}

// line is a path as points.
type line struct {
	what   string
	ends   []string
	points [][2]float64
}

// reader follows an SVG file, element by element.
type reader struct {
	*testing.T
	picture
	groups []shape // that are open: kind, and what they are of
	text   *shape
	anchor string
	bold   bool
}

// read parses what SVG gives.
func read(t *testing.T, text string) picture {
	t.Helper()
	r := reader{T: t, picture: picture{named: map[string][]string{}}}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return r.picture
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch e := token.(type) {
		case xml.StartElement:
			r.begin(e.Name.Local, r.attributes(e))
		case xml.CharData:
			if r.text != nil {
				r.text.kind += string(e)
			}
		case xml.EndElement:
			r.end(e.Name.Local)
		}
	}
}

// attributes gives those of an element: none of style, and no script.
func (r *reader) attributes(e xml.StartElement) map[string]string {
	all := map[string]string{}
	for _, a := range e.Attr {
		all[a.Name.Local] = a.Value
		if strings.HasPrefix(a.Name.Local, "data-") {
			r.named[a.Name.Local] = append(r.named[a.Name.Local], a.Value)
		}
		if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
			r.Errorf("an element has the attribute %s", a.Name.Local)
		}
	}
	return all
}

func (r *reader) begin(element string, attr map[string]string) {
	at := func(name string) float64 { return number(r.T, attr[name]) }
	switch element {
	case "svg":
		r.width, r.height = at("width"), at("height")
	case "g":
		kind, _, _ := strings.Cut(attr["class"], " ")
		r.groups = append(r.groups, shape{kind: kind, what: attr["data-frame"] + attr["data-box"] + attr["data-node"]})
	case "rect":
		if len(r.groups) > 0 { // and not the paper
			r.add(at("x"), at("y"), at("width"), at("height"))
		}
	case "circle":
		r.add(at("cx")-at("r"), at("cy")-at("r"), 2*at("r"), 2*at("r"))
	case "text":
		r.text = &shape{what: r.groups[len(r.groups)-1].what, inside: r.inside(), x: at("x"), y: at("y")}
		r.anchor, r.bold = attr["text-anchor"], attr["class"] == "name"
		if turn, ok := strings.CutPrefix(attr["transform"], "rotate("); ok {
			n := numbers(r.T, strings.TrimSuffix(turn, ")"))
			r.text.angle, r.text.aroundX, r.text.aroundY = n[0], n[1], n[2]
		}
	case "path":
		if ends := attr["data-link"] + attr["data-session"]; ends != "" {
			r.lines = append(r.lines, line{attr["class"] + " " + ends, strings.Split(ends, "~"), points(r.T, attr["d"])})
		}
	}
}

func (r *reader) add(x, y, w, h float64) {
	last := r.groups[len(r.groups)-1]
	r.rects = append(r.rects, shape{what: last.what, kind: last.kind, inside: r.inside(), x: x, y: y, w: w, h: h})
}

func (r *reader) inside() []string {
	var all []string
	for _, g := range r.groups {
		all = append(all, g.what)
	}
	return all
}

func (r *reader) end(element string) {
	switch {
	case element == "g":
		r.groups = r.groups[:len(r.groups)-1]
	case element == "text":
		r.texts = append(r.texts, r.text.measured(r.anchor, r.bold))
		r.text = nil
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

func numbers(t *testing.T, text string) []float64 {
	t.Helper()
	var all []float64
	for f := range strings.FieldsSeq(text) {
		all = append(all, number(t, f))
	}
	return all
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
		n := numbers(t, d[1:1+next])
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
		x, y := c[0]-s.aroundX, c[1]-s.aroundY
		if s.angle != 0 {
			all[i] = [2]float64{s.aroundX + x*cos - y*sin, s.aroundY + x*sin + y*cos}
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
	x, y := p[0]-s.aroundX, p[1]-s.aroundY
	if s.angle != 0 {
		sin, cos := math.Sincos(-s.angle * math.Pi / 180)
		x, y = x*cos-y*sin, x*sin+y*cos
	}
	x, y = x+s.aroundX, y+s.aroundY
	return x > s.x+0.1 && x < s.x+s.w-0.1 && y > s.y+0.1 && y < s.y+s.h-0.1
}
