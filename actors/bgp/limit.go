package bgp

import (
	"fmt"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// MaxRoutes ends a session whose peer sends too many routes.
type MaxRoutes struct {
	Limit    int           // 0: none
	Incoming bool          // counts routes held when an update began and those in it, so that a full re-advertisement counts twice (Azure: route-server-faq, 2025-09-17)
	Retry    time.Duration // no session with the peer until so long after
}

// burst is an update as MaxRoutes.Incoming counts it: the UPDATEs of a peer of
// which each arrives within a second of the one before it.
type burst struct {
	held     int // routes held when it began
	incoming int // announced in it
	last     events.Time
}

const burstGap = time.Second

// count folds an UPDATE that is about to be received.
func (b *burst) count(r *events.Routes, held int, at events.Time) {
	if at.Sub(b.last) > burstGap {
		*b = burst{held: held}
	}
	b.incoming += len(r.NLRI)
	b.last = at
}

// tooMany says why the last UPDATE ends the session; empty: it does not.
func (p *peer) tooMany() string {
	held, limit := p.rib.held[p.place], p.MaxRoutes.Limit
	switch {
	case limit == 0:
	case p.MaxRoutes.Incoming && p.burst.held+p.burst.incoming > limit:
		return fmt.Sprintf("too many routes: %d held + %d incoming > %d", p.burst.held, p.burst.incoming, limit)
	case !p.MaxRoutes.Incoming && held > limit:
		return fmt.Sprintf("too many routes: %d > %d", held, limit)
	}
	return ""
}

// refuse ends the session with a peer that sent too many routes: 6/1 Maximum
// Number of Prefixes Reached (RFC 4486). What the UPDATE announced goes with the
// session; what it withdrew is gone already.
func (s *Speaker) refuse(t *sim.Turn, p *peer, in events.Line, u *events.Update, why string) {
	s.update(t, in, &events.Routes{Withdrawn: u.Heard(p.internal).Withdrawn})
	if p.MaxRoutes.Retry > 0 {
		t.After(p.MaxRoutes.Retry, limitTimer(p))
	}
	s.cease(t, p, 1, why)
}

// refused tells whether no session with a peer may begin: its operator shut it
// down, the link to it is down, or it sent too many routes not long ago.
func (s *Speaker) refused(t *sim.Turn, p *peer) bool {
	return p.shut || p.unlinked || t.Pending(limitTimer(p))
}

func limitTimer(p *peer) events.Timer { return events.Timer{Name: events.LimitTimer, Peer: p.ID} }
