package sim

import (
	"fmt"
	"iter"
	"slices"

	"dualhome/events"
)

// Replay folds the lines of an earlier run of the same configuration, cut after
// any turn. Run then goes on exactly as that run did. The log of this kernel
// gets only the lines after the cut; messages that were under way at the cut are
// published again.
func (k *Kernel) Replay(lines iter.Seq2[events.Line, error]) error {
	under := map[uint64]events.Line{}
	for l, err := range lines {
		if err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		if err := k.Fold(l); err != nil {
			return err
		}
		switch l.Role {
		case events.Out:
			under[l.Seq] = l
		case events.In, events.Lost:
			delete(under, l.Cause)
		}
	}
	var outs []events.Line
	for _, l := range under { // order-free: sorted below
		outs = append(outs, l)
	}
	slices.SortFunc(outs, func(a, b events.Line) int { return int(a.Seq) - int(b.Seq) })
	return k.bus.Publish(outs)
}

// Fold folds one line of an earlier run of the same configuration, after all
// before it. One that cannot follow on those is an error, not a crash.
func (k *Kernel) Fold(l events.Line) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("replay: line %d (%v) does not follow from the lines before it: %v", l.Seq, l, p)
		}
	}()
	switch {
	case l.Seq != k.seq+1:
		return fmt.Errorf("replay: line %d follows on line %d", l.Seq, k.seq)
	case l.Cause >= l.Seq || l.At < k.now:
		return fmt.Errorf("replay: line %d (%v) is out of order", l.Seq, l)
	case k.slots[l.Actor] == nil:
		return fmt.Errorf("replay: line %d is of %q, which is no actor of this run", l.Seq, l.Actor)
	}
	if l.At > k.now {
		k.instant = 0
	}
	k.instant++
	if k.recurrence != nil {
		k.recurrence.note(k.slots[l.Actor], &l)
	}
	k.turn.lines = append(k.turn.lines[:0], l)
	k.fold(k.slots[l.Actor], &k.turn.lines[0])
	return nil
}
