package natslog

import (
	"cmp"
	"slices"

	"dualhome/events/eventlog"
)

// flight is a message that was sent and not handed over yet.
type flight struct {
	seq      uint64
	subject  string
	arrived  bool
	over     bool // handed over; it leaves with those before it, or when there are many
	envelope eventlog.Envelope
}

// flights are the messages under way, by seq. Nearly all arrive as they were sent, and
// many are awaited so.
type flights struct {
	store   []flight // those before head have been handed over
	head    int
	next    int // the one behind that which arrived last
	wire    int // how many have not arrived
	over    int // how many behind head were handed over
	highest uint64
}

// all are the messages under way, and some behind the first that were handed over.
func (f *flights) all() []flight { return f.store[f.head:] }

// add puts a message on the wire.
func (f *flights) add(seq uint64, subject string) {
	one := flight{seq: seq, subject: subject}
	if seq > f.highest {
		f.store = append(f.store, one)
	} else {
		i, _ := f.find(seq)
		f.store = slices.Insert(f.store, f.head+i, one)
	}
	f.highest = max(f.highest, seq)
	f.wire++
}

func (f *flights) find(seq uint64) (int, bool) {
	return slices.BinarySearchFunc(f.all(), seq, func(one flight, seq uint64) int { return cmp.Compare(one.seq, seq) })
}

// get gives the message of that seq, nil where there is none.
func (f *flights) get(seq uint64) *flight {
	i := f.next
	if all := f.all(); i >= len(all) || all[i].seq != seq {
		found := false
		if i, found = f.find(seq); !found {
			return nil
		}
	}
	f.next = i + 1
	return &f.store[f.head+i]
}

// land marks a message as arrived.
func (f *flights) land(one *flight, e eventlog.Envelope) {
	one.arrived, one.envelope = true, e
	f.wire--
}

// hand gives a message that arrived, once.
func (f *flights) hand(seq uint64) (e eventlog.Envelope, ok bool) {
	i, found := 0, len(f.all()) > 0 && f.all()[0].seq == seq
	if !found {
		i, found = f.find(seq)
	}
	if !found {
		return e, false
	}
	one := &f.store[f.head+i]
	if !one.arrived || one.over {
		return e, false
	}
	e, one.envelope, one.over = one.envelope, eventlog.Envelope{}, true
	f.over++
	f.leave()
	return e, true
}

// leave lets go of the messages at the front that were handed over.
func (f *flights) leave() {
	for f.head < len(f.store) && f.store[f.head].over {
		f.head++
		f.over--
		f.next = max(0, f.next-1)
	}
	if f.over > 1024 && 2*f.over > len(f.all()) { // behind one that is held for long
		f.store = slices.DeleteFunc(f.all(), func(one flight) bool { return one.over })
		f.head, f.next, f.over = 0, 0, 0
		return
	}
	if 2*f.head >= len(f.store) {
		f.store = slices.Delete(f.store, 0, f.head)
		f.head = 0
	}
}

// oldest gives the lowest seq on the wire.
func (f *flights) oldest() uint64 {
	for _, one := range f.all() {
		if !one.arrived {
			return one.seq
		}
	}
	return f.highest
}
