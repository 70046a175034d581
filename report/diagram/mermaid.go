package diagram

import (
	"fmt"
	"strings"
)

// Mermaid gives the picture as a Mermaid flowchart.
func (d Diagram) Mermaid() string { return outlined(d.scenario).mermaid() }

// mermaid gives the outline as a Mermaid flowchart.
func (d outline) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TB\n")
	put := func(indent string, x item) {
		fmt.Fprintf(&b, "%s%s[\"%s\"]\n", indent, mermaidID(x.id), strings.ReplaceAll(x.label, "\n", "<br/>"))
	}
	for _, f := range d.groups {
		fmt.Fprintf(&b, "  subgraph %s [\"%s\"]\n", mermaidID(f.id), f.label)
		for _, x := range f.items {
			put("    ", x)
		}
		b.WriteString("  end\n")
	}
	for _, x := range d.items {
		put("  ", x)
	}
	for _, l := range d.joins {
		arrow := "---"
		if l.bgp {
			arrow = "-.-"
		}
		fmt.Fprintf(&b, "  %s %s|%s| %s\n", mermaidID(l.from), arrow, strings.ReplaceAll(l.label, "\n", "<br/>"), mermaidID(l.to))
	}
	return b.String()
}

// mermaidID gives the id of a name: "end" and "a--b" are part of the language.
// Names have no underscores, so two of them stay two.
func mermaidID(name string) string { return "n_" + strings.ReplaceAll(name, "-", "_") }
