package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
)

// option gives the place of a key of what a router does; of all routers of a
// generator it is one place.
func (c *checker) option(i int, key string) []any {
	if i < c.made.routers {
		return c.made.router(i, "bgp", key)
	}
	return append(c.made.router(i), "router", key)
}

// suppress refuses a limit of damping at which a route is used again at once.
func (c *checker) suppress() {
	done := map[*node]bool{}
	for i, r := range c.s.Routers {
		d := r.Speaker.damping()
		if d == nil || d.Suppress > d.Reuse {
			continue
		}
		at := c.option(i, "damping_suppress")
		if n, _ := c.tree.at(at...); !done[n] {
			done[n] = true
			c.fail(fmt.Sprintf("damping_suppress must be more than %d, the penalty at which %s uses a route again, not %d", d.Reuse, r.Speaker.Damping, d.Suppress),
				"RFC 7196 section 6 recommends 6000 or more", at...)
		}
	}
}

// uselessOptions warns of options of routers that need another one.
func (c *checker) uselessOptions() {
	done := map[string]bool{} // the place, and the key
	for i, r := range c.s.Routers {
		for _, o := range r.Speaker.useless() {
			at := c.option(i, o.key)
			n, _ := c.tree.at(at...)
			if place := fmt.Sprintf("%s %d:%d %s", n.src.file, n.line, n.col, o.key); !done[place] {
				done[place] = true
				c.warn(fmt.Sprintf("%s has no effect on %s: %s", o.key, r.Name, o.lacks), at...)
			}
		}
	}
}

// uselessOption is an option that needs another one, and what is there instead.
type uselessOption struct{ key, lacks string }

func (s Speaker) useless() []uselessOption {
	var all []uselessOption
	for _, o := range []struct {
		uselessOption
		set bool
	}{
		{uselessOption{"damping_suppress", "damping is none"}, s.Suppress > 0 && s.damping() == nil},
		{uselessOption{"damping_session_loss", "damping is none"}, s.SessionFlaps && s.damping() == nil},
		{uselessOption{"max_paths", "it uses one route to a prefix without multipath, multipath_relax or multipath_same_path"}, s.MaxPaths > 0 && !s.Multipath && !s.MultipathRelax && !s.MultipathSame},
	} {
		if o.set {
			all = append(all, o.uselessOption)
		}
	}
	return all
}

// unmatched learns the first rule behind one that matches every route.
func (c *checker) unmatched(rules []PolicyRule, path ...any) {
	i := slices.IndexFunc(rules, PolicyRule.matchesAll)
	if i >= 0 && i+1 < len(rules) {
		c.unreached = append(c.unreached, append(slices.Clone(path), i+1))
	}
}

// neverMatched warns of rules that no route comes to.
func (c *checker) neverMatched() {
	for _, at := range c.unreached {
		c.warn("no route comes to this rule: one before it matches every route, and the first that matches decides", at...)
	}
}

// matchesAll tells whether a rule matches every route.
func (r PolicyRule) matchesAll() bool {
	all := len(r.Prefixes) == 0 || r.GE == 0 && r.LE == 32 && slices.Contains(r.Prefixes, netip.PrefixFrom(netip.IPv4Unspecified(), 0))
	return all && (r.ASPath == "" || r.ASPath == ".*") && r.Community == ""
}

// partingHashes warns of a symmetric hash that does not bring both directions of a
// flow to one next hop, because nodes make different things of it.
func (c *checker) partingHashes() {
	if !c.s.Symmetric {
		return
	}
	if c.s.ECMPScheme == "resilient" {
		c.warn("resilient buckets remember their history: where three or more next hops came in another order at one end than at the other, the directions of a flow part, whatever its hash", "ecmp_symmetric")
	}
	other := func(name, scheme string, path ...any) {
		if scheme != c.s.ECMPScheme {
			c.warn(fmt.Sprintf("%s chooses by %s, not by %s as others do: the directions of a flow part there, whatever its hash", name, scheme, c.s.ECMPScheme), path...)
		}
	}
	for i, n := range c.s.NVAs {
		other(n.Name, n.ECMPScheme, "nvas", i, "ecmp_scheme")
	}
	for i, t := range c.s.Sites {
		other(t.Name, t.ECMPScheme, "sites", i, "ecmp_scheme")
	}
	for i, r := range c.s.Routers {
		other(r.Name, r.ECMPScheme, c.made.router(i, "ecmp_scheme")...)
	}
}
