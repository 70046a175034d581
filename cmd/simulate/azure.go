package main

import (
	"slices"
	"strings"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/scenarios"
)

// The tables of a Route Server, a gateway and a NIC in the JSON shape of the
// Azure CLI, as its documentation and published labs show it:
//
//	az network routeserver peering list-learned-routes, list-advertised-routes
//	az network vnet-gateway list-learned-routes, list-advertised-routes
//	az network nic show-effective-route-table
//
// Of the last one three fields are constants here: disableBgpRoutePropagation,
// hasBgpOverride and name.

// azureRoute is a route that a Route Server or gateway learned or advertised.
type azureRoute struct {
	ASPath       string  `json:"asPath"` // numbers joined by dashes
	LocalAddress string  `json:"localAddress"`
	Network      string  `json:"network"`
	NextHop      *string `json:"nextHop"`
	Origin       string  `json:"origin"` // EBgp, IBgp, Igp, Network
	SourcePeer   *string `json:"sourcePeer"`
	Weight       int     `json:"weight"`
}

// azurePeering is what a Route Server says of one peering: a list for each of
// its instances.
type azurePeering struct {
	First  []azureRoute `json:"RouteServiceRole_IN_0"`
	Second []azureRoute `json:"RouteServiceRole_IN_1"`
	Value  *struct{}    `json:"value"` // always null
}

// azureList is what a gateway says.
type azureList struct {
	Value []azureRoute `json:"value"`
}

// azureTable is a table of effective routes.
type azureTable struct {
	NextLink *string               `json:"nextLink"`
	Value    []azureEffectiveRoute `json:"value"`
}

type azureEffectiveRoute struct {
	AddressPrefix    []string `json:"addressPrefix"`
	DisablePropagate bool     `json:"disableBgpRoutePropagation"`
	HasBGPOverride   bool     `json:"hasBgpOverride"`
	Name             *string  `json:"name"`
	NextHopIPAddress []string `json:"nextHopIpAddress"`
	NextHopType      string   `json:"nextHopType"`
	Source           string   `json:"source"`
	State            string   `json:"state"`
}

// azureDocument gives the tables of an actor. Which is one of learned,
// advertised and effective; peer is one of a Route Server's or gateway's. Both
// may be empty: then the document holds all there are, by command and peer. False:
// there is no such table or peer.
func azureDocument(n *scenarios.Network, actor, which, peer string) (any, bool) {
	effective := which == "effective" || which == "" && !isGateway(n, actor)
	if rows, ok := effectiveRoutes(n, events.ActorID(actor)); ok && effective && peer == "" {
		return azureEffective(rows), true
	}
	halves := instancesNamed(n, actor)
	if len(halves) == 0 || which == "effective" || which == "entries" ||
		peer != "" && !slices.Contains(halves[0].speaker.PeerIDs(), events.ActorID(peer)) {
		return nil, false
	}
	commands := map[string]string{"learned": "list-learned-routes", "advertised": "list-advertised-routes"}
	all := map[string]map[string]any{}
	for _, table := range []string{"learned", "advertised"} {
		if which != "" && which != table {
			continue
		}
		all[commands[table]] = map[string]any{}
		for _, id := range halves[0].speaker.PeerIDs() {
			if !halves[0].gateway && isGateway(n, string(id)) {
				continue // the sessions with gateways are invisible there
			}
			if peer == "" || peer == string(id) {
				all[commands[table]][string(id)] = azurePeer(halves, id, table)
			}
		}
	}
	switch {
	case which == "learned" && peer == "" && halves[0].gateway: // the command takes no peer
		return learnedByGateway(halves), true
	case which == "" || peer == "":
		return all, true
	}
	doc, ok := all[commands[which]][peer]
	return doc, ok
}

// azureHalf is an instance of a Route Server or gateway.
type azureHalf struct {
	speaker *bgp.Speaker
	address string
	gateway bool
}

