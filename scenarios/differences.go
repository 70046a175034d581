package scenarios

import (
	"slices"
	"strings"
)

// Difference is a value that two scenarios do not have in common.
type Difference struct {
	Path string // as --set has it: nvas[nva1].hold
	A, B string // "" where there is none
}

// Differences compares the texts of two scenarios as runs hold them: complete, so that
// what only one of them says is different indeed. Items of lists are paired by their
// names. What is no scenario differs in nothing.
func Differences(a, b []byte) []Difference {
	x, y := parse(newSource("a", a), a, &report{}), parse(newSource("b", b), b, &report{})
	if x == nil || y == nil {
		return nil
	}
	var d differing
	d.compare("", x, y)
	return d
}

type differing []Difference

// compare adds in what two values differ; nil is one that is not there, in one of them.
func (d *differing) compare(path string, x, y *node) {
	switch {
	case x == nil:
		*d = append(*d, Difference{path, "", y.flow()})
	case y == nil:
		*d = append(*d, Difference{path, x.flow(), ""})
	case x.kind == mapping && y.kind == mapping:
		for _, key := range union(x.words(), y.words()) {
			d.compare(strings.TrimPrefix(path+"."+key, "."), x.get(key), y.get(key))
		}
	case x.named() && y.named():
		for _, name := range union(x.words(), y.words()) {
			d.compare(path+"["+name+"]", x.item(name), y.item(name))
		}
	case x.flow() != y.flow():
		*d = append(*d, Difference{path, x.flow(), y.flow()})
	}
}

// union gives the words of both, in the order in which they come.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, w := range b {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// named tells whether n is a list of things with names, each its own.
func (n *node) named() bool {
	if n.kind != list || len(n.items) == 0 || slices.ContainsFunc(n.items, func(i *node) bool { return i.kind != mapping }) {
		return false
	}
	names := n.words()
	slices.Sort(names)
	return names[0] != "" && len(slices.Compact(names)) == len(n.items)
}

// words gives the keys of a mapping, or the names of the items of a list, "" where one
// has none.
func (n *node) words() []string {
	var all []string
	for i := range n.items {
		if n.kind == mapping {
			all = append(all, n.keys[i].text)
			continue
		}
		name := ""
		if names := n.items[i].names(""); len(names) > 0 {
			name = names[len(names)-1]
		}
		all = append(all, name)
	}
	return all
}

// item gives the item of that name, nil where there is none.
func (n *node) item(name string) *node {
	if i := slices.Index(n.words(), name); i >= 0 {
		return n.items[i]
	}
	return nil
}
