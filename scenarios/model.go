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
	ECMPHash     string        `yaml:"ecmp_hash,omitempty" doc:"what is hashed to choose among equal next hops: each flow, or its two addresses alone" enum:"5-tuple,2-tuple" default:"5-tuple"`
	Start        string        `yaml:"start,omitempty" doc:"how the BGP sessions of links begin: all down, or up, each table being sent at once" enum:"cold,established" default:"cold"`
	Generate     []Generator   `yaml:"generate,omitempty" doc:"networks of equal routers"`
	Routers      []Router      `yaml:"routers,omitempty" doc:"BGP routers outside Azure, of any network" max:"25000"`
	Links        []Link        `yaml:"links,omitempty" doc:"links between routers, with a BGP session each" max:"100000"`
	Params       []Param       `yaml:"params,omitempty" doc:"named values, used as $name; a sweep may set them"`
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
	Expect       []Expectation `yaml:"expect,omitempty" doc:"what must hold after the run"`
}

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

// Speaker is what a BGP router does, as data: the options of its stack.
type Speaker struct {
	Profile        ProfileName   `yaml:"profile,omitempty" doc:"what it does where nothing else is said here: that of a make of router, or of the RFC; simulate profiles lists them"`
	Hold           time.Duration `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	ConnectRetry   time.Duration `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer, RFC 4271 section 8" default:"120s" min:"1s"`
	MRAI           sim.Dist      `yaml:"mrai,omitempty" doc:"MinRouteAdvertisementIntervalTimer, RFC 4271 section 9.2.1.1; uniform(22.5s, 30s) is 30s with the RFC's jitter" default:"0s"`
	MRAIPer        string        `yaml:"mrai_per,omitempty" doc:"what has an MRAI timer: the peer, or each prefix of it" enum:"peer,prefix" default:"peer"`
	MRAITimer      string        `yaml:"mrai_timer,omitempty" doc:"when an MRAI timer starts: when something is sent, or it runs freely from the start at a phase of its own and what it governs waits until it expires" enum:"on-send,free-running" default:"on-send"`
	MRAIWithdrawal bool          `yaml:"mrai_withdrawals,omitempty" doc:"withdrawals wait for MRAI too (WRATE)" default:"false"`
	GhostFlushing  bool          `yaml:"ghost_flushing,omitempty" doc:"a route that got worse is withdrawn at once where MRAI holds its successor back" default:"false"`
	SendBack       bool          `yaml:"send_back,omitempty" doc:"sends its best route also to the peer it came from; inside its AS to a client of a route reflector only" default:"true"`
	SenderLoops    bool          `yaml:"sender_side_loop_detection,omitempty" doc:"sends no route to a peer whose AS is in its path" default:"false"`
	NextHopSelf    bool          `yaml:"next_hop_self,omitempty" doc:"sends routes of other ASes to peers of its own AS with its own address as next hop" default:"false"`
	Processing     *sim.Dist     `yaml:"processing,omitempty" doc:"time that each received UPDATE keeps it busy, one after the other; none, where it is absent"`
	Multipath      bool          `yaml:"multipath,omitempty" doc:"uses all equally good routes from one neighbour AS" default:"false"`
	MultipathRelax bool          `yaml:"multipath_relax,omitempty" doc:"uses all equally good routes, whatever the neighbour AS" default:"false"`
	MultipathSame  bool          `yaml:"multipath_same_path,omitempty" doc:"uses all equally good routes with the same AS path" default:"false"`
	MaxPaths       int           `yaml:"max_paths,omitempty" doc:"how many routes to a prefix it uses together at most, those with the lowest next hops; 0: any number" default:"0" max:"256"`
	DecisionDelay  time.Duration `yaml:"decision_delay,omitempty" doc:"how long a prefix waits for its decision, together with those that wait already" default:"0s" max:"60s"`
	ClearDelay     time.Duration `yaml:"clear_delay,omitempty" doc:"how long a decision waits longer where a session ended, or a link failed" default:"0s" max:"60s"`
	InstallDelay   time.Duration `yaml:"install_delay,omitempty" doc:"from the decision to the forwarding table" default:"0s" max:"60s"`
	FirstTable     time.Duration `yaml:"first_table_delay,omitempty" doc:"how long a new session waits for the table" default:"0s" max:"60s"`
	FirstTableFor  time.Duration `yaml:"first_table_per_session,omitempty" doc:"and so much longer for each of its sessions that is up" default:"0s" max:"60s"`
	CompareUnsent  bool          `yaml:"compare_unsent,omitempty" doc:"sends an UPDATE also where only the MED or LOCAL_PREF changed that the peer is not sent (FRR)" default:"false"`
	TornGroups     bool          `yaml:"torn_groups,omitempty" doc:"a group of next hops that lost one with its link does not get it back (FRR)" default:"false"`
	MRAIOn         string        `yaml:"mrai_on,omitempty" doc:"what begins the MRAI: an announcement that is sent, or the next one that is queued less than that after the last UPDATE, in whole seconds of the clock (FRR)" enum:"sent,queued" default:"sent"`
	FastFailover   bool          `yaml:"fast_external_failover,omitempty" doc:"a session goes with its link; otherwise only its routes are not used while the link is down" default:"true"`
	LeavesRoutes   bool          `yaml:"leaves_routes,omitempty" doc:"a killed process leaves its routes in the forwarding table, until it begins anew" default:"false"`
	AlwaysMED      bool          `yaml:"always_compare_med,omitempty" doc:"compares MED between neighbour ASes too" default:"false"`
	MissingMED     bool          `yaml:"missing_med_worst,omitempty" doc:"a route without MED has the highest, not 0" default:"false"`
	PairwiseMED    bool          `yaml:"pairwise_med,omitempty" doc:"compares routes in pairs, in the order of arrival, as routers without deterministic MED do" default:"false"`
	Restart        time.Duration `yaml:"graceful_restart,omitempty" doc:"restart time that it offers (RFC 4724): it keeps the routes of a peer that restarts for as long as that peer offered, and goes on forwarding itself; 0s: none" default:"0s" max:"4095s"`
	Damping        string        `yaml:"damping,omitempty" doc:"route flap damping of what external peers send (RFC 2439), with the defaults of Cisco or Juniper (RFC 7196)" enum:"none,cisco,juniper" default:"none"`
	Suppress       int           `yaml:"damping_suppress,omitempty" doc:"for damping, the penalty above which a route is suppressed; RFC 7196 section 6 recommends 6000 or more. No penalty is higher than 12000" default:"<2000 for cisco, 3000 for juniper>" min:"1" max:"11999"`
	SessionFlaps   bool          `yaml:"damping_session_loss,omitempty" doc:"for damping, the end of a session is a flap of each route that goes with it, which RFC 2439 section 4.8.5 allows; FRR applies no penalty, of Cisco that is inferred, of Juniper unknown" default:"false"`
	KeepOldest     bool          `yaml:"keep_oldest,omitempty" doc:"the external route that is best now stays, before identifiers are compared (RFC 5004)" default:"false"`
	BFDInterval    time.Duration `yaml:"bfd_interval,omitempty" doc:"over links with BFD: time between two packets that it sends (Desired Min TX, RFC 5880)" default:"300ms" min:"1ms"`
	BFDMinRx       time.Duration `yaml:"bfd_min_rx,omitempty" doc:"least time between two packets that it accepts (Required Min RX); the slower of both ends counts" default:"300ms" min:"1ms"`
	BFDMultiplier  int           `yaml:"bfd_multiplier,omitempty" doc:"how many of its packets in a row may be missing until the other end takes it for silent (Detect Mult)" default:"3" min:"1" max:"255"`
	BFDJitter      bool          `yaml:"bfd_jitter,omitempty" doc:"takes up to 25 % off each interval, as RFC 5880 section 6.8.7 demands" default:"true"`
	BFDLateInit    bool          `yaml:"bfd_late_init,omitempty" doc:"says Init with its next periodic packet, not at once, as FRR 8.4.4 does" default:"false"`
	BFDDropsZero   bool          `yaml:"bfd_drops_zero,omitempty" doc:"while its session is up, drops a Down of a peer that forgot its discriminator, as FRR 8.4.4 does; RFC 5880 section 6.8.6 accepts it" default:"false"`
	DenyDefault    bool          `yaml:"rfc8212,omitempty" doc:"without a policy, uses nothing that an external peer sends, and sends it nothing (RFC 8212)" default:"false"`
}

