package metrics

import "dualhome/events"

// Absence is a span in which the BGP process of an actor does not run: its machine is
// dead, or the process hangs or is gone. The rows of its sessions say what it knew
// before.
type Absence struct {
	Actor    string
	From, To int64            // ns; To is the run's end where it does not come back
	Is       events.Condition // as it began
}

// absent notes that the condition of a node changed.
func (m *meter) absent(l *events.Line, e events.NodeState) {
	i, gone := m.gone[e.Node]
	switch {
	case gone && e.Is == events.Alive:
		m.result.Absences[i].To = int64(l.At)
		delete(m.gone, e.Node)
	case !gone && e.Is != events.Alive:
		m.gone[e.Node] = len(m.result.Absences)
		m.result.Absences = append(m.result.Absences, Absence{string(e.Node), int64(l.At), -1, e.Is})
	}
}

// endAbsences ends those that last at the run's end.
func (r *Result) endAbsences() {
	for i := range r.Absences {
		if r.Absences[i].To < 0 {
			r.Absences[i].To = int64(r.Horizon)
		}
	}
}
