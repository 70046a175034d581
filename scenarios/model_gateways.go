package scenarios

import (
	"net/netip"
	"time"

	"dualhome/sim"
)

// ERGateway is an ExpressRoute gateway: two instances <name>-0 and <name>-1 in
// GatewaySubnet, AS 65515.
type ERGateway struct {
	Name        string        `yaml:"name" doc:"name of the gateway; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet        string        `yaml:"vnet" doc:"the VNet it stands in"`
	Hold        time.Duration `yaml:"hold,omitempty" unit:"hold" doc:"hold time it offers to circuits and Route Server" default:"profile"`
	Keepalive   time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	Convergence sim.Dist      `yaml:"convergence,omitempty" doc:"how long the gateway takes to follow a change of what a circuit tells it" default:"profile"`
	ECMP        bool          `yaml:"ecmp_with_route_server,omitempty" doc:"NICs spread flows over two paths of the gateway even where a Route Server stands in its VNet" default:"profile"`
	Programming sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs, in a VNet without Route Server" default:"profile"`
	Spacing     time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC, in a VNet without Route Server" default:"profile"`
	SKU         string        `yaml:"sku,omitempty" doc:"its size: what its two instances together forward at most, each a half, both directions together" enum:"ErGw1AZ,ErGw2AZ,ErGw3AZ,ErGwScale" default:"<no bound>"`
	ScaleUnits  int           `yaml:"scale_units,omitempty" doc:"units of an ErGwScale" default:"<1>" min:"1" max:"40"`
	Bandwidth   int64         `yaml:"bandwidth,omitempty" unit:"bps" doc:"of the whole gateway, instead of the SKU's" default:"<of the SKU>" min:"1bps" max:"1Tbps"`
	PacketRate  int           `yaml:"packets_per_second,omitempty" doc:"of the whole gateway, instead of the SKU's" default:"<of the SKU>" min:"1" max:"1000000000000"`
	MaxFlows    int           `yaml:"max_flows,omitempty" doc:"of the whole gateway, instead of the SKU's; others are refused" default:"<of the SKU>" min:"1" max:"1000000000000"`
}

// VPNGateway is an active-active VPN gateway: two instances <name>-0 and
// <name>-1 in GatewaySubnet. Its timers are fixed: 60 s and 180 s.
type VPNGateway struct {
	Name        string        `yaml:"name" doc:"name of the gateway; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet        string        `yaml:"vnet" doc:"the VNet it stands in"`
	ASN         uint32        `yaml:"asn,omitempty" doc:"its AS number; beside a Route Server it must be 65515" default:"profile" min:"1"`
	LimitRetry  time.Duration `yaml:"limit_retry,omitempty" doc:"time until a session that was torn down for too many routes may begin again" default:"profile"`
	Programming sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs, in a VNet without Route Server" default:"profile"`
	Spacing     time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC, in a VNet without Route Server" default:"profile"`
	SKU         string        `yaml:"sku,omitempty" doc:"its size: what its two instances together forward at most, each a half, both directions together" enum:"VpnGw1,VpnGw2,VpnGw3,VpnGw4,VpnGw5,VpnGw1AZ,VpnGw2AZ,VpnGw3AZ,VpnGw4AZ,VpnGw5AZ" default:"<no bound>"`
	Bandwidth   int64         `yaml:"bandwidth,omitempty" unit:"bps" doc:"of the whole gateway, instead of the SKU's" default:"<of the SKU>" min:"1bps" max:"1Tbps"`
	PacketRate  int           `yaml:"packets_per_second,omitempty" doc:"packets a second of the whole gateway; no SKU bounds them" default:"<no bound>" min:"1" max:"1000000000000"`
	MaxFlows    int           `yaml:"max_flows,omitempty" doc:"flows of the whole gateway; no SKU bounds them; others are refused" default:"<no bound>" min:"1" max:"1000000000000"`
}

// Circuit is an ExpressRoute circuit: two Microsoft edge routers (MSEE)
// <name>-0 and <name>-1 in AS 12076, each with a link and a session to the site.
type Circuit struct {
	Name        string        `yaml:"name" doc:"name of the circuit; its MSEEs are <name>-0 and <name>-1, its links <name>-primary and <name>-secondary" pattern:"[a-z0-9-]{1,53}"`
	Site        string        `yaml:"site" doc:"the site at its end"`
	Connections []Connection  `yaml:"connections" doc:"ExpressRoute gateways it is connected to" min:"1" short:"gateway"`
	Addresses   []netip.Addr  `yaml:"addresses,omitempty" doc:"addresses of its two MSEEs, which NICs show as next hop" default:"<of 198.18.0.0/15>"`
	SKU         string        `yaml:"sku,omitempty" doc:"routes accepted from the site: 4,000, or 10,000 for Premium" enum:"Standard,Premium" default:"Standard"`
	LimitRetry  time.Duration `yaml:"limit_retry,omitempty" doc:"time until a session that was torn down for too many routes may begin again" default:"profile"`
	BFD         bool          `yaml:"bfd,omitempty" doc:"the site's router answers the MSEEs' BFD: 300 ms x 3" default:"profile"`
	Hold        time.Duration `yaml:"hold,omitempty" unit:"hold" doc:"hold time that its MSEEs offer" default:"profile"`
	Keepalive   time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	Delay       sim.Dist      `yaml:"delay,omitempty" doc:"one-way delay of packets between MSEE and site" default:"5ms"`
	Bandwidth   int64         `yaml:"bandwidth,omitempty" unit:"bps" doc:"of each of its two links, in each direction: 50Mbps, 100Mbps, 200Mbps, 500Mbps, 1Gbps, 2Gbps, 5Gbps or 10Gbps; with ExpressRoute Direct 40Gbps or 100Gbps too" default:"<no bound>"`
}

// Connection joins a circuit to a gateway: a name, or a map when it has options.
type Connection struct {
	Name    string   `yaml:"name,omitempty" doc:"name of the connection, a link for faults" default:"<gateway>-<circuit>" pattern:"[a-z0-9-]{1,63}"`
	Gateway string   `yaml:"gateway" doc:"the ExpressRoute gateway"`
	Weight  int      `yaml:"weight,omitempty" doc:"routing weight: the gateway prefers the connection with the highest, before the AS path" default:"0" max:"32000"`
	Delay   sim.Dist `yaml:"delay,omitempty" doc:"one-way delay of packets between gateway, or VMs, and MSEE" default:"2ms"`
}
