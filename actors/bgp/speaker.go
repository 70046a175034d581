package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// Config is what a speaker is told.
type Config struct {
	ID          events.ActorID
	AS          uint32
	Address     netip.Addr // BGP identifier, and the next hop of what it sends
	Peers       []Peer
	Originate   []netip.Prefix // its own routes
	Multipath   Multipath
	EqualLength bool // routes of equal preference and path length are as good as each other: no other step of the decision process
	NextHopSelf bool // sends routes of other ASes to peers of its own AS with its own address as next hop
	Reflect     bool // sends routes of one peer of its own AS to the others too (RFC 4456, without its attributes)
	StartJitter sim.Dist // until it opens its sessions, drawn per session
	// EveryKeepalive sends each keepalive as a message, for comparison.
	EveryKeepalive bool
	// Export builds the attributes of a route for a peer from those of the best
	// route, or says that it is not sent. Nil means Peer.Announce for all routes.
	Export func(to *Peer, prefix netip.Prefix, best Best) (*events.Attrs, bool)
}

// Peer is a neighbour as a speaker is told of it.
type Peer struct {
	ID            events.ActorID
	AS            uint32
	Passive       bool          // waits for the peer to connect
	Hold          time.Duration // offered; 0: no hold timer
	Keepalive     time.Duration // at most a third of the negotiated hold time is used
	Fixed         bool          // Hold and Keepalive are used as they are, whatever the peer offers: an Azure VPN gateway
	PeerKeepalive time.Duration // the peer's own setting, to know when its keepalives come
	PeerFixed     bool          // the peer's are Fixed
	Delay         time.Duration // one way to it and back, the least where it varies
	ConnectRetry  time.Duration // ConnectRetryTimer
	IdleHold      time.Duration // until the first new attempt after a session ended; doubles
	MRAI          time.Duration // MinRouteAdvertisementIntervalTimer, for announcements; 0: none
	SendBack      bool          // sends the best route also to the peer it came from
	Prepend       int           // extra copies of the own AS
	In, Out       Policy
	AllowASIn     int           // how often the own AS may be in a received path (allowas-in); -1: any number
	Unchanged     bool          // keeps the next hop of what it sends to another AS (next-hop-unchanged)
	NextHop       netip.Addr    // sent instead of the speaker's own address, where that would be sent; none: that
	Preference    int           // of what is received: higher is better, before every other step (a weight, Azure's routing preference)
	Rank          int           // of what is received: lower is better, after every other step but the identifier
	MaxRoutes     MaxRoutes
	Liveness      Liveness
	Hesitate      *sim.Dist // how long a change waits until the peer is told, withdrawals too; nil: not at all
}

// Policy is what a session does to AS paths in one direction, before the own AS
// is prepended.
type Policy struct {
	Override     uint32 // each occurrence of this AS becomes the own one (as-override); 0: none
	Remove       uint32 // each occurrence of this AS goes; 0: none
	StripPrivate bool   // private AS numbers go (RFC 6996), and copies that follow each other become one
}

// MaxRoutes ends a session whose peer sends too many routes.
type MaxRoutes struct {
	Limit    int           // 0: none
	Incoming bool          // counts routes held when an update began and those in it, so that a full re-advertisement counts twice (Azure: route-server-faq, 2025-09-17)
	Retry    time.Duration // no session with the peer until so long after
}

// Liveness finds out that a peer is silent, faster than its hold timer: BFD
// (RFC 5880), or dead-peer detection of a tunnel. The zero value does not.
type Liveness struct {
	Name       string        // BFD or DPD, for the reason in the log
	Interval   time.Duration // between two packets
	Multiplier int           // how many in a row must be missing
}

// Multipath says which routes are used beside the best one.
type Multipath uint8

// The kinds of multipath.
const (
	SinglePath  Multipath = iota // only the best
	SameAS                       // also those as good, from the same neighbour AS
	AnyAS                        // also those as good, whatever the neighbour AS ("relax")
	sessionOpen = 4 * time.Minute
)

// Speaker is the BGP part of an actor. Everything in it derives from the lines
// of that actor.
type Speaker struct {
	cfg    Config
	peers  map[events.ActorID]*peer
	order  []*peer // as configured
	in     *adjRIBIn
	loc    map[netip.Prefix]*entry
	own    map[netip.Prefix]bool
	absent bool // dead, killed or stopped
	dead   bool // its machine died, and it did not begin anew since

	restarted uint64 // the line that told it to begin anew

	scratch
}

// scratch is memory that is used again; nothing in it outlives a turn, but for
// values that are functions of what they are looked up by.
type scratch struct {
	dirty     []dirt      // prefixes whose best changed in this turn
	usable    []candidate // for the decision process
	announced announced
	encoded   encoded
}

// dirt is a prefix whose best route changed in this turn, and why.
type dirt struct {
	prefix netip.Prefix
	cause  uint64
}

// NewSpeaker builds a speaker.
func NewSpeaker(cfg Config) *Speaker {
	s := &Speaker{
		cfg: cfg, peers: map[events.ActorID]*peer{},
		in:  &adjRIBIn{map[netip.Prefix][]*events.Attrs{}, len(cfg.Peers)},
		loc: map[netip.Prefix]*entry{}, own: map[netip.Prefix]bool{},
	}
	for _, p := range cfg.Peers {
		one := &peer{Peer: p, place: len(s.order), in: s.in, out: map[netip.Prefix]*events.Attrs{}}
		s.peers[p.ID] = one
		s.order = append(s.order, one)
	}
	for _, p := range cfg.Originate {
		s.own[p] = true
	}
	return s
}

// ID names the actor.
func (s *Speaker) ID() events.ActorID { return s.cfg.ID }

