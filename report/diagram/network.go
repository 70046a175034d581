package diagram

import (
	"cmp"
	"slices"

	"dualhome/events"
	"dualhome/scenarios"
)

// network is what the log of a run says of its network, under the names of the log.
type network struct {
	nodes    []events.Node
	links    []events.Link
	sessions []session
	groups   map[string]events.NICGroup
}

// session is a BGP session, its ends in the order of their names.
type session struct {
	a, b string
	over string // the link that it crosses; none: it stays in its VNet
}

// built gives the network of a scenario: the facts that begin the log of a run, and
// its wires, which are there for the sessions alone.
func built(s *scenarios.Scenario) network {
	n := network{groups: map[string]events.NICGroup{}}
	config := scenarios.Draw(s).Build(scenarios.Options{Text: []byte("none")}).Config
	for _, fact := range config.Facts {
		switch e := fact.(type) {
		case events.Node:
			n.nodes = append(n.nodes, e)
		case events.Link:
			n.links = append(n.links, e)
		case events.NICGroup:
			n.groups[string(e.Group)] = e
		default: // says nothing of who is there
		}
	}
	for _, w := range config.Wires {
		if x := (session{a: string(w.From), b: string(w.To)}); x.a < x.b {
			if len(w.Crossings) > 0 {
				x.over = w.Crossings[0].Link
			}
			n.sessions = append(n.sessions, x)
		}
	}
	slices.SortFunc(n.sessions, func(x, y session) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return n
}

// of gives the nodes of a set of VMs, or both instances of a thing.
func (n network) of(name string) []events.Node {
	var all []events.Node
	for _, x := range n.nodes {
		id := string(x.Node)
		if id == name+"-0" || id == name+"-1" || n.groups[id].Set == name {
			all = append(all, x)
		}
	}
	return all
}
