package events

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// RunStarted is the first line of every log: what ran. The scenario is the
// resolved one, so that the log alone is enough to run it again.
type RunStarted struct {
	Scenario string // its name
	Text     string // the resolved scenario, YAML
	Seed     uint64
	Version  string // of the program that wrote the log
	Horizon  Time   // the run ends here
	Ties     uint64 // what happens at one instant was in an order drawn under this seed; 0: in that in which it was sent or set
}

// Kind says which event it is.
func (RunStarted) Kind() Kind { return KindRunStarted }

func (e RunStarted) String() string {
	s := fmt.Sprintf("run %s seed %d until %v", e.Scenario, e.Seed, e.Horizon)
	if e.Ties != 0 {
		s += fmt.Sprintf(" ties %d", e.Ties)
	}
	return s
}

func (e RunStarted) append(b []byte) []byte {
	b = appendString(appendString(b, e.Scenario), e.Text)
	b = binary.AppendUvarint(b, e.Seed)
	b = binary.AppendUvarint(appendString(b, e.Version), uint64(e.Horizon))
	return binary.AppendUvarint(b, e.Ties)
}

func decodeRunStarted(r *reader) Event {
	return RunStarted{Scenario: r.string(), Text: r.string(), Seed: r.uvarint(), Version: r.string(), Horizon: r.time(), Ties: r.uvarint()}
}

// NodeKind says what a node is.
type NodeKind uint8

// The kinds of nodes.
const (
	RouteServerNode  NodeKind = iota + 1 // an instance of a Route Server; forwards no packet, unless Node.Relays
	NVANode                              // forwards by its guest FIB, then by the routes of its NIC
	SiteNode                             // a router outside Azure, with the networks behind it
	VMNode                               // virtual machines that share one table of effective routes
	InternetNode                         // everything that no other node owns
	GatewayNode                          // an instance of an ExpressRoute gateway; forwards by the routes of its NIC, its FIB among them
	VPNGatewayNode                       // an instance of a VPN gateway; forwards like an ExpressRoute gateway, and into tunnels
	MSEENode                             // one of the two Microsoft edge routers of a circuit; forwards by its FIB
	LoadBalancerNode                     // the front end of an internal load balancer; spreads flows over the back ends in its FIB
)

func (k NodeKind) String() string {
	return [...]string{"", "route-server", "nva", "site", "vms", "internet", "er-gateway", "vpn-gateway", "msee", "load-balancer"}[min(k, LoadBalancerNode)]
}

// Node is a thing that speaks, forwards, or sends and receives traffic.
type Node struct {
	Node      ActorID
	Type      NodeKind
	VNet      string         // where it stands; none outside Azure
	AS        uint32         // of a speaker
	Address   netip.Addr     // where it is reached, its next hop and BGP identifier; none for VMs
	Prefixes  []netip.Prefix // whose packets it delivers: a site's networks, a subnet of VMs
	SNAT      Translation    // what an NVA gives its own address
	Stateful  bool           // an NVA that drops what belongs to no flow it knows
	StateOf   string         // NVAs with the same word know the same flows; none: its own alone
	Loose     bool           // a stateful NVA that takes up TCP flows whose beginning it has not seen
	Relays    bool           // a Route Server instance whose address NVAs send as next hop (next-hop-unchanged): its VNet forwards what comes to it
	HashSeed  uint64         // of its choice among equal next hops
	Scheme    HashScheme     // how it chooses; the NIC of an NVA has its own
	Symmetric bool           // both directions of a flow have one hash there
	Capacity  Capacity       // of what it forwards, both directions together
}

// Kind says which event it is.
func (Node) Kind() Kind { return KindNode }

func (e Node) String() string {
	s := fmt.Sprintf("%s is a %v", e.Node, e.Type)
	if e.VNet != "" {
		s += " in " + e.VNet
	}
	if e.AS != 0 {
		s += fmt.Sprintf(", AS %d", e.AS)
	}
	if e.Address.IsValid() {
		s += ", " + e.Address.String()
	}
	if e.Capacity != (Capacity{}) {
		s += ", at most " + e.Capacity.String()
	}
	return s
}

