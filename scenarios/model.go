package scenarios

import (
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
	Design       string        `yaml:"design,omitempty" doc:"the scenario that this one changes: one of the library, or a file, by its path from this one with its .yaml. The parameters here replace those of the same name, every other key the whole key there; name, description, matrix and seeds are not taken over. What has no default may be missing here if it is there. A scenario that is loaded has none: it is both"`
	Horizon      time.Duration `yaml:"horizon" doc:"virtual time at which the run ends, whether or not it is quiet"`
	StartJitter  sim.Dist      `yaml:"start_jitter,omitempty" doc:"time after the start at which a speaker opens its sessions; its keepalives keep that phase" default:"uniform(0s, 1s)"`
	ECMPHash     string        `yaml:"ecmp_hash,omitempty" doc:"what is hashed to choose among equal next hops: each flow, or its two addresses alone" enum:"5-tuple,2-tuple" default:"5-tuple"`
	ECMPScheme   string        `yaml:"ecmp_scheme,omitempty" doc:"how the hash chooses: its remainder, equal regions of the hashes in the order of the next hops (RFC 2992), or 840 buckets of which as few as possible move when the set changes (Linux); of NICs and of all else that does not say its own; load balancers have their own way" enum:"modulo,hash-threshold,resilient" default:"modulo"`
	Symmetric    bool          `yaml:"ecmp_symmetric,omitempty" doc:"both directions of a flow have one hash, and all nodes have one seed: two nodes with the same next hops then choose the same one, and one after the other is no choice of its own" default:"false"`
	Start        string        `yaml:"start,omitempty" doc:"how the BGP sessions of links begin: all down, or up, each table being sent at once" enum:"cold,established" default:"cold"`
	Generate     []Generator   `yaml:"generate,omitempty" doc:"networks of equal routers"`
	Routers      []Router      `yaml:"routers,omitempty" doc:"BGP routers outside Azure, of any network" max:"25000"`
	Links        []Link        `yaml:"links,omitempty" doc:"links between routers, with a BGP session each" max:"100000"`
	Params       []Param       `yaml:"params,omitempty" doc:"named values, used as $name; a sweep may set them"`
	Hubs         []Hubs        `yaml:"hubs,omitempty" doc:"numbers of equal hubs: VNets with an NVA each. A scenario that is loaded has what they make"`
	VNets        []VNet        `yaml:"vnets,omitempty" doc:"virtual networks"`
	Peerings     []Peering     `yaml:"peerings,omitempty" doc:"VNet peerings"`
	RouteServers []RouteServer `yaml:"route_servers,omitempty" doc:"Azure Route Servers"`
	NVAs         []NVA         `yaml:"nvas,omitempty" doc:"network virtual appliances"`
	Balancers    []Balancer    `yaml:"load_balancers,omitempty" doc:"internal load balancers, as next hop of NVAs' routes"`
	ERGateways   []ERGateway   `yaml:"expressroute_gateways,omitempty" doc:"ExpressRoute gateways"`
	VPNGateways  []VPNGateway  `yaml:"vpn_gateways,omitempty" doc:"active-active VPN gateways"`
	Circuits     []Circuit     `yaml:"circuits,omitempty" doc:"ExpressRoute circuits"`
	Sites        []Site        `yaml:"sites,omitempty" doc:"networks outside Azure, each behind a BGP router"`
	VMs          []VMs         `yaml:"vms,omitempty" doc:"sets of virtual machines"`
	Traffic      []Class       `yaml:"traffic,omitempty" doc:"flow classes"`
	Faults       []Fault       `yaml:"faults,omitempty" doc:"what fails, when, and when it is repaired"`
	Drills       []Fault       `yaml:"drills,omitempty" doc:"faults that a run does not play: simulate compare tries each in runs of its own, and simulate scenario --drill plays one in place of faults" like:"faults"`
	Failures     []Failure     `yaml:"failures,omitempty" doc:"what can break and how often, for simulate availability; a run breaks none of it"`
	Expect       []Expectation `yaml:"expect,omitempty" doc:"what must hold after the run"`
}

// Param is a named value of the file, used as $name.
type Param struct {
	Name, Value string
}

// Expectation is a rule over the measures of a run, checked after it.
type Expectation struct {
	Measure string // dotted, e.g. outage.forward
	Rule    string // e.g. "< 200s", "true"
}
