package main

import (
	"encoding/json"
	"fmt"
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

// document is what a command prints: lines of text and tables, and the same as
// data.
type document struct {
	parts []part
	data  any // for -o json; nil: the tables
}

// part is a table, or else a line of text, which is only for people.
type part struct {
	line  string
	table *table
}

func (d *document) say(lines ...string) {
	for _, l := range lines {
		d.parts = append(d.parts, part{line: l})
	}
}

func (d *document) show(t table) { d.parts = append(d.parts, part{table: &t}) }

// render prints a document in the chosen format.
func (s *shell) render(d document) error {
	if s.format == "json" {
		return s.renderJSON(d)
	}
	for _, p := range d.parts {
		text := p.line
		switch {
		case p.table != nil:
			text = p.table.text(s.format)
		case s.format == "csv":
			continue
		}
		if _, err := fmt.Fprintln(s.out, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *shell) renderJSON(d document) error {
	data := d.data
	if data == nil {
		all := map[string][]map[string]string{}
		for _, p := range d.parts {
			if p.table != nil {
				all[p.table.name] = p.table.objects()
			}
		}
		data = all
	}
	e := json.NewEncoder(s.out)
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
