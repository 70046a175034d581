package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// expectations decodes the mapping of measures to rules.
func (d decoder) expectations(n *node) []Expectation {
	if n.kind != mapping {
		d.fail(n, fmt.Sprintf("expect must be a map of measures to rules, not %s", n.kind), `like {outage.forward: "< 200s"}`)
		return nil
	}
	var found []Expectation
	for i, key := range n.keys {
		found = append(found, Expectation{Measure: key.text, Rule: d.rule(key, n.items[i])})
	}
	return found
}

// rule checks one rule and gives its text.
func (d decoder) rule(key, n *node) string {
	if n.bad {
		return ""
	}
	m, _, found := FindMeasure(key.text)
	if !found {
		d.fail(key, "there is no measure "+key.text, suggestMeasure(key.text))
		n.bad = true
		return ""
	}
	if !n.scalar() || n.kind == null {
		d.fail(n, fmt.Sprintf("a rule is one line, not %s", n.kind), "like "+m.Kind.example())
		return ""
	}
	_, err := ParseRule(m.Kind, n.text)
	if c, ok := errors.AsType[complaint](err); ok {
		d.fail(n, c.message, c.hint)
	}
	if m.Kind == Truth && n.kind == text && !n.bad {
		d.fail(n, "a rule about "+m.Name+" is true or false without quotes", "")
	}
	if m.Kind == Truth {
		return strings.ToLower(n.text)
	}
	return strings.TrimSpace(n.text)
}

func suggestMeasure(name string) string {
	var names []string
	for _, m := range Measures() {
		names = append(names, m.Name)
	}
	return didYouMean(name, names)
}

// expectations checks that what a measure is narrowed to exists.
func (c *checker) expectations() {
	var classes, disturbances []string
	for _, class := range c.s.Traffic {
		classes = append(classes, class.Name)
	}
	for _, f := range c.s.Faults {
		disturbances = append(disturbances, f.Name)
		if f.RepairAfter != nil {
			disturbances = append(disturbances, f.Name+"-repair")
		}
	}
	for i, e := range c.s.Expect {
		key := c.tree.get("expect").keys[i]
		m, of, found := FindMeasure(e.Measure)
		known, what := disturbances, "disturbance"
		if m.Of == AClass {
			known, what = classes, "traffic class"
		}
		if found && of != "" && !slices.Contains(known, of) {
			c.report.error(key, fmt.Sprintf("there is no %s %s", what, of), didYouMean(of, known))
		}
	}
}
