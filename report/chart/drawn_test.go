package chart

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"dualhome/report/svg"
)

// drawn is a picture as another parser reads it.
type drawn struct {
	name string
	attr map[string]string
	text string
	held []*drawn
	up   *drawn
}

// readPicture reads the file of a picture: it must be well-formed.
func readPicture(t *testing.T, p svg.Picture) *drawn {
	t.Helper()
	if again := p.File(); again != p.File() {
		t.Error("it is not the same twice")
	}
	root := &drawn{}
	at := root
	d := xml.NewDecoder(strings.NewReader(p.File()))
	for {
		token, err := d.Token()
		if token == nil {
			if at != root || len(root.held) != 1 {
				t.Fatalf("%v: %d elements", err, len(root.held))
			}
			return root.held[0]
		}
		switch e := token.(type) {
		case xml.StartElement:
			one := &drawn{name: e.Name.Local, attr: map[string]string{}, up: at}
			for _, a := range e.Attr {
				one.attr[a.Name.Local] = a.Value
			}
			at.held = append(at.held, one)
			at = one
		case xml.EndElement:
			at = at.up
		case xml.CharData:
			at.text += string(e)
		}
	}
}

// all gives the elements that are of a class, in their order; class "": all.
func (d *drawn) all(class string) (all []*drawn) {
	for _, h := range d.held {
		if class == "" || strings.Contains(" "+h.attr["class"]+" ", " "+class+" ") {
			all = append(all, h)
		}
		all = append(all, h.all(class)...)
	}
	return all
}

func (d *drawn) number(t *testing.T, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(d.attr[name], 64)
	if err != nil {
		t.Fatalf("%s of %v: %v", name, d.attr, err)
	}
	return v
}

// value gives what a coordinate stands for on an axis of the plot, and how much of it a
// hundredth of a pixel is.
func (d *drawn) value(t *testing.T, at float64, from, to string) (v, exact float64) {
	t.Helper()
	plot := d.all("plot")[0]
	low, high, a, b := plot.number(t, "data-low"), plot.number(t, "data-high"), plot.number(t, from), plot.number(t, to)
	return low + (at-a)/(b-a)*(high-low), math.Abs((high - low) / (b - a) * 0.011)
}

// dotAt is a corner of a path.
type dotAt struct{ x, y float64 }

var commands = regexp.MustCompile(`([MLHVhvmlaZz])([^MLHVhvmlaZz]*)`)

// corners gives those of a path, in the picture's coordinates.
func (d *drawn) corners(t *testing.T) (all []dotAt) {
	t.Helper()
	var at dotAt
	if move, is := strings.CutPrefix(d.attr["transform"], "translate("); is {
		xy := strings.Fields(strings.TrimSuffix(move, ")"))
		at = dotAt{asNumber(t, xy[0]), asNumber(t, xy[1])}
	}
	origin := at
	for _, c := range commands.FindAllStringSubmatch(d.attr["d"], -1) {
		var n []float64
		for f := range strings.FieldsSeq(strings.ReplaceAll(c[2], "-", " -")) {
			n = append(n, asNumber(t, f))
		}
		step := 2
		switch c[1] {
		case "H", "V", "h", "v":
			step = 1
		case "a":
			step = 7
		case "Z", "z":
			continue
		}
		for ; len(n) >= step; n = n[step:] {
			switch c[1] {
			case "M", "L":
				at = dotAt{origin.x + n[0], origin.y + n[1]}
			case "m", "l":
				at = dotAt{at.x + n[0], at.y + n[1]}
			case "H":
				at.x = origin.x + n[0]
			case "V":
				at.y = origin.y + n[0]
			case "h":
				at.x += n[0]
			case "v":
				at.y += n[0]
			case "a":
				at = dotAt{at.x + n[5], at.y + n[6]}
			}
			all = append(all, at)
		}
	}
	return all
}

func asNumber(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// written is a text and the room that it takes.
type written struct {
	text                     string
	left, right, top, bottom float64
}

// texts gives what is written in the picture.
func (d *drawn) texts(t *testing.T) (all []written) {
	t.Helper()
	for _, e := range d.all("") {
		if e.name != "text" {
			continue
		}
		text := e.text
		for _, h := range e.held {
			if h.name == "tspan" {
				text = h.text
			}
		}
		size := normal
		if c := e.attr["class"]; c == "tick" || c == "note" {
			size = small
		}
		x, y, width := e.number(t, "x"), e.number(t, "y"), textWidth(strings.TrimSpace(text), size)
		switch e.attr["text-anchor"] {
		case "middle":
			x -= width / 2
		case "end":
			x -= width
		}
		all = append(all, written{text, x, x + width, y - 0.75*size, y + 0.2*size})
	}
	return all
}

// isSound tells of what lies outside the picture, and of texts that overlap.
func (d *drawn) isSound(t *testing.T) {
	t.Helper()
	width, height := d.number(t, "width"), d.number(t, "height")
	inside := func(e *drawn, x, y float64) {
		if x < -0.01 || x > width+0.01 || y < -0.01 || y > height+0.01 {
			t.Errorf("(%v, %v) is outside %v × %v: %v", x, y, width, height, e.attr)
		}
	}
	for _, e := range d.all("") {
		switch e.name {
		case "line":
			inside(e, e.number(t, "x1"), e.number(t, "y1"))
			inside(e, e.number(t, "x2"), e.number(t, "y2"))
		case "rect":
			if e.attr["class"] == "picture-paper" {
				continue
			}
			inside(e, e.number(t, "x"), e.number(t, "y"))
			inside(e, e.number(t, "x")+e.number(t, "width"), e.number(t, "y")+e.number(t, "height"))
		case "circle":
			inside(e, e.number(t, "cx"), e.number(t, "cy"))
		case "path":
			for _, c := range e.corners(t) {
				inside(e, c.x, c.y)
			}
		}
	}
	texts := d.texts(t)
	for i, a := range texts {
		if a.left < -0.5 || a.right > width+0.5 || a.bottom > height || a.top < 0 {
			t.Errorf("%q is cut: %+v of %v × %v", a.text, a, width, height)
		}
		for _, b := range texts[:i] {
			if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
				t.Errorf("%q and %q overlap: %+v %+v", a.text, b.text, a, b)
			}
		}
	}
}
