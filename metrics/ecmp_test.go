package metrics

import (
	"math"
	"testing"

	"dualhome/events"
)

// The rows of case ECMP-S about stateful firewalls: the directions of 10,000 flows
// are hashed independently over two of them, so that half of the flows use both.
// Stateful ones without state sync let half of the new connections fail; with SNAT
// or state sync none.
func TestStatefulFirewallsOfECMP(t *testing.T) {
	const flows, p = 10000, 0.5
	for _, test := range []struct {
		name string
		nva  events.Node
		free bool // stateless flows
		fail float64
	}{
		{"stateless", events.Node{}, false, 0},
		{"without state sync", events.Node{Stateful: true}, false, p},
		{"SNAT towards the Internet only", events.Node{Stateful: true, SNAT: events.InternetSNAT}, false, p},
		{"SNAT", events.Node{Stateful: true, SNAT: events.AllSNAT}, false, 0},
		{"state sync", events.Node{Stateful: true, StateOf: "pair"}, false, 0},
		{"stateless flows", events.Node{Stateful: true, SNAT: events.InternetSNAT}, true, 0},
	} {
		s := begin(design{active: hop1 + " " + hop2, flows: flows})
		s.with(func(n *events.Node) {
			n.SNAT, n.Stateful, n.StateOf = test.nva.SNAT, test.nva.Stateful, test.nva.StateOf
		}, func(c *events.FlowClass) { c.Stateless = test.free })
		m := newMeter()
		for i := range s.lines {
			if err := m.add(&s.lines[i]); err != nil {
				t.Fatal(err)
			}
		}
		m.finish()
		c := m.traffic.classes[0]
		sigma := math.Sqrt(p * (1 - p) / flows)
		if fail := 1 - c.share(c.both.steps[len(c.both.steps)-1].delivered); math.Abs(fail-test.fail) > 3*sigma || test.fail == 0 && fail != 0 {
			t.Errorf("%s: %.4f of the connections fail, not %.2f ± %.4f", test.name, fail, test.fail, 3*sigma)
		}
		want := p // different ways there and back
		if test.nva.SNAT == events.AllSNAT {
			want = 0
		}
		different := 0
		for _, a := range c.ways[forward].legs {
			for _, b := range c.ways[backward].legs {
				if a.hub != b.hub {
					different += a.flows.countBoth(b.flows)
				}
			}
		}
		if share := float64(different) / flows; math.Abs(share-want) > 3*sigma || want == 0 && different != 0 {
			t.Errorf("%s: %.4f of the flows come back another way, not %.2f ± %.4f", test.name, share, want, 3*sigma)
		}
	}
}
