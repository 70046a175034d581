package scenarios

import (
	"path"
	"slices"
	"strings"
)

// node is a value of a scenario file at its place: what the YAML says, before
// anybody asks what it means.
type node struct {
	kind  nodeKind
	text  string  // of a scalar, without quotes
	keys  []*node // of a mapping: keys[i] has the value items[i]
	items []*node // of a list or a mapping

	src       *source
	line, col int
	written   string // what stood there where parameters were replaced: $hold

	generated bool // no file says it: it is where what makes it is

	samples bool    // it is of a file of samples
	given   *source // what the parameter was read from whose value stands here now; nil: none

	bad   bool     // an error is reported at it: checks keep silent about its value
	lacks []string // required keys that a mapping does not have, reported as well
}

type nodeKind uint8

const (
	null nodeKind = iota
	boolean
	integer
	decimal
	text // quoted, or plain and nothing else
	list
	mapping
)

// String names the kind in messages.
func (k nodeKind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a number", "text", "a list", "a map"}[k]
}

// source is what a node was read from.
type source struct {
	file  string
	lines []string

	// Of a design:
	depth    int    // how many files lead to it
	dir      string // its folder, from where the first of them is
	override bool   // an override names that first one
}

// overrides tells whether it is an override or an axis of a command line, or what one
// of these names.
func (s *source) overrides() bool {
	return s.file == overrideFile || s.file == axisFile || s.override
}

// beside gives the path of a file that is named in s, for Files.
func (s *source) beside(file string) string {
	if s.dir == "" || path.IsAbs(file) {
		return file
	}
	return path.Join(s.dir, file)
}

func newSource(file string, text []byte) *source {
	if len(text) > maxSize {
		return &source{file: file}
	}
	return &source{file: file, lines: strings.Split(string(text), "\n")}
}

// problem gives a problem at n.
func (n *node) problem(message, hint string) Problem {
	if n.written != "" {
		message += " (" + n.written + ")"
	}
	p := Problem{File: n.src.file, Line: n.line, Col: n.col, Message: shorten(message), Hint: hint, samples: n.samples, depth: n.src.depth}
	if n.line >= 1 && n.line <= len(n.src.lines) {
		p.SourceLine = n.src.lines[n.line-1]
	}
	return p
}

// shorten keeps messages about absurdly long texts readable.
func shorten(message string) string {
	const longest = 400
	if runes := []rune(message); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return message
}

// scalar tells whether n is neither list nor mapping.
func (n *node) scalar() bool { return n.kind < list }

// get gives the value of a key of a mapping, nil where there is none.
func (n *node) get(key string) *node {
	for i, k := range n.keys {
		if k.text == key {
			return n.items[i]
		}
	}
	return nil
}

// put sets the value of a key, which is added where it is absent.
func (n *node) put(key, value *node) {
	if i := slices.IndexFunc(n.keys, func(k *node) bool { return k.text == key.text }); i >= 0 {
		n.keys[i], n.items[i] = key, value
		return
	}
	n.keys, n.items = append(n.keys, key), append(n.items, value)
}

// at walks a path of keys (string) and positions (int) as far as it exists.
// reported tells that an error about that value is known already.
func (n *node) at(path ...any) (found *node, reported bool) {
	for _, step := range path {
		var next *node
		switch s := step.(type) {
		case string:
			next = n.get(s)
			if next == nil && slices.Contains(n.lacks, s) {
				return n, true
			}
		case int:
			if s < len(n.items) {
				next = n.items[s]
			}
		}
		if next == nil {
			break
		}
		n = next
		if n.bad {
			return n, true
		}
	}
	return n, n.bad
}

// take removes a key of a mapping and gives its value, nil where there is none.
func (n *node) take(key string) *node {
	i := slices.IndexFunc(n.keys, func(k *node) bool { return k.text == key })
	if i < 0 {
		return nil
	}
	value := n.items[i]
	n.keys, n.items = slices.Delete(n.keys, i, i+1), slices.Delete(n.items, i, i+1)
	return value
}

// clone gives a copy that shares nothing but the source with n.
func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.keys, c.items, c.lacks = clones(n.keys), clones(n.items), slices.Clone(n.lacks)
	return &c
}

func clones(nodes []*node) []*node {
	var all []*node
	for _, n := range nodes {
		all = append(all, n.clone())
	}
	return all
}

// walk calls f for n and all that is below it, keys of mappings aside.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, item := range n.items {
		item.walk(f)
	}
}
