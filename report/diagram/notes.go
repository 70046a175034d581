package diagram

import (
	"fmt"
	"slices"

	"dualhome/scenarios"
)

// notesOf says of each link what the log does not: how long packets take, one way, and
// how the routes over it are preferred.
func notesOf(s *scenarios.Scenario) map[string]string {
	all := map[string]string{}
	for _, p := range s.Peerings {
		all[p.Name] = fmt.Sprintf("; delay %v", p.Delay)
	}
	for _, site := range s.Sites {
		for _, t := range site.Tunnels {
			all[t.Name] = noteOf(t)
			if slices.ContainsFunc(s.VPNGateways, func(g scenarios.VPNGateway) bool { return g.Name == t.To }) {
				all[t.Name+"-0"], all[t.Name+"-1"] = noteOf(t), noteOf(t)
			}
		}
	}
	for _, c := range s.Circuits {
		for _, to := range c.Connections {
			all[to.Name] = fmt.Sprintf("; delay %v, weight %d", to.Delay, to.Weight)
		}
		note := fmt.Sprintf("; delay %v", c.Delay)
		all[c.Name+"-primary"], all[c.Name+"-secondary"] = note, note
	}
	for _, l := range s.Links {
		all[l.Name] = fmt.Sprintf("; delay %v", l.Delay)
		if l.Back != nil {
			all[l.Name] += fmt.Sprintf(", %v back", *l.Back)
		}
		all[l.Name] += relationOf(l)
	}
	return all
}

func noteOf(t scenarios.Tunnel) string {
	note := fmt.Sprintf("; delay %v", t.Delay)
	if !t.BGP {
		note += ", static routes"
	}
	if t.DPD > 0 {
		note += fmt.Sprintf(", DPD %s x %d", seconds(t.DPD), t.DPDRetries)
	}
	return note
}

func relationOf(l scenarios.Link) string {
	switch l.Relation {
	case "provider":
		return fmt.Sprintf("; %s is a provider of %s", l.Between[0], l.Between[1])
	case "peer":
		return "; peers"
	}
	return ""
}
