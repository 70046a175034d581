package sim

import (
	"dualhome/events"
)

// Where the way back is cut, acknowledgements are lost, and messages arrive only
// for a while. TCP sends new data beside what is not acknowledged (RFC 5681; ten
// segments, RFC 6928: here any number) until the first of it times out. Then the
// window is one segment, the one that is sent again and again though it has
// arrived (RFC 5681 section 3.1, RFC 6298 section 5): all that is sent from then
// on is stuck behind it, keepalives and the NOTIFICATION among it. It goes out when
// an acknowledgement comes through: of the first retransmission after the way back
// is whole, or before that with anything that the other end sends.
//
// What arrived before the cut counts as acknowledged. When TCP gives up, its speaker
// decides that, by Turn.Unacknowledged.

// unacknowledged is what the sender of a connection waits for.
type unacknowledged struct {
	first events.Time // when the first message was sent that is not acknowledged; 0: none
	acked events.Time // when the acknowledgement arrives; 0: it is lost as long as the way back is cut
}

// deaf tells whether acknowledgements of what arrives are lost.
func (w *wire) deaf() bool { return w.back != nil && w.back.cuts > 0 }

// idle tells whether nothing waits for an acknowledgement.
func (u *unacknowledged) idle(w *wire, now events.Time) bool {
	return u.first == 0 || !w.deaf() && u.acked <= now
}

// forget folds that the sender died, and knows of no connection any more.
func (w *wire) forget() {
	for i := range w.streams {
		w.streams[i].unacknowledged = unacknowledged{}
	}
}

// acknowledged gives when a window is open again that is closed now.
func (w *wire) acknowledged(conn events.Conn) events.Time {
	if s := w.stream(conn); s != nil && !w.deaf() {
		return s.acked
	}
	return 0
}

// behind tells whether p, which is held, waits for the acknowledgement of a message
// before it: it was stuck already, or it was lost and that message alone is sent
// again.
func (w *wire) behind(p *pending) bool {
	s := w.stream(p.conn)
	return s != nil && s.first != 0 && p.at > s.first && (p.stuck || p.ready == waiting && !w.lossy())
}

// unacknowledged gives when the first message of a connection was sent that is not
// acknowledged, nor will be as long as the way there and back is as it is.
func (k *Kernel) unacknowledged(w *wire, conn events.Conn) (since events.Time, any bool) {
	if s := w.stream(conn); s != nil && w.deaf() && s.first != 0 {
		since, any = s.first, true
	}
	for _, at := range w.held {
		p := &k.queue.slab[at]
		if p.conn == conn && !p.udp && p.ready == waiting && (!any || p.at < since) {
			since, any = p.at, true
		}
	}
	return since, any
}

// sticks folds that a message departs, and tells whether it is stuck for as long
// as the way back is cut.
func (k *Kernel) sticks(w *wire, p *pending) bool {
	s := w.stream(p.conn)
	switch {
	case w.deaf():
		if s.first == 0 {
			s.first = p.at
		}
		if p.stuck = p.at >= s.first.Add(firstRTO); !p.stuck {
			return false
		}
		p.ready, p.due = waiting, waiting
	case s.acked > k.now:
		p.stuck, p.resent = true, s.acked
		w.resent = max(w.resent, s.acked)
	default:
		return false
	}
	w.from.uneasy, w.to.uneasy = true, true
	return p.due == waiting
}

// acknowledge folds that the way back of a wire was cut, or is whole again.
func (k *Kernel) acknowledge(w *wire) {
	if w.deaf() {
		k.deafen(w)
		return
	}
	for i := range w.streams {
		s := &w.streams[i]
		timeout := s.first.Add(firstRTO)
		if s.first == 0 || w.lossy() || k.now < timeout {
			s.unacknowledged = unacknowledged{} // what is sent next is acknowledged
			continue
		}
		s.acked = Retransmit(s.first, k.now).Add(w.Delay.Min() + w.back.Delay.Min())
		w.resent = max(w.resent, s.acked)
	}
	for _, at := range w.held {
		p := &k.queue.slab[at]
		if s := w.stream(p.conn); p.stuck && p.ready == waiting && s != nil && s.acked > k.now {
			p.resent = s.acked
			p.ready = w.inOrder(p.conn, s.acked.Add(w.Delay.Min()))
			w.advance(p.conn, p.ready, k.now)
		}
	}
	k.settle(w)
}

// deafen folds that the way back of a wire was cut: what is under way will not be
// acknowledged, and what waited for an acknowledgement goes on waiting.
func (k *Kernel) deafen(w *wire) {
	for i := range w.streams {
		if s := &w.streams[i]; s.acked <= k.now {
			s.first = 0
		}
		w.streams[i].acked = 0
	}
	still := w.flying[:0]
	for _, at := range w.flying {
		p := &k.queue.slab[at]
		if !p.udp {
			w.await(p)
		}
		if p.stuck && p.resent > k.now {
			p.ready, p.due = waiting, waiting
			w.held = append(w.held, at)
			continue
		}
		still = append(still, at)
	}
	w.flying = still
	for _, at := range w.held {
		if p := &k.queue.slab[at]; !p.udp && (p.ready == waiting || p.ready > k.now) { // it is in no socket
			w.await(p)
		}
	}
}

// await folds that p is not acknowledged.
func (w *wire) await(p *pending) {
	s := w.stream(p.conn)
	if s == nil {
		w.streams = append(w.streams, stream{conn: p.conn, last: p.due})
		s = &w.streams[len(w.streams)-1]
	}
	if s.first == 0 || p.at < s.first {
		s.first = p.at
	}
}

// hasten folds that something arrived on a connection, and acknowledges all that
// had arrived on it the other way: what was stuck there goes out.
func (k *Kernel) hasten(w *wire, conn events.Conn) {
	if w == nil || len(w.streams) == 0 {
		return
	}
	s := w.stream(conn)
	if s == nil || s.first == 0 || w.deaf() {
		return
	}
	late := s.acked > k.now
	s.unacknowledged = unacknowledged{}
	if !late {
		return
	}
	s.last = k.now
	for _, at := range w.flying {
		p := &k.queue.slab[at]
		if p.conn != conn {
			continue
		}
		if p.stuck {
			p.stuck, p.resent = false, k.now
			p.due = max(s.last, k.now.Add(w.Delay.Min()))
			k.queue.push(at)
		}
		s.last = max(s.last, p.due)
	}
	for _, at := range w.held {
		if p := &k.queue.slab[at]; p.conn == conn && p.stuck && p.ready != waiting {
			p.stuck, p.resent = false, k.now
			p.ready = max(s.last, k.now.Add(w.Delay.Min()))
			s.last = p.ready
		}
	}
}
