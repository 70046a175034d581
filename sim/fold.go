package sim

import (
	"slices"

	"dualhome/events"
)

// fold is the one place where state changes: a line that is already written
// changes the kernel, then its actor.
func (k *Kernel) fold(s *slot, l *events.Line) {
	k.seq, k.now = l.Seq, l.At
	k.roots = append(k.roots, k.rootOf(l))
	switch l.Role { //exhaustive:enforce
	case events.Out:
		k.depart(s, l)
	case events.In:
		if l.Cause == 0 {
			s.started = true
		} else {
			k.land(l)
		}
	case events.Lost:
		k.land(l)
	case events.Set:
		k.setTimer(s, l)
	case events.Fired:
		k.expire(s, l)
	case events.Stopped:
		name := l.Event.(events.Timer)
		if n := s.timers.find(&name); n != unset {
			k.stopTimer(s, n)
		}
	case events.Fault:
		k.names[l.Seq] = l.Event.(events.Disturbance).Name
	case events.Change:
		k.physics(l)
	case events.Fact:
	}
	s.actor.Apply(l)
}

// rootOf gives the disturbance that a line follows from (law of causes, R5).
func (k *Kernel) rootOf(l *events.Line) uint64 {
	if l.Role == events.Fault {
		return l.Seq
	}
	return k.roots[l.Cause]
}

// land takes an arrived or lost message off the queue and off its wire.
func (k *Kernel) land(l *events.Line) {
	if it, ok := k.head(); ok && k.queue.slab[it.at].seq == l.Cause {
		w, conn := k.queue.slab[it.at].wire, k.queue.slab[it.at].conn
		if w != nil {
			k.landed(w, it.at)
		}
		k.queue.pop()
		k.queue.remove(it.at)
		if w != nil && l.Role == events.In {
			k.hasten(w.back, conn) // at last: it queues what may be due now
		}
		return
	}
	w := k.wire(k.slots[l.Peer], l.Actor)
	is := func(at int32) bool { return k.queue.slab[at].seq == l.Cause }
	for _, list := range []*[]int32{&w.held, &w.flying} {
		if i := slices.IndexFunc(*list, is); i >= 0 {
			k.queue.remove((*list)[i])
			*list = slices.Delete(*list, i, i+1)
			return
		}
	}
	panic("sim: a message arrived that was not under way")
}

// head gives the earliest thing due. Timers of a hung process wait, parked, until
// it runs again.
func (k *Kernel) head() (item, bool) {
	for {
		it, ok := k.queue.head()
		if !ok {
			return it, false
		}
		p := &k.queue.slab[it.at]
		if p.kind != 0 || !p.owner.hung || !ofProcess(p.owner.timers.all[p.timer].name) {
			return it, true
		}
		k.queue.pop()
		p.due = waiting
		p.owner.parked = append(p.owner.parked, it.at)
	}
}

func (k *Kernel) setTimer(s *slot, l *events.Line) {
	name := l.Event.(events.Timer)
	n := s.timers.number(&k.queue, &name)
	k.stopTimer(s, n)
	at := k.queue.add(pending{seq: l.Seq, at: l.At, due: l.Due, owner: s, timer: n})
	s.timers.put(n, at)
	k.queue.push(at)
}

// stopTimer stops the timer of a number, if it is set.
func (k *Kernel) stopTimer(s *slot, n int32) {
	at := s.timers.all[n].at
	if at == unset {
		return
	}
	s.timers.put(n, unset)
	if len(s.parked) > 0 {
		s.parked = slices.DeleteFunc(s.parked, func(p int32) bool { return p == at })
	}
	k.queue.remove(at)
}

func (k *Kernel) expire(s *slot, l *events.Line) {
	it, ok := k.head()
	if !ok || k.queue.slab[it.at].seq != l.Cause {
		panic("sim: a timer fired that was not due")
	}
	k.queue.pop()
	s.timers.put(k.queue.slab[it.at].timer, unset)
	k.queue.remove(it.at)
}

// physics folds what the fabric says of links and nodes into wires and slots.
func (k *Kernel) physics(l *events.Line) {
	switch e := l.Event.(type) {
	case events.LinkState:
		for _, w := range k.over(e.Crossing) {
			was := w.cuts > 0
			if e.Up {
				w.cuts--
			} else {
				w.cuts++
			}
			k.settle(w)
			if is := w.cuts > 0; is != was && w.back != nil {
				k.acknowledge(w.back)
			}
		}
	case events.NodeState:
		if s := k.slots[e.Node]; s != nil {
			k.condition(s, e.Is)
		}
	case *events.BestChanged:
		k.moved()
	case events.SessionChanged:
		if e.Was == events.Established || e.Is == events.Established {
			k.moved()
		}
	}
}

// over gives the wires that go over a link in a direction, in the order in which they
// were laid.
func (k *Kernel) over(c events.Crossing) []*wire {
	if k.links == nil {
		k.links = map[events.Crossing][]*wire{}
		for i := range k.wires {
			for _, c := range k.wires[i].Crossings {
				k.links[c] = append(k.links[c], &k.wires[i])
			}
		}
	}
	return k.links[c]
}

// condition changes what a node's host and process do.
func (k *Kernel) condition(s *slot, is events.Condition) {
	ended := s.hung && is == events.Halted
	s.dead, s.hung = is == events.Dead, is == events.Hung
	if is == events.Dead || is == events.Halted {
		for n := range s.timers.all {
			if ofProcess(s.timers.all[n].name) {
				k.stopTimer(s, int32(n))
			}
		}
	}
	for _, w := range s.wires {
		if w.to != s {
			if s.dead {
				w.forget()
			}
			continue
		}
		if ended {
			k.leaveUnread(w)
		}
		w.dead, w.hung = s.dead, s.hung
		k.settle(w)
	}
	if !s.hung {
		k.unpark(s)
	}
}

// ofProcess tells whether a timer runs in a node's process. Azure programs the
// NIC of a machine whatever the machine does.
func ofProcess(timer events.Timer) bool { return timer.Name != events.ProgramTimer }

// unpark lets the timers go off that came due while a process hung, in the order
// in which they came due: a nanosecond apart, and the first a nanosecond from
// now, because what waits in a socket is read before any timer is looked at (as
// FRR does, whose hold timer waits while there is input).
func (k *Kernel) unpark(s *slot) {
	for i, at := range s.parked {
		k.queue.slab[at].due = k.now + 1 + events.Time(i)
		k.queue.push(at)
	}
	s.parked = s.parked[:0]
}
