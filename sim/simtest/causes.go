package simtest

import (
	"fmt"

	"dualhome/events"
)

// Causes (R1, R5): a timer that fired cites the line that set it, and fires when
// that line says, unless its process hung; a disturbance has no cause; NICs, and
// everything that follows from a disturbance, have it as root.
func Causes(lines []events.Line) error {
	hung := map[events.ActorID]bool{}
	thawed := map[events.ActorID]events.Time{}
	for _, l := range lines {
		switch e := l.Event.(type) {
		case events.NodeState:
			if hung[e.Node] {
				thawed[e.Node] = l.At
			}
			hung[e.Node] = e.Is == events.Hung
		case events.Disturbance:
			if l.Role == events.Fault && l.Cause != 0 {
				return fmt.Errorf("line %d, a disturbance, follows from line %d", l.Seq, l.Cause)
			}
		case events.NICChanged:
			if err := programmed(lines, l); err != nil {
				return err
			}
		}
		if l.Role != events.Fired {
			continue
		}
		set := lines[l.Cause-1]
		late := set.Due < thawed[l.Actor] && l.At >= thawed[l.Actor]
		if set.Role != events.Set || set.Actor != l.Actor || set.Event != l.Event || set.Due != l.At && !late {
			return fmt.Errorf("line %d fires what line %d set: %v; %v", l.Seq, l.Cause, l, set)
		}
	}
	return nil
}

// programmed (R2): a change of a NIC follows from the order that made it
// pending: one line of the batch it names, or the best change behind it.
func programmed(lines []events.Line, l events.Line) error {
	change := l.Event.(events.NICChanged)
	why := lines[l.Cause-1]
	if o, ok := why.Event.(events.Order); ok && o.Do == events.Flush {
		return nil
	}
	if p, ok := why.Event.(events.Program); ok && (p.Batch != change.Batch || why.Peer != change.Instance) {
		return fmt.Errorf("line %d cites batch %d of %s: %v", l.Seq, p.Batch, why.Peer, l)
	}
	return nil
}

// Silence says that a dead node decides nothing and sends nothing, and one whose process
// ended only has its host answer with RST. (Azure goes on programming its NIC.)
func Silence(lines []events.Line) error {
	is := map[events.ActorID]events.Condition{}
	for _, l := range lines {
		if e, ok := l.Event.(events.NodeState); ok {
			is[e.Node] = e.Is
		}
		if l.Cause == 0 || l.Event.Kind() == events.KindNICChanged {
			continue
		}
		rst, _ := l.Event.(events.TCP)
		switch condition := is[l.Actor]; {
		case l.Role != events.Out && l.Role != events.Change:
		case condition == events.Dead,
			condition == events.Halted && l.Role == events.Out && rst.Flag != events.RST && !parting(lines, l):
			return fmt.Errorf("line %d is of a node that is %v: %v", l.Seq, condition, l)
		}
	}
	return nil
}

// parting tells whether a line is among the last words of a process that was
// told to end.
func parting(lines []events.Line, l events.Line) bool {
	o, ok := lines[l.Cause-1].Event.(events.Order)
	return ok && (o.Do == events.Kill || o.Do == events.Stop)
}