// Router is a BGP router of any network.
type Router struct {
	Name       string         `yaml:"name" doc:"name of the router" pattern:"[a-z0-9-]{1,63}"`
	ASN        uint32         `yaml:"asn" doc:"its AS number" min:"1"`
	ID         netip.Addr     `yaml:"id,omitempty" doc:"BGP identifier and address" default:"<192.0.2.1, 192.0.2.2, … by its place; from the 255th on 198.19.121.0 and up>"`
	Originates []netip.Prefix `yaml:"originates,omitempty" doc:"prefixes it originates at the start"`
	Speaker    Speaker        `yaml:"bgp,omitempty" doc:"what it does"`
	ClusterID  netip.Addr     `yaml:"cluster_id,omitempty" doc:"of a route reflector (RFC 4456)" default:"<its id>"`
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

// PolicyRule is one rule of a policy.
type PolicyRule struct {
	Prefixes  []netip.Prefix `yaml:"prefixes,omitempty" doc:"matches these prefixes; all, where it is absent"`
	GE        int            `yaml:"ge,omitempty" doc:"only those inside them that have at least this length" default:"0" max:"32"`
	LE        int            `yaml:"le,omitempty" doc:"and longer ones inside them, up to this length; any, where there is ge alone" default:"0" max:"32"`
	ASPath    string         `yaml:"as_path,omitempty" doc:"matches paths, written as 65001 65002, by a regular expression (RE2); _ stands for a border; on export the path as it was received"`
	Community string         `yaml:"community,omitempty" doc:"matches routes with this community: <AS>:<number>, no-export or no-advertise, or a large one of three numbers (RFC 8092)"`
	Action    string         `yaml:"action,omitempty" doc:"what happens to a route that matches" enum:"accept,drop" default:"accept"`
	LocalPref *int           `yaml:"local_pref,omitempty" doc:"sets LOCAL_PREF" max:"4294967295"`
	MED       *int           `yaml:"med,omitempty" doc:"sets MED" max:"4294967295"`
	Prepend   int            `yaml:"prepend,omitempty" doc:"puts so many copies of the own AS before the path; of the peer's on import" default:"0" max:"10"`
	NextHop   netip.Addr     `yaml:"next_hop,omitempty" doc:"sets the next hop"`
	Add       []string       `yaml:"add_communities,omitempty" doc:"adds communities, large ones too"`
	Remove    []string       `yaml:"remove_communities,omitempty" doc:"removes communities, large ones too, before any are added"`
}

// PeerPolicy is what a speaker does with the routes of one of its peers.
type PeerPolicy struct {
	Peer   string       `yaml:"peer" doc:"the peer, which it has a session with"`
	Import []PolicyRule `yaml:"import,omitempty" doc:"what of its routes is used, and how; the first rule that matches decides, the others are kept"`
	Export []PolicyRule `yaml:"export,omitempty" doc:"what it is sent; the first rule that matches decides, the others are kept"`
}

// Link joins two routers, with a BGP session.
type Link struct {
	Name     string    `yaml:"name,omitempty" doc:"name of the link" default:"<first>-<second>" pattern:"[a-z0-9-]{1,63}"`
	Between  [2]string `yaml:"between" doc:"the two routers"`
	Delay    sim.Dist  `yaml:"delay,omitempty" doc:"one-way delay of packets; with delay_back, of those from the first router to the second" default:"10ms"`
	Back     *sim.Dist `yaml:"delay_back,omitempty" doc:"one-way delay of packets from the second router to the first; that of delay, where it is absent"`
	Detected bool      `yaml:"detected,omitempty" doc:"both ends notice at once when it fails, and drop the session (fast external failover)" default:"true"`
	BFD      bool      `yaml:"bfd,omitempty" doc:"BFD between both ends, as their bgp: says" default:"false"`
	Relation string    `yaml:"relation,omitempty" doc:"business relation, which makes Gao-Rexford policies: the first is a provider of the second, or they are peers; none: no policy" enum:"none,provider,peer" default:"none"`
}

// Param is a named value of the file, used as $name.
type Param struct {
	Name, Value string
}

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

// RouteServer is an Azure Route Server: two instances <name>-0 and <name>-1 at
// the first two usable addresses of RouteServerSubnet, AS 65515.
type RouteServer struct {
	Name           string        `yaml:"name" doc:"name of the Route Server; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet           string        `yaml:"vnet" doc:"the VNet it stands in"`
	Hold           time.Duration `yaml:"hold,omitempty" doc:"hold time it offers" default:"profile"`
	Keepalive      time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	BranchToBranch bool          `yaml:"branch_to_branch,omitempty" doc:"exchange routes between NVAs and gateways" default:"profile"`
	Preference     string        `yaml:"routing_preference,omitempty" doc:"which source is preferred before the AS path is looked at; ASPath: none" enum:"ExpressRoute,VpnGateway,ASPath" default:"profile"`
	RouteLimit     int           `yaml:"route_limit,omitempty" doc:"routes per BGP peer, held + incoming; above, the session is torn down" default:"profile" min:"1" max:"10000"`
	LimitRetry     time.Duration `yaml:"limit_retry,omitempty" doc:"time until a session that was torn down for too many routes may begin again" default:"profile"`
	Negotiate      bool          `yaml:"negotiate,omitempty" doc:"the lower hold time of the two offers is used" default:"profile"`
	Initiator      string        `yaml:"initiator,omitempty" doc:"who opens the TCP connections to NVAs" enum:"nva,route-server" default:"profile"`
	BFD            bool          `yaml:"bfd,omitempty" doc:"BFD with NVAs, 300 ms x 3" default:"profile"`
	Restart        time.Duration `yaml:"graceful_restart,omitempty" doc:"restart time that it offers (RFC 4724): with NVAs that offer one too it keeps the routes of a peer that restarts for as long as that peer offered; 0s: none" default:"profile" max:"4095s"`
	Reflection     string        `yaml:"reflection,omitempty" doc:"whether one NVA's routes are sent to the others: as branch_to_branch says, always or never" enum:"branch-to-branch,always,never" default:"profile"`
	ToGateways     string        `yaml:"advertise_to_gateways,omitempty" doc:"whether NVAs' routes are sent to gateways: as branch_to_branch says, or always" enum:"branch-to-branch,always" default:"profile"`
	InsideRoutes   bool          `yaml:"advertise_inside,omitempty" doc:"NVAs' routes inside the VNet or a peered one are sent to gateways too" default:"profile"`
	MarkReflected  bool          `yaml:"mark_reflected,omitempty" doc:"one NVA's routes carry the community 65517:65517 when they are sent to another" default:"profile"`
	TieBreak       string        `yaml:"tie_break,omitempty" doc:"among paths of equal length: all are used, or those that tie in RFC 4271 up to the BGP identifier" enum:"ecmp,rfc4271" default:"profile"`
	Programming    sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs" default:"profile"`
	PerRoute       time.Duration `yaml:"programming_per_route,omitempty" doc:"further delay for each route of a batch" default:"profile"`
	Unit           string        `yaml:"programming_unit,omitempty" doc:"what draws the delay: a batch of changes for all NICs of an instance, or each NIC" enum:"batch,nic" default:"profile"`
	NICSource      string        `yaml:"nic_source,omitempty" doc:"whose routes a NIC gets: of the one instance that serves it, or the union of both" enum:"instance,union" default:"profile"`
	WarmUp         time.Duration `yaml:"warm_up,omitempty" doc:"after a session is up, time until its routes are programmed" default:"profile"`
	Spacing        time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC" default:"profile"`
	Takeover       time.Duration `yaml:"takeover,omitempty" doc:"delay until the other instance serves the NICs of a lost one" default:"profile"`
	RouteMaps      []PeerPolicy  `yaml:"route_maps,omitempty" doc:"route maps (preview, 2026-07), one for each NVA or gateway that it peers with; they change AS paths and communities, and no prefix of its VNets"`
	OnLoss         string        `yaml:"on_loss,omitempty" doc:"what NICs do with learned routes when both instances are lost" enum:"keep,flush" default:"profile"`
}

// NVA is a network virtual appliance: a firewall, a VPN router or both.
type NVA struct {
	Name         string         `yaml:"name" doc:"name of the NVA" pattern:"[a-z0-9-]{1,63}"`
	VNet         string         `yaml:"vnet" doc:"the hub VNet it stands in"`
	Address      netip.Addr     `yaml:"address" doc:"private address of its NIC, inside the VNet"`
	ASN          uint32         `yaml:"asn" doc:"its AS number; not 65515 and not reserved by Azure" min:"1"`
	Roles        []string       `yaml:"roles,omitempty" doc:"firewall: SNAT towards the Internet, and originates 0.0.0.0/0; vpn: tunnels with BGP to sites; neither: a plain router" enum:"firewall,vpn"`
	Stateful     bool           `yaml:"stateful,omitempty" doc:"drops packets of flows whose other direction it has not seen" default:"false"`
	RouteServers []Session      `yaml:"route_servers,omitempty" doc:"Route Servers it peers with, or single instances (rs0-1)" short:"route_server"`
	Profile      ProfileName    `yaml:"profile,omitempty" doc:"what it does where nothing else is said here, also of what there is no key for: that of a make of router, or of the RFC; simulate profiles lists them"`
	Sites        []PeerPolicy   `yaml:"sites,omitempty" doc:"what it does with the routes of single sites, which its tunnels lead to"`
	Hold         time.Duration  `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive    time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	ConnectRetry time.Duration  `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer, RFC 4271 section 8" default:"120s" min:"1s"`
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
	SendBack     bool           `yaml:"send_back,omitempty" doc:"sends its best route also to the peer it came from, as most router software does" default:"true"`
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

// ERGateway is an ExpressRoute gateway: two instances <name>-0 and <name>-1 in
// GatewaySubnet, AS 65515.
type ERGateway struct {
	Name        string        `yaml:"name" doc:"name of the gateway; its instances are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet        string        `yaml:"vnet" doc:"the VNet it stands in"`
	Hold        time.Duration `yaml:"hold,omitempty" doc:"hold time it offers to circuits and Route Server" default:"profile"`
	Keepalive   time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	Convergence sim.Dist      `yaml:"convergence,omitempty" doc:"how long the gateway takes to follow a change of what a circuit tells it" default:"profile"`
	ECMP        bool          `yaml:"ecmp_with_route_server,omitempty" doc:"NICs spread flows over two paths of the gateway even where a Route Server stands in its VNet" default:"profile"`
	Programming sim.Dist      `yaml:"programming,omitempty" doc:"delay from a best-path change to the NICs, in a VNet without Route Server" default:"profile"`
	Spacing     time.Duration `yaml:"spacing,omitempty" doc:"least time between two changes of one route on one NIC, in a VNet without Route Server" default:"profile"`
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
	Hold        time.Duration `yaml:"hold,omitempty" doc:"hold time that its MSEEs offer" default:"profile"`
	Keepalive   time.Duration `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"profile"`
	Delay       sim.Dist      `yaml:"delay,omitempty" doc:"one-way delay of packets between MSEE and site" default:"5ms"`
}

// Connection joins a circuit to a gateway: a name, or a map when it has options.
type Connection struct {
	Name    string   `yaml:"name,omitempty" doc:"name of the connection, a link for faults" default:"<gateway>-<circuit>" pattern:"[a-z0-9-]{1,63}"`
	Gateway string   `yaml:"gateway" doc:"the ExpressRoute gateway"`
	Weight  int      `yaml:"weight,omitempty" doc:"routing weight: the gateway prefers the connection with the highest, before the AS path" default:"0" max:"32000"`
	Delay   sim.Dist `yaml:"delay,omitempty" doc:"one-way delay of packets between gateway, or VMs, and MSEE" default:"2ms"`
}

// Site is a network outside Azure behind one BGP router. It has tunnels, or
// circuits, or both.
type Site struct {
	Name           string         `yaml:"name" doc:"name of the site and of its router" pattern:"[a-z0-9-]{1,63}"`
	ASN            uint32         `yaml:"asn" doc:"AS number of its router" min:"1"`
	Prefixes       []netip.Prefix `yaml:"prefixes" doc:"prefixes it originates; 0.0.0.0/0 where it offers the Internet" min:"1"`
	Tunnels        []Tunnel       `yaml:"tunnels,omitempty" doc:"tunnels to NVAs with the role vpn and to VPN gateways" short:"to"`
	Profile        ProfileName    `yaml:"profile,omitempty" doc:"what it does where nothing else is said here, also of what there is no key for: that of a make of router, or of the RFC; simulate profiles lists them"`
	Hold           time.Duration  `yaml:"hold,omitempty" doc:"hold time it offers" default:"180s"`
	Keepalive      time.Duration  `yaml:"keepalive,omitempty" doc:"keepalive interval; at most a third of the negotiated hold time" default:"60s"`
	ConnectRetry   time.Duration  `yaml:"connect_retry,omitempty" doc:"ConnectRetryTimer, RFC 4271 section 8" default:"120s" min:"1s"`
	MRAI           sim.Dist       `yaml:"mrai,omitempty" doc:"least time between two advertisements to one peer" default:"0s"`
	Multipath      bool           `yaml:"multipath,omitempty" doc:"installs all equally good routes from one neighbour AS" default:"false"`
	MultipathRelax bool           `yaml:"multipath_relax,omitempty" doc:"installs all routes of equal AS-path length, whatever the neighbour AS" default:"false"`
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

// VMs is a set of equal virtual machines in one subnet.
type VMs struct {
	Name   string `yaml:"name" doc:"name of the set; its groups of NICs are <name>-0 and <name>-1" pattern:"[a-z0-9-]{1,61}"`
	VNet   string `yaml:"vnet" doc:"the VNet"`
	Subnet string `yaml:"subnet" doc:"the subnet of that VNet"`
	Count  int    `yaml:"count" doc:"number of machines, one NIC each" min:"1" max:"4000"`
}

// Class is a class of flows between a set of VMs and a site, the Internet or
// another set of VMs, in both directions.
type Class struct {
	Name  string `yaml:"name" doc:"name of the class" pattern:"[a-z0-9-]{1,63}"`
	From  string `yaml:"from" doc:"the set of VMs at one end"`
	To    string `yaml:"to" doc:"a site, internet, or another set of VMs"`
	Rate  int64  `yaml:"rate" unit:"bps" doc:"offered rate of all its flows together, in each direction" min:"1bps" max:"1Tbps"`
	Flows int    `yaml:"flows,omitempty" doc:"number of 5-tuple flows that are hashed" default:"1000" min:"1" max:"1000000"`
}

// Fault is something that fails and, if RepairAfter is set, works again.
type Fault struct {
	Name        string       `yaml:"name" doc:"name of the disturbance; its repair is <name>-repair" pattern:"[a-z0-9-]{1,56}"`
	Kind        FaultKind    `yaml:"kind" doc:"what happens"`
	Target      string       `yaml:"target" doc:"what is hit: a node, an instance, a VNet, a circuit or a link"`
	Peer        string       `yaml:"peer,omitempty" doc:"the other end, for session-shutdown and policy-change; for an NVA's policy-change a Route Server, an instance of one or a site"`
	Prefix      netip.Prefix `yaml:"prefix,omitempty" doc:"for announce and withdraw: what the router originates, or no longer"`
	Prepend     *int         `yaml:"prepend,omitempty" doc:"for policy-change: extra copies of the own AS in what the peer is sent" max:"10"`
	Import      []PolicyRule `yaml:"import,omitempty" doc:"for policy-change: what of the peer's routes is used, and how"`
	Export      []PolicyRule `yaml:"export,omitempty" doc:"for policy-change: what the peer is sent"`
	From        string       `yaml:"from,omitempty" doc:"for link-down: only packets from this end (a VNet, an NVA, a gateway, a circuit or a site) are lost"`
	SeenBy      string       `yaml:"seen_by,omitempty" doc:"for link-down of a link between routers: the end that notices at once, both, or none; of a detected link both notice where it fails in both directions" default:"<both, of a detected link>"`
	At          sim.Dist     `yaml:"at" doc:"when"`
	RepairAfter *sim.Dist    `yaml:"repair_after,omitempty" doc:"how long until it is repaired; never, where it is absent"`
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
	LinkDown        FaultKind = "link-down"        // a peering, a tunnel, a connection or a link of a circuit loses packets silently
	ForwardingDead  FaultKind = "forwarding-dead"  // packets are not forwarded any more, BGP lives
	UpstreamLoss    FaultKind = "upstream-loss"    // an NVA loses its tunnels and its way to the Internet
	InstanceLoss    FaultKind = "instance-loss"    // a Route Server instance goes away, its sessions with it
	HubLoss         FaultKind = "hub-loss"         // all that stands in a hub VNet dies, peerings, tunnels and connections too
	CircuitLoss     FaultKind = "circuit-loss"     // both links between a circuit and its site lose packets silently
	Announce        FaultKind = "announce"         // a router begins to originate a prefix
	Withdraw        FaultKind = "withdraw"         // a router originates a prefix no longer
	PolicyChange    FaultKind = "policy-change"    // an operator changes what a router or an NVA does with its peers
	PeeringCreated  FaultKind = "peering-created"  // a further VNet is peered: the Route Server there asks all NVAs for their routes again
)

// Expectation is a rule over the measures of a run, checked after it.
type Expectation struct {
	Measure string // dotted, e.g. outage.forward
	Rule    string // e.g. "< 200s", "true"
}
