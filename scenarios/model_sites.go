package scenarios

import (
	"net/netip"
	"time"

	"dualhome/sim"
)

// Site is a network outside Azure behind one BGP router. It has tunnels, or
// circuits, or both.
type Site struct {
	Name           string         `yaml:"name" doc:"name of the site and of its router" pattern:"[a-z0-9-]{1,63}"`
	ASN            uint32         `yaml:"asn" doc:"AS number of its router" min:"1"`
	Prefixes       []netip.Prefix `yaml:"prefixes" doc:"prefixes it originates; 0.0.0.0/0 where it offers the Internet" min:"1"`
	Routes         int            `yaml:"routes,omitempty" doc:"how many routes it announces its prefixes as: the same addresses in more prefixes, made by halving the largest ones (0.0.0.0/0 aside, and none below a /30) until there are so many" default:"<one for each of its prefixes>" min:"1" max:"10000"`
	Tunnels        []Tunnel       `yaml:"tunnels,omitempty" doc:"tunnels to NVAs with the role vpn and to VPN gateways" short:"to"`
	Profile        ProfileName    `yaml:"profile,omitempty" doc:"what it does where nothing else is said here, also of what there is no key for: that of a make of router, or of the RFC; simulate profiles lists them; its rfc8212 is left out: a site uses and sends routes without a policy"`
	Hold           time.Duration  `yaml:"hold,omitempty" unit:"hold" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	Jitter         bool           `yaml:"keepalive_jitter,omitempty" doc:"takes up to 25 % off the time to each keepalive, drawn anew (RFC 4271 section 10); each one is then a message of its own, also where nothing happens" default:"false"`
	ConnectRetry   sim.Dist       `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer (RFC 4271 section 8), drawn anew for each attempt; uniform(90s, 120s) is 120s with the jitter of section 10" default:"120s" min:"1s"`
	MRAI           sim.Dist       `yaml:"mrai,omitempty" doc:"least time between two advertisements to one peer" default:"0s"`
	Multipath      bool           `yaml:"multipath,omitempty" doc:"installs all equally good routes from one neighbour AS" default:"false"`
	MultipathRelax bool           `yaml:"multipath_relax,omitempty" doc:"installs all routes of equal AS-path length, whatever the neighbour AS" default:"false"`
	ECMPScheme     string         `yaml:"ecmp_scheme,omitempty" doc:"how it chooses among equal next hops" enum:"modulo,hash-threshold,resilient" default:"<the scenario's>"`
	Peers          []PeerPolicy   `yaml:"peers,omitempty" doc:"what it does with the routes of single NVAs, VPN gateways and circuits"`
}

// Tunnel joins a site to an NVA, or to both instances of a VPN gateway: a name,
// or a map when it has options.
type Tunnel struct {
	Name       string        `yaml:"name,omitempty" doc:"name of the tunnel, a link for faults; to a VPN gateway there are two, <name>-0 and <name>-1" default:"<to>-<site>" pattern:"[a-z0-9-]{1,63}"`
	To         string        `yaml:"to" doc:"the NVA or the VPN gateway at the other end"`
	Delay      sim.Dist      `yaml:"delay,omitempty" doc:"one-way delay of packets through it" default:"10ms"`
	BGP        bool          `yaml:"bgp,omitempty" doc:"a BGP session through the tunnel; without one, routes are static at both ends" default:"true"`
	DPD        time.Duration `yaml:"dpd,omitempty" doc:"IPsec dead-peer detection: time between two probes at both ends; 0s: none" default:"0s"`
	DPDRetries int           `yaml:"dpd_retries,omitempty" doc:"unanswered probes in a row after which the tunnel is down" default:"3" min:"1" max:"10"`
}
