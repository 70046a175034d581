package metrics

import (
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// with changes the NVAs and the classes of a story.
func (s *story) with(nva func(*events.Node), class func(*events.FlowClass)) {
	for i, l := range s.lines {
		switch e := l.Event.(type) {
		case events.Node:
			if e.Type == events.NVANode {
				nva(&e)
			}
			s.lines[i].Event = e
		case events.FlowClass:
			class(&e)
			s.lines[i].Event = e
		}
	}
}

// reconnects gives every class times until its flows are opened anew.
func (s *story) reconnects(after ...time.Duration) {
	s.with(func(*events.Node) {}, func(c *events.FlowClass) {
		for _, d := range after {
			c.Reconnect = append(c.Reconnect, events.Time(d))
		}
	})
}

// A flow breaks when its packets reach an NVA that keeps state and does not know
// it, or when the far end sees another address: with the protocol and the kind of
// NVA, not with the hub.
func TestWhatBreaksFlows(t *testing.T) {
	moves := func(s *story) { s.moveVMs(s.fault(100*sec, "moves", "session-shutdown", "nva1")) }
	away := func(s *story) {
		d := s.fault(100*sec, "moves", "session-shutdown", "nva1")
		s.moveVMs(d)
		s.at = 130 * sec
		s.goesTo(d, hop1)
	}
	restarts := func(s *story) {
		d := s.fault(100*sec, "restarts", "node-death", "nva1")
		s.node(d, "nva1", events.Dead)
		s.node(d, "nva1", events.Alive)
		s.fib(d, "nva1", vmNet, hopRS+" "+hopRS1, "bgp")
		s.fib(d, "nva1", dcNet, hopDC, "bgp")
	}
	blackHoled := func(s *story) {
		d := s.fault(100*sec, "lost", "link-down", "peering1")
		s.link(d, "peering1", false)
		s.at = 130 * sec
		s.link(d, "peering1", true)
	}
	dies := func(s *story) {
		d := s.fault(100*sec, "blinks", "node-death", "nva1")
		s.node(d, "nva1", events.Dead)
		s.at = 101 * sec
		s.node(d, "nva1", events.Alive)
		s.fib(d, "nva1", dcNet, hopDC, "bgp")
	}
	const dc, net = 1, 2 // the class whose flows all break
	for _, test := range []struct {
		name  string
		nva   events.Node
		class events.FlowClass
		tell  func(s *story)
		broke int
	}{
		{"routers", events.Node{}, events.FlowClass{}, moves, 0},
		{"SNAT towards the Internet: a new public IP", events.Node{SNAT: events.InternetSNAT}, events.FlowClass{}, moves, net},
		{"SNAT of all", events.Node{SNAT: events.AllSNAT}, events.FlowClass{}, moves, dc | net},
		{"SNAT of UDP", events.Node{SNAT: events.AllSNAT}, events.FlowClass{Protocol: events.UDPFlows}, moves, dc | net},
		{"SNAT of stateless flows", events.Node{SNAT: events.AllSNAT}, events.FlowClass{Stateless: true}, moves, dc | net},
		{"SNAT, shared state", events.Node{SNAT: events.AllSNAT, Stateful: true, StateOf: "a"}, events.FlowClass{}, moves, dc | net},
		{"stateful", events.Node{Stateful: true}, events.FlowClass{}, moves, dc},
		{"stateful, UDP", events.Node{Stateful: true}, events.FlowClass{Protocol: events.UDPFlows}, moves, 0},
		{"stateful, stateless flows", events.Node{Stateful: true}, events.FlowClass{Stateless: true}, moves, 0},
		{"shared state", events.Node{Stateful: true, StateOf: "a"}, events.FlowClass{}, moves, 0},
		{"midstream pickup", events.Node{Stateful: true, Loose: true}, events.FlowClass{}, moves, 0},
		{"stateful, away and back: broken twice, counted once", events.Node{Stateful: true}, events.FlowClass{}, away, dc},
		{"SNAT, away and back", events.Node{SNAT: events.InternetSNAT}, events.FlowClass{}, away, net},
		{"stateful, in a black hole meanwhile", events.Node{Stateful: true, SNAT: events.AllSNAT}, events.FlowClass{}, blackHoled, 0},
		{"stateful, dead meanwhile", events.Node{Stateful: true}, events.FlowClass{}, dies, dc},
		{"stateful, dead meanwhile, but the other one knows", events.Node{Stateful: true, StateOf: "a"}, events.FlowClass{}, dies, 0},
		{"stateful, dead for no time", events.Node{Stateful: true}, events.FlowClass{}, restarts, dc},
		{"SNAT, dead meanwhile", events.Node{SNAT: events.AllSNAT, StateOf: "a"}, events.FlowClass{}, dies, dc | net},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, after := range []time.Duration{0, 10 * sec} {
				s := begin(design{active: hop1})
				s.with(func(n *events.Node) {
					n.SNAT, n.Stateful, n.StateOf, n.Loose = test.nva.SNAT, test.nva.Stateful, test.nva.StateOf, test.nva.Loose
				}, func(c *events.FlowClass) {
					c.Protocol, c.Stateless = test.class.Protocol, test.class.Stateless
					c.Reconnect = []events.Time{events.Time(after)}
					if c.To == "internet" && test.nva.SNAT == events.NoSNAT {
						c.Flows = 0 // the Internet answers past an NVA that does not translate
					}
				})
				test.tell(s)
				r := s.measure(t)
				for _, row := range r.Shift {
					want := map[string]int64{"to-dc": 1000 * int64(test.broke&dc), "to-net": 500 * int64(test.broke&net)}[row.Class]
					if row.FlowsBroken != want {
						t.Errorf("reconnect %v: %+v", after, row)
					}
				}
				lost := after
				if strings.Contains(test.name, "back") {
					lost *= 2
				}
				checkWaits(t, r, lost, map[string]bool{"to-dc": test.broke&dc > 0, "to-net": test.broke&net > 0})
			}
		})
	}
}