// Open tells whether this end of a connection with a peer is open.
func (s *Speaker) Open(id events.ActorID, conn events.Conn) bool {
	p := s.peers[id]
	return p != nil && !s.absent && p.conn(conn) != nil
}

// Established tells whether the session with a peer is.
func (s *Speaker) Established(id events.ActorID) bool {
	p := s.peers[id]
	return p != nil && p.established() != nil
}

// Absent tells whether the speaker's process does not run.
func (s *Speaker) Absent() bool { return s.absent }

// Apply folds a line of the actor.
func (s *Speaker) Apply(l events.Line) {
	p := s.peers[l.Peer]
	switch l.Role {
	case events.In:
		s.applyIn(p, l)
	case events.Out:
		p.applyOut(l)
	case events.Set, events.Fired, events.Stopped:
		if e := l.Event.(events.Timer); s.peers[e.Peer] != nil {
			s.peers[e.Peer].applyTimer(e, l.Role)
		}
	case events.Change:
		switch e := l.Event.(type) {
		case events.SessionChanged:
			s.peers[e.Neighbor].applySession(e, l)
			if s.restarted != 0 && l.Cause == s.restarted {
				s.peers[e.Neighbor].repaired = s.restarted // it went down before, when this end did
			}
		case events.BestChanged:
			s.applyBest(e, l)
		}
	}
}

func (s *Speaker) applyIn(p *peer, l events.Line) {
	switch e := l.Event.(type) {
	case events.Update:
		p.hear(e.Conn, l.At)
		p.receive(e.Routes)
	case events.Open:
		p.hear(e.Conn, l.At)
		if c := p.conn(e.Conn); c != nil {
			c.peerHold, c.peerID = e.Hold, e.RouterID
		}
	case events.Keepalive:
		p.hear(e.Conn, l.At)
		if c := p.conn(e.Conn); c != nil && c.heardFirst == 0 {
			c.heardFirst = l.At
		}
	case events.PathState:
		s.peers[e.Speaker].notice(e, l)
	case events.Order:
		s.applyOrder(e, l)
	}
}

func (s *Speaker) applyOrder(o events.Order, l events.Line) {
	switch o.Do {
	case events.Die, events.Kill, events.Stop:
		s.absent, s.dead = true, s.dead || o.Do == events.Die
	case events.Restart:
		s.absent, s.dead, s.restarted = false, false, l.Seq
		for _, p := range s.order {
			p.repaired, p.since = l.Seq, earliest(p.cut, p.gone, p.hung)
		}
	case events.Shutdown:
		s.peers[o.Arg].shut = true
	case events.Enable:
		s.peers[o.Arg].shut, s.peers[o.Arg].repaired = false, l.Seq
	}
}

// Step decides what follows from a line that was just folded.
func (s *Speaker) Step(t *sim.Turn, in events.Line) {
	s.dirty = s.dirty[:0]
	switch e := in.Event.(type) {
	case events.Start:
		s.start(t)
	case events.Timer:
		s.fire(t, e)
	case events.Order:
		s.obey(t, e)
	case events.PathState:
		s.listen(t, s.peers[e.Speaker])
	case events.TCP, events.Message:
		s.segment(t, in)
	}
	s.flush(t)
}

// start begins with nothing: its own routes, and its sessions a jitter later.
func (s *Speaker) start(t *sim.Turn) {
	for _, prefix := range s.cfg.Originate {
		s.decide(t, prefix, 0)
	}
	for _, p := range s.order {
		s.await(t, p, t.Draw(s.cfg.StartJitter, sim.KeyOf("phase").Actor(s.cfg.ID).Actor(p.ID)), "started")
	}
}

// fire is a timer of a session.
func (s *Speaker) fire(t *sim.Turn, timer events.Timer) {
	p := s.peers[timer.Peer]
	if p == nil {
		return
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
			s.close(t, p, c, "hold timer expired")
		}
	case events.KeepaliveTimer:
		if c := p.conn(timer.Conn); c != nil {
			s.keepAlive(t, p, c)
		}
	case events.MRAITimer:
		s.advertiseAll(t, p, true)
	}
}

// obey does what the fabric or an operator orders.
func (s *Speaker) obey(t *sim.Turn, o events.Order) {
	if s.absent && (o.Do == events.Shutdown || o.Do == events.Enable) {
		return // it takes effect when the process begins anew
	}
	switch o.Do {
	case events.Kill:
		s.end(t, func(p *peer, c *conn) { s.sayGoodbye(t, p, events.TCP{Conn: c.id, Flag: events.FIN}) }, "process killed")
	case events.Stop:
		s.end(t, func(p *peer, c *conn) { s.sayGoodbye(t, p, events.NewNotification(c.id, 6, 2)) }, "process stopped")
	case events.Restart:
		s.end(t, func(*peer, *conn) {}, "restarted")
		s.start(t)
	case events.Shutdown:
		p := s.peers[o.Arg]
		for len(p.conns) > 0 {
			t.Send(p.ID, events.NewNotification(p.conns[0].id, 6, 2))
			s.close(t, p, &p.conns[0], "administrative shutdown")
		}
		t.Stop(events.Timer{Name: events.ConnectTimer, Peer: p.ID})
		t.Stop(events.Timer{Name: events.ConnectRetryTimer, Peer: p.ID})
	case events.Enable:
		s.await(t, s.peers[o.Arg], 0, "enabled")
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
	for _, prefix := range s.prefixes() {
		if best := s.loc[prefix]; len(best.from) > 0 {
			t.Record(events.BestChanged{Prefix: prefix, Was: best.from, Why: why})
		}
	}
}
