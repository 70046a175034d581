package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tab "github.com/jedib0t/go-pretty/v6/table"
)

// table is a table of texts with a name.
type table struct {
	name string
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// prepend adds a first column that has one value.
func (t *table) prepend(name, value string) {
	t.head = append([]string{name}, t.head...)
	for i, r := range t.rows {
		t.rows[i] = append([]string{value}, r...)
	}
}

// drop removes a column.
func (t *table) drop(column int) {
	t.head = slices.Delete(t.head, column, column+1)
	for i, r := range t.rows {
		t.rows[i] = slices.Delete(r, column, column+1)
	}
}

// document is what a command prints: lines of text and tables, and the same as
// data.
type document struct {
	parts []part
	data  any // for -o json; nil: the tables
}

// part is a table, or else a line of text, which is only for people.
type part struct {
	line  string
	paint paint
	table *table
}

// paint is how a terminal shows a line: an ANSI attribute.
type paint string

const (
	bold  paint = "\x1b[1m"
	green paint = "\x1b[32m"
	red   paint = "\x1b[31m"
	plain paint = ""
)

func (d *document) say(lines ...string) {
	for _, l := range lines {
		d.parts = append(d.parts, part{line: l})
	}
}

func (d *document) stress(p paint, line string) {
	d.parts = append(d.parts, part{line: line, paint: p})
}

func (d *document) stressAll(p paint, lines []string) {
	for _, l := range lines {
		d.stress(p, l)
	}
}

func (d *document) show(t table) { d.parts = append(d.parts, part{table: &t}) }

// render prints a document in the chosen format.
func (s *shell) render(d document) error {
	if s.format == "json" {
		return s.renderJSON(d)
	}
	if s.format == "csv" {
		d.parts = d.tables()
	}
	for i, p := range d.parts {
		text := p.line
		if p.table != nil {
			text = p.table.text(s.format)
		}
		if s.format == "markdown" && i > 0 && p.table != nil && d.parts[i-1].line != "" {
			text = "\n" + text // a table right below a line would be a part of its paragraph
		}
		if s.format == "markdown" && i > 0 && p.line != "" && d.parts[i-1].table != nil {
			text = "\n" + text // a line right below a table would be one of its rows
		}
		if p.paint != plain && s.format == "table" && s.colored() {
			text = string(p.paint) + text + "\x1b[0m"
		}
		if _, err := fmt.Fprintln(s.out, text); err != nil {
			return err
		}
	}
	return nil
}

// answer prints a line for people, or the same as a table for programs.
func (s *shell) answer(line string, t table) error {
	var d document
	switch {
	case s.format != "table":
		d.show(t)
	case line != "":
		d.say(line)
	}
	return s.render(d)
}

// tables gives the tables alone: those of one name as one, with an empty line
// between two names.
func (d *document) tables() []part {
	var all []part
	for _, p := range d.parts {
		last := len(all) - 1
		switch {
		case p.table == nil:
		case last >= 0 && all[last].table.name == p.table.name:
			all[last].table.rows = append(all[last].table.rows, p.table.rows...)
		case last >= 0:
			all = append(all, part{}, p)
		default:
			all = append(all, p)
		}
	}
	return all
}

func (s *shell) renderJSON(d document) error {
	data := d.data
	if data == nil {
		all := map[string][]map[string]string{}
		for _, p := range d.parts {
			if p.table != nil {
				all[p.table.name] = append(all[p.table.name], p.table.objects()...)
			}
		}
		data = all
	}
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false) // rules have < and >
	e.SetIndent("", "  ")
	return e.Encode(data)
}

// objects gives the rows by their column names.
func (t *table) objects() []map[string]string {
	rows := make([]map[string]string, len(t.rows))
	for i, r := range t.rows {
		rows[i] = map[string]string{}
		for j, cell := range r {
			rows[i][t.head[j]] = cell
		}
	}
	return rows
}

// text gives the table in a format.
func (t *table) text(format string) string {
	w := tab.NewWriter()
	style := tab.StyleLight
	style.Format.Header = 0
	style.Options = tab.Options{SeparateHeader: true}
	style.Box.PaddingLeft = ""
	w.SetStyle(style)
	w.AppendHeader(cells(t.head))
	for _, r := range t.rows {
		w.AppendRow(cells(r))
	}
	switch format {
	case "csv":
		return w.RenderCSV()
	case "markdown":
		return w.RenderMarkdown()
	}
	return trimmed(w.Render())
}

// trimmed removes spaces at the ends of lines.
func trimmed(text string) string {
	all := strings.Split(text, "\n")
	for i, l := range all {
		all[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(all, "\n")
}

func cells(texts []string) tab.Row {
	row := make(tab.Row, len(texts))
	for i, t := range texts {
		row[i] = t
	}
	return row
}
