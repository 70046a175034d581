package actors_test

import (
	"slices"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/sim"
)

// script is what a recording fixes and no router decides: when sessions come up,
// which follows from timers that began before it, and when a silence is found out,
// which follows from the phase of keepalives.
type script struct {
	ups   map[[2]events.ActorID][]events.Time // both ends -> when their session is established
	downs map[[2]events.ActorID][]events.Time // who, of whom -> when its hold timer expires
}

// script reads from a recording when sessions come up and when silences end. Of the
// sessions that come up in a step, the first and the last time are recorded; rises
// says when each does, where that matters.
func (r *recording) script() *script {
	s := &script{ups: map[[2]events.ActorID][]events.Time{}, downs: map[[2]events.ActorID][]events.Time{}}
	down := map[string]bool{}
	for _, one := range r.Sessions {
		down[one.Link] = true
	}
	blocked := map[string][]string{} // by what
	for i, step := range r.Expect {
		for _, do := range step.Do {
			r.block(blocked, do.Op, do.Router, do.Peer, do.Link)
			if do.Op == "clear" {
				down[r.linkOf(do.Router, do.Peer)] = true
			}
		}
		for _, d := range step.Downs {
			down[r.linkOf(d.router, d.peer)] = true
			if pair := [2]events.ActorID{events.ActorID(d.router), events.ActorID(d.peer)}; !r.detects() {
				s.downs[pair] = append(s.downs[pair], r.instant(i, d.ms))
			}
		}
		var rise []string
		for _, one := range r.Sessions {
			down[one.Link] = down[one.Link] || len(blocked[one.Link]) > 0
			if down[one.Link] && len(blocked[one.Link]) == 0 {
				rise = append(rise, one.Link)
			}
		}
		s.rise(r, i, rise)
		for _, link := range rise {
			down[link] = false
		}
	}
	return s
}

// rise spreads the times at which some sessions come up over those recorded.
func (s *script) rise(r *recording, step int, links []string) {
	first, last := r.Expect[step].Timing["first_up_ms"], r.Expect[step].Timing["last_up_ms"]
	for i, link := range links {
		ms := last
		if i < len(links)-1 {
			ms = first + (last-first)*float64(i)/float64(len(links)-1)
		}
		if at, known := rises[r.Name+" "+r.Expect[step].Step][link]; known {
			ms = at
		}
		one := r.session(link)
		a, b := events.ActorID(one.A), events.ActorID(one.B)
		for _, pair := range [][2]events.ActorID{{a, b}, {b, a}} {
			s.ups[pair] = append(s.ups[pair], r.instant(step, ms))
		}
	}
}

func (r *recording) instant(step int, ms float64) events.Time {
	return events.Time(r.at(step)) + events.Time(ms*float64(time.Millisecond))
}

// linkOf gives the link between two routers.
func (r *recording) linkOf(a, b string) string {
	return r.Sessions[slices.IndexFunc(r.Sessions, func(s recordedSession) bool {
		return s.A == a && s.B == b || s.A == b && s.B == a
	})].Link
}

// block notes what keeps sessions down from an operation on, or no longer.
func (r *recording) block(blocked map[string][]string, op, router, peer, link string) {
	for _, s := range r.Sessions {
		hit := s.Link == link || peer == "" && (s.A == router || s.B == router) ||
			peer != "" && s.Link == r.linkOf(router, peer)
		what := router + peer + link
		switch _, ends := undoing[op]; {
		case !hit:
		case ends:
			blocked[s.Link] = slices.DeleteFunc(blocked[s.Link], func(by string) bool { return by == what })
		case slices.Contains([]string{"link_down", "blackhole", "vm_death", "kill9", "stop", "freeze", "shutdown"}, op):
			blocked[s.Link] = append(blocked[s.Link], what)
		}
	}
}

// scriptedRouter moves the timers of a router to what the script says. The router sets
// them and does what follows.
type scriptedRouter struct {
	*actors.Router
	script *script
}

// handshake is from SYN to the middle of both ends being established.
const handshake = 3*wire + wire/2

// Step lets the router decide.
func (r *scriptedRouter) Step(t *sim.Turn, in events.Line) {
	r.Router.Step(t, in)
	for _, l := range slices.Clone(t.Lines()) {
		e, ok := l.Event.(events.Timer)
		if !ok || l.Role != events.Set || !t.Pending(e) {
			continue
		}
		switch pair := [2]events.ActorID{r.ID(), e.Peer}; e.Name {
		case events.ConnectTimer, events.ConnectRetryTimer:
			due := next(r.script.ups[pair], t.Now().Add(handshake))
			t.At(due.Add(-handshake), e)
		case events.HoldTimer, events.LivenessTimer:
			if due := next(r.script.downs[pair], t.Now()); r.Established(e.Peer) && due.Sub(l.Due).Abs() < stepTime/4 {
				t.At(due, e)
			}
		default: // its own affair
		}
	}
}

const never = events.Time(1 << 60)

// next gives the first of some times after another.
func next(all []events.Time, after events.Time) events.Time {
	for _, at := range all {
		if at > after {
			return at
		}
	}
	return never
}
