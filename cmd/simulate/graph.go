package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"dualhome/report/diagram"
)

func newGraph(s *shell) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use: "graph NAME|FILE", Short: "A picture of a scenario", Args: cobra.ExactArgs(1),
		Long: `Draws the network of a scenario: VNets with what stands in them, sites and the
Internet; peerings, tunnels, circuits and BGP sessions.

svg is a finished picture, light or dark as the reader's system is, of networks that
are not too large to be seen. mermaid and dot are for Mermaid and Graphviz, which
place things themselves.`,
		Example: "  simulate graph active-passive --format svg > active-passive.svg\n" +
			"  simulate graph active-passive --format dot | dot -Tsvg > active-passive.svg",
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains([]string{"mermaid", "dot", "svg"}, format) {
				return usage("--format %s: it is mermaid, dot or svg", format)
			}
			scenario, err := s.load(args[0], nil)
			if err != nil {
				return err
			}
			text, err := drawn(diagram.Of(scenario), format)
			if err == nil {
				_, err = fmt.Fprint(s.out, text)
			}
			return err
		},
	}
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid, dot or svg")
	return c
}

// drawn gives a picture in a format.
func drawn(d diagram.Diagram, format string) (string, error) {
	switch format {
	case "dot":
		return d.Dot(), nil
	case "svg":
		p, err := d.SVG()
		if err != nil {
			return "", usage("%w\n  hint: --format dot or mermaid has no such bound", err)
		}
		return p.File(), nil
	}
	return d.Mermaid(), nil
}
