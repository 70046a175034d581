package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"dualhome/report/diagram"
	"dualhome/report/svg"
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
				_, err = fmt.Fprint(s.out, diagram.Of(scenario).Mermaid())
			case "dot":
				_, err = fmt.Fprint(s.out, diagram.Of(scenario).Dot())
			case "svg":
				var p svg.Picture
				if p, err = diagram.Of(scenario).SVG(); err == nil {
					_, err = fmt.Fprint(s.out, p.File())
				}
			default:
				return usage("--format %s: it is mermaid, dot or svg", format)
			}
			return err
		},
	}
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid, dot or svg")
	return c
}
