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
func Build(s *Scenario, o Options) (*Network, error) { return Draw(s).Build(o), nil }

// Blueprint is a scenario that is worked out: all of its network that is the same in
// every run. Nobody changes it, so that any number of goroutines may build from it at
// once.
type Blueprint struct {
	s     *Scenario
	facts []fact
	wires []sim.Wire
	parts []part
}

// fact is a fact of every run. Where a run has a part in it, make gives it.
type fact struct {
	event events.Event
	make  func(Options) events.Event
}

// part makes an actor, and lists it in the network.
type part func(*Network, Options) sim.Actor

// Draw works a scenario out. It has to be one that Load returned, and nobody may
// change it from then on.
func Draw(s *Scenario) *Blueprint {
	b := &builder{Blueprint: &Blueprint{s: s}, isRouter: map[events.ActorID]bool{}}
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
	return b.Blueprint
}

// Build gives the network of a run.
func (b *Blueprint) Build(o Options) *Network {
	n := &Network{Text: string(o.Text)}
	if n.Text == "" {
		n.Text = b.s.written().String()
	}
	horizon := events.Time(b.s.Horizon)
	n.Config = sim.Config{
		Seed: o.Seed, Ties: o.Ties, Bounds: o.Bounds, Horizon: horizon, Circles: true, Wires: b.wires,
		Facts: make([]events.Event, 0, 1+len(b.facts)), Actors: make([]sim.Actor, len(b.parts)),
	}
	n.Config.Facts = append(n.Config.Facts, events.RunStarted{
		Scenario: b.s.Name, Text: n.Text, Seed: o.Seed, Version: o.Version, Horizon: horizon, Ties: o.Ties,
	})
	for i := range b.facts {
		e := b.facts[i].event
		if e == nil {
			e = b.facts[i].make(o)
		}
		n.Config.Facts = append(n.Config.Facts, e)
	}
	for i, part := range b.parts {
		n.Config.Actors[i] = part(n, o)
	}
	return n
}

// builder collects what a blueprint is made of.
type builder struct {
	*Blueprint
	nodes []vertex
	ways  []actors.Way
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

func (b *builder) fact(e events.Event) { b.facts = append(b.facts, fact{event: e}) }

// drawn is a fact that the seed has a part in.
func (b *builder) drawn(make func(Options) events.Event) { b.facts = append(b.facts, fact{make: make}) }

func (b *builder) part(p part) { b.parts = append(b.parts, p) }

// place makes a node known. A symmetric hash has one seed everywhere, so that the
// nodes at both ends of a choice make the same one.
func (b *builder) place(n events.Node) {
	key := sim.KeyOf("hash").Actor(n.Node)
	if n.Symmetric = b.s.Symmetric; n.Symmetric {
		key = sim.KeyOf("hash")
	}
	b.drawn(func(o Options) events.Event {
		n := n
		n.HashSeed = sim.Bits(o.Seed, key)
		return n
	})
	b.nodes = append(b.nodes, vertex{id: n.Node, kind: n.Type, vnet: n.VNet, address: n.Address})
}

// wire lays both directions between two speakers.
func (b *builder) wire(x, y events.ActorID, delay sim.Dist, over []events.Crossing) {
	back := reversed(over)
	b.wires = append(b.wires,
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
	c := actors.FabricConfig{Nodes: ids, Ways: b.ways, Faults: b.faults(), Instances: b.inst}
	b.parts = slices.Insert(b.parts, 0, func(*Network, Options) sim.Actor { return actors.NewFabric(c) })
}
