package diagram

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dualhome/events"
	"dualhome/scenarios"
)

// seconds gives a time as those who set timers say it.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// joined gives the parts of a line that say something.
func joined(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, " · ")
}

// lines gives those that say something; the first is a name.
func lines(all ...string) []string {
	return slices.DeleteFunc(all, func(l string) bool { return l == "" })
}

func linesOfNVA(n scenarios.NVA) []string {
	role := strings.Join(n.Roles, ", ")
	if n.Stateful {
		role = strings.TrimPrefix(role+", stateful", ", ")
	}
	all := lines(n.Name, fmt.Sprintf("NVA · AS %d · %v", n.ASN, n.Address))
	return slices.Concat(all, packed(lines(role, "hold "+seconds(n.Hold))), packed(changesOf(n)))
}

// packed puts short texts into lines that are not too wide.
func packed(texts []string) []string {
	var all []string
	for _, text := range texts {
		last := len(all) - 1
		if last >= 0 && width(joined(all[last], text), noteSize, false) <= widest {
			all[last] = joined(all[last], text)
			continue
		}
		all = append(all, text)
	}
	return all
}

// changesOf says what an NVA does to the routes that it sends: where it differs by
// session, that of each.
func changesOf(n scenarios.NVA) []string {
	var all []string
	if n.Prepend > 0 {
		all = append(all, fmt.Sprintf("prepends %d", n.Prepend))
	}
	if n.ASOverride != "none" {
		all = append(all, "as-override "+n.ASOverride)
	}
	if n.RemoveAS != "none" {
		all = append(all, "remove-as "+n.RemoveAS)
	}
	for _, s := range n.RouteServers {
		if s.Prepend != nil && *s.Prepend != n.Prepend {
			all = append(all, fmt.Sprintf("prepends %d to %s", *s.Prepend, s.RouteServer))
		}
	}
	if n.NextHop.IsValid() {
		all = append(all, fmt.Sprintf("next hop %v", n.NextHop))
	}
	return all
}

func linesOfRouteServer(r scenarios.RouteServer) []string {
	return lines(r.Name, "Route Server", "AS 65515", "hold "+seconds(r.Hold))
}

func linesOfCircuit(c scenarios.Circuit) []string {
	all := lines(c.Name, "ExpressRoute", "circuit, AS 12076")
	for _, to := range c.Connections {
		if to.Weight > 0 {
			all = append(all, fmt.Sprintf("%s: weight %d", fitted(to.Gateway, noteSize, false, 90), to.Weight))
		}
	}
	return all
}

func linesOfSite(s scenarios.Site) []string {
	routes := ""
	if s.Routes > 0 {
		routes = fmt.Sprintf("as %d routes", s.Routes)
	}
	return lines(s.Name, fmt.Sprintf("site · AS %d · hold %s", s.ASN, seconds(s.Hold)), joined(some(s.Prefixes), routes))
}

func linesOfVMs(s *scenarios.Scenario, v scenarios.VMs) []string {
	count := "1 VM"
	if v.Count > 1 {
		count = fmt.Sprintf("%d VMs", v.Count)
	}
	for _, net := range s.VNets {
		for _, subnet := range net.Subnets {
			if net.Name == v.VNet && subnet.Name == v.Subnet {
				count += " · " + subnet.Prefix.String()
			}
		}
	}
	return lines(v.Name, count)
}

func linesOfRouter(r scenarios.Router) []string {
	prefixes := ""
	if len(r.Originates) > 0 {
		prefixes = some(r.Originates)
	}
	return lines(r.Name, fmt.Sprintf("AS %d", r.ASN), prefixes)
}

// chipLines says what an instance, or a group of NICs, is.
func chipLines(n events.Node, g events.NICGroup) []string {
	switch {
	case len(g.NICs) == 1 && g.Set != "":
		return lines(string(n.Node), "1 NIC")
	case g.Set != "":
		return lines(string(n.Node), fmt.Sprintf("%d NICs", len(g.NICs)))
	}
	return lines(string(n.Node), n.Address.String())
}
