package metrics

import "slices"

// Episode is what one class lost in one direction from a fault on: in the window
// of the fault and in that of its repair, together. What is not restored before the
// repair lasts until then, and so does its figure.
type Episode struct {
	Disturbance string // the fault
	Class       string
	Direction   string // forward, return, two-way
	Cause       string // of the loss; empty: all together
	Outage      int64  // ns with any such loss
	LostBytes   int64
	Equivalent  int64 // ns of full outage that lose as much
	Restored    bool  // at its end nothing is lost; else what it lost depends on when the run ends
	Outlasted   bool  // just before the repair less was delivered than before the fault
	Uninspected int64 // ns in which more is delivered past all NVAs than before the fault; of one direction, all causes
}

// charge is the rows about loss of a disturbance, class and direction.
type charge struct {
	*Impact
	rows []Outage
}

// charges gives those of all disturbances, classes and directions, in this order.
func (r *Result) charges() []charge {
	all, rows := make([]charge, len(r.Impacts)), r.Outages
	for i := range r.Impacts {
		of, n := &r.Impacts[i], 0
		for n < len(rows) && rows[n].Root == of.Root && rows[n].Class == of.Class && rows[n].Direction == of.Direction {
			n++
		}
		all[i], rows = charge{of, rows[:n]}, rows[n:]
	}
	return all
}

// episodes gives those of each fault, class and direction: one for all causes, then
// one for each.
func (m *meter) episodes(ws []window) []Episode {
	var all []Episode
	lost, ways := m.result.charges(), 3*len(m.traffic.classes)
	for i, d := range m.result.Disturbances {
		if d.Repair {
			continue
		}
		j := slices.IndexFunc(m.result.Disturbances, func(r Disturbance) bool { return r.Repair && r.Name == d.Name+"-repair" })
		for k, c := range m.traffic.classes {
			for w, way := range c.tracks() {
				e := Episode{Disturbance: d.Name, Class: c.Name, Direction: way.name, Restored: !way.losesAfter(ws[i])}
				since := []charge{lost[i*ways+3*k+w]}
				before := way.before(ws[i].from)
				past := way.uninspected(ws[i], before.uninspected())
				if j >= 0 {
					e.Restored, e.Outlasted = !way.losesAfter(ws[j]), way.before(ws[j].from).delivered < before.delivered
					if ws[j] != ws[i] { // those of one instant are one, and count once
						since = append(since, lost[j*ways+3*k+w])
						past += way.uninspected(ws[j], before.uninspected())
					}
				}
				first := len(all)
				all = e.sum(all, since)
				if way.track != &c.both {
					all[first].Uninspected = past
				}
			}
		}
	}
	return all
}

// sum appends an episode with what was lost in the windows of some disturbances, and
// divides it by cause.
func (e Episode) sum(all []Episode, since []charge) []Episode {
	first := len(all)
	all = append(all, e)
	for _, c := range since {
		all[first].add(c.Outage, c.LostBytes, c.Equivalent)
		for i := range c.rows {
			o := &c.rows[i]
			if o.Cause == nil {
				continue
			}
			at := first + slices.IndexFunc(all[first:], func(known Episode) bool { return known.Cause == *o.Cause })
			if at < first {
				at, e.Cause = len(all), *o.Cause
				all = append(all, e)
			}
			all[at].add(o.Outage, o.LostBytes, o.Equivalent)
		}
	}
	return all
}

func (e *Episode) add(outage, bytes, equivalent int64) {
	e.Outage, e.LostBytes, e.Equivalent = e.Outage+outage, e.LostBytes+bytes, e.Equivalent+equivalent
}

// uninspected gives for how long in a window more flows than those usual are
// delivered that no NVA saw.
func (t *track) uninspected(w window, usual int) (ns int64) {
	for _, s := range t.spans(w) {
		if s.uninspected() > usual {
			ns += int64(s.to - s.from)
		}
	}
	return ns
}

// uninspected counts the flows that are delivered though no NVA saw them.
func (s *step) uninspected() (flows int) {
	for _, c := range s.cells {
		if c.cause == delivered && !c.inspected {
			flows += c.flows
		}
	}
	return flows
}
