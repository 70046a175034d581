package metrics

import "slices"

// putBoth makes the step of what is lost in either direction. Where both lose a
// flow, the cause is that of the forward direction; what is full on both ways
// takes as much as it does on the worse one: assumed.
func (t *traffic) putBoth(c *class) {
	s := step{at: t.now}
	if c.isJammed() {
		s.cells = c.squeezed()
	} else {
		s.cells = c.losers()
	}
	slices.SortFunc(s.cells, byCell)
	s.delivered = c.delivers(s.cells)
	t.check(c.conserveRates("two-way", &s))
	c.both.put(c.ground, s)
}

func (c *class) isJammed() bool {
	return slices.ContainsFunc(c.ways[:], func(t track) bool {
		return slices.ContainsFunc(t.legs, func(l leg) bool { return l.jam != nil })
	})
}

// losers gives the cells of both directions together where flows are delivered
// or lost as a whole.
func (c *class) losers() []cell {
	cells, lost, left := c.ground.cells.take(2), c.counted, c.Flows
	clear(lost)
	for _, way := range c.ways {
		for _, l := range way.legs {
			if l.cause == delivered {
				continue
			}
			if n := l.flows.count() - l.flows.countBoth(lost); n > 0 {
				cells = merge(cells, cell{cause: l.cause, flows: n})
				left -= n
			}
			lost.join(l.flows)
		}
	}
	if left > 0 {
		cells = merge(cells, cell{flows: left})
	}
	return cells
}

// squeezed gives the cells of both directions together where parts of flows are lost.
func (c *class) squeezed() (cells []cell) {
	for _, there := range c.ways[forward].legs {
		if there.cause != delivered {
			cells = merge(cells, c.cellOf(there.cause, there.flows.count(), there))
			continue
		}
		for _, back := range c.ways[backward].legs {
			if n := there.flows.countBoth(back.flows); n > 0 {
				cells = merge(cells, c.cellOf(back.cause, n, there, back))
			}
		}
	}
	return cells
}

// cellOf gives the cell of flows that are in all of some legs.
func (c *class) cellOf(why cause, flows int, legs ...leg) cell {
	got := c.whole(flows)
	for _, l := range legs {
		if l.jam != nil {
			got = min(got, l.jam.got*int64(flows)/int64(l.flows.count()))
		}
	}
	if got == c.whole(flows) {
		return cell{cause: why, flows: flows}
	}
	return cell{cause: why, full: true, flows: flows, got: got}
}
