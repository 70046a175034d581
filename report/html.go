package report

import (
	"strings"

	"dualhome/report/svg"
)

// html collects elements, which are well-formed XML too. The zero value is ready.
type html struct {
	b    strings.Builder
	open []string
}

// begin opens an element that holds others. Attributes are pairs of a name and a
// value; a pair with the value "" is left out.
func (h *html) begin(name string, attrs ...string) {
	h.tag(name, attrs)
	h.b.WriteString(">\n")
	h.open = append(h.open, name)
}

// end closes the element that was opened last.
func (h *html) end() {
	last := len(h.open) - 1
	h.b.WriteString("</" + h.open[last] + ">\n")
	h.open = h.open[:last]
}

// text writes an element that holds text alone.
func (h *html) text(name, text string, attrs ...string) {
	h.tag(name, attrs)
	h.b.WriteString(">" + svg.Escape(text) + "</" + name + ">\n")
}

// leaf writes an element that can hold nothing: input, meta.
func (h *html) leaf(name string, attrs ...string) {
	h.tag(name, attrs)
	h.b.WriteString("/>\n")
}

func (h *html) tag(name string, attrs []string) {
	h.b.WriteString("<" + name)
	for i := 0; i < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			h.b.WriteString(" " + attrs[i] + `="` + svg.Escape(attrs[i+1]) + `"`)
		}
	}
}

// String gives what was written. All elements must be closed.
func (h *html) String() string {
	if len(h.open) > 0 {
		panic("report: not closed: " + strings.Join(h.open, ", "))
	}
	return h.b.String()
}
