package scenarios

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"
)

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
		s.report.error(a.place(), a.key+" cannot be an axis", map[string]string{"seeds": "seeds: 100, or --seeds 100, says how often each point runs"}[a.key])
		return false
	}
	seen := map[string]string{}
	var bad report
	wrong := 0
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
		known := len(bad.errors)
		if s.checkInto(&bad, a, *v); len(bad.errors) > known {
			wrong++
		}
	}
	if wrong == len(a.values) || !s.planned || a.key == "design" {
		s.report.errors = append(s.report.errors, bad.errors...)
	}
	if a.span != nil {
		s.checkSpan(a)
		s.seconds(a)
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

// checkSpan checks the values at the ends. What is between them is checked at its
// point.
func (s *sweep) checkSpan(a *axis) {
	known := len(s.report.errors)
	for _, end := range a.span.ends() {
		if len(s.report.errors) == known {
			s.check(a, a.made(end))
		}
	}
}

// seconds makes the values of an interval whole seconds where the key, or one that
// uses the parameter, takes no others.
func (s *sweep) seconds(a *axis) {
	whole := a.shape.seconds
	if a.owner == s.scratch.get("params") {
		whole = slices.ContainsFunc(s.usesOf(a.key), func(u use) bool { return u.shape.seconds })
	}
	if whole && a.span.to != nil && a.span.kind == aDuration {
		a.span.unit = new(big.Rat).SetInt64(int64(time.Second))
	}
}

// checkInto is check with a report of its own: in a plan, where other values of an axis
// are fine, a wrong one is a mistake of its points alone.
func (s *sweep) checkInto(r *report, a *axis, v setting) {
	s.report, r = r, s.report
	s.check(a, v)
	s.report = r
}

// check checks what a value alone can tell.
func (s *sweep) check(a *axis, v setting) {
	n := v.node(a.shape, &report{})
	switch {
	case n == nil: // reported
	case a.owner == s.scratch && a.key == "design":
		d := designs{files: s.files, report: s.report, used: map[string]bool{}}
		d.read(n)
	case a.owner == s.scratch.get("params"):
		s.checkParam(a.key, n)
	case a.shape.form == listForm && n.kind != list:
		s.report.error(n, fmt.Sprintf("%s must be a list, not %s", a.key, n.describe()), "write [a, b]")
	case a.shape.form == scalarForm && a.shape.value.parse != nil:
		if n.kind == text {
			n.substitute(s.params, s.dollars(), s.report)
		}
		if !n.bad {
			s.checkScalar(n, a.shape, a.key)
		}
	}
}

// checkScalar tells whether n may be a value of that shape.
func (s *sweep) checkScalar(n *node, sh *shape, key string) (good bool) {
	if files := (&sampleFiles{read: s.files}); files.named(n) {
		return true
	}
	_, err := sh.read(n, key)
	if c, bad := errors.AsType[complaint](err); bad {
		s.report.error(n, c.message, c.hint)
		return false
	}
	return true
}

// checkParam checks a value of a parameter by itself, and then where it is used.
func (s *sweep) checkParam(name string, value *node) {
	key := &node{kind: text, text: name, src: value.src, line: value.line, col: value.col}
	params := &node{kind: mapping, keys: []*node{key}, items: []*node{value}}
	root := &node{kind: mapping, keys: []*node{{text: "params"}}, items: []*node{params}}
	if paramNodes(root, s.report).get(name) == nil {
		return
	}
	params = s.params.clone()
	params.put(key, value)
	for _, u := range s.usesOf(name) {
		var ignored report // a parameter that there is not is reported anyway
		n := u.at.clone()
		n.substitute(params, nil, &ignored)
		n.src, n.line, n.col = value.src, value.line, value.col
		if !n.bad && !s.checkScalar(n, u.shape, u.key) {
			return
		}
	}
}

// dollars gives the parameters as they are used.
func (s *sweep) dollars() []string {
	var names []string
	for _, k := range s.params.keys {
		names = append(names, "$"+k.text)
	}
	return names
}

// use is a value that uses a parameter.
type use struct {
	at    *node
	shape *shape
	key   string
}

// usesOf gives the values that use a parameter, those that differ.
func (s *sweep) usesOf(name string) []use {
	if s.uses == nil {
		s.uses = map[string][]use{}
		s.doc.tree.eachScalar(fileShape(), "", func(n *node, sh *shape, key string) {
			for _, m := range paramUseRE.FindAllStringSubmatch(n.text, -1) {
				known := func(u use) bool { return u.shape == sh && u.at.text == n.text }
				if !slices.ContainsFunc(s.uses[m[1]], known) {
					s.uses[m[1]] = append(s.uses[m[1]], use{n, sh, key})
				}
			}
		})
	}
	return s.uses[name]
}

// eachScalar calls f for the single values below n, which has that shape.
func (n *node) eachScalar(sh *shape, key string, f func(n *node, sh *shape, key string)) {
	switch {
	case sh.form == scalarForm && n.kind == text:
		f(n, sh, key)
	case sh.form == listForm:
		for _, item := range n.items {
			item.eachScalar(sh.item, singular(key), f)
		}
	case sh.form == objectForm && sh.short != nil && n.scalar():
		n.eachScalar(sh.short.shape, sh.short.key, f)
	case sh.form == objectForm:
		for i, k := range n.keys {
			if of := sh.field(k.text); of != nil {
				n.items[i].eachScalar(of.shape, of.key, f)
			}
		}
	}
}

// overridden warns of overrides that an axis makes void.
func (s *sweep) overridden(set []string) {
	src := &source{file: overrideFile, lines: set}
	for i, written := range set {
		var ignored report // it is applied, and what is wrong is reported
		o := override{src: src, line: i + 1, r: &ignored}
		o.found = func(owner *node, key string, _ *shape) {
			for _, a := range s.axes {
				if a.owner == owner && a.key == key {
					s.report.warn(&node{src: src, line: i + 1, col: 1}, "the axis "+a.name+" has values of its own for it", "-m "+a.name+"="+o.value+" makes this the only one")
				}
			}
		}
		if o.parse(written) {
			o.set(s.scratch)
		}
	}
}
