package metrics

import (
	"cmp"
	"slices"

	"dualhome/events"
)

// window is the time that is charged to a disturbance: from its instant to the
// next one, or to the end of the run. Disturbances of one instant share it.
type window struct {
	from, to events.Time
	last     bool // it ends with the run, whose last instant belongs to it
}

// windows gives the window of each disturbance, in order.
func windows(all []Disturbance, horizon events.Time) []window {
	ws := make([]window, len(all))
	next := window{to: max(horizon, 0), last: true}
	for i := len(all) - 1; i >= 0; i-- {
		ws[i] = window{all[i].At, next.to, next.last}
		if i > 0 && all[i-1].At != all[i].At {
			next = window{to: all[i].At}
		}
	}
	return ws
}

// within gives the steps that begin inside the window.
func (t *track) within(w window) []step {
	find := func(at events.Time) int {
		i, _ := slices.BinarySearchFunc(t.steps, at, func(s step, at events.Time) int { return cmp.Compare(s.at, at) })
		return i
	}
	to := find(w.to)
	if w.last {
		to = len(t.steps)
	}
	return t.steps[find(w.from):to]
}

// span is a step with the time for which it holds inside a window.
type span struct {
	*step
	from, to events.Time
}

// spans gives what holds in the window, from its beginning to its end, until it is
// asked again.
func (t *track) spans(w window) []span {
	steps := t.within(w)
	all := t.spanned[:0]
	at := span{t.before(w.from), w.from, w.to}
	for i := range steps {
		if steps[i].at > at.from {
			at.to = steps[i].at
			all = append(all, at)
		}
		at = span{&steps[i], steps[i].at, w.to}
	}
	t.spanned = append(all, at)
	return t.spanned
}

// after gives the step in force at the window's end.
func (t *track) after(w window) *step {
	if steps := t.within(w); len(steps) > 0 {
		return &steps[len(steps)-1]
	}
	return t.before(w.from)
}

// restored tells whether no less is delivered at the window's end than before it.
func (t *track) restored(w window) bool { return t.after(w).delivered >= t.before(w.from).delivered }

// losesAfter tells whether something is lost at the window's end, whether or not it
// was before.
func (t *track) losesAfter(w window) bool {
	return slices.ContainsFunc(t.after(w).cells, func(c cell) bool { return c.cause != delivered || c.full })
}

// settled gives the last instant in the window at which the delivered share or a
// path changed; false if there is none.
func (t *track) settled(w window) (events.Time, bool) {
	for _, s := range slices.Backward(t.within(w)) {
		if s.moved {
			return s.at, true
		}
	}
	return 0, false
}

// healed gives the step with which the class had back for good what it delivered
// before the window; nil if it lost nothing, or did not get it back.
func (t *track) healed(w window) *step {
	steps, want := t.within(w), t.before(w.from).delivered
	var healed *step
	for i := range slices.Backward(steps) {
		if steps[i].delivered < want {
			return healed
		}
		healed = &steps[i]
	}
	return nil
}

// markAt gives where the flows were just before an instant; at the run's end for
// the last window.
func (t *track) markAt(at events.Time) []leg {
	i, ok := slices.BinarySearchFunc(t.marks, at, func(m mark, at events.Time) int { return cmp.Compare(m.at, at) })
	if !ok {
		return nil
	}
	return t.marks[i].legs
}
