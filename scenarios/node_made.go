package scenarios

import "strconv"

// Nodes that no file has are made at the place of one that asks for them, so that what
// is wrong with them is said of that.

// made gives a list or a mapping.
func (n *node) made(kind nodeKind, items ...*node) *node {
	return &node{kind: kind, items: items, src: n.src, line: n.line, col: n.col, generated: true}
}

// word gives a text.
func (n *node) word(written string) *node {
	w := n.made(text)
	w.text = written
	return w
}

// whole gives a whole number.
func (n *node) whole(number int) *node {
	w := n.made(integer)
	w.text = strconv.Itoa(number)
	return w
}

// add sets a key of a mapping.
func (n *node) add(key string, value *node) { n.put(n.word(key), value) }

// extend appends to the list that a key holds; where it holds none, and nothing else,
// it begins one at a place.
func (n *node) extend(key string, at, item *node) {
	l := n.get(key)
	if l == nil || l.kind == null {
		l = at.made(list)
		n.put(at.word(key), l)
	}
	if l.kind == list {
		l.items = append(l.items, item)
	}
}

// spot gives the place of a key of an item: its value, or the item where it has none.
func (n *node) spot(key string) *node {
	if value := n.get(key); value != nil {
		return value
	}
	return n
}

// listed gives the items of the list that a key holds; none where it holds none.
func (n *node) listed(key string) []*node {
	if l := n.get(key); l != nil && l.kind == list {
		return l.items
	}
	return nil
}

// filled gives a mapping with what the mapping of a key has.
func (n *node) filled(key string) *node {
	m := n.made(mapping)
	if template := n.get(key); template != nil {
		again := template.again()
		m.keys, m.items = again.keys, again.items
	}
	return m
}

// again gives a copy for one more thing that is made.
func (n *node) again() *node {
	c := n.clone()
	c.walk(func(n *node) { n.generated = true })
	return c
}
