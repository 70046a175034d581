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
	// Text is what Marshal gives of the scenario, for who builds it many times: to
	// write it takes as long as a short run. Empty: Build does it.
	Text []byte
	// EveryKeepalive sends each keepalive as a message. It is for tests: the
	// tables are the same without, and the log is much shorter.
	EveryKeepalive bool
	// Ties, where it is not 0, shuffles what happens at one instant by draws of
	// this seed (sim.Config.Ties).
	Ties uint64
}

// Network is a scenario built: what a kernel runs, and its actors by kind.
type Network struct {
	Config       sim.Config
	Text         string                // the resolved scenario, as Marshal gives it
	RouteServers []*actors.RouteServer // instances
	Gateways     []*actors.Gateway     // instances, of ExpressRoute and then of VPN gateways
	Routers      []*actors.Router      // NVAs, then MSEEs, then sites, then routers of plain networks
	Balancers    []*actors.Balancer
	NICs         []*actors.NICs // groups of VMs
}

// Delays inside Azure that no scenario gives: inferred, from typical round trips
// of 1 ms within one region.
const insideVNet = 500 * time.Microsecond

// Build turns a scenario into the actors that play it, and the facts that begin
// the log. The scenario has to be one that Load returned. Build keeps it.
func Build(s *Scenario, o Options) (*Network, error) {
	text := string(o.Text)
	if text == "" {
		text = s.written().String()
	}
	b := &builder{s: s, o: o, net: &Network{Text: text}, isRouter: map[events.ActorID]bool{}}
	b.fact(events.RunStarted{
		Scenario: s.Name, Text: text, Seed: o.Seed, Version: o.Version, Horizon: events.Time(s.Horizon), Ties: o.Ties,
	})
	b.layOut()
	b.routeServers()
	b.gateways()
	b.nvas()
	b.balancers()
	b.msees()
	b.sites()
	b.routers()
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

	isRouter map[events.ActorID]bool // of a plain network
}

// vertex is something with a place in the network.
type vertex struct {
	id      events.ActorID
	kind    events.NodeKind
	vnet    string
	address netip.Addr
	set     string // of VMs
}

func (b *builder) fact(e events.Event) { b.net.Config.Facts = append(b.net.Config.Facts, e) }

// place makes a node known. A symmetric hash has one seed everywhere, so that the
// nodes at both ends of a choice make the same one.
func (b *builder) place(n events.Node) {
	n.HashSeed = sim.Bits(b.o.Seed, sim.KeyOf("hash").Actor(n.Node))
	if n.Symmetric = b.s.Symmetric; n.Symmetric {
		n.HashSeed = sim.Bits(b.o.Seed, sim.KeyOf("hash"))
	}
	b.fact(n)
	b.nodes = append(b.nodes, vertex{id: n.Node, kind: n.Type, vnet: n.VNet, address: n.Address})
}

// wire lays both directions between two speakers.
func (b *builder) wire(x, y events.ActorID, delay sim.Dist, over []events.Crossing) {
	back := reversed(over)
	b.net.Config.Wires = append(b.net.Config.Wires,
		sim.Wire{From: x, To: y, Delay: delay, Crossings: over}, sim.Wire{From: y, To: x, Delay: delay, Crossings: back})
	b.ways = append(b.ways, actors.Way{From: x, To: y, Crossings: over}, actors.Way{From: y, To: x, Crossings: back})
}

// watch lets one actor probe another, or the way to it and back, unless a wire
// between them tells of it anyway.
func (b *builder) watch(watcher, target events.ActorID, over []events.Crossing) {
	if !slices.ContainsFunc(b.ways, func(w actors.Way) bool { return w.From == target && w.To == watcher }) {
		b.ways = append(b.ways, actors.Way{From: target, To: watcher, Crossings: append(reversed(over), over...), Probe: true})
	}
}

func reversed(over []events.Crossing) []events.Crossing {
	back := make([]events.Crossing, len(over))
	for i, c := range over {
		back[len(over)-1-i] = events.Crossing{Link: c.Link, Reverse: !c.Reverse}
	}
	return back
}

// finish writes the paths, and puts the fabric before all other actors.
func (b *builder) finish() {
	b.paths()
	b.linkPaths()
	ids := make([]events.ActorID, 0, len(b.nodes))
	for _, n := range b.nodes {
		if n.kind != events.InternetNode && n.kind != events.VMNode && n.kind != events.LoadBalancerNode {
			ids = append(ids, n.id)
		}
	}
	fabric := actors.NewFabric(actors.FabricConfig{
		Nodes: ids, Ways: b.ways, Faults: b.faults(), Instances: b.inst,
	})
	c := &b.net.Config
	c.Seed, c.Ties, c.Bounds, c.Horizon = b.o.Seed, b.o.Ties, b.o.Bounds, events.Time(b.s.Horizon)
	c.Circles = true
	c.Actors = append([]sim.Actor{fabric}, b.list...)
}
