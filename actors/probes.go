package actors

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// Probe is a health probe of another node, or of the way from it.
type Probe struct {
	Target   events.ActorID
	Interval time.Duration
	Fails    int // how many in a row must fail
}

// probes are the health probes of an actor. While nothing is wrong with what
// they look at, nothing is written: the fabric tells of a silence, and where in
// the interval it fell is drawn.
type probes struct {
	owner events.ActorID
	all   []Probe
	state map[events.ActorID]*probed
}

// probed is what is known of a target. The reasons why it does not answer are
// the notices that told of them; 0: none.
type probed struct {
	cut, gone uint64
	since     uint64 // the notice that began the present silence
	repaired  uint64 // the one that ended the last
	down      bool
	drawn     uint64
}

func (p *probed) answers() bool { return p.cut|p.gone == 0 }

func newProbes(owner events.ActorID, all []Probe) *probes {
	p := &probes{owner, all, map[events.ActorID]*probed{}}
	for _, one := range all {
		p.state[one.Target] = &probed{}
	}
	return p
}

// failing tells whether the probe of a target fails; false where there is none.
func (p *probes) failing(target events.ActorID) bool {
	s := p.state[target]
	return s != nil && s.down
}

func probeTimer(target events.ActorID) events.Timer {
	return events.Timer{Name: events.LivenessTimer, Peer: target, Item: "probe"}
}

// apply folds a line of the actor.
func (p *probes) apply(l *events.Line) {
	switch e := l.Event.(type) {
	case events.PathState:
		if s := p.state[e.Speaker]; s != nil && l.Role == events.In && !e.Toward {
			s.notice(e, l.Seq)
		}
	case events.ProbeChanged:
		p.state[e.Target].down = !e.Up
	case events.Timer:
		if s := p.state[e.Peer]; s != nil && l.Role == events.Set && e == probeTimer(e.Peer) {
			s.drawn++
		}
	}
}

func (s *probed) notice(e events.PathState, seq uint64) {
	answered := s.answers()
	reason := &s.gone
	if e.By == events.ByLink {
		reason = &s.cut
	}
	switch {
	case e.By == events.ByHang: // the host answers
		return
	case e.Up:
		*reason = 0
	default:
		*reason = seq
	}
	if answered && !s.answers() {
		s.since = seq
	}
	if !answered && s.answers() {
		s.repaired = seq
	}
}

// step decides, and tells whether a probe changed.
func (p *probes) step(t *sim.Turn, in events.Line) bool {
	switch e := in.Event.(type) {
	case events.PathState:
		for _, one := range p.all {
			if one.Target == e.Speaker && !e.Toward {
				p.listen(t, one)
			}
		}
	case events.Order:
		if e.Do == events.Restart {
			for _, one := range p.all {
				p.listen(t, one)
			}
		}
	case events.Timer:
		if s := p.state[e.Peer]; s != nil && e == probeTimer(e.Peer) {
			return p.change(t, e.Peer, s)
		}
	}
	return false
}

// listen sets the timer to when enough probes in a row will have failed, or the
// first one succeeded again.
func (p *probes) listen(t *sim.Turn, one Probe) {
	s, timer := p.state[one.Target], probeTimer(one.Target)
	if s.answers() != s.down {
		t.Stop(timer)
		return
	}
	if t.Pending(timer) {
		return
	}
	key := sim.KeyOf("probe").Actor(p.owner).Actor(one.Target).Int(s.drawn)
	phase := t.Draw(sim.Uniform(0, one.Interval), key)
	if s.down {
		t.After(phase, timer)
	} else {
		t.After(time.Duration(one.Fails)*one.Interval-phase, timer)
	}
}

// change records what the probes found: that a target is down, which follows
// from what silenced it, or up again, which follows from the repair (laws of
// causes R3 and R4).
func (p *probes) change(t *sim.Turn, target events.ActorID, s *probed) bool {
	notice, why := s.since, "no answer"
	if s.down {
		notice, why = s.repaired, "answers again"
	}
	if root := t.Root(notice); root != 0 {
		t.Cite(root)
	}
	t.Cite(t.Record(events.ProbeChanged{Target: target, Up: s.down, Why: why}))
	return true
}
