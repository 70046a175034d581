package diagram

import (
	"fmt"
	"slices"
	"strings"

	"dualhome/events"
	"dualhome/scenarios"
)

// things makes the boxes of a scenario.
type things struct {
	s   *scenarios.Scenario
	net network
}

// about gives lines as one.
func about(lines []string) string { return strings.ReplaceAll(strings.Join(lines, ", "), " · ", ", ") }

// one gives a thing that is one node.
func (t things) one(name, kind string, lines []string) *box {
	b := &box{name: name, kind: kind, lines: lines, about: about(lines)}
	b.chips = []*node{{id: name, kind: kind, lines: lines, about: about(lines), box: b}}
	b.measure()
	return b
}

// pair gives a thing that is two instances.
func (t things) pair(name, kind string, lines []string) *box {
	return t.several(name, kind, lines, ends)
}

func (t things) several(name, kind string, lines []string, layout layout) *box {
	b := &box{name: name, kind: kind, lines: lines, about: about(lines), layout: layout}
	for _, n := range t.net.of(name) {
		text := chipLines(n, t.net.groups[string(n.Node)])
		b.chips = append(b.chips, &node{id: string(n.Node), kind: kind, lines: text, about: aboutNode(n, t.net.groups[string(n.Node)]), box: b})
	}
	if len(b.chips) > many {
		for _, c := range b.chips {
			c.lines = []string{strings.TrimPrefix(c.id, name+"-")}
		}
	}
	b.measure()
	return b
}

func aboutNode(n events.Node, g events.NICGroup) string {
	if g.Set != "" {
		return g.String()
	}
	return n.String()
}

// vms gives a set of VMs. Where it is one group of NICs, that is the box.
func (t things) vms(v scenarios.VMs) *box {
	b := t.several(v.Name, "vms", linesOfVMs(t.s, v), below)
	if len(b.chips) == 1 {
		b.layout = single
		b.measure()
	}
	return b
}

// slot is a row of boxes in a frame.
const (
	balancers = iota
	appliances
	routeServers
	gateways
	slots
)

// inVNet gives the boxes of a VNet by slot. Hubs have all of them; what stands in other
// VNets has one row.
func (t things) inVNet(vnet string) [slots][]*box {
	var all [slots][]*box
	add := func(slot int, in string, b func() *box) {
		if in == vnet {
			all[slot] = append(all[slot], b())
		}
	}
	for _, v := range t.s.VMs {
		add(routeServers, v.VNet, func() *box { return t.vms(v) })
	}
	for _, r := range t.s.RouteServers {
		add(routeServers, r.VNet, func() *box { return t.pair(r.Name, "route-server", linesOfRouteServer(r)) })
	}
	for _, l := range t.s.Balancers {
		add(balancers, l.VNet, func() *box {
			return t.one(l.Name, "load-balancer", lines(l.Name, "load balancer", l.Address.String()))
		})
	}
	for _, n := range t.s.NVAs {
		add(appliances, n.VNet, func() *box { return t.one(n.Name, "nva", linesOfNVA(n)) })
	}
	for _, g := range t.s.ERGateways {
		add(gateways, g.VNet, func() *box {
			return t.pair(g.Name, "er-gateway", lines(g.Name, "ExpressRoute", "gateway", "AS 65515"))
		})
	}
	for _, g := range t.s.VPNGateways {
		add(gateways, g.VNet, func() *box {
			return t.pair(g.Name, "vpn-gateway", lines(g.Name, "VPN gateway", fmt.Sprintf("AS %d", g.ASN)))
		})
	}
	return all
}

// isHub tells whether a VNet stands between others and the outside.
func (t things) isHub(vnet string) bool {
	return slices.ContainsFunc(t.s.NVAs, func(n scenarios.NVA) bool { return n.VNet == vnet }) ||
		slices.ContainsFunc(t.s.ERGateways, func(g scenarios.ERGateway) bool { return g.VNet == vnet }) ||
		slices.ContainsFunc(t.s.VPNGateways, func(g scenarios.VPNGateway) bool { return g.VNet == vnet }) ||
		slices.ContainsFunc(t.s.Balancers, func(l scenarios.Balancer) bool { return l.VNet == vnet })
}

// outside gives the Internet, where a link or traffic leads to it.
func (t things) outside() *box {
	leads := slices.ContainsFunc(t.net.links, func(l events.Link) bool { return l.Type == events.InternetLink }) ||
		slices.ContainsFunc(t.s.Traffic, func(c scenarios.Class) bool { return c.To == internet })
	if !leads {
		return nil
	}
	b := t.one(internet, "internet", lines("Internet"))
	b.about, b.chips[0].about = "the Internet: all that nobody else here has", "the Internet: all that nobody else here has"
	return b
}
