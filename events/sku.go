package events

// GatewaySKU is what one size of an Azure gateway carries, both instances
// together.
type GatewaySKU struct {
	Name     string
	Type     NodeKind // GatewayNode or VPNGatewayNode
	Capacity Capacity // of each unit
	Units    int      // up to how many units it has; 1: it has no units
	Source   string   // of the figures, which are documented
}

// GatewaySKUs gives the sizes of ExpressRoute and VPN gateways, in the order of
// what they carry.
func GatewaySKUs() []GatewaySKU {
	const (
		er  = "Microsoft, expressroute-gateway-performance-include, 2024-07-09"
		vpn = "Microsoft, about-vpn-gateway-skus"
	)
	all := []GatewaySKU{
		{"ErGw1AZ", GatewayNode, Capacity{1e9, 100_000, 200_000}, 1, er},
		{"ErGw2AZ", GatewayNode, Capacity{2e9, 200_000, 400_000}, 1, er},
		{"ErGw3AZ", GatewayNode, Capacity{10e9, 1_000_000, 1_000_000}, 1, er},
		{"ErGwScale", GatewayNode, Capacity{BitsPerSec: 1e9, Flows: 100_000}, 40, er},
	}
	for i, bits := range []int64{650e6, 1e9, 1.25e9, 5e9, 10e9} {
		name := "VpnGw" + string(rune('1'+i))
		for _, zones := range []string{"", "AZ"} {
			all = append(all, GatewaySKU{name + zones, VPNGatewayNode, Capacity{BitsPerSec: bits}, 1, vpn})
		}
	}
	return all
}

// Times gives the capacity of a number of units.
func (c Capacity) Times(n int64) Capacity {
	return Capacity{c.BitsPerSec * n, c.PacketsPerSec * n, c.Flows * n}
}

// Half gives what one of two equal parts lets pass, rounded up.
func (c Capacity) Half() Capacity {
	return Capacity{(c.BitsPerSec + 1) / 2, (c.PacketsPerSec + 1) / 2, (c.Flows + 1) / 2}
}

// Holds tells whether so much fits.
func (c Capacity) Holds(load Capacity) bool {
	fits := func(bound, n int64) bool { return bound == 0 || n <= bound }
	return fits(c.BitsPerSec, load.BitsPerSec) && fits(c.PacketsPerSec, load.PacketsPerSec) && fits(c.Flows, load.Flows)
}

// CircuitBandwidths gives the bandwidths of ExpressRoute circuits in bits per
// second, ascending: of a provider up to 10 Gbps, the others over ExpressRoute
// Direct (Microsoft, expressroute-introduction; expressroute-erdirect-about).
func CircuitBandwidths() []int64 {
	return []int64{50e6, 100e6, 200e6, 500e6, 1e9, 2e9, 5e9, 10e9, 40e9, 100e9}
}
