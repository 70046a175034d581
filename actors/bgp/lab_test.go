package bgp_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// lab is a network of bare speakers, all equally far apart, and what happens to it.
type lab struct {
	order    []events.ActorID
	configs  map[events.ActorID]*bgp.Config
	peers    map[[2]events.ActorID]*bgp.Peer
	links    [][2]events.ActorID
	deeds    []deed
	speakers map[events.ActorID]*bgp.Speaker
	seed     uint64
	delay    time.Duration // of all links; 10 ms
	misfit   bool          // hold timers may expire though nothing is wrong
}

// deed is something that the fabric does.
type deed struct {
	at time.Duration
	do func(*sim.Turn)
}

const apart = 10 * time.Millisecond

func newLab() *lab {
	return &lab{seed: 1, delay: apart, configs: map[events.ActorID]*bgp.Config{}, peers: map[[2]events.ActorID]*bgp.Peer{}, speakers: map[events.ActorID]*bgp.Speaker{}}
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
	base := bgp.Peer{Hold: 180 * time.Second, Keepalive: 60 * time.Second, Delay: l.delay, ConnectRetry: sim.Constant(120 * time.Second), IdleHold: time.Second}
	x, y := base, base
	x.ID, x.AS, x.Identifier = b, l.configs[b].AS, l.configs[b].Address
	y.ID, y.AS, y.Identifier, y.Passive = a, l.configs[a].AS, l.configs[a].Address, true
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

// die ends a speaker's machine, silently; its peers are told.
func (l *lab) die(s float64, id events.ActorID) { l.condition(s, id, events.Dead, events.Die) }

// restart brings it back.
func (l *lab) restart(s float64, id events.ActorID) { l.condition(s, id, events.Alive, events.Restart) }

func (l *lab) condition(s float64, id events.ActorID, is events.Condition, do events.Verb) {
	up := is == events.Alive
	l.at(s, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: string(id) + "-" + is.String(), What: "node-death", Target: string(id), Repair: up})
		t.Record(events.NodeState{Node: id, Is: is})
		t.Send(id, events.Order{Do: do})
		for _, link := range l.links {
			by := events.ByDeath
			if up {
				by = events.ByRestart
			}
			switch id {
			case link[0]:
				t.Send(link[1], events.PathState{Speaker: id, Up: up, By: by})
			case link[1]:
				t.Send(link[0], events.PathState{Speaker: id, Up: up, By: by})
			}
		}
	})
}

// hang tells both ends that the process of a hangs.
func (l *lab) hang(s float64, a, b events.ActorID) {
	l.at(s, func(t *sim.Turn) {
		t.Begin(events.Disturbance{Name: string(a) + "-hung", What: "hang", Target: string(a)})
		t.Record(events.NodeState{Node: a, Is: events.Hung})
		t.Send(b, events.PathState{Speaker: a, By: events.ByHang})
		t.Send(a, events.PathState{Speaker: b, Toward: true, By: events.ByHang})
	})
}

