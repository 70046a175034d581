package actors_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// deeds is a fabric that kills and restarts a router.
type deeds []deed

type deed struct {
	at events.Time
	to events.ActorID
	is events.Condition
	do events.Order
}

func (deeds) ID() events.ActorID { return events.Fabric }
func (deeds) Apply(*events.Line) {}

func (all deeds) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); ok {
		for i, o := range all {
			t.At(o.at, events.Timer{Name: events.FaultTimer, Item: fmt.Sprint(i)})
		}
		return
	}
	var i int
	if _, err := fmt.Sscan(in.Event.(events.Timer).Item, &i); err != nil {
		panic(err)
	}
	t.Begin(events.Disturbance{Name: fmt.Sprint("deed-", i), What: all[i].do.Do.String(), Target: string(all[i].to)})
	if all[i].is != 0 {
		t.Record(events.NodeState{Node: all[i].to, Is: all[i].is})
	}
	t.Send(all[i].to, all[i].do)
}

// forwarded gives the changes of the forwarding table of r2 from 100 s on: s, which
// originates two prefixes, - r2 - r1, all of which offer this much.
func forwarded(t *testing.T, offer *bgp.GracefulRestart, does deeds) (all []string) {
	t.Helper()
	names := []events.ActorID{"s", "r2", "r1"}
	c := sim.Config{Horizon: 1000e9, Facts: []events.Event{events.RunStarted{Scenario: "restart"}}, Actors: []sim.Actor{does}}
	peer := func(i int) bgp.Peer {
		return bgp.Peer{
			ID: names[i], AS: uint32(65001 + i), Restart: offer, Hold: 180 * time.Second, Keepalive: 60 * time.Second, PeerKeepalive: 60 * time.Second,
			Delay: 10 * time.Millisecond, ConnectRetry: sim.Constant(5 * time.Second), IdleHold: time.Second,
		}
	}
	for i, name := range names {
		cfg := bgp.Config{ID: name, AS: uint32(65001 + i), Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}
		if i == 0 {
			cfg.Originate = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("10.2.0.0/16")}
		}
		for j := range names {
			if j == i-1 || j == i+1 {
				p := peer(j)
				p.Passive = j < i
				cfg.Peers = append(cfg.Peers, p)
				c.Wires = append(c.Wires, sim.Wire{From: name, To: names[j], Delay: sim.Constant(10 * time.Millisecond)})
			}
		}
		c.Actors = append(c.Actors, actors.NewRouter(actors.RouterConfig{Speaker: cfg}))
	}
	r, err := simtest.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := simtest.Laws(r); err != nil {
		t.Error(err)
	}
	for _, l := range r.Of("r2", events.Change) {
		if e, ok := l.Event.(*events.FIBChanged); ok && l.At >= 100e9 {
			all = append(all, fmt.Sprintf("%.0f %v %d", float64(l.At)/1e9, e.Prefix, len(e.NextHops)))
		}
	}
	return all
}

// TestForwardingOutlivesTheProcess (RFC 4724 section 4.1): a router whose process is
// killed goes on forwarding if it told its peers so, and removes what is not true
// any more when its new process has chosen its routes. It does not where nothing was
// said, where the process says goodbye, and where its machine dies meanwhile.
func TestForwardingOutlivesTheProcess(t *testing.T) {
	killed := deed{100e9, "r2", events.Halted, events.Order{Do: events.Kill}}
	withdrawn := deed{105e9, "s", 0, events.Order{Do: events.Withdraw, Prefix: netip.MustParsePrefix("10.2.0.0/16")}}
	back := deed{110e9, "r2", events.Alive, events.Order{Do: events.Restart}}
	forwards := &bgp.GracefulRestart{Time: 2 * time.Minute, Forwarding: true}
	for _, c := range []struct {
		name  string
		offer *bgp.GracefulRestart
		does  deeds
		want  []string
	}{
		{"forwards", forwards, deeds{killed, withdrawn, back}, []string{"111 10.2.0.0/16 0"}},
		{"does not", &bgp.GracefulRestart{Time: 2 * time.Minute}, deeds{killed, withdrawn, back}, []string{"100 10.1.0.0/16 0", "100 10.2.0.0/16 0", "111 10.1.0.0/16 1"}},
		{"says nothing", nil, deeds{killed, withdrawn, back}, []string{"100 10.1.0.0/16 0", "100 10.2.0.0/16 0", "111 10.1.0.0/16 1"}},
		{
			"says goodbye", forwards,
			deeds{{100e9, "r2", events.Halted, events.Order{Do: events.Stop}}, withdrawn, back},
			[]string{"100 10.1.0.0/16 0", "100 10.2.0.0/16 0", "111 10.1.0.0/16 1"},
		},
		{
			"dies too", forwards,
			deeds{killed, withdrawn, {107e9, "r2", events.Dead, events.Order{Do: events.Die}}, back},
			[]string{"110 10.1.0.0/16 0", "110 10.2.0.0/16 0", "111 10.1.0.0/16 1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := forwarded(t, c.offer, c.does); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
