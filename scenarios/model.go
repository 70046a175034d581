package scenarios

import (
	"net/netip"
	"time"

	"dualhome/sim"
)

// Scenario is one network, its traffic, what happens to it and what must then
// hold: a scenario file, parsed and checked. Every name in it is unique, every
// reference resolves, every default is filled in.
type Scenario struct {
	Version      int           `yaml:"version" doc:"version of the format: 1" min:"1" max:"1"`
	Name         string        `yaml:"name" doc:"name of the scenario" pattern:"[a-z0-9-]{1,63}"`
	Description  string        `yaml:"description,omitempty" doc:"one sentence: what this shows"`
	Horizon      time.Duration `yaml:"horizon" doc:"virtual time at which the run ends, whether or not it is quiet"`
	StartJitter  sim.Dist      `yaml:"start_jitter,omitempty" doc:"time after the start at which a speaker opens its sessions; its keepalives keep that phase" default:"uniform(0s, 1s)"`
	Params       []Param       `yaml:"params,omitempty" doc:"named values, used as $name; a sweep may set them"`
	VNets        []VNet        `yaml:"vnets,omitempty" doc:"virtual networks"`
	Peerings     []Peering     `yaml:"peerings,omitempty" doc:"VNet peerings"`
	RouteServers []RouteServer `yaml:"route_servers,omitempty" doc:"Azure Route Servers"`
	NVAs         []NVA         `yaml:"nvas,omitempty" doc:"network virtual appliances"`
	Sites        []Site        `yaml:"sites,omitempty" doc:"networks outside Azure, each behind a BGP router"`
	VMs          []VMs         `yaml:"vms,omitempty" doc:"sets of virtual machines"`
	Traffic      []Class       `yaml:"traffic,omitempty" doc:"flow classes"`
	Faults       []Fault       `yaml:"faults,omitempty" doc:"what fails, when, and when it is repaired"`
	Expect       []Expectation `yaml:"expect,omitempty" doc:"what must hold after the run"`
}

// Param is a named value of the file, used as $name.
type Param struct {
	Name, Value string
}

// VNet is a virtual network. Prefixes of different VNets do not overlap.
type VNet struct {
	Name         string         `yaml:"name" doc:"name of the VNet" pattern:"[a-z0-9-]{1,63}"`
	AddressSpace []netip.Prefix `yaml:"address_space" doc:"address prefixes of the VNet" min:"1"`
	Subnets      []Subnet       `yaml:"subnets,omitempty" doc:"subnets; a VNet with a Route Server needs RouteServerSubnet"`
}

// Subnet is a part of a VNet's address space.
type Subnet struct {
	Name   string       `yaml:"name" doc:"name of the subnet" pattern:"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"`
	Prefix netip.Prefix `yaml:"prefix" doc:"address prefix, inside the VNet's address space"`
}

// Peering joins two VNets. Peering is not transitive.
type Peering struct {
	Name    string    `yaml:"name,omitempty" doc:"name of the peering" default:"<first>-<second>" pattern:"[a-z0-9-]{1,63}"`
	Between [2]string `yaml:"between" doc:"the two VNets"`
	Delay   sim.Dist  `yaml:"delay,omitempty" doc:"one-way delay of packets across it" default:"1ms"`
}

// RouteServer is an Azure Route Server: two instances <name>-0 and <name>-1 at
// the first two usable addresses of RouteServerSubnet, AS 65515.
type RouteServer struct {
	Name           string        `yaml:"name" doc:"name of the Route Server; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet           string        `yaml:"vnet" doc:"the VNet it stands in"`
	Hold           time.Duration `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	BranchToBranch bool          `yaml:"branch_to_branch,omitempty" doc:"re-advertise what one NVA sent to the others" default:"false"`
	Programming    sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs" default:"measured"`
	Spacing        time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC" default:"30s"`
	Takeover       time.Duration `yaml:"takeover,omitempty" doc:"delay until the other instance serves the NICs of a lost one" default:"0s"`
	OnLoss         string        `yaml:"on_loss,omitempty" doc:"what NICs do with learned routes when both instances are lost" enum:"keep,flush" default:"keep"`
}

// NVA is a network virtual appliance: a firewall, a VPN router or both.
type NVA struct {
	Name         string         `yaml:"name" doc:"name of the NVA" pattern:"[a-z0-9-]{1,63}"`
	VNet         string         `yaml:"vnet" doc:"the hub VNet it stands in"`
	Address      netip.Addr     `yaml:"address" doc:"private address of its NIC, inside the VNet"`
	ASN          uint32         `yaml:"asn" doc:"its AS number; not 65515 and not reserved by Azure" min:"1"`
	Roles        []string       `yaml:"roles" doc:"firewall: SNAT towards the Internet, and originates 0.0.0.0/0; vpn: tunnels with BGP to sites" enum:"firewall,vpn" min:"1"`
	Stateful     bool           `yaml:"stateful,omitempty" doc:"drops packets of flows whose other direction it has not seen" default:"false"`
	RouteServers []string       `yaml:"route_servers,omitempty" doc:"Route Servers it peers with, or single instances (rs0-1)"`
	Hold         time.Duration  `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive    time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	ConnectRetry time.Duration  `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer, RFC 4271 section 8" default:"120s" min:"1s"`
	MRAI         time.Duration  `yaml:"mrai,omitempty" doc:"least time between two advertisements to one peer (MinRouteAdvertisementIntervalTimer)" default:"0s"`
	Prepend      int            `yaml:"prepend,omitempty" doc:"extra copies of its AS in every path it sends, to Route Servers and sites" default:"0" max:"10"`
	StaticRoutes []netip.Prefix `yaml:"static_routes,omitempty" doc:"prefixes of its sites that it routes statically into the tunnel and originates in BGP; they stay when the tunnel dies"`
	SendBack     bool           `yaml:"send_back,omitempty" doc:"sends its best route also to the peer it came from, as most router software does" default:"true"`
}

