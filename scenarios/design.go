package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// maxDesigns bounds how many files in a row each change the next one.
const maxDesigns = 8

// designs finds the scenarios that others change, and makes one of both.
type designs struct {
	files  Files
	report *report
	used   map[string]bool // parameters that a file uses on the way, whatever replaces that use
	chain  []string        // the designs that lead to the one that is read
}

// own tells whether a key is about the file that has it: it is neither taken from
// the design nor does it stand where another design is chosen for the whole file.
func own(key string) bool {
	return slices.Contains([]string{"version", "name", "description", "design", "matrix", "seeds"}, key)
}

// designed gives the tree of a scenario with its design in it, or that of the design
// that overrides choose; used learns the parameters that any of them uses. It gives
// nil where there is no telling what the scenario is, which is reported.
func designed(tree *node, overrides []*override, files Files, used map[string]bool, r *report) *node {
	d := designs{files: files, report: r, used: used}
	choice := chosen(overrides)
	switch {
	case choice == nil:
		return d.merge(tree)
	case tree.get("design") == nil:
		return d.instead(tree, choice)
	}
	d.takeForUsed(tree.get("params")) // the design that the file names may be what uses them
	changed := *tree
	changed.keys, changed.items = slices.Clone(tree.keys), slices.Clone(tree.items)
	changed.put(choice.word("design"), choice)
	return d.merge(&changed)
}

// instead gives the tree of a design that stands for all that a file says, what a sweep
// of it does aside.
func (d *designs) instead(tree, choice *node) *node {
	base := d.read(choice)
	if base == nil {
		return nil
	}
	for _, key := range []string{"matrix", "seeds"} {
		base.take(key)
		if value := tree.get(key); value != nil {
			base.put(value.word(key), value)
		}
	}
	return base
}

// chosen gives the value of the last override that chooses a design; nil: none does.
func chosen(overrides []*override) *node {
	for _, o := range slices.Backward(overrides) {
		if o.choosesDesign() {
			return o.read(scenarioShape().field("design").shape)
		}
	}
	return nil
}

// choosesDesign tells whether an override is the choice of a design, which is made
// before all others change anything.
func (o *override) choosesDesign() bool {
	return len(o.steps) == 1 && o.steps[0].key == "design" && o.steps[0].item == ""
}

// merge gives tree and what of its design it does not replace.
func (d *designs) merge(tree *node) *node {
	maps.Copy(d.used, uses(tree))
	name := tree.get("design")
	if name == nil {
		return tree
	}
	base := d.read(name)
	if base == nil {
		return nil
	}
	merged := &node{kind: mapping, src: tree.src, line: tree.line, col: tree.col}
	for i, k := range base.keys {
		if !own(k.text) {
			merged.put(k, base.items[i])
		}
	}
	for i, k := range tree.keys {
		switch {
		case k.text == "params":
			merged.put(k, tree.items[i].over(base.get("params")))
		case k.text != "design":
			merged.put(k, tree.items[i])
		}
	}
	return merged
}

// over gives a map with what it does not have from another one.
func (n *node) over(other *node) *node {
	if other == nil || other.kind != mapping || n.kind != mapping {
		return n
	}
	both := *n
	both.keys, both.items = slices.Clone(other.keys), slices.Clone(other.items)
	for i, k := range n.keys {
		both.put(k, n.items[i])
	}
	return &both
}

// takeForUsed has no complaint of parameters that nobody uses.
func (d *designs) takeForUsed(params *node) {
	if params == nil {
		return
	}
	for _, k := range params.keys {
		d.used[k.text] = true
	}
}

// read gives the tree of the design that n names, with its own design in it; nil,
// and it is reported, where there is none.
func (d *designs) read(n *node) *node {
	if !d.names(n) {
		return nil
	}
	name, text, err := d.open(n)
	if err != nil {
		return nil
	}
	src := newSource(name, text)
	src.depth = n.src.depth + 1
	if isPath(n.text) {
		src.dir, src.override = path.Dir(n.src.beside(n.text)), n.src.overrides()
	}
	tree := parse(src, text, d.report)
	if tree == nil || !isScenario(tree, d.report) {
		return nil
	}
	return d.merge(tree)
}

// names tells whether n is the name of a design that can be read now.
func (d *designs) names(n *node) bool {
	_, err := scenarioShape().field("design").shape.read(n, "design")
	if c, wrong := errors.AsType[complaint](err); wrong {
		d.report.error(n, c.message, c.hint)
		return false
	}
	if n.bad {
		return false
	}
	id := n.text
	if isPath(id) {
		id = path.Clean(n.src.beside(id))
	}
	switch {
	case slices.Contains(d.chain, id):
		d.report.error(n, "a design cannot change itself: "+strings.Join(append(d.chain, id), " -> "), "take one of the design: keys out")
		return false
	case len(d.chain) == maxDesigns:
		d.report.error(n, fmt.Sprintf("this is design number %d in a row; %d are the limit", maxDesigns+1, maxDesigns), "")
		return false
	}
	d.chain = append(d.chain, id)
	return true
}

// open reads a scenario of the library, or a file.
func (d *designs) open(n *node) (name string, text []byte, err error) {
	switch {
	case !isPath(n.text):
		name = n.text + libraryEnding
		text, err = libraryFiles.ReadFile(libraryFolder + name)
		if err != nil {
			d.report.error(n, fmt.Sprintf("no scenario %q in the library, and no file, whose name ends in .yaml", n.text), didYouMean(n.text, libraryNames()))
		}
	case d.files == nil:
		err = complaint{"no other file can be read here", "name a scenario of the library"}
		d.report.error(n, err.Error(), "")
	default:
		name, text, err = d.files(n.src.beside(n.text), n.src.overrides())
		if err != nil {
			d.report.error(n, err.Error(), "a path is relative to the file that names it; with --set, to where you are")
		}
	}
	return name, text, err
}

// isPath tells a file from a scenario of the library.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
