package actors

import (
	"net/netip"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/sim"
)

// GatewayConfig is what an instance of a gateway is told.
type GatewayConfig struct {
	Router      RouterConfig
	Programming Programming    // serves nobody where a Route Server stands in the VNet
	Transit     bool           // sends what one site sent to the others: a VPN gateway; ExpressRoute circuits are not joined
	Keep        []netip.Prefix // never sent to other ASes, nor what is inside them, unless own: 0.0.0.0/0 stands for itself alone
}

// Gateway is one of the two instances of an ExpressRoute or VPN gateway: a
// router in AS 65515 between what is outside of Azure and the Route Server, with
// which it speaks iBGP. It advertises the address prefixes of its VNet, and of
// those that use it as remote gateway. In a VNet without Route Server it programs
// the NICs itself (Azure: expressroute-vpn-support, 2023-08-15; VPN Gateway FAQ).
type Gateway struct {
	*Router
	nics *programmer
	cfg  GatewayConfig
}

// NewGateway builds an instance.
func NewGateway(cfg GatewayConfig) *Gateway {
	g := &Gateway{cfg: cfg}
	cfg.Router.Withhold = g.withhold
	g.Router = NewRouter(cfg.Router)
	g.nics = newProgrammer(g.Speaker, cfg.Programming)
	return g
}

// withhold says what is not sent: to the Route Server all that is not from
// outside, and to the outside what came from there, where that is no transit.
func (g *Gateway) withhold(to *bgp.Peer, prefix netip.Prefix, best bgp.Best) bool {
	if to.AS == RouteServerAS {
		return best.Own() && !g.static(prefix)
	}
	switch {
	case best.Own():
		return g.static(prefix) && !g.cfg.Transit
	case best.From[0] != "" && g.external(best.From[0]) && !g.cfg.Transit:
		return true
	}
	return g.kept(prefix)
}

func (g *Gateway) external(id events.ActorID) bool {
	for i := range g.cfg.Router.Speaker.Peers {
		if p := &g.cfg.Router.Speaker.Peers[i]; p.ID == id {
			return p.AS != RouteServerAS
		}
	}
	return false
}

func (g *Gateway) kept(prefix netip.Prefix) bool {
	for _, k := range g.cfg.Keep {
		if k == prefix || k.Bits() > 0 && within(prefix, []netip.Prefix{k}) {
			return true
		}
	}
	return false
}

// Apply folds a line.
func (g *Gateway) Apply(l *events.Line) {
	g.Router.Apply(l)
	g.nics.fold(l)
}

// Step decides.
func (g *Gateway) Step(t *sim.Turn, in events.Line) {
	g.Router.Step(t, in)
	g.nics.step(t, in)
}