// instancesNamed gives the instances of a Route Server or gateway, or the one
// that has the name itself.
func instancesNamed(n *scenarios.Network, actor string) []azureHalf {
	addresses := map[events.ActorID]string{}
	for _, f := range n.Config.Facts {
		if node, ok := f.(events.Node); ok {
			addresses[node.Node] = node.Address.String()
		}
	}
	var all []azureHalf
	add := func(s *bgp.Speaker, gateway bool) {
		if id := string(s.ID()); id == actor || id == actor+"-0" || id == actor+"-1" {
			all = append(all, azureHalf{s, addresses[s.ID()], gateway})
		}
	}
	for _, r := range n.RouteServers {
		add(r.Speaker, false)
	}
	for _, g := range n.Gateways {
		add(g.Speaker, true)
	}
	return all
}

func isGateway(n *scenarios.Network, actor string) bool {
	return slices.ContainsFunc(n.Gateways, func(g *actors.Gateway) bool { return string(g.ID()) == actor })
}

// learnedByGateway gives all that a gateway knows: its VNet, and what it learned
// from each peer.
func learnedByGateway(halves []azureHalf) azureList {
	all := azureList{Value: []azureRoute{}}
	for _, h := range halves {
		for _, prefix := range h.speaker.Prefixes() {
			if best, _ := h.speaker.Best(prefix); best.Own() {
				all.Value = append(all.Value, azureRoute{
					LocalAddress: h.address, Network: prefix.String(), Origin: "Network", SourcePeer: &h.address, Weight: 32768,
				})
			}
		}
		for _, peer := range h.speaker.PeerIDs() {
			all.Value = append(all.Value, azureRoutes(h, peer, "learned")...)
		}
	}
	return all
}

// azurePeer gives what the instances learned from a peer, or advertised to it.
func azurePeer(halves []azureHalf, peer events.ActorID, table string) any {
	lists := [2][]azureRoute{{}, {}}
	for i, h := range halves {
		at := i
		if strings.HasSuffix(string(h.speaker.ID()), "-1") {
			at = 1
		}
		lists[at] = azureRoutes(h, peer, table)
	}
	if halves[0].gateway {
		return azureList{append(lists[0], lists[1]...)}
	}
	return azurePeering{First: lists[0], Second: lists[1]}
}

func azureRoutes(h azureHalf, peer events.ActorID, table string) []azureRoute {
	routes := h.speaker.Learned(peer)
	if table == "advertised" {
		routes = h.speaker.Advertised(peer)
	}
	rows := []azureRoute{}
	for _, prefix := range events.SortedPrefixes(routes) {
		a := routes[prefix]
		if table == "learned" && !h.gateway && a.Path.Contains(actors.RouteServerAS) {
			continue // dropped: Azure shows what a Route Server accepted (observed: Route-Server-MicroHack, 2022-02)
		}
		hop := a.NextHop.String()
		row := azureRoute{
			ASPath: strings.ReplaceAll(a.Path.String(), " ", "-"), LocalAddress: h.address, Network: prefix.String(),
			NextHop: &hop, Origin: "Igp",
		}
		if table == "learned" {
			from := h.speaker.Identifier(peer).String()
			row.SourcePeer, row.Weight, row.Origin = &from, 32768, "EBgp"
			if a.HasLocalPref { // from within the AS
				row.Origin = "IBgp"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func azureEffective(rows []effectiveRoute) azureTable {
	t := azureTable{Value: []azureEffectiveRoute{}}
	for _, r := range rows {
		hops := []string{}
		for _, h := range r.nextHops {
			hops = append(hops, h.String())
		}
		t.Value = append(t.Value, azureEffectiveRoute{
			AddressPrefix: []string{r.prefix.String()}, NextHopIPAddress: hops, NextHopType: r.hop.String(), Source: r.source, State: r.state(),
		})
	}
	return t
}
