package scenarios

import (
	"fmt"
	"regexp"
	"strings"
)

// A parameter's name, and its use in a value: $hold, uniform($a, $b), $$ for a
// dollar sign. A dollar sign before anything else is just that.
const (
	paramName = `[a-z]([a-z0-9_-]*[a-z0-9])?`
	paramUse  = `\$(\$|` + paramName + `)`
)

var (
	paramNameRE = regexp.MustCompile(whole(paramName))
	paramUseRE  = regexp.MustCompile(paramUse)
)

// longestParam bounds a parameter's value, and so what a file can grow to.
const longestParam = 200

// uses gives the names of the parameters that are used below n.
func uses(root *node) map[string]bool {
	used := map[string]bool{}
	eachValue(root, func(n *node) {
		for _, m := range paramUseRE.FindAllStringSubmatch(n.text, -1) {
			used[m[1]] = true
		}
	})
	return used
}

// eachValue calls f for every text of the file, those of the parameters aside.
func eachValue(root *node, f func(*node)) {
	params := root.get("params")
	for _, item := range root.items {
		if item == params {
			continue
		}
		item.walk(func(n *node) {
			if n.kind == text {
				f(n)
			}
		})
	}
}

// expand puts the parameters' values where they are used and gives the
// parameters in the order of the file. One that is in neither used nor the file
// as it now is, and a use without parameter, are errors.
func expand(root *node, used map[string]bool, r *report) []Param {
	params := paramNodes(root, r)
	now := uses(root)
	var found []Param
	var names []string
	for i, value := range params.items {
		key := params.keys[i]
		if !used[key.text] && !now[key.text] {
			r.error(key, "the parameter "+key.text+" is not used", "write $"+key.text+" where its value belongs, or take it out")
		}
		found = append(found, Param{Name: key.text, Value: value.text})
		names = append(names, "$"+key.text)
	}
	eachValue(root, func(n *node) { n.substitute(params, names, r) })
	return found
}

// paramNodes gives the mapping of the parameters with what is wrong left out.
func paramNodes(root *node, r *report) *node {
	good := &node{kind: mapping}
	params := root.get("params")
	switch {
	case params == nil || params.bad:
		return good
	case params.kind != mapping:
		r.error(params, fmt.Sprintf("params must be a map of names to values, not %s", params.kind), "like {hold: 180s}")
		return good
	}
	for i, key := range params.keys {
		value := params.items[i]
		switch {
		case value.bad:
			continue
		case !paramNameRE.MatchString(key.text):
			r.error(key, fmt.Sprintf("%q is not a name for a parameter", key.text), "it must match "+paramName)
		case !value.scalar() || value.kind == null:
			r.error(value, fmt.Sprintf("a parameter is a single value, not %s", value.kind), "")
		case len(value.text) > longestParam:
			r.error(value, fmt.Sprintf("a parameter's value has at most %d characters", longestParam), "")
		case strings.Contains(value.text, "$"):
			r.error(value, "a parameter's value cannot use another parameter", "")
		default:
			good.put(key, value)
		}
	}
	return good
}

// substitute replaces what n uses. A value that is nothing but a use takes the
// parameter's kind with it, so that a number stays one.
func (n *node) substitute(params *node, names []string, r *report) {
	written := n.text
	if p := params.get(strings.TrimPrefix(written, "$")); p != nil && paramUseRE.FindString(written) == written {
		n.kind, n.text, n.written, n.given = p.kind, p.text, written, p.src
		return
	}
	n.text = paramUseRE.ReplaceAllStringFunc(n.text, func(use string) string {
		if use == "$$" {
			return "$"
		}
		p := params.get(use[1:])
		if p == nil {
			n.undefined(use, names, r)
			return use
		}
		n.written = written
		return p.text
	})
}

// undefined reports the first use of n that has no parameter.
func (n *node) undefined(use string, names []string, r *report) {
	if !n.bad {
		r.error(n, "there is no parameter "+use[1:], didYouMean(use, names))
	}
	n.bad = true
}
