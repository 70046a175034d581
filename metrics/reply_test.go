package metrics

import (
	"testing"

	"dualhome/events"
)

// routed makes NVAs that translate nothing of a story's.
func (s *story) routed() {
	for i, l := range s.lines {
		if e, ok := l.Event.(events.Node); ok {
			e.SNAT = events.NoSNAT
			s.lines[i].Event = e
		}
	}
}

// siteOffers lets the data centre offer the way to the Internet.
func (s *story) siteOffers() {
	for i, l := range s.lines {
		if e, ok := l.Event.(events.Node); ok && e.Type == events.SiteNode {
			e.Prefixes = append(e.Prefixes, prefix(all))
			s.lines[i].Event = e
		}
	}
	for _, n := range []events.ActorID{"nva1", "nva2"} {
		s.best(0, n, all, hopDC)
		s.fib(0, n, all, hopDC, "bgp")
	}
}

// What a site takes up on its way to the Internet is answered by the site, over
// its own routes, whether or not the NVAs would translate.
func TestSiteAnswersForTheInternet(t *testing.T) {
	for _, snat := range []bool{true, false} {
		s := begin(design{active: hop1})
		if !snat {
			s.routed()
		}
		s.siteOffers()
		s.at = 10 * sec
		s.fib(s.best(0, "dc", vmNet, hop2), "dc", vmNet, hop2, "bgp")
		s.node(s.fault(20*sec, "dies", "node-death", "nva2"), "nva2", events.Dead)
		r := s.measure(t)
		for _, row := range r.Traffic {
			if row.T < int64(20*sec) && row.Lost > 0 {
				t.Errorf("SNAT %v: lost before the fault: %+v", snat, row)
			}
		}
		if got := lostAt(r, "to-net", "forward", 20*sec); len(got) != 0 {
			t.Errorf("SNAT %v: forward lost %v", snat, got)
		}
		if got := lostAt(r, "to-net", "return", 20*sec); got["detection-gap"] != 5e8 {
			t.Errorf("SNAT %v: return lost %v", snat, got)
		}
	}
}

// Stateful NVAs know only the flows that they saw, wherever the answer is from.
func TestSiteAnswersThroughAStrangeNVA(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.siteOffers()
	s.fib(s.fault(10*sec, "odd", "link-down", "x"), "dc", vmNet, hop2, "bgp")
	if got := lostAt(s.measure(t), "to-net", "return", 10*sec); got["asymmetry"] != 5e8 {
		t.Errorf("lost %v", got)
	}
}

// What no NVA translated returns to the VM itself.
func TestUntranslatedReturnsDirectly(t *testing.T) {
	s := begin(design{active: hop1})
	s.routed()
	s.link(s.fault(10*sec, "cut", "link-down", "x"), "x", false)
	for _, row := range s.measure(t).Traffic {
		if row.Class == "to-net" && row.Direction == "return" && (row.Inspected || row.Lost > 0) {
			t.Errorf("%+v", row)
		}
	}
}

// Stateless flows pass stateful NVAs that have not seen them.
func TestStatelessFlowsPassAStrangeNVA(t *testing.T) {
	s := begin(design{active: hop1, stateful: true})
	s.with(func(*events.Node) {}, func(c *events.FlowClass) { c.Stateless = true })
	s.siteOffers()
	s.fib(s.fault(10*sec, "odd", "link-down", "x"), "dc", vmNet, hop2, "bgp")
	if got := lostAt(s.measure(t), "to-net", "return", 10*sec); len(got) != 0 {
		t.Errorf("lost %v", got)
	}
}
