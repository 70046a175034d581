package diagram

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"dualhome/scenarios"
)

// outline is a scenario as items, in groups, and lines between them: what a program
// gets that places things itself.
type outline struct {
	groups []group
	items  []item // outside of all groups
	joins  []join
}

type group struct {
	id, label string
	items     []item
}

type item struct{ id, label string }

// join is a line between two items, or two groups.
type join struct {
	from, to, label string
	bgp             bool
}

// internet is where traffic goes to that no site takes. No thing of a scenario
// may have that name.
const internet = "internet"

// outlined draws the VNets with what stands in them, the sites and the Internet,
// and between them BGP sessions, peerings and tunnels.
func outlined(s *scenarios.Scenario) outline {
	var d outline
	for _, v := range s.VNets {
		d.groups = append(d.groups, group{v.Name, "VNet " + v.Name + " " + some(v.AddressSpace), inVNet(s, v.Name)})
	}
	for _, p := range s.Peerings {
		label := "peering"
		if len(p.UseRemoteGateways) > 0 {
			label += "\n" + p.UseRemoteGateways[0] + " uses the remote gateway"
		}
		d.joins = append(d.joins, join{p.Between[0], p.Between[1], label, false})
	}
	for _, n := range s.NVAs {
		for _, to := range n.RouteServers {
			d.joins = append(d.joins, sessionWith(s, to.RouteServer, n))
		}
	}
	d.gateways(s)
	for _, site := range s.Sites {
		d.items = append(d.items, item{site.Name, fmt.Sprintf("site %s\nAS %d\n%s", site.Name, site.ASN, some(site.Prefixes))})
		for _, t := range site.Tunnels {
			d.joins = append(d.joins, tunnel(t, site.Name))
		}
	}
	d.firewalls(s)
	for _, r := range s.Routers {
		label := fmt.Sprintf("%s\nAS %d", r.Name, r.ASN)
		if len(r.Originates) > 0 {
			label += "\n" + some(r.Originates)
		}
		d.items = append(d.items, item{r.Name, label})
	}
	for _, l := range s.Links {
		d.joins = append(d.joins, join{l.Between[0], l.Between[1], "BGP", true})
	}
	return d
}

// some gives the first of some prefixes, and how many there are besides.
func some(prefixes []netip.Prefix) string {
	if more := len(prefixes) - 1; more > 0 {
		return fmt.Sprintf("%v (+%d)", prefixes[0], more)
	}
	return prefixes[0].String()
}

// sessionWith joins an NVA to a Route Server, or to one instance of it.
// What a line begins with is drawn above what it ends with: the spoke's Route
// Server above the NVAs, those of the hubs below them.
func sessionWith(s *scenarios.Scenario, to string, nva scenarios.NVA) join {
	l := join{to, nva.Name, "BGP", true}
	for _, r := range s.RouteServers {
		if to == r.Name+"-0" || to == r.Name+"-1" {
			l.from, l.label = r.Name, "BGP with "+to+" only"
		}
		if l.from == r.Name && r.VNet == nva.VNet {
			l.from, l.to = l.to, l.from
			return l
		}
	}
	return l
}

func tunnel(t scenarios.Tunnel, site string) join {
	if t.BGP {
		return join{t.To, site, "tunnel, BGP", true}
	}
	return join{t.To, site, "tunnel, static routes", false}
}

// gateways draws the circuits, what gateways are joined to, and load balancers
// before their back ends.
func (d *outline) gateways(s *scenarios.Scenario) {
	for _, r := range s.RouteServers {
		for _, g := range gatewaysIn(s, r.VNet) {
			d.joins = append(d.joins, join{r.Name, g.id, "iBGP", true})
		}
	}
	for _, c := range s.Circuits {
		d.items = append(d.items, item{c.Name, "ExpressRoute " + c.Name + "\ntwo MSEEs, AS 12076"})
		for _, to := range c.Connections {
			label := "connection, BGP"
			if to.Weight > 0 {
				label += fmt.Sprintf(", weight %d", to.Weight)
			}
			d.joins = append(d.joins, join{to.Gateway, c.Name, label, true})
		}
		d.joins = append(d.joins, join{c.Name, c.Site, "two links, BGP", true})
	}
	for _, l := range s.Balancers {
		for _, n := range l.Backends {
			d.joins = append(d.joins, join{l.Name, n, "back end", false})
		}
	}
}

// gatewaysIn gives the gateways in a VNet.
func gatewaysIn(s *scenarios.Scenario, vnet string) []item {
	var all []item
	for _, g := range s.ERGateways {
		if g.VNet == vnet {
			all = append(all, item{g.Name, "ExpressRoute gateway " + g.Name + "\nAS 65515"})
		}
	}
	for _, g := range s.VPNGateways {
		if g.VNet == vnet {
			all = append(all, item{g.Name, fmt.Sprintf("VPN gateway %s\nAS %d", g.Name, g.ASN)})
		}
	}
	return all
}

// firewalls draws the Internet and who leads to it.
func (d *outline) firewalls(s *scenarios.Scenario) {
	for _, n := range s.NVAs {
		if !slices.Contains(n.Roles, "firewall") {
			continue
		}
		if last := len(d.items) - 1; last < 0 || d.items[last].id != internet {
			d.items = append(d.items, item{internet, "Internet"})
		}
		label := "SNAT"
		if n.SNAT == "none" {
			label = ""
		}
		d.joins = append(d.joins, join{n.Name, internet, label, false})
	}
}

func inVNet(s *scenarios.Scenario, vnet string) []item {
	var all []item
	for _, v := range s.VMs {
		if v.VNet == vnet {
			all = append(all, item{v.Name, fmt.Sprintf("%s\n%d VMs", v.Name, v.Count)})
		}
	}
	for _, n := range s.NVAs {
		if n.VNet == vnet {
			label := fmt.Sprintf("NVA %s%s\nAS %d, %v", n.Name, roles(n), n.ASN, n.Address)
			if n.Prepend > 0 {
				label += fmt.Sprintf("\nprepends %d", n.Prepend)
			}
			all = append(all, item{n.Name, label})
		}
	}
	for _, r := range s.RouteServers {
		if r.VNet == vnet {
			all = append(all, item{r.Name, "Route Server " + r.Name + "\nAS 65515"})
		}
	}
	for _, l := range s.Balancers {
		if l.VNet == vnet {
			all = append(all, item{l.Name, fmt.Sprintf("load balancer %s\n%v", l.Name, l.Address)})
		}
	}
	return append(all, gatewaysIn(s, vnet)...)
}

// roles gives what an NVA is for, in brackets.
func roles(n scenarios.NVA) string {
	if len(n.Roles) == 0 {
		return ""
	}
	return " (" + strings.Join(n.Roles, ", ") + ")"
}
