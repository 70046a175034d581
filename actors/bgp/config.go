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
	MaxPaths    int        // how many routes are used together at most; 0: any number
	EqualLength bool       // routes of equal preference and path length are as good as each other: no other step of the decision process
	NextHopSelf bool       // sends routes of other ASes to peers of its own AS with its own address as next hop
	GhostFlush  bool       // withdraws at once a route that got worse where MRAI holds its successor back (Bremler-Barr, Afek, Schwarz 2003)
	Processing  *sim.Dist  // time that one UPDATE keeps the speaker busy, one after the other; nil: none
	Established bool       // begins with all sessions up, and sends its table at once
	ClusterID   netip.Addr // of a route reflector (RFC 4456); none: its address
	Decision    Decision
	Changes     []Change // of policies, that an operator may make while it runs
	LoopsLast   bool     // prefers any path without the own AS to one with it, where AllowASIn accepts that
	Reflect     bool     // sends routes of one peer of its own AS to the others too (RFC 4456, without its attributes)
	// DecisionDelay is how long a prefix waits until it is decided anew, together with
	// those that wait already; 0: not at all.
	DecisionDelay time.Duration
	// ClearDelay is how long the routes of a session that ended stay before that.
	ClearDelay time.Duration
	// CompareUnsent makes an UPDATE of a change that is none to a peer of another AS: of
	// the MED or the LOCAL_PREF that it is not sent (FRR 8.4 compares the attributes
	// with them).
	CompareUnsent bool
	StartJitter   sim.Dist // until it opens its sessions, drawn per session
	// EveryKeepalive sends each keepalive as a message, for comparison.
	EveryKeepalive bool
	// Originates tells whether the route behind a prefix of Originate is there now;
	// nil: it always is. Where that changes, Reconsider decides anew.
	Originates func(netip.Prefix) bool
	// Export builds the attributes of a route for a peer from those of the best
	// route, or says that it is not sent. Nil means Speaker.Announce for all routes.
	// It is not asked where no route may go: back to its peer, between peers of the
	// own AS, against a well-known community.
	Export func(to *Peer, prefix netip.Prefix, best Best) (*events.Attrs, bool)
}

// MRAI is the MinRouteAdvertisementIntervalTimer (RFC 4271 section 9.2.1.1).
type MRAI struct {
	Interval    sim.Dist // drawn each time it is set; constant 0: none
	PerPrefix   bool     // a timer for each prefix, not one for the peer
	Withdrawals bool     // withdrawals wait too, and set it
	FreeRunning bool     // it runs on whether or not something was sent; what it governs is sent when it expires, but for the first table of a session
	// OnQueue makes an announcement wait only if the peer was sent an UPDATE within
	// the interval, counted in whole seconds of the clock, and begins the interval
	// then: what follows a first announcement waits for all of it (FRR 8.4:
	// bgp_adjust_routeadv).
	OnQueue bool
}

// Decision is how the decision process differs from RFC 4271 section 9.1.2.2.
type Decision struct {
	AlwaysCompareMED bool // between neighbour ASes too
	MissingMEDWorst  bool // a route without MED has the highest, not 0
	PairwiseMED      bool // compares routes in pairs, in the order in which they arrived, as routers without deterministic MED do
	KeepOldest       bool // before the identifier: the external route that is best now stays (RFC 5004)
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
	Delay         time.Duration // one way from it, the least where it varies
	Jitter        bool          // it takes up to 25 % off each keepalive interval (RFC 4271 section 10)
	PeerJitter    bool          // the peer does
	ConnectRetry  sim.Dist      // ConnectRetryTimer, drawn each time it is set
	IdleHold      time.Duration // until the first new attempt after a session ended; doubles
	MRAI          MRAI
	SendBack      bool // sends the best route also to the peer it came from
	Prepend       int  // extra copies of the own AS
	In, Out       Policy
	AllowASIn     int        // how often the own AS may be in a received path (allowas-in); -1: any number
	Unchanged     bool       // keeps the next hop of what it sends to another AS (next-hop-unchanged)
	NextHop       netip.Addr // sent instead of the speaker's own address, where that would be sent; none: that
	Preference    int        // of what is received: higher is better, before every other step (a weight, Azure's routing preference)
	Rank          int        // of what is received: lower is better, after every other step but the identifier
	Identifier    netip.Addr // its BGP identifier, where sessions begin Established
	Client        bool       // of this route reflector (RFC 4456); with Config.Reflect alone all are
	Transparent   bool       // a client of this route server: AS path, next hop and MED stay as they are (RFC 7947)
	SenderLoops   bool       // is not sent routes whose path holds its AS (sender-side loop detection)
	IGPCost       int        // of the next hops that it sends (RFC 4271 section 9.1.2.2 e)
	Import        []Rule     // what of its routes is used, and how; the first rule that matches decides
	Export        []Rule     // what it is sent; the first rule that matches decides
	OwnPass       bool       // no export rule is about own routes
	Deny          bool       // routes that no rule matches are dropped, not kept (RFC 8212 where there is no rule)
	MaxRoutes     MaxRoutes
	Damping       *Damping // of routes that flap, where it is in another AS; nil: none
	Liveness      Liveness
	BFD           *BFD             // nil: none, and Liveness counts
	Restart       *GracefulRestart // offered to it; nil: its routes go with the session
	FirstTable    time.Duration    // how long a new session waits for the table, together with those that wait already
	FirstTableFor time.Duration    // and so much longer for each session of the speaker that is up
	StaysLinked   bool             // the session outlives its link: its routes are not used while the link is down (no fast external failover)
	Hesitate      *sim.Dist        // how long a change waits until the peer is told, withdrawals too; nil: not at all
}

// Change is what an operator makes of what a speaker does with some of its peers,
// by an order to reconfigure, and until one to restore.
type Change struct {
	Name           string
	Peers          []events.ActorID
	Prepend        *int   // in place of Peer.Prepend; nil: as it is
	Import, Export []Rule // in place of the peers'; nil: as they are
}

// Multipath says which routes are used beside the best one.
type Multipath uint8

// The kinds of multipath.
const (
	SinglePath Multipath = iota // only the best
	SamePath                    // also those as good, with the same AS path
	SameAS                      // also those as good, from the same neighbour AS
	AnyAS                       // also those as good, whatever the neighbour AS ("relax")
)
