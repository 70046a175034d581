package bgp_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// lab is a network of bare speakers, 10 ms apart, and what happens to it.
type lab struct {
	order    []events.ActorID
	configs  map[events.ActorID]*bgp.Config
	peers    map[[2]events.ActorID]*bgp.Peer
	links    [][2]events.ActorID
	deeds    []deed
	speakers map[events.ActorID]*bgp.Speaker
}

// deed is something that the fabric does.
type deed struct {
	at time.Duration
	do func(*sim.Turn)
}

const apart = 10 * time.Millisecond

func newLab() *lab {
	return &lab{configs: map[events.ActorID]*bgp.Config{}, peers: map[[2]events.ActorID]*bgp.Peer{}, speakers: map[events.ActorID]*bgp.Speaker{}}
}

// speaker adds a speaker; the n-th is in AS 64512+n and has address 192.0.2.n.
func (l *lab) speaker(id events.ActorID, originates ...string) *bgp.Config {
	l.order = append(l.order, id)
	n := len(l.order)
	c := &bgp.Config{ID: id, AS: uint32(64512 + n), Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})}
	for _, p := range originates {
		c.Originate = append(c.Originate, netip.MustParsePrefix(p))
	}
	l.configs[id] = c
	return c
}

// link joins two speakers; a opens the connection. It gives what each is told
// of the other.
func (l *lab) link(a, b events.ActorID) (ofA, ofB *bgp.Peer) {
	base := bgp.Peer{Hold: 180 * time.Second, Keepalive: 60 * time.Second, Delay: apart, ConnectRetry: 120 * time.Second, IdleHold: time.Second}
	x, y := base, base
	x.ID, x.AS = b, l.configs[b].AS
	y.ID, y.AS, y.Passive = a, l.configs[a].AS, true
	l.peers[[2]events.ActorID{a, b}], l.peers[[2]events.ActorID{b, a}] = &x, &y
	l.links = append(l.links, [2]events.ActorID{a, b})
	return &x, &y
}

func (l *lab) at(s float64, do func(*sim.Turn)) {
	l.deeds = append(l.deeds, deed{time.Duration(s*1e3) * time.Millisecond, do})
}

// kill ends a speaker's process as a disturbance.
func (l *lab) kill(s float64, id events.ActorID) {
	l.at(s, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: string(id) + "-killed", What: "process-kill", Target: string(id)})
		t.Record(events.NodeState{Node: id, Is: events.Halted})
		t.Send(id, events.Order{Do: events.Kill})
	})
}

// cut silences the direction from a to b, both ends being told.
func (l *lab) cut(s float64, a, b events.ActorID) { l.way(s, a, b, false) }

// heal ends a cut.
func (l *lab) heal(s float64, a, b events.ActorID) { l.way(s, a, b, true) }

func (l *lab) way(s float64, a, b events.ActorID, up bool) {
	l.at(s, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: fmt.Sprintf("%s-%s-%t", a, b, up), What: "link-down", Target: string(a + "-" + b), Repair: up})
		t.Record(events.LinkState{Crossing: crossing(a, b), Up: up})
		t.Send(b, events.PathState{Speaker: a, Up: up, By: events.ByLink})
		t.Send(a, events.PathState{Speaker: b, Toward: true, Up: up, By: events.ByLink})
	})
}

func crossing(a, b events.ActorID) events.Crossing { return events.Crossing{Link: string(a + "-" + b)} }

// ID, Apply and Step make the lab its own fabric.
func (l *lab) ID() events.ActorID { return events.Fabric }

// Apply folds nothing: what the lab does is written beforehand.
func (l *lab) Apply(events.Line) {}

// Step does what is due.
func (l *lab) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); ok {
		for i, d := range l.deeds {
			t.After(d.at, events.Timer{Name: events.FaultTimer, Item: fmt.Sprint(i)})
		}
		return
	}
	var i int
	if _, err := fmt.Sscan(in.Event.(events.Timer).Item, &i); err == nil {
		l.deeds[i].do(t)
	}
}

// run runs the lab for so many seconds.
func (l *lab) run(t *testing.T, seconds int) *simtest.Recorder {
	t.Helper()
	c := sim.Config{Seed: 1, Horizon: events.Time(seconds) * 1e9, Facts: []events.Event{events.RunStarted{Scenario: "lab"}}, Actors: []sim.Actor{l}}
	for _, link := range l.links {
		for _, way := range [][2]events.ActorID{link, {link[1], link[0]}} {
			p, back := l.peers[way], l.peers[[2]events.ActorID{way[1], way[0]}]
			p.PeerKeepalive = back.Keepalive
			l.configs[way[0]].Peers = append(l.configs[way[0]].Peers, *p)
			c.Wires = append(c.Wires, sim.Wire{From: way[0], To: way[1], Delay: sim.Constant(apart), Crossings: []events.Crossing{crossing(way[0], way[1])}})
		}
	}
	for _, id := range l.order {
		l.speakers[id] = bgp.NewSpeaker(*l.configs[id])
		c.Actors = append(c.Actors, l.speakers[id])
	}
	log, err := simtest.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := simtest.Laws(log); err != nil {
		t.Error(err)
	}
	return log
}

// updates gives the UPDATEs that one speaker sent another, with their times.
func updates(r *simtest.Recorder, from, to events.ActorID) []string {
	var s []string
	for _, l := range r.Of(from, events.Out) {
		if _, ok := l.Event.(events.Update); ok && l.Peer == to {
			s = append(s, fmt.Sprintf("%.3f %v", float64(l.At)/1e9, l.Event))
		}
	}
	return s
}

// sessions gives the transitions of a speaker's session, with their times.
func sessions(r *simtest.Recorder, of, with events.ActorID) []string {
	var s []string
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(events.SessionChanged); ok && e.Neighbor == with {
			s = append(s, fmt.Sprintf("%.3f %v %v: %s", float64(l.At)/1e9, e.Conn, e.Is, e.Why))
		}
	}
	return s
}
