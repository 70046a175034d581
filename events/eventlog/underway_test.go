package eventlog

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestUnderWayIsAMap: whatever is put and taken, it holds what a map holds.
func TestUnderWayIsAMap(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 0))
	var u underWay
	want := map[uint64]bool{}
	next, most := uint64(0), 0
	for range 200_000 {
		if g.IntN(100) < 50+g.IntN(3)-len(want)/100 {
			next += 1 + g.Uint64N(9)
			u.put(next, binary.BigEndian.AppendUint64(nil, next))
			want[next], most = true, max(most, len(want)+1)
			continue
		}
		seq := next - g.Uint64N(min(next+1, 2000))
		b := u.take(seq)
		if (b != nil) != want[seq] || b != nil && binary.BigEndian.Uint64(b) != seq {
			t.Fatalf("message %d, which is there: %t, is %x", seq, want[seq], b)
		}
		delete(want, seq)
	}
	if u.count != len(want) || most < 100 {
		t.Errorf("%d messages, not %d; at most %d", u.count, len(want), most)
	}
	u.takeAll(func(b []byte) { delete(want, binary.BigEndian.Uint64(b)) })
	if len(want) > 0 || u.count > 0 || u.take(next) != nil {
		t.Errorf("%d were not handed over", len(want))
	}
}
