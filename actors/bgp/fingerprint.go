package bgp

import (
	"net/netip"
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// Fingerprint tells the state of the speaker (sim.Recurrent).
func (s *Speaker) Fingerprint(f *sim.Fingerprint) {
	f.Uint(facts(s.absent, s.dead, s.deferring, s.died))
	s.tellTable(f)
	s.tellWork(f)
	for _, p := range s.order {
		s.tellPeer(f, p)
		f.Draws(p.pace.set, p.MRAI.Interval)
		f.Draws(p.silences, sim.Uniform(0, p.Liveness.Interval))
		f.Draws(uint64(p.attempts), p.ConnectRetry)
		if p.Jitter {
			f.Draws(p.beats, sim.Uniform(0, p.Keepalive))
		}
		if p.BFD != nil {
			p.tellBFD(f)
		}
		if p.MRAI.FreeRunning {
			p.tellPhase(f)
		}
		if p.Hesitate != nil {
			f.Draws(p.waits, *p.Hesitate)
		}
	}
}

// Dialed gives how many connections the speaker has opened to a peer so far.
func (s *Speaker) Dialed(id events.ActorID) uint32 { return s.peer(id).attempts }

// tellSet tells the prefixes that are in a set.
func tellSet(f *sim.Fingerprint, set map[netip.Prefix]bool) {
	all := uint64(0)
	for prefix, in := range set { // order-free: a sum
		if in {
			part := f.Part()
			part.Prefix(prefix)
			all += part.Sum()
		}
	}
	f.Uint(all)
}

// tellTable tells what the speaker has of all prefixes: the Loc-RIB, what peers sent
// and what they were sent.
func (s *Speaker) tellTable(f *sim.Fingerprint) {
	all := uint64(0)
	for _, row := range s.rib.list { // a sum, so that their order does not matter
		part := f.Part()
		part.Prefix(row.prefix)
		if row.tell(&part) {
			all += part.Sum()
		}
		for place := range row.pace {
			f.Draws(row.pace[place].set, s.order[place].MRAI.Interval)
		}
	}
	f.Uint(all)
}

// tell tells a row, and whether there is anything in it.
func (row *row) tell(f *sim.Fingerprint) (anything bool) {
	f.Uint(facts(row.own) | uint64(len(row.loc.from))<<1)
	for i, from := range row.loc.from {
		f.Actor(from)
		f.Addr(row.loc.hops[i])
	}
	tellAttrs(f, row.loc.attrs)
	anything = row.own || len(row.loc.from) > 0
	for place, a := range row.received {
		if a != nil {
			f.Uint(uint64(place) | row.rank(place)<<32)
			tellAttrs(f, a)
			anything = true
		}
	}
	for place, a := range row.sent {
		if a != nil {
			f.Uint(uint64(len(row.sent) + place))
			tellAttrs(f, a)
			anything = true
		}
	}
	return anything
}

// rank gives how many of the routes came before one, where that matters.
func (row *row) rank(place int) uint64 {
	before := uint64(0)
	for other := range row.arrivals {
		if row.received[other] != nil && row.arrivals[other] < row.arrivals[place] {
			before++
		}
	}
	return before
}

// tellWork tells the UPDATEs that wait for the speaker.
func (s *Speaker) tellWork(f *sim.Fingerprint) {
	f.Uint(uint64(len(s.queue)))
	for _, l := range s.queue {
		u := l.Event.(*events.Update)
		f.Actor(l.Peer)
		f.Conn(l.Peer, u.Conn)
		f.Bytes(u.Raw)
	}
	if s.cfg.Processing != nil {
		f.Draws(s.jobs, *s.cfg.Processing)
	}
}

// tellPeer tells what is known of a peer.
func (s *Speaker) tellPeer(f *sim.Fingerprint, p *peer) {
	f.Uint(facts(p.listening, p.shut, p.unlinked, p.awaited, p.complete, p.stale.routes != nil,
		p.cut != 0, p.cutTo != 0, p.gone != 0, p.hung != 0, p.still != 0))
	f.Uint(uint64(min(p.failures, 16)) | uint64(len(p.conns))<<32)
	for i := range p.conns {
		s.tellConn(f, p, &p.conns[i])
	}
	f.Addr(p.stale.id)
	tellSet(f, p.stale.routes)
	if p.MaxRoutes.Incoming {
		f.Uint(uint64(p.burst.held))
		f.Uint(uint64(p.burst.incoming))
		f.Age(p.burst.last, events.Time(burstGap+1))
	}
	f.Uint(uint64(len(p.changes)))
	for _, c := range p.changes {
		f.Str(c.Name)
	}
	p.tellFlaps(f)
	p.tellTold(f)
}

// tellBFD tells the state of a BFD session.
func (p *peer) tellBFD(f *sim.Fingerprint) {
	b := &p.bfd
	f.Uint(uint64(max(b.is, events.BFDDown)))
	f.Uint(uint64(b.diag))
	f.Uint(uint64(b.said))
	f.Bytes(events.AppendEvent(nil, b.remote))
	f.Uint(uint64(b.your))
	f.Uint(uint64(b.begun))
	f.Draws(b.timers+p.silences, sim.Uniform(0, slow))
}

// tellPhase tells where in its interval an MRAI timer is that runs freely.
func (p *peer) tellPhase(f *sim.Fingerprint) {
	begun := events.Time(0)
	if d, constant := p.MRAI.Interval.IsConstant(); constant && d > 0 {
		begun = f.Now() / events.Time(d) * events.Time(d)
	}
	f.Ago(begun)
}

func (s *Speaker) tellConn(f *sim.Fingerprint, p *peer, c *conn) {
	f.Conn(p.ID, c.id)
	f.Uint(uint64(c.state))
	f.Uint(uint64(c.peerHold))
	f.Uint(uint64(c.hold))
	f.Addr(c.peerID)
	f.Uint(facts(c.timed, c.heardFirst != 0, c.restart != nil, c.sentFirst != 0))
	if r := c.restart; r != nil {
		f.Uint(facts(r.Restarted, r.Forwards))
		f.Uint(uint64(r.Time))
	}
	if c.sentFirst != 0 && (p.misfit(c) || !p.hears()) && !p.Jitter {
		f.Ago(c.sentFirst.Add(f.Now().Sub(c.sentFirst) / max(p.interval(c), 1) * max(p.interval(c), 1)))
	}
}

// tellTold tells what matters of what the peer was told, beside the Adj-RIB-Out.
func (p *peer) tellTold(f *sim.Fingerprint) {
	f.Bool(p.FirstTable > 0 && p.told == 0)
	if p.MRAI.OnQueue { // which counts whole seconds of the clock
		f.Ago(f.Now() / events.Time(time.Second) * events.Time(time.Second))
		f.Age(p.told, events.Time(p.MRAI.Interval.Max()+time.Second))
	}
	all := uint64(0)
	for prefix, u := range p.unsent { // order-free: a sum
		part := f.Part()
		part.Prefix(prefix)
		part.Uint(uint64(u.med))
		part.Uint(uint64(u.localPref))
		part.Bool(u.hasLocalPref)
		all += part.Sum()
	}
	f.Uint(all)
}

// tellFlaps tells the penalties that have not decayed to nothing.
func (p *peer) tellFlaps(f *sim.Fingerprint) {
	all := uint64(0)
	for prefix, one := range p.flaps { // order-free: a sum
		part := f.Part()
		part.Prefix(prefix)
		part.Bool(one.suppressed)
		part.Bool(one.lost)
		if p.Damping.after(one.penalty, f.Now().Sub(one.at)) > 0 {
			part.Uint(uint64(one.penalty))
			part.Ago(one.at)
		}
		all += part.Sum()
	}
	f.Uint(all)
}

func tellAttrs(f *sim.Fingerprint, a *events.Attrs) {
	if f.Bool(a != nil); a == nil {
		return
	}
	f.Uint(facts(a.HasMED, a.HasLocalPref, a.OriginatorID.IsValid()) | uint64(a.Origin)<<8 | uint64(len(a.Path))<<16)
	f.Uint(uint64(len(a.Communities)) | uint64(len(a.LargeCommunities))<<20 | uint64(len(a.ClusterList))<<40)
	f.Uint(uint64(a.MED) | uint64(a.LocalPref)<<32)
	f.Addr(a.NextHop)
	if a.OriginatorID.IsValid() {
		f.Addr(a.OriginatorID)
	}
	for _, segment := range a.Path {
		f.Uint(facts(segment.Set) | uint64(len(segment.AS))<<1)
		for _, as := range segment.AS {
			f.Uint(uint64(as))
		}
	}
	for _, c := range a.Communities {
		f.Uint(uint64(c))
	}
	for _, c := range a.LargeCommunities {
		f.Uint(uint64(c.Global) | uint64(c.Local1)<<32)
		f.Uint(uint64(c.Local2))
	}
	for _, c := range a.ClusterList {
		f.Addr(c)
	}
}

// facts packs facts into one number.
func facts(all ...bool) uint64 {
	n := uint64(0)
	for i, is := range all {
		if is {
			n |= 1 << i
		}
	}
	return n
}
