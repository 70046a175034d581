package bgp

import (
	"net/netip"
	"slices"

	"dualhome/events"
)

// reflects tells whether a route of one peer of the own AS goes to another one
// (RFC 4456 section 6): what a client sent goes to all, what another peer sent to
// clients only. Back goes nothing but, with SendBack, what a client sent, which
// knows its ORIGINATOR_ID and ignores it. With Config.Reflect all are clients.
func (s *Speaker) reflects(from, to *peer) bool {
	if from == to {
		return to.Client && to.SendBack
	}
	return s.cfg.Reflect || from.Client || to.Client
}

// cluster gives what a reflector calls its cluster (RFC 4456 section 7).
func (s *Speaker) cluster() netip.Addr {
	if s.cfg.ClusterID.IsValid() {
		return s.cfg.ClusterID
	}
	return s.cfg.Address
}

// circled tells whether a route was reflected back to the speaker that brought it
// into the AS, or to a cluster that it passed (RFC 4456 section 8).
func (s *Speaker) circled(a *events.Attrs) bool {
	return a.OriginatorID.IsValid() && a.OriginatorID == s.cfg.Address ||
		len(a.ClusterList) > 0 && slices.Contains(a.ClusterList, s.cluster())
}

// reflection is what reflecting adds to a route; its zero value nothing, where a
// route is not reflected or Config.Reflect says without attributes.
type reflection struct{ originator, cluster netip.Addr }

// reflection gives what a route gets on its way to a peer of the own AS. Its best
// is not an own route.
func (s *Speaker) reflection(best Best) reflection {
	from := s.peer(best.From[0])
	if !from.internal || s.cfg.Reflect {
		return reflection{}
	}
	return reflection{identifier(from), s.cluster()}
}

// apply adds it (RFC 4456 section 8): who brought the route into the AS is said
// once, each cluster puts itself first.
func (r reflection) apply(a *events.Attrs) {
	if !r.cluster.IsValid() {
		return
	}
	if !a.OriginatorID.IsValid() {
		a.OriginatorID = r.originator
	}
	a.ClusterList = append([]netip.Addr{r.cluster}, a.ClusterList...)
}
