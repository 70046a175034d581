package metrics

// Final is how one class fared in one direction at the end of the run, as shares
// of its flows.
type Final struct {
	Class     string
	Direction string // forward, return
	Delivered float64
	Inspected float64 // delivered, and passed an NVA
	Cause     string  // of most of what was lost, the first by name of equal ones; none, if nothing was
}

// finals gives how the classes fared at the end, in their order.
func (t *traffic) finals() []Final {
	var finals []Final
	for _, c := range t.classes {
		finals = append(finals, c.final(t.net, forward), c.final(t.net, backward))
	}
	return finals
}

func (c *class) final(n *network, dir direction) Final {
	delivers, inspects := 0.0, 0.0 // flows
	var lost [congestion + 1]float64
	for _, l := range c.ways[dir].legs {
		flows := float64(l.flows.count())
		past := c.uncongested(l)
		lost[congestion] += flows - past
		if l.cause != delivered {
			lost[l.cause] += past
			continue
		}
		delivers += past
		if n.inspects(l.path) {
			inspects += past
		}
	}
	return Final{
		Class: c.Name, Direction: dir.String(), Cause: most(lost),
		Delivered: delivers / float64(c.Flows), Inspected: inspects / float64(c.Flows),
	}
}

// uncongested gives how many flows of a leg get past what is full, parts of flows
// included.
func (c *class) uncongested(l leg) float64 {
	if l.jam == nil {
		return float64(l.flows.count())
	}
	return float64(l.jam.got*int64(c.Flows)) / float64(c.BitsPerSec)
}

// most gives the cause that took the most flows.
func most(lost [congestion + 1]float64) string {
	main := delivered
	for why, flows := range lost {
		if flows > lost[main] || flows > 0 && flows == lost[main] && cause(why).String() < main.String() {
			main = cause(why)
		}
	}
	if main == delivered {
		return "none"
	}
	return main.String()
}

// learnedRoutes counts, for each speaker, the best routes that are not its own.
func (n *network) learnedRoutes() map[string]int {
	counts := map[string]int{}
	for i := range n.nodes {
		one := &n.nodes[i]
		if one.AS == 0 {
			continue
		}
		counts[string(one.Node.Node)] = 0
		for _, best := range one.best.all() {
			if !one.originates(best) {
				counts[string(one.Node.Node)]++
			}
		}
	}
	return counts
}
