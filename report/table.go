package report

import (
	"strconv"
	"strings"
)

// Table is a table of a page.
type Table struct {
	ID      string
	Caption string
	Head    []Column
	Rows    [][]Cell
	Empty   string // what is said where there are no rows
	Tight   bool   // no cell is broken into lines
}

// Column is the head of a column.
type Column struct {
	Name   string
	Key    string // of the column of an Arrow file that its exact values are those of; "": Name
	Number bool   // aligned at the right
}

// Cell is a cell of a table.
type Cell struct {
	Text  string // for people
	Value string // for programs, and for sorting: the exact value; "": the text is
	Tone  Tone
}

// Tone says whether something is good or bad. Its text has to say so too.
type Tone string

// The tones.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Bad   Tone = "bad"
)

// Columns gives heads of columns by their names; those that end in # hold numbers. A
// name may be followed by the key of the column, after a =: lost=lost_bytes#.
func Columns(names ...string) []Column {
	all := make([]Column, len(names))
	for i, n := range names {
		n, all[i].Number = strings.CutSuffix(n, "#")
		all[i].Name, all[i].Key, _ = strings.Cut(n, "=")
	}
	return all
}

// None is the text of a cell that holds nothing, null in an Arrow file.
const None = "-"

// Text is a cell that holds text alone.
func Text(text string) Cell { return Cell{Text: text} }

// Int is a cell of a whole number, written for people as text.
func Int(v int64, text string) Cell { return Cell{Text: text, Value: strconv.FormatInt(v, 10)} }

// table writes a table into a container of its own, where it is scrolled if it is
// wider than the page. With scripts it is sorted by a click on a head.
func (p *page) table(t Table) {
	if len(t.Rows) == 0 && t.Empty != "" {
		p.text("p", t.Empty, "id", t.ID, "class", "empty")
		return
	}
	p.begin("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", t.Caption)
	class := "sortable"
	if t.Tight {
		class += " tight"
	}
	p.begin("table", "id", t.ID, "class", class)
	p.text("caption", t.Caption)
	p.begin("thead")
	p.begin("tr")
	for _, c := range t.Head {
		p.text("th", c.Name, "scope", "col", "class", c.class(Plain), "data-column", c.Key)
	}
	p.end()
	p.end()
	p.begin("tbody")
	for _, row := range t.Rows {
		p.begin("tr")
		for i, c := range row {
			exact := c.Value
			if exact == c.Text {
				exact = ""
			}
			p.text("td", c.Text, "class", t.Head[i].class(c.Tone), "data-value", exact)
		}
		p.end()
	}
	p.end()
	p.end()
	p.end()
}

func (c Column) class(tone Tone) string {
	switch {
	case c.Number && tone != Plain:
		return "num " + string(tone)
	case c.Number:
		return "num"
	}
	return string(tone)
}
