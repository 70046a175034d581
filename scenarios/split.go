package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

// smallest is the length of the smallest prefixes that a site's are split into: a
// network that has room for two hosts.
const smallest = 30

// split gives the sites that say so as many routes as they say, for the addresses
// that they have. The prefixes say it then.
func (s *Scenario) split(tree *node, r *report) {
	for i := range s.Sites {
		site := &s.Sites[i]
		n, reported := tree.at("sites", i, "routes")
		if site.Routes == 0 || reported {
			continue
		}
		if slices.ContainsFunc(site.Prefixes, func(p netip.Prefix) bool { return !p.IsValid() }) {
			continue // which is reported
		}
		switch all := halved(site.Prefixes, site.Routes); {
		case site.Routes < len(site.Prefixes):
			r.error(n, fmt.Sprintf("%s has %d prefixes: it announces at least as many routes, not %d", site.Name, len(site.Prefixes), site.Routes), "a higher number, or fewer prefixes")
		case len(all) < site.Routes:
			r.error(n, fmt.Sprintf("the prefixes of %s are %d routes at most, not %d: none of them is smaller than a /%d", site.Name, len(all), site.Routes, smallest), "a lower number, or larger prefixes")
		default:
			site.Prefixes, site.Routes = all, 0
		}
	}
}

// halved gives the same addresses in n prefixes, in the same order: the largest are
// halved, the first of them first, until there are so many. It gives fewer where all
// are as small as they may be; 0.0.0.0/0 stays as it is.
func halved(prefixes []netip.Prefix, n int) []netip.Prefix {
	for len(prefixes) < n {
		widest := smallest
		for _, p := range prefixes {
			if p.Bits() > 0 {
				widest = min(widest, p.Bits())
			}
		}
		if widest == smallest {
			break
		}
		missing := n - len(prefixes)
		var next []netip.Prefix
		for _, p := range prefixes {
			if p.Bits() != widest || missing == 0 {
				next = append(next, p)
				continue
			}
			low := netip.PrefixFrom(p.Addr(), widest+1)
			next = append(next, low, netip.PrefixFrom(last(low).Next(), widest+1))
			missing--
		}
		prefixes = next
	}
	return prefixes
}
