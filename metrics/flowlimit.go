package metrics

import "slices"

// refuse takes the flows that nodes have no place for. Those that have one keep
// it; what is left is divided among the classes as many flows as they come with,
// and in each the first get it: assumed, no document says which. Both directions of a
// flow are one, and the nodes are asked in their order.
func (b *bounds) refuse(classes []*class) {
	for _, at := range b.limited {
		room := b.net.nodes[at].Capacity.Flows
		var comers []flowSet
		var numbers []int
		coming := 0
		for _, c := range classes {
			if b.admitted[at][c] == nil {
				b.admitted[at][c] = newFlowSet(c.Flows)
			}
			present := c.passing(at)
			placed := present.and(b.admitted[at][c])
			comer := present.minus(placed)
			b.admitted[at][c] = placed
			comers, numbers = append(comers, comer), append(numbers, comer.count())
			room -= int64(placed.count())
			coming += comer.count()
		}
		if coming == 0 {
			continue
		}
		for i, places := range apportion(min(room, int64(coming)), numbers, coming) {
			c := classes[i]
			first := comers[i].first(int(places))
			b.admitted[at][c].join(first)
			if refused := comers[i].minus(first); !refused.empty() {
				c.refuse(at, refused)
			}
		}
	}
}

// passing gives the flows that a node sends on in either direction.
func (c *class) passing(at int32) flowSet {
	flows := newFlowSet(c.Flows)
	for _, legs := range c.fitting {
		for i := range legs {
			if l := &legs[i]; slices.Contains(l.path[:l.sent()], at) {
				flows.join(l.flows)
			}
		}
	}
	return flows
}

// refuse ends flows at a node.
func (c *class) refuse(at int32, refused flowSet) {
	for d, legs := range c.fitting {
		var all []leg
		for _, l := range legs {
			i := slices.Index(l.path[:l.sent()], at)
			lost := l.flows.and(refused)
			if i < 0 || lost.empty() {
				all = append(all, l)
				continue
			}
			q := l
			q.flows, q.path, q.next, q.cause = lost, l.path[:i+1], at, congestion
			if l.flows = l.flows.minus(lost); !l.flows.empty() {
				all = append(all, l)
			}
			all = append(all, q)
		}
		c.fitting[d] = all
	}
}
