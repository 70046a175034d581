package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dualhome/scenarios"
)

func newGraph(s *shell) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use: "graph NAME|FILE", Short: "A picture of a scenario", Args: cobra.ExactArgs(1),
		Example: "  simulate graph active-passive --format dot | dot -Tsvg > active-passive.svg",
		RunE: func(_ *cobra.Command, args []string) error {
			scenario, err := s.load(args[0], nil)
			if err != nil {
				return err
			}
			switch format {
			case "mermaid":
				_, err = fmt.Fprint(s.out, picture(scenario).mermaid())
			case "dot":
				_, err = fmt.Fprint(s.out, picture(scenario).dot())
			default:
				return usage("--format %s: it is mermaid or dot", format)
			}
			return err
		},
	}
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid or dot")
	return c
}

// drawing is a scenario as boxes, in frames, and lines between them.
type drawing struct {
	frames []frame
	boxes  []box // outside of all frames
	lines  []line
}

type frame struct {
	id, label string
	boxes     []box
}

type box struct{ id, label string }

type line struct {
	from, to, label string
	bgp             bool
}

// picture draws the VNets with what stands in them, the sites, and between them
// BGP sessions, peerings and tunnels.
func picture(s *scenarios.Scenario) drawing {
	var d drawing
	for _, v := range s.VNets {
		d.frames = append(d.frames, frame{v.Name, "VNet " + v.Name + " " + v.AddressSpace[0].String(), inVNet(s, v.Name)})
	}
	for _, site := range s.Sites {
		d.boxes = append(d.boxes, box{site.Name, fmt.Sprintf("%s\nAS %d\n%v", site.Name, site.ASN, site.Prefixes[0])})
		for _, t := range site.Tunnels {
			d.lines = append(d.lines, line{t.NVA, site.Name, "tunnel, BGP", t.BGP})
		}
	}
	for _, n := range s.NVAs {
		for _, rs := range n.RouteServers {
			d.lines = append(d.lines, line{rs, n.Name, "BGP", true})
		}
	}
	for _, p := range s.Peerings {
		d.lines = append(d.lines, line{p.Between[0], p.Between[1], "peering", false})
	}
	return d
}

func inVNet(s *scenarios.Scenario, vnet string) []box {
	var all []box
	for _, r := range s.RouteServers {
		if r.VNet == vnet {
			all = append(all, box{r.Name, "Route Server " + r.Name + "\nAS 65515"})
		}
	}
	for _, n := range s.NVAs {
		if n.VNet == vnet {
			label := fmt.Sprintf("NVA %s (%s)\nAS %d, %v", n.Name, strings.Join(n.Roles, ", "), n.ASN, n.Address)
			if n.Prepend > 0 {
				label += fmt.Sprintf("\nprepends %d", n.Prepend)
			}
			all = append(all, box{n.Name, label})
		}
	}
	for _, v := range s.VMs {
		if v.VNet == vnet {
			all = append(all, box{v.Name, fmt.Sprintf("%d VMs %s", v.Count, v.Name)})
		}
	}
	return all
}

// mermaid gives the drawing as a Mermaid flowchart.
func (d drawing) mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TB\n")
	put := func(indent string, x box) {
		fmt.Fprintf(&b, "%s%s[\"%s\"]\n", indent, x.id, strings.ReplaceAll(x.label, "\n", "<br/>"))
	}
	for _, f := range d.frames {
		fmt.Fprintf(&b, "  subgraph %s [\"%s\"]\n", f.id, f.label)
		for _, x := range f.boxes {
			put("    ", x)
		}
		b.WriteString("  end\n")
	}
	for _, x := range d.boxes {
		put("  ", x)
	}
	for _, l := range d.lines {
		arrow := "---"
		if l.bgp {
			arrow = "-.-"
		}
		fmt.Fprintf(&b, "  %s %s|%s| %s\n", l.from, arrow, l.label, l.to)
	}
	return b.String()
}

// dot gives the drawing in Graphviz's language. A line to a frame ends at its
// border.
func (d drawing) dot() string {
	var b strings.Builder
	b.WriteString("graph {\n  compound=true; rankdir=TB; node [shape=box, fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\", fontsize=10];\n")
	first := map[string]string{}
	put := func(indent string, x box) {
		fmt.Fprintf(&b, "%s%q [label=\"%s\"];\n", indent, x.id, strings.ReplaceAll(x.label, "\n", `\n`))
	}
	for _, f := range d.frames {
		fmt.Fprintf(&b, "  subgraph %q {\n    label=%q;\n", "cluster_"+f.id, f.label)
		for i, x := range f.boxes {
			if i == 0 {
				first[f.id] = x.id
			}
			put("    ", x)
		}
		b.WriteString("  }\n")
	}
	for _, x := range d.boxes {
		put("  ", x)
	}
	for _, l := range d.lines {
		style := "solid"
		if l.bgp {
			style = "dashed"
		}
		ends := ""
		from, to := l.from, l.to
		if x, ok := first[from]; ok {
			ends += fmt.Sprintf(", ltail=%q", "cluster_"+from)
			from = x
		}
		if x, ok := first[to]; ok {
			ends += fmt.Sprintf(", lhead=%q", "cluster_"+to)
			to = x
		}
		fmt.Fprintf(&b, "  %q -- %q [label=%q, style=%s%s];\n", from, to, l.label, style, ends)
	}
	b.WriteString("}\n")
	return b.String()
}
