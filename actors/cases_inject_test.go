package actors_test

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// injection is an UPDATE that a router sends though nothing makes it, and that no
// scenario can ask for.
type injection struct {
	from, to events.ActorID
	at       time.Duration
	raw      []byte
}

// injecting is a router that does so.
type injecting struct {
	*actors.Router
	injection
}

// Step sends it.
func (i injecting) Step(t *sim.Turn, in events.Line) {
	timer := events.Timer{Name: events.FaultTimer, Item: "injection"}
	switch in.Event {
	case events.Start{}:
		t.After(i.at, timer)
	case timer:
		var codec events.Codec
		e, err := codec.Rebuild(events.KindUpdate, events.Conn{Initiator: min(i.from, i.to), N: 1}, i.raw)
		if err != nil {
			panic(err)
		}
		t.Send(i.to, e)
		return
	}
	i.Router.Step(t, in)
}

// inject runs a scenario with what is injected, no more than one by each router.
func inject(t *testing.T, text string, all ...injection) observed {
	t.Helper()
	s, _, err := scenarios.Load("case.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	n, err := scenarios.Build(s, scenarios.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, actor := range n.Config.Actors {
		for _, one := range all {
			if actor.ID() == one.from {
				n.Config.Actors[i] = injecting{actor.(*actors.Router), one}
			}
		}
	}
	log, err := simtest.Run(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := simtest.Laws(log); err != nil {
		t.Error(err)
	}
	return observed{Network: n, Recorder: log}
}

// update lays out an UPDATE that announces some prefixes with these attributes.
func update(attrs []byte, prefixes ...netip.Prefix) []byte {
	b := append([]byte(strings.Repeat("\xff", 16)), 0, 0, 2, 0, 0)
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(attrs))), attrs...)
	for _, p := range prefixes {
		b = append(append(b, byte(p.Bits())), p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	}
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)))
	return b
}
