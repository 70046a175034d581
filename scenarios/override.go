package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// overrideFile stands for the file name in problems of overrides.
const overrideFile = "--set"

// override is one path=value that changes a scenario before it is decoded. A
// path names keys and, in brackets, items by their names: nvas[nva1].hold.
type override struct {
	src   *source
	line  int
	from  int // columns before the path
	steps []step
	value string
	col   int   // of the value
	given *node // the value, where it is read already
	r     *report

	found func(owner *node, key string, s *shape) // is told the place, and nothing is set; nil: it is set
}

// step is a key of a path, and the name of an item if the key holds a list.
type step struct {
	key, item string
	col       int
}

// overridesOf gives the overrides that can be read.
func overridesOf(set []string, r *report) []*override {
	src := &source{file: overrideFile, lines: set}
	var all []*override
	for i, text := range set {
		if o := (&override{src: src, line: i + 1, r: r}); o.parse(text) {
			all = append(all, o)
		}
	}
	return all
}

// apply changes root by all overrides, one after the other; those that choose its
// design have done so. What hubs: makes can be changed too, and so those that say how
// many hubs there are come before. ok: hubs: can be understood.
func apply(root *node, overrides []*override, files Files, r *report) (ok bool) {
	var others []*override
	for _, o := range overrides {
		switch {
		case o.choosesDesign():
		case o.ofParam(root) || slices.Contains([]string{"params", "hubs"}, o.steps[0].key):
			o.set(root)
		default:
			others = append(others, o)
		}
	}
	ok = placeHubs(root, files, r)
	for _, o := range others {
		if !ok { // what they name may be what would have been made
			o.r = &report{}
		}
		o.set(root)
	}
	return ok
}

// set changes root.
func (o *override) set(root *node) {
	o.resolveParam(root)
	o.walk(root, fileShape())
}

func (o *override) fail(col int, message, hint string) {
	o.r.error(&node{src: o.src, line: o.line, col: col}, message, hint)
}

// parse splits path=value.
func (o *override) parse(set string) bool {
	path, value, found := strings.Cut(set, "=")
	if !found {
		o.fail(1, "an override is path=value", "like hold=15s or nvas[nva1].hold=15s")
		return false
	}
	o.value, o.col = value, len([]rune(path))+2
	return o.parsePath(path)
}

// parsePath splits a path into its steps.
func (o *override) parsePath(path string) bool {
	for col := o.from + 1; ; {
		key, rest := path, ""
		if i := strings.IndexAny(path, ".["); i >= 0 {
			key, rest = path[:i], path[i:]
		}
		s := step{key: key, col: col}
		if strings.HasPrefix(rest, "[") {
			item, after, closed := strings.Cut(rest[1:], "]")
			if !closed {
				o.fail(col+len(key), "no ] in the path", "")
				return false
			}
			s.item, rest = item, after
		}
		o.steps = append(o.steps, s)
		next, more := strings.CutPrefix(rest, ".")
		if !more {
			return rest == "" || o.trailing(col+len(path)-len(rest), rest)
		}
		col, path = col+len(path)-len(next), next
	}
}

func (o *override) trailing(col int, rest string) bool {
	o.fail(col, "a key begins with a dot, unlike "+rest, "like nvas[nva1].hold")
	return false
}

// ofParam tells whether hold means params.hold, for there is such a parameter.
func (o *override) ofParam(root *node) bool {
	params, first := root.get("params"), o.steps[0]
	return len(o.steps) == 1 && first.item == "" && params != nil && params.get(first.key) != nil && !o.choosesDesign()
}

// resolveParam makes hold mean params.hold where it does.
func (o *override) resolveParam(root *node) {
	if o.ofParam(root) {
		o.steps = []step{{key: "params", col: o.steps[0].col}, o.steps[0]}
	}
}

// walk follows the path from n, which has the shape s.
func (o *override) walk(n *node, s *shape) {
	owner := ""
	for i, st := range o.steps {
		f := s.field(st.key)
		if f == nil {
			o.unknown(n, s, i)
			return
		}
		child, last := n.get(st.key), i == len(o.steps)-1
		switch {
		case f.shape.form == paramsForm && !last:
			o.param(child, o.steps[i+1:])
			return
		case f.shape.form == expectForm && !last:
			o.expect(n, child, o.steps[i+1:])
			return
		case last && st.item == "":
			o.put(n, st, f.shape)
			return
		case f.shape.form == objectForm && st.item == "":
			n, s = o.inside(n, child, st), f.shape
			continue
		case last || st.item == "":
			o.incomplete(st, f)
			return
		}
		item := o.item(child, st, owner)
		if item == nil {
			return
		}
		n, s, owner = item, f.shape.item, st.item
		if s.form != objectForm {
			o.fail(st.col, st.key+" has no named items", "set the whole list, like "+st.key+"=[a, b]")
			return
		}
		n.spell(s)
	}
}

// inside gives the map that a key holds, and makes one where there is none.
func (o *override) inside(n, child *node, st step) *node {
	if child == nil || child.kind == null {
		child = &node{kind: mapping, src: o.src, line: o.line, col: st.col}
		n.put(&node{kind: text, text: st.key, src: o.src, line: o.line, col: st.col}, child)
	}
	return child
}

