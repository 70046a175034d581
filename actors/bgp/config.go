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
	EqualLength bool     // routes of equal preference and path length are as good as each other: no other step of the decision process
	NextHopSelf bool     // sends routes of other ASes to peers of its own AS with its own address as next hop
	LoopsLast   bool     // prefers any path without the own AS to one with it, where AllowASIn accepts that
	Reflect     bool     // sends routes of one peer of its own AS to the others too (RFC 4456, without its attributes)
	StartJitter sim.Dist // until it opens its sessions, drawn per session
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
	AllowASIn     int        // how often the own AS may be in a received path (allowas-in); -1: any number
	Unchanged     bool       // keeps the next hop of what it sends to another AS (next-hop-unchanged)
	NextHop       netip.Addr // sent instead of the speaker's own address, where that would be sent; none: that
	Preference    int        // of what is received: higher is better, before every other step (a weight, Azure's routing preference)
	Rank          int        // of what is received: lower is better, after every other step but the identifier
	MaxRoutes     MaxRoutes
	Liveness      Liveness
	Hesitate      *sim.Dist // how long a change waits until the peer is told, withdrawals too; nil: not at all
}

// Multipath says which routes are used beside the best one.
type Multipath uint8

// The kinds of multipath.
const (
	SinglePath Multipath = iota // only the best
	SameAS                      // also those as good, from the same neighbour AS
	AnyAS                       // also those as good, whatever the neighbour AS ("relax")
)
