package scenarios

import (
	"fmt"
	"reflect"
	"slices"
)

// sweep is what file and options say of one, while a plan is made of it.
type sweep struct {
	doc    *document
	files  Files
	report *report

	planned bool // points are made of it: what is wrong with one of them alone is said there

	axes     []*axis
	include  []item
	exclude  []item
	sampling string
	samples  int
	seeds    int

	unclear   bool             // what is said of sampling, samples or seeds is wrong
	samplesAt *node            // of the file; nil: it says none
	scratch   *node            // a copy of the file in which paths are looked up
	params    *node            // of the file, without what is wrong with them
	uses      map[string][]use // of the parameters, by their names; nil: nobody has asked
}

// checkSweep checks what a file says of a sweep: its form and its paths.
func (d *document) checkSweep(files Files, r *report) {
	if d.matrix != nil || d.seeds != nil {
		s := &sweep{doc: d, files: files, report: r}
		s.read()
	}
}

// read takes matrix and seeds of the file.
func (s *sweep) read() {
	var ignored report // of the parameters: they are reported where they are used
	s.scratch, s.params = s.doc.tree.clone(), paramNodes(s.doc.tree, &ignored)
	s.word(s.doc.seeds, fileShape().field("seeds"), &s.seeds)
	n := s.doc.matrix
	switch {
	case n == nil || n.bad:
		return
	case n.kind != mapping:
		s.report.error(n, fmt.Sprintf("matrix must be a map of axes to values, not %s", n.describe()), "like {hold: [30s, 60s, 180s]}")
		return
	}
	known := fileShape().field("matrix").shape
	for i, key := range n.keys {
		value := n.items[i]
		switch key.text {
		case "include":
			s.include = s.items(key, value)
		case "exclude":
			s.exclude = s.items(key, value)
		case "sampling":
			s.word(value, known.field(key.text), &s.sampling)
		case "samples":
			s.word(value, known.field(key.text), &s.samples)
			s.samplesAt = value
		default:
			if a := axisOf(key, value, s.report); a != nil && s.resolve(a) {
				s.add(a)
			}
		}
	}
	if len(n.keys) == 0 || len(s.axes) == 0 && len(s.report.errors) == 0 {
		s.report.error(n, "the matrix has no axis", "name what changes, like hold: [30s, 60s, 180s]")
	}
	s.checkItems(s.include)
	s.checkItems(s.exclude)
}

// word decodes a single value, which may be a parameter, into v.
func (s *sweep) word(n *node, f *field, v any) {
	if n == nil {
		return
	}
	c := n.clone()
	if c.kind == text {
		c.substitute(s.params, s.dollars(), s.report)
	}
	decoder{report: s.report}.any(c, reflect.ValueOf(v).Elem(), f.shape, f.key)
	s.unclear = s.unclear || c.bad
}

// add appends an axis unless there is one for the same key already.
func (s *sweep) add(a *axis) {
	for _, b := range s.axes {
		if b.owner == a.owner && b.key == a.key {
			s.report.error(a.place(), fmt.Sprintf("the axis %s comes twice", a.name), same(a.name, b.name))
			return
		}
	}
	if len(s.axes) == maxAxes {
		s.report.error(a.place(), fmt.Sprintf("there are more than %d axes", maxAxes), "")
		return
	}
	s.axes = append(s.axes, a)
}

func same(a, b string) string {
	if a == b {
		return "write all its values in one"
	}
	return a + " and " + b + " are the same"
}

// place gives where the axis begins.
func (a *axis) place() *node {
	return &node{src: a.to.src, line: a.to.line, col: a.to.from + 1}
}

// axesGiven adds the axes of a command line; one that the file has as well replaces
// that, and what the file includes and excludes with it.
func (s *sweep) axesGiven(written []string) {
	src := &source{file: axisFile, lines: written}
	ofFile := slices.Clone(s.axes)
	for i, text := range written {
		a := parseAxis(src, i+1, text, s.report)
		if a == nil || !s.resolve(a) {
			continue
		}
		at := slices.IndexFunc(s.axes, func(b *axis) bool { return b.owner == a.owner && b.key == a.key })
		if at < 0 || !slices.Contains(ofFile, s.axes[at]) {
			s.add(a)
			continue
		}
		old := s.axes[at].name
		s.axes[at] = a
		without := func(it item) bool {
			return slices.ContainsFunc(it.values, func(g given) bool { return g.axis == old })
		}
		s.include, s.exclude = slices.DeleteFunc(s.include, without), slices.DeleteFunc(s.exclude, without)
	}
}
