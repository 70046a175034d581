package metrics

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"dualhome/events"
)

// hole is where flows end for one reason that nobody will ever mend.
type hole struct {
	why   string
	at    []string
	flows int
}

// lost says where and why a black hole takes flows at the end of the run: of
// several the one that takes the most, of equal ones the first.
func (c *class) lost(n *network, dir direction) []string {
	most := hole{}
	for _, h := range c.holes(n, dir) {
		if h.flows > most.flows {
			most = h
		}
	}
	if most.flows == 0 {
		return nil
	}
	share := fmt.Sprintf("%d %% of the", max(1, 100*most.flows/c.Flows))
	if most.flows == c.Flows {
		share = "all"
	}
	if len(most.at) > 1 {
		most.why = theirs(most.why)
	}
	return []string{fmt.Sprintf("%s %s are lost at %s: %s", share, c.flowsText(dir), join(most.at), most.why)}
}

// holes gives the black holes of a direction that nothing else explains.
func (c *class) holes(n *network, dir direction) (all []hole) {
	for _, l := range c.ways[dir].legs {
		if l.cause != blackHole || n.isForever(l) || n.unanswered(l) {
			continue
		}
		why := n.ending(l, l.dst)
		at := slices.IndexFunc(all, func(h hole) bool { return h.why == why })
		if at < 0 {
			at, all = len(all), append(all, hole{why: why})
		}
		all[at].at = add(all[at].at, n.name(l.path[len(l.path)-1]))
		all[at].flows += l.flows.count()
	}
	return all
}

// unanswered tells whether a leg shares the fate of what it would answer.
func (n *network) unanswered(l leg) bool {
	return l.next < 0 && n.nodes[l.path[0]].Type == events.InternetNode
}

// ending says why a leg to an address ends where it does, of one node.
func (n *network) ending(l leg, dst netip.Addr) string {
	at := l.path[len(l.path)-1]
	own := l.last != nil && l.last.at == at
	switch {
	case l.next >= 0 && l.next != at && own:
		return fmt.Sprintf("%s leads to %s, %s", n.describe(l.last), n.name(l.next), n.obstacle(at, l.next))
	case l.next >= 0 && l.next != at:
		return fmt.Sprintf("the way leads to %s, %s", n.name(l.next), n.obstacle(at, l.next))
	case !own:
		return n.nodes[at].takes(dst)
	case l.last.table == systemTable:
		return n.nodes[at].sends(dst)
	}
	return n.nowhere(l.last, dst)
}

// obstacle says why packets do not get from one node to the next.
func (n *network) obstacle(from, to int32) string {
	crossings := n.paths[[2]int32{from, to}].crossings
	down := slices.IndexFunc(crossings, func(c events.Crossing) bool { return n.down[c] })
	switch {
	case n.nodes[to].dead():
		return "which is dead"
	case down >= 0:
		return fmt.Sprintf("and the link %s is down", crossings[down].Link)
	}
	return "to which there is no way from there"
}

// takes says why a node has no next hop at all.
func (n *node) takes(dst netip.Addr) string {
	switch {
	case n.dead():
		return "it is dead"
	case n.idle:
		return "it forwards nothing"
	case n.Type == events.InternetNode:
		return fmt.Sprintf("it has no way to %v", dst)
	case n.Type == events.RouteServerNode:
		return "a Route Server forwards nothing"
	}
	return fmt.Sprintf("its forwarding table has no route to %v", dst)
}

// sends says where system routes send packets that get nowhere, or that there is
// none.
func (n *node) sends(dst netip.Addr) string {
	const routes = "the effective routes of its NIC"
	system, hop := n.systemRoute(dst)
	user, u, _ := n.user.lookup(dst)
	switch {
	case u.Hop == events.VirtualNetworkGateway && user.Bits() >= system.Bits():
		return fmt.Sprintf("the user-defined route of its subnet for %v leads to what gateways and Route Servers taught, and they taught no route to %v", user, dst)
	case !system.IsValid():
		return fmt.Sprintf("%s have none to %v", routes, dst)
	case hop == events.None:
		return fmt.Sprintf("%s send %v to None", routes, dst)
	case hop == events.Internet:
		return fmt.Sprintf("%s send %v to the Internet, which is not in the network", routes, dst)
	}
	return fmt.Sprintf("%s send %v to %v, where nobody owns the address", routes, dst, hop)
}

// nowhere says that an entry leads to what is not there.
func (n *network) nowhere(e *entry, dst netip.Addr) string {
	at := &n.nodes[e.at]
	user := events.VirtualAppliance
	if e.table == userTable {
		user = at.user.of(e.prefix).Hop
	}
	switch {
	case at.Type == events.LoadBalancerNode && !e.hop.IsValid():
		return "none of its back ends answers"
	case user == events.Internet:
		return n.describe(e) + " leads to the Internet, which is not in the network"
	case user != events.VirtualAppliance:
		return fmt.Sprintf("%s leads to %v, where nobody owns %v", n.describe(e), user, dst)
	}
	return fmt.Sprintf("%s leads to %v, which nobody owns", n.describe(e), e.hop)
}

// theirs says of several nodes what is said of one.
func theirs(text string) string {
	return strings.NewReplacer(
		"its forwarding table has", "their forwarding tables have", "its NIC", "their NICs", "its subnet", "their subnets",
		"its ", "their ", "it is", "they are", "it forwards", "they forward", "it has", "they have",
	).Replace(text)
}
