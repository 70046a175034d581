package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// backlog is the prefixes that wait for their decision (Config.DecisionDelay). The
// first of them sets when all of them are decided; in FRR that is the work queue
// of bgp_process, which is held for 50 ms.
type backlog struct {
	due     events.Time
	waiting map[netip.Prefix]bool
}

func decisionTimer(prefix netip.Prefix) events.Timer {
	return events.Timer{Name: events.DecisionTimer, Prefix: prefix}
}

// apply folds that a prefix waits, or no longer.
func (b *backlog) apply(prefix netip.Prefix, l *events.Line) {
	if l.Role != events.Set {
		delete(b.waiting, prefix)
		return
	}
	if b.waiting == nil {
		b.waiting = map[netip.Prefix]bool{}
	}
	b.due, b.waiting[prefix] = l.Due, true
}

// enqueue makes a prefix wait for its decision, which follows from the newest
// change (law of causes, R2). A change that is known only after a while waits so
// much longer, unless others wait already.
func (s *Speaker) enqueue(t *sim.Turn, prefix netip.Prefix, cause uint64, after time.Duration) {
	due := s.backlog.due
	if due <= t.Now() {
		due = t.Now().Add(after + s.cfg.DecisionDelay)
	}
	if cause != 0 {
		defer t.Cite(t.Cite(cause))
	}
	t.At(due, decisionTimer(prefix))
}

// clearBacklog lets nothing wait: the process ends.
func (s *Speaker) clearBacklog(t *sim.Turn) {
	for _, prefix := range events.SortedPrefixes(s.backlog.waiting) {
		t.Stop(decisionTimer(prefix))
	}
}

// decideLost decides a prefix of which a peer's route went with its session, or
// with the way to its next hop.
func (s *Speaker) decideLost(t *sim.Turn, prefix netip.Prefix) {
	if s.cfg.DecisionDelay > 0 && !s.deferring {
		s.enqueue(t, prefix, 0, s.cfg.ClearDelay)
		return
	}
	s.decide(t, prefix)
}
