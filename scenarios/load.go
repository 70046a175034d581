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
// The scenario keeps to every rule of the package and has all defaults filled
// in; Params holds the parameters as they were used. Warnings say what is
// probably not meant. The error is of type Errors and has everything that is
// wrong; the scenario is nil then.
//
// It reads no other file, so that a distribution cannot be file(…): see LoadWith.
func Load(file string, text []byte, set ...string) (s *Scenario, warnings []Problem, err error) {
	return LoadWith(nil, file, text, set...)
}

// LoadWith is Load with the files that distributions name. The scenario holds what
// is in them, and where it is from, so that it needs them no more.
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
	if tree.kind != mapping || tree.bad {
		if !tree.bad {
			r.error(tree, fmt.Sprintf("a scenario is a map of keys, not %s", tree.kind), "begin with version: 1")
		}
		return nil
	}
	used := uses(tree)
	apply(tree, set, r)
	maps.Copy(used, uses(tree))
	s := &Scenario{Params: expand(tree, used, r)}
	decoder{r, &sampleFiles{read: files, report: r}}.object(tree, reflect.ValueOf(s).Elem(), scenarioShape(), "a scenario")
	made := s.generate(tree, r)
	s.complete()
	check(s, tree, made, r)
	return s
}
