package bgp

import (
	"net/netip"
	"slices"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// GracefulRestart is what a speaker offers a peer (RFC 4724): to keep the peer's
// routes while its process begins anew, if it asks the same.
type GracefulRestart struct {
	Time       time.Duration // how long its own process may need: whole seconds, up to 4095
	Forwarding bool          // it goes on forwarding meanwhile, unless its machine died
}

// stale is what is kept of a peer whose session ended, because it may be back.
type stale struct {
	routes   map[netip.Prefix]bool // that it did not send again since; nil: all are fresh
	by       uint64                // the line that made them stale
	swept    []netip.Prefix        // those that the last sweep took away, ascending
	id       netip.Addr            // the peer's BGP identifier, while there are any
	awaited  bool                  // the peer's restart timer runs
	complete bool                  // the peer sent its End-of-RIB in the present session
}

// deferral is that of a speaker that began anew: it chooses no routes until its
// peers sent theirs (RFC 4724 section 4.1).
type deferral struct {
	deferring bool
	died      bool                    // its machine died, and its forwarding table with it
	pending   map[netip.Prefix]uint64 // the newest line that a choice follows from (law of causes, R2)
}

func restartTimer(p *peer) events.Timer {
	return events.Timer{Name: events.RestartTimer, Peer: p.ID}
}

// SelectionTimer is the timer that ends the wait of a speaker that began anew
// (RFC 4724: Selection_Deferral_Timer). It is stopped when the wait ends before.
func SelectionTimer() events.Timer { return events.Timer{Name: events.RestartTimer} }

// restartOffer gives what this end offers a peer now; nil: nothing.
func (s *Speaker) restartOffer(p *peer) *events.GracefulRestart {
	if p.Restart == nil {
		return nil
	}
	return &events.GracefulRestart{
		Restarted: s.deferring,
		Time:      min(p.Restart.Time.Truncate(time.Second), 4095*time.Second),
		Forwards:  p.Restart.Forwarding && !(s.deferring && s.died),
	}
}

// graceful tells whether both ends of c offer graceful restart.
func (p *peer) graceful(c *conn) bool { return p.Restart != nil && c.restart != nil }

// lose ends a connection because TCP or its hold timer says so, not an end. The
// routes of a peer that may restart gracefully stay (RFC 4724 section 4.2); that a
// hold timer does this too, RFC 8538 has. They do not where an end sends a
// NOTIFICATION or Liveness finds the peer's host gone, nor where this end's link is.
func (s *Speaker) lose(t *sim.Turn, p *peer, c *conn, why string) {
	if c.state == events.Established && p.graceful(c) && c.restart.Time > 0 {
		t.After(c.restart.Time, restartTimer(p))
	}
	s.close(t, p, c, why)
}

// losing gives the prefixes whose routes go with the session of a peer: all, or
// of one that may be back, those that it did not send again after its last restart.
func (p *peer) losing() []netip.Prefix {
	if p.awaited {
		return events.SortedPrefixes(p.stale.routes)
	}
	return p.rib.from(p)
}

// letGo folds the end of a session: what losing gives is gone, the rest is stale.
func (p *peer) letGo(id netip.Addr, l *events.Line) {
	p.complete = false
	if !p.awaited {
		p.rib.clear(p)
		p.stale = stale{}
		return
	}
	p.sweep()
	p.stale.by, p.stale.id, p.stale.routes = l.Seq, id, map[netip.Prefix]bool{}
	for _, prefix := range p.rib.from(p) {
		p.stale.routes[prefix] = true
	}
}

// sweep folds that the stale routes go.
func (p *peer) sweep() {
	p.swept = events.SortedPrefixes(p.stale.routes)
	for _, prefix := range p.swept {
		p.rib.set(p.rib.row(prefix), p, nil)
	}
	p.stale.routes, p.stale.id = nil, netip.Addr{}
}

// refreshed folds what an UPDATE means for stale routes: what it names is not
// stale any more; End-of-RIB is, that the rest is gone (RFC 4724 section 4.2).
func (p *peer) refreshed(r *events.Routes) {
	if r.EndOfRIB() {
		p.sweep()
		p.complete = true
		return
	}
	if p.stale.routes == nil {
		return
	}
	for _, list := range [][]netip.Prefix{r.Withdrawn, r.NLRI} {
		for _, prefix := range list {
			delete(p.stale.routes, prefix)
		}
	}
}

// back folds that the session is established again. Where the peer did not go on
// forwarding, its old routes lead nowhere.
func (p *peer) back(c *conn) {
	if p.swept = nil; c.restart == nil || !c.restart.Forwards {
		p.sweep()
	}
}

// applyRestart folds the restart timer of a peer: without a session, its end is
// that of the stale routes.
func (p *peer) applyRestart(role events.Role) {
	if p.awaited = role == events.Set; !p.awaited && p.established() == nil {
		p.sweep()
	}
}

// removeSwept decides the prefixes of which a sweep took a route.
func (s *Speaker) removeSwept(t *sim.Turn, p *peer) {
	for _, prefix := range p.swept {
		s.decide(t, prefix)
	}
}

// abandon is the restart timer of a peer, or an order that ends all hope for it:
// its stale routes go. With the timer that follows from what ended the session
// (law of causes, R3).
func (s *Speaker) abandon(t *sim.Turn, p *peer) {
	defer t.Cite(t.Cite(p.stale.by))
	s.removeSwept(t, p)
}

// replaces tells whether c is of a peer that began anew and of whose old
// connection nobody told this end (RFC 4724 section 4.2). The bit Restarted is
// asked for, and that the old connection had it not or no more, so that two
// connections of one process collide as ever.
func (p *peer) replaces(c, old *conn) bool {
	return p.graceful(c) && p.graceful(old) && c.restart.Restarted && (!old.restart.Restarted || p.complete)
}

// endOfRIB says that a peer has got all that there is.
func (s *Speaker) endOfRIB(t *sim.Turn, p *peer) {
	if c := p.established(); c != nil && p.graceful(c) && !s.deferring {
		t.Send(p.ID, events.NewEndOfRIB(c.id))
	}
}

// applyDeferral folds the selection timer.
func (s *Speaker) applyDeferral(role events.Role) {
	if s.deferring = role == events.Set; s.deferring {
		s.pending = map[netip.Prefix]uint64{}
	}
}

// postpone folds an UPDATE of whose routes none is chosen yet.
func (s *Speaker) postpone(r *events.Routes, l *events.Line) {
	if !s.deferring {
		return
	}
	for i, prefix := range slices.Concat(r.Withdrawn, r.NLRI) {
		if s.pending[prefix] = l.Seq; len(l.Causes) > 0 {
			s.pending[prefix] = l.Causes[i]
		}
	}
}

// forgetRestart folds that the process ends or begins: it awaits nobody. died
// tells whether its machine did.
func (s *Speaker) forgetRestart(died bool) {
	s.deferral = deferral{died: died}
	for _, p := range s.order {
		if p.awaited, p.complete = false, false; p.stale.routes != nil {
			p.sweep()
		}
	}
}

// deferSelection begins the wait, if a peer may send what it kept.
func (s *Speaker) deferSelection(t *sim.Turn) {
	longest := time.Duration(0)
	for _, p := range s.order {
		if p.Restart != nil {
			longest = max(longest, s.restartOffer(p).Time)
		}
	}
	if longest > 0 {
		t.After(longest, SelectionTimer())
	}
}

// selectAtLast ends the wait when every peer that restarts gracefully has sent all
// it has, but for those that wait themselves (RFC 4724 section 4.1).
func (s *Speaker) selectAtLast(t *sim.Turn) {
	if !s.deferring || s.absent || slices.ContainsFunc(s.order, s.owes) {
		return
	}
	t.Stop(SelectionTimer())
	s.selectAll(t)
}

// owes tells whether a peer's End-of-RIB is missing.
func (s *Speaker) owes(p *peer) bool {
	c := p.established()
	switch {
	case p.Restart == nil || p.shut || p.unlinked:
		return false
	case c == nil:
		return true
	}
	return c.restart != nil && !c.restart.Restarted && !p.complete
}

// selectAll chooses all routes, and sends every peer what there is.
func (s *Speaker) selectAll(t *sim.Turn) {
	s.decideOwn(t, s.decideNow) // End-of-RIB says that all was sent, so nothing waits
	for _, row := range s.rib.all() {
		s.decideNow(t, row, s.pending[row.prefix])
	}
	s.dirty = s.dirty[:0] // all that there is goes to all
	for _, p := range s.order {
		s.advertiseAll(t, p, released)
		s.endOfRIB(t, p)
	}
}

// Forwards tells whether a peer is told that forwarding goes on while the process
// begins anew. Then all of the forwarding table stays, unless Died.
func (s *Speaker) Forwards() bool {
	told := func(p *peer) bool { return p.Restart != nil && p.Restart.Forwarding }
	return slices.ContainsFunc(s.order, told)
}

// Died tells whether the machine died since the process began, or between this one
// and the one before.
func (s *Speaker) Died() bool { return s.dead || s.died }
