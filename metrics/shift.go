package metrics

import (
	"slices"

	"dualhome/events"
)

// shift appends the rows of one class, direction and disturbance: one for each hub
// that the class uses in that direction at some time of the run.
func (c *class) shift(rows []Shift, n *network, d Disturbance, w window, dir direction) []Shift {
	t := &c.ways[dir]
	moved, broken := n.movers(t.markAt(w.from), t.markAt(w.to)), c.life.brokenIn(w)
	for _, hub := range t.hubs {
		before, after := t.before(w.from).offered(hub), t.after(w).offered(hub)
		r := Shift{
			Root: int64(d.Seq), Class: c.Name, Direction: dir.String(), Via: hub,
			ShareBefore: float64(before) / float64(c.Flows), ShareAfter: float64(after) / float64(c.Flows),
			FlowsMoved: moved, FlowsBroken: broken,
		}
		if before != after {
			steps := t.within(w)
			r.T50 = reach(steps, hub, before, after, 50, w.from)
			r.T90 = reach(steps, hub, before, after, 90, w.from)
			r.T99 = reach(steps, hub, before, after, 99, w.from)
			r.T100 = reach(steps, hub, before, after, 100, w.from)
		}
		rows = append(rows, r)
	}
	return rows
}

// allHubs gives the hubs that some step uses, in order.
func (t *track) allHubs() []string {
	hubs := t.hubs[:0]
	for i := range t.steps {
		for _, c := range t.steps[i].cells {
			if c.hub != "" && !slices.Contains(hubs, c.hub) {
				hubs = append(hubs, c.hub)
			}
		}
	}
	slices.Sort(hubs)
	return hubs
}

// offered gives the flows that are offered via a hub.
func (s *step) offered(hub string) int {
	flows := 0
	for _, c := range s.cells {
		if c.hub == hub {
			flows += c.flows
		}
	}
	return flows
}

// reach gives the time after which the share of a hub never again falls below
// percent of the way from before to after.
func reach(steps []step, hub string, before, after, percent int, from events.Time) *int64 {
	way := after - before
	at := steps[len(steps)-1].at
	for i := len(steps) - 1; i >= 0; i-- {
		done := steps[i].offered(hub) - before
		if way < 0 && 100*-done < percent*-way || way > 0 && 100*done < percent*way {
			break
		}
		at = steps[i].at
	}
	return Nanos(at.Sub(from))
}

// movers counts the flows whose hub differs between the two ends of a window.
func (n *network) movers(was, is []leg) (moved int64) {
	for _, a := range was {
		for _, b := range is {
			if n.hubOf(a) != n.hubOf(b) {
				moved += int64(a.flows.countBoth(b.flows))
			}
		}
	}
	return moved
}

func (n *network) hubOf(l leg) string {
	if l.hub < 0 {
		return ""
	}
	return n.nodes[l.hub].VNet
}
