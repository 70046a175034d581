package metrics

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"dualhome/events"
)

// livelier makes the NVAs of a random story keep state, and its flows take time to
// be opened anew.
func (s *story) livelier(seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	s.with(func(n *events.Node) {
		n.SNAT = events.Translation(rng.IntN(3))
		if n.Loose = rng.IntN(4) == 0; rng.IntN(3) == 0 {
			n.StateOf = "a"
		}
	}, func(c *events.FlowClass) {
		c.Protocol, c.Stateless = events.Protocol(rng.IntN(2)), rng.IntN(5) == 0
		for range rng.IntN(4) {
			c.Reconnect = append(c.Reconnect, events.Time(rng.IntN(4))*events.Time(sec)/2)
		}
	})
}

// At every instant each flow is in one leg of a direction, and one that broke is
// delivered in none; what ends an outage is as far from the disturbance as the
// budget says.
func TestLawsOfFlows(t *testing.T) {
	waited, reopened := 0, 0
	for seed := range uint64(100) {
		s := random(seed)
		s.livelier(seed)
		m := newMeter()
		check := func() {
			for _, c := range m.traffic.classes {
				waited += checkLegs(t, c)
			}
		}
		for l, err := range s.seq() {
			if err == nil {
				err = m.add(&l)
			}
			if err != nil {
				t.Fatal(err)
			}
			check()
		}
		m.finish()
		check()
		checkTraffic(t, m.result, map[string]int64{"to-dc": 1e9 + 7, "to-net": 5e8})
		checkOutages(t, m.result, s)
		reopened += checkSums(t, m)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if waited == 0 || reopened == 0 {
		t.Errorf("%d flows waited, and %d outages ended with an application that reconnected", waited, reopened)
	}
}

// checkLegs checks the legs of a class, and counts the flows that wait.
func checkLegs(t *testing.T, c *class) int {
	t.Helper()
	for d := range c.ways {
		seen := newFlowSet(c.Flows)
		for _, l := range c.ways[d].legs {
			if l.flows.empty() || l.flows.countBoth(seen) > 0 {
				t.Errorf("%s: a leg without flows, or flows in two legs", c.Name)
			}
			seen.join(l.flows)
			if c.life != nil && l.cause == delivered && l.flows.countBoth(c.life.waiting) > 0 {
				t.Errorf("%s: broken flows are delivered", c.Name)
			}
		}
		if !slices.Equal(seen, c.all) {
			t.Errorf("%s: %d flows of %d are somewhere", c.Name, seen.count(), c.Flows)
		}
	}
	if c.life == nil {
		return 0
	}
	if c.life.waiting.countBoth(c.life.open) > 0 {
		t.Errorf("%s: broken flows are open", c.Name)
	}
	return c.life.waiting.count()
}

// checkSums checks that each budget sums to the time from the disturbance to the
// step that restored what was delivered, and counts those that end with flows that
// were opened anew.
func checkSums(t *testing.T, m *meter) (reopened int) {
	t.Helper()
	for i, d := range m.result.Disturbances {
		row, w := m.result.Convergence[i], windows(m.result.Disturbances, m.result.Horizon)[i]
		if row.Detect == nil {
			continue
		}
		var last events.Time
		for _, c := range m.traffic.classes {
			for d := range c.ways {
				if s := c.ways[d].healed(w); s != nil {
					last = max(last, s.at)
				}
			}
		}
		if sum := *row.Detect + *row.Propagate + *row.Decide + *row.Program + *row.Flows; sum != int64(last.Sub(d.At)) {
			t.Errorf("%s: the budget sums to %v, the outage ends after %v", d.Name, time.Duration(sum), last.Sub(d.At))
		}
		if *row.Flows > 0 {
			reopened++
		}
	}
	return reopened
}

// Where applications reconnect at once, breaks cost nothing: but for their number
// all is as if flows had no life.
func TestReconnectingAtOnceCostsNothing(t *testing.T) {
	broken := int64(0)
	for seed := range uint64(60) {
		s := random(seed)
		s.livelier(seed)
		s.with(func(*events.Node) {}, func(c *events.FlowClass) { c.Reconnect = nil })
		lively, lifeless := s.measure(t), newMeter()
		for l, err := range s.seq() {
			if err == nil {
				err = lifeless.add(&l)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range lifeless.traffic.classes {
				c.life = nil
			}
		}
		lifeless.finish()
		want := lifeless.result
		for i := range lively.Shift {
			broken += lively.Shift[i].FlowsBroken
			want.Shift[i].FlowsBroken = lively.Shift[i].FlowsBroken
		}
		if !sameTables(lively, want) {
			t.Fatalf("seed %d: the tables differ", seed)
		}
	}
	if broken == 0 {
		t.Error("nothing broke")
	}
}

func sameTables(a, b *Result) bool {
	return reflect.DeepEqual(a.Tables, b.Tables) && slices.Equal(a.Impacts, b.Impacts) && slices.Equal(a.Diagnoses, b.Diagnoses)
}
