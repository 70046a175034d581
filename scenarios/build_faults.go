package scenarios

import (
	"slices"

	"dualhome/actors"
	"dualhome/events"
)

// faults gives the faults with their effects.
func (b *builder) faults() []actors.Fault {
	var all []actors.Fault
	for _, f := range b.s.Faults {
		all = append(all, actors.Fault{
			Name: f.Name, What: string(f.Kind), Target: f.Target, At: f.At, RepairAfter: f.RepairAfter, Effect: b.effect(f),
		})
	}
	return all
}

// effect says what a fault breaks.
func (b *builder) effect(f Fault) actors.Effect {
	target := events.ActorID(f.Target)
	is := func(c events.Condition) map[events.ActorID]events.Condition {
		return map[events.ActorID]events.Condition{target: c}
	}
	switch f.Kind {
	case NodeDeath, InstanceLoss:
		return actors.Effect{Condition: is(events.Dead)}
	case ProcessKill:
		return actors.Effect{Condition: is(events.Halted)}
	case GracefulStop:
		return actors.Effect{Condition: is(events.Halted), Goodbye: true}
	case Hang:
		return actors.Effect{Condition: is(events.Hung)}
	case SessionShutdown:
		return actors.Effect{Shut: b.sessions(f)}
	case LinkDown:
		return actors.Effect{Cut: b.cut(f), SeenBy: b.seenBy(f)}
	case ForwardingDead:
		return actors.Effect{Still: []events.ActorID{target}}
	case UpstreamLoss:
		return actors.Effect{Cut: both(b.upstreams(f.Target)...)}
	case Announce, Withdraw:
		return actors.Effect{Originate: []actors.Origination{{Router: target, Prefix: f.Prefix, On: f.Kind == Announce}}}
	case PolicyChange:
		return actors.Effect{Policies: []events.ActorID{target}}
	case HubLoss:
		return b.hubLoss(f.Target)
	case CircuitLoss:
		links := b.s.circuit(f.Target).links()
		return actors.Effect{Cut: both(links[:]...)}
	case PeeringCreated:
		rs, _ := b.s.routeServerOf(f.Target)
		return actors.Effect{Refresh: []events.ActorID{instance(rs.Name, 0), instance(rs.Name, 1)}}
	}
	panic("scenarios: a fault of kind " + string(f.Kind))
}

// sessions gives the sessions that a fault shuts down: with a Route Server those of
// the NVA with its instances.
func (b *builder) sessions(f Fault) [][2]events.ActorID {
	target := events.ActorID(f.Target)
	if !slices.ContainsFunc(b.s.RouteServers, func(r RouteServer) bool { return r.Name == f.Peer }) {
		return [][2]events.ActorID{{target, events.ActorID(f.Peer)}}
	}
	var all [][2]events.ActorID
	for i := range 2 {
		id := instance(f.Peer, i)
		if _, peers := b.s.nva(f.Target).sessionWith(id); peers {
			all = append(all, [2]events.ActorID{target, id})
		}
	}
	return all
}

// cut gives the directions of a link that fail: both, or that from one end.
func (b *builder) cut(f Fault) []events.Crossing {
	if f.From == "" {
		return both(f.Target)
	}
	return []events.Crossing{{Link: f.Target, Reverse: f.From == b.s.ends(f.Target)[1]}}
}

// seenBy gives the ends that notice at once; nil: those of a detected link.
func (b *builder) seenBy(f Fault) *[]events.ActorID {
	ends := []events.ActorID{}
	switch f.SeenBy {
	case "":
		return nil
	case "none":
	case "both":
		for _, end := range b.s.ends(f.Target) {
			ends = append(ends, events.ActorID(end))
		}
	default:
		ends = append(ends, events.ActorID(f.SeenBy))
	}
	return &ends
}

func both(links ...string) []events.Crossing {
	var all []events.Crossing
	for _, l := range links {
		all = append(all, events.Crossing{Link: l}, events.Crossing{Link: l, Reverse: true})
	}
	return all
}

// upstreams gives the tunnels of an NVA and its way to the Internet.
func (b *builder) upstreams(nva string) []string {
	var links []string
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			if t.To == nva {
				links = append(links, t.Name)
			}
		}
	}
	if b.isFirewall(events.ActorID(nva)) {
		links = append(links, internetLink(events.ActorID(nva)))
	}
	return links
}

// hubLoss breaks everything in a VNet, and what leads to it.
func (b *builder) hubLoss(vnet string) actors.Effect {
	e := actors.Effect{Condition: map[events.ActorID]events.Condition{}}
	for _, n := range b.nodes {
		if n.vnet == vnet && n.kind != events.VMNode && n.kind != events.LoadBalancerNode {
			e.Condition[n.id] = events.Dead
		}
	}
	for _, p := range b.s.Peerings {
		if slices.Contains(p.Between[:], vnet) {
			e.Cut = append(e.Cut, both(p.Name)...)
		}
	}
	for _, n := range b.s.NVAs {
		if n.VNet == vnet {
			e.Cut = append(e.Cut, both(b.upstreams(n.Name)...)...)
		}
	}
	for _, c := range b.s.Circuits {
		for _, to := range c.Connections {
			if b.s.erGateway(to.Gateway).VNet == vnet {
				e.Cut = append(e.Cut, both(to.Name)...)
			}
		}
	}
	return e
}

func (s *Scenario) circuit(name string) Circuit {
	for _, c := range s.Circuits {
		if c.Name == name {
			return c
		}
	}
	return Circuit{}
}
