package scenarios

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a network, generated or written.
const (
	maxRouters = 25_000
	maxLinks   = 100_000
)

// made tells which routers and links of a scenario no file says, and which
// generator they come from: those after the first, written ones.
type made struct {
	routers, links         int   // written
	routersFrom, linksFrom []int // generators of the others

	refused []string // what the names of routers that generators did not make begin with; empty where that is unknown
}

// missing tells whether a name may be that of a router, or a link, of a generator
// that was refused.
func (m made) missing(name string) bool {
	return slices.ContainsFunc(m.refused, func(prefix string) bool {
		rest, found := strings.CutPrefix(name, prefix)
		return found && (prefix == "" || rest != "" && rest[0] >= '0' && rest[0] <= '9')
	})
}

// router gives the place of a key of a router, for messages.
func (m made) router(i int, key ...any) []any {
	if i < m.routers {
		return append([]any{"routers", i}, key...)
	}
	return []any{"generate", m.routersFrom[i-m.routers]}
}

// link gives the place of a key of a link.
func (m made) link(i int, key ...any) []any {
	if i < m.links {
		return append([]any{"links", i}, key...)
	}
	return []any{"generate", m.linksFrom[i-m.links]}
}

// generate puts the networks that generators describe behind the routers and
// links that are written. No generator is left: what it made is the scenario.
func (s *Scenario) generate(tree *node, r *report) made {
	m := made{routers: len(s.Routers), links: len(s.Links)}
	for i, g := range s.Generate {
		n, reported := tree.at("generate", i)
		if reported || g.Count == 0 || g.Kind == "" || !g.possible(n, r) || g.prefix(n) == "" {
			m.refused = append(m.refused, g.prefix(n))
			continue
		}
		routers, links := g.routers(), g.links()
		if len(s.Routers)+len(routers) > maxRouters || len(s.Links)+len(links) > maxLinks {
			r.error(n, fmt.Sprintf("with it the network has %d routers and %d links; %d and %d are the limit",
				len(s.Routers)+len(routers), len(s.Links)+len(links), maxRouters, maxLinks), "a lower count")
			m.refused = append(m.refused, g.prefix(n))
			continue
		}
		g.restrict(routers)
		s.Routers, s.Links = append(s.Routers, routers...), append(s.Links, links...)
		m.routersFrom = append(m.routersFrom, slices.Repeat([]int{i}, len(routers))...)
		m.linksFrom = append(m.linksFrom, slices.Repeat([]int{i}, len(links))...)
	}
	s.Generate = nil
	return m
}

// possible tells whether there is a network of that kind with so many routers.
func (g Generator) possible(n *node, r *report) bool {
	least := map[string]int{"ring": 3, "b-clique": 4}[g.Kind]
	last := uint64(g.ASN) + uint64(g.size()) - 1
	switch {
	case g.Count < least:
		r.error(n, fmt.Sprintf("a %s has at least %d routers, not %d", g.Kind, least, g.Count), "")
	case g.Kind == "b-clique" && g.Count%2 != 0:
		r.error(n, fmt.Sprintf("a b-clique has an even number of routers, not %d: half of them are the chain", g.Count), "")
	case g.size() > maxRouters:
		r.error(n, fmt.Sprintf("%d chains have %d routers; %d are the limit", g.Count, g.size(), maxRouters), "a lower count")
	case last > 1<<32-1:
		r.error(n, fmt.Sprintf("the last router would be in AS %d; there is no such AS", last), "a lower asn")
	default:
		return true
	}
	return false
}

// size gives the number of routers.
func (g Generator) size() int {
	if g.Kind == "focus" {
		return 1 + g.Count*(g.Count+1)/2 + 3
	}
	return g.Count
}

func (g Generator) name(i int) string { return cmp.Or(g.Name, "r") + strconv.Itoa(i) }

// prefix gives what the names of its routers begin with; empty, where what is written
// is no name.
func (g Generator) prefix(n *node) string {
	if _, reported := n.at("name"); reported {
		return ""
	}
	return cmp.Or(g.Name, "r")
}

func (g Generator) routers() []Router {
	all := make([]Router, g.size())
	for i := range all {
		all[i] = Router{Name: g.name(i), ASN: g.ASN + uint32(i), Speaker: g.speaker()}
		if g.Origin == "all" || g.Origin == "first" && i == 0 {
			all[i].Originates = []netip.Prefix{Originated(i)}
		}
	}
	return all
}

// speaker gives what each of its routers does, with all defaults.
func (g Generator) speaker() Speaker {
	if g.Router != nil {
		return *g.Router
	}
	return speakerOf("")
}

// Originated gives the prefix of the i-th router of a generated or imported
// network: 198.51.<i>.0/24, and where these are used up a /25 of 198.18.0.0/15,
// the range that is kept for measurements (RFC 2544).
func Originated(i int) netip.Prefix {
	if i < 256 {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, byte(i), 0}), 24)
	}
	n := (i - 256) << 7
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, byte(18 + n>>16), byte(n >> 8), byte(n)}), 25)
}

func (g Generator) links() []Link {
	var all []Link
	for _, e := range g.edges() {
		l := Link{Between: [2]string{g.name(e.a), g.name(e.b)}, Delay: g.Delay, Detected: true, Relation: e.relation}
		if l.Relation == "" {
			l.Relation = "none"
		}
		l.complete()
		all = append(all, l)
	}
	return all
}

// restrict gives the routers of a network their policies: in focus the router
// that all chains end in sends routes to the next one alone.
func (g Generator) restrict(routers []Router) {
	if g.Kind != "focus" {
		return
	}
	end := len(routers) - 3
	for i, last := 1, 0; i <= g.Count; i++ {
		last += i
		routers[end].Peers = append(routers[end].Peers, Peer{Router: routers[last].Name, Export: []PolicyRule{{Action: "drop"}}})
	}
}
