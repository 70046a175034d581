package sim

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"dualhome/events"
)

// TestTimersAgainstMap: in whatever order timers are set, moved and stopped, and
// however many names come and go, those that are set are the ones a map holds.
func TestTimersAgainstMap(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		var q queue
		var all timers
		want := map[events.Timer]int32{}
		for step := range 5000 {
			name := events.Timer{Name: events.TimerName(1 + r.IntN(4)), Peer: events.ActorID(fmt.Sprintf("n%d", r.IntN(9)))}
			switch name.Name {
			case events.HoldTimer: // of connections, of which there are ever new ones
				name.Conn = events.Conn{Initiator: name.Peer, N: uint32(step/50 + r.IntN(3))}
			case events.KeepaliveTimer:
				name.Prefix = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(r.IntN(4)), 0, 0}), 16+r.IntN(3))
			}
			if at, set := want[name]; set && r.IntN(2) == 0 {
				all.put(all.find(&name), unset)
				q.remove(at)
				delete(want, name)
			} else if !set {
				n := all.number(&q, &name)
				at := q.add(pending{seq: uint64(step + 1), timer: n})
				all.put(n, at)
				want[name] = at
			}
			if _, set := want[name]; all.pending(&name) != set {
				t.Fatalf("seed %d, step %d: %v is set: %v, want %v", seed, step, name, !set, set)
			}
		}
		for name, at := range want {
			n := all.find(&name)
			if n == unset || all.all[n].at != at || q.slab[at].timer != n || all.all[n].event != events.Event(name) {
				t.Errorf("seed %d: %v is not where it was put", seed, name)
			}
		}
		if all.set != len(want) || len(all.all) > 16+8*len(want) {
			t.Errorf("seed %d: %d of %d names are set, want %d and not many more", seed, all.set, len(all.all), len(want))
		}
	}
}
