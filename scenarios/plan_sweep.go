package scenarios

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// sweep is what file and options say of one, while a plan is made of it.
type sweep struct {
	doc    *document
	files  Files
	report *report

	axes     []*axis
	include  []item
	exclude  []item
	sampling string
	samples  int
	seeds    int

	samplesAt *node // of the file; nil: it says none
	scratch   *node // a copy of the file in which paths are looked up
	params    *node // of the file, without what is wrong with them
}

// item is one of include or exclude.
type item struct {
	at     *node
	values []given
}

// given is a value that an item has for an axis, by its name.
type given struct {
	axis  string
	key   *node
	value *node
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
	if n == nil || n.bad {
		return
	}
	c := n.clone()
	if c.kind == text {
		c.substitute(s.params, nil, s.report)
	}
	decoder{report: s.report}.any(c, reflect.ValueOf(v).Elem(), f.shape, f.key)
}

// items reads include or exclude.
func (s *sweep) items(key, n *node) []item {
	if n.bad {
		return nil
	}
	if n.kind != list {
		s.report.error(n, fmt.Sprintf("%s must be a list, not %s", key.text, n.describe()), "like [{hold: 10s}]")
		return nil
	}
	var all []item
	for _, m := range n.items {
		switch {
		case m.bad:
			continue
		case m.kind != mapping:
			s.report.error(m, fmt.Sprintf("an item of %s is a map of axes to values, not %s", key.text, m.describe()), "like {hold: 10s}")
			continue
		}
		it := item{at: m}
		for i, k := range m.keys {
			it.values = append(it.values, given{k.text, k, m.items[i]})
		}
		all = append(all, it)
	}
	return all
}

// checkItems checks the values of items that are of an axis of the file; other axes
// are an error.
func (s *sweep) checkItems(items []item) {
	for _, it := range items {
		for _, g := range it.values {
			a := s.axis(g.axis)
			if a == nil {
				s.report.error(g.key, "there is no axis "+g.axis, didYouMean(g.axis, s.names()))
				continue
			}
			if v, ok := a.setting(g.value, s.report); ok {
				s.check(a, v)
			}
		}
	}
}

func (s *sweep) names() []string {
	var names []string
	for _, a := range s.axes {
		names = append(names, a.name)
	}
	return names
}

// axis gives the axis of a name, nil where there is none.
func (s *sweep) axis(name string) *axis {
	for _, a := range s.axes {
		if a.name == name {
			return a
		}
	}
	return nil
}

// add appends an axis unless there is one for the same key already.
func (s *sweep) add(a *axis) {
	for _, b := range s.axes {
		if b.owner == a.owner && b.key == a.key {
			s.report.error(a.place(), fmt.Sprintf("the axis %s comes twice", a.name), same(a.name, b.name))
			return
		}
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

// resolve finds out what an axis sets, and checks its values.
func (s *sweep) resolve(a *axis) bool {
	to := a.to
	to.r = s.report
	to.found = func(owner *node, key string, sh *shape) { a.owner, a.key, a.shape = owner, key, sh }
	to.set(s.scratch)
	switch {
	case a.shape == nil: // reported
		return false
	case a.owner == s.scratch && slices.Contains([]string{"matrix", "seeds", "version"}, a.key):
		s.report.error(a.place(), a.key+" cannot be an axis", "")
		return false
	}
	seen := map[string]string{}
	for i := range a.values {
		v := &a.values[i]
		n := v.node(a.shape, s.report)
		if n == nil {
			continue
		}
		v.key = keyOf(n)
		if first, again := seen[v.key]; again {
			s.report.error(n, fmt.Sprintf("the axis %s has %s twice", a.name, first), different(first, v.text))
			continue
		}
		seen[v.key] = v.text
		s.check(a, *v)
	}
	if a.span != nil {
		s.check(a, a.made(a.span.first()))
	}
	return true
}

func different(first, again string) string {
	if first == again {
		return "take one out"
	}
	return first + " and " + again + " are the same"
}

// node gives the node of a value of a key of that shape.
func (v setting) node(sh *shape, r *report) *node {
	by := v.by
	by.r = r
	return by.read(sh)
}

// check checks what a value alone can tell.
func (s *sweep) check(a *axis, v setting) {
	n := v.node(a.shape, &report{})
	if n != nil && a.owner == s.scratch && a.key == "design" {
		d := designs{files: s.files, report: s.report, used: map[string]bool{}}
		d.read(n)
		return
	}
	files := &sampleFiles{read: s.files}
	if n == nil || a.shape.form != scalarForm || a.shape.value.parse == nil || paramUseRE.MatchString(n.text) || files.named(n) {
		return
	}
	_, err := a.shape.read(n, a.key)
	if c, bad := errors.AsType[complaint](err); bad {
		s.report.error(n, c.message, c.hint)
	}
}
