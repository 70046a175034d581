package bgp

import (
	"time"

	"dualhome/events"
	"dualhome/sim"
)

// Liveness finds out that a peer is silent, faster than its hold timer: dead-peer
// detection of a tunnel (RFC 3706). The zero value does not.
type Liveness struct {
	Name       string        // DPD, for the reason in the log
	Interval   time.Duration // between two packets
	Multiplier int           // how many in a row must be missing
}

// detection is how long after the last packet the peer is taken for silent.
func (l Liveness) detection() time.Duration { return l.Interval * time.Duration(l.Multiplier) }

func livenessTimer(p *peer) events.Timer {
	return events.Timer{Name: events.LivenessTimer, Peer: p.ID}
}

// watch does what a notice asks of the liveness detection of an established
// session. Its packets are never written: the timer is set when they stop to
// arrive, and stopped when they arrive again. They come from the host, so a
// process that hangs does not concern them.
func (s *Speaker) watch(t *sim.Turn, p *peer, e events.PathState) {
	if p.BFD != nil {
		s.watchBFD(t, p, e)
		return
	}
	c := p.established()
	if c == nil || s.absent || p.Liveness == (Liveness{}) || e.Toward || e.By == events.ByHang {
		return
	}
	switch timer := livenessTimer(p); {
	case !e.Up && !t.Pending(timer):
		t.At(s.lastPacket(t, p, e).Add(p.Liveness.detection()), timer)
	case p.cut|p.gone == 0 && t.Answered(p.ID, c.id):
		t.Stop(timer) // a peer that began anew knows nothing of the old session
	}
}

// lastPacket draws when the last packet before a silence arrived: up to an
// interval before it began at this end. What a dead peer had sent still arrives.
func (s *Speaker) lastPacket(t *sim.Turn, p *peer, e events.PathState) events.Time {
	silent := t.Now()
	if e.By == events.ByDeath {
		silent = silent.Add(p.Delay)
	}
	key := sim.KeyOf("liveness").Actor(s.cfg.ID).Actor(p.ID).Int(p.silences)
	return silent.Add(-t.Draw(sim.Uniform(0, p.Liveness.Interval), key))
}

// unheard is the timer: the session ends. It was set when the silence began, so
// that it follows from the fault that began it (law of causes, R3).
func (s *Speaker) unheard(t *sim.Turn, p *peer) {
	if root := t.Origin(); root != 0 {
		t.Cite(root)
	}
	if p.BFD != nil {
		s.goBFD(t, p, events.BFDDown, events.TimeExpired)
		return
	}
	s.cease(t, p, 2, p.Liveness.Name+" down")
}
