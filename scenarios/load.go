package scenarios

import (
	"fmt"
	"maps"
	"reflect"
)

// Load reads a scenario. File is its name for messages; text is what it holds:
// one YAML document of at most 32 MiB. Each of set is a path=value that changes
// the document first: hold=15s sets the parameter hold, nvas[nva1].hold=15s a
// key of the item of that name, faults=[] a whole list.
//
// What the file says of a sweep, matrix and seeds, is checked in its form and left
// out: LoadPlan goes by it.
//
// The scenario keeps to every rule of the package and has all defaults filled
// in; Params holds the parameters as they were used. Warnings say what is
// probably not meant. The error is of type Errors and has everything that is
// wrong; the scenario is nil then.
//
// It reads no other file, so that a distribution cannot be file(…), and a design is
// one of the library: see LoadWith.
func Load(file string, text []byte, set ...string) (s *Scenario, warnings []Problem, err error) {
	return LoadWith(nil, file, text, set...)
}

// LoadWith is Load with the files that distributions and designs name. The scenario
// holds what is in them, and where samples are from, so that it needs them no more.
func LoadWith(files Files, file string, text []byte, set ...string) (s *Scenario, warnings []Problem, err error) {
	var r report
	if tree := parse(newSource(file, text), text, &r); tree != nil {
		s = load(tree, set, files, &r)
	}
	sortProblems(r.warnings)
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return s, r.warnings, nil
}

func load(tree *node, set []string, files Files, r *report) *Scenario {
	d := documentOf(tree, overridesOf(set, r), files, r)
	if d == nil {
		return nil
	}
	if len(set) == 0 { // what is changed may be without what the sweep is about
		d.checkSweep(files, r)
	}
	return d.scenario(files, r)
}

// document is a file with its design, its overrides and its hubs, before anybody asks
// what it means.
type document struct {
	tree          *node           // without matrix and seeds
	used          map[string]bool // the parameters that it used, before the overrides or after
	hubs          bool            // what hubs: makes is in it
	matrix, seeds *node           // what a sweep of it does; nil: nothing is said
}

// documentOf gives nil, and an error is reported, where tree is no map, or there is no
// telling what its design is.
func documentOf(tree *node, overrides []*override, files Files, r *report) *document {
	if !isScenario(tree, r) {
		return nil
	}
	d := &document{used: map[string]bool{}}
	if d.tree = designed(tree, overrides, files, d.used, r); d.tree == nil {
		return nil
	}
	d.hubs = apply(d.tree, overrides, files, r)
	maps.Copy(d.used, uses(d.tree))
	d.matrix, d.seeds = d.tree.take("matrix"), d.tree.take("seeds")
	return d
}

// clone gives a document that can be changed.
func (d *document) clone() *document {
	c := *d
	c.tree, c.used = d.tree.clone(), maps.Clone(d.used)
	return &c
}

// scenario makes the scenario of the document, which is used up; nil, where it is not
// known what there is in it.
func (d *document) scenario(files Files, r *report) *Scenario {
	s := &Scenario{Params: expand(d.tree, d.used, r)}
	decoder{r, &sampleFiles{read: files, report: r}}.object(d.tree, reflect.ValueOf(s).Elem(), fileShape(), "a scenario")
	if s.Hubs = nil; !d.hubs {
		return nil
	}
	made := s.generate(d.tree, r)
	s.split(d.tree, r)
	s.complete()
	check(s, d.tree, made, r)
	return s
}

// isScenario reports what is no map of keys.
func isScenario(tree *node, r *report) bool {
	if tree.kind != mapping && !tree.bad {
		r.error(tree, fmt.Sprintf("a scenario is a map of keys, not %s", tree.kind), "begin with version: 1")
	}
	return tree.kind == mapping && !tree.bad
}
