package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Bounds of a scenario file, in bytes, items of a list and keys of a map.
const (
	maxSize  = MaxFile
	maxItems = 100_000
	maxKeys  = 1000
)

// parse reads text as one YAML document without anchors, aliases and tags. It
// gives nil where no document can be read; this file alone knows the library.
func parse(src *source, text []byte, r *report) *node {
	start := &node{src: src, line: 1, col: 1}
	if len(text) > maxSize {
		r.error(start, fmt.Sprintf("the file has %d bytes; a scenario has at most %d", len(text), maxSize), "")
		return nil
	}
	if at, what := junk(src, text); what != "" {
		r.error(at, what, "a scenario is text in UTF-8")
		return nil
	}
	doc, second, err := documents(text)
	switch {
	case errors.Is(err, io.EOF):
		r.error(start, "the file is empty", "a scenario begins with version: 1; simulate show active-passive prints one")
	case err != nil:
		at, message := place(src, err)
		r.error(at, message, quotesHint(at))
	case second != nil:
		r.error(&node{src: src, line: second.Line, col: second.Column}, "a second YAML document", "one file holds one scenario: take the --- out")
	default:
		return convert(src, doc.Content[0], r)
	}
	return nil
}

// documents reads the first document and, if there is one, the second. A panic
// of the library is an error like any other: the text is to blame.
func documents(text []byte) (first, second *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not readable as YAML: %v", p)
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	first, second = new(yaml.Node), new(yaml.Node)
	if err := loader.Load(first); err != nil {
		return nil, nil, err
	}
	if len(first.Content) == 0 {
		return nil, nil, io.EOF
	}
	if err := loader.Load(second); errors.Is(err, io.EOF) {
		return first, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	return first, second, nil
}

// place finds out where a syntax error is.
func place(src *source, err error) (*node, string) {
	at, message := &node{src: src, line: 1, col: 1}, strings.TrimPrefix(err.Error(), "yaml: ")
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		message = "not YAML: " + e.Message
		if e.ContextMsg != "" {
			message += " " + e.ContextMsg
		}
		if e.Mark.Line > 0 {
			at.line, at.col = e.Mark.Line, max(1, e.Mark.Column)
		}
	}
	return at, message
}

// pathRE is a path with an item, as an axis of a sweep is called.
var pathRE = regexp.MustCompile(`[a-z_]+\[[^\[\]]+\](\.[a-z_]+)+`)

// quotesHint knows that YAML takes the bracket of a path for that of a list where it
// stands in braces.
func quotesHint(at *node) string {
	if at.line < 1 || at.line > len(at.src.lines) {
		return ""
	}
	_, inside, _ := strings.Cut(at.src.lines[at.line-1], "{")
	if path := pathRE.FindString(inside); path != "" {
		return "inside of braces, a path with brackets needs quotes: '" + path + "'"
	}
	return ""
}

// junk finds the first byte that is no UTF-8 text, and says what it is.
func junk(src *source, text []byte) (*node, string) {
	at := &node{src: src, line: 1, col: 1}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			return at, fmt.Sprintf("byte 0x%02x is not UTF-8", text[0])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return at, fmt.Sprintf("control character U+%04X", r)
		}
		at.col++
		if r == '\n' {
			at.line, at.col = at.line+1, 1
		}
		text = text[size:]
	}
	return at, ""
}

// convert turns a node of the library into ours and refuses what we do not use.
func convert(src *source, y *yaml.Node, r *report) *node {
	n := &node{src: src, line: y.Line, col: y.Column, text: y.Value}
	if what := refused(y); what != "" {
		r.error(n, what, "write the value out; params are there for values that are used twice")
		n.bad = true
		return n
	}
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = list
		if len(y.Content) > maxItems {
			n.bad = true
			r.error(n, fmt.Sprintf("a list of %d items; %d are the limit", len(y.Content), maxItems), "")
			return n
		}
		for _, c := range y.Content {
			n.items = append(n.items, convert(src, c, r))
		}
	case yaml.MappingNode:
		n.kind = mapping
		if len(y.Content)/2 > maxKeys {
			n.bad = true
			r.error(n, fmt.Sprintf("a map of %d keys; %d are the limit", len(y.Content)/2, maxKeys), "")
			return n
		}
		n.fill(src, y.Content, r)
	default:
		n.kind = scalarKind(y)
	}
	return n
}

func refused(y *yaml.Node) string {
	switch {
	case y.Kind == yaml.AliasNode:
		return "aliases (*" + y.Value + ") are not used in scenarios"
	case y.Anchor != "":
		return "anchors (&" + y.Anchor + ") are not used in scenarios"
	case y.Style&yaml.TaggedStyle != 0:
		return "tags (" + y.Tag + ") are not used in scenarios"
	}
	return ""
}

// fill converts keys and values; a key that comes again is an error and left out.
func (n *node) fill(src *source, content []*yaml.Node, r *report) {
	seen := map[string]int{}
	for i := 0; i+1 < len(content); i += 2 {
		key, value := convert(src, content[i], r), convert(src, content[i+1], r)
		line, again := seen[key.text]
		switch {
		case !key.scalar():
			r.error(key, "a key is a word, not "+key.kind.String(), "")
		case again:
			r.error(key, fmt.Sprintf("the key %s comes twice", key.text), fmt.Sprintf("the first one is in line %d", line))
		default:
			seen[key.text] = key.line
			n.keys, n.items = append(n.keys, key), append(n.items, value)
		}
	}
}

func scalarKind(y *yaml.Node) nodeKind {
	switch y.ShortTag() {
	case "!!null":
		return null
	case "!!bool":
		return boolean
	case "!!int":
		return integer
	case "!!float":
		return decimal
	}
	return text
}
