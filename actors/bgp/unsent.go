package bgp

import (
	"net/netip"

	"dualhome/events"
)

// unsent is what a peer of another AS is not told of a route (RFC 4271 sections
// 5.1.4 and 5.1.5), which Config.CompareUnsent compares nevertheless.
type unsent struct {
	med, localPref uint32
	hasLocalPref   bool
}

// unsent gives what p is not told of the best route to a prefix.
func (s *Speaker) unsent(p *peer, row *row) unsent {
	best, ok := row.best()
	if !ok || best.Own() || p.internal {
		return unsent{}
	}
	return unsent{best.Attrs.MED, best.Attrs.LocalPref, best.Attrs.HasLocalPref}
}

// noteUnsent folds what a peer was not told when it was sent an UPDATE.
func (s *Speaker) noteUnsent(p *peer, u *events.Update) {
	if p.unsent == nil {
		p.unsent = map[netip.Prefix]unsent{}
	}
	for _, prefix := range u.Withdrawn {
		delete(p.unsent, prefix)
	}
	for _, prefix := range u.NLRI {
		p.unsent[prefix] = s.unsent(p, s.rib.row(prefix))
	}
}
