package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// BFD is what an end of a session does to find out that the other is silent
// (RFC 5880, asynchronous mode, one hop). The packets are the host's: they come
// whatever its BGP process does.
type BFD struct {
	DesiredMinTx  time.Duration // between two packets that it sends, once the session is up
	RequiredMinRx time.Duration // between two that it accepts
	Multiplier    int           // Detect Mult: how many in a row the other end may miss
	Jitter        bool          // it takes up to 25 % off each interval, 10 to 25 % where its Multiplier is 1 (section 6.8.7)
	PeerJitter    bool          // the other end does
	LateInit      bool          // says Init with its next periodic packet, not at once (FRR 8.4.4: bs_down_handler)
	// DropsZero drops packets without Your Discriminator unless its session is
	// down, those that say Down too, which section 6.8.6 accepts (FRR 8.4.4:
	// bfd_recv_cb). An end whose detection time expired sends such packets.
	DropsZero bool
}

// slow is the least interval between packets of a session that is not up
// (RFC 5880 section 6.8.3).
const slow = time.Second

// repeats is how often one state is written in periodic packets over a way that
// is whole: by then the other end has heard of it, and has done what follows.
const repeats = 3

// bfdSession is a BFD session as one end sees it. While it is up and nothing is
// wrong, its packets arrive unwritten.
type bfdSession struct {
	is     events.BFDState // the zero value stands for Down too
	diag   events.Diagnostic
	begun  uint32     // how often its host began anew
	remote events.BFD // the last packet that was accepted
	your   uint32     // the other end's discriminator, where it is known
	heard  events.Time
	said   int    // periodic packets since the state changed, or could have been lost
	timers uint64 // timers set so far, which number the draws
}

func (b *bfdSession) up() bool { return b.is == events.BFDUp }

// discriminator is that of this end: another one each time its host begins anew.
func (p *peer) discriminator() uint32 { return p.bfd.begun<<16 | uint32(p.place+1) }

func bfdTimer(p *peer) events.Timer { return events.Timer{Name: events.BFDTimer, Peer: p.ID} }

// interval is the time between two packets of the other end, before jitter
// (RFC 5880 section 6.8.7).
func (p *peer) bfdInterval() time.Duration {
	return max(p.BFD.RequiredMinRx, p.bfd.remote.DesiredMinTx)
}

// bfdDetection is how long after the last packet the session goes down
// (section 6.8.4).
func (p *peer) bfdDetection() time.Duration {
	return time.Duration(p.bfd.remote.Multiplier) * p.bfdInterval()
}

// startBFD begins the sessions that are not up, each at a phase of its own, when
// the process begins.
func (s *Speaker) startBFD(t *sim.Turn) {
	for _, p := range s.order {
		switch {
		case p.BFD == nil:
		case !p.bfd.up():
			s.paceBFD(t, p)
		case p.cut|p.gone != 0:
			s.expectBFD(t, p) // the process did not run when the silence began
		}
	}
}

// paceBFD sets the timer of the next periodic packet, some part of an interval
// from now: the other end's state is not this one's business, so the phase is drawn.
func (s *Speaker) paceBFD(t *sim.Turn, p *peer) {
	interval := max(slow, p.BFD.DesiredMinTx)
	if p.bfd.up() {
		interval = max(p.BFD.DesiredMinTx, p.bfd.remote.RequiredMinRx)
	}
	key := sim.KeyOf("bfd").Actor(s.cfg.ID).Actor(p.ID).Int(p.bfd.timers)
	t.After(t.Draw(sim.Uniform(0, interval), key), bfdTimer(p))
}

// nextBFD sets the timer of the packet after the one just sent.
func (s *Speaker) nextBFD(t *sim.Turn, p *peer) {
	if p.bfd.up() || p.bfd.said >= repeats || p.cutTo|p.gone != 0 {
		t.Stop(bfdTimer(p))
		return
	}
	interval := sim.Constant(max(slow, p.BFD.DesiredMinTx))
	if p.BFD.Jitter {
		interval = jittered(interval.Max(), p.BFD.Multiplier)
	}
	key := sim.KeyOf("bfd").Actor(s.cfg.ID).Actor(p.ID).Int(p.bfd.timers)
	t.After(t.Draw(interval, key), bfdTimer(p))
}

