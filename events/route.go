package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// BestChanged says that a speaker's best route to a prefix changed: its Loc-RIB
// entry (RFC 4271 section 9.1).
//
// As an event it is a pointer, as is FIBChanged, because there are many: see Slab.
// Nobody changes it.
type BestChanged struct {
	Prefix   netip.Prefix
	Was, Is  []ActorID    // the peers whose routes are used, the best first; the speaker itself for its own; empty: none
	NextHops []netip.Addr // of Is, in its order
	Path     ASPath       // of the best
	Why      string       // the step that decided
}

// Kind says which event it is.
func (*BestChanged) Kind() Kind { return KindBestChanged }

func (e *BestChanged) String() string {
	return fmt.Sprintf("best %v: %s -> %s (%s)", e.Prefix, joinActors(e.Was), joinActors(e.Is), e.Why)
}

func (e *BestChanged) append(b []byte) []byte {
	b = appendPrefix(b, e.Prefix)
	b = appendList(b, e.Was, appendActor)
	b = appendList(b, e.Is, appendActor)
	b = appendList(b, e.NextHops, appendAddr)
	return appendString(appendPath(b, e.Path), e.Why)
}

func decodeBestChanged(r *reader) Event {
	return r.codec.bests.New(BestChanged{
		Prefix: r.prefix(), Was: readList(r, (*reader).actor), Is: readList(r, (*reader).actor),
		NextHops: readList(r, (*reader).addr), Path: r.path(), Why: r.string(),
	})
}

// Penalty is what flaps cost a route, in millionths of a [Point].
type Penalty int64

// Point is the unit in which routers are configured.
const Point Penalty = 1_000_000

func (p Penalty) String() string { return fmt.Sprintf("%.2f", float64(p)/float64(Point)) }

// Suppressed says that a route of a peer flapped too much to be used (RFC 2439),
// or that it may be used again.
type Suppressed struct {
	Peer    ActorID
	Prefix  netip.Prefix
	On      bool
	Penalty Penalty // now
}

// Kind says which event it is.
func (Suppressed) Kind() Kind { return KindSuppressed }

func (e Suppressed) String() string {
	does := "reuses"
	if e.On {
		does = "suppresses"
	}
	return fmt.Sprintf("%s %v of %s (penalty %v)", does, e.Prefix, e.Peer, e.Penalty)
}

func (e Suppressed) append(b []byte) []byte {
	b = appendBool(appendPrefix(appendActor(b, e.Peer), e.Prefix), e.On)
	return binary.AppendUvarint(b, uint64(e.Penalty))
}

func decodeSuppressed(r *reader) Event {
	return Suppressed{Peer: r.actor(), Prefix: r.prefix(), On: r.bool(), Penalty: Penalty(r.uvarint())}
}

// FIBChanged says that a node's guest forwarding table changed.
type FIBChanged struct {
	Prefix   netip.Prefix
	NextHops []netip.Addr // ascending; empty: no entry
	Why      string       // bgp, static, or what removed it
}

// Kind says which event it is.
func (*FIBChanged) Kind() Kind { return KindFIBChanged }

func (e *FIBChanged) String() string {
	return fmt.Sprintf("fib %v -> %s (%s)", e.Prefix, joinAddrs(e.NextHops), e.Why)
}

func (e *FIBChanged) append(b []byte) []byte {
	return appendString(appendList(appendPrefix(b, e.Prefix), e.NextHops, appendAddr), e.Why)
}

func decodeFIBChanged(r *reader) Event {
	return r.codec.fibs.New(FIBChanged{Prefix: r.prefix(), NextHops: readList(r, (*reader).addr), Why: r.string()})
}

// NICRoute is an entry that a Route Server instance puts into a table of
// effective routes.
type NICRoute struct {
	Prefix   netip.Prefix
	NextHops []netip.Addr // as received from the NVAs, ascending; empty: no entry
}

func (n NICRoute) String() string { return fmt.Sprintf("%v -> %s", n.Prefix, joinAddrs(n.NextHops)) }

func appendNICRoute(b []byte, n NICRoute) []byte {
	return appendList(appendPrefix(b, n.Prefix), n.NextHops, appendAddr)
}

func (r *reader) nicRoute() NICRoute {
	return NICRoute{Prefix: r.prefix(), NextHops: readList(r, (*reader).addr)}
}

// Program is a programming transaction that a Route Server instance orders for
// a NIC group: the best changes of one turn, applied when they are ready.
type Program struct {
	Batch  uint64     // its number at this instance, from 1
	For    string     // the disturbance it follows from, which keys its draw
	Ready  Time       // the order plus one draw of the programming delay
	Full   bool       // these are all the learned routes; others go
	Routes []NICRoute // ascending by prefix
}

// Kind says which event it is.
func (Program) Kind() Kind { return KindProgram }

func (e Program) String() string {
	what := "program"
	if e.Full {
		what = "program all"
	}
	return fmt.Sprintf("%s ready at %v: %s", what, e.Ready, joinRoutes(e.Routes))
}

func (e Program) append(b []byte) []byte {
	b = binary.AppendUvarint(appendString(binary.AppendUvarint(b, e.Batch), e.For), uint64(e.Ready))
	return appendList(appendBool(b, e.Full), e.Routes, appendNICRoute)
}

func decodeProgram(r *reader) Event {
	return Program{Batch: r.uvarint(), For: r.string(), Ready: r.time(), Full: r.bool(), Routes: readList(r, (*reader).nicRoute)}
}

// Serving says that a Route Server instance programs a NIC group from now on,
// or no longer.
type Serving struct {
	Group ActorID
	On    bool
}

// Kind says which event it is.
func (Serving) Kind() Kind { return KindServing }

func (e Serving) String() string {
	if e.On {
		return "serves " + string(e.Group)
	}
	return "serves " + string(e.Group) + " no longer"
}

func (e Serving) append(b []byte) []byte { return appendBool(appendActor(b, e.Group), e.On) }

func decodeServing(r *reader) Event { return Serving{Group: r.actor(), On: r.bool()} }

// NICChanged says that learned routes of a NIC group's effective routes
// changed: a programming transaction took effect.
type NICChanged struct {
	Instance ActorID // the Route Server instance that ordered it
	Batch    uint64  // its number there
	Routes   []NICRoute
}

// Kind says which event it is.
func (NICChanged) Kind() Kind { return KindNICChanged }

func (e NICChanged) String() string { return "nic " + joinRoutes(e.Routes) }

func (e NICChanged) append(b []byte) []byte {
	b = binary.AppendUvarint(appendActor(b, e.Instance), e.Batch)
	return appendList(b, e.Routes, appendNICRoute)
}

func decodeNICChanged(r *reader) Event {
	return NICChanged{Instance: r.actor(), Batch: r.uvarint(), Routes: readList(r, (*reader).nicRoute)}
}

func joinActors(ids []ActorID) string {
	if len(ids) == 0 {
		return "none"
	}
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, "+")
}

func joinAddrs(addrs []netip.Addr) string {
	if len(addrs) == 0 {
		return "none"
	}
	s := make([]string, len(addrs))
	for i, a := range addrs {
		s[i] = a.String()
	}
	return strings.Join(s, "+")
}

func joinRoutes(routes []NICRoute) string {
	s := make([]string, len(routes))
	for i, r := range routes {
		s[i] = r.String()
	}
	return strings.Join(s, ", ")
}
