package capture

import (
	"cmp"
	"maps"
	"slices"

	"dualhome/events"
)

// timerOf is a timer of an actor.
type timerOf struct {
	actor events.ActorID
	timer events.Timer
}

// timerGroup is the timers that share a name on the screen: those for one peer.
type timerGroup struct {
	actor events.ActorID
	name  events.TimerName
	peer  events.ActorID
}

func (t timerOf) group() timerGroup { return timerGroup{t.actor, t.timer.Name, t.timer.Peer} }

// running is a timer that was set.
type running struct {
	set  Line
	lane int
}

// timers are those that run.
type timers struct {
	open  map[timerOf]running
	lanes map[timerGroup]*lanes
}

func newTimers() timers {
	return timers{open: map[timerOf]running{}, lanes: map[timerGroup]*lanes{}}
}

// timer takes a line of a timer.
func (o *tracer) timer(l *Line, e events.Timer) {
	of := timerOf{l.Actor, e}
	was, runs := o.timers.open[of]
	switch l.Role {
	case events.Set:
		if runs {
			o.endTimer(of, was, l.At, "moved")
		}
		group := o.timers.lanes[of.group()]
		if group == nil {
			group = &lanes{}
			o.timers.lanes[of.group()] = group
		}
		o.timers.open[of] = running{*l, group.take()}
	case events.Fired, events.Stopped:
		if runs {
			o.endTimer(of, was, l.At, map[events.Role]string{events.Fired: "fired", events.Stopped: "stopped"}[l.Role])
		}
	}
}

func (o *tracer) endTimer(of timerOf, r running, at events.Time, how string) {
	group := of.group()
	if o.timers.lanes[group].free(r.lane) {
		delete(o.timers.lanes, group)
	}
	delete(o.timers.open, of)
	name := "timer " + of.timer.Name.String()
	if of.timer.Peer != "" {
		name += " " + string(of.timer.Peer)
	}
	o.slice(thread{process{actor: of.actor}, name, laneName(r.lane)}, "timer", of.timer.String(), r.set.At, at, func(args *object) {
		place(args, &r.set)
		args.text("due", r.set.Due.String())
		args.text("end", how)
	})
}

// endTimers ends all timers of some actors.
func (o *tracer) endTimers(at events.Time, of func(events.ActorID) bool) {
	byLine := func(a, b timerOf) int { return cmp.Compare(o.timers.open[a].set.Seq, o.timers.open[b].set.Seq) }
	for _, one := range slices.SortedFunc(maps.Keys(o.timers.open), byLine) {
		if of(one.actor) {
			o.endTimer(one, o.timers.open[one], at, "runs no more")
		}
	}
}
