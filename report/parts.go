package report

import (
	"cmp"
	"strconv"
	"strings"
)

// Figure is a number of the first screen.
type Figure struct {
	Name  string
	Value string // for people
	Exact string // the exact value; "": Value is
	Note  string // whose it is, or what it means
	Tone  Tone
}

// figures writes the numbers that matter most, side by side.
func (p *page) figures(all ...Figure) {
	p.begin("dl", "class", "figures")
	for _, f := range all {
		p.begin("div", "class", string(f.Tone))
		p.text("dt", f.Name)
		p.text("dd", f.Value, "data-value", cmp.Or(f.Exact, f.Value))
		if f.Note != "" {
			p.text("dd", f.Note, "class", "note")
		}
		p.end()
	}
	p.end()
}

// Sentence is a sentence of the headline.
type Sentence struct {
	Text string
	Tone Tone
}

// headline writes what happened: one sentence large, the others below in a paragraph,
// but for those that are good or bad, which stand out.
func (p *page) headline(all ...Sentence) {
	p.begin("div", "class", "headline")
	var plain []string
	for i, s := range all {
		switch {
		case i == 0:
			p.text("p", s.Text, "class", strings.TrimSpace("first "+string(s.Tone)))
		case s.Tone == Plain:
			plain = append(plain, s.Text)
		}
	}
	if len(plain) > 0 {
		p.text("p", strings.Join(plain, " "))
	}
	for i, s := range all {
		if i > 0 && s.Tone != Plain {
			p.text("p", s.Text, "class", "more "+string(s.Tone))
		}
	}
	p.end()
}

// Assumption is a value that the figures depend on, although no document gives it.
type Assumption struct {
	Name, Value string
	Grade       string // D, M, O, I, U
	Source      string
}

// assumed writes the section about what is assumed.
func (p *page) assumed(all []Assumption) {
	p.section("assumptions", "What is assumed")
	p.text("p", "The figures depend on these values. D: documented by Microsoft, an RFC or who made it. M: measured by whoever wrote the scenario. "+
		"O: observed on real Azure or in recorded runs, by third parties. I: inferred from what is documented or observed. "+
		"U: unknown, there is no source; it is an option with a default.", "class", "note")
	t := Table{ID: "assumed", Caption: "Assumed values", Head: Columns("assumption", "value", "grade", "source of the usual value"), Empty: "Nothing is assumed that no document gives."}
	for _, a := range all {
		tone := Plain
		if a.Grade == "U" {
			tone = Bad
		}
		t.Rows = append(t.Rows, []Cell{Text(a.Name), Text(a.Value), {Text: a.Grade, Tone: tone}, Text(a.Source)})
	}
	p.table(t)
	p.end()
}

// Provenance is where the figures come from.
type Provenance struct {
	Facts    [][2]string // name and value: scenario, seed, digest, versions
	Commands []string    // that make the same again
	Texts    [][2]string // name and text of the files that went in
}

// provenance writes the section about where the figures come from.
func (p *page) provenance(v Provenance) {
	p.section("provenance", "Provenance")
	p.begin("dl", "class", "facts")
	for _, f := range v.Facts {
		p.text("dt", f[0])
		p.text("dd", f[1])
	}
	p.end()
	if len(v.Commands) > 0 {
		p.text("p", "The same again:")
	}
	for _, c := range v.Commands {
		p.text("pre", c, "class", "command", "tabindex", "0")
	}
	for _, t := range v.Texts {
		p.begin("details")
		p.text("summary", t[0])
		p.text("pre", t[1], "tabindex", "0")
		p.end()
	}
	p.end()
}

// tab is one of several parts of a page of which a screen shows one, and paper all.
type tab struct {
	name string
	data []string // further attributes of its button
	fill func()
}

// tabs writes parts of which the first is shown.
func (p *page) tabs(id, label string, all []tab) {
	p.begin("div", "class", "tabs live", "role", "tablist", "aria-label", label)
	for i, t := range all {
		selected, reached := "false", "-1"
		if i == 0 {
			selected, reached = "true", "0"
		}
		of := tabID(id, i)
		p.text("button", t.name, append([]string{
			"type", "button", "role", "tab", "id", of + "-tab", "aria-controls", of, "aria-selected", selected, "tabindex", reached,
		}, t.data...)...)
	}
	p.end()
	for i, t := range all {
		class := "panel"
		if i == 0 {
			class = "panel current"
		}
		p.begin("div", "class", class, "role", "tabpanel", "id", tabID(id, i), "aria-labelledby", tabID(id, i)+"-tab")
		p.text("h3", t.name)
		t.fill()
		p.end()
	}
}

func tabID(id string, i int) string { return id + "-" + strconv.Itoa(i) }