func (e Node) append(b []byte) []byte {
	b = append(appendActor(b, e.Node), byte(e.Type))
	b = appendString(b, e.VNet)
	b = binary.AppendUvarint(b, uint64(e.AS))
	b = appendAddr(b, e.Address)
	b = appendList(b, e.Prefixes, appendPrefix)
	b = appendString(appendBool(append(b, byte(e.SNAT)), e.Stateful), e.StateOf)
	b = appendBool(appendBool(b, e.Loose), e.Relays)
	b = appendBool(append(binary.AppendUvarint(b, e.HashSeed), byte(e.Scheme)), e.Symmetric)
	return e.Capacity.append(b)
}

func decodeNode(r *reader) Event {
	return Node{
		Node: r.actor(), Type: NodeKind(r.byte()), VNet: r.string(), AS: uint32(r.uvarint()), Address: r.addr(),
		Prefixes: readList(r, (*reader).prefix), SNAT: Translation(r.byte()), Stateful: r.bool(), StateOf: r.string(), Loose: r.bool(), Relays: r.bool(),
		HashSeed: r.uvarint(), Scheme: HashScheme(r.byte()), Symmetric: r.bool(), Capacity: r.capacity(),
	}
}

// LinkKind says what a link is.
type LinkKind uint8

// The kinds of links.
const (
	PeeringLink    LinkKind = iota + 1 // a VNet peering
	TunnelLink                         // a tunnel between an NVA or a VPN gateway and a site
	InternetLink                       // an NVA's way to the Internet
	ConnectionLink                     // an ExpressRoute connection, between a gateway and a circuit
	CircuitLink                        // one of the two links of a circuit, between an MSEE and a site
	RouterLink                         // between two routers outside Azure
)

func (k LinkKind) String() string {
	return [...]string{"", "peering", "tunnel", "internet", "connection", "circuit", "link"}[min(k, RouterLink)]
}

// Link joins two VNets or two nodes.
type Link struct {
	Name     string
	Type     LinkKind
	A, B     string
	Capacity Capacity // of each direction
}

// Kind says which event it is.
func (Link) Kind() Kind { return KindLink }

func (e Link) String() string {
	s := fmt.Sprintf("%v %s joins %s and %s", e.Type, e.Name, e.A, e.B)
	if e.Capacity != (Capacity{}) {
		s += ", at most " + e.Capacity.String()
	}
	return s
}

func (e Link) append(b []byte) []byte {
	b = append(appendString(b, e.Name), byte(e.Type))
	return e.Capacity.append(appendString(appendString(b, e.A), e.B))
}

func decodeLink(r *reader) Event {
	return Link{Name: r.string(), Type: LinkKind(r.byte()), A: r.string(), B: r.string(), Capacity: r.capacity()}
}

// Crossing is a link in one of its two directions.
type Crossing struct {
	Link    string
	Reverse bool // from B to A
}

func (c Crossing) String() string {
	if c.Reverse {
		return c.Link + " reversed"
	}
	return c.Link
}

func appendCrossing(b []byte, c Crossing) []byte {
	return appendBool(appendString(b, c.Link), c.Reverse)
}

func (r *reader) crossing() Crossing { return Crossing{Link: r.string(), Reverse: r.bool()} }

// Path says that packets can go from one node directly to another, and what
// they cross. Nodes without a Path between them cannot reach each other.
type Path struct {
	From, To  ActorID
	Crossings []Crossing // in order; none inside one VNet
	// OwnOnly says that only packets pass whose source is in the VNet of From: a
	// peering whose far end does not allow forwarded traffic.
	OwnOnly bool
}

// Kind says which event it is.
func (Path) Kind() Kind { return KindPath }

func (e Path) String() string {
	s := make([]string, len(e.Crossings))
	for i, c := range e.Crossings {
		s[i] = c.String()
	}
	return fmt.Sprintf("path %s to %s over %s", e.From, e.To, strings.Join(s, ", "))
}

func (e Path) append(b []byte) []byte {
	b = appendList(appendActor(appendActor(b, e.From), e.To), e.Crossings, appendCrossing)
	return appendBool(b, e.OwnOnly)
}

func decodePath(r *reader) Event {
	return Path{From: r.actor(), To: r.actor(), Crossings: readList(r, (*reader).crossing), OwnOnly: r.bool()}
}

