package bgp

import (
	"net/netip"

	"dualhome/events"
)

// Usable gives the peers of whose routes to a prefix the best is chosen.
func (s *Speaker) Usable(prefix netip.Prefix) (ids []events.ActorID) {
	for _, c := range s.candidates(s.rib.row(prefix)) {
		ids = append(ids, c.from.ID)
	}
	return ids
}
