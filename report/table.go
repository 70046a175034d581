package report

import "strconv"

// Table is a table of a page.
type Table struct {
	ID      string
	Caption string
	Head    []Column
	Rows    [][]Cell
	Empty   string // what is said where there are no rows
}

// Column is the head of a column.
type Column struct {
	Name   string
	Number bool // aligned at the right
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

// Columns gives heads of columns by their names; those that end in # hold numbers.
func Columns(names ...string) []Column {
	all := make([]Column, len(names))
	for i, n := range names {
		last := len(n) - 1
		if last >= 0 && n[last] == '#' {
			all[i] = Column{Name: n[:last], Number: true}
		} else {
			all[i] = Column{Name: n}
		}
	}
	return all
}

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
	p.begin("table", "id", t.ID, "class", "sortable")
	p.text("caption", t.Caption)
	p.begin("thead")
	p.begin("tr")
	for _, c := range t.Head {
		p.text("th", c.Name, "scope", "col", "class", c.class(""))
	}
	p.end()
	p.end()
	p.begin("tbody")
	for _, row := range t.Rows {
		p.begin("tr")
		for i, c := range row {
			p.text("td", c.Text, "class", t.Head[i].class(c.Tone), "data-value", c.Value)
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
		return "number " + string(tone)
	case c.Number:
		return "number"
	}
	return string(tone)
}
