package svg

import "strings"

// Picture is a finished picture.
type Picture struct {
	Width, Height float64 // of its own coordinates, in CSS pixels
	Class         string  // of the root element, which the style names
	Title         string  // what it shows, in a few words
	Desc          string  // what is to be seen in it, for those who do not see it
	Data          []any   // further attributes of the root element, as a Writer takes them
	Style         string  // the CSS of its classes, whose colours are the variables of Palette
	Body          string  // what a Writer collected
}

// File gives the picture as a file that stands alone, on paper of its own.
func (p Picture) File() string {
	paper := ".picture-paper { fill: var(--paper); }\n"
	return p.text("http://www.w3.org/2000/svg", "picture", func(w *Writer) {
		w.Open("style")
		w.b.WriteString(inColors(paper + p.Style))
		w.Close()
		w.Leaf("rect", "class", "picture-paper", "width", p.Width, "height", p.Height)
	})
}

// Inline gives the picture for a page that has Palette and the style already. The id
// is that of the picture in the page.
func (p Picture) Inline(id string) string { return p.text("", id, func(*Writer) {}) }

// Stack gives pictures of one style, at least one, as one picture, each below the one
// before. One alone is as it was; of several the title is another.
func Stack(title string, all ...Picture) Picture {
	if len(all) == 1 {
		return all[0]
	}
	p := Picture{Class: all[0].Class, Title: title, Style: all[0].Style}
	var w Writer
	var said []string
	for _, one := range all {
		w.Open("g", "class", one.Class, "transform", "translate(0 "+Number(p.Height)+")")
		w.Raw(one.Body)
		w.Close()
		p.Width, p.Height = max(p.Width, one.Width), p.Height+one.Height
		said = append(said, one.Title+": "+one.Desc)
	}
	p.Desc, p.Body = strings.Join(said, ". "), w.String()
	return p
}

func (p Picture) text(xmlns, id string, before func(*Writer)) string {
	var w Writer
	attrs := []any{
		"xmlns", xmlns, "id", id, "class", p.Class, "viewBox", "0 0 " + Number(p.Width) + " " + Number(p.Height),
		"width", p.Width, "height", p.Height, "role", "img", "aria-labelledby", id + "-title " + id + "-desc",
	}
	w.Open("svg", append(attrs, p.Data...)...)
	w.Text("title", p.Title, "id", id+"-title")
	w.Text("desc", p.Desc, "id", id+"-desc")
	before(&w)
	w.Raw(p.Body)
	w.Close()
	return w.String()
}
