package natslog

import (
	"math/rand/v2"
	"testing"

	"dualhome/events/eventlog"
)

// TestFlights: the list says what two maps would say, in whatever order messages
// are sent, arrive and are awaited.
func TestFlights(t *testing.T) {
	for seed := range uint64(200) {
		g := rand.New(rand.NewPCG(seed, 1))
		var f flights
		wire, arrived := map[uint64]bool{}, map[uint64]bool{}
		for range 300 {
			seq := 1 + g.Uint64N(40)
			switch one := f.get(seq); g.IntN(3) {
			case 0: // sent, each seq once; mostly in order
				if g.IntN(4) > 0 {
					seq = f.highest + 1
				} else if one != nil || seq < oldestKnown(&f) {
					continue
				}
				f.add(seq, "subject")
				wire[seq] = true
			case 1:
				if (one != nil && !one.arrived) != wire[seq] {
					t.Fatalf("seed %d: message %d is %+v; on the wire: %v", seed, seq, one, wire[seq])
				}
				if wire[seq] {
					f.land(one, eventlog.Envelope{Seq: seq})
					delete(wire, seq)
					arrived[seq] = true
				}
			default:
				e, ok := f.hand(seq)
				if ok != arrived[seq] || ok && e.Seq != seq {
					t.Fatalf("seed %d: message %d handed over: %v (%+v); arrived: %v", seed, seq, ok, e, arrived[seq])
				}
				delete(arrived, seq)
			}
			if f.wire != len(wire) || len(wire) > 0 && f.oldest() != oldestOf(wire) {
				t.Fatalf("seed %d: %d on the wire, the oldest %d, not %d, %d", seed, f.wire, f.oldest(), len(wire), oldestOf(wire))
			}
		}
	}
}

// oldestKnown is the seq below which a message may have left the list already, so
// that it would be sent twice.
func oldestKnown(f *flights) uint64 {
	if len(f.all()) == 0 {
		return f.highest + 1
	}
	return f.all()[0].seq
}

func oldestOf(wire map[uint64]bool) uint64 {
	oldest := ^uint64(0)
	for seq := range wire {
		oldest = min(oldest, seq)
	}
	return oldest
}

// TestFlightsBehindOneThatIsHeld: what was handed over leaves, though a message
// before it stays under way.
func TestFlightsBehindOneThatIsHeld(t *testing.T) {
	var f flights
	f.add(1, "held")
	for seq := uint64(2); seq < 20_000; seq++ {
		f.add(seq, "s")
		f.land(f.get(seq), eventlog.Envelope{Seq: seq})
		if _, ok := f.hand(seq); !ok {
			t.Fatalf("message %d is gone", seq)
		}
	}
	if len(f.store) > 4096 || f.oldest() != 1 {
		t.Errorf("%d messages are kept, the oldest is %d", len(f.store), f.oldest())
	}
	f.land(f.get(1), eventlog.Envelope{Seq: 1})
	if e, ok := f.hand(1); !ok || e.Seq != 1 {
		t.Error("the message that was held is gone")
	}
}
