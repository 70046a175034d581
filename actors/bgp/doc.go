// Package bgp is what all speakers of a network share: sessions, tables, the
// decision process (RFC 4271).
//
// A [Speaker] is a part of an actor. The actor hands it every line in Apply and
// every trigger in Step, and then does what is its own: a Route Server instance
// programs NICs, a router installs routes, according to the BestChanged lines
// that the turn then holds.
//
// The three phases of RFC 4271 section 9.1 are three places: routes are kept as
// they were received (rib.go) and judged when they are read (policy.go, filter.go,
// damping.go, decision.go, steps.go), and what is sent is built when it is sent (export.go,
// reflect.go, advertise.go), as soon as mrai.go lets it go. Where UPDATEs take time
// they queue in work.go. Sessions are in session.go and conn.go; begin.go has those
// that are up from the start; limit.go, liveness.go, bfd.go and link.go hold more
// reasons why one ends; restart.go keeps routes where one ends that may be back.
//
// Keepalives are not sent while nothing happens. Each end knows when its peer's
// would arrive; it is told when something happens to the way between them, and
// from then on keepalives are messages and hold timers run, until a way that is
// well has nothing on it any more (hearing.go, keepalive.go). With
// Config.EveryKeepalive all of them are sent; the outcome is the same. Where
// timers of two ends do not fit each other, both send all of them: hold timers
// expire there though nothing happens. So they do where one end has jitter. Of the
// packets of BFD only those are written that change something.
//
// What a speaker will do depends on what fingerprint.go tells of it, so that the
// kernel sees when a network goes in a circle.
//
// Not modelled: next hops that cannot be reached, and a cost to them other than
// their peer's; confederations; BFD's AdminDown, Poll Sequence, demand mode and
// echo; outbound route filtering and enhanced route refresh (RFC 7313), MD5, IPv6.
package bgp
