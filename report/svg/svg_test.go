package svg_test

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"dualhome/report/svg"
)

// TestTextStaysText reads what was written with another parser: names with markup,
// quotes and control characters come back as one text, and no element more.
func TestTextStaysText(t *testing.T) {
	for _, name := range []string{
		"nva1", `<script>alert("1")</script>`, `a" onload="alert(1)`, "it's & <b>", "]]>", "a\x00b\x1f", "\xff\xfe", "&lt;", "tab\tline\n",
	} {
		var w svg.Writer
		w.Open("g", "data-node", name)
		w.Text("text", name, "x", 1.005, "y", 2)
		w.Close()
		picture := svg.Picture{Width: 10, Height: 20, Title: name, Desc: name, Body: w.String()}
		for _, text := range []string{picture.File(), picture.Inline("p")} {
			elements, texts := parse(t, text)
			if strings.Contains(elements, "script") || !strings.HasPrefix(elements, "svg title desc ") || !strings.HasSuffix(elements, "g text") || strings.Count(elements, "text") != 1 {
				t.Errorf("%q: the elements are %s", name, elements)
			}
			want := strings.Map(func(r rune) rune {
				if r < ' ' && r != '\t' && r != '\n' {
					return '\ufffd'
				}
				return r
			}, name)
			if texts != want+want+want {
				t.Errorf("%q: the texts are %q", name, texts)
			}
		}
	}
}

// parse gives the names of the elements of a document, and its text but for styles.
func parse(t *testing.T, text string) (elements, texts string) {
	t.Helper()
	d, in := xml.NewDecoder(strings.NewReader(text)), ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.TrimPrefix(elements, " "), texts
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch e := token.(type) {
		case xml.StartElement:
			in = e.Name.Local
			elements += " " + in
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if in == "title" || in == "desc" || in == "text" {
				texts += string(e)
			}
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", -0.001: "0", 1: "1", 1.005: "1", 2.5: "2.5", 1e6: "1000000", -3.14159: "-3.14", 0.125: "0.13"} {
		if got := svg.Number(v); got != want {
			t.Errorf("%v is written %q, not %q", v, got, want)
		}
	}
}

// TestFileHasItsColors: many programs that show SVG files know no CSS variables.
func TestFileHasItsColors(t *testing.T) {
	p := svg.Picture{Width: 1, Height: 1, Style: ".a { fill: var(--s1); stroke: var(--loss); }\n"}
	text := p.File()
	if strings.Contains(text, "var(") {
		t.Errorf("a variable is left:\n%s", text)
	}
	for _, want := range []string{".a { fill: #0072b2; stroke: #d55e00; }", ".a { fill: #4ba3e3; stroke: #ff7a45; }"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing:\n%s", want, text)
		}
	}
}

// TestStack puts pictures below each other: nothing is lost, and each has its room.
func TestStack(t *testing.T) {
	one := func(name string, width, height float64) svg.Picture {
		var w svg.Writer
		w.Text("text", name)
		return svg.Picture{Width: width, Height: height, Class: "c", Title: name, Desc: "of " + name, Style: ".c {}", Body: w.String()}
	}
	p := svg.Stack("all", one("a", 10, 20), one("b", 30, 5), one("c", 20, 1))
	if p.Width != 30 || p.Height != 26 || p.Title != "all" || p.Desc != "a: of a. b: of b. c: of c" || p.Style != ".c {}" {
		t.Errorf("it is %+v", p)
	}
	if elements, texts := parse(t, p.Inline("p")); elements != "svg title desc g text g text g text" || texts != "alla: of a. b: of b. c: of cabc" {
		t.Errorf("it has %s with %s", elements, texts)
	}
	for _, at := range []string{"translate(0 0)", "translate(0 20)", "translate(0 25)"} {
		if !strings.Contains(p.Body, at) {
			t.Errorf("nothing is at %s", at)
		}
	}
	if alone := one("a", 1, 2); !reflect.DeepEqual(svg.Stack("all", alone), alone) {
		t.Error("one picture is another when it stands alone")
	}
}
