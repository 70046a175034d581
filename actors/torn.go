package actors

import (
	"fmt"
	"net/netip"
	"slices"

	"dualhome/events"
)

// torn is the groups of next hops that lost some with their links, and what is left
// of them (RouterConfig.TornGroups).
type torn map[string][]netip.Addr

// apply folds that a link failed, or that the process began anew.
func (g *torn) apply(r *Router, o events.Order) {
	switch o.Do {
	case events.Restart:
		*g = nil
	case events.LinkDown:
		for _, prefix := range r.Prefixes() {
			best, _ := r.Best(prefix)
			if i := slices.Index(best.From, o.Arg); i >= 0 && len(best.From) > 1 {
				g.tear(distinct(best.NextHops), best.NextHops[i])
			}
		}
	}
}

// tear takes a next hop out of a group.
func (g *torn) tear(group []netip.Addr, hop netip.Addr) {
	if *g == nil {
		*g = torn{}
	}
	(*g)[fmt.Sprint(group)] = slices.DeleteFunc(slices.Clone(g.left(group)), func(a netip.Addr) bool { return a == hop })
}

// left gives what is left of a group.
func (g torn) left(group []netip.Addr) []netip.Addr {
	if len(g) == 0 {
		return group
	}
	if rest, ok := g[fmt.Sprint(group)]; ok {
		return rest
	}
	return group
}
