package scenarios

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/sim"
)

// Options are what a run adds to its scenario.
type Options struct {
	Seed    uint64
	Version string // of the program, for the log
	Bounds  sim.Bounds
	// EveryKeepalive sends each keepalive as a message. It is for tests: the
	// tables are the same without, and the log is much shorter.
	EveryKeepalive bool
}

// Network is a scenario built: what a kernel runs, and its actors by kind.
type Network struct {
	Config       sim.Config
	RouteServers []*actors.RouteServer // instances
	Routers      []*actors.Router      // NVAs, then sites
	NICs         []*actors.NICs        // groups of VMs
}

// Delays inside Azure that no scenario gives: inferred, from typical round trips
// of 1 ms within one region.
const insideVNet = 500 * time.Microsecond

// Build turns a scenario into the actors that play it, and the facts that begin
// the log. The scenario has to be one that Load returned. Build keeps it.
func Build(s *Scenario, o Options) (*Network, error) {
	text, err := s.Marshal()
	if err != nil {
		return nil, err
	}
	b := &builder{s: s, o: o, net: &Network{}}
	b.fact(events.RunStarted{
		Scenario: s.Name, Text: string(text), Seed: o.Seed, Version: o.Version, Horizon: events.Time(s.Horizon),
	})
	b.layOut()
	b.routeServers()
	b.nvas()
	b.sites()
	b.vms()
	b.traffic()
	b.finish()
	return b.net, nil
}

// builder collects what Build makes.
type builder struct {
	s     *Scenario
	o     Options
	net   *Network
	nodes []vertex
	ways  []actors.Way
	list  []sim.Actor
	inst  []actors.Instance
}

// vertex is something with a place in the network.
type vertex struct {
	id      events.ActorID
	kind    events.NodeKind
	vnet    string
	address netip.Addr
}

func (b *builder) fact(e events.Event) { b.net.Config.Facts = append(b.net.Config.Facts, e) }

// place makes a node known.
func (b *builder) place(n events.Node) {
	n.HashSeed = sim.Bits(b.o.Seed, sim.KeyOf("hash").Actor(n.Node))
	b.fact(n)
	b.nodes = append(b.nodes, vertex{n.Node, n.Type, n.VNet, n.Address})
}

// wire lays both directions between two speakers.
func (b *builder) wire(x, y events.ActorID, delay sim.Dist, over []events.Crossing) {
	back := make([]events.Crossing, len(over))
	for i, c := range over {
		back[len(over)-1-i] = events.Crossing{Link: c.Link, Reverse: !c.Reverse}
	}
	b.net.Config.Wires = append(b.net.Config.Wires,
		sim.Wire{From: x, To: y, Delay: delay, Crossings: over}, sim.Wire{From: y, To: x, Delay: delay, Crossings: back})
	b.ways = append(b.ways, actors.Way{From: x, To: y, Crossings: over}, actors.Way{From: y, To: x, Crossings: back})
}

// finish writes the paths, and puts the fabric before all other actors.
func (b *builder) finish() {
	for _, x := range b.nodes {
		for _, y := range b.nodes {
			if over, ok := b.reach(x, y); ok && x.id != y.id {
				b.fact(events.Path{From: x.id, To: y.id, Crossings: over})
			}
		}
	}
	ids := make([]events.ActorID, 0, len(b.nodes))
	for _, n := range b.nodes {
		if n.kind != events.InternetNode && n.kind != events.VMNode {
			ids = append(ids, n.id)
		}
	}
	fabric := actors.NewFabric(actors.FabricConfig{
		Nodes: ids, Ways: b.ways, Faults: b.faults(), Instances: b.inst,
	})
	c := &b.net.Config
	c.Seed, c.Bounds, c.Horizon = b.o.Seed, b.o.Bounds, events.Time(b.s.Horizon)
	c.Actors = append([]sim.Actor{fabric}, b.list...)
}

// peeringOf gives the peering between two VNets and whether x is its second.
func (b *builder) peeringOf(x, y string) (p Peering, reverse, ok bool) {
	for _, p := range b.s.Peerings {
		if p.Between == [2]string{x, y} {
			return p, false, true
		}
		if p.Between == [2]string{y, x} {
			return p, true, true
		}
	}
	return Peering{}, false, false
}

// between gives what packets cross inside Azure from one VNet to another, and
// how long that takes.
func (b *builder) between(x, y string) (over []events.Crossing, delay sim.Dist, ok bool) {
	if x == y {
		return nil, sim.Constant(insideVNet), true
	}
	p, reverse, ok := b.peeringOf(x, y)
	return []events.Crossing{{Link: p.Name, Reverse: reverse}}, p.Delay, ok
}

// reach tells whether packets can go directly from x to y, and over what.
func (b *builder) reach(x, y vertex) ([]events.Crossing, bool) {
	switch {
	case x.vnet != "" && y.vnet != "":
		over, _, ok := b.between(x.vnet, y.vnet)
		return over, ok
	case x.kind == events.NVANode && y.kind == events.SiteNode:
		return b.tunnelOf(x.id, y.id, false)
	case x.kind == events.SiteNode && y.kind == events.NVANode:
		return b.tunnelOf(y.id, x.id, true)
	case x.kind == events.NVANode && y.kind == events.InternetNode:
		return []events.Crossing{{Link: internetLink(x.id)}}, b.isFirewall(x.id)
	case x.kind == events.InternetNode && y.kind == events.NVANode:
		return []events.Crossing{{Link: internetLink(y.id), Reverse: true}}, b.isFirewall(y.id)
	}
	internetAndVM := x.kind == events.VMNode && y.kind == events.InternetNode || x.kind == events.InternetNode && y.kind == events.VMNode
	return nil, internetAndVM
}

func (b *builder) tunnelOf(nva, site events.ActorID, reverse bool) ([]events.Crossing, bool) {
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if s.Name == string(site) && t.NVA == string(nva) {
				return []events.Crossing{{Link: t.Name, Reverse: reverse}}, true
			}
		}
	}
	return nil, false
}

func (b *builder) isFirewall(id events.ActorID) bool {
	return slices.ContainsFunc(b.s.NVAs, func(n NVA) bool {
		return n.Name == string(id) && slices.Contains(n.Roles, "firewall")
	})
}

// internetLink names the way of an NVA to the Internet.
func internetLink(nva events.ActorID) string { return string(nva) + "-internet" }
