package bgp

import (
	"net/netip"

	"dualhome/events"
	"dualhome/sim"
)

// Speaker is the BGP part of an actor. Everything in it derives from the lines
// of that actor.
type Speaker struct {
	cfg   Config
	peers map[events.ActorID]*peer
	order []*peer // as configured
	rib   table
	self  itself
	fast  bool // see quick
	damps bool // any peer

	plainPeers int  // how many are plain
	absent     bool // dead, killed or stopped
	dead       bool // its machine died, and it did not begin anew since

	lossy     []*peer // see peer.lossy
	restarted uint64  // the line that told it to begin anew
	deferral
	desk
	backlog

	scratch
}

// itself is what an own route comes from, for who lists it. Nobody changes it.
type itself struct {
	id      [1]events.ActorID
	address [1]netip.Addr
}

// scratch is memory that is used again; nothing in it outlives a turn, but for
// values that are functions of what they are looked up by.
type scratch struct {
	asked     *peer  // whom peer gave last
	dirty     []dirt // prefixes whose best changed in this turn
	lacking   []dirt // of advertiseAll and tell
	governed  []dirt // of send, as are the next two
	withdrawn batch
	batches   []batch
	made      events.Slab[events.Update]
	bests     events.Slab[events.BestChanged]
	one       [1]dirt     // of release
	usable    []candidate // for the decision process
	announced announced
	encoded   encoded
}

// dirt is a prefix whose best route changed in this turn, and why.
type dirt struct {
	row   *row
	cause uint64
}

// NewSpeaker builds a speaker.
func NewSpeaker(cfg Config) *Speaker {
	s := &Speaker{
		cfg: cfg, peers: make(map[events.ActorID]*peer, len(cfg.Peers)), order: make([]*peer, len(cfg.Peers)),
		self: itself{[1]events.ActorID{cfg.ID}, [1]netip.Addr{cfg.Address}},
	}
	s.fast, s.rib = s.quick(), newTable(s)
	all := make([]peer, len(cfg.Peers))
	for i := range cfg.Peers {
		p, one := &cfg.Peers[i], &all[i]
		*one = peer{Peer: p, place: i, internal: p.AS == cfg.AS, rib: &s.rib, ids: [1]events.ActorID{p.ID}}
		s.peers[p.ID] = one
		s.order[i] = one
		s.damps = s.damps || p.Damping != nil
	}
	for _, p := range cfg.Originate {
		s.rib.row(p).own = true
	}
	s.countPlain()
	return s
}

// peer gives a peer by its name; nil: there is none. Most questions in a row are
// about one.
func (s *Speaker) peer(id events.ActorID) *peer {
	if s.asked == nil || s.asked.ID != id {
		found := s.peers[id]
		if found == nil {
			return nil
		}
		s.asked = found
	}
	return s.asked
}

// ID names the actor.
func (s *Speaker) ID() events.ActorID { return s.cfg.ID }

// Open tells whether this end of a connection with a peer is open.
func (s *Speaker) Open(id events.ActorID, conn events.Conn) bool {
	p := s.peer(id)
	return p != nil && !s.absent && p.conn(conn) != nil
}

// Established tells whether the session with a peer is.
func (s *Speaker) Established(id events.ActorID) bool {
	p := s.peer(id)
	return p != nil && p.established() != nil
}

// Since tells since when the session with a peer is established, if it is.
func (s *Speaker) Since(id events.ActorID) (events.Time, bool) {
	if p := s.peer(id); p != nil {
		if c := p.established(); c != nil {
			return c.up, true
		}
	}
	return 0, false
}

// Absent tells whether the speaker's process does not run.
func (s *Speaker) Absent() bool { return s.absent }

// Apply folds a line of the actor.
func (s *Speaker) Apply(l *events.Line) {
	switch l.Role {
	case events.In:
		s.applyIn(s.peer(l.Peer), l)
	case events.Out:
		p := s.peer(l.Peer)
		p.applyOut(l)
		if u, ok := l.Event.(*events.Update); ok && s.cfg.CompareUnsent {
			s.noteUnsent(p, u)
		}
	case events.Set, events.Fired, events.Stopped:
		switch e := l.Event.(events.Timer); {
		case e == workTimer():
			s.applyWork(l)
		case e == SelectionTimer():
			s.applyDeferral(l.Role)
		case e.Name == events.DecisionTimer:
			s.backlog.apply(e.Prefix, l)
		case e.Item == "" && s.peer(e.Peer) != nil:
			s.peer(e.Peer).applyTimer(e, l)
		}
	case events.Change:
		switch e := l.Event.(type) {
		case events.SessionChanged:
			if e.Was == events.Established && !s.ends(l) {
				s.peer(e.Neighbor).countLoss(l.Seq, l.At)
			}
			s.peer(e.Neighbor).applySession(e, l)
			s.discard(e)
			if s.restarted != 0 && l.Cause == s.restarted {
				s.peer(e.Neighbor).repaired = s.restarted // it went down before, when this end did
			}
		case *events.BestChanged:
			s.applyBest(e, l)
		case events.Suppressed:
			s.applySuppressed(e, l)
		case events.BFDChanged:
			s.peer(e.Neighbor).applyBFDChanged(e)
		}
	}
}

