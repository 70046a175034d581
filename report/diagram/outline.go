package diagram

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"dualhome/scenarios"
)

// outline is a scenario as boxes, in frames, and lines between them: what a program
// gets that places things itself.
type outline struct {
	frames []frame
	boxes  []box // outside of all frames
	lines  []line
}

type frame struct {
	id, label string
	boxes     []box
}

type box struct{ id, label string }

// line joins two boxes, or two frames.
type line struct {
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
		d.frames = append(d.frames, frame{v.Name, "VNet " + v.Name + " " + some(v.AddressSpace), inVNet(s, v.Name)})
	}
	for _, p := range s.Peerings {
		label := "peering"
		if len(p.UseRemoteGateways) > 0 {
			label += "\n" + p.UseRemoteGateways[0] + " uses the remote gateway"
		}
		d.lines = append(d.lines, line{p.Between[0], p.Between[1], label, false})
	}
	for _, n := range s.NVAs {
		for _, to := range n.RouteServers {
			d.lines = append(d.lines, session(s, to.RouteServer, n))
		}
	}
	d.gateways(s)
	for _, site := range s.Sites {
		d.boxes = append(d.boxes, box{site.Name, fmt.Sprintf("site %s\nAS %d\n%s", site.Name, site.ASN, some(site.Prefixes))})
		for _, t := range site.Tunnels {
			d.lines = append(d.lines, tunnel(t, site.Name))
		}
	}
	d.firewalls(s)
	for _, r := range s.Routers {
		label := fmt.Sprintf("%s\nAS %d", r.Name, r.ASN)
		if len(r.Originates) > 0 {
			label += "\n" + some(r.Originates)
		}
		d.boxes = append(d.boxes, box{r.Name, label})
	}
	for _, l := range s.Links {
		d.lines = append(d.lines, line{l.Between[0], l.Between[1], "BGP", true})
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

// session joins an NVA to a Route Server, or to one instance of it.
// What a line begins with is drawn above what it ends with: the spoke's Route
// Server above the NVAs, those of the hubs below them.
func session(s *scenarios.Scenario, to string, nva scenarios.NVA) line {
	l := line{to, nva.Name, "BGP", true}
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

func tunnel(t scenarios.Tunnel, site string) line {
	if t.BGP {
		return line{t.To, site, "tunnel, BGP", true}
	}
	return line{t.To, site, "tunnel, static routes", false}
}

// gateways draws the circuits, what gateways are joined to, and load balancers
// before their back ends.
func (d *outline) gateways(s *scenarios.Scenario) {
	for _, r := range s.RouteServers {
		for _, g := range gatewaysIn(s, r.VNet) {
			d.lines = append(d.lines, line{r.Name, g.id, "iBGP", true})
		}
	}
	for _, c := range s.Circuits {
		d.boxes = append(d.boxes, box{c.Name, "ExpressRoute " + c.Name + "\ntwo MSEEs, AS 12076"})
		for _, to := range c.Connections {
			label := "connection, BGP"
			if to.Weight > 0 {
				label += fmt.Sprintf(", weight %d", to.Weight)
			}
			d.lines = append(d.lines, line{to.Gateway, c.Name, label, true})
		}
		d.lines = append(d.lines, line{c.Name, c.Site, "two links, BGP", true})
	}
	for _, l := range s.Balancers {
		for _, n := range l.Backends {
			d.lines = append(d.lines, line{l.Name, n, "back end", false})
		}
	}
}

// gatewaysIn gives the gateways in a VNet.
func gatewaysIn(s *scenarios.Scenario, vnet string) []box {
	var all []box
	for _, g := range s.ERGateways {
		if g.VNet == vnet {
			all = append(all, box{g.Name, "ExpressRoute gateway " + g.Name + "\nAS 65515"})
		}
	}
	for _, g := range s.VPNGateways {
		if g.VNet == vnet {
			all = append(all, box{g.Name, fmt.Sprintf("VPN gateway %s\nAS %d", g.Name, g.ASN)})
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
		if last := len(d.boxes) - 1; last < 0 || d.boxes[last].id != internet {
			d.boxes = append(d.boxes, box{internet, "Internet"})
		}
		label := "SNAT"
		if n.SNAT == "none" {
			label = ""
		}
		d.lines = append(d.lines, line{n.Name, internet, label, false})
	}
}

func inVNet(s *scenarios.Scenario, vnet string) []box {
	var all []box
	for _, v := range s.VMs {
		if v.VNet == vnet {
			all = append(all, box{v.Name, fmt.Sprintf("%s\n%d VMs", v.Name, v.Count)})
		}
	}
	for _, n := range s.NVAs {
		if n.VNet == vnet {
			label := fmt.Sprintf("NVA %s%s\nAS %d, %v", n.Name, roles(n), n.ASN, n.Address)
			if n.Prepend > 0 {
				label += fmt.Sprintf("\nprepends %d", n.Prepend)
			}
			all = append(all, box{n.Name, label})
		}
	}
	for _, r := range s.RouteServers {
		if r.VNet == vnet {
			all = append(all, box{r.Name, "Route Server " + r.Name + "\nAS 65515"})
		}
	}
	for _, l := range s.Balancers {
		if l.VNet == vnet {
			all = append(all, box{l.Name, fmt.Sprintf("load balancer %s\n%v", l.Name, l.Address)})
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