// jittered is the distribution of intervals (RFC 5880 section 6.8.7).
func jittered(interval time.Duration, multiplier int) sim.Dist {
	most := interval
	if multiplier == 1 {
		most = interval / 10 * 9
	}
	return sim.Uniform(interval/4*3, most)
}

// sayBFD sends a packet that tells of the state.
func (s *Speaker) sayBFD(t *sim.Turn, p *peer) {
	e := events.BFD{
		State: max(p.bfd.is, events.BFDDown), Diag: p.bfd.diag, Multiplier: uint8(p.BFD.Multiplier),
		My: p.discriminator(), Your: p.bfd.your,
		DesiredMinTx: max(slow, p.BFD.DesiredMinTx), RequiredMinRx: p.BFD.RequiredMinRx,
	}
	if p.bfd.up() {
		e.DesiredMinTx = p.BFD.DesiredMinTx // section 6.8.3; the Poll Sequence is not written
	}
	t.Send(p.ID, e)
}

// pulse is the BFD timer: a periodic packet.
func (s *Speaker) pulse(t *sim.Turn, p *peer) {
	if s.absent {
		return
	}
	s.sayBFD(t, p)
	s.nextBFD(t, p)
}

// accepts tells whether a packet is for this session (section 6.8.6).
func (p *peer) accepts(e events.BFD) bool {
	switch {
	case p.BFD == nil || e.Multiplier == 0 || e.My == 0:
		return false
	case e.Your != 0:
		return e.Your == p.discriminator()
	case p.BFD.DropsZero:
		return p.bfd.is <= events.BFDDown
	}
	return e.State <= events.BFDDown
}

// applyBFD folds a packet that arrived.
func (p *peer) applyBFD(e events.BFD, l *events.Line) {
	if p.accepts(e) {
		p.bfd.remote, p.bfd.your, p.bfd.heard = e, e.My, l.At
	}
}

// applyBFDChanged folds a transition. An end that hears nothing for a detection
// time forgets the other's discriminator (section 6.8.1, bfd.RemoteDiscr).
func (p *peer) applyBFDChanged(e events.BFDChanged) {
	p.bfd.is, p.bfd.diag, p.bfd.said = e.Is, e.Diag, 0
	if e.Diag == events.TimeExpired {
		p.bfd.your = 0
	}
}

// applyBFDTimer counts periodic packets.
func (p *peer) applyBFDTimer(role events.Role) {
	switch role {
	case events.Set:
		p.bfd.timers++
	case events.Fired:
		p.bfd.said++
	}
}

// forgetBFD folds that the host died.
func (p *peer) forgetBFD() {
	p.bfd = bfdSession{begun: p.bfd.begun + 1, timers: p.bfd.timers}
}

// control is a packet that arrived, or was lost (section 6.8.6).
func (s *Speaker) control(t *sim.Turn, in events.Line, e events.BFD) {
	p := s.peer(in.Peer)
	switch {
	case in.Role == events.Lost || s.absent:
		return
	case !p.accepts(e):
		if p.BFD != nil && e.Your == 0 {
			s.expectBFD(t, p) // it is dropped, and so are those that follow
		}
		return
	}
	switch is, remote := max(p.bfd.is, events.BFDDown), e.State; {
	case remote == events.BFDAdminDown && is != events.BFDDown, remote == events.BFDDown && is == events.BFDUp:
		s.goBFD(t, p, events.BFDDown, events.NeighborSignal)
	case is == events.BFDDown && remote == events.BFDDown:
		s.goBFD(t, p, events.BFDInit, events.NoDiagnostic)
	case is == events.BFDDown && remote == events.BFDInit, is == events.BFDInit && remote >= events.BFDInit:
		s.goBFD(t, p, events.BFDUp, events.NoDiagnostic)
	}
}

