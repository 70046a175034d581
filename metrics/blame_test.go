package metrics

import (
	"maps"
	"testing"
	"time"

	"dualhome/events"
)

const sec = time.Second

// Each cause of loss, on a story that has it: what is lost just after the last
// line, by class and direction.
func TestCauses(t *testing.T) {
	dc, net := int64(1e9+7), int64(5e8)
	one := func(why string, bps int64) map[string]int64 { return map[string]int64{why: bps} }
	tests := []struct {
		name              string
		design            design
		tell              func(s *story)
		dcThere, dcBack   map[string]int64
		netThere, netBack map[string]int64
	}{
		{"the next hop is dead, and nobody knows", design{active: hop1}, func(s *story) {
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
		}, one("detection-gap", dc), one("detection-gap", dc), one("detection-gap", net), one("detection-gap", net)},
		{"the instances know, the NICs do not; the site knows nothing", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "dies", "node-death", "nva1")
			s.node(d, "nva1", events.Dead)
			s.at = 20 * sec
			s.moveRS(d, hop2)
		}, one("programming-gap", dc), one("detection-gap", dc), one("programming-gap", net), one("programming-gap", net)},
		{"a new best path that the site's FIB does not have yet", design{active: hop1}, func(s *story) {
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
			s.best(0, "dc", vmNet, hop2)
		}, one("detection-gap", dc), one("programming-gap", dc), one("detection-gap", net), one("detection-gap", net)},
		{"it forwards nothing, but its BGP lives", design{active: hop1}, func(s *story) {
			s.change(s.fault(10*sec, "deaf", "forwarding-dead", "nva1"), events.Fabric, events.ForwardingState{Node: "nva1"})
		}, one("black-hole", dc), one("black-hole", dc), one("black-hole", net), one("black-hole", net)},
		{"a hung process forwards on", design{active: hop1}, func(s *story) {
			s.node(s.fault(10*sec, "hangs", "hang", "nva1"), "nva1", events.Hung)
		}, nil, nil, nil, nil},
		{"a killed process leaves no routes of BGP, and its peers will notice", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "killed", "process-kill", "nva1")
			s.node(d, "nva1", events.Halted)
			s.fib(d, "nva1", dcNet, "", "bgp")
			s.fib(d, "nva1", vmNet, "", "bgp") // the way back to the VMs goes by the static default route
		}, one("detection-gap", dc), nil, nil, nil},
		{"it is back with empty tables before anybody noticed that it was gone", design{active: hop1}, func(s *story) {
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
			s.node(s.fault(11*sec, "dies-repair", "node-death", "nva1"), "nva1", events.Alive)
		}, one("detection-gap", dc), nil, nil, nil},
		{"the tunnel is cut: the NVA will notice", design{active: hop1}, func(s *story) {
			s.link(s.fault(10*sec, "cut", "link-down", "tunnel1"), "tunnel1", false)
		}, one("detection-gap", dc), one("detection-gap", dc), nil, nil},
		{"the NVA noticed and has no route; its peers were not told yet", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "cut", "link-down", "tunnel1")
			s.link(d, "tunnel1", false)
			s.at = 20 * sec
			s.fib(s.best(s.down(d, "nva1", "dc"), "nva1", dcNet, ""), "nva1", dcNet, "", "bgp")
		}, one("detection-gap", dc), one("detection-gap", dc), nil, nil},
		{"its peers were told, the NICs not yet", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "cut", "link-down", "tunnel1")
			s.link(d, "tunnel1", false)
			s.at = 20 * sec
			b := s.best(s.down(d, "nva1", "dc"), "nva1", dcNet, "")
			s.fib(b, "nva1", dcNet, "", "bgp")
			s.best(b, "rs0-0", dcNet, hop2)
			s.best(b, "rs0-1", dcNet, hop2)
		}, one("programming-gap", dc), one("detection-gap", dc), nil, nil},
		{"the peering is cut: the way out, and back through the static ends of BGP", design{active: hop1}, func(s *story) {
			s.link(s.fault(10*sec, "cut", "link-down", "peering1"), "peering1", false)
		}, one("detection-gap", dc), one("detection-gap", dc), one("detection-gap", net), one("detection-gap", net)},
		{"its way to the Internet is cut: a static route never notices", design{active: hop1}, func(s *story) {
			s.link(s.fault(10*sec, "cut", "upstream-loss", "nva1"), "internet1", false)
		}, nil, nil, one("black-hole", net), one("black-hole", net)},
		{"a static route of the site to a dead NVA", design{active: hop1}, func(s *story) {
			s.fib(0, "dc", vmNet, hop1, "static")
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
		}, one("detection-gap", dc), one("black-hole", dc), one("detection-gap", net), one("detection-gap", net)},
		{"nobody owns the next hop", design{active: hop1}, func(s *story) {
			s.fib(s.fault(10*sec, "odd", "session-shutdown", "nva1"), "dc", vmNet, "10.1.0.77", "static")
		}, nil, one("black-hole", dc), nil, nil},
		{"no route at all, and none known; the Internet is reached without an NVA", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "gone", "session-shutdown", "nva1")
			for _, g := range []string{"0", "1"} {
				for _, p := range []string{dcNet, all} {
					s.nic(s.best(d, events.ActorID("rs0-"+g), p, ""), events.ActorID("vms-"+g), p, "")
				}
			}
		}, one("black-hole", dc), nil, nil, nil},
		{"a route that the instances know again, and the NICs not yet", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "gone", "session-shutdown", "nva1")
			s.nic(d, "vms-0", dcNet, "")
			s.nic(d, "vms-1", dcNet, "")
		}, one("programming-gap", dc), nil, nil, nil},
		{"the NVA sends back where it came from", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "odd", "link-down", "x")
			s.fib(d, "dc", vmNet, hop2, "bgp")
			s.fib(d, "nva2", vmNet, hopDC, "bgp")
		}, nil, one("loop", dc), nil, nil},
		{"the route of an NVA's NIC has the NVA itself as next hop", design{active: hop1}, func(s *story) {
			s.nic(s.fault(10*sec, "odd", "link-down", "x"), "nva1", all, hop1)
		}, nil, nil, one("loop", net), nil},
		{"without hold timers nobody notices silence", design{active: hop1}, func(s *story) {
			for i, l := range s.lines {
				if e, ok := l.Event.(events.SessionChanged); ok {
					e.Hold = 0
					s.lines[i].Event = e
				}
			}
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
		}, one("black-hole", dc), one("black-hole", dc), one("black-hole", net), one("black-hole", net)},
		{"without hold timers, the NVA that is back with empty tables opens anew", design{active: hop1}, func(s *story) {
			for i, l := range s.lines {
				if e, ok := l.Event.(events.SessionChanged); ok {
					e.Hold = 0
					s.lines[i].Event = e
				}
			}
			s.node(s.fault(10*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
			s.node(s.fault(11*sec, "dies-repair", "node-death", "nva1"), "nva1", events.Alive)
		}, one("detection-gap", dc), nil, nil, nil},
		{"the instances are back with empty tables, and cannot tell yet that the NVA is dead", design{active: hop1}, func(s *story) {
			s.restartInstances()
			s.node(s.fault(12*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
		}, one("detection-gap", dc), one("detection-gap", dc), one("detection-gap", net), one("detection-gap", net)},
		{"the instances are back with empty tables, and the NVA forwards nothing", design{active: hop1}, func(s *story) {
			s.restartInstances()
			s.change(s.fault(12*sec, "deaf", "forwarding-dead", "nva1"), events.Fabric, events.ForwardingState{Node: "nva1"})
		}, one("black-hole", dc), one("black-hole", dc), one("black-hole", net), one("black-hole", net)},
		{"the instances lost their only route, the NICs have it yet", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "dies", "node-death", "nva1")
			s.node(d, "nva1", events.Dead)
			s.at = 20 * sec
			s.moveRS(d, "")
		}, one("programming-gap", dc), one("detection-gap", dc), one("programming-gap", net), one("programming-gap", net)},
		{"a peered network without the address, of which the instances know a part: it stays hidden", design{active: hop1}, func(s *story) {
			d := s.fault(10*sec, "odd", "link-down", "x")
			for _, g := range []events.ActorID{"0", "1"} {
				s.fact(events.SystemRoute{Group: "vms-" + g, Prefix: prefix("203.0.0.0/16"), Hop: events.VNetPeering})
				s.best(d, "rs0-"+g, "203.0.113.0/24", hop2)
			}
			s.link(d, "x", false)
		}, nil, nil, one("black-hole", net), one("black-hole", net)},
		{"stateful NVAs, and return traffic comes through the other one", design{active: hop1, stateful: true}, func(s *story) {
			s.fib(s.fault(10*sec, "odd", "link-down", "x"), "dc", vmNet, hop2, "bgp")
		}, nil, one("asymmetry", dc), nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := begin(test.design)
			test.tell(s)
			r := s.measure(t)
			check := func(class, dir string, want map[string]int64) {
				t.Helper()
				if got := lostAt(r, class, dir, time.Hour); !maps.Equal(got, want) {
					t.Errorf("%s %s: lost %v, not %v", class, dir, got, want)
				}
			}
			check("to-dc", "forward", test.dcThere)
			check("to-dc", "return", test.dcBack)
			check("to-net", "forward", test.netThere)
			check("to-net", "return", test.netBack)
		})
	}
}

