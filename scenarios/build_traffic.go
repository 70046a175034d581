package scenarios

import (
	"dualhome/events"
	"dualhome/sim"
)

// traffic makes the flow classes.
func (b *builder) traffic() {
	for _, c := range b.s.Traffic {
		from, to := b.s.endpoint(c.From), b.s.endpoint(c.To)
		pairs := 0
		if b.s.ECMPHash == "2-tuple" {
			pairs = commonMultiple(from.machines(), to.machines())
		}
		class := events.FlowClass{
			Name: c.Name, From: c.From, To: events.ActorID(c.To), Source: b.s.addressOf(from), Destination: b.s.addressOf(to),
			BitsPerSec: c.Rate, Flows: c.Flows, Pairs: pairs,
			PacketBytes: c.PacketSize, Protocol: protocol(c.Protocol), Stateless: c.Stateless, Reconnect: reconnect(c.Reconnect),
		}
		key := sim.KeyOf("flows").Str(c.Name)
		b.drawn(func(o Options) events.Event {
			class := class
			class.HashSeed = sim.Bits(o.Seed, key)
			return class
		})
	}
}

// commonMultiple gives the least common multiple: flow i belongs to machine
// i mod n at either end, so addresses come again after so many flows.
func commonMultiple(n, m int) int {
	a, b := n, m
	for b > 0 {
		a, b = b, a%b
	}
	return n / a * m
}
