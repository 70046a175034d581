package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"dualhome/scenarios"
)

func newImport(s *shell) *cobra.Command {
	c := &cobra.Command{
		Use: "import", Short: "A scenario from a network that others measured", Args: cobra.NoArgs,
		Example: "  simulate import as-rel 20260101.as-rel.txt > internet.yaml\n  simulate import graphml Abilene.graphml > abilene.yaml",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		newImportASRel(s),
		&cobra.Command{
			Use: "graphml FILE", Short: "A topology in GraphML, as of the Internet Topology Zoo", Args: argsAreUsage(cobra.ExactArgs(1)),
			Long: `Prints a scenario with one router, in an AS of its own, for each node of a graph;
the first originates a prefix. Edges with a distance, in km, get the delay of
light in fibre (5us/km), others 10ms. Several edges between two nodes are one link.
A network has at most 25,000 routers and 100,000 links.`,
			RunE: func(_ *cobra.Command, args []string) error { return s.importFile(args[0], readGraphML) },
		},
	)
	return c
}

// imported is a network as a file has it.
type imported struct {
	nodes []importedNode
	edges []importedEdge
}

type importedNode struct {
	name       string
	asn        uint64
	originates bool
}

type importedEdge struct {
	a, b            string
	relation, delay string // none where they are empty
}

// importFile prints the scenario that a file describes. What it prints can run.
func (s *shell) importFile(path string, read func(path string, text []byte) (imported, error)) error {
	text, err := readBounded(path)
	if err != nil {
		return err
	}
	network, err := read(path, text)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	out := network.scenario(path)
	if _, _, err := scenarios.Load("imported from "+path, out); err != nil {
		return err
	}
	_, err = s.out.Write(out)
	return err
}

// scenario writes the network as a scenario.
func (n imported) scenario(path string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nname: %q\ndescription: %q\nhorizon: 3600s\nstart: established\nrouters:\n",
		plainName(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), 63), "imported from "+strings.ReplaceAll(filepath.Base(path), "$", "$$"))
	for i, r := range n.nodes {
		fmt.Fprintf(&b, "  - {name: %q, asn: %d", r.name, r.asn)
		if r.originates {
			fmt.Fprintf(&b, ", originates: [%v]", scenarios.Originated(i))
		}
		b.WriteString("}\n")
	}
	if len(n.edges) > 0 {
		b.WriteString("links:\n")
	}
	for _, e := range n.edges {
		fmt.Fprintf(&b, "  - {name: %q, between: [%q, %q]", linkName(e.a, e.b), e.a, e.b)
		if e.relation != "" {
			fmt.Fprintf(&b, ", relation: %s", e.relation)
		}
		if e.delay != "" {
			fmt.Fprintf(&b, ", delay: %s", e.delay)
		}
		b.WriteString("}\n")
	}
	return []byte(b.String())
}

// linkName joins the names of two routers by what no such name has: two dashes.
func linkName(a, b string) string { return a + "--" + b }

// fits tells what is wrong with the size of a network.
func (n imported) fits(path string) error {
	const routers, links = 25_000, 100_000
	switch {
	case len(n.nodes) == 0:
		return fmt.Errorf("%s: there is no network in it", path)
	case len(n.nodes) > routers || len(n.edges) > links:
		return fmt.Errorf("%s: %d routers and %d links; 25,000 and 100,000 are the limit\n  hint: a part of the file, for instance without the ASes that have one provider and no customer",
			path, len(n.nodes), len(n.edges))
	}
	return nil
}

// plainName makes a name of a scenario of any text.
func plainName(text string, longest int) string {
	var b strings.Builder
	for _, c := range strings.ToLower(text) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := b.String()
	return cmp.Or(strings.Trim(name[:min(len(name), longest)], "-"), "x")
}
