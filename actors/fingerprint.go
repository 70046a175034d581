package actors

import (
	"net/netip"

	"dualhome/sim"
)

// Fingerprint tells what is broken (sim.Recurrent).
func (f *Fabric) Fingerprint(p *sim.Fingerprint) {
	for _, name := range f.lasting {
		p.Str(name)
	}
}

// Fingerprint tells the state of the router (sim.Recurrent). Its NIC has no part in
// what it does.
func (r *Router) Fingerprint(f *sim.Fingerprint) {
	r.Speaker.Fingerprint(f)
	r.probes.tell(f)
	fib := uint64(0)
	for prefix, hops := range r.fib { // order-free: a sum
		part := f.Part()
		part.Prefix(prefix)
		tellHops(&part, hops)
		fib += part.Sum()
	}
	f.Uint(fib)
	lost := uint64(0)
	for group, left := range r.torn { // order-free: a sum
		part := f.Part()
		part.Str(group)
		tellHops(&part, left)
		lost += part.Sum()
	}
	f.Uint(lost)
}

// Fingerprint tells the state of the load balancer (sim.Recurrent).
func (b *Balancer) Fingerprint(f *sim.Fingerprint) {
	b.probes.tell(f)
	tellHops(f, b.hops)
}

// Fingerprint tells nothing (sim.Recurrent): no actor learns what is in a table of
// effective routes, and so no route depends on it.
func (n *NICs) Fingerprint(*sim.Fingerprint) {}

func tellHops(f *sim.Fingerprint, hops []netip.Addr) {
	f.Uint(uint64(len(hops)))
	for _, h := range hops {
		f.Addr(h)
	}
}

// tell tells what the probes know.
func (p *probes) tell(f *sim.Fingerprint) {
	for _, one := range p.all {
		s := p.state[one.Target]
		f.Bool(s.cut != 0)
		f.Bool(s.gone != 0)
		f.Bool(s.down)
		f.Draws(s.drawn, sim.Uniform(0, one.Interval))
	}
}
