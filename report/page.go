package report

import (
	"crypto/sha256"
	_ "embed" // the styles and scripts of pages
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"dualhome/report/svg"
)

var (
	//go:embed page.css
	pageStyle string
	//go:embed theme.js
	themeScript string
	//go:embed page.js
	pageScript string
)

// page collects one page, in the order in which it is read.
type page struct {
	html
	title    string
	styles   []string // each once
	scripts  []string // after page.js
	sections [][2]string
	held     string // JSON
}

// newPage begins a page. The scripts run in their order, after page.js.
func newPage(title string, scripts ...string) *page {
	return &page{title: title, styles: []string{svg.Palette(), pageStyle}, scripts: scripts}
}

// section begins a part of the page that its contents list. It ends with end.
func (p *page) section(id, title string) {
	p.sections = append(p.sections, [2]string{id, title})
	p.begin("section", "id", id, "aria-labelledby", id+"-title")
	p.text("h2", title, "id", id+"-title")
}

// picture writes a picture into a container of its own, where it is scrolled if it is
// wider than the page.
func (p *page) picture(id string, pic svg.Picture) {
	if !slices.Contains(p.styles, pic.Style) {
		p.styles = append(p.styles, pic.Style)
	}
	p.begin("div", "class", "picture", "tabindex", "0", "role", "group", "aria-label", pic.Title)
	p.Raw(pic.Inline(id))
	p.end()
}

// data keeps what the scripts find as page.data.
func (p *page) data(v any) error {
	text, err := json.Marshal(v) // < > and & are escaped
	p.held = string(text)
	return err
}

// write writes the whole page.
func (p *page) write(w io.Writer) error {
	style := strings.Join(p.styles, "\n")
	script := "'use strict';\n" + strings.Join(append([]string{pageScript}, p.scripts...), "\n")
	var h html
	h.Raw("<!doctype html>\n")
	h.begin("html", "lang", "en")
	h.begin("head")
	h.leaf("meta", "charset", "utf-8")
	h.leaf("meta", "http-equiv", "Content-Security-Policy", "content", policy(style, themeScript, script))
	h.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	h.leaf("meta", "name", "color-scheme", "content", "light dark")
	h.leaf("meta", "name", "referrer", "content", "no-referrer")
	h.text("title", p.title)
	h.verbatim("style", style)
	h.verbatim("script", themeScript)
	h.end()
	h.begin("body")
	p.body(&h)
	if p.held != "" {
		h.verbatim("script", p.held, "type", "application/json", "id", "data")
	}
	h.verbatim("script", script)
	h.end()
	h.end()
	_, err := io.WriteString(w, h.String())
	return err
}

func (p *page) body(h *html) {
	h.text("a", "Skip to the page", "class", "skip", "href", "#main")
	h.begin("header", "class", "top")
	h.begin("nav", "aria-label", "Contents")
	for _, s := range p.sections {
		h.text("a", s[1], "href", "#"+s[0])
	}
	h.end()
	h.text("button", "Light or dark", "id", "theme", "class", "live", "type", "button")
	h.end()
	h.begin("main", "id", "main", "tabindex", "-1")
	h.text("h1", p.title)
	h.Raw(p.String())
	h.end()
}

// verbatim writes an element whose content no parser looks into: it is not escaped.
func (h *html) verbatim(name, content string, attrs ...string) {
	if lower := strings.ToLower(content); strings.Contains(lower, "</"+name) || strings.Contains(lower, "<!--") {
		panic("report: it would end its " + name)
	}
	h.Verbatim(name, content, anys(attrs)...)
}

// policy allows one style and some scripts, and nothing else (Content Security Policy
// Level 3, W3C).
func policy(style string, scripts ...string) string {
	allowed := make([]string, len(scripts))
	for i, s := range scripts {
		allowed[i] = source(s)
	}
	return "default-src 'none'; script-src " + strings.Join(allowed, " ") + "; style-src " + source(style) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

// source names a text by its hash, as a policy does.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
