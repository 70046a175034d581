package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/scenarios"
)

// tablesAt prints the tables of the actors of a run as they stood at a time.
func (s *shell) tablesAt(ctx context.Context, dir, at string, actor events.ActorID) error {
	if err := isFolder(dir); err != nil {
		return err
	}
	until := events.Time(1 << 62)
	if at != "end" {
		d, err := time.ParseDuration(at)
		if err != nil || d < 0 {
			return usage("--at %s: it is a time since the start of the run, like 480s, or end", at)
		}
		until = events.Time(d)
	}
	r, err := rebuild(ctx, dir, until)
	if err != nil {
		return err
	}
	var d document
	known := printSpeakers(&d, r.network, actor)
	t := table{name: "entries", head: []string{"actor", "table", "prefix", "next hops"}}
	all := entries(r.network)
	for _, p := range slices.SortedFunc(maps.Keys(all), comparePlaces) {
		if actor == "" || p.actor == string(actor) {
			known = true
			t.add(p.actor, p.table, p.prefix, all[p])
		}
	}
	if !known {
		return usage("--actor %s: the run has no such actor, or it has no table", actor)
	}
	d.show(t)
	return s.render(d)
}

func comparePlaces(a, b place) int {
	return slices.Compare([]string{a.actor, a.table, a.prefix}, []string{b.actor, b.table, b.prefix})
}

// printSpeakers adds what each speaker learned, and tells whether one was meant.
func printSpeakers(d *document, n *scenarios.Network, actor events.ActorID) bool {
	t := table{name: "learned", head: []string{"actor", "peer", "session", "prefix", "AS path", "next hop"}}
	found := false
	add := func(s *bgp.Speaker) {
		if actor != "" && actor != s.ID() {
			return
		}
		found = true
		for _, peer := range s.PeerIDs() {
			state := "down"
			if s.Established(peer) {
				state = "Established"
			}
			learned := s.Learned(peer)
			if len(learned) == 0 {
				t.add(string(s.ID()), string(peer), state, "-", "-", "-")
			}
			for _, p := range events.SortedPrefixes(learned) {
				t.add(string(s.ID()), string(peer), state, p.String(), learned[p].Path.String(), learned[p].NextHop.String())
			}
		}
	}
	for _, r := range n.RouteServers {
		add(r.Speaker)
	}
	for _, r := range n.Routers {
		add(r.Speaker)
	}
	if found {
		d.show(t)
		d.say("")
	}
	return found
}
