package chart

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dualhome/report/svg"
)

// node is an element of a picture, as another parser reads it.
type node struct {
	name  string
	attrs map[string]string
	text  string
	kids  []*node
	cut   []slab
}

func read(t testing.TB, p svg.Picture) *node {
	t.Helper()
	d, stack := xml.NewDecoder(strings.NewReader(p.File())), []*node{{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return stack[0].kids[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		top := stack[len(stack)-1]
		switch e := token.(type) {
		case xml.StartElement:
			n := &node{name: e.Name.Local, attrs: map[string]string{}}
			for _, a := range e.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.kids, stack = append(top.kids, n), append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(e)
		}
	}
}

// all gives the elements below n, and n, that have a class.
func (n *node) all(class string) (found []*node) {
	if slices.Contains(strings.Fields(n.attrs["class"]), class) {
		found = append(found, n)
	}
	for _, k := range n.kids {
		found = append(found, k.all(class)...)
	}
	return found
}

// lane gives the element with a value of a data attribute.
func (n *node) lane(attr, value string) *node {
	if n.attrs[attr] == value {
		return n
	}
	for _, k := range n.kids {
		if found := k.lane(attr, value); found != nil {
			return found
		}
	}
	return nil
}

func (n *node) f(attr string) float64 {
	v, err := strconv.ParseFloat(n.attrs[attr], 64)
	if err != nil {
		return 0
	}
	return v
}

// strokes gives the horizontal edges of a path of M, H, V, v, z and h, each as y, from,
// to; and all its corners.
func strokes(d string) (edges [][3]float64, corners [][2]float64) {
	var x, y, x0, y0 float64
	number := func() float64 {
		d = strings.TrimLeft(d, " ")
		end := strings.IndexFunc(d, func(r rune) bool { return !strings.ContainsRune("-.0123456789", r) })
		if end < 0 {
			end = len(d)
		}
		if i := strings.LastIndex(d[:end], "-"); i > 0 {
			end = i
		}
		v, err := strconv.ParseFloat(d[:end], 64)
		if err != nil {
			panic(err)
		}
		d = d[end:]
		return v
	}
	for d != "" {
		command := d[0]
		d = d[1:]
		was := x
		switch command {
		case 'M':
			x, y = number(), number()
			x0, y0, was = x, y, x
		case 'H':
			x = number()
		case 'h':
			x += number()
		case 'V':
			y = number()
		case 'v':
			y += number()
		case 'l':
			x, y = x+number(), y+number()
			was = x
		case 'z':
			if y == y0 {
				x = x0
			}
			edges = append(edges, [3]float64{y, min(was, x), max(was, x)})
			x, y, was = x0, y0, x0
		default:
			panic("path: " + string(command) + d)
		}
		corners = append(corners, [2]float64{x, y})
		if was != x {
			edges = append(edges, [3]float64{y, min(was, x), max(was, x)})
		}
	}
	return edges, corners
}

// slab is how high a path is filled between two coordinates.
type slab struct{ from, to, height float64 }

// slabs divides what a path fills.
func (n *node) slabs() []slab {
	if n.cut != nil || n.attrs["d"] == "" {
		return n.cut
	}
	edges, _ := strokes(n.attrs["d"])
	slices.SortFunc(edges, func(a, b [3]float64) int { return cmp.Compare(a[1], b[1]) })
	var cuts []float64
	for _, e := range edges {
		cuts = append(cuts, e[1], e[2])
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var open [][3]float64
	for i := range cuts[1:] {
		one := slab{from: cuts[i], to: cuts[i+1]}
		for len(edges) > 0 && edges[0][1] <= one.from {
			open, edges = append(open, edges[0]), edges[1:]
		}
		open = slices.DeleteFunc(open, func(e [3]float64) bool { return e[2] <= one.from })
		slices.SortFunc(open, func(a, b [3]float64) int { return cmp.Compare(a[0], b[0]) })
		for k := 1; k < len(open); k += 2 {
			one.height += open[k][0] - open[k-1][0]
		}
		n.cut = append(n.cut, one)
	}
	return n.cut
}

// filled gives the area that a path fills between two coordinates.
func (n *node) filled(from, to float64) (sum float64) {
	all := n.slabs()
	i, _ := slices.BinarySearchFunc(all, from, func(s slab, x float64) int { return cmp.Compare(s.to, x) })
	for ; i < len(all) && all[i].from < to; i++ {
		sum += all[i].height * max(min(all[i].to, to)-max(all[i].from, from), 0)
	}
	return sum
}

// room is the place of a text.
type room struct {
	text                     string
	left, right, top, bottom float64
}

// texts gives the room of all texts.
func (n *node) texts() (all []room) {
	if n.name == "text" {
		words, width := strings.TrimSpace(n.text), 0.0
		size := normal
		for _, class := range []string{"tick", "note", "lane-name", "flag-name", "area-name"} {
			if len((&node{attrs: n.attrs}).all(class)) > 0 {
				size = small
			}
		}
		width += textWidth(words, size)
		for _, k := range n.kids {
			if k.name == "tspan" {
				words += k.text
				width += textWidth(k.text, small) + k.f("dx")
			}
		}
		left := n.f("x")
		switch n.attrs["text-anchor"] {
		case "middle":
			left -= width / 2
		case "end":
			left -= width
		}
		return []room{{words, left, left + width, n.f("y") - 0.75*size, n.f("y") + 0.2*size}}
	}
	if n.name == "pattern" || n.name == "title" || n.name == "desc" {
		return nil
	}
	for _, k := range n.kids {
		all = append(all, k.texts()...)
	}
	return all
}

// tidy tests what holds for every picture: all lies inside it, and no text lies on
// another.
func tidy(t *testing.T, name string, p svg.Picture) *node {
	t.Helper()
	if len(p.File()) > 100_000 {
		t.Errorf("%s has %d bytes", name, len(p.File()))
	}
	if p.Title == "" || p.Desc == "" {
		t.Errorf("%s has no title or no description", name)
	}
	root := read(t, p)
	inside(t, name, p, root)
	texts := root.texts()
	for i, a := range texts {
		if a.left < 0 || a.right > p.Width || a.top < 0 || a.bottom > p.Height {
			t.Errorf("%s: %+v is not inside %v x %v", name, a, p.Width, p.Height)
		}
		for _, b := range texts[:i] {
			if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
				t.Errorf("%s: %+v lies on %+v", name, a, b)
			}
		}
	}
	return root
}

func inside(t *testing.T, name string, p svg.Picture, n *node) {
	if n.name == "pattern" {
		return
	}
	check := func(x, y float64) {
		if x < -0.01 || x > p.Width+0.01 || y < -0.01 || y > p.Height+0.01 || math.IsNaN(x+y) {
			t.Errorf("%s: (%v, %v) of %s %v is not inside", name, x, y, n.name, n.attrs)
		}
	}
	switch n.name {
	case "path":
		_, corners := strokes(n.attrs["d"])
		for _, c := range corners {
			check(c[0], c[1])
		}
	case "rect":
		check(n.f("x"), n.f("y"))
		check(n.f("x")+n.f("width"), n.f("y")+n.f("height"))
	case "line":
		check(n.f("x1"), n.f("y1"))
		check(n.f("x2"), n.f("y2"))
	}
	for _, k := range n.kids {
		inside(t, name, p, k)
	}
}

// top gives the height of the first corner of a path, as it is written.
func (n *node) top() string {
	first, _, _ := strings.Cut(n.attrs["d"], "H")
	_, y, _ := strings.Cut(first, " ")
	return y
}
