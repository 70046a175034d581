package sim

import (
	"math/bits"
	"slices"

	"dualhome/events"
)

// timers are the timers of an actor, by name. Each name keeps its number and its
// event for as long as it is in use, so that setting a timer again costs neither
// memory nor a look at more than its own name. Looking a name up in a Go map costs
// ten times as much: a Timer is large, and mostly empty.
type timers struct {
	all   []timer
	table []int32 // numbers by hash, -1: free; a power of two long
	set   int     // how many are set
	last  int32   // the number that was found last: who sets a timer asks twice
}

// timer is a timer that is set, or was.
type timer struct {
	name  events.Timer
	event events.Event // the same
	at    int32        // its place in the queue's slab; unset: it is not set
}

const unset int32 = -1

// emptied gives no timers, in the room of t. What lies behind the timers is those of
// the run before: see number.
func (t *timers) emptied() timers {
	for i := range t.table {
		t.table[i] = unset
	}
	return timers{all: t.all[:0], table: t.table}
}

// hash spreads timers that differ in their peer, its connection or the prefix.
func hash(t *events.Timer) uint32 {
	h := uint64(t.Name) + uint64(t.Conn.N)<<8
	h = tail(h, string(t.Peer))
	h = tail(h, t.Item)
	if a := t.Prefix.Addr(); a.Is4() {
		b := a.As4()
		h = h*prime + (uint64(b[0])<<32 | uint64(b[1])<<24 | uint64(b[2])<<16 | uint64(b[3])<<8 | uint64(uint8(t.Prefix.Bits())))
	}
	return uint32((h * prime) >> 32)
}

// tail mixes the last letters of a name in, which is where names differ.
func tail(h uint64, s string) uint64 {
	h = h*prime + uint64(len(s))
	for i := max(0, len(s)-8); i < len(s); i++ {
		h = h*31 + uint64(s[i])
	}
	return h
}

// find gives the number of a timer; unset if it was never set.
func (t *timers) find(name *events.Timer) int32 {
	if len(t.table) == 0 {
		return unset
	}
	if int(t.last) < len(t.all) && t.all[t.last].name == *name {
		return t.last
	}
	mask := uint32(len(t.table) - 1)
	for i := hash(name) & mask; ; i = (i + 1) & mask {
		n := t.table[i]
		if n == unset {
			return unset
		}
		if t.all[n].name == *name {
			t.last = n
			return n
		}
	}
}

// number gives the number of a timer, a new one if it has none.
func (t *timers) number(q *queue, name *events.Timer) int32 {
	if n := t.find(name); n != unset {
		return n
	}
	if 2*len(t.all) >= len(t.table) {
		t.grow(q)
	}
	n := int32(len(t.all))
	if int(n) < cap(t.all) && t.all[:n+1][n].name == *name { // as in the run before, with its event
		t.all = t.all[:n+1]
		t.all[n].at = unset
	} else {
		t.all = append(t.all, timer{*name, *name, unset})
	}
	t.place(n)
	t.last = n
	return n
}

func (t *timers) place(n int32) {
	mask := uint32(len(t.table) - 1)
	i := hash(&t.all[n].name) & mask
	for t.table[i] != unset {
		i = (i + 1) & mask
	}
	t.table[i] = n
}

// grow makes room. Names that are not in use go, where they are most: those of
// connections that are long closed.
func (t *timers) grow(q *queue) {
	if t.set < len(t.all)/4 {
		t.all = slices.DeleteFunc(t.all, func(one timer) bool { return one.at == unset })
		t.last = 0
		for n, one := range t.all {
			q.slab[one.at].timer = int32(n)
		}
	}
	t.table = slices.Repeat([]int32{unset}, 16<<bits.Len(uint(len(t.all)/4)))
	for n := range t.all {
		t.place(int32(n))
	}
}

// put notes where in the slab a timer is that is set; unset: it is not set any
// more.
func (t *timers) put(n, at int32) {
	if at != unset {
		t.set++
	} else {
		t.set--
	}
	t.all[n].at = at
}

// pending tells whether a timer is set.
func (t *timers) pending(name *events.Timer) bool {
	n := t.find(name)
	return n != unset && t.all[n].at != unset
}
