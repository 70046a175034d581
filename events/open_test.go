package events_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"

	"dualhome/events"
)

// TestOpenAgainstLibrary: the library reads what is written here, and writes the
// same bytes; what it reads is what was said.
func TestOpenAgainstLibrary(t *testing.T) {
	conn, id := events.Conn{Initiator: "nva1", N: 3}, netip.MustParseAddr("10.11.0.4")
	restarts := []*events.GracefulRestart{nil, {}, {Time: 120 * time.Second, Restarted: true}, {Time: 4095 * time.Second, Forwards: true}}
	for _, as := range []uint32{1, 65515, 1<<16 - 1, 1 << 16, 4200000001} {
		for _, hold := range []time.Duration{0, 2 * time.Second, 180 * time.Second} {
			for _, restart := range restarts {
				e := events.NewGracefulOpen(conn, as, hold, id, restart)
				m, err := bgp.ParseBGPMessage(e.Raw)
				if err != nil {
					t.Fatalf("%v: %x: %v", e, e.Raw, err)
				}
				if raw, err := m.Serialize(); err != nil || !bytes.Equal(raw, e.Raw) {
					t.Errorf("%v is\n%x, by the library (%v)\n%x", e, e.Raw, err, raw)
				}
				var codec events.Codec
				for range 2 { // the second time it is remembered
					if got, err := codec.Rebuild(events.KindOpen, conn, e.Raw); err != nil || !reflect.DeepEqual(got, events.Event(e)) {
						t.Errorf("%v (%v), not %v", got, err, e)
					}
				}
			}
		}
	}
}
