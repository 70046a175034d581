package scenarios

import (
	"net/netip"

	"dualhome/sim"
)

// Hubs makes hub VNets <name>1, <name>2, … with an NVA each, peered with the spokes,
// and tunnels from sites to the NVAs.
type Hubs struct {
	Name         string       `yaml:"name,omitempty" doc:"what the names of the VNets begin with: hub1, hub2" default:"hub" pattern:"[a-z][a-z0-9-]{0,40}"`
	Count        int          `yaml:"count" doc:"number of hubs; a Route Server has at most eight NVAs as peers" min:"1" max:"64"`
	Active       int          `yaml:"active,omitempty" doc:"how many of them are in use, the first ones; the others stand by: the paths of their NVAs are longer" default:"<all>" min:"1"`
	Prepend      int          `yaml:"standby_prepend,omitempty" doc:"by how much these are longer: the prepend of their NVAs" default:"2" min:"1" max:"10"`
	Region       string       `yaml:"region,omitempty" doc:"Azure region of the VNets" default:"region1" pattern:"[a-z0-9-]{1,63}"`
	AddressSpace netip.Prefix `yaml:"address_space,omitempty" doc:"address space of the first VNet, /29 or larger; the next ones follow. What it begins with, a /24 if it is that large, is the subnet nva" default:"10.1.0.0/16"`
	Spokes       []string     `yaml:"spokes,omitempty" doc:"VNets that each hub is peered with"`
	PeeringDelay sim.Dist     `yaml:"peering_delay,omitempty" doc:"one-way delay of packets across these peerings" default:"1ms"`
	NVAName      string       `yaml:"nva_name,omitempty" doc:"what the names of the NVAs begin with: nva1, nva2; each is the first host of its subnet" default:"nva" pattern:"[a-z][a-z0-9-]{0,40}"`
	ASN          uint32       `yaml:"asn,omitempty" doc:"AS number of the first NVA; those of the others follow" default:"65001" min:"1"`
	NVA          NVA          `yaml:"nva,omitempty" doc:"what all these NVAs do" like:"nvas" without:"name,vnet,address,asn"`
	Sites        []string     `yaml:"sites,omitempty" doc:"sites that get a tunnel to each NVA, behind those that they have"`
	Tunnel       Tunnel       `yaml:"tunnel,omitempty" doc:"what all these tunnels do" without:"name,to"`
}
