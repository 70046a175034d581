package scenarios_test

import (
	"fmt"
	"testing"

	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// TestDelayBack: what goes from the second router of a link to the first takes
// delay_back. That keepalives are not written changes nothing of when a hold timer
// expires, whichever way is cut.
func TestDelayBack(t *testing.T) {
	for _, from := range []string{"", ", from: a", ", from: b"} {
		text := fmt.Sprintf(`{version: 1, name: x, horizon: 900s, start_jitter: 0s,
  routers: [{name: a, asn: 65001, originates: [10.0.0.0/24], bgp: {hold: 30s, keepalive: 10s}}, {name: b, asn: 65002, originates: [10.1.0.0/24], bgp: {hold: 30s, keepalive: 10s}}],
  links: [{between: [a, b], delay: 100ms, delay_back: 4s, detected: false}],
  faults: [{name: cut, kind: link-down, target: a-b%s, at: 303s, repair_after: 100s}]}`, from)
		var seen [2]string
		for i, every := range []bool{false, true} {
			s, _, err := scenarios.Load("x.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			n, err := scenarios.Build(s, scenarios.Options{Seed: 1, EveryKeepalive: every})
			if err != nil {
				t.Fatal(err)
			}
			log, err := simtest.Run(n.Config)
			if err != nil {
				t.Fatal(err)
			}
			if err := simtest.Laws(log); err != nil {
				t.Error(err)
			}
			for _, l := range log.Written {
				if e, ok := l.Event.(events.SessionChanged); ok && (e.Was == events.Established || e.Is == events.Established) {
					seen[i] += fmt.Sprintf("%v %s %v; ", l.At, l.Actor, e)
				}
				if _, ok := l.Event.(*events.Update); ok && l.Role == events.In {
					sent := log.Written[l.Cause-1]
					want := map[events.ActorID]int64{"a": 4e9, "b": 100e6}[l.Actor]
					if took := int64(l.At.Sub(sent.At)); took < want || took > want && l.At < 300e9 {
						t.Errorf("%v of %v takes %v ns", l.Event, l.Peer, took)
					}
				}
			}
		}
		if seen[0] != seen[1] || seen[0] == "" {
			t.Errorf("cut%s: sessions\n%s\nand with every keepalive\n%s", from, seen[0], seen[1])
		}
	}
}
