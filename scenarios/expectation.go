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
	m, of, found := FindMeasure(key.text)
	switch {
	case !found:
		d.fail(key, "there is no measure "+key.text, suggestMeasure(key.text))
	case m.Needs && of == "":
		d.fail(key, fmt.Sprintf("%s is about one %s", key.text, m.Of), fmt.Sprintf("write %s.<%s>", m.Name, m.Of.placeholder()))
	}
	if key.bad {
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
	known := map[Thing][]string{
		AClass:   c.named(AClass),
		AFault:   c.named(AFault, ARepair),
		ASpeaker: c.named(speakers()...),
	}
	for i, e := range c.s.Expect {
		m, of, found := FindMeasure(e.Measure)
		if found && of != "" && !slices.Contains(known[m.Of], of) {
			c.report.error(c.tree.get("expect").keys[i], fmt.Sprintf("there is no %s %s", m.Of.wide(), of), didYouMean(of, known[m.Of]))
		}
	}
}
