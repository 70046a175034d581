package sim

import (
	"fmt"
	"time"

	"dualhome/events"
)

// Wire is one direction between two speakers, as the scenario gives it.
type Wire struct {
	From, To  events.ActorID
	Delay     Dist              // one way, drawn per message; order is kept
	Crossings []events.Crossing // the links it goes over
}

// wire is one direction between two speakers: a reliable FIFO, as TCP is. A
// message that meets a cut, or whose receiver is dead, is held; it arrives at
// the first retransmission after the way is free again. It is lost when an end
// of its connection closes before that.
type wire struct {
	Wire
	sent   map[events.Kind]uint64 // messages by kind, for the keys of delay draws
	last   events.Time            // when the last one arrives
	flying []int32                // under way, in order
	held   []int32                // waiting, in order
	cuts   int                    // crossings that are down
	dead   bool                   // the receiver is
	hung   bool                   // the receiver's process is
	from   *slot
	to     *slot
}

func (w *wire) blocked() bool { return w.cuts > 0 || w.dead || w.hung }

// wire gives the wire between two speakers. That there is one is up to who
// built the kernel.
func (k *Kernel) wire(from, to events.ActorID) *wire {
	w := k.wires[[2]events.ActorID{from, to}]
	if w == nil {
		panic(fmt.Sprintf("sim: no wire from %s to %s", from, to))
	}
	return w
}

// arrival gives the time at which a message sent now arrives if nothing holds
// it, in order after all before it.
func (k *Kernel) arrival(w *wire, kind events.Kind) events.Time {
	d, constant := w.Delay.IsConstant()
	if !constant {
		key := KeyOf("delay").Actor(w.From).Actor(w.To).Str(kind.String()).Int(w.sent[kind])
		d = Draw(k.cfg.Seed, w.Delay, key)
	}
	return max(k.now.Add(d), w.last)
}

// depart folds an Out.
func (k *Kernel) depart(l *events.Line) {
	p := pending{seq: l.Seq, at: l.At, due: l.Due, owner: k.slots[l.Peer], from: l.Actor, kind: l.Event.Kind()}
	conn, isSegment := segment(l.Event)
	if !isSegment {
		k.queue.push(k.queue.add(p))
		return
	}
	w := k.wire(l.Actor, l.Peer)
	if _, constant := w.Delay.IsConstant(); !constant {
		w.sent[p.kind]++
	}
	p.wire, p.conn, p.syn = w, conn, opens(l.Event)
	at := k.queue.add(p)
	if w.blocked() {
		k.hold(w, at)
		return
	}
	w.last = l.Due
	w.flying = append(w.flying, at)
	k.queue.push(at)
}

// hold takes a message off the queue until the wire is free again.
func (k *Kernel) hold(w *wire, at int32) {
	p := &k.queue.slab[at]
	p.read = w.hung && w.cuts == 0 && !w.dead
	p.due = waiting
	w.held = append(w.held, at)
}

// cut holds what is under way when the wire becomes blocked.
func (k *Kernel) cut(w *wire) {
	for _, at := range w.flying {
		k.hold(w, at)
	}
	w.flying = w.flying[:0]
}

// release sends on what was held, once the wire is free again.
func (k *Kernel) release(w *wire) {
	if w.blocked() {
		return
	}
	delay := w.Delay.Min()
	for _, at := range w.held {
		p := &k.queue.slab[at]
		due := k.now
		if !p.read {
			due = Retransmit(p.at, k.now).Add(delay)
		}
		w.last = max(due, w.last)
		p.due = w.last
		k.queue.push(at)
	}
	w.flying = append(w.flying, w.held...)
	w.held = w.held[:0]
}

// landed takes an arrived message off its wire.
func (w *wire) landed(at int32) {
	if len(w.flying) == 0 || w.flying[0] != at {
		panic("sim: a message overtook another on its wire")
	}
	w.flying = w.flying[:copy(w.flying, w.flying[1:])]
}

// first and largest retransmission timeout of TCP: Linux's TCP_RTO_MIN and
// TCP_RTO_MAX (tcp.h); inferred for Azure's stacks.
const (
	firstRTO   = 200 * time.Millisecond
	largestRTO = 120 * time.Second
)

// Retransmit gives the first instant at or after healed at which TCP sends again
// what it sent first at sent: 0.2, 0.6, 1.4 … s after it, doubling up to 120 s
// (RFC 6298 section 5.5).
func Retransmit(sent, healed events.Time) events.Time {
	at := sent
	for rto := firstRTO; at < healed || at == sent; rto = min(2*rto, largestRTO) {
		at = at.Add(rto)
	}
	return at
}
