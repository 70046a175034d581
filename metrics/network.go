package metrics

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// network is what forwards packets, as the lines folded so far leave it: the
// nodes with their tables, the paths between them, and what speakers believe.
type network struct {
	index    map[events.ActorID]int32
	nodes    []node
	latest   int32                // the node asked for last
	owners   map[netip.Addr]int32 // by Node.Address
	paths    map[[2]int32]passage
	down     map[events.Crossing]bool
	groups   []events.NICGroup
	classes  []events.FlowClass
	bounded  []events.Link    // that let only so much pass
	internet int32            // the node that is the Internet; -1: none
	tables   *tables          // of buckets, that some entry has or had
	hiding   []netip.Addr     // the addresses of NVAs that translate all that they forward
	memories map[string]int32 // by word of those that share state: the first of them
	places   map[division][]group
	whole    map[int]flowSet // all of so many flows
	ground   *ground
	texts    *texts
	visited  []events.ActorID // Route Servers that a walk came to: there must be none
}

func newNetwork() *network {
	n := &network{ground: &ground{}, texts: &texts{}}
	n.reset()
	return n
}

// reset makes a network of another run, which is empty.
func (n *network) reset() {
	*n = network{
		index: emptied(n.index), nodes: n.nodes[:0], owners: emptied(n.owners), paths: emptied(n.paths), down: emptied(n.down),
		groups: n.groups[:0], classes: n.classes[:0], bounded: n.bounded[:0], internet: -1, tables: newTables(),
		memories: emptied(n.memories), places: emptied(n.places), whole: emptied(n.whole), ground: n.ground, texts: n.texts,
	}
	n.ground.reset()
	n.texts.reset()
}

// passage is how packets go directly from one node to another.
type passage struct {
	crossings []events.Crossing
	ownOnly   bool // nothing passes whose source is not in the VNet of the sender
}

// node gives the number of a node, a new one if it is not known yet.
func (n *network) node(id events.ActorID) int32 {
	if int(n.latest) < len(n.nodes) && n.nodes[n.latest].Node.Node == id {
		return n.latest
	}
	if at, ok := n.index[id]; ok {
		n.latest = at
		return at
	}
	at := int32(len(n.nodes))
	n.index[id] = at
	n.nodes = slices.Grow(n.nodes, 1)[:at+1]
	n.nodes[at].reset(id)
	return at
}

// of gives a node, valid until the next one is made.
func (n *network) of(id events.ActorID) *node {
	at := n.node(id)
	return &n.nodes[at]
}

// apply folds one line.
func (n *network) apply(l *events.Line) {
	switch l.Role {
	case events.Fact:
		n.fact(l.Event)
	case events.Change:
		n.change(l)
	case events.Set, events.Fired, events.Stopped:
		n.timer(l)
	default: // moves no packet
	}
}

func (n *network) fact(e events.Event) {
	switch e := e.(type) {
	case events.Node:
		n.place(e)
	case events.Link:
		if e.Capacity != (events.Capacity{}) {
			n.bounded = append(n.bounded, e)
		}
	case events.Path:
		from, to := n.node(e.From), n.node(e.To)
		n.paths[[2]int32{from, to}] = passage{e.Crossings, e.OwnOnly}
	case events.NICGroup:
		n.groups = append(n.groups, e)
		g := n.of(e.Group)
		g.programmer, g.nicScheme = e.Instance, e.Scheme
	case events.SystemRoute:
		n.of(e.Group).given(e)
	case events.UserRoute:
		n.of(e.Group).user.set(e.Prefix, e)
	case events.FlowClass:
		n.classes = append(n.classes, e)
	}
}

func (n *network) place(e events.Node) {
	at := n.node(e.Node)
	n.nodes[at].Node = e
	if e.Address.IsValid() {
		n.owners[e.Address] = at
	}
	if e.Type == events.InternetNode {
		n.internet = at
	}
	if e.SNAT == events.AllSNAT {
		n.hiding = append(n.hiding, e.Address)
	}
	if _, known := n.memories[e.StateOf]; e.StateOf != "" && !known {
		n.memories[e.StateOf] = at
	}
}

func (n *network) change(l *events.Line) {
	switch e := l.Event.(type) {
	case events.LinkState:
		n.down[e.Crossing] = !e.Up
	case events.NodeState:
		n.of(e.Node).become(e.Is, l.At)
	case events.ForwardingState:
		n.of(e.Node).idle = !e.Up
	case events.Serving:
		n.serve(l.Actor, e)
	default:
		n.of(l.Actor).change(l.Event, n.tables)
	}
}

// timer folds the timers that tell who finds out soon that another node is silent.
func (n *network) timer(l *events.Line) {
	if t, ok := l.Event.(events.Timer); ok && t.Name == events.LivenessTimer {
		n.of(l.Actor).watch(t.Peer, l.Role == events.Set)
	}
}

func (n *network) serve(instance events.ActorID, e events.Serving) {
	g := n.of(e.Group)
	switch {
	case e.On:
		g.programmer = instance
	case g.programmer == instance:
		g.programmer = ""
	}
}

// memory gives whose state a stateful NVA has: the first of those that share it,
// or its own.
func (n *network) memory(at int32) int32 {
	if word := n.nodes[at].StateOf; word != "" {
		return n.memories[word]
	}
	return at
}

// established tells whether one end of a session is.
func (n *network) established(at, peer events.ActorID) bool {
	_, up := n.of(at).sessions[peer]
	return up
}

// reaches tells whether packets can go directly from one node to another now.
func (n *network) reaches(from, to int32) bool {
	w, ok := n.paths[[2]int32{from, to}]
	return ok && !slices.ContainsFunc(w.crossings, func(c events.Crossing) bool { return n.down[c] })
}

// bars tells whether a peering does not let a packet pass, because its source is
// not in the VNet of the sender.
func (n *network) bars(from, to int32, source netip.Addr) bool {
	return n.paths[[2]int32{from, to}].ownOnly && !n.nodes[from].inVNet(source)
}

// owner gives the node outside the Internet that delivers packets to an
// address: the one whose address it is, or whose network contains it.
func (n *network) owner(a netip.Addr) (int32, bool) {
	if at, ok := n.owners[a]; ok {
		return at, true
	}
	best, bits := int32(-1), -1
	for i := range n.nodes {
		for _, p := range n.nodes[i].Prefixes {
			if p.Contains(a) && p.Bits() > bits && n.nodes[i].Type != events.InternetNode {
				best, bits = int32(i), p.Bits()
			}
		}
	}
	return best, best >= 0
}
