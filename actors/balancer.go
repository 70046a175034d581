package actors

import (
	"net/netip"

	"dualhome/events"
	"dualhome/sim"
)

// BalancerConfig is what a load balancer is told.
type BalancerConfig struct {
	ID       events.ActorID
	Backends []StaticHop // with the probes to watch
	Probes   []Probe
}

// Balancer is an internal load balancer with HA ports: an address that is a next
// hop, behind which NVAs stand. It spreads flows over those that answer its
// health probes; they are its forwarding table, which has one entry.
type Balancer struct {
	cfg    BalancerConfig
	probes *probes
	hops   []netip.Addr
}

// NewBalancer builds a load balancer.
func NewBalancer(cfg BalancerConfig) *Balancer {
	return &Balancer{cfg: cfg, probes: newProbes(cfg.ID, cfg.Probes)}
}

// ID names the load balancer.
func (b *Balancer) ID() events.ActorID { return b.cfg.ID }

// Backends gives the addresses of the back ends that get flows, ascending.
func (b *Balancer) Backends() []netip.Addr { return b.hops }

// Apply folds a line.
func (b *Balancer) Apply(l *events.Line) {
	b.probes.apply(l)
	if e, ok := l.Event.(*events.FIBChanged); ok {
		b.hops = e.NextHops
	}
}

// Step decides.
func (b *Balancer) Step(t *sim.Turn, in events.Line) {
	if _, ok := in.Event.(events.Start); !ok && !b.probes.step(t, in) {
		return
	}
	var hops []netip.Addr
	for _, h := range b.cfg.Backends {
		if !b.probes.failing(h.Watch) {
			hops = append(hops, h.Address)
		}
	}
	everything := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	t.Record(&events.FIBChanged{Prefix: everything, NextHops: distinct(hops), Why: "probe"})
}
