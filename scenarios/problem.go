package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong with a scenario file, or worth a warning, at its
// place. Line and Col count from 1, Col in characters.
type Problem struct {
	File       string // as given to Load; --set or -m for an override or an axis, whose Line is its ordinal, --seeds and the like for an option
	Line, Col  int
	Message    string
	Hint       string // what to write instead; empty where nobody knows
	SourceLine string // the text of the line
	Warning    bool   // the scenario can run nevertheless
	samples    bool   // it is in a file that a distribution names
	depth      int    // of designs: how many files lead to it
}

// String gives the problem as people read it: file:line:col: message, the line
// with a caret under its place, and the hint.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Col)
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if line, caret := p.window(); line != "" {
		fmt.Fprintf(&b, "\n  %s\n  %s^", line, caret)
	}
	if p.Hint != "" {
		fmt.Fprintf(&b, "\n  hint: %s", p.Hint)
	}
	return b.String()
}

// window cuts the part around Col out of a long line; caret is the white space
// up to that place.
func (p Problem) window() (line, caret string) {
	const width = 100
	runes, col := []rune(p.SourceLine), p.Col-1
	if col < 0 || col > len(runes) {
		return "", ""
	}
	if from := max(0, col-width/2); len(runes) > width {
		runes, col = runes[from:min(len(runes), from+width)], col-from
	}
	blank := func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}
	return strings.TrimRight(string(runes), " \r"), strings.Map(blank, string(runes[:col]))
}

// Errors are all the problems that keep a scenario from running, in the order
// of their places. Load returns no other type of error.
type Errors []Problem

// Error gives the problems one after the other, as Problem.String does.
func (e Errors) Error() string {
	texts := make([]string, len(e))
	for i, p := range e {
		texts[i] = p.String()
	}
	return strings.Join(texts, "\n")
}

// maxErrors bounds what a report keeps: a file with more is not a scenario.
const maxErrors = 100

// report collects problems.
type report struct {
	errors   Errors
	warnings []Problem
	dropped  int // errors over maxErrors
}

// error adds an error at n.
func (r *report) error(n *node, message, hint string) {
	if r.full() {
		r.dropped++
		return
	}
	p := n.problem(message, hint)
	if n.generated && slices.Contains(r.errors, p) { // of each thing that is made there
		return
	}
	r.errors = append(r.errors, p)
}

// full tells that further errors will only be counted.
func (r *report) full() bool { return len(r.errors) >= maxErrors }

// warn adds a warning at n.
func (r *report) warn(n *node, message, hint string) {
	p := n.problem(message, hint)
	p.Warning = true
	r.warnings = append(r.warnings, p)
}

// err gives the errors in the order of their places, nil if there are none.
func (r *report) err() error {
	if len(r.errors) == 0 {
		return nil
	}
	sortProblems(r.errors)
	if last := &r.errors[len(r.errors)-1]; r.dropped > 0 {
		last.Hint = fmt.Sprintf("%d more errors are not shown: the limit is %d", r.dropped, maxErrors)
	}
	return r.errors
}

// sortProblems puts those of the file before those of its designs, of overrides and
// options, and of sample files.
func sortProblems(p []Problem) {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.depth, b.depth), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

func rank(p Problem) int {
	switch {
	case p.samples:
		return 2
	case strings.HasPrefix(p.File, "-"): // --set, -m
		return 1
	}
	return 0
}
