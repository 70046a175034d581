package metrics

import (
	"slices"

	"dualhome/events"
)

// bounds is what nodes and links let pass. First some flows are refused whole,
// where a node carries no more of them; then the others share bits and packets.
type bounds struct {
	net       *network
	resources []resource
	spots     []spot                       // where each resource is
	nodes     map[int32][]int32            // the resources of a node
	links     map[events.Crossing][]int32  // those of a direction of a link
	admitted  map[int32]map[*class]flowSet // by node that carries so many flows: those that have a place there
	limited   []int32                      // these nodes, ascending
}

// spot is a node, or a direction of a link.
type spot struct {
	node int32 // -1: it is a link
	over events.Crossing
}

// jam is what a full resource leaves of a leg.
type jam struct {
	at  int32 // the resource
	got int64 // bits per second that get past
}

// newBounds finds what is bounded; nil: nothing is.
func newBounds(n *network) *bounds {
	b := &bounds{net: n, nodes: map[int32][]int32{}, links: map[events.Crossing][]int32{}, admitted: map[int32]map[*class]flowSet{}}
	for i := range n.nodes {
		at := int32(i)
		b.nodes[at] = b.bound(n.nodes[i].Capacity, spot{node: at})
		if n.nodes[i].Capacity.Flows > 0 {
			b.limited, b.admitted[at] = append(b.limited, at), map[*class]flowSet{}
		}
	}
	for _, l := range n.bounded {
		for _, reverse := range []bool{false, true} {
			over := events.Crossing{Link: l.Name, Reverse: reverse}
			b.links[over] = b.bound(l.Capacity, spot{-1, over})
		}
	}
	if len(b.resources) == 0 && len(b.limited) == 0 {
		return nil
	}
	return b
}

// bound makes the resources of a spot.
func (b *bounds) bound(c events.Capacity, at spot) (numbers []int32) {
	for _, r := range []resource{{c.BitsPerSec, false}, {c.PacketsPerSec, true}} {
		if r.bound > 0 {
			numbers = append(numbers, int32(len(b.resources)))
			b.resources, b.spots = append(b.resources, r), append(b.spots, at)
		}
	}
	return numbers
}

// congest takes from the legs of all classes what does not fit. What fits is the
// same as long as nothing moves.
func (t *traffic) congest() {
	if t.bounds == nil {
		return
	}
	moved := false
	for _, c := range t.classes {
		for d := range c.ways {
			moved = moved || !identical(c.ways[d].legs, c.unbounded[d])
			c.unbounded[d] = c.ways[d].legs
		}
	}
	if moved {
		for _, c := range t.classes {
			c.fitting = [2][]leg{slices.Clone(c.unbounded[forward]), slices.Clone(c.unbounded[backward])}
			if c.life != nil {
				c.life.begins = true // a place may be free
			}
		}
		t.bounds.refuse(t.classes)
		t.bounds.share(t.classes)
	}
	for _, c := range t.classes {
		for d := range c.ways {
			c.ways[d].legs = c.fitting[d]
		}
	}
}

// identical tells whether two slices are one and the same.
func identical(a, b []leg) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// share divides bits and packets among all that is under way.
func (b *bounds) share(classes []*class) {
	all := &crowd{}
	for _, c := range classes {
		for _, legs := range c.fitting {
			first := len(all.streams)
			for i := range legs {
				all.add(c, &legs[i], b.through(&legs[i]), first)
			}
		}
	}
	for i, one := range maxMin(b.resources, all.streams) {
		if one.full >= 0 {
			all.owners[i].jam(all.legs[i], one)
		}
	}
}

// crowd is all that passes something bounded: streams, with the class and the legs
// of each.
type crowd struct {
	streams []stream
	owners  []*class
	legs    [][]*leg
}

// add puts a leg into the stream of those that pass the same resources, of the
// streams of its class and direction, which begin with the first.
func (all *crowd) add(c *class, l *leg, through []int32, first int) {
	if len(through) == 0 {
		return
	}
	at := first + slices.IndexFunc(all.streams[first:], func(s stream) bool { return slices.Equal(s.through, through) })
	if at < first {
		at = len(all.streams)
		all.streams = append(all.streams, stream{rate: c.BitsPerSec, of: int64(c.Flows), bytes: max(1, c.PacketBytes), through: through})
		all.owners, all.legs = append(all.owners, c), append(all.legs, nil)
	}
	all.streams[at].flows += int64(l.flows.count())
	all.legs[at] = append(all.legs[at], l)
}

// jam divides what a stream gets among its legs. What is less than a bit per
// second does not count.
func (c *class) jam(legs []*leg, g grant) {
	weights, sum := make([]int, len(legs)), 0
	for i, l := range legs {
		weights[i] = l.flows.count()
		sum += weights[i]
	}
	for i, got := range apportion(g.got, weights, sum) {
		if got < c.whole(weights[i]) {
			legs[i].jam = &jam{g.full, got}
		}
	}
}

// whole gives the whole bits per second that some flows of a class offer.
func (c *class) whole(flows int) int64 { return int64(flows) * c.BitsPerSec / int64(c.Flows) }

// through gives the resources that a leg passes, ascending: those of the nodes
// that sent it on, and of the links that it came over.
func (b *bounds) through(l *leg) (all []int32) {
	for _, at := range l.path[:l.sent()] {
		all = append(all, b.nodes[at]...)
	}
	for i := 1; i < len(l.path) && len(b.links) > 0; i++ {
		for _, over := range b.net.paths[[2]int32{l.path[i-1], l.path[i]}].crossings {
			all = append(all, b.links[over]...)
		}
	}
	slices.Sort(all)
	return all
}

// sent gives how many nodes of its path sent a leg on: not the last one, unless
// it found nobody where it sent the leg to.
func (l *leg) sent() int {
	last := len(l.path) - 1
	switch l.cause {
	case delivered, asymmetry, policy, congestion:
		return last
	}
	if l.next < 0 || l.next == l.path[last] {
		return last
	}
	return last + 1
}