// tell gives a speaker an order.
func (l *lab) tell(s float64, id events.ActorID, o events.Order) {
	l.at(s, func(t *sim.Turn) { t.Send(id, o) })
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
func (l *lab) Apply(*events.Line) {}

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

// run runs the lab for so many seconds. The laws hold, and a run that was cut off
// anywhere goes on as this one did.
func (l *lab) run(t *testing.T, seconds int) *simtest.Recorder {
	t.Helper()
	horizon := events.Time(seconds) * 1e9
	c, speakers := l.config(horizon)
	l.speakers = speakers
	log, err := simtest.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	laws := simtest.Laws
	if l.misfit {
		laws = func(r *simtest.Recorder) error {
			return errors.Join(simtest.Order(r.Written), simtest.Codec(r), simtest.Wires(r.Written), simtest.Causes(r.Written), simtest.Silence(r.Written))
		}
	}
	if err := laws(log); err != nil {
		t.Error(err)
	}
	for i := range 2 {
		at := log.Turns[len(log.Turns)*(i+1)/3]
		fresh, _ := l.config(horizon)
		rest, err := simtest.Resume(fresh, log.Written[:at])
		if err != nil {
			t.Fatal(err)
		}
		if got, want := texts(rest.Written), texts(log.Written[at:]); !slices.Equal(got, want) {
			t.Errorf("cut after line %d, the run goes on otherwise", at)
		}
	}
	return log
}

// config builds the kernel's configuration, with fresh speakers.
func (l *lab) config(horizon events.Time) (sim.Config, map[events.ActorID]*bgp.Speaker) {
	c := sim.Config{Seed: l.seed, Horizon: horizon, Facts: []events.Event{events.RunStarted{Scenario: "lab"}}, Actors: []sim.Actor{l}}
	peers := map[events.ActorID][]bgp.Peer{}
	for _, link := range l.links {
		for _, way := range [][2]events.ActorID{link, {link[1], link[0]}} {
			p, back := l.peers[way], l.peers[[2]events.ActorID{way[1], way[0]}]
			p.PeerKeepalive, p.PeerFixed, p.PeerJitter = back.Keepalive, back.Fixed, back.Jitter
			if p.BFD != nil && back.BFD != nil {
				p.BFD.PeerJitter = back.BFD.Jitter
			}
			peers[way[0]] = append(peers[way[0]], *p)
			c.Wires = append(c.Wires, sim.Wire{From: way[0], To: way[1], Delay: sim.Constant(l.delay), Crossings: []events.Crossing{crossing(way[0], way[1])}})
		}
	}
	speakers := map[events.ActorID]*bgp.Speaker{}
	for _, id := range l.order {
		cfg := *l.configs[id]
		cfg.Peers = peers[id]
		speakers[id] = bgp.NewSpeaker(cfg)
		c.Actors = append(c.Actors, speakers[id])
	}
	return c, speakers
}

// texts gives all of some lines.
func texts(lines []events.Line) []string {
	var s []string
	for _, l := range lines {
		s = append(s, fmt.Sprint(l.Seq, l.Cause, l.Causes, l.At, l.Due, l))
	}
	return s
}

// story gives the changes of all tables and sessions. What several speakers do at
// one instant is in the order of their names.
func story(r *simtest.Recorder) []string {
	changes := r.Select(func(l events.Line) bool { return l.Role == events.Change && l.Actor != events.Fabric })
	slices.SortStableFunc(changes, func(a, b events.Line) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Actor, b.Actor))
	})
	roots := make([]string, len(r.Written)+1)
	for _, l := range r.Written {
		roots[l.Seq] = roots[l.Cause]
		if d, ok := l.Event.(events.Disturbance); ok {
			roots[l.Seq] = d.Name
		}
	}
	var s []string
	for _, l := range changes {
		s = append(s, fmt.Sprint(l, " <- ", roots[l.Seq]))
	}
	return s
}

// sameStory runs a lab with and without every keepalive, which must make no
// difference, and gives the run without.
func sameStory(t *testing.T, seconds int, build func() *lab) (*lab, *simtest.Recorder) {
	t.Helper()
	without, with := build(), build()
	for _, c := range with.configs {
		c.EveryKeepalive = true
	}
	r := without.run(t, seconds)
	if got, want := story(r), story(with.run(t, seconds)); !slices.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Errorf("change %d\nwithout keepalives: %q\nwith: %q", i, got[i:min(i+3, len(got))], want[i:min(i+3, len(want))])
	}
	return without, r
}

// updates gives the UPDATEs that one speaker sent another, with their times.
func updates(r *simtest.Recorder, from, to events.ActorID) []string {
	var s []string
	for _, l := range r.Of(from, events.Out) {
		if _, ok := l.Event.(*events.Update); ok && l.Peer == to {
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

// best gives the last best route to a prefix that a speaker decided on.
func best(r *simtest.Recorder, of events.ActorID, prefix string) (last events.BestChanged) {
	for _, l := range r.Of(of, events.Change) {
		if e, ok := l.Event.(*events.BestChanged); ok && e.Prefix.String() == prefix {
			last = *e
		}
	}
	return last
}

// announceAt makes a speaker originate a prefix.
func (l *lab) announceAt(s float64, id events.ActorID, prefix string) {
	l.tell(s, id, events.Order{Do: events.Announce, Prefix: netip.MustParsePrefix(prefix)})
}
