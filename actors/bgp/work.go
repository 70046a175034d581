package bgp

import (
	"slices"

	"dualhome/events"
	"dualhome/sim"
)

// desk is the work of a speaker whose UPDATEs take time (Config.Processing), one
// after the other in the order of their arrival.
type desk struct {
	queue []events.Line // the UPDATEs that arrived; the first is being worked on
	done  events.Line   // the one that this turn is done with; none if its session ended meanwhile
	jobs  uint64        // UPDATEs begun so far, which number the draws
}

func workTimer() events.Timer { return events.Timer{Name: events.WorkTimer} }

// applyWork folds that an UPDATE is begun, or done: only then is what it says in
// the Adj-RIB-In.
func (s *Speaker) applyWork(l *events.Line) {
	switch l.Role {
	case events.Set:
		s.jobs++
	case events.Fired:
		s.done = s.queue[0]
		s.queue = slices.Delete(s.queue, 0, 1)
		u, p := s.done.Event.(*events.Update), s.peer(s.done.Peer)
		if p.conn(u.Conn) == nil {
			s.done = events.Line{}
			return
		}
		p.count(u.Routes, s.done.Seq, l.At)
		s.rib.receive(p, u.Routes, s.done.At)
	}
}

// discard folds that what a connection brought and nobody looked at goes with it.
// What is being worked on keeps the speaker busy, for nothing.
func (s *Speaker) discard(e events.SessionChanged) {
	if e.Is > events.Active || len(s.queue) < 2 {
		return
	}
	kept := slices.DeleteFunc(s.queue[1:], func(l events.Line) bool {
		return l.Peer == e.Neighbor && l.Event.(*events.Update).Conn == e.Conn
	})
	s.queue = s.queue[:1+len(kept)]
}

// work begins with the next UPDATE, if there is one and none is begun.
func (s *Speaker) work(t *sim.Turn) {
	if len(s.queue) == 0 || t.Pending(workTimer()) {
		return
	}
	defer t.Cite(t.Cite(s.queue[0].Seq))
	t.After(t.Draw(*s.cfg.Processing, sim.KeyOf("processing").Actor(s.cfg.ID).Int(s.jobs)), workTimer())
}

// finish is the timer: an UPDATE takes effect, which follows from its arrival
// (law of causes, R2).
func (s *Speaker) finish(t *sim.Turn) {
	s.work(t)
	if s.done.Seq == 0 {
		return
	}
	t.Cite(s.done.Seq)
	s.take(t, s.peer(s.done.Peer), s.done, s.done.Event.(*events.Update))
}
