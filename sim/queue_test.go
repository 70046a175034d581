package sim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"dualhome/events"
)

// dumb is a queue that is a slice, sorted whenever it is asked.
type dumb []item

func (d *dumb) push(i item) { *d = append(*d, i) }

func (d *dumb) drop(seq uint64) {
	*d = slices.DeleteFunc(*d, func(i item) bool { return i.turn == seq })
}

func (d *dumb) head() (item, bool) {
	if len(*d) == 0 {
		return item{}, false
	}
	slices.SortFunc(*d, func(a, b item) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.turn, b.turn)) })
	return (*d)[0], true
}

// TestQueueAgainstSortedSlice: in whatever order things are queued, moved, taken
// and removed, the queue gives what the slice gives.
func TestQueueAgainstSortedSlice(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var q queue
		var d dumb
		places := map[uint64]int32{}
		seq := uint64(0)
		one := func() uint64 {
			for s := range places { // any of them
				return s
			}
			return 0
		}
		for range 2000 {
			switch op := r.IntN(10); {
			case op < 4 || len(places) == 0: // queue
				seq++
				due := events.Time(r.IntN(50))
				at := q.add(pending{seq: seq, due: due})
				places[seq] = at
				q.push(at)
				d.push(item{due: due, turn: seq})
			case op < 6: // move
				s := one()
				at := places[s]
				q.slab[at].due = events.Time(r.IntN(50))
				q.push(at)
				d.drop(s)
				d.push(item{due: q.slab[at].due, turn: s})
			case op < 7: // remove
				s := one()
				q.remove(places[s])
				delete(places, s)
				d.drop(s)
			default: // take
				it, _ := q.head()
				q.pop()
				q.remove(it.at)
				delete(places, it.turn)
				d.drop(it.turn)
			}
			got, ok := q.head()
			want, wanted := d.head()
			if ok != wanted || got.due != want.due || got.turn != want.turn {
				t.Fatalf("seed %d: the head is (%v, %d) %t, not (%v, %d) %t", seed, got.due, got.turn, ok, want.due, want.turn, wanted)
			}
		}
	}
}

// TestQueueReusesPlaces: what is gone leaves no garbage but stale items.
func TestQueueReusesPlaces(t *testing.T) {
	var q queue
	for i := range 1000 {
		at := q.add(pending{seq: uint64(i + 1), due: events.Time(i)})
		q.push(at)
		q.pop()
		q.remove(at)
	}
	if len(q.slab) != 1 || len(q.heap) != 0 {
		t.Errorf("%d places and %d items for one thing at a time", len(q.slab), len(q.heap))
	}
}
