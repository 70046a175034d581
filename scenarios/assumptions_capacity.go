package scenarios

import (
	"slices"

	"dualhome/events"
)

// capacities is what is assumed of what nodes and links let pass.
func (l *assumed) capacities() {
	s := l.s
	if len(s.Traffic) == 0 {
		return
	}
	bound := s.bounds()
	any := func(has func(events.Capacity) bool) bool { return slices.ContainsFunc(bound, has) }
	shared := any(func(c events.Capacity) bool { return c.BitsPerSec > 0 || c.PacketsPerSec > 0 })
	full := any(func(c events.Capacity) bool { return c.Flows > 0 })
	sized := slices.ContainsFunc(s.ERGateways, func(g ERGateway) bool { return g.capacity() != events.Capacity{} }) ||
		slices.ContainsFunc(s.VPNGateways, func(g VPNGateway) bool { return g.capacity() != events.Capacity{} })
	for _, a := range []struct {
		when bool
		is   Assumption
	}{
		{shared, Assumption{"what does not fit", "is shared max-min fair, each flow counting as one, at once", Inferred, "what flows with one round-trip time and fair queues come to; Azure publishes nothing"}},
		{full, Assumption{"flows that do not fit", "are refused; those that have a place keep it", Inferred, "Azure publishes no order"}},
		{sized, Assumption{"capacity of an instance of a gateway", "half of the gateway's, both directions together", Inferred, "Microsoft, about-virtual-network-gateways, 2023-11-16: less is left while an instance is maintained"}},
		{s.unbounded(), Assumption{"capacity", "without bound where none is said", Inferred, "more is offered than the smallest size of it carries"}},
	} {
		l.add(a.when, a.is.Name, a.is.Value, Setting{Grade: a.is.Grade, Source: a.is.Source})
	}
}

// bounds gives the capacities of all that may have one.
func (s *Scenario) bounds() (all []events.Capacity) {
	for _, n := range s.NVAs {
		all = append(all, n.capacity())
	}
	for _, g := range s.ERGateways {
		all = append(all, g.capacity())
	}
	for _, g := range s.VPNGateways {
		all = append(all, g.capacity())
	}
	for _, c := range s.Circuits {
		all = append(all, events.Capacity{BitsPerSec: c.Bandwidth})
	}
	return all
}

// unbounded tells whether a gateway or circuit has no bound although all traffic
// together is more than the smallest one of its kind carries. For NVAs no size is
// the smallest; where one has a bound those without are meant to have none.
func (s *Scenario) unbounded() bool {
	offered := int64(0) // in each direction
	for _, t := range s.Traffic {
		offered += t.Rate
	}
	least := func(kind events.NodeKind) int64 {
		skus := events.GatewaySKUs()
		return skus[slices.IndexFunc(skus, func(k events.GatewaySKU) bool { return k.Type == kind })].Capacity.BitsPerSec
	}
	return slices.ContainsFunc(s.ERGateways, func(g ERGateway) bool { return g.capacity().BitsPerSec == 0 && 2*offered > least(events.GatewayNode) }) ||
		slices.ContainsFunc(s.VPNGateways, func(g VPNGateway) bool {
			return g.capacity().BitsPerSec == 0 && 2*offered > least(events.VPNGatewayNode)
		}) ||
		slices.ContainsFunc(s.Circuits, func(c Circuit) bool { return c.Bandwidth == 0 && offered > events.CircuitBandwidths()[0] })
}
