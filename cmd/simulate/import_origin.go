package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// mostOrigins is how many ASes originate a prefix each without being told to.
const mostOrigins = 1000

func newImportASRel(s *shell) *cobra.Command {
	var origin string
	c := &cobra.Command{
		Use: "as-rel FILE", Short: "AS relationships as CAIDA publishes them (serial-1 or serial-2)", Args: argsAreUsage(cobra.ExactArgs(1)),
		Long: `Prints a scenario with one router for each AS of a file of AS relationships: a
line a|b|-1 says that a is a provider of b, a|b|0 that they are peers; lines with
# are comments. A network has at most 25,000 routers and 100,000 links; the whole
Internet has more.

Up to 1,000 ASes originate a prefix each. Of more, --origin must say which do: in N
ASes that all originate one, the routers hold about N² routes together.`,
		RunE: func(_ *cobra.Command, args []string) error {
			return s.importFile(args[0], func(path string, text []byte) (imported, error) {
				n, err := readASRelations(path, text)
				if err == nil {
					err = n.originate(path, origin)
				}
				if err == nil {
					s.warnOfCircle(path, n)
				}
				return n, err
			})
		},
	}
	c.Flags().StringVar(&origin, "origin", "", "which ASes originate a prefix: all, none or the number of one (up to 1,000 ASes: all)")
	return c
}

// originate lets those ASes originate a prefix that --origin names.
func (n imported) originate(path, who string) error {
	if who == "" && len(n.nodes) > mostOrigins {
		return fmt.Errorf("%s: of %d ASes --origin must say which originate a prefix: were it each, the routers would hold about %d routes together\n"+
			"  hint: --origin %d for one AS, --origin none, or --origin all", path, len(n.nodes), len(n.nodes)*len(n.nodes), n.nodes[0].asn)
	}
	as, err := strconv.ParseUint(who, 10, 32)
	all := who == "" || who == "all"
	if err != nil && !all && who != "none" {
		return fmt.Errorf("--origin is all, none or an AS number, not %q", who)
	}
	if err == nil && !slices.ContainsFunc(n.nodes, func(one importedNode) bool { return one.asn == as }) {
		return fmt.Errorf("%s: there is no AS %d in it, which --origin names", path, as)
	}
	for i := range n.nodes {
		n.nodes[i].originates = all || err == nil && n.nodes[i].asn == as
	}
	return nil
}

func (s *shell) warnOfCircle(path string, n imported) {
	if circle := n.circle(); len(circle) > 0 {
		fmt.Fprintf(s.err, "%s: warning: %s: each is a provider of the next. That business relations let routes settle is proven for hierarchies without such a circle (Gao and Rexford 2001)\n",
			path, strings.Join(circle, " > "))
	}
}

// circle gives ASes each of which is a provider of the next, and the last of which is
// the first: of all such circles one. There is none, where taking away who has no
// customers, again and again, leaves nobody.
func (n imported) circle() []string {
	customers, providers := map[string][]string{}, map[string][]string{}
	for _, e := range n.edges {
		if e.relation == "provider" {
			customers[e.a], providers[e.b] = append(customers[e.a], e.b), append(providers[e.b], e.a)
		}
	}
	left := map[string]int{} // customers that are not taken away
	var bare []string
	for _, one := range n.nodes {
		if left[one.name] = len(customers[one.name]); left[one.name] == 0 {
			bare = append(bare, one.name)
		}
	}
	for len(bare) > 0 {
		name := bare[len(bare)-1]
		bare = bare[:len(bare)-1]
		for _, p := range providers[name] {
			if left[p]--; left[p] == 0 {
				bare = append(bare, p)
			}
		}
	}
	first := slices.IndexFunc(n.nodes, func(one importedNode) bool { return left[one.name] > 0 })
	if first < 0 {
		return nil
	}
	return numbers(around(n.nodes[first].name, func(name string) string {
		return customers[name][slices.IndexFunc(customers[name], func(c string) bool { return left[c] > 0 })]
	}))
}

// around follows next from a place until it comes to one again, and gives what lies
// between, both ends included.
func around(from string, next func(string) string) []string {
	var way []string
	for at := from; ; at = next(at) {
		if i := slices.Index(way, at); i >= 0 {
			return append(way[i:], at)
		}
		way = append(way, at)
	}
}

// numbers gives the AS numbers of a circle of routers, the lowest first.
func numbers(circle []string) []string {
	all := make([]uint64, len(circle)-1)
	for i := range all {
		all[i], _ = strconv.ParseUint(strings.TrimPrefix(circle[i], "as"), 10, 32) // our own name
	}
	lowest := slices.Index(all, slices.MinFunc(all, cmp.Compare[uint64]))
	var texts []string
	for i := range len(all) + 1 {
		texts = append(texts, strconv.FormatUint(all[(lowest+i)%len(all)], 10))
	}
	return texts
}