// NICGroup is a set of NICs that share one table of effective routes because
// they stand in one subnet and one Route Server instance programs them.
type NICGroup struct {
	Group    ActorID    // the node that has the table
	Set      string     // the set of VMs it is a part of
	Subnet   string     // where they stand, as <VNet>/<subnet>
	NICs     []int      // the numbers of its NICs in that set, ascending
	Instance ActorID    // who programs it at the start; none where no Route Server reaches
	Scheme   HashScheme // how it chooses among equal next hops
}

// Kind says which event it is.
func (NICGroup) Kind() Kind { return KindNICGroup }

func (e NICGroup) String() string {
	return fmt.Sprintf("nic group %s: %d NICs of %s, programmed by %s", e.Group, len(e.NICs), e.Set, e.Instance)
}

func (e NICGroup) append(b []byte) []byte {
	b = appendString(appendString(appendActor(b, e.Group), e.Set), e.Subnet)
	b = appendList(b, e.NICs, func(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) })
	return append(appendActor(b, e.Instance), byte(e.Scheme))
}

func decodeNICGroup(r *reader) Event {
	return NICGroup{
		Group: r.actor(), Set: r.string(), Subnet: r.string(),
		NICs: readList(r, func(r *reader) int { return int(r.uvarint()) }), Instance: r.actor(), Scheme: HashScheme(r.byte()),
	}
}

// HopType is the type of a next hop, as Azure names it.
type HopType uint8

// Azure's next-hop types.
const (
	VnetLocal             HopType = iota + 1 // inside the VNet
	VNetPeering                              // to a peered VNet of the same region
	Internet                                 // out of Azure
	None                                     // dropped
	VNetGlobalPeering                        // to a peered VNet of another region
	VirtualAppliance                         // to an address: only of user-defined routes
	VirtualNetworkGateway                    // to what a gateway or a Route Server learned
)

func (h HopType) String() string {
	return [...]string{
		"", "VnetLocal", "VNetPeering", "Internet", "None", "VNetGlobalPeering", "VirtualAppliance", "VirtualNetworkGateway",
	}[min(h, VirtualNetworkGateway)]
}

// Hides tells whether a system route of this type beats learned routes at any
// prefix length: those of the VNet and of peered ones do (Azure:
// virtual-networks-udr-overview, 2023-05-27).
func (h HopType) Hides() bool { return h == VnetLocal || h == VNetPeering || h == VNetGlobalPeering }

// SystemRoute is an entry that Azure puts into a NIC's effective routes itself.
type SystemRoute struct {
	Group  ActorID
	Prefix netip.Prefix
	Hop    HopType
}

// Kind says which event it is.
func (SystemRoute) Kind() Kind { return KindSystemRoute }

func (e SystemRoute) String() string { return fmt.Sprintf("%s: %v %v", e.Group, e.Prefix, e.Hop) }

func (e SystemRoute) append(b []byte) []byte {
	return append(appendPrefix(appendActor(b, e.Group), e.Prefix), byte(e.Hop))
}

func decodeSystemRoute(r *reader) Event {
	return SystemRoute{Group: r.actor(), Prefix: r.prefix(), Hop: HopType(r.byte())}
}

// UserRoute is a user-defined route of the subnet of a NIC. It beats a learned
// route, and that one a system route, of the same prefix (Azure:
// virtual-networks-udr-overview, 2023-05-27).
type UserRoute struct {
	Group   ActorID
	Prefix  netip.Prefix
	Hop     HopType
	NextHop netip.Addr // of a VirtualAppliance; otherwise none
}

// Kind says which event it is.
func (UserRoute) Kind() Kind { return KindUserRoute }

func (e UserRoute) String() string {
	if e.NextHop.IsValid() {
		return fmt.Sprintf("%s: %v %v %v (user)", e.Group, e.Prefix, e.Hop, e.NextHop)
	}
	return fmt.Sprintf("%s: %v %v (user)", e.Group, e.Prefix, e.Hop)
}

func (e UserRoute) append(b []byte) []byte {
	return appendAddr(append(appendPrefix(appendActor(b, e.Group), e.Prefix), byte(e.Hop)), e.NextHop)
}

func decodeUserRoute(r *reader) Event {
	return UserRoute{Group: r.actor(), Prefix: r.prefix(), Hop: HopType(r.byte()), NextHop: r.addr()}
}
