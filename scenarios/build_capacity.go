package scenarios

import "dualhome/events"

// capacity gives what an NVA forwards at most.
func (n NVA) capacity() events.Capacity {
	return events.Capacity{BitsPerSec: n.Bandwidth, PacketsPerSec: int64(n.PacketRate), Flows: int64(n.MaxFlows)}
}

// capacity gives what both instances of a gateway together forward at most.
func (g ERGateway) capacity() events.Capacity {
	return sized(g.SKU, g.ScaleUnits, events.Capacity{BitsPerSec: g.Bandwidth, PacketsPerSec: int64(g.PacketRate), Flows: int64(g.MaxFlows)})
}

// capacity gives what both instances of a gateway together forward at most.
func (g VPNGateway) capacity() events.Capacity {
	return sized(g.SKU, 1, events.Capacity{BitsPerSec: g.Bandwidth, PacketsPerSec: int64(g.PacketRate), Flows: int64(g.MaxFlows)})
}

// sized gives the figures of a SKU where nothing else is said.
func sized(sku string, units int, said events.Capacity) events.Capacity {
	for _, one := range events.GatewaySKUs() {
		if one.Name != sku {
			continue
		}
		usual := one.Capacity.Times(int64(max(1, units)))
		return events.Capacity{
			BitsPerSec: either(said.BitsPerSec, usual.BitsPerSec), PacketsPerSec: either(said.PacketsPerSec, usual.PacketsPerSec),
			Flows: either(said.Flows, usual.Flows),
		}
	}
	return said
}

// either gives what is said, or else what is usual.
func either(said, usual int64) int64 {
	if said > 0 {
		return said
	}
	return usual
}
