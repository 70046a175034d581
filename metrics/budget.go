package metrics

import (
	"dualhome/events"
)

// budget is where the time of an outage went, in nanoseconds.
type budget struct{ detect, propagate, decide, program, flows int64 }

// budget walks the causes back from a change of a FIB or NIC to disturbance d;
// the gaps between the lines sum to its distance from d. It fails where the
// change does not follow from d.
func (g *lineage) budget(change touch, d Disturbance) (budget, bool) {
	var b budget
	later := g.lines[change.seq-1]
	for seq := change.cause; ; {
		if seq == 0 {
			return budget{}, false
		}
		earlier := g.lines[seq-1]
		gap := int64(later.at.Sub(earlier.at))
		*b.bucket(later, seq == d.Seq) += gap
		if earlier.role == events.Fault {
			return b, seq == d.Seq
		}
		later, seq = earlier, uint64(earlier.cause)
	}
}

// bucket tells what a gap was spent on, by the kind of the later line. Whoever
// changes a best route, or speaks to a peer of a session, directly after the
// fault was waiting for its detection: a hold timer that expires because packets
// are cut off cites the fault itself.
func (b *budget) bucket(later origin, isFault bool) *int64 {
	switch later.kind {
	case events.KindSessionChanged, events.KindBFDChanged, events.KindProbeChanged, events.KindPathState, events.KindOrder, events.KindServing,
		events.KindLinkState, events.KindNodeState, events.KindForwardingState, events.KindDisturbance:
		return &b.detect
	case events.KindProgram, events.KindNICChanged, events.KindFIBChanged:
		return &b.program
	case events.KindBestChanged:
		if isFault {
			return &b.detect
		}
		return &b.decide
	case events.KindTimer:
		return b.timer(later.timer)
	default:
		return b.message(later, isFault)
	}
}

func (b *budget) timer(name events.TimerName) *int64 {
	switch name {
	case events.ConnectTimer, events.ConnectRetryTimer, events.LimitTimer:
		return &b.flows
	case events.MRAITimer, events.AdvertiseTimer, events.WorkTimer, events.ReuseTimer, events.DecisionTimer:
		return &b.decide
	case events.ProgramTimer, events.InstallTimer:
		return &b.program
	default: // hold, liveness
		return &b.detect
	}
}

// message tells what a gap before a message was spent on: its way, if it
// arrived; else a connection that is made anew, or the decision to send it.
func (b *budget) message(m origin, isFault bool) *int64 {
	speaks := m.kind == events.KindNotification || m.kind == events.KindTCP || m.kind == events.KindOpen || m.kind == events.KindKeepalive
	switch {
	case m.role == events.In || m.role == events.Lost:
		return &b.propagate
	case isFault && speaks, m.kind == events.KindBFD:
		return &b.detect
	case m.kind == events.KindTCP || m.kind == events.KindOpen || m.kind == events.KindKeepalive:
		return &b.flows
	}
	return &b.decide
}

// show puts the budget into the row of its disturbance.
func (b *budget) show(row *Convergence) {
	row.Detect, row.Propagate, row.Decide = &b.detect, &b.propagate, &b.decide
	row.Program, row.Flows = &b.program, &b.flows
}
