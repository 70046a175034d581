package scenarios

import (
	"net/netip"
	"time"

	"dualhome/sim"
)

// NVA is a network virtual appliance: a firewall, a VPN router or both.
type NVA struct {
	Name         string         `yaml:"name" doc:"name of the NVA" pattern:"[a-z0-9-]{1,63}"`
	VNet         string         `yaml:"vnet" doc:"the hub VNet it stands in"`
	Address      netip.Addr     `yaml:"address" doc:"private address of its NIC, inside the VNet"`
	ASN          uint32         `yaml:"asn" doc:"its AS number; not 65515 and not reserved by Azure" min:"1"`
	Roles        []string       `yaml:"roles,omitempty" doc:"firewall: forwards to the Internet, with SNAT unless snat says otherwise, and originates 0.0.0.0/0; vpn: tunnels with BGP to sites; neither: a plain router" enum:"firewall,vpn"`
	Stateful     bool           `yaml:"stateful,omitempty" doc:"drops packets of flows whose other direction it has not seen" default:"false"`
	SNAT         string         `yaml:"snat,omitempty" doc:"where it gives packets its own address: in what it sends to the Internet, or in all that it forwards of flows in the direction in which they are begun, to sites too, so that the answers come back to it" enum:"none,internet,all" default:"<internet for a firewall, else none>"`
	SharedState  string         `yaml:"shared_state,omitempty" doc:"stateful NVAs with the same word know each other's flows, as a cluster of firewalls; addresses that they translate they do not share" pattern:"[a-z0-9-]{1,63}"`
	Midstream    bool           `yaml:"midstream_pickup,omitempty" doc:"a stateful NVA that lets TCP flows go on whose beginning it has not seen, when they come to it from another NVA" default:"false"`
	RouteServers []Session      `yaml:"route_servers,omitempty" doc:"Route Servers it peers with, or single instances (rs0-1)" short:"route_server"`
	Profile      ProfileName    `yaml:"profile,omitempty" doc:"what it does where nothing else is said here, also of what there is no key for: that of a make of router, or of the RFC; simulate profiles lists them; its rfc8212 is left out: an NVA uses and sends routes without a policy"`
	Sites        []PeerPolicy   `yaml:"sites,omitempty" doc:"what it does with the routes of single sites, which its tunnels lead to"`
	Hold         time.Duration  `yaml:"hold,omitempty" unit:"hold" doc:"hold time it offers" default:"180s"`
	Keepalive    time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	Jitter       bool           `yaml:"keepalive_jitter,omitempty" doc:"takes up to 25 % off the time to each keepalive, drawn anew (RFC 4271 section 10); each one is then a message of its own, also where nothing happens" default:"false"`
	ConnectRetry sim.Dist       `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer (RFC 4271 section 8), drawn anew for each attempt; uniform(90s, 120s) is 120s with the jitter of section 10" default:"120s" min:"1s"`
	MRAI         sim.Dist       `yaml:"mrai,omitempty" doc:"least time between two advertisements to one peer (MinRouteAdvertisementIntervalTimer)" default:"0s"`
	Prepend      int            `yaml:"prepend,omitempty" doc:"extra copies of its AS in every path it sends, to Route Servers and sites" default:"0" max:"10"`
	Restart      time.Duration  `yaml:"graceful_restart,omitempty" doc:"restart time that it offers (RFC 4724): it keeps the routes of a peer that restarts for as long as that peer offered, and goes on forwarding itself; 0s: none" default:"0s" max:"4095s"`
	ASOverride   string         `yaml:"as_override,omitempty" doc:"replaces each 65515 in paths by its own AS, on sessions with Route Servers: in what it sends (out), receives (in), or both" enum:"none,in,out,both" default:"none"`
	RemoveAS     string         `yaml:"remove_as,omitempty" doc:"removes each 65515 from paths, on sessions with Route Servers" enum:"none,in,out,both" default:"none"`
	AllowASIn    int            `yaml:"allowas_in,omitempty" doc:"how often its own AS may be in a path that it accepts from a Route Server" default:"0" max:"10"`
	Unchanged    bool           `yaml:"next_hop_unchanged,omitempty" doc:"keeps the next hop of what it sends to Route Servers" default:"false"`
	NextHop      netip.Addr     `yaml:"next_hop,omitempty" doc:"next hop that it sends to Route Servers instead of its own address: a load balancer"`
	NoAdvertise  []netip.Prefix `yaml:"no_advertise,omitempty" doc:"prefixes that it sends to Route Servers with the community NO_ADVERTISE"`
	StaticRoutes []StaticRoute  `yaml:"static_routes,omitempty" doc:"prefixes that it routes statically, and originates in BGP" short:"prefix"`
	Probe        time.Duration  `yaml:"probe_interval,omitempty" doc:"health probes of what its static routes lead to; 0s: none, and they stay when that is lost" default:"0s"`
	ProbeFails   int            `yaml:"probe_threshold,omitempty" doc:"failed probes in a row after which a static route is withdrawn" default:"3" min:"1" max:"100"`
	ECMPScheme   string         `yaml:"ecmp_scheme,omitempty" doc:"how it chooses among equal next hops of its forwarding table; its NIC does it as all NICs do" enum:"modulo,hash-threshold,resilient" default:"<the scenario's>"`
	SendBack     bool           `yaml:"send_back,omitempty" doc:"sends its best route also to the peer it came from, as most router software does" default:"true"`
	Bandwidth    int64          `yaml:"bandwidth,omitempty" unit:"bps" doc:"what it forwards at most, both directions together, as Azure meters what a VM sends" default:"<no bound>" min:"1bps" max:"1Tbps"`
	PacketRate   int            `yaml:"packets_per_second,omitempty" doc:"packets a second that it forwards at most, both directions together" default:"<no bound>" min:"1" max:"1000000000000"`
	MaxFlows     int            `yaml:"max_flows,omitempty" doc:"flows that it carries at most; others are refused" default:"<no bound>" min:"1" max:"1000000000000"`
}

