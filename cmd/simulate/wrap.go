package main

import (
	"strings"
	"unicode/utf8"
)

// wrapped breaks a line that is longer than the terminal is wide. Where nobody
// knows its width, a line stays one line.
func (s *shell) wrapped(line string) []string {
	if s.format != "table" || s.width() == 0 || utf8.RuneCountInString(line) <= s.textWidth() {
		return []string{line}
	}
	return wrap(line, s.textWidth())
}

// wrap breaks a line between words; those after the first are indented.
func wrap(text string, width int) []string {
	var all []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			all = append(all, line)
			line = "  " + word
		default:
			line += " " + word
		}
	}
	return append(all, line)
}
