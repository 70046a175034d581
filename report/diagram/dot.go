package diagram

import (
	"fmt"
	"strings"
)

// Dot gives the picture in the language of Graphviz.
func (d Diagram) Dot() string { return outlined(d.scenario).dot() }

// dotStyle is how everything looks.
const dotStyle = `  compound=true; nodesep=0.7; ranksep=0.9; fontname="Helvetica"; fontsize=12; style="rounded,filled"; color="#7a9cc6"; fillcolor="#eef3fa";
  node [shape=box, style="rounded,filled", color="#44546a", fillcolor="white", fontname="Helvetica", fontsize=11];
  edge [color="#44546a", fontname="Helvetica", fontsize=9, fontcolor="#44546a"];
`

// dot gives the outline in Graphviz's language. A line to a group ends at its
// border; Graphviz wants it to lead to an item inside.
func (d outline) dot() string {
	var b strings.Builder
	b.WriteString("graph {\n" + dotStyle)
	put := func(indent string, x item) {
		fmt.Fprintf(&b, "%s%q [label=\"%s\"];\n", indent, x.id, strings.ReplaceAll(x.label, "\n", `\n`))
	}
	inside := map[string]string{}
	for _, f := range d.groups {
		fmt.Fprintf(&b, "  subgraph %q {\n    label=%q;\n", "cluster_"+f.id, f.label)
		for _, x := range f.items {
			put("    ", x)
		}
		if inside[f.id] = f.id; len(f.items) > 0 {
			inside[f.id] = f.items[0].id
		} else {
			fmt.Fprintf(&b, "    %q [style=invis, label=\"\"];\n", f.id)
		}
		b.WriteString("  }\n")
	}
	for _, x := range d.items {
		put("  ", x)
	}
	for _, l := range d.joins {
		b.WriteString(l.dot(inside))
	}
	b.WriteString("}\n")
	return b.String()
}

// dot gives a line; inside has an item of each group.
func (l join) dot(inside map[string]string) string {
	style := ""
	if l.bgp {
		style = ", style=dashed"
	}
	if x, ok := inside[l.from]; ok {
		style += fmt.Sprintf(", ltail=%q", "cluster_"+l.from)
		l.from = x
	}
	if x, ok := inside[l.to]; ok {
		style += fmt.Sprintf(", lhead=%q, penwidth=3, color=\"#7a9cc6\", constraint=false", "cluster_"+l.to)
		l.to = x
	}
	return fmt.Sprintf("  %q -- %q [label=%q%s];\n", l.from, l.to, " "+l.label, style)
}
