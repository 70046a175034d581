package metrics

import (
	"errors"
	"strings"
	"testing"
)

// flowsOf gives a set of flows of a thousand.
func flowsOf(flows ...int) flowSet {
	s := newFlowSet(1000)
	for _, i := range flows {
		s.add(i)
	}
	return s
}

// A walk that loses a flow on the way, or doubles one, ends the measurement with
// the class, the direction, the time and the figures.
func TestTrafficThatIsNotConservedIsFatal(t *testing.T) {
	tamper := map[string]func(c *class){
		"class to-dc, forward, at 5s: 1000 flows are offered, 999 delivered and 0 lost:": func(c *class) {
			c.sources[0].flows = c.sources[0].flows.minus(c.sources[0].flows.and(flowsOf(0, 1)))
		},
		"class to-dc, forward, at 5s: 1000 flows are offered, 1001 delivered and 0 lost, 1 of them twice:": func(c *class) {
			c.sources[0].flows = c.sources[0].flows.minus(newFlowSet(1000))
			c.sources[0].flows.join(flowsOf(0, 1))
		},
	}
	for want, breaks := range tamper {
		s := begin(design{active: hop1})
		s.fault(5*sec, "fault", "node-death", "nva9")
		s.link(0, "x", true) // everything is walked again
		var m Meter
		var err error
		for l, broken := range s.seq() {
			if err = errors.Join(broken, m.Add(&l)); err != nil {
				break
			}
			if classes := m.all.traffic.classes; len(classes) > 0 && breaks != nil {
				breaks(classes[0])
				breaks = nil
			}
		}
		if err == nil {
			_, err = m.Finish()
		}
		leak, ok := errors.AsType[*LeakError](err)
		if !ok || !strings.Contains(err.Error(), want) || leak.At != 5e9 {
			t.Errorf("%v, not %s", err, want)
		}
	}
}

// What each check finds, whatever a step says of itself.
func TestConservation(t *testing.T) {
	c := &class{}
	c.Name, c.Flows, c.BitsPerSec, c.counted, c.ground = "c", 4, 1e9, newFlowSet(4), &ground{}
	some := func(flows ...int) flowSet {
		s := newFlowSet(4)
		for _, i := range flows {
			s.add(i)
		}
		return s
	}
	for _, test := range []struct {
		legs []leg
		step step
		ok   bool
	}{
		{[]leg{{flows: some(0, 1, 2)}, {flows: some(3), cause: loop}}, step{delivered: 3 * 1e9, cells: []cell{{flows: 3}, {flows: 1, cause: loop}}}, true},
		{[]leg{{flows: some(0, 1, 2)}, {flows: some(3), cause: loop}}, step{delivered: 4 * 1e9, cells: []cell{{flows: 4}}}, false},
		{[]leg{{flows: some(0, 1, 2)}, {flows: some(3), cause: loop}}, step{delivered: 3 * 1e9, cells: []cell{{flows: 3}}}, false},
		{[]leg{{flows: some(0, 1, 2)}, {flows: some(3), cause: loop}}, step{delivered: 3 * 1e9, cells: []cell{{flows: 3}, {flows: 2, cause: loop}}}, false},
		{[]leg{{flows: some(0, 1, 2)}}, step{delivered: 3 * 1e9, cells: []cell{{flows: 3}, {flows: 1, cause: loop}}}, false},
		{[]leg{{flows: some(0, 1, 2)}, {flows: some(2), cause: loop}}, step{delivered: 3 * 1e9, cells: []cell{{flows: 3}, {flows: 1, cause: loop}}}, false},
		{nil, step{}, false},
		{[]leg{{flows: some(0, 1, 2, 3), jam: &jam{got: 5e8}}}, step{delivered: 4 * 5e8, cells: []cell{{flows: 4, full: true, got: 5e8}}}, true},
		{[]leg{{flows: some(0, 1, 2, 3), jam: &jam{got: 5e8}}}, step{delivered: 4 * 6e8, cells: []cell{{flows: 4, full: true, got: 6e8}}}, false},
		{[]leg{{flows: some(0, 1, 2, 3), jam: &jam{got: 2e9}}}, step{delivered: 4 * 2e9, cells: []cell{{flows: 4, full: true, got: 2e9}}}, false},
	} {
		if err := c.conserve(backward, test.legs, &test.step); (err == nil) != test.ok {
			t.Errorf("%+v: %v", test, err)
		}
	}
}
