package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// checker looks at what single values cannot tell: whether they fit together.
// Places are paths in the file: c.fail(…, "nvas", 0, "asn").
type checker struct {
	s      *Scenario
	tree   *node
	report *report
	names  map[string]Thing
	hosts  map[netip.Addr]string // what stands at an address
	made   made

	routerASN map[string]uint32
	routerID  map[netip.Addr]bool
	unreached [][]any // rules of policies that no route comes to
}

// check reports everything in s that breaks a rule. It runs on a scenario that
// is decoded in part as well, and keeps silent where an error is known already.
func check(s *Scenario, tree *node, made made, r *report) {
	c := &checker{s: s, tree: tree, made: made, report: r, names: map[string]Thing{}, hosts: map[netip.Addr]string{}}
	c.collectNames()
	c.horizon()
	c.vnets()
	c.peerings()
	c.routeServers()
	c.nvas()
	c.balancers()
	c.gateways()
	c.circuits()
	c.capacities()
	c.sites()
	c.peerPolicies()
	c.routers()
	c.links()
	c.userRoutes()
	c.vms()
	c.traffic()
	c.faults()
	c.failures()
	c.expectations()
	c.size()
	if len(r.errors) == 0 {
		c.regrets()
	}
}

func (c *checker) horizon() {
	if c.s.Horizon == 0 {
		c.fail("the horizon must be more than 0s", "like 1200s", "horizon")
	}
}

func (c *checker) fail(message, hint string, path ...any) {
	if n, reported := c.tree.at(path...); !reported {
		c.report.error(n, message, hint)
	}
}

func (c *checker) warn(message string, path ...any) {
	if n, reported := c.tree.at(path...); !reported {
		c.report.warn(n, message, "")
	}
}

// refer checks that name is that of one of the things wanted. It says nothing of what
// a refused generator would have made.
func (c *checker) refer(name string, wanted []Thing, path ...any) bool {
	what := make([]string, len(wanted))
	for i, t := range wanted {
		if c.names[name] == t {
			return true
		}
		what[i] = t.a()
	}
	if _, found := c.names[name]; !found && c.made.missing(name) && (slices.Contains(wanted, ARouter) || slices.Contains(wanted, ALink)) {
		return false
	}
	hint := ""
	if !c.report.full() { // the search is worth a message only
		hint = didYouMean(name, c.named(wanted...))
	}
	if is, found := c.names[name]; found {
		c.fail(fmt.Sprintf("%s is %s; %s is meant here", name, is.a(), enumerate(what, "or")), hint, path...)
	} else {
		c.fail(fmt.Sprintf("%q is not the name of %s", name, enumerate(what, "or")), hint, path...)
	}
	return false
}

// timers checks the keepalive interval of a speaker against its hold time.
func (c *checker) timers(hold, keepalive time.Duration, path ...any) {
	at := func(key string) []any { return append(slices.Clip(path), key) }
	switch {
	case hold > 0 && keepalive == 0:
		c.fail("keepalive must not be 0s where hold is not", "a third of hold is usual", at("keepalive")...)
	case hold > 0 && keepalive > hold/3 && c.written(at("keepalive")...):
		c.warn(fmt.Sprintf("keepalive %s is more than a third of hold %s: %s is used",
			formatDuration(keepalive), formatDuration(hold), formatDuration(hold/3)), at("keepalive")...)
	}
}

// written tells whether the file says that key, rather than a default or a
// parameter: those do not know what hold is set to.
func (c *checker) written(path ...any) bool {
	last := len(path) - 1
	n, _ := c.tree.at(path[:last]...)
	value := n.get(path[last].(string))
	return value != nil && value.written == ""
}
