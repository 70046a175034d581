package sim

import (
	"fmt"
	"slices"
	"time"

	"dualhome/events"
)

// Wire is one direction between two speakers, as the scenario gives it.
type Wire struct {
	From, To  events.ActorID
	Delay     Dist              // one way, drawn per message; order is kept
	Crossings []events.Crossing // the links it goes over
}

// wire is one direction between two speakers. Each connection on it is a reliable
// FIFO, as TCP is. A message that meets a cut, or whose receiver is dead, is held;
// it arrives at the first retransmission after the way is free again. One whose
// receiver hangs arrives, and waits in its socket. It is lost when an end of its
// connection closes before that. Where the way back is cut, see ack.go. A datagram
// is lost where it meets a cut or a dead receiver.
type wire struct {
	Wire
	back    *wire                  // the other direction; nil: there is none
	sent    map[events.Kind]uint64 // messages by kind, for the keys of delay draws; nil while no delay is drawn
	streams []stream
	flying  []int32     // under way, in the order in which they were sent
	held    []int32     // waiting, in that order too
	resent  events.Time // when the last of those that waited is sent again
	cuts    int         // crossings that are down
	dead    bool        // the receiver is
	hung    bool        // the receiver's process is
	from    *slot
	to      *slot
}

// stream is a connection, when the last message on it arrives, and what is not
// acknowledged.
type stream struct {
	conn events.Conn
	last events.Time
	unacknowledged
}

// lossy tells whether packets do not get through.
func (w *wire) lossy() bool { return w.cuts > 0 || w.dead }

func (w *wire) blocked() bool { return w.lossy() || w.hung }

// wire gives the wire between two speakers. That there is one is up to who
// built the kernel.
func (k *Kernel) wire(from *slot, to events.ActorID) *wire {
	if w := k.asked; w != nil && w.from == from && w.To == to {
		return w
	}
	w := from.out[to]
	if w == nil {
		panic(fmt.Sprintf("sim: no wire from %s to %s", from.actor.ID(), to))
	}
	k.asked = w
	return w
}

// inOrder gives when a message arrives that alone would arrive at due: not
// before those of its connection that were sent before it.
func (w *wire) inOrder(conn events.Conn, due events.Time) events.Time {
	for _, s := range w.streams {
		if s.conn == conn {
			return max(due, s.last)
		}
	}
	return due
}

// advance folds when the last message of a connection arrives. Streams that
// are long idle are forgotten.
func (w *wire) advance(conn events.Conn, last, now events.Time) {
	if s := w.stream(conn); s != nil {
		s.last = last
		return
	}
	w.streams = slices.DeleteFunc(w.streams, func(s stream) bool { return s.last < now && s.idle(w, now) })
	w.streams = append(w.streams, stream{conn: conn, last: last})
}

// stream gives what is known of a connection; nil: nothing.
func (w *wire) stream(conn events.Conn) *stream {
	for i := range w.streams {
		if w.streams[i].conn == conn {
			return &w.streams[i]
		}
	}
	return nil
}

// arrival gives the time at which a message sent now arrives if nothing holds
// it but an acknowledgement that is due.
func (k *Kernel) arrival(w *wire, conn events.Conn, e events.Event) events.Time {
	d, constant := w.Delay.IsConstant()
	if !constant {
		kind := e.Kind()
		key := KeyOf("delay").Actor(w.From).Actor(w.To).Str(kind.String()).Int(w.sent[kind])
		d = Draw(k.cfg.Seed, w.Delay, key)
	}
	from := k.now
	if !resets(e) {
		from = max(from, w.acknowledged(conn))
	}
	return w.inOrder(conn, from.Add(d))
}

// count folds that a message of a kind was sent, with a delay that was drawn.
func (w *wire) count(k events.Kind) {
	if w.sent == nil {
		w.sent = map[events.Kind]uint64{}
	}
	w.sent[k]++
}

