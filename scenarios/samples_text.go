package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// sampleText is a file of samples that is being read.
type sampleText struct {
	src    *source
	report *report
	values samples
	bad    bool // an error is reported
}

// fail reports an error at a place of the file.
func (t *sampleText) fail(line, col int, message, hint string) {
	t.bad = true
	t.report.error(&node{src: t.src, line: line, col: col, samples: true}, message, hint)
}

// take keeps a value, or reports what is wrong with it. It is false after one too
// many.
func (t *sampleText) take(line, col int, d time.Duration, err error) bool {
	if c, wrong := errors.AsType[complaint](err); wrong {
		t.fail(line, col, c.message, c.hint)
		return !t.report.full()
	}
	if len(t.values) == maxSamples {
		t.fail(line, col, fmt.Sprintf("there are more than %d samples", maxSamples), "take some of them, evenly or by chance")
		return false
	}
	t.values = append(t.values, d)
	return true
}

// byteOrderMark is what some editors begin a file with.
const byteOrderMark = "\ufeff"

// lines reads a duration of each line. What follows a # is a comment.
func (t *sampleText) lines() {
	for i, line := range t.src.lines {
		value, _, _ := strings.Cut(strings.TrimPrefix(line, byteOrderMark), "#")
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		col := 1 + len([]rune(line[:strings.Index(line, value)]))
		d, err := durationOf(value)
		if c, wrong := errors.AsType[complaint](err); wrong && strings.ContainsAny(value, ",;\t") {
			err = complaint{c.message, "for a column of a CSV with a header write file(" + t.src.file + ", column)"}
		}
		if !t.take(i+1, col, d, err) {
			return
		}
	}
}

// csv reads the column of that name; the first record names the columns.
func (t *sampleText) csv(text []byte, column string) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte(byteOrderMark))))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	at := -1
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if wrong, is := errors.AsType[*csv.ParseError](err); is {
			t.fail(wrong.Line, t.column(wrong.Line, wrong.Column), fmt.Sprintf("it is no CSV: %v", wrong.Err), "")
			return
		}
		line, _ := r.FieldPos(0)
		switch {
		case at < 0:
			if at = t.header(line, record, column); at < 0 {
				return
			}
			continue
		case len(record) == 1 && strings.TrimSpace(record[0]) == "":
			continue
		case at >= len(record):
			t.fail(line, 1, fmt.Sprintf("the line has %d values, and no %s", len(record), column), "write it, or take the line out")
			if t.report.full() {
				return
			}
			continue
		}
		line, col := r.FieldPos(at)
		d, err := cell(strings.TrimSpace(record[at]), column)
		if !t.take(line, t.column(line, col), d, err) {
			return
		}
	}
}

// column counts characters, as places do, where a library counts bytes from 1.
func (t *sampleText) column(line, bytes int) int {
	if line < 1 || line > len(t.src.lines) {
		return 1
	}
	text := t.src.lines[line-1]
	return 1 + len([]rune(text[:max(0, min(bytes-1, len(text)))]))
}

// header finds the column; -1: there is none.
func (t *sampleText) header(line int, names []string, column string) int {
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	at := slices.Index(names, column)
	switch {
	case at < 0 && len(names) == 1 && strings.ContainsAny(names[0], ";\t"):
		t.fail(line, 1, "there is no column "+column, "columns are separated by commas")
	case at < 0:
		t.fail(line, 1, "there is no column "+column, didYouMean(column, names))
	case slices.Contains(names[at+1:], column):
		t.fail(line, 1, "there are two columns "+column, "")
		return -1
	}
	return at
}

// columnUnits are the endings of names of columns that tell a unit.
var columnUnits = [...]struct {
	ending string
	unit   time.Duration
}{{"_ns", time.Nanosecond}, {"_us", time.Microsecond}, {"_ms", time.Millisecond}, {"_s", time.Second}}

var decimalRE = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$`)

// cell reads a value of a column: a duration with its unit, or a number, whose unit
// the column tells.
func cell(value, column string) (time.Duration, error) {
	switch {
	case value == "":
		return 0, complaint{"there is no " + column, "write it, or take the line out"}
	case !decimalRE.MatchString(value):
		return durationOf(value)
	}
	for _, u := range columnUnits {
		if strings.HasSuffix(column, u.ending) {
			return times(value, u.unit)
		}
	}
	return 0, complaint{value + " has no unit", "write " + value + "s, or call the column " + column + "_s, or with _ms, _us, _ns"}
}

// times gives a number of units, to the nearest nanosecond.
func times(number string, unit time.Duration) (time.Duration, error) {
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, complaint{fmt.Sprintf("%q is not a number", number), ""}
	}
	n.Mul(n, new(big.Rat).SetInt64(int64(unit)))
	if n.Cmp(new(big.Rat).SetInt64(int64(longest))) > 0 {
		return 0, complaint{number + " is longer than 366 days", ""}
	}
	twice := new(big.Int).Mul(n.Num(), big.NewInt(2))
	twice.Add(twice, n.Denom())
	return time.Duration(twice.Div(twice, new(big.Int).Mul(n.Denom(), big.NewInt(2))).Int64()), nil
}

// durationOf reads a duration with its unit.
func durationOf(value string) (time.Duration, error) {
	d, err := parseDuration(value)
	if err != nil {
		return 0, err
	}
	return d.(time.Duration), nil
}
