package scenarios

import (
	"fmt"
	"slices"
)

// relayRegrets warns of NVAs between Route Servers that leave 65515 in the paths,
// or that do away with it in different ways (Azure: about-dual-homed-network asks
// for as-override, multiregion for removing).
func (c *checker) relayRegrets() {
	for i, n := range c.s.NVAs {
		from, to, leaks := c.leak(n)
		if !leaks {
			continue
		}
		message := fmt.Sprintf("%s relays from %s to %s without as_override or remove_as: both Route Servers are AS 65515, and %s drops the routes of %s", n.Name, from, to, to, from)
		if better := c.betterRelay(n); better != "" {
			message += fmt.Sprintf("; all rests on %s, which does it right: when it fails nothing is left", better)
		}
		c.warn(message, "nvas", i, "route_servers")
	}
	c.mixedStyles()
}

// treatment says what becomes of 65515 in paths that an NVA takes from one
// session to another: override, remove, or nothing.
func treatment(from, to Session) string {
	switch {
	case applies(from.ASOverride, "in"):
		return "override"
	case applies(from.RemoveAS, "in"):
		return "remove"
	case applies(to.ASOverride, "out"):
		return "override"
	case applies(to.RemoveAS, "out"):
		return "remove"
	}
	return ""
}

// leak gives two Route Servers between which an NVA leaves 65515 in the paths.
func (c *checker) leak(n NVA) (from, to string, found bool) {
	for _, a := range n.RouteServers {
		for _, b := range n.RouteServers {
			x, y := c.routeServerOfSession(a).Name, c.routeServerOfSession(b).Name
			if x != y && treatment(a, b) == "" {
				return x, y, true
			}
		}
	}
	return "", "", false
}

// betterRelay gives another NVA that relays to one of the Route Servers as it
// should.
func (c *checker) betterRelay(than NVA) string {
	for _, n := range c.s.NVAs {
		if _, _, leaks := c.leak(n); leaks {
			continue
		}
		for _, s := range than.RouteServers {
			if c.styleTo(n, c.routeServerOfSession(s).Name) != "" {
				return n.Name
			}
		}
	}
	return ""
}

// styleTo says how an NVA does away with 65515 in what it relays to a Route
// Server; empty, where it does not, or relays nothing.
func (c *checker) styleTo(n NVA, to string) string {
	for _, a := range n.RouteServers {
		for _, b := range n.RouteServers {
			if c.routeServerOfSession(a).Name != to && c.routeServerOfSession(b).Name == to {
				return treatment(a, b)
			}
		}
	}
	return ""
}

// mixedStyles warns where one NVA overrides and another removes: a path with a
// 65515 removed is shorter by one. Who has set different prepends has made a
// choice already.
func (c *checker) mixedStyles() {
	for _, r := range c.s.RouteServers {
		first := map[string]NVA{} // by style
		for i, n := range c.s.NVAs {
			style := c.styleTo(n, r.Name)
			if style == "" {
				continue
			}
			if _, found := first[style]; !found {
				first[style] = n
			}
			other, found := first[otherStyle(style)]
			if !found || c.prependTo(n, r.Name) != c.prependTo(other, r.Name) {
				continue
			}
			shorter := n
			if style == "override" {
				shorter = other
			}
			c.warn(fmt.Sprintf("of what %s and %s relay to %s, one overrides 65515 and the other removes it: paths through %s are shorter by 1: unintended active/passive",
				other.Name, n.Name, r.Name, shorter.Name), "nvas", i, "route_servers")
			break
		}
	}
}

func otherStyle(style string) string {
	if style == "override" {
		return "remove"
	}
	return "override"
}

// prependTo gives how often an NVA prepends in what it sends to a Route Server.
func (c *checker) prependTo(n NVA, to string) int {
	i := slices.IndexFunc(n.RouteServers, func(s Session) bool { return c.routeServerOfSession(s).Name == to })
	return *n.RouteServers[i].Prepend
}
