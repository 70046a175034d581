package metrics

import (
	"iter"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// story is a log written by hand: a spoke with a Route Server and two groups of
// VMs, two hubs with an NVA each, a data centre behind both, and the Internet.
type story struct {
	lines []events.Line
	at    time.Duration
	conns uint32
}

func addr(s string) netip.Addr     { return netip.MustParseAddr(s) }
func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func addrs(list string) []netip.Addr {
	var all []netip.Addr
	for s := range strings.FieldsSeq(list) {
		all = append(all, addr(s))
	}
	return all
}

const (
	dcNet  = "10.100.0.0/16"
	vmNet  = "10.0.0.0/16"
	all    = "0.0.0.0/0"
	hop1   = "10.1.0.4"
	hop2   = "10.2.0.4"
	hopDC  = "169.254.21.1"
	hopRS  = "10.0.0.4"
	hopRS1 = "10.0.0.5"
)

func (s *story) line(role events.Role, cause uint64, actor events.ActorID, e events.Event) uint64 {
	l := events.Line{Seq: uint64(len(s.lines)) + 1, Cause: cause, At: events.Time(s.at), Role: role, Actor: actor, Event: e}
	s.lines = append(s.lines, l)
	return l.Seq
}

func (s *story) fact(e events.Event) { s.line(events.Fact, 0, events.Fabric, e) }

func (s *story) change(cause uint64, actor events.ActorID, e events.Event) uint64 {
	return s.line(events.Change, cause, actor, e)
}

// fault begins a disturbance at a time.
func (s *story) fault(at time.Duration, name, what, target string) uint64 {
	s.at = at
	return s.line(events.Fault, 0, events.Fabric, events.Disturbance{
		Name: name, What: what, Target: target, Repair: strings.HasSuffix(name, "-repair"),
	})
}

func (s *story) node(cause uint64, id events.ActorID, is events.Condition) uint64 {
	return s.change(cause, events.Fabric, events.NodeState{Node: id, Is: is})
}

func (s *story) link(cause uint64, link string, up bool) {
	s.change(cause, events.Fabric, events.LinkState{Crossing: events.Crossing{Link: link}, Up: up})
	s.change(cause, events.Fabric, events.LinkState{Crossing: events.Crossing{Link: link, Reverse: true}, Up: up})
}

// best changes a Loc-RIB entry; the peers are named by their next hops.
func (s *story) best(cause uint64, actor events.ActorID, p, hops string) uint64 {
	e := &events.BestChanged{Prefix: prefix(p), NextHops: addrs(hops), Why: "test"}
	for _, h := range e.NextHops {
		e.Is = append(e.Is, map[string]events.ActorID{hop1: "nva1", hop2: "nva2", hopDC: "dc", hopRS: "rs0-0", hopRS1: "rs0-1"}[h.String()])
		e.Path = events.ASPath{{AS: []uint32{65001}}}
	}
	return s.change(cause, actor, e)
}

func (s *story) fib(cause uint64, actor events.ActorID, p, hops, why string) uint64 {
	return s.change(cause, actor, &events.FIBChanged{Prefix: prefix(p), NextHops: addrs(hops), Why: why})
}

func (s *story) nic(cause uint64, group events.ActorID, p, hops string) uint64 {
	return s.change(cause, group, events.NICChanged{
		Instance: "rs0-" + group[len(group)-1:], Batch: 1, Routes: []events.NICRoute{{Prefix: prefix(p), NextHops: addrs(hops)}},
	})
}

// session brings both ends of a session up.
func (s *story) session(cause uint64, a, b events.ActorID) {
	s.conns++
	conn := events.Conn{Initiator: a, N: s.conns}
	s.change(cause, a, events.SessionChanged{Neighbor: b, Conn: conn, Was: events.OpenConfirm, Is: events.Established, Hold: time.Minute, Why: "up"})
	s.change(cause, b, events.SessionChanged{Neighbor: a, Conn: conn, Was: events.OpenConfirm, Is: events.Established, Hold: time.Minute, Why: "up"})
}

// down ends one end of a session.
func (s *story) down(cause uint64, at, peer events.ActorID) uint64 {
	return s.change(cause, at, events.SessionChanged{Neighbor: peer, Conn: events.Conn{Initiator: at, N: 1}, Was: events.Established, Is: events.Idle, Why: "hold timer expired"})
}

// design is what differs between stories.
type design struct {
	active   string // next hops of the routes through the NVAs, for VMs and the data centre
	stateful bool
	flows    int
}

// begin writes the facts and the tables of a network at rest.
func begin(d design) *story {
	s := &story{}
	s.fact(events.RunStarted{Scenario: "story", Seed: 7, Horizon: events.Time(time.Hour)})
	s.places(d)
	s.ways()
	s.tables(d.active)
	return s
}

func (s *story) places(d design) {
	s.fact(events.Node{Node: "internet", Type: events.InternetNode})
	s.fact(events.Node{Node: "rs0-0", Type: events.RouteServerNode, VNet: "spoke", AS: 65515, Address: addr(hopRS)})
	s.fact(events.Node{Node: "rs0-1", Type: events.RouteServerNode, VNet: "spoke", AS: 65515, Address: addr(hopRS1)})
	for i, hop := range []string{hop1, hop2} {
		n := string(rune('1' + i))
		s.fact(events.Node{Node: events.ActorID("nva" + n), Type: events.NVANode, VNet: "hub" + n, Address: addr(hop), SNAT: events.InternetSNAT, Stateful: d.stateful, HashSeed: uint64(i)})
	}
	s.fact(events.Node{Node: "dc", Type: events.SiteNode, Address: addr(hopDC), Prefixes: []netip.Prefix{prefix(dcNet)}, HashSeed: 99})
	for i, nics := range [][]int{{0, 2}, {1, 3}} {
		g := events.ActorID("vms-" + string(rune('0'+i)))
		s.fact(events.Node{Node: g, Type: events.VMNode, VNet: "spoke", Prefixes: []netip.Prefix{prefix("10.0.1.0/24")}, HashSeed: uint64(7 + i)})
		s.fact(events.NICGroup{Group: g, Set: "vms", NICs: nics, Instance: events.ActorID("rs0-" + string(rune('0'+i)))})
	}
	for _, g := range []events.ActorID{"vms-0", "vms-1", "nva1", "nva2"} {
		s.fact(events.SystemRoute{Group: g, Prefix: prefix(vmNet), Hop: events.VNetPeering})
		s.fact(events.SystemRoute{Group: g, Prefix: prefix(all), Hop: events.Internet})
		s.fact(events.SystemRoute{Group: g, Prefix: prefix("10.0.0.0/8"), Hop: events.None})
	}
	flows := max(d.flows, 1000)
	s.fact(events.FlowClass{Name: "to-dc", From: "vms", To: "dc", Source: addr("10.0.1.4"), Destination: addr("10.100.0.1"), BitsPerSec: 1e9 + 7, Flows: flows, HashSeed: 3, PacketBytes: 1500})
	s.fact(events.FlowClass{Name: "to-net", From: "vms", To: "internet", Source: addr("10.0.1.4"), Destination: addr("203.0.113.1"), BitsPerSec: 5e8, Flows: flows, HashSeed: 4, PacketBytes: 1500})
}

func (s *story) ways() {
	both := func(a, b events.ActorID, link string) {
		s.fact(events.Path{From: a, To: b, Crossings: []events.Crossing{{Link: link}}})
		s.fact(events.Path{From: b, To: a, Crossings: []events.Crossing{{Link: link, Reverse: true}}})
	}
	for _, n := range []string{"1", "2"} {
		nva := events.ActorID("nva" + n)
		for _, x := range []events.ActorID{"vms-0", "vms-1", "rs0-0", "rs0-1"} {
			both(x, nva, "peering"+n)
		}
		both(nva, "dc", "tunnel"+n)
		both(nva, "internet", "internet"+n)
	}
	for _, g := range []events.ActorID{"vms-0", "vms-1"} {
		s.fact(events.Path{From: g, To: "rs0-0"})
		s.fact(events.Path{From: g, To: "internet"})
		s.fact(events.Path{From: "internet", To: g})
	}
}

func (s *story) tables(active string) {
	for _, n := range []events.ActorID{"nva1", "nva2"} {
		s.fib(0, n, all, string("10."+n[3:]+".0.1"), "static")
		s.session(0, n, "rs0-0")
		s.session(0, n, "rs0-1")
		s.session(0, n, "dc")
		s.best(0, n, dcNet, hopDC)
		s.fib(0, n, dcNet, hopDC, "bgp")
		s.best(0, n, vmNet, hopRS+" "+hopRS1)
		s.fib(0, n, vmNet, hopRS+" "+hopRS1, "bgp")
	}
	s.best(0, "dc", vmNet, active)
	s.fib(0, "dc", vmNet, active, "bgp")
	for _, n := range []events.ActorID{"0", "1"} {
		for _, p := range []string{dcNet, all} {
			s.best(0, "rs0-"+n, p, active)
			s.nic(0, "vms-"+n, p, active)
		}
	}
}

// fails lets nva1 die and everything move to nva2, as it would: the Route Server
// notices after 10 s and the NICs follow 2 s later, the data centre after 8 s.
func (s *story) fails(at time.Duration) uint64 {
	d := s.fault(at, "dies", "node-death", "nva1")
	s.node(d, "nva1", events.Dead)
	s.at = at + 8*time.Second
	s.moveSite(d, hop2)
	s.at = at + 10*time.Second
	moves := s.moveRS(d, hop2)
	s.at = at + 12*time.Second
	for i, m := range moves {
		s.nic(m, events.ActorID("vms-"+string(rune('0'+i/2))), []string{dcNet, all}[i%2], hop2)
	}
	return d
}

func (s *story) moveSite(cause uint64, hops string) {
	down := s.down(cause, "dc", "nva1")
	s.fib(s.best(down, "dc", vmNet, hops), "dc", vmNet, hops, "bgp")
}

// restartInstances lets both instances of the Route Server lose their tables.
func (s *story) restartInstances() {
	for i, is := range []events.Condition{events.Dead, events.Alive} {
		d := s.fault(time.Duration(10+i)*time.Second, []string{"lost", "lost-repair"}[i], "instance-loss", "rs0-0")
		s.node(d, "rs0-0", is)
		s.node(d, "rs0-1", is)
	}
}

// moveRS gives the changes in the order of instance and prefix.
func (s *story) moveRS(cause uint64, hops string) (moves []uint64) {
	for _, rs := range []events.ActorID{"rs0-0", "rs0-1"} {
		down := s.down(cause, rs, "nva1")
		for _, p := range []string{dcNet, all} {
			moves = append(moves, s.best(down, rs, p, hops))
		}
	}
	return moves
}

func (s *story) seq() iter.Seq2[events.Line, error] {
	return func(yield func(events.Line, error) bool) {
		for _, l := range s.lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// measure measures the story and checks every law that holds of any.
func (s *story) measure(t *testing.T) *Result {
	t.Helper()
	r, err := Measure(s.seq())
	if err != nil {
		t.Fatal(err)
	}
	if r.Violations != nil {
		t.Error(r.Violations)
	}
	checkTraffic(t, r, map[string]int64{"to-dc": 1e9 + 7, "to-net": 5e8})
	checkBudgets(t, r)
	return r
}

// lostAt gives what is lost at a time, by cause.
func lostAt(r *Result, class, dir string, at time.Duration) map[string]int64 {
	lost, step := map[string]int64{}, int64(-1)
	for _, row := range r.Traffic {
		if row.Class != class || row.Direction != dir || row.T > int64(at) {
			continue
		}
		if row.T != step {
			step, lost = row.T, map[string]int64{}
		}
		if row.Lost > 0 {
			lost[*row.Cause] += row.Lost
		}
	}
	return lost
}
