package sim

import "dualhome/events"

// Recurrence says that the network stood at Until as it had stood at From, in all
// that its routes depend on: its actors, their timers, the messages under way.
type Recurrence struct {
	From, Until events.Time
	// Strict says that nothing was drawn in between whose value can vary. Then the
	// same happens again and again, with that period. Without, the network was only
	// there before, and may leave the circle.
	Strict bool
	// Next is when the next disturbance comes, up to which this holds; 0: none does.
	Next events.Time
}

// Recurrence gives the circle that the run has come to go in, if its routes or
// sessions change in it. A strict one is preferred to one that is not, and an
// earlier one to a later. With each disturbance the search begins anew, because
// what the network does until then does not depend on those to come. It derives
// from the lines: a run that is cut and goes on finds the same.
//
// There is none without Config.Circles, or where an actor does not tell its state
// (Recurrent).
func (k *Kernel) Recurrence() (Recurrence, bool) {
	if k.recurrence == nil || k.recurrence.found == nil {
		return Recurrence{}, false
	}
	c := *k.recurrence.found
	for _, one := range k.recurrence.fabric.timers.all {
		if one.at == unset || one.name.Name != events.FaultTimer {
			continue
		}
		if due := k.queue.slab[one.at].due; c.Next == 0 || due < c.Next {
			c.Next = due
		}
	}
	return c, true
}

// recurrence looks for a state that was there before, with Brent's algorithm (An
// improved Monte Carlo factorization algorithm, BIT 20, 1980): one state is kept,
// and replaced by the present one after 2ⁿ instants. Instants at which only NICs
// are programmed do not count: nothing follows from them.
//
// A state is hashed where it is to be kept, and where the instant looks like the
// one that is kept; then only the actors that took part since.
type recurrence struct {
	k       *Kernel
	fabric  *slot
	waiting []events.Event // by place in the slab: the message under way

	stale   []*slot // actors whose hash is to be made anew
	sum     uint64  // of the hashes of all actors
	drawn   uint64  // by all actors
	changes uint64  // of best routes and sessions, so far

	at, before  events.Time // the instant that is going on, and the one before it
	looks       uint64      // what the turns of this instant look like
	steps       uint64      // instants since one was kept
	power       uint64      // after so many, the next one is
	kept        snapshot
	found       *Recurrence
	fingerprint Fingerprint // see begin
	glance      glance
	over        bool // nothing new can be found before the next disturbance
}

// snapshot is a state at the end of an instant.
type snapshot struct {
	at, gap events.Time // when, and how long after the instant before
	looks   uint64
	state   uint64
	drawn   uint64
	changes uint64
}

// mark is what is known of the state of an actor.
type mark struct {
	place uint64 // in the order of the actors
	stale bool
	sum   uint64
	drawn uint64
}

// firstPower is after how many instants the first state is kept.
const firstPower = 16

// renewed gives a search in the room of r, which may be nil; nil, where an actor does
// not tell its state.
func (r *recurrence) renewed(k *Kernel) *recurrence {
	if r == nil {
		r = &recurrence{}
	}
	clear(r.waiting)
	*r = recurrence{k: k, fabric: k.slots[events.Fabric], power: firstPower, waiting: r.waiting[:0], stale: r.stale[:0]}
	for i := range k.seats {
		s := &k.seats[i]
		_, tells := s.actor.(Recurrent)
		_, dials := s.actor.(dialer)
		if !tells || s.end != nil && !dials {
			return nil
		}
		s.place = uint64(i)
		r.touch(s)
	}
	return r
}

// moved folds that a best route changed, or whether a session is established.
func (k *Kernel) moved() {
	if k.recurrence != nil {
		k.recurrence.changes++
	}
}

func (r *recurrence) touch(s *slot) {
	if !s.stale {
		s.stale = true
		r.stale = append(r.stale, s)
	}
}

// note takes a line that is about to be folded, if an actor decides on it: the
// first one after an instant ends that instant.
func (r *recurrence) note(s *slot, l *events.Line) {
	if l.Role != events.In && l.Role != events.Fired && l.Role != events.Lost || ofNICs(l.Event) {
		return
	}
	if l.At > r.at {
		r.end()
		r.at, r.before, r.looks = l.At, r.at, 0
	}
	if disturbs(l.Event) {
		r.steps, r.power, r.found, r.over = 0, firstPower, nil, false
	}
	r.looks += mix(s.place<<16 | uint64(l.Role)<<8 | uint64(l.Event.Kind()))
	r.touch(s)
}

// ofNICs tells whether an event only programs NICs.
func ofNICs(e events.Event) bool {
	switch e := e.(type) {
	case events.Program:
		return true
	case events.Timer:
		return !ofProcess(e)
	}
	return false
}

// disturbs tells whether an event is the timer of a disturbance.
func disturbs(e events.Event) bool {
	timer, ok := e.(events.Timer)
	return ok && timer.Name == events.FaultTimer
}

// sent takes a message on its way, which has a place in the slab. With a new
// connection, those that both ends have are one older.
func (r *recurrence) sent(at int32, l *events.Line) {
	for int(at) >= len(r.waiting) {
		r.waiting = append(r.waiting, nil)
	}
	if r.waiting[at] = l.Event; opens(l.Event) {
		r.touch(r.k.slots[l.Actor])
		r.touch(r.k.slots[l.Peer])
	}
}

// end looks at the state at the end of an instant.
func (r *recurrence) end() {
	if r.over {
		return
	}
	r.steps++
	due := r.steps == r.power
	now := snapshot{at: r.at, gap: r.at - r.before, looks: r.looks, changes: r.changes}
	similar := r.power > firstPower && now.looks == r.kept.looks && now.gap == r.kept.gap
	if !due && !similar {
		return
	}
	now.state, now.drawn = r.state()
	if similar && now.state == r.kept.state {
		r.close(now)
	}
	if due {
		r.kept, r.steps, r.power = now, 0, 2*r.power
	}
}

// close is at a state that was there before.
func (r *recurrence) close(now snapshot) {
	c := &Recurrence{From: r.kept.at, Until: now.at, Strict: now.drawn == r.kept.drawn && r.k.cfg.Ties == 0}
	moves := now.changes != r.kept.changes
	if moves && (r.found == nil || c.Strict) {
		r.found = c
	}
	r.over = c.Strict
}
