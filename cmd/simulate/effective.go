package main

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/scenarios"
)

// effectiveRoute is a row of a NIC's table of effective routes, as Azure shows
// it.
type effectiveRoute struct {
	prefix   netip.Prefix
	hop      events.HopType
	nextHops []netip.Addr
	source   string // Default, User, VirtualNetworkGateway
	active   bool   // else a route of the same prefix beats it: Invalid
}

// effectiveRoutes gives the table of a NIC group: system routes, user-defined
// routes, and what a Route Server or gateway programmed. Of one prefix a
// user-defined route beats a learned one, and that a system route; a learned
// route inside the VNet or a peered one is not there at all (Azure:
// virtual-networks-udr-overview, 2023-05-27). False: there is no such group.
func effectiveRoutes(n *scenarios.Network, group events.ActorID) ([]effectiveRoute, bool) {
	var all []effectiveRoute
	known := false
	for _, f := range n.Config.Facts {
		switch f := f.(type) {
		case events.NICGroup:
			known = known || f.Group == group
		case events.SystemRoute:
			if f.Group == group {
				all = append(all, effectiveRoute{f.Prefix, f.Hop, nil, "Default", true})
			}
		case events.UserRoute:
			if f.Group == group {
				r := effectiveRoute{f.Prefix, f.Hop, nil, "User", true}
				if f.NextHop.IsValid() {
					r.nextHops = []netip.Addr{f.NextHop}
				}
				all = append(all, r)
			}
		}
	}
	for prefix, hops := range learnedByNIC(n, group, all) { // order-free: sorted below
		all = append(all, effectiveRoute{prefix, events.VirtualNetworkGateway, hops, "VirtualNetworkGateway", true})
	}
	for i := range all {
		all[i].active = !slices.ContainsFunc(all, func(other effectiveRoute) bool {
			return other.prefix == all[i].prefix && other.rank() > all[i].rank()
		})
	}
	slices.SortFunc(all, func(a, b effectiveRoute) int {
		return cmp.Or(a.rank()-b.rank(), events.ComparePrefixes(a.prefix, b.prefix), cmp.Compare(a.hop, b.hop))
	})
	return all, known
}

// rank says which of two routes of one prefix is used.
func (r *effectiveRoute) rank() int {
	return slices.Index([]string{"Default", "VirtualNetworkGateway", "User"}, r.source)
}

// learnedByNIC gives what was programmed into a NIC group: by prefix, the next
// hops. A gateway's own table is what it learned and no system route hides.
func learnedByNIC(n *scenarios.Network, group events.ActorID, configured []effectiveRoute) map[netip.Prefix][]netip.Addr {
	all := map[netip.Prefix][]netip.Addr{}
	add := func(nics *actors.NICs) {
		if nics == nil || nics.ID() != group {
			return
		}
		maps.Copy(all, nics.Routes())
		maps.Copy(all, nics.Beaten())
	}
	for _, g := range n.NICs {
		add(g)
	}
	for _, r := range n.Routers {
		add(r.NIC())
	}
	for _, g := range n.Gateways {
		if g.ID() != group {
			continue
		}
		for prefix, hops := range g.FIB() { // order-free: into a map
			if !hidden(prefix, configured) {
				all[prefix] = hops
			}
		}
	}
	return all
}

func hidden(p netip.Prefix, configured []effectiveRoute) bool {
	return slices.ContainsFunc(configured, func(r effectiveRoute) bool {
		return r.source == "Default" && r.hop.Hides() && r.prefix.Bits() <= p.Bits() && r.prefix.Contains(p.Addr())
	})
}

func (r *effectiveRoute) state() string {
	if r.active {
		return "Active"
	}
	return "Invalid"
}
