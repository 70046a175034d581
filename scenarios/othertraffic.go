package scenarios

import (
	"fmt"
	"reflect"
)

// LoadTraffic reads other traffic for a scenario: a file with version: 1 and
// traffic:, as a scenario has them. It gives the scenario with this traffic instead
// of its own, and without its expectations, which are about its own. Its distributions
// may name files, which it reads with files. Warnings and error are those of Load.
func LoadTraffic(files Files, file string, text []byte, of *Scenario) (s *Scenario, warnings []Problem, err error) {
	var r report
	if tree := parse(newSource(file, text), text, &r); tree != nil {
		s = loadTraffic(files, file, tree, of, &r)
	}
	sortProblems(r.warnings)
	if err := r.err(); err != nil {
		return nil, r.warnings, err
	}
	return s, r.warnings, nil
}

func loadTraffic(files Files, file string, tree *node, of *Scenario, r *report) *Scenario {
	traffic := otherTrafficOf(tree, r)
	if traffic == nil {
		return nil
	}
	whole := of.written().Bytes()
	var all report
	merged := parse(newSource(of.Name, whole), whole, &all)
	merged.put(&node{text: "version"}, tree.get("version"))
	merged.put(&node{text: "traffic"}, traffic)
	merged.put(&node{text: "expect"}, &node{kind: mapping, src: merged.src, line: 1, col: 1})
	s := load(merged, nil, files, &all)
	r.dropped += all.dropped
	for _, p := range all.errors {
		r.errors = append(r.errors, p.within(file, traffic))
	}
	for _, w := range all.warnings {
		if w.File == file {
			r.warnings = append(r.warnings, w)
		}
	}
	return s
}

// otherTrafficOf gives the traffic of a file that holds nothing but that; nil, and an
// error is reported, where there is none.
func otherTrafficOf(tree *node, r *report) *node {
	if tree.kind != mapping || tree.bad {
		if !tree.bad {
			r.error(tree, fmt.Sprintf("other traffic is a map with the keys version and traffic, not %s", tree.kind), "begin with version: 1")
		}
		return nil
	}
	known := otherTrafficShape().keys()
	for _, k := range tree.keys {
		switch {
		case otherTrafficShape().field(k.text) != nil:
		case fileShape().field(k.text) != nil:
			r.error(k, k.text+" is that of the run: other traffic has the keys version and traffic alone", "take it out")
		default:
			r.error(k, "unknown key "+k.text, didYouMean(k.text, known))
		}
	}
	for _, key := range known {
		if tree.get(key) == nil && len(r.errors) == 0 { // else it may be a key that is misspelt
			r.error(tree, "the key "+key+" is missing", scenarioShape().field(key).doc)
		}
	}
	if len(r.errors) > 0 {
		return nil
	}
	return tree.get("traffic")
}

// within gives a problem its place in a file of traffic: what is wrong elsewhere,
// with the scenario as it is, is wrong because of that.
func (p Problem) within(file string, traffic *node) Problem {
	if p.File == file {
		return p
	}
	return traffic.problem(p.Message, p.Hint)
}

// otherTraffic is a file with other traffic.
type otherTraffic struct {
	Version int     `yaml:"version" doc:"version of the format: 1"`
	Traffic []Class `yaml:"traffic" doc:"flow classes"`
}

func otherTrafficShape() *shape { return shapeOf(reflect.TypeFor[otherTraffic](), "") }

// MarshalTraffic writes the traffic of a scenario alone, with every default, as
// LoadTraffic reads it.
func (s *Scenario) MarshalTraffic() []byte {
	var w writer
	w.object(reflect.ValueOf(otherTraffic{s.Version, s.Traffic}), otherTrafficShape(), "")
	return w.Bytes()
}
