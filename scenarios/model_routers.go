package scenarios

import (
	"net/netip"
	"time"

	"dualhome/sim"
)

// Generator makes routers <name>0, <name>1, … and the links between them.
type Generator struct {
	Name   string   `yaml:"name,omitempty" doc:"what the names of the routers begin with" default:"r" pattern:"[a-z][a-z0-9-]{0,40}"`
	Kind   string   `yaml:"kind" doc:"clique, ring, chain, star (around router 0), tree (binary), b-clique (a chain of half the routers, each end linked to the clique of the others), focus (chains of 1 to count relays from router 0 to one router), random (connected, mean degree given), gao-rexford (customers, peers and providers)" enum:"clique,ring,chain,star,tree,b-clique,focus,random,gao-rexford"`
	Count  int      `yaml:"count" doc:"number of routers; of chains for focus" min:"1" max:"25000"`
	Degree int      `yaml:"degree,omitempty" doc:"mean number of links of a router, for random and gao-rexford" default:"4" min:"2" max:"100"`
	ASN    uint32   `yaml:"asn,omitempty" doc:"AS number of router 0; the others follow" default:"64512" min:"1"`
	Delay  sim.Dist `yaml:"delay,omitempty" doc:"one-way delay of every link" default:"10ms"`
	Origin string   `yaml:"origin,omitempty" doc:"which routers originate a prefix, 198.51.<i>.0/24 for router i (from 256 on, /25 from 198.18.0.0): the first, all or none" enum:"first,all,none" default:"first"`
	Router *Speaker `yaml:"router,omitempty" doc:"what all its routers do"`
}

// Router is a BGP router of any network.
type Router struct {
	Name       string         `yaml:"name" doc:"name of the router" pattern:"[a-z0-9-]{1,63}"`
	ASN        uint32         `yaml:"asn" doc:"its AS number" min:"1"`
	ID         netip.Addr     `yaml:"id,omitempty" doc:"BGP identifier and address" default:"<192.0.2.1, 192.0.2.2, … by its place; from the 255th on 198.19.121.0 and up>"`
	Originates []netip.Prefix `yaml:"originates,omitempty" doc:"prefixes it originates at the start"`
	Speaker    Speaker        `yaml:"bgp,omitempty" doc:"what it does"`
	ClusterID  netip.Addr     `yaml:"cluster_id,omitempty" doc:"of a route reflector (RFC 4456)" default:"<its id>"`
	ECMPScheme string         `yaml:"ecmp_scheme,omitempty" doc:"how it chooses among equal next hops" enum:"modulo,hash-threshold,resilient" default:"<the scenario's>"`
	Peers      []Peer         `yaml:"peers,omitempty" doc:"what it does with single peers" short:"router"`
}

// Peer is what a router does with one of its peers.
type Peer struct {
	Router      string       `yaml:"router" doc:"the peer, which a link leads to"`
	Client      bool         `yaml:"client,omitempty" doc:"a client of this route reflector (RFC 4456)" default:"false"`
	Transparent bool         `yaml:"transparent,omitempty" doc:"a client of this route server: paths, next hops and MED stay as they are (RFC 7947)" default:"false"`
	IGPCost     int          `yaml:"igp_cost,omitempty" doc:"cost to the next hops that it sends" default:"0" max:"65535"`
	Prepend     int          `yaml:"prepend,omitempty" doc:"extra copies of the own AS in what it is sent" default:"0" max:"10"`
	ASOverride  bool         `yaml:"as_override,omitempty" doc:"replaces each number of its AS in paths that it is sent by the own AS" default:"false"`
	AllowASIn   int          `yaml:"allowas_in,omitempty" doc:"how often the own AS may be in a path that it sends" default:"0" max:"10"`
	Import      []PolicyRule `yaml:"import,omitempty" doc:"what of its routes is used, and how; the first rule that matches decides, the others are kept"`
	Export      []PolicyRule `yaml:"export,omitempty" doc:"what it is sent; the first rule that matches decides, the others are kept"`
}

// Link joins two routers, with a BGP session.
type Link struct {
	Name          string         `yaml:"name,omitempty" doc:"name of the link" default:"<first>-<second>" pattern:"[a-z0-9-]{1,63}"`
	Between       [2]string      `yaml:"between" doc:"the two routers"`
	Delay         sim.Dist       `yaml:"delay,omitempty" doc:"one-way delay of packets; with delay_back, of those from the first router to the second" default:"10ms"`
	Back          *sim.Dist      `yaml:"delay_back,omitempty" doc:"one-way delay of packets from the second router to the first; that of delay, where it is absent"`
	Detected      bool           `yaml:"detected,omitempty" doc:"both ends notice at once when it fails, and drop the session (fast external failover)" default:"true"`
	BFD           bool           `yaml:"bfd,omitempty" doc:"BFD between both ends, as their bgp says, or bfd_interval and bfd_multiplier of the link" default:"false"`
	BFDInterval   *time.Duration `yaml:"bfd_interval,omitempty" doc:"with bfd, what both ends have there in place of their bfd_interval and bfd_min_rx" min:"1ms" max:"4294s" why:"RFC 5880 sends it in microseconds, in 32 bits (section 4.1); 300ms is usual"`
	BFDMultiplier *int           `yaml:"bfd_multiplier,omitempty" doc:"with bfd, what both ends have there in place of their bfd_multiplier" min:"1" max:"255" why:"RFC 5880 sends it in 8 bits (section 4.1), and 0 is discarded (section 6.8.6); 3 is usual"`
	Relation      string         `yaml:"relation,omitempty" doc:"business relation, which makes Gao-Rexford policies: the first is a provider of the second, or they are peers; none: no policy" enum:"none,provider,peer" default:"none"`
}
