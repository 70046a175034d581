package sim

import "dualhome/events"

// item is something due, in the order (due, seq). It holds no pointer, so that
// the garbage collector does not look at the queue.
type item struct {
	due events.Time
	seq uint64
	at  int32 // its place in the slab
}

// queue is a binary heap of items with the things they stand for beside it.
type queue struct {
	heap []item
	slab []pending
	free []int32
}

// pending is a message under way or a timer that is set.
type pending struct {
	seq    uint64 // of its Out or Set line; 0: this place is free
	at     events.Time
	due    events.Time
	owner  *slot          // who receives it
	from   events.ActorID // who sent it
	wire   *wire          // of a message that takes one
	timer  int32          // its number at its owner; a message has none
	conn   events.Conn
	kind   events.Kind // of a message; 0 for a timer
	syn    bool        // a message that opens its connection
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
	return a.due < b.due || a.due == b.due && a.seq < b.seq
}

// push queues the thing at a place of the slab at its due time.
func (q *queue) push(at int32) {
	p := &q.slab[at]
	q.heap = append(q.heap, item{p.due, p.seq, at})
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
		if p := &q.slab[it.at]; p.seq == it.seq && p.due == it.due {
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
