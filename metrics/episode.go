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

// charged is a disturbance, class and direction: what a row about loss is charged to.
type charged struct {
	root             int64
	class, direction string
}

// losses is the rows about loss, by what they are charged to.
type losses struct {
	impacts map[charged]*Impact
	causes  map[charged][]*Outage
}

func (r *Result) losses() losses {
	l := losses{map[charged]*Impact{}, map[charged][]*Outage{}}
	for i := range r.Impacts {
		row := &r.Impacts[i]
		l.impacts[charged{row.Root, row.Class, row.Direction}] = row
	}
	for i := range r.Outages {
		if row := &r.Outages[i]; row.Cause != nil {
			to := charged{row.Root, row.Class, row.Direction}
			l.causes[to] = append(l.causes[to], row)
		}
	}
	return l
}

// episodes gives those of each fault, class and direction: one for all causes, then
// one for each.
func (m *meter) episodes(ws []window) []Episode {
	var all []Episode
	lost := m.result.losses()
	for i, d := range m.result.Disturbances {
		if d.Repair {
			continue
		}
		j := slices.IndexFunc(m.result.Disturbances, func(r Disturbance) bool { return r.Repair && r.Name == d.Name+"-repair" })
		for _, c := range m.traffic.classes {
			for _, way := range c.tracks() {
				e := Episode{Disturbance: d.Name, Class: c.Name, Direction: way.name, Restored: !way.losesAfter(ws[i])}
				roots := []uint64{d.Seq}
				before := way.before(ws[i].from)
				past := way.uninspected(ws[i], before.uninspected())
				if j >= 0 {
					e.Restored, e.Outlasted = !way.losesAfter(ws[j]), way.before(ws[j].from).delivered < before.delivered
					if ws[j] != ws[i] { // those of one instant are one, and count once
						roots = append(roots, m.result.Disturbances[j].Seq)
						past += way.uninspected(ws[j], before.uninspected())
					}
				}
				of := lost.sum(e, roots)
				if way.track != &c.both {
					of[0].Uninspected = past
				}
				all = append(all, of...)
			}
		}
	}
	return all
}

// sum fills an episode with what was lost in the windows of some disturbances, and
// divides it by cause.
func (l losses) sum(e Episode, roots []uint64) []Episode {
	all := []Episode{e}
	for _, root := range roots {
		to := charged{int64(root), e.Class, e.Direction}
		all[0].add(l.impacts[to].Outage, l.impacts[to].LostBytes, l.impacts[to].Equivalent)
		for _, o := range l.causes[to] {
			at := slices.IndexFunc(all, func(known Episode) bool { return known.Cause == *o.Cause })
			if at < 0 {
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