func (s *Speaker) applyIn(p *peer, l *events.Line) {
	switch e := l.Event.(type) {
	case *events.Update:
		p.hear(e.Conn, l.At)
		s.postpone(e.Routes, l)
		if s.cfg.Processing != nil && e.Heard(p.internal).Fatal == nil {
			s.queue = append(s.queue, *l)
			return
		}
		p.count(e.Routes, l.Seq, l.At)
		s.rib.receive(p, e.Routes, l.At)
	case events.Open:
		p.hear(e.Conn, l.At)
		if c := p.conn(e.Conn); c != nil {
			c.peerHold, c.peerID, c.restart = e.Hold, e.RouterID, e.Restart
		}
	case events.Keepalive:
		p.hear(e.Conn, l.At)
		if c := p.conn(e.Conn); c != nil && c.heardFirst == 0 && c.state < events.Established {
			c.heardFirst = l.At
		}
	case events.RouteRefresh:
		p.hear(e.Conn, l.At)
	case events.BFD:
		p.applyBFD(e, l)
	case events.PathState:
		if about := s.peer(e.Speaker); about != nil {
			about.notice(e, l)
			s.noteLossy(about)
		}
	case events.Order:
		s.applyOrder(e, l)
	}
}

func (s *Speaker) applyOrder(o events.Order, l *events.Line) {
	switch o.Do {
	case events.Die, events.Kill, events.Stop, events.Restart:
		for _, p := range s.order {
			p.applyEnd()
		}
	}
	switch o.Do {
	case events.Die, events.Kill, events.Stop:
		s.absent, s.dead = true, s.dead || o.Do == events.Die
		if o.Do == events.Die {
			for _, p := range s.order {
				p.forgetBFD()
			}
		}
		s.desk, s.backlog = desk{jobs: s.jobs}, backlog{} // the kernel stopped their timers
		if o.Do != events.Die {
			s.forgetRestart(s.dead)
		}
	case events.Restart:
		s.forgetRestart(s.dead)
		s.absent, s.dead, s.restarted = false, false, l.Seq
		for _, p := range s.order {
			p.repaired, p.since = l.Seq, p.silenced()
		}
	case events.Shutdown:
		s.peer(o.Arg).shut = true
	case events.Enable:
		s.peer(o.Arg).shut, s.peer(o.Arg).repaired = false, l.Seq
	case events.LinkDown:
		s.peer(o.Arg).unlinked = true
		s.applyReach(s.peer(o.Arg))
	case events.LinkUp:
		s.peer(o.Arg).unlinked, s.peer(o.Arg).repaired = false, l.Seq
		s.applyReach(s.peer(o.Arg))
	case events.Announce, events.Withdraw:
		s.rib.row(o.Prefix).own = o.Do == events.Announce
	case events.Reconfigure, events.Restore:
		s.applyChange(o, l)
	}
}

// Step decides what follows from a line that was just folded.
func (s *Speaker) Step(t *sim.Turn, in events.Line) {
	s.dirty = s.dirty[:0]
	switch e := in.Event.(type) {
	case events.Start:
		s.startBFD(t)
		if s.cfg.Established {
			s.startEstablished(t)
			return
		}
		s.start(t)
	case events.Timer:
		s.fire(t, e)
	case events.Order:
		s.obey(t, e)
	case events.PathState:
		if p := s.peer(e.Speaker); p != nil {
			s.listen(t, p)
			s.answered(t, p)
			s.watch(t, p, e)
		}
	case events.BFD:
		s.control(t, in, e)
	case events.TCP, events.Message:
		s.segment(t, in)
	}
	s.selectAtLast(t)
	s.flush(t)
	s.awaitAnswers(t)
}

// start begins with nothing: its own routes, and its sessions a jitter later.
func (s *Speaker) start(t *sim.Turn) {
	s.decideOwn(t, s.decideRow)
	for _, p := range s.order {
		s.await(t, p, t.Draw(s.cfg.StartJitter, sim.KeyOf("phase").Actor(s.cfg.ID).Actor(p.ID)), "started")
	}
}