// Site is a network outside Azure behind one BGP router.
type Site struct {
	Name           string         `yaml:"name" doc:"name of the site and of its router" pattern:"[a-z0-9-]{1,63}"`
	ASN            uint32         `yaml:"asn" doc:"AS number of its router" min:"1"`
	Prefixes       []netip.Prefix `yaml:"prefixes" doc:"prefixes it originates; 0.0.0.0/0 where it offers the Internet" min:"1"`
	Tunnels        []Tunnel       `yaml:"tunnels" doc:"tunnels to NVAs with the role vpn" min:"1" short:"nva"`
	Hold           time.Duration  `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	ConnectRetry   time.Duration  `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer, RFC 4271 section 8" default:"120s" min:"1s"`
	MRAI           time.Duration  `yaml:"mrai,omitempty" doc:"least time between two advertisements to one peer" default:"0s"`
	Multipath      bool           `yaml:"multipath,omitempty" doc:"installs all equally good routes from one neighbour AS" default:"false"`
	MultipathRelax bool           `yaml:"multipath_relax,omitempty" doc:"installs all routes of equal AS-path length, whatever the neighbour AS" default:"false"`
}

// Tunnel joins a site to an NVA: a name, or a map when it has options.
type Tunnel struct {
	Name  string   `yaml:"name,omitempty" doc:"name of the tunnel, a link for faults" default:"<nva>-<site>" pattern:"[a-z0-9-]{1,63}"`
	NVA   string   `yaml:"nva" doc:"the NVA at the other end"`
	Delay sim.Dist `yaml:"delay,omitempty" doc:"one-way delay of packets through it" default:"10ms"`
	BGP   bool     `yaml:"bgp,omitempty" doc:"a BGP session through the tunnel; without one, routes are static at both ends" default:"true"`
}

// VMs is a set of equal virtual machines in one subnet.
type VMs struct {
	Name   string `yaml:"name" doc:"name of the set; its groups of NICs are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet   string `yaml:"vnet" doc:"the VNet"`
	Subnet string `yaml:"subnet" doc:"the subnet of that VNet"`
	Count  int    `yaml:"count" doc:"number of machines, one NIC each" min:"1" max:"4000"`
}

// Class is a class of flows between a set of VMs and a site or the Internet,
// in both directions.
type Class struct {
	Name  string `yaml:"name" doc:"name of the class" pattern:"[a-z0-9-]{1,63}"`
	From  string `yaml:"from" doc:"the set of VMs at one end"`
	To    string `yaml:"to" doc:"a site, or internet"`
	Rate  int64  `yaml:"rate" unit:"bps" doc:"offered rate of all its flows together, in each direction" min:"1bps" max:"1Tbps"`
	Flows int    `yaml:"flows,omitempty" doc:"number of 5-tuple flows that are hashed" default:"1000" min:"1" max:"1000000"`
}

// Fault is something that fails and, if RepairAfter is set, works again.
type Fault struct {
	Name        string    `yaml:"name" doc:"name of the disturbance; its repair is <name>-repair" pattern:"[a-z0-9-]{1,56}"`
	Kind        FaultKind `yaml:"kind" doc:"what happens"`
	Target      string    `yaml:"target" doc:"an NVA, a Route Server instance, a site, a VNet, a peering or a tunnel"`
	Peer        string    `yaml:"peer,omitempty" doc:"the other end, for session-shutdown"`
	From        string    `yaml:"from,omitempty" doc:"for link-down: only packets from this end (a VNet, an NVA or a site) are lost"`
	At          sim.Dist  `yaml:"at" doc:"when"`
	RepairAfter *sim.Dist `yaml:"repair_after,omitempty" doc:"how long until it is repaired; never, where it is absent"`
}

// FaultKind says what fails.
type FaultKind string

// The kinds of faults.
const (
	NodeDeath       FaultKind = "node-death"       // the machine dies silently; it returns with empty tables
	ProcessKill     FaultKind = "process-kill"     // the BGP process is killed; its host closes the connections
	Hang            FaultKind = "hang"             // the BGP process stops; its host still acknowledges and forwards
	GracefulStop    FaultKind = "graceful-stop"    // the BGP process says goodbye (Cease) and ends
	SessionShutdown FaultKind = "session-shutdown" // one session is shut down by its operator
	LinkDown        FaultKind = "link-down"        // a peering or a tunnel loses packets silently
	ForwardingDead  FaultKind = "forwarding-dead"  // packets are not forwarded any more, BGP lives
	UpstreamLoss    FaultKind = "upstream-loss"    // an NVA loses its tunnels and its way to the Internet
	InstanceLoss    FaultKind = "instance-loss"    // a Route Server instance goes away, its sessions with it
	HubLoss         FaultKind = "hub-loss"         // all that stands in a hub VNet dies, peerings and tunnels too
)

// Expectation is a rule over the measures of a run, checked after it.
type Expectation struct {
	Measure string // dotted, e.g. outage.forward
	Rule    string // e.g. "< 200s", "true"
}