// depart folds an Out of s.
func (k *Kernel) depart(s *slot, l *events.Line) {
	p := pending{seq: l.Seq, at: l.At, due: l.Due, from: l.Actor, kind: l.Event.Kind()}
	conn, isSegment := segment(l.Event)
	p.udp = datagram(l.Event)
	if !isSegment && !p.udp {
		p.owner = k.slots[l.Peer]
		k.queue.push(k.queue.add(p))
		return
	}
	w := k.wire(s, l.Peer)
	if _, constant := w.Delay.IsConstant(); !constant {
		w.count(p.kind)
	}
	p.owner, p.wire, p.conn, p.syn = w.to, w, conn, opens(l.Event)
	p.at = min(p.at, l.Due.Add(-w.Delay.Min())) // see Turn.SendLate
	at := k.queue.add(p)
	if k.recurrence != nil {
		k.recurrence.sent(at, l)
	}
	w.advance(conn, l.Due, k.now)
	if !p.udp && !resets(l.Event) && k.sticks(w, &k.queue.slab[at]) {
		w.held = append(w.held, at)
		return
	}
	w.flying = append(w.flying, at)
	k.queue.push(at)
	if w.blocked() {
		k.settle(w)
	}
}

// settle brings what is under way to the state of the wire: what meets a cut or
// a dead receiver waits for its retransmission, what finds the receiver's process
// hung waits in its socket.
func (k *Kernel) settle(w *wire) {
	w.from.uneasy, w.to.uneasy = true, true
	if w.blocked() {
		still := w.flying[:0]
		for _, at := range w.flying {
			p := &k.queue.slab[at]
			if p.udp && !w.hung {
				p.lost = true // it does not wait; where it would arrive, that is written
				still = append(still, at)
				continue
			}
			p.ready, p.due = p.due, waiting
			w.held = append(w.held, at)
		}
		w.flying = still
	}
	for _, at := range w.held {
		switch p := &k.queue.slab[at]; {
		case p.udp:
			p.lost = p.lost || w.lossy() && p.ready >= k.now
		case w.deaf() && w.behind(p):
			p.stuck, p.ready = true, waiting
		case w.lossy() && p.ready >= k.now:
			p.ready = waiting
		case !w.lossy() && p.ready == waiting:
			p.resent = Retransmit(p.at, k.now)
			w.resent = max(w.resent, p.resent)
			p.ready = w.inOrder(p.conn, p.resent.Add(w.Delay.Min()))
			w.advance(p.conn, p.ready, k.now)
		}
	}
	if !w.hung && !w.dead {
		k.deliver(w)
	}
}

// deliver queues what the receiver can read, now or when it arrives.
func (k *Kernel) deliver(w *wire) {
	still := w.held[:0]
	for _, at := range w.held {
		p := &k.queue.slab[at]
		if p.ready == waiting {
			still = append(still, at)
			continue
		}
		p.due = max(p.ready, k.now)
		w.flying = append(w.flying, at)
		k.queue.push(at)
	}
	w.held = still
}

// leaveUnread lets what waits in the socket of a process that hung and ends be
// found after its end: nobody reads it any more.
func (k *Kernel) leaveUnread(w *wire) {
	for _, at := range w.held {
		if p := &k.queue.slab[at]; p.ready != waiting {
			p.ready = max(p.ready, k.now+1)
			w.advance(p.conn, p.ready, k.now)
		}
	}
}

// landed takes an arrived message off its wire.
func (k *Kernel) landed(w *wire, at int32) {
	conn := k.queue.slab[at].conn
	for i, other := range w.flying {
		if other == at {
			w.flying = slices.Delete(w.flying, i, i+1)
			return
		}
		if k.queue.slab[other].conn == conn {
			panic("sim: a message overtook another on its connection")
		}
	}
	panic("sim: a message arrived that was not under way")
}

// carries tells whether messages of a connection are on the wire.
func (k *Kernel) carries(w *wire, conn events.Conn) bool {
	of := func(at int32) bool { return k.queue.slab[at].conn == conn }
	return slices.ContainsFunc(w.flying, of) || slices.ContainsFunc(w.held, of)
}

// first and largest retransmission timeout of TCP: Linux's TCP_RTO_MIN and
// TCP_RTO_MAX (tcp.h); inferred for Azure's stacks.
const (
	firstRTO   = 200 * time.Millisecond
	largestRTO = 120 * time.Second
)

// UserTimeout is how long TCP waits for an acknowledgement until it gives a connection
// up (RFC 9293 section 3.8.3, R2): Linux does when the timeout after the 15th
// retransmission is over (tcp_retries2); inferred for Azure's stacks.
const UserTimeout = 924600 * time.Millisecond

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
