package metrics

import (
	"slices"

	"dualhome/events"
)

// class is a flow class with its places in the network and how it fared.
type class struct {
	events.FlowClass
	ground    *ground
	number    int32
	effects   [2]int32 // numbers of those on packets of each direction
	all       flowSet
	counted   flowSet  // memory of what counts each flow once
	sources   []group  // where its flows begin, if that is at VMs
	targets   []group  // where they end, if that is at VMs
	from, to  int32    // where they begin and end, if that is not at VMs; else -1
	internet  bool     // it goes to the Internet
	tied      bool     // the way back depends on the way there
	stateful  bool     // the way there ends at an NVA that does not see the way back
	went      []leg    // the way there, were every NVA stateless
	walked    [2][]leg // where each flow goes, whether or not it is open, and whatever else goes there
	life      *life    // of its flows; none: nothing on any way can break them
	unbounded [2][]leg // where each goes, if nothing were full: see bounds
	fitting   [2][]leg // and what of that fits
	ways      [2]track
	both      track // lost in either direction
}

// group is a group of VMs, and the flows that begin or end there.
type group struct {
	node  int32
	flows flowSet
}

// newClass finds the places of a class.
func newClass(n *network, c events.FlowClass, number int) *class {
	k := &class{}
	k.reset(n, c, number)
	return k
}

// reset makes a class of another one, of an earlier run.
func (k *class) reset(n *network, c events.FlowClass, number int) {
	*k = class{
		FlowClass: c, ground: n.ground, number: int32(number), all: n.allFlows(c.Flows), counted: n.ground.noFlows(c.Flows), from: -1, to: -1,
		ways: [2]track{k.ways[forward].emptied(), k.ways[backward].emptied()}, both: k.both.emptied(),
	}
	k.sources, k.targets = n.groupsOf(c.From, c.Flows), n.groupsOf(string(c.To), c.Flows)
	if len(k.sources) == 0 {
		k.from = n.node(events.ActorID(c.From))
	}
	if len(k.targets) == 0 {
		k.to = n.node(c.To)
		k.internet = n.nodes[k.to].Type == events.InternetNode
	}
	k.stateful = !c.Stateless && slices.ContainsFunc(n.nodes, func(n node) bool { return n.Stateful })
	k.tied = k.internet || k.stateful || len(n.hiding) > 0
	k.life = newLife(n, k)
}

// ends gives the groups of VMs where packets of a direction end; none: they end
// elsewhere.
func (c *class) ends(dir direction) []group {
	if dir == backward {
		return c.sources
	}
	return c.targets
}

// isOneOf tells whether a node is one of some groups of VMs.
func isOneOf(groups []group, at int32) bool {
	return slices.ContainsFunc(groups, func(g group) bool { return g.node == at })
}

// there walks from who begins the flows to who answers.
func (c *class) there(n *network, f forks) []leg {
	w := newWalker(n, f, c, forward, len(c.went))
	w.leave(c.from, c.sources, pack(c.all, c.Destination))
	return w.legs
}

// back walks from who answers to who began the flows. What comes from the Internet, or
// through stateful NVAs, depends on the way there.
func (c *class) back(n *network, f forks, there []leg) []leg {
	w := newWalker(n, f, c, backward, len(c.walked[backward]))
	if c.tied {
		w.remember(there)
	}
	if c.internet {
		for _, l := range there {
			w.reply(c.to, l)
		}
		return w.legs
	}
	for _, p := range w.answers(there) {
		w.leave(c.to, c.targets, p)
	}
	return w.legs
}

// leave walks what a node, or else groups of VMs, send.
func (w *walker) leave(from int32, groups []group, p parcel) {
	if from >= 0 {
		w.arrive(from, p)
		return
	}
	for _, g := range groups {
		q := p
		if q.flows = w.net.ground.shared(p.flows, g.flows); !q.flows.empty() {
			w.arrive(g.node, q)
		}
	}
}

// reply walks the packets that answer those of a leg to the Internet. A site
// that offers the destination answers from where it is. From the Internet, what
// an NVA translated returns to that NVA, whose address it carries, and what none
// did to the VM itself; to a site's own address no way leads from there. What got
// nowhere is answered by nobody.
func (w *walker) reply(internet int32, l leg) {
	if l.site >= 0 {
		p := w.answer(l)
		p.site = l.site
		w.arrive(l.site, p)
		return
	}
	w.path = append(w.path, internet)
	p := pack(l.flows, w.class.Source)
	p.by = l.by
	switch {
	case w.net.translates(w.class, l):
		p.dst = w.restored(l)
		w.hop(internet, l.exit, p)
	case l.cause == delivered && w.class.from >= 0:
		w.finish(p, blackHole)
	case l.cause == delivered:
		w.home(internet, p, w.class.sources)
	default:
		w.finish(p, l.cause)
	}
	w.path = w.path[:0]
}

// remember notes which flows the stateful NVAs know, alone or together.
func (w *walker) remember(there []leg) {
	w.known, w.tied = map[int32]flowSet{}, newFlowSet(w.class.Flows)
	for _, l := range there {
		if l.exit < 0 && l.cause != delivered {
			continue
		}
		w.tied.join(l.flows)
		for _, at := range append(slices.Clone(l.path), l.exit) {
			if at < 0 || !w.net.nodes[at].Stateful {
				continue
			}
			memory := w.net.memory(at)
			if w.known[memory] == nil {
				w.known[memory] = newFlowSet(w.class.Flows)
			}
			w.known[memory].join(l.flows)
		}
	}
}