// unknown reports a key that s does not have.
func (o *override) unknown(n *node, s *shape, i int) {
	st, known := o.steps[i], s.keys()
	if params := n.get("params"); i == 0 && params != nil {
		for _, k := range params.keys {
			known = append(known, k.text)
		}
	}
	if i > 0 {
		if r := refusedKey(singular(o.steps[i-1].key), st.key); r.why != "" {
			o.fail(st.col, r.why, "")
			return
		}
	}
	o.fail(st.col, "no key "+st.key+" here", didYouMean(st.key, known))
}

func (o *override) incomplete(st step, f *field) {
	switch {
	case f.shape.form == listForm && st.item == "":
		o.fail(st.col, st.key+" is a list", "name the item, like "+st.key+"[name].key")
	case f.shape.form == listForm:
		o.fail(st.col, "the path ends at an item", "name its key, like "+st.key+"["+st.item+"].key")
	case f.shape.form == matrixForm:
		o.fail(st.col, "the matrix is set as a whole", "a sweep takes single axes, like -m hold=30s,60s")
	default:
		o.fail(st.col, st.key+" is a single value", "")
	}
}

// item finds the item of a list that has the name of the step.
func (o *override) item(l *node, st step, owner string) *node {
	var names []string
	if l != nil && l.kind == list {
		for _, item := range l.items {
			of := item.names(owner)
			if slices.Contains(of, st.item) {
				return item
			}
			names = append(names, of...)
		}
	}
	o.fail(st.col+len(st.key)+1, fmt.Sprintf("%s has no item %s", st.key, st.item), didYouMean(st.item, names))
	return nil
}

// names gives the names an item goes by: its own, or those it has by default as
// a peering or a failure, or as a tunnel, connection or the like of the thing that owns it.
func (n *node) names(owner string) []string {
	if n.kind == text {
		return []string{n.text + "-" + owner, n.text}
	}
	if name := n.get("name"); name != nil {
		return []string{name.text}
	}
	if ends := n.get("between"); ends != nil && len(ends.items) == 2 {
		return []string{ends.items[0].text + "-" + ends.items[1].text}
	}
	if kind := n.get("kind"); kind != nil && n.get("count") != nil {
		return []string{"r", kind.text} // a generator without a name
	}
	if n.get("count") != nil && n.get("kind") == nil {
		return []string{"hub"} // hubs without a name
	}
	if kind, target := n.get("kind"), n.get("target"); kind != nil && target != nil {
		f := Failure{Kind: FaultKind(kind.text), Target: target.text}
		if peer := n.get("peer"); peer != nil {
			f.Peer = peer.text
		}
		f.complete()
		return []string{f.Name}
	}
	for _, key := range []string{"to", "gateway", "router", "route_server", "prefix"} {
		if of := n.get(key); of != nil {
			return []string{of.text + "-" + owner, of.text}
		}
	}
	return nil
}

// spell turns an item that stands alone into the mapping it is short for.
func (n *node) spell(s *shape) {
	if s.short == nil || !n.scalar() {
		return
	}
	key, value := *n, *n
	key.kind, key.text = text, s.short.key
	n.kind, n.keys, n.items = mapping, []*node{&key}, []*node{&value}
}

func (o *override) param(params *node, rest []step) {
	name := o.rest(rest)
	if params == nil || params.get(name) == nil {
		var names []string
		if params != nil {
			for _, k := range params.keys {
				names = append(names, k.text)
			}
		}
		o.fail(rest[0].col, "there is no parameter "+name, didYouMean(name, names))
		return
	}
	o.put(params, step{key: name, col: rest[0].col}, &shape{form: scalarForm})
}

// expect sets the rule of a measure; the dots of a measure are part of its name.
func (o *override) expect(root, rules *node, rest []step) {
	if rules == nil {
		rules = &node{kind: mapping, src: o.src, line: o.line, col: 1}
		root.put(&node{kind: text, text: "expect", src: o.src, line: o.line, col: 1}, rules)
	}
	o.put(rules, step{key: o.rest(rest), col: rest[0].col}, &shape{form: scalarForm})
}

func (o *override) rest(steps []step) string {
	keys := make([]string, len(steps))
	for i, s := range steps {
		keys[i] = s.key
	}
	return strings.Join(keys, ".")
}

// put sets the key of the last step.
func (o *override) put(n *node, st step, s *shape) {
	if o.found != nil {
		o.found(n, st.key, s)
		return
	}
	if value := o.read(s); value != nil {
		n.put(&node{kind: text, text: st.key, src: o.src, line: o.line, col: st.col}, value)
	}
}

// read gives the value of a key of that shape. A list or a map is written as YAML;
// so is a single value, but where it is none (description=a: b) it is taken as it
// is. It gives nil, and reports an error, where nothing can be read.
func (o *override) read(s *shape) *node {
	if o.given != nil {
		return o.given.clone()
	}
	var trial report
	value := parse(&source{file: overrideFile}, []byte(o.value), &trial)
	if s.form == scalarForm && (value == nil || !value.scalar() || strings.HasPrefix(o.value, ">") || strings.HasPrefix(o.value, "|")) {
		value, trial = &node{kind: text, text: o.value, line: 1, col: 1}, report{}
		if o.value == "" {
			value.kind = null
		}
	}
	for _, p := range trial.errors {
		o.fail(o.col+p.Col-1, p.Message, p.Hint)
	}
	if value != nil {
		value.walk(o.relocate)
	}
	return value
}

// relocate gives a node of the value, and its keys, their place in the override.
func (o *override) relocate(n *node) {
	for _, k := range n.keys {
		k.src, k.line, k.col = o.src, o.line, o.col+k.col-1
	}
	n.src, n.line, n.col = o.src, o.line, o.col+max(0, n.col-1)
}