// goBFD goes to another state, tells the other end at once (section 6.8.7), and
// ends the session of BGP where that relied on this one (RFC 5882 section 3).
func (s *Speaker) goBFD(t *sim.Turn, p *peer, is events.BFDState, diag events.Diagnostic) {
	was := max(p.bfd.is, events.BFDDown)
	defer t.Cite(t.Cite(t.Record(events.BFDChanged{Neighbor: p.ID, Was: was, Is: is, Diag: diag})))
	t.Stop(livenessTimer(p))
	if is != events.BFDInit || !p.BFD.LateInit {
		s.sayBFD(t, p)
		s.nextBFD(t, p)
	} else if !t.Pending(bfdTimer(p)) {
		s.paceBFD(t, p)
	}
	if was != events.BFDUp {
		return
	}
	why := "BFD down"
	if diag == events.NeighborSignal {
		why += ": " + diag.String()
	}
	s.cease(t, p, 10, why) // RFC 9384
}

// expectBFD sets the timer of the detection time: the session is up, and its
// packets stop to arrive, or are not accepted any more.
func (s *Speaker) expectBFD(t *sim.Turn, p *peer) {
	if timer := livenessTimer(p); p.bfd.up() && !t.Pending(timer) {
		t.At(s.lastControl(t, p, t.Now()).Add(p.bfdDetection()), timer)
	}
}

// lastControl draws when the last packet before a silence arrived. Packets are a
// renewal process that began long ago, so nobody has to send them: the age of the
// last one at any time is a uniform part of an interval drawn in proportion to its
// length (Feller II, section XI.4). Without jitter that is uniform over the interval;
// with 25 % its mean is 0.4405 intervals, not 0.4375. What was written arrived later
// than that, perhaps.
func (s *Speaker) lastControl(t *sim.Turn, p *peer, silent events.Time) events.Time {
	key := sim.KeyOf("liveness").Actor(s.cfg.ID).Actor(p.ID).Int(p.silences)
	interval := p.bfdInterval()
	if p.BFD.PeerJitter {
		interval = stretched(t, jittered(interval, int(p.bfd.remote.Multiplier)), key)
	}
	return max(silent.Add(-t.Draw(sim.Uniform(0, interval), key)), p.bfd.heard)
}

// stretched draws the interval of d that contains a given instant: the longer an
// interval, the likelier. Each try is kept with the probability of its length over
// the longest (rejection).
func stretched(t *sim.Turn, d sim.Dist, key sim.Key) time.Duration {
	for n := uint64(0); ; n++ {
		length := t.Draw(d, key.Str("length").Int(n))
		if t.Draw(sim.Uniform(0, d.Max()), key.Str("keep").Int(n)) < length {
			return length
		}
	}
}

// watchBFD does what a notice asks of the BFD session with a peer.
func (s *Speaker) watchBFD(t *sim.Turn, p *peer, e events.PathState) {
	switch timer := livenessTimer(p); {
	case s.absent || e.By == events.ByHang:
	case e.Toward && e.Up, e.By == events.ByRestart:
		s.paceBFD(t, p) // what was sent meanwhile is lost
	case e.Toward:
	case !e.Up && p.bfd.up() && !t.Pending(timer) && !s.absent:
		silent := t.Now()
		if e.By == events.ByDeath {
			silent = silent.Add(p.Delay)
		}
		t.At(s.lastControl(t, p, silent).Add(p.bfdDetection()), timer)
	case p.cut|p.gone == 0 && s.knows(t, p):
		t.Stop(timer)
	}
}

// knows tells whether the other end still knows of the session of BGP, if there is
// one: then its host did not begin anew, and its BFD did not either.
func (s *Speaker) knows(t *sim.Turn, p *peer) bool {
	c := p.established()
	return c == nil || t.Answered(p.ID, c.id)
}
