package report

import "dualhome/report/svg"

// html collects elements, which are well-formed XML too, as a picture does. The zero
// value is ready.
type html struct{ svg.Writer }

// begin opens an element that holds others. Attributes are pairs of a name and a
// value; a pair with the value "" is left out.
func (h *html) begin(name string, attrs ...string) { h.Open(name, anys(attrs)...) }

// end closes the element that was opened last.
func (h *html) end() { h.Close() }

// text writes an element that holds text alone.
func (h *html) text(name, text string, attrs ...string) { h.Text(name, text, anys(attrs)...) }

// leaf writes an element that can hold nothing: input, meta.
func (h *html) leaf(name string, attrs ...string) { h.Leaf(name, anys(attrs)...) }

func anys(attrs []string) []any {
	all := make([]any, len(attrs))
	for i, a := range attrs {
		all[i] = a
	}
	return all
}
