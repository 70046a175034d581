package simtest

import (
	"fmt"
	"slices"

	"dualhome/events"
)

// Absence (R3): a hold timer that expires follows from a fault that the actor was
// told of, that concerns this peer, and after which nothing arrived from it. Where
// there is none, timers that do not fit each other expire: that follows from the
// timer (R1).
func Absence(lines []events.Line) error {
	roots, ears := Lineage(lines), ears{}
	for _, l := range lines {
		if e, ok := l.Event.(events.SessionChanged); ok && l.Role == events.Change && e.Was == events.Established && e.Why == "hold timer expired" {
			silenced := ears.of(l.Actor, e.Neighbor).silenced
			begun := slices.ContainsFunc(silenced, func(notice uint64) bool { return l.Cause == roots.Root(notice) })
			fired := l.Cause != 0 && lines[l.Cause-1].Role == events.Fired
			if len(silenced) > 0 && !begun || len(silenced) == 0 && !fired {
				return fmt.Errorf("line %d, a hold timer that expired, cites line %d; the peer fell silent in %v: %v", l.Seq, l.Cause, silenced, l)
			}
		}
		ears.fold(l)
	}
	return nil
}

// ears are what each actor heard of each other one.
type ears map[[2]events.ActorID]*ear

// ear is what an actor was told of the way from another. It is folded from lines
// alone: keepalives that arrive unwritten do not end a silence here, so that more
// than one notice may have begun it.
type ear struct {
	holds    map[events.PathState]uint64 // the notices that still hold, by what they are about
	silenced []uint64                    // those since something arrived
	session  events.Conn                 // that is established; the zero Conn: none
}

func (e ears) of(actor, peer events.ActorID) *ear {
	key := [2]events.ActorID{actor, peer}
	if e[key] == nil {
		e[key] = &ear{holds: map[events.PathState]uint64{}}
	}
	return e[key]
}

func (e ears) fold(l events.Line) {
	switch x := l.Event.(type) {
	case events.SessionChanged:
		switch one := e.of(l.Actor, x.Neighbor); {
		case x.Is == events.Established:
			one.session = x.Conn
		case x.Was == events.Established:
			one.session = events.Conn{}
		}
	case events.PathState:
		if l.Role == events.In {
			e.of(l.Actor, x.Speaker).notice(x, l.Seq)
		}
	case events.Order:
		if l.Role != events.In || x.Do != events.Restart {
			return
		}
		for key, one := range e {
			if key[0] == l.Actor {
				one.arrive()
			}
		}
	case events.Message:
		if one := e.of(l.Actor, l.Peer); l.Role == events.In && (one.session == events.Conn{} || one.session == x.Connection()) {
			one.arrive()
		}
	}
}

func (e *ear) notice(x events.PathState, seq uint64) {
	about := events.PathState{By: x.By, Toward: x.Toward}
	if about.By == events.ByRestart {
		about.By = events.ByDeath
	}
	if x.Up {
		delete(e.holds, about)
		return
	}
	e.holds[about] = seq
	e.silenced = append(e.silenced, seq)
}

// arrive ends a silence; what still holds began another before that.
func (e *ear) arrive() {
	e.silenced = e.silenced[:0]
	for about, seq := range e.holds {
		if !about.Toward || about.By == events.ByLink {
			e.silenced = append(e.silenced, seq)
		}
	}
}
