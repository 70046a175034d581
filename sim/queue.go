package sim

import "dualhome/events"

// item is something due, in the order (due, turn). It holds no pointer, so that
// the garbage collector does not look at the queue.
type item struct {
	due  events.Time
	turn uint64 // among what is due at one instant: its seq, or see queue.turn
	at   int32  // its place in the slab
}

// queue is a binary heap of items with the things they stand for beside it.
type queue struct {
	heap []item
	slab []pending
	free []int32
	ties uint64 // Config.Ties
}

// emptied gives an empty queue in the room of q.
func (q *queue) emptied(ties uint64) queue {
	clear(q.slab)
	return queue{heap: q.heap[:0], slab: q.slab[:0], free: q.free[:0], ties: ties}
}

// pending is a message under way or a timer that is set.
type pending struct {
	seq    uint64 // of its Out or Set line; 0: this place is free
	turn   uint64 // as it was queued last
	at     events.Time
	due    events.Time
	owner  *slot          // who receives it
	from   events.ActorID // who sent it
	wire   *wire          // of a message that takes one
	timer  int32          // its number at its owner; a message has none
	conn   events.Conn
	kind   events.Kind // of a message; 0 for a timer
	syn    bool        // a message that opens its connection
	udp    bool        // a datagram: it is lost where a segment would be held
	lost   bool        // it was
	stuck  bool        // it waits for an acknowledgement of what was sent before it
	resent events.Time // when it is sent again, if it had to be
	ready  events.Time // of a held message, when it is in the receiver's socket; waiting: it is not on its way there
}

// waiting is the due time of what waits for the fabric; no item has it, so that
// items that stood for it are stale.
const waiting events.Time = -1

// add puts p into the slab, without queueing it.
func (q *queue) add(p pending) int32 {
	if n := len(q.free); n > 0 {
		at := q.free[n-1]
		q.free = q.free[:n-1]
		q.slab[at] = p
		return at
	}
	q.slab = append(q.slab, p)
	return int32(len(q.slab) - 1)
}

// remove frees a place. An item of the heap that still points there is stale.
func (q *queue) remove(at int32) {
	q.slab[at] = pending{}
	q.free = append(q.free, at)
}

func (a item) before(b item) bool {
	return a.due < b.due || a.due == b.due && a.turn < b.turn
}

// turn gives the place of p among what is due at the same instant: that of its
// line or, where ties are shuffled, one drawn for its connection and the instant,
// so that no message overtakes another of its connection.
func (q *queue) turn(p *pending) uint64 {
	if q.ties == 0 {
		return p.seq
	}
	key := KeyOf("tie").Int(uint64(p.due)).Actor(p.owner.actor.ID())
	if p.kind == 0 {
		key = key.Int(p.seq) // a timer
	} else {
		key = key.Actor(p.from).Actor(p.conn.Initiator).Int(uint64(p.conn.N))
	}
	return Bits(q.ties, key)>>32<<32 | p.seq&(1<<32-1)
}

// push queues the thing at a place of the slab at its due time.
func (q *queue) push(at int32) {
	p := &q.slab[at]
	p.turn = q.turn(p)
	q.heap = append(q.heap, item{p.due, p.turn, at})
	h := q.heap
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].before(h[up]) {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

// head gives the first item that is not stale, and drops those before it.
func (q *queue) head() (item, bool) {
	for len(q.heap) > 0 {
		it := q.heap[0]
		if p := &q.slab[it.at]; p.turn == it.turn && p.due == it.due {
			return it, true
		}
		q.pop()
	}
	return item{}, false
}

// pop drops the first item.
func (q *queue) pop() {
	h := q.heap
	last := len(h) - 1
	h[0] = h[last]
	q.heap = h[:last]
	h = q.heap
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(h[i]) {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