// checkWaits checks that flows that broke, and no others, are lost in both
// directions until they are opened anew.
func checkWaits(t *testing.T, r *Result, want time.Duration, broke map[string]bool) {
	t.Helper()
	for _, i := range r.Impacts {
		lost := int64(0)
		for _, o := range r.Outages {
			if o.Root == i.Root && o.Class == i.Class && o.Direction == i.Direction && o.Cause != nil && *o.Cause == "asymmetry" {
				lost += o.Outage
			}
		}
		if !broke[i.Class] && lost != 0 || broke[i.Class] && lost != int64(want) || !i.Restored {
			t.Errorf("for want of state lost for %v, not %v: %+v", time.Duration(lost), want, i)
		}
	}
}

// goesTo moves the VMs and the data centre to an NVA.
func (s *story) goesTo(cause uint64, hop string) {
	for _, group := range []events.ActorID{"vms-0", "vms-1"} {
		s.nic(cause, group, dcNet, hop)
		s.nic(cause, group, all, hop)
	}
	s.fib(cause, "dc", vmNet, hop, "bgp")
}

// A new public IP breaks the flows to the Internet: the outage lasts until they
// are opened anew, and the budget says for what.
func TestReconnectionIsPartOfTheOutage(t *testing.T) {
	s := begin(design{active: hop1})
	s.reconnects(10*sec, 4*sec)
	s.fails(100 * sec)
	r := s.measure(t)
	c := r.Convergence[0]
	wantNull(t, "detect", c.Detect, nanos(10*sec))
	wantNull(t, "program", c.Program, nanos(2*sec))
	wantNull(t, "flows", c.Flows, nanos(10*sec))
	wantNull(t, "traffic", c.Traffic, nanos(22*sec))
	for _, i := range r.Impacts {
		want := map[string]time.Duration{"to-dc": 12 * sec, "to-net": 22 * sec}[i.Class]
		full := map[string]time.Duration{"to-dc": 12 * sec, "to-net": 19 * sec}[i.Class] // half of the flows wait 4 s only
		if i.Direction == "return" && i.Class == "to-dc" {
			want, full = 8*sec, 8*sec
		}
		if i.Outage != int64(want) || i.Equivalent != int64(full) || !i.Restored {
			t.Errorf("%+v, expected an outage of %v", i, want)
		}
	}
	for _, row := range r.Traffic {
		if at := time.Duration(row.T); (at == 116*sec || at == 122*sec) && row.Root != c.Root {
			t.Errorf("opened anew, because of something else: %+v", row)
		}
	}
	if got := lostAt(r, "to-net", "forward", 115*sec); got["asymmetry"] != 5e8 {
		t.Errorf("after 115 s: %v", got)
	}
	if got := lostAt(r, "to-net", "return", 117*sec); got["asymmetry"] != 5e8/2 {
		t.Errorf("after 117 s: %v", got)
	}
}

