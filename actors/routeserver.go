package actors

import (
	"net/netip"
	"slices"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// RouteServerAS is the AS of every Azure Route Server and gateway; of a Route
// Server it cannot be changed (Azure: troubleshoot-route-server, 2023-12-17).
const RouteServerAS = 65515

// Reflected marks what one NVA sent, towards another, where a Route Server is
// told to mark it: 65517:65517, as one capture of 2021 shows.
const Reflected events.Community = 65517<<16 | 65517

// RouteServerConfig is what an instance of a Route Server is told.
type RouteServerConfig struct {
	Speaker     bgp.Config // peers of AS 65515 are gateways
	Programming Programming
	Exchange    bool           // sends gateways' routes to NVAs and to each other (branch-to-branch)
	ToGateways  bool           // sends NVAs' routes to gateways
	Reflect     bool           // sends NVAs' routes to other NVAs
	Mark        bool           // with the community Reflected
	Keep        []netip.Prefix // routes of NVAs inside these are not sent to gateways
}

// RouteServer is one of the two instances of an Azure Route Server: a speaker
// that never forwards. It advertises the address prefixes of its VNet and of
// those that use it as remote gateway, exchanges routes between NVAs and
// gateways where branch-to-branch is on, and programs NICs with the next hops
// that it received (Azure: route-server-faq, 2025-09-17; expressroute-vpn-support,
// 2023-08-15; next-hop-ip, 2023-08-21).
type RouteServer struct {
	*programmer
	cfg RouteServerConfig
}

// NewRouteServer builds an instance.
func NewRouteServer(cfg RouteServerConfig) *RouteServer {
	r := &RouteServer{cfg: cfg}
	cfg.Speaker.Export, cfg.Speaker.Reflect = r.export, true
	r.programmer = newProgrammer(bgp.NewSpeaker(cfg.Speaker), cfg.Programming)
	return r
}

// export says what is sent to whom. Gateways originate the VNet themselves.
func (r *RouteServer) export(to *bgp.Peer, prefix netip.Prefix, best bgp.Best) (*events.Attrs, bool) {
	toGateway, fromGateway := to.AS == RouteServerAS, r.isGateway(best)
	switch {
	case best.Own():
		return r.Announce(to, best), !toGateway
	case fromGateway:
		return r.Announce(to, best), r.cfg.Exchange
	case toGateway:
		return r.Announce(to, best), r.cfg.ToGateways && !within(prefix, r.cfg.Keep)
	case r.cfg.Mark:
		return tagged(r.Announce(to, best), Reflected), r.cfg.Reflect
	}
	return r.Announce(to, best), r.cfg.Reflect
}

// isGateway tells whether a route came from a gateway.
func (r *RouteServer) isGateway(best bgp.Best) bool {
	return !best.Own() && slices.ContainsFunc(r.cfg.Speaker.Peers, func(p bgp.Peer) bool {
		return p.ID == best.From[0] && p.AS == RouteServerAS
	})
}

// tagged gives the attributes with one community more.
func tagged(a *events.Attrs, c events.Community) *events.Attrs {
	if a.Has(c) {
		return a
	}
	with := *a
	with.Communities = append(slices.Clone(a.Communities), c)
	slices.Sort(with.Communities)
	return &with
}

// within tells whether a prefix is inside one of some others.
func within(p netip.Prefix, all []netip.Prefix) bool {
	return slices.ContainsFunc(all, func(w netip.Prefix) bool { return w.Bits() <= p.Bits() && w.Contains(p.Addr()) })
}

// Apply folds a line.
func (r *RouteServer) Apply(l *events.Line) {
	r.Speaker.Apply(l)
	r.fold(l)
}

// Step decides.
func (r *RouteServer) Step(t *sim.Turn, in events.Line) {
	r.Speaker.Step(t, in)
	r.step(t, in)
}
