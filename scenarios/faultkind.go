package scenarios

import "slices"

// FaultInfo says what a kind of fault is and what it may hit.
type FaultInfo struct {
	Kind    FaultKind
	Doc     string
	Targets []Thing
}

// FaultKinds gives all kinds of faults, in the order of the reference.
func FaultKinds() []FaultInfo {
	routers := []Thing{AnNVA, ASite, ARouter, AGatewayInstance, AnMSEE}
	forwarders := []Thing{AnNVA, AGatewayInstance, AnMSEE}
	return []FaultInfo{
		{NodeDeath, "the machine dies silently; it returns with empty tables", routers},
		{ProcessKill, "the BGP process is killed; its host closes the connections", routers},
		{Hang, "the BGP process stops; its host still acknowledges and forwards", routers},
		{GracefulStop, "the BGP process says goodbye (Cease) and ends", routers},
		{SessionShutdown, "one session, with `peer`, is shut down by its operator; with a Route Server, those with both instances", []Thing{AnNVA, ARouter}},
		{LinkDown, "packets are lost, in both directions or only those `from` one end: silently, but that both ends of a `detected` link notice when it fails whole", []Thing{APeering, ATunnel, AConnection, ACircuitLink, ALink}},
		{ForwardingDead, "packets are not forwarded any more, BGP lives", forwarders},
		{UpstreamLoss, "an NVA loses its tunnels and its way to the Internet", []Thing{AnNVA}},
		{InstanceLoss, "a Route Server instance goes away, its sessions with it", []Thing{AnInstance}},
		{HubLoss, "all that stands in a hub VNet dies, peerings, tunnels and connections too", []Thing{AVNet}},
		{CircuitLoss, "both links between a circuit and its site lose packets silently", []Thing{ACircuit}},
		{Announce, "the router originates `prefix`, until it is repaired or withdrawn", []Thing{ARouter}},
		{Withdraw, "the router originates `prefix` no longer, until it is repaired or announced", []Thing{ARouter}},
		{PolicyChange, "the operator changes what it does with `peer`, which an NVA may leave out for all: what `prepend`, `import` and `export` say takes the place of what was, until it is repaired, and what they leave out stays; the sessions stay up", []Thing{AnNVA, ARouter}},
		{PeeringCreated, "a further VNet is peered with this one: its Route Server asks all NVAs for their routes again", []Thing{AVNet}},
	}
}

// FailureKinds gives the kinds of faults that something can have again and again:
// not what an operator announces, withdraws, changes or creates.
func FailureKinds() []FaultKind {
	var kinds []FaultKind
	for _, k := range FaultKinds() {
		if !slices.Contains([]FaultKind{Announce, Withdraw, PolicyChange, PeeringCreated}, k.Kind) {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// Thing is a kind of named thing in a scenario, as messages call it.
type Thing string

// a gives the thing with its article.
func (t Thing) a() string {
	if slices.Contains([]Thing{AnNVA, AnMSEE, AGateway}, t) {
		return "an " + string(t)
	}
	return "a " + string(t)
}

// The kinds of named things.
const (
	AVNet            Thing = "VNet"
	APeering         Thing = "peering"
	ARouteServer     Thing = "Route Server"
	AnInstance       Thing = "Route Server instance"
	AnNVA            Thing = "NVA"
	ABalancer        Thing = "load balancer"
	AGateway         Thing = "ExpressRoute gateway"
	AVPNGateway      Thing = "VPN gateway"
	AGatewayInstance Thing = "gateway instance"
	ACircuit         Thing = "circuit"
	AnMSEE           Thing = "MSEE"
	ACircuitLink     Thing = "circuit link"
	AConnection      Thing = "connection"
	ASite            Thing = "site"
	ARouter          Thing = "router"
	ALink            Thing = "link"
	ATunnel          Thing = "tunnel"
	APairOfTunnels   Thing = "pair of tunnels" // to a VPN gateway: no link itself
	ASetOfVMs        Thing = "set of VMs"
	ANICGroup        Thing = "group of NICs"
	AClass           Thing = "traffic class"
	AFault           Thing = "fault"
	ARepair          Thing = "repair of a fault"
	ADrill           Thing = "drill"
	ADrillRepair     Thing = "repair of a drill"
	AFailure         Thing = "failure"
	AFailureRepair   Thing = "repair of a failure"
	AReserved        Thing = "reserved name"
)

// ASpeaker is whatever speaks BGP: see speakers. No name is registered as one.
const ASpeaker Thing = "BGP speaker"

// speakers gives the kinds of things that speak BGP.
func speakers() []Thing { return []Thing{AnInstance, AGatewayInstance, AnMSEE, AnNVA, ASite, ARouter} }

// wide gives what a measure can be narrowed to: a fault, or its repair as well.
func (t Thing) wide() string {
	if t == AFault {
		return "disturbance"
	}
	return string(t)
}

// placeholder gives the word in <> that stands for the name of such a thing.
func (t Thing) placeholder() string {
	switch t {
	case AClass:
		return "class"
	case ASpeaker:
		return "speaker"
	}
	return string(t)
}
