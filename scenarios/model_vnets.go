package scenarios

import (
	"net/netip"

	"dualhome/sim"
)

// VNet is a virtual network. Prefixes of different VNets do not overlap.
type VNet struct {
	Name         string         `yaml:"name" doc:"name of the VNet" pattern:"[a-z0-9-]{1,63}"`
	Region       string         `yaml:"region,omitempty" doc:"Azure region; VNets of different regions are peered globally" default:"region1" pattern:"[a-z0-9-]{1,63}"`
	AddressSpace []netip.Prefix `yaml:"address_space" doc:"address prefixes of the VNet" min:"1"`
	Subnets      []Subnet       `yaml:"subnets,omitempty" doc:"subnets; a VNet with a Route Server needs RouteServerSubnet, one with a gateway GatewaySubnet"`
}

// Subnet is a part of a VNet's address space.
type Subnet struct {
	Name                   string       `yaml:"name" doc:"name of the subnet" pattern:"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"`
	Prefix                 netip.Prefix `yaml:"prefix" doc:"address prefix, inside the VNet's address space"`
	PropagateGatewayRoutes bool         `yaml:"propagate_gateway_routes,omitempty" doc:"its NICs get what gateways and Route Servers learned" default:"true"`
	Routes                 []UserRoute  `yaml:"routes,omitempty" doc:"its route table: user-defined routes"`
}

// UserRoute is a user-defined route of a subnet. It beats learned routes, and
// those beat system routes, of the same prefix.
type UserRoute struct {
	Prefix      netip.Prefix `yaml:"prefix" doc:"destinations"`
	NextHopType string       `yaml:"next_hop_type,omitempty" doc:"what the next hop is, as Azure names it" enum:"VirtualAppliance,VirtualNetworkGateway,VnetLocal,Internet,None" default:"VirtualAppliance"`
	NextHop     netip.Addr   `yaml:"next_hop,omitempty" doc:"address of the VirtualAppliance: an NVA or a load balancer"`
}

// Peering joins two VNets. Peering is not transitive.
type Peering struct {
	Name    string    `yaml:"name,omitempty" doc:"name of the peering" default:"<first>-<second>" pattern:"[a-z0-9-]{1,63}"`
	Between [2]string `yaml:"between" doc:"the two VNets"`
	Delay   sim.Dist  `yaml:"delay,omitempty" doc:"one-way delay of packets across it" default:"1ms"`

	// The flags of the two sides: each lists the VNets whose side sets it.
	AllowAccess         []string `yaml:"allow_virtual_network_access,omitempty" doc:"VNets that have a route to the other one" default:"<both ends>"`
	AllowForwarded      []string `yaml:"allow_forwarded_traffic,omitempty" doc:"VNets that accept packets that the other VNet only forwards" default:"<both ends>"`
	AllowGatewayTransit []string `yaml:"allow_gateway_transit,omitempty" doc:"the VNet whose gateway or Route Server the other one may use"`
	UseRemoteGateways   []string `yaml:"use_remote_gateways,omitempty" doc:"the VNet that uses the gateway or Route Server of the other one"`
}

// VMs is a set of equal virtual machines in one subnet.
type VMs struct {
	Name   string `yaml:"name" doc:"name of the set; its groups of NICs are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet   string `yaml:"vnet" doc:"the VNet"`
	Subnet string `yaml:"subnet" doc:"the subnet of that VNet"`
	Count  int    `yaml:"count" doc:"number of machines, one NIC each" min:"1" max:"4000"`
}