// fire is a timer of a session, or of the speaker's work.
func (s *Speaker) fire(t *sim.Turn, timer events.Timer) {
	if timer == workTimer() {
		s.finish(t)
		return
	}
	if timer == SelectionTimer() {
		s.selectAll(t)
		return
	}
	if timer.Name == events.DecisionTimer {
		s.decideNow(t, s.rib.row(timer.Prefix), 0)
		return
	}
	p := s.peer(timer.Peer)
	if p == nil || timer.Item != "" {
		return // of another part of the actor
	}
	switch timer.Name {
	case events.ConnectTimer, events.ConnectRetryTimer:
		if !p.hears() {
			s.citeSilence(t, p)
		}
		s.connect(t, p)
	case events.HoldTimer:
		s.citeSilence(t, p)
		if c := p.conn(timer.Conn); c != nil {
			t.Send(p.ID, events.NewNotification(c.id, 4, 0))
			s.lose(t, p, c, "hold timer expired")
		}
	case events.UserTimer:
		s.citeSilence(t, p)
		if c := p.conn(timer.Conn); c != nil {
			s.lose(t, p, c, "connection timed out")
		}
	case events.KeepaliveTimer:
		if c := p.conn(timer.Conn); c != nil {
			s.keepAlive(t, p, c)
		}
	case events.MRAITimer:
		if p.Hesitate == nil || !t.Pending(advertiseTimer(p)) {
			s.release(t, p, timer.Prefix)
		}
	case events.AdvertiseTimer:
		s.tell(t, p)
	case events.LivenessTimer:
		s.unheard(t, p)
	case events.BFDTimer:
		s.pulse(t, p)
	case events.ReuseTimer:
		s.reuse(t, p, timer.Prefix)
	case events.RestartTimer:
		s.abandon(t, p)
	case events.LimitTimer:
		s.await(t, p, 0, "routes may come again")
	}
}

// obey does what the fabric or an operator orders.
func (s *Speaker) obey(t *sim.Turn, o events.Order) {
	if s.absent && o.Do != events.Kill && o.Do != events.Stop && o.Do != events.Restart {
		return // what shuts a session down takes effect when the process begins anew
	}
	switch o.Do {
	case events.Kill:
		s.end(t, func(p *peer, c *conn) { s.sayGoodbye(t, p, events.TCP{Conn: c.id, Flag: events.FIN}) }, "process killed")
	case events.Stop:
		s.end(t, func(p *peer, c *conn) { s.sayGoodbye(t, p, events.NewNotification(c.id, 6, 2)) }, "process stopped")
	case events.Restart:
		s.end(t, func(*peer, *conn) {}, "restarted")
		s.deferSelection(t)
		s.startBFD(t)
		s.start(t)
	case events.Shutdown:
		p := s.peer(o.Arg)
		s.cease(t, p, 2, "administrative shutdown")
		s.giveUp(t, p)
		t.Stop(limitTimer(p))
	case events.LinkDown:
		s.unlink(t, s.peer(o.Arg))
	case events.LinkUp:
		s.relink(t, s.peer(o.Arg))
	case events.Announce, events.Withdraw:
		s.decide(t, o.Prefix)
	case events.Enable:
		s.await(t, s.peer(o.Arg), 0, "enabled")
	case events.Refresh:
		s.askAgain(t)
	case events.Reconfigure, events.Restore:
		s.review(t, s.change(string(o.Arg)))
	}
}

// sayGoodbye sends the last message of a connection. A process on a machine that
// died before has no connection any more.
func (s *Speaker) sayGoodbye(t *sim.Turn, p *peer, e events.Event) {
	if !s.dead {
		t.Send(p.ID, e)
	}
}

// end ends all sessions and empties all tables.
func (s *Speaker) end(t *sim.Turn, goodbye func(*peer, *conn), why string) {
	for _, p := range s.order {
		for len(p.conns) > 0 {
			c := &p.conns[0]
			goodbye(p, c)
			t.Record(events.SessionChanged{Neighbor: p.ID, Conn: c.id, Was: c.state, Is: events.Idle, Why: why})
		}
		if p.listening {
			t.Record(events.SessionChanged{Neighbor: p.ID, Was: events.Active, Is: events.Idle, Why: why})
		}
	}
	s.forget(t)
	s.clearBacklog(t)
	for _, prefix := range s.Prefixes() {
		t.Record(&events.BestChanged{Prefix: prefix, Was: s.rib.rows[prefix].loc.from, Why: why})
	}
}
