package scenarios

import (
	"strconv"
)

// setting is one value of an axis.
type setting struct {
	text string   // as --set takes it
	key  string   // the same for equal values: of 60s and 1m
	by   override // what sets it
}

// number gives the quantity that the value is.
func (s setting) number() (quantity, bool) { return quantityOf(s.text) }

// keyOf gives what equal values have in common.
func keyOf(n *node) string {
	if !n.scalar() {
		return n.flow()
	}
	q, ok := quantityOf(n.text)
	switch {
	case !ok:
		return n.flow()
	case q.kind == decimalNumber:
		q.kind = wholeNumber
	}
	return q.kind.String() + " " + q.number.RatString()
}

// flow writes a node in one line, so that an override takes it for the same.
func (n *node) flow() string {
	if n.scalar() {
		return n.scalarText(false)
	}
	return n.inFlow()
}

func (n *node) inFlow() string {
	text, open, shut := "", "[", "]"
	for i, item := range n.items {
		if i > 0 {
			text += ", "
		}
		if n.kind == mapping {
			text += n.keys[i].scalarText(true) + ": "
		}
		if item.scalar() {
			text += item.scalarText(true)
		} else {
			text += item.inFlow()
		}
	}
	if n.kind == mapping {
		open, shut = "{", "}"
	}
	return open + text + shut
}

// scalarText writes a scalar as it is where that is read as the same; else in quotes.
func (n *node) scalarText(inFlow bool) string {
	if n.kind == null {
		return "null"
	}
	if n.kind != text || n.readsAs(n.text, inFlow) {
		return n.text
	}
	return strconv.Quote(n.text)
}

// readsAs tells whether a text is read as n.
func (n *node) readsAs(written string, inFlow bool) bool {
	if inFlow {
		written = "[" + written + "]"
	}
	var trial report
	got := parse(&source{}, []byte(written), &trial)
	if got == nil || len(trial.errors) > 0 {
		return false
	}
	if inFlow {
		if got.kind != list || len(got.items) != 1 {
			return false
		}
		got = got.items[0]
	}
	return got.kind == n.kind && got.text == n.text
}

// numbers gives the numbers of an axis, and their unit, where all of its values are
// quantities of one kind.
func numbers(values []setting) (all []float64, unit string) {
	var kind quantityKind
	for i, v := range values {
		q, ok := v.number()
		if i == 0 {
			kind = q.kind
		}
		both, same := alike(kind, q.kind)
		if !ok || !same {
			return nil, ""
		}
		kind = both
		all = append(all, q.float())
	}
	return all, kind.unit()
}