// Session is an NVA's BGP with a Route Server: a name, or a map where it differs
// from what the NVA does on the others.
type Session struct {
	RouteServer string       `yaml:"route_server" doc:"the Route Server, or one instance of it"`
	Prepend     *int         `yaml:"prepend,omitempty" doc:"extra copies of its AS in what it sends" default:"<the NVA's>" max:"10"`
	ASOverride  string       `yaml:"as_override,omitempty" doc:"replaces each 65515 in paths by the NVA's AS" enum:"none,in,out,both" default:"<the NVA's>"`
	RemoveAS    string       `yaml:"remove_as,omitempty" doc:"removes each 65515 from paths" enum:"none,in,out,both" default:"<the NVA's>"`
	AllowASIn   *int         `yaml:"allowas_in,omitempty" doc:"how often the NVA's AS may be in a path that it accepts" default:"<the NVA's>" max:"10"`
	Unchanged   *bool        `yaml:"next_hop_unchanged,omitempty" doc:"keeps the next hop of what it sends" default:"<the NVA's>"`
	NextHop     netip.Addr   `yaml:"next_hop,omitempty" doc:"next hop that it sends instead of its own address" default:"<the NVA's>"`
	Import      []PolicyRule `yaml:"import,omitempty" doc:"what of its routes is used, and how; the first rule that matches decides, the others are kept"`
	Export      []PolicyRule `yaml:"export,omitempty" doc:"what it is sent, after all that the keys above do; the first rule that matches decides, the others are kept"`
}

// StaticRoute is a route that an NVA has whatever BGP says.
type StaticRoute struct {
	Prefix   netip.Prefix `yaml:"prefix" doc:"destinations"`
	Via      string       `yaml:"via,omitempty" doc:"where to: into the tunnels to the sites that own it, or into its own VNet" enum:"tunnel,vnet" default:"tunnel"`
	Announce bool         `yaml:"announce,omitempty" doc:"originates it in BGP" default:"true"`
}

// Balancer is an internal load balancer: an address that NVAs, or user-defined
// routes, give as next hop, and that spreads flows over its back ends.
type Balancer struct {
	Name       string        `yaml:"name" doc:"name of the load balancer" pattern:"[a-z0-9-]{1,63}"`
	VNet       string        `yaml:"vnet" doc:"the VNet it stands in"`
	Address    netip.Addr    `yaml:"address" doc:"address of its front end, inside the VNet"`
	Backends   []string      `yaml:"backends" doc:"NVAs of the same VNet" min:"1"`
	Probe      time.Duration `yaml:"probe_interval,omitempty" doc:"time between two health probes" default:"5s" min:"1s"`
	ProbeFails int           `yaml:"probe_threshold,omitempty" doc:"failed probes in a row after which a back end gets no flows" default:"2" min:"1" max:"100"`
}
