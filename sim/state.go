package sim

import (
	"cmp"
	"slices"

	"dualhome/events"
)

// state gives the hash of the state at the end of the instant, and how much was
// drawn until then.
func (r *recurrence) state() (sum, drawn uint64) {
	r.k.head() // parks the timers of processes that hang
	r.refresh()
	f := r.begin("")
	f.Uint(r.sum)
	r.underWay(f)
	drawn = r.drawn
	streams := uint64(0)
	for i := range r.k.wires {
		w := &r.k.wires[i]
		part := f.Part()
		part.actor = w.From
		for _, s := range w.streams {
			if s.last > r.at {
				part.Uint(uint64(i))
				part.Conn(w.To, s.conn)
				part.Uint(uint64(s.last - r.at))
			}
			if !s.idle(w, r.at) { // it is sent again as long ago as that
				part.Uint(uint64(i))
				part.Conn(w.To, s.conn)
				part.Uint(uint64(r.at - s.first))
				part.Uint(uint64(max(s.acked-r.at, 0)))
			}
		}
		streams += part.Sum()
		for _, n := range w.sent { // order-free: a sum
			drawn += n
		}
	}
	f.Uint(streams)
	return f.Sum(), drawn
}

// begin begins a fingerprint, where the one before it is not needed any more.
func (r *recurrence) begin(actor events.ActorID) *Fingerprint {
	r.glance = glance{k: r.k, actor: actor, now: r.at}
	r.fingerprint = Fingerprint{glance: &r.glance}
	return &r.fingerprint
}

// refresh hashes the actors that took part since the last time, or whose state
// ages.
func (r *recurrence) refresh() {
	again := r.stale[:0]
	for _, s := range r.stale {
		f := r.begin(s.actor.ID())
		f.Uint(s.place)
		s.actor.(Recurrent).Fingerprint(f)
		f.Bool(s.dead)
		f.Bool(s.hung)
		r.sum += f.Sum() - s.sum
		r.drawn += f.drawn - s.drawn
		s.sum, s.drawn = f.Sum(), f.drawn
		if s.stale = f.aging; f.aging {
			again = append(again, s)
		}
	}
	r.stale = again
}

// underWay tells messages and timers in the order in which they are due.
func (r *recurrence) underWay(f *Fingerprint) {
	var all []item
	slab := r.k.queue.slab
	for at := range slab {
		if p := &slab[at]; p.seq != 0 && !foreign(p) {
			all = append(all, item{p.due, p.seq, int32(at)})
		}
	}
	slices.SortFunc(all, func(a, b item) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.turn, b.turn)) })
	for _, it := range all {
		p := &slab[it.at]
		f.actor = p.owner.actor.ID()
		f.Uint(p.owner.place)
		f.Uint(uint64(max(p.due-r.at, waiting)))
		if p.kind == 0 {
			tellTimer(f, timerOf(p))
			continue
		}
		f.Actor(p.from)
		f.Conn(p.from, p.conn)
		f.Uint(uint64(max(p.resent-r.at, 0)))
		f.Bool(p.stuck)
		f.Bool(p.lost)
		r.tellMessage(f, it.at)
	}
}

// foreign tells whether something is no part of the state: of disturbances, or of
// NICs. Nor is what waits in the socket of a process that hangs: only the next
// disturbance lets it be read, and there is more and more of it.
func foreign(p *pending) bool {
	if p.kind != 0 {
		unread := p.wire != nil && p.wire.hung && p.due == waiting && p.ready != waiting
		return unread || p.kind == events.KindProgram
	}
	timer := timerOf(p)
	return !ofProcess(*timer) || timer.Name == events.FaultTimer
}

func timerOf(p *pending) *events.Timer { return &p.owner.timers.all[p.timer].name }

func tellTimer(f *Fingerprint, t *events.Timer) {
	f.Uint(uint64(t.Name))
	f.Actor(t.Peer)
	f.Conn(t.Peer, t.Conn)
	f.Prefix(t.Prefix)
	f.Str(t.Item)
}

func (r *recurrence) tellMessage(f *Fingerprint, at int32) {
	f.Uint(uint64(r.k.queue.slab[at].kind))
	switch e := r.waiting[at].(type) {
	case events.Message:
		f.Bytes(e.Bytes())
	case events.TCP:
		f.Uint(uint64(e.Flag))
	case events.BFD:
		f.Bytes(events.AppendEvent(nil, e))
	}
}
