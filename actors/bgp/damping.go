package bgp

import (
	"maps"
	"math"
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// Damping is route flap damping (RFC 2439) of what a peer of another AS sends. Each
// flap of a route adds to its penalty, which decays: by half in each HalfLife. The
// route is suppressed as soon as the penalty is higher than Suppress, until it has
// decayed to Reuse. Decay is continuous; routers that look at it every 5 s or 10 s
// reuse that much later.
//
// It counts what is received, whatever the import policy makes of it. The first
// announcement of a prefix is no flap, nor is one that repeats what is there. The end
// of a session costs nothing, as in FRR 8.4 (bgp_rib_remove), unless Sessions says so;
// what stays for a graceful restart does not flap, even if it goes later. Penalties
// outlive sessions, not the speaker's process.
type Damping struct {
	Withdraw    int           // the penalty of a withdrawal
	Readvertise int           // of an announcement after it
	Change      int           // of an announcement that changes attributes
	Suppress    int           // a route with a higher penalty is not used
	Reuse       int           // it is again when the penalty is this
	HalfLife    time.Duration // more than 0
	Longest     time.Duration // after the last flap a route is suppressed no longer than this
	Sessions    bool          // the end of a session is a withdrawal of each route that goes with it (RFC 2439 section 4.8.5 leaves the choice)
}

// CiscoDamping gives the defaults of Cisco (RFC 7196 table 1).
func CiscoDamping() *Damping {
	return &Damping{Withdraw: 1000, Change: 500, Suppress: 2000, Reuse: 750, HalfLife: 15 * time.Minute, Longest: time.Hour}
}

// JuniperDamping gives the defaults of Juniper (RFC 7196 table 1).
func JuniperDamping() *Damping {
	return &Damping{Withdraw: 1000, Readvertise: 1000, Change: 500, Suppress: 3000, Reuse: 750, HalfLife: 15 * time.Minute, Longest: time.Hour}
}

// flaps is the history of a route that flapped at least once.
type flaps struct {
	penalty    events.Penalty // at the last flap
	at         events.Time    // the last flap
	changed    uint64         // the line with which the route changed last, flap or not
	suppressed bool
	lost       bool   // it went with its session, which was no flap: that it comes back is none either
	pending    uint64 // while suppressed: what the route that waits follows from
}

// after gives what is left of a penalty. Floating point differs between
// architectures, as for the exponential and normal draws; because the outcome is
// rounded, the difference hardly ever shows.
func (d *Damping) after(p events.Penalty, since time.Duration) events.Penalty {
	return events.Penalty(math.Round(float64(p) * math.Exp2(-float64(since)/float64(d.HalfLife))))
}

// wait gives how long a penalty takes to decay to Reuse.
func (d *Damping) wait(p events.Penalty) time.Duration {
	return time.Duration(math.Ceil(float64(d.HalfLife) * math.Log2(float64(p)/float64(points(d.Reuse)))))
}

// ceiling is the penalty that takes Longest to decay to Reuse; none is higher.
func (d *Damping) ceiling() events.Penalty { return d.after(points(d.Reuse), -d.Longest) }

func points(n int) events.Penalty { return events.Penalty(n) * events.Point }

// damps tells whether the routes of a peer are damped.
func (p *peer) damps() bool { return p.Damping != nil && !p.internal }

// suppresses tells whether a route of the peer is not to be used.
func (p *peer) suppresses(prefix netip.Prefix) bool {
	if p.flaps == nil {
		return false
	}
	f := p.flaps[prefix]
	return f != nil && f.suppressed
}

// count folds an UPDATE that is about to be received: the flaps in it.
func (p *peer) count(r *events.Routes, seq uint64, now events.Time) {
	if !p.damps() {
		return
	}
	for _, prefix := range r.NLRI { // first: they overrule what is withdrawn beside them
		p.flap(prefix, r.Attrs, seq, now)
	}
	for _, prefix := range r.Withdrawn {
		p.flap(prefix, nil, seq, now)
	}
}

// countLoss folds that the session ends: most of its routes, if not all, are about
// to go. Only with Sessions are these flaps.
func (p *peer) countLoss(seq uint64, now events.Time) {
	if !p.damps() {
		return
	}
	for _, prefix := range p.losing() {
		switch f := p.flaps[prefix]; {
		case p.Damping.Sessions:
			p.flap(prefix, nil, seq, now)
		case f != nil:
			f.lost = true
		}
	}
}

// flap folds that a route is about to become another, or none.
func (p *peer) flap(prefix netip.Prefix, is *events.Attrs, seq uint64, now events.Time) {
	d, f, was := p.Damping, p.flaps[prefix], p.rib.row(prefix).received[p.place]
	cost := d.Readvertise
	switch {
	case f != nil && f.changed == seq, equalAttrs(was, is):
		return
	case is == nil:
		cost = d.Withdraw
	case was != nil:
		cost = d.Change
	case f == nil:
		return // the first announcement
	case f.lost:
		cost = 0
	}
	if f == nil {
		f = &flaps{at: now}
		if p.flaps == nil {
			p.flaps = map[netip.Prefix]*flaps{}
		}
		p.flaps[prefix] = f
	}
	f.changed, f.lost = seq, false
	if cost > 0 {
		f.penalty, f.at = min(d.after(f.penalty, now.Sub(f.at))+points(cost), d.ceiling()), now
	}
}

// damp suppresses a route that flapped too much with a line that was just folded,
// and makes one that is suppressed wait on where it changed. It follows from
// cause; 0: from what the turn follows from.
func (s *Speaker) damp(t *sim.Turn, p *peer, prefix netip.Prefix, seq, cause uint64) {
	f := p.flaps[prefix]
	if f == nil || f.changed != seq || !f.suppressed && f.penalty <= points(p.Damping.Suppress) {
		return
	}
	if cause != 0 {
		defer t.Cite(t.Cite(cause))
	}
	if !f.suppressed {
		t.Record(events.Suppressed{Peer: p.ID, Prefix: prefix, On: true, Penalty: f.penalty})
	}
	t.At(f.at.Add(p.Damping.wait(f.penalty)), reuseTimer(p, prefix))
}

func reuseTimer(p *peer, prefix netip.Prefix) events.Timer {
	return events.Timer{Name: events.ReuseTimer, Peer: p.ID, Prefix: prefix}
}

// reuse is a reuse timer: the route is used again, if there is one. That follows
// from the newest change that had to wait (law of causes, R2).
func (s *Speaker) reuse(t *sim.Turn, p *peer, prefix netip.Prefix) {
	t.Cite(p.flaps[prefix].pending)
	s.unsuppress(t, p, prefix)
	s.decide(t, prefix)
}

func (s *Speaker) unsuppress(t *sim.Turn, p *peer, prefix netip.Prefix) {
	f := p.flaps[prefix]
	left := p.Damping.after(f.penalty, t.Now().Sub(f.at))
	t.Record(events.Suppressed{Peer: p.ID, Prefix: prefix, Penalty: left})
}

// forget ends all suppression with the process: its memory is gone.
func (s *Speaker) forget(t *sim.Turn) {
	for _, p := range s.order {
		for _, prefix := range events.SortedPrefixes(p.flaps) {
			t.Stop(reuseTimer(p, prefix))
			s.unsuppress(t, p, prefix)
		}
	}
}

// applyEnd folds that the process ends: but for what it still has to say that it
// suppresses no longer, it knows of no flap.
func (p *peer) applyEnd() {
	p.forgetMRAI()
	maps.DeleteFunc(p.flaps, func(_ netip.Prefix, f *flaps) bool { return !f.suppressed })
}

// applySuppressed folds that a route is suppressed, or no longer.
func (s *Speaker) applySuppressed(e events.Suppressed, l *events.Line) {
	p := s.peer(e.Peer)
	if p.flaps[e.Prefix].suppressed = e.On; s.ends(l) {
		delete(p.flaps, e.Prefix)
	}
}

// ends tells whether a line is of a process that ends, or of one that begins anew
// and ends what was before.
func (s *Speaker) ends(l *events.Line) bool {
	return s.absent || s.restarted != 0 && l.Cause == s.restarted
}

// Penalty gives the penalty of a peer's route at an instant not before its last
// flap, and tells whether the route is suppressed now.
func (s *Speaker) Penalty(id events.ActorID, prefix netip.Prefix, at events.Time) (left events.Penalty, suppressed bool) {
	p := s.peer(id)
	f := p.flaps[prefix]
	if f == nil {
		return 0, false
	}
	return p.Damping.after(f.penalty, at.Sub(f.at)), f.suppressed
}
