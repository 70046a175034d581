package scenarios

import (
	"fmt"
	"strings"
)

// axisFile stands for the file name in problems of axes that a command line gives.
const axisFile = "-m"

// axis is an axis of a sweep as it is given.
type axis struct {
	name string
	at   *node    // where its values stand
	to   override // its path, without a value

	values []setting // in turn; none: span
	span   *span

	owner *node // what has the key that it sets, in a copy of the file
	key   string
	shape *shape // of the key; nil: the path leads nowhere
}

// parseAxis reads an axis of a command line: name=values. The values are separated by
// commas outside of brackets and quotes.
func parseAxis(src *source, line int, written string, r *report) *axis {
	name, values, found := strings.Cut(written, "=")
	fail := func(col int, message, hint string) {
		r.error(&node{src: src, line: line, col: col}, message, hint)
	}
	path := strings.TrimSpace(name)
	if !found || path == "" {
		fail(1, "an axis is name=values", "like hold=30s,60s,180s or 'mrai=range(0s,30s,5s)'")
		return nil
	}
	from := len([]rune(name)) - len([]rune(strings.TrimLeft(name, " ")))
	a := &axis{name: path, to: override{src: src, line: line, from: from, r: r}}
	start := len([]rune(name)) + 2
	pieces, bad := split(values)
	switch {
	case strings.TrimSpace(values) == "":
		fail(start, "the axis "+path+" has no value", "like "+path+"=30s,60s")
		return nil
	case bad != "":
		fail(start, bad, "close it; or put a text that is to have it in quotes, like '"+path+`="a)","b"'`)
		return nil
	case !a.to.parsePath(path):
		return nil
	}
	a.at = &node{kind: text, text: strings.TrimSpace(values), src: src, line: line, col: start + leading(values)}
	if len(pieces) == 1 && isSpan(a.at.text) {
		return a.spread(r)
	}
	for _, p := range pieces {
		col := start + len([]rune(values[:p.from])) + leading(p.text)
		p.text = strings.TrimSpace(p.text)
		switch {
		case p.text == "":
			fail(col, "a value is missing between two commas, or behind the last", `"" is the empty text`)
			return nil
		case isSpan(p.text):
			fail(col, p.text+" stands alone: it is all values of an axis", "")
			return nil
		}
		by := a.to
		by.value, by.col = p.text, col
		a.values = append(a.values, setting{text: p.text, by: by})
	}
	return a
}

// leading counts the spaces that a text begins with.
func leading(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// spread takes the values of an axis from a range or an interval.
func (a *axis) spread(r *report) *axis {
	span, err := spanOf(a.at.text)
	if c, bad := err.(complaint); bad { //nolint:errorlint // spanOf wraps nothing
		r.error(a.at, c.message, c.hint)
		return nil
	}
	a.span = span
	return a
}

// piece is a part of the values of an axis.
type piece struct {
	text string
	from int // bytes before it
}

// split cuts at the commas that are outside of brackets and quotes. It says what is
// wrong with those.
func split(values string) (pieces []piece, bad string) {
	var open []byte
	from := 0
	for i := 0; i < len(values); i++ {
		switch c := values[i]; c {
		case '"', '\'':
			if i > from && strings.IndexByte(" [{(:,", values[i-1]) < 0 {
				continue // an apostrophe
			}
			if i = quoted(values, i); i < 0 {
				return nil, fmt.Sprintf("the quote %c is not closed", c)
			}
		case '(', '[', '{':
			open = append(open, c)
		case ')', ']', '}':
			if len(open) == 0 || open[len(open)-1] != map[byte]byte{')': '(', ']': '[', '}': '{'}[c] {
				return nil, fmt.Sprintf("the bracket %c closes nothing", c)
			}
			open = open[:len(open)-1]
		case ',':
			if len(open) == 0 {
				pieces, from = append(pieces, piece{values[from:i], from}), i+1
			}
		}
	}
	if len(open) > 0 {
		return nil, fmt.Sprintf("the bracket %c is not closed", open[len(open)-1])
	}
	return append(pieces, piece{values[from:], from}), ""
}

// quoted gives the place of the quote that closes the one at i, as YAML has it: two
// single quotes are one, and so is what a backslash is before in double ones. It is
// negative where there is none.
func quoted(s string, i int) int {
	quote := s[i]
	for i++; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && strings.HasPrefix(s[i+1:], "'"):
			i++
		case s[i] == quote:
			return i
		}
	}
	return -1
}

// axisOf reads an axis of a matrix.
func axisOf(key, value *node, r *report) *axis {
	a := &axis{name: key.text, at: value, to: override{src: key.src, line: key.line, from: key.inside(), r: r}}
	if value.bad || !a.to.parsePath(key.text) {
		return nil
	}
	switch {
	case value.kind == text && isSpan(value.text):
		return a.spread(r)
	case value.kind != list:
		r.error(value, fmt.Sprintf("an axis is a list of values, range(start, stop, step) or interval(from, to), not %s", value.describe()), "write "+key.text+": [a, b]")
		return nil
	case len(value.items) == 0:
		r.error(value, "the axis "+key.text+" has no value", "write "+key.text+": [a, b], or take it out")
		return nil
	}
	for _, item := range value.items {
		if v, ok := a.setting(item, r); ok {
			a.values = append(a.values, v)
		}
	}
	return a
}

// inside counts the columns before the text of a key, a quote among them.
func (n *node) inside() int {
	if n.line >= 1 && n.line <= len(n.src.lines) {
		line := []rune(n.src.lines[n.line-1])
		if n.col >= 1 && n.col <= len(line) && strings.ContainsRune(`"'`, line[n.col-1]) {
			return n.col
		}
	}
	return n.col - 1
}

// setting gives a value of the axis that a file has.
func (a *axis) setting(n *node, r *report) (setting, bool) {
	bad := false
	n.walk(func(n *node) { bad = bad || n.bad })
	switch {
	case bad: // reported
		return setting{}, false
	case n.kind == text && isSpan(n.text):
		r.error(n, n.text+" stands alone: it is all values of an axis", "write "+a.name+": "+n.text)
		return setting{}, false
	}
	by := a.to
	by.given = n
	return setting{text: n.flow(), key: keyOf(n), by: by}, true
}

// made gives a value of the axis that its range or interval makes.
func (a *axis) made(q quantity) setting {
	n := q.node(a.at)
	by := a.to
	by.given = n
	return setting{text: n.text, key: keyOf(n), by: by}
}
