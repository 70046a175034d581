package metrics

import (
	"cmp"
	"net/netip"
	"slices"

	"dualhome/events"
)

// buckets is how many buckets a set of next hops has: the least number that one to
// eight next hops, as many as a Route Server has peers, share equally. In Linux the
// operator chooses it, up to 65,535 (resilient next-hop groups).
const buckets = 840

// bucketTable gives for each bucket the place of its next hop in the set. None at
// all stands for the table of a set without history: bucket i leads to next hop
// i mod n, so that it begins as modulo hashing.
type bucketTable [buckets]uint16

func (t *bucketTable) hop(bucket, n int) int {
	if t == nil {
		return bucket % n
	}
	return int(t[bucket])
}

// nextHops are the equal next hops of an entry, ascending, how its node chooses
// among them, and what history has made of their buckets. While the entry lasts,
// each set follows from the one before, whether or not packets came; once it is
// removed the next one is fresh.
type nextHops struct {
	hops   []netip.Addr
	scheme events.HashScheme
	table  *bucketTable
}

// fresh gives the same next hops without history: what flows meet where a machine
// starts again.
func (h nextHops) fresh() nextHops { return nextHops{hops: h.hops, scheme: h.scheme} }

// equal tells whether they are the same next hops with the same history.
func (h nextHops) equal(o nextHops) bool {
	return h.scheme == o.scheme && h.table == o.table && slices.Equal(h.hops, o.hops)
}

// tables keeps each table once, however many entries have it: the NICs of a set of
// VMs have the same history. What one NIC does for many prefixes in a row is worked
// out once.
type tables struct {
	known map[bucketTable]*bucketTable
	last  struct{ was, is nextHops }
}

func newTables() *tables { return &tables{known: map[bucketTable]*bucketTable{}} }

// follow gives the next hops of an entry that had others, or none, before.
func (t *tables) follow(s events.HashScheme, was nextHops, hops []netip.Addr) nextHops {
	is := nextHops{hops: ascending(hops), scheme: s}
	switch {
	case s != events.ResilientHash && s != events.StickyHash || len(was.hops) == 0:
		return is
	case slices.Equal(was.hops, is.hops):
		is.table = was.table
		return is
	case t.last.was.equal(was) && slices.Equal(t.last.is.hops, is.hops):
		return t.last.is
	}
	m := newMove(was, is.hops)
	if s == events.ResilientHash {
		m.level()
	} else {
		m.deal()
	}
	is.table = t.keep(m)
	t.last.was, t.last.is = was, is
	return is
}

// keep gives the one table that equals what a move made.
func (t *tables) keep(m *move) *bucketTable {
	table, plain := bucketTable{}, true
	for i, hop := range m.to {
		table[i] = uint16(hop)
		plain = plain && hop == i%m.n
	}
	if plain {
		return nil
	}
	if known, ok := t.known[table]; ok {
		return known
	}
	t.known[table] = &table
	return &table
}

func ascending(hops []netip.Addr) []netip.Addr {
	if slices.IsSortedFunc(hops, netip.Addr.Compare) {
		return hops
	}
	return slices.SortedFunc(slices.Values(hops), netip.Addr.Compare)
}

// move brings buckets from one set of next hops to another.
type move struct {
	n    int
	to   [buckets]int // by bucket: the next hop in the new set; -1: it has none yet
	load []int        // by next hop: its buckets
}

// newMove leaves each bucket where it is, if its next hop is in the new set.
func newMove(was nextHops, hops []netip.Addr) *move {
	m := &move{n: len(hops), load: make([]int, len(hops))}
	place := make([]int, len(was.hops))
	for i, hop := range was.hops {
		place[i] = slices.Index(hops, hop)
	}
	for i := range m.to {
		m.to[i] = place[was.table.hop(i, len(was.hops))]
		if m.to[i] >= 0 {
			m.load[m.to[i]]++
		}
	}
	return m
}

// put moves a bucket to a next hop.
func (m *move) put(bucket, hop int) {
	if from := m.to[bucket]; from >= 0 {
		m.load[from]--
	}
	m.to[bucket] = hop
	m.load[hop]++
}

// deal gives the buckets without a next hop to all next hops in turn.
func (m *move) deal() {
	next := 0
	for i, hop := range m.to {
		if hop < 0 {
			m.put(i, next%m.n)
			next++
		}
	}
}

// level moves as few buckets as leave each next hop its share: those without a
// next hop, and what others have too much. Where there is a choice a bucket goes
// where it would be without history, so that flows return to their next hop when
// that does (Linux takes the idle ones first).
func (m *move) level() {
	share := m.shares()
	moves := func(i int) bool { return m.to[i] < 0 || m.load[m.to[i]] > share[m.to[i]] }
	for i := range m.to {
		if home := i % m.n; m.to[i] != home && moves(i) && m.load[home] < share[home] {
			m.put(i, home)
		}
	}
	next := 0
	for i := range m.to {
		if !moves(i) {
			continue
		}
		for m.load[next%m.n] >= share[next%m.n] {
			next++
		}
		m.put(i, next%m.n)
		next++
	}
}

// shares gives how many buckets each next hop is to have: equally many, and one
// more for those that have most where they cannot be equal, so that least move.
func (m *move) shares() []int {
	order := make([]int, m.n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.load[b], m.load[a]) })
	share := make([]int, m.n)
	for rank, hop := range order {
		share[hop] = buckets / m.n
		if rank < buckets%m.n {
			share[hop]++
		}
	}
	return share
}