// The instance that serves a group is the one to blame, not the one that
// programmed it once; where neither runs, nobody will notice.
func TestBlameAfterTakeover(t *testing.T) {
	s := begin(design{active: hop1})
	d := s.fault(10*sec, "lost", "instance-loss", "rs0-1")
	s.node(d, "rs0-1", events.Dead)
	s.at = 20 * sec
	s.node(s.fault(20*sec, "dies", "node-death", "nva1"), "nva1", events.Dead)
	s.at = 30 * sec
	s.change(d, "rs0-0", events.Serving{Group: "vms-1", On: true})
	r := s.measure(t)
	if got := lostAt(r, "to-dc", "forward", 25*sec); len(got) != 2 || got["black-hole"] == 0 || got["detection-gap"] == 0 {
		t.Errorf("before the takeover %v", got)
	}
	if got := lostAt(r, "to-dc", "forward", 30*sec); got["detection-gap"] != 1e9+7 {
		t.Errorf("after the takeover %v", got)
	}
}

// A next hop that is a Route Server is a violation of the model, which the
// result reports; the packets are lost.
func TestNoWalkVisitsARouteServer(t *testing.T) {
	s := begin(design{active: hop1})
	s.nic(s.fault(10*sec, "odd", "link-down", "x"), "vms-0", dcNet, hopRS)
	r, err := Measure(s.seq())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Violations) != 1 || len(lostAt(r, "to-dc", "forward", time.Hour)) != 1 {
		t.Errorf("violations %v, lost %v", r.Violations, lostAt(r, "to-dc", "forward", time.Hour))
	}
}
