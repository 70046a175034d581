package simtest_test

import (
	"testing"

	"dualhome/scenarios"
	"dualhome/sim/simtest"
)

// The BFD of a process that was told to end is over with it: it does not answer a peer
// that comes back meanwhile.
func TestBFDEndsWithItsProcess(t *testing.T) {
	const text = `version: 1
name: bfd-ends
horizon: 300s
routers: [{name: a, asn: 65001, originates: [10.1.0.0/16]}, {name: b, asn: 65002}]
links: [{between: [a, b], bfd: true, detected: false}]
faults:
  - {name: dies, kind: node-death, target: b, at: 100s, repair_after: 5s}
  - {name: ends, kind: graceful-stop, target: a, at: 103s, repair_after: 60s}
`
	if err := simtest.Silence(play(t, text, scenarios.Options{Seed: 1}).Written); err != nil {
		t.Error(err)
	}
}