// Answers to what an NVA translated come to it, through its tunnel, and not by the
// routes of the site; and fare as it does.
func TestAnswersComeToWhoTranslated(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.with(func(n *events.Node) { n.SNAT = events.AllSNAT }, func(*events.FlowClass) {})
	s.at = 10 * sec
	s.fib(0, "dc", vmNet, hop2, "bgp")
	s.link(s.fault(20*sec, "cut", "link-down", "tunnel1"), "tunnel1", false)
	r := s.measure(t)
	for _, row := range r.Traffic {
		if row.Class == "to-dc" && row.Direction == "return" && row.Offered > 0 {
			if want := "dc > nva1 > vms-0; dc > nva1 > vms-1"; row.T < int64(20*sec) && *row.Path != want || row.T >= int64(20*sec) && *row.Cause != "detection-gap" {
				t.Errorf("%+v by %s", row, *row.Path)
			}
		}
	}
	if len(lostAt(r, "to-dc", "return", 20*sec)) != 1 || len(lostAt(r, "to-dc", "return", 19*sec)) != 0 {
		t.Error("lost before the cut, or not after it")
	}
}

// one changes one NVA of a story.
func (s *story) one(id events.ActorID, change func(*events.Node)) {
	s.with(func(n *events.Node) {
		if n.Node == id {
			change(n)
		}
	}, func(*events.FlowClass) {})
}

// brokenAfter gives how many flows of a class break after the first disturbance.
func brokenAfter(t *testing.T, r *Result, class string) int64 {
	t.Helper()
	for _, row := range r.Shift {
		if row.Class == class && row.Root == int64(r.Disturbances[0].Seq) {
			return row.FlowsBroken
		}
	}
	t.Fatalf("nothing is known of %s", class)
	return 0
}

// Flows that one NVA translated break where another one passes them on as they are.
func TestFlowsBreakWhereNobodyTranslates(t *testing.T) {
	s := begin(design{active: hop1})
	s.one("nva2", func(n *events.Node) { n.SNAT = events.NoSNAT })
	s.moveVMs(s.fault(100*sec, "moves", "session-shutdown", "nva1"))
	if n := brokenAfter(t, s.measure(t), "to-net"); n != 1000 {
		t.Errorf("%d flows break", n)
	}
}

// An NVA that forwards nothing sees nothing either: flows that were sent to it
// meanwhile go on at the one that knows them.
func TestDeadForwardingBreaksNothing(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	d := s.fault(100*sec, "moves", "session-shutdown", "nva1")
	s.change(d, events.Fabric, events.ForwardingState{Node: "nva2"})
	s.moveVMs(d)
	s.at = 110 * sec
	s.goesTo(d, hop1)
	if n := brokenAfter(t, s.measure(t), "to-dc"); n != 0 {
		t.Errorf("%d flows break", n)
	}
}

// What one NVA took up in midstream, those know that share its state.
func TestPickedUpFlowsAreShared(t *testing.T) {
	for word, want := range map[string]int64{"a": 0, "b": 1000} {
		s := begin(design{active: hop1})
		s.one("nva1", func(n *events.Node) { n.Stateful, n.Loose, n.StateOf = true, true, "a" })
		s.one("nva2", func(n *events.Node) { n.Stateful, n.StateOf = true, word })
		s.place("nva3", events.NVANode, "hub3", "10.3.0.4") // flows begin here
		s.joined("", "vms-0 nva3", "vms-1 nva3", "nva3 dc")
		s.system("nva3", vmNet, events.VNetPeering)
		s.fib(0, "nva3", all, "10.3.0.1", "static")
		s.fib(0, "nva3", dcNet, hopDC, "bgp")
		s.goesTo(0, "10.3.0.4")
		s.at = 10 * sec
		s.goesTo(0, hop1)
		s.moveVMs(s.fault(100*sec, "moves", "session-shutdown", "nva1"))
		if n := brokenAfter(t, s.measure(t), "to-dc"); n != want {
			t.Errorf("%s: %d flows break, not %d", word, n, want)
		}
	}
}
