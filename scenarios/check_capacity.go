package scenarios

import (
	"slices"

	"dualhome/events"
)

// capacities checks what bounds gateways and circuits.
func (c *checker) capacities() {
	for i, g := range c.s.ERGateways {
		if g.ScaleUnits > 0 && g.SKU != "ErGwScale" {
			c.fail("only a gateway of the SKU ErGwScale has scale units", "add sku: ErGwScale, or leave them out", "expressroute_gateways", i, "scale_units")
		}
	}
	for i, r := range c.s.Circuits {
		if r.Bandwidth == 0 || slices.Contains(events.CircuitBandwidths(), r.Bandwidth) {
			continue
		}
		var offered []string
		for _, one := range events.CircuitBandwidths() {
			offered = append(offered, formatRate(one))
		}
		c.fail("Azure has no circuits of "+formatRate(r.Bandwidth), "it has "+enumerate(offered, "and")+", those above 10Gbps with ExpressRoute Direct", "circuits", i, "bandwidth")
	}
}
