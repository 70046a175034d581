package scenarios

// FaultInfo says what a kind of fault is and what it may hit.
type FaultInfo struct {
	Kind    FaultKind
	Doc     string
	Targets []Thing
}

// FaultKinds gives all kinds of faults, in the order of the reference.
func FaultKinds() []FaultInfo {
	routers := []Thing{AnNVA, ASite}
	return []FaultInfo{
		{NodeDeath, "the machine dies silently; it returns with empty tables", routers},
		{ProcessKill, "the BGP process is killed; its host closes the connections", routers},
		{Hang, "the BGP process stops; its host still acknowledges and forwards", routers},
		{GracefulStop, "the BGP process says goodbye (Cease) and ends", routers},
		{SessionShutdown, "one session, with `peer`, is shut down by its operator", []Thing{AnNVA}},
		{LinkDown, "packets are lost silently, in both directions or only those `from` one end", []Thing{APeering, ATunnel}},
		{ForwardingDead, "packets are not forwarded any more, BGP lives", []Thing{AnNVA}},
		{UpstreamLoss, "an NVA loses its tunnels and its way to the Internet", []Thing{AnNVA}},
		{InstanceLoss, "a Route Server instance goes away, its sessions with it", []Thing{AnInstance}},
		{HubLoss, "all that stands in a hub VNet dies, peerings and tunnels too", []Thing{AVNet}},
	}
}

// Thing is a kind of named thing in a scenario, as messages call it.
type Thing string

// a gives the thing with its article.
func (t Thing) a() string {
	if t == AnNVA {
		return "an " + string(t)
	}
	return "a " + string(t)
}

// The kinds of named things.
const (
	AVNet        Thing = "VNet"
	APeering     Thing = "peering"
	ARouteServer Thing = "Route Server"
	AnInstance   Thing = "Route Server instance"
	AnNVA        Thing = "NVA"
	ASite        Thing = "site"
	ATunnel      Thing = "tunnel"
	ASetOfVMs    Thing = "set of VMs"
	ANICGroup    Thing = "group of NICs"
	AClass       Thing = "traffic class"
	AFault       Thing = "fault"
	ARepair      Thing = "repair of a fault"
	AReserved    Thing = "reserved name"
)
