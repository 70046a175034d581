package svg

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Writer collects the elements of a picture, or of a page. The zero value is ready.
type Writer struct {
	b    strings.Builder
	open []string
}

// Open begins an element that holds others. Attributes are pairs of a name and a
// value: a string, an int or a float64; a pair with the value "" is left out.
func (w *Writer) Open(name string, attrs ...any) {
	w.begin(name, attrs)
	w.b.WriteString(">\n")
	w.open = append(w.open, name)
}

// Close ends the element that was opened last.
func (w *Writer) Close() {
	last := len(w.open) - 1
	w.b.WriteString("</" + w.open[last] + ">\n")
	w.open = w.open[:last]
}

// Leaf writes an element that holds nothing.
func (w *Writer) Leaf(name string, attrs ...any) {
	w.begin(name, attrs)
	w.b.WriteString("/>\n")
}

// Text writes an element that holds text alone: text, title, desc, tspan.
func (w *Writer) Text(name, text string, attrs ...any) {
	w.begin(name, attrs)
	w.b.WriteString(">" + Escape(text) + "</" + name + ">\n")
}

// Verbatim writes an element whose content is not escaped: styles, scripts.
func (w *Writer) Verbatim(name, content string, attrs ...any) {
	w.begin(name, attrs)
	w.b.WriteString(">" + content + "</" + name + ">\n")
}

// Raw writes what another Writer collected.
func (w *Writer) Raw(elements string) { w.b.WriteString(elements) }

func (w *Writer) begin(name string, attrs []any) {
	w.b.WriteString("<" + name)
	for i := 0; i < len(attrs); i += 2 {
		value := ""
		switch v := attrs[i+1].(type) {
		case string:
			value = v
		case int:
			value = strconv.Itoa(v)
		case float64:
			value = Number(v)
		default:
			panic(fmt.Sprintf("svg: attribute %v has a value of type %T", attrs[i], v))
		}
		if value != "" {
			w.b.WriteString(" " + attrs[i].(string) + `="` + Escape(value) + `"`)
		}
	}
}

// String gives what was written. All elements must be closed.
func (w *Writer) String() string {
	if len(w.open) > 0 {
		panic("svg: not closed: " + strings.Join(w.open, ", "))
	}
	return w.b.String()
}

// Number gives a coordinate with at most two decimals.
func Number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		panic("svg: a coordinate is " + strconv.FormatFloat(v, 'g', -1, 64))
	}
	if v = math.Round(v*100) / 100; v == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Escape makes text safe between tags and in attributes, of SVG and of HTML.
// Characters that XML forbids become U+FFFD.
func Escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&#34;")
		case r == '\'':
			b.WriteString("&#39;")
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
