package scenarios

import (
	"net/netip"

	"dualhome/sim"
)

// Fault is something that fails and, if RepairAfter is set, works again.
type Fault struct {
	Name        string       `yaml:"name" doc:"name of the disturbance; its repair is <name>-repair" pattern:"[a-z0-9-]{1,56}"`
	Kind        FaultKind    `yaml:"kind" doc:"what happens"`
	Target      string       `yaml:"target" doc:"what is hit: a node, an instance, a VNet, a circuit or a link"`
	Peer        string       `yaml:"peer,omitempty" doc:"the other end, for session-shutdown and policy-change; of an NVA a Route Server, an instance of one or a site"`
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
	SessionShutdown FaultKind = "session-shutdown" // a session, or those with both instances of a Route Server, is shut down by its operator
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
