package metrics

import (
	"fmt"
	"slices"

	"dualhome/events"
)

// flowsText names the flows of a class in a direction.
func (c *class) flowsText(dir direction) string {
	if dir == backward {
		return "return flows of " + c.Name
	}
	return "flows of " + c.Name
}

// loops says where flows go round until their TTL expires.
func (c *class) loops(n *network, dir direction, legs []leg) (all []string) {
	for _, l := range legs {
		if l.cause != loop || l.last == nil || l.next < 0 { // an answer shares the fate of what it answers
			continue
		}
		where := "back to " + n.name(l.next)
		if l.next == l.last.at {
			where = fmt.Sprintf("to %s itself", n.name(l.next))
		}
		all = append(all, fmt.Sprintf("%s loop at %s: %s leads %s; the TTL expires",
			c.flowsText(dir), n.name(l.last.at), n.describe(l.last), where))
	}
	return all
}

// barred says which peerings and user-defined routes drop flows.
func (c *class) barred(n *network, dir direction, legs []leg) (all []string) {
	for _, l := range legs {
		if l.cause != policy {
			continue
		}
		switch at := l.path[len(l.path)-1]; {
		case l.next >= 0 && l.next != at:
			all = append(all, c.barredByPeering(n, dir, at, l.next))
		case l.last != nil && l.last.at == at:
			all = append(all, fmt.Sprintf("%s are dropped at %s: %s has next hop None; without it they would go on",
				c.flowsText(dir), n.name(at), n.describe(l.last)))
		}
	}
	return all
}

func (c *class) barredByPeering(n *network, dir direction, from, to int32) string {
	way := "the way to " + n.name(to)
	if crossings := n.paths[[2]int32{from, to}].crossings; len(crossings) > 0 {
		way = "the peering " + crossings[0].Link
	}
	w := &walker{class: c, dir: dir}
	return fmt.Sprintf("%s are dropped on %s: it takes only what comes from %s itself, and %s forwards for %v; allow forwarded traffic on it",
		c.flowsText(dir), way, n.nodes[from].VNet, n.name(from), w.source(parcel{}))
}

// forever says which routes lead to a dead node though nobody will ever change
// them.
func (c *class) forever(n *network, dir direction, legs []leg) (all []string) {
	for _, l := range legs {
		if !n.isForever(l) {
			continue
		}
		all = append(all, fmt.Sprintf("%s are lost at %s: %s leads to %s, which is dead, and nobody will notice; a learned route, or a next hop that is probed, would move",
			c.flowsText(dir), n.name(l.last.at), n.describe(l.last), n.name(l.next)))
	}
	return all
}

// isForever tells whether a route that nobody will change leads a leg to a dead
// node.
func (n *network) isForever(l leg) bool {
	return l.cause == blackHole && l.last != nil && l.next >= 0 && n.nodes[l.next].dead() && n.isFixed(l.last)
}

// isFixed tells whether no protocol changes an entry.
func (n *network) isFixed(e *entry) bool {
	return e.table == userTable || e.table == fibTable && n.nodes[e.at].fib.of(e.prefix).static
}

// uninspected says that one direction passes no NVA at the end, though the other
// does.
func (c *class) uninspected(n *network) (all []string) {
	for _, dir := range []direction{forward, backward} {
		this, other := c.final(n, dir), c.final(n, 1-dir)
		switch {
		case other.Inspected == 0 || this.Inspected == this.Delivered:
		case this.Inspected > 0:
			all = append(all, "some "+c.straight(n, dir))
		default:
			all = append(all, c.straight(n, dir))
		}
	}
	return all
}

// straight says who delivers a direction past the NVAs.
func (c *class) straight(n *network, dir direction) string {
	var who, whom []string
	var fix string
	for _, l := range c.ways[dir].legs {
		if l.cause == delivered && !n.inspects(l.path) && len(l.path) > 1 {
			at := n.sender(l.path)
			who, whom = add(who, n.name(l.path[at])), add(whom, n.name(l.path[at+1]))
			fix = n.inspection(l.path[at])
		}
	}
	return fmt.Sprintf("%s are not inspected: %s %s straight to %s; %s through the NVA",
		c.flowsText(dir), join(who), verb(who, "deliver"), join(whom), fix)
}

// sender gives which node of a path could have sent what passes no NVA to one:
// the gateway, or else the first in Azure, or else the first.
func (n *network) sender(path []int32) int {
	before := path[:len(path)-1]
	if at := slices.IndexFunc(before, func(at int32) bool { return n.nodes[at].isGateway() }); at >= 0 {
		return at
	}
	return max(0, slices.IndexFunc(before, func(at int32) bool { return n.nodes[at].VNet != "" }))
}

// inspection says what would send packets of a node to an NVA.
func (n *network) inspection(at int32) string {
	switch {
	case n.nodes[at].isGateway():
		return "a route table on GatewaySubnet would send them"
	case n.nodes[at].VNet != "":
		return "a user-defined route of its subnet would send them"
	}
	return "SNAT there would bring them back"
}

// name gives a node as people know it: a group of VMs by its set.
func (n *network) name(at int32) string {
	id := n.nodes[at].Node.Node
	for _, g := range n.groups {
		if g.Group == id && n.nodes[at].Type == events.VMNode {
			return g.Set
		}
	}
	return string(id)
}

// describe names a table entry of a node that the sentence named before.
func (n *network) describe(e *entry) string {
	of, at := "the system route of its NIC", &n.nodes[e.at]
	switch {
	case e.table == userTable:
		of = "the user-defined route of its subnet"
	case e.table == nicTable:
		of = "the effective route of its NIC"
	case e.table == fibTable && at.fib.of(e.prefix).static:
		of = "its static route"
	case e.table == fibTable:
		of = "its route"
	}
	return fmt.Sprintf("%s for %v", of, e.prefix)
}
