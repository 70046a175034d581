package diagram

import (
	_ "embed"
	"fmt"
	"strings"

	"dualhome/report/svg"
	"dualhome/scenarios"
)

// CSS is the style of the picture: how its classes look, and what they are while
// something does not work. The variables in it are those of svg.Palette.
//
//   - node: dead. It is crossed out.
//   - link: down. It is dotted, in the colour of what is bad.
//   - session: up, connecting or down: drawn through, dashed, dotted.
//
//go:embed diagram.css
var CSS string

// Bounds of a picture: with more in it nobody sees anything.
const (
	mostBoxes = 150
	mostNodes = 400
	mostLines = 1500 // links and sessions
	mostBroad = 60   // lines up to which they are broad
)

// SVG draws the scenario. One that is too large to be seen is an error that says so.
//
// The elements tell what they are: a node has data-node, and its middle as data-x and
// data-y; what is around several, data-box; a VNet, data-frame; a link, data-link (its
// two ends, ordered, joined by ~) and data-name; a BGP session, data-session (likewise).
// All names are those of the log. An empty group of the class traffic is above the
// lines and below the nodes.
func (d Diagram) SVG() (svg.Picture, error) {
	s := d.scenario
	boxes := len(s.VMs) + len(s.NVAs) + len(s.Balancers) + len(s.RouteServers) + len(s.ERGateways) + len(s.VPNGateways) +
		len(s.Circuits) + len(s.Sites) + len(s.Routers) + len(s.VNets)
	if boxes > mostBoxes {
		return svg.Picture{}, tooLarge(boxes, "VNets, and things in and outside of them", mostBoxes)
	}
	n := built(s)
	if len(n.nodes) > mostNodes {
		return svg.Picture{}, tooLarge(len(n.nodes), "actors", mostNodes)
	}
	if lines := len(n.links) + len(n.sessions); lines > mostLines {
		return svg.Picture{}, tooLarge(lines, "links and sessions", mostLines)
	}
	p, class := planned(s, n), "diagram"
	if len(p.lines) > mostBroad {
		class += " dense"
	}
	return svg.Picture{
		Width: p.size.w, Height: p.size.h + p.key(func(string, string, float64, float64) {}), Class: class, Title: "The network of " + s.Name, Desc: told(s, n), Style: CSS, Body: p.paint(),
	}, nil
}

func tooLarge(has int, of string, most int) error {
	return fmt.Errorf("a network of %d %s is too large to be drawn: at most %d", has, of, most)
}

// told says in words what the picture shows.
func told(s *scenarios.Scenario, n network) string {
	var all []string
	t := things{s, n}
	for _, v := range s.VNets {
		var in []string
		for _, slot := range t.inVNet(v.Name) {
			for _, b := range slot {
				in = append(in, b.about)
			}
		}
		if len(in) == 0 {
			in = []string{"nothing"}
		}
		all = append(all, fmt.Sprintf("VNet %s (%s): %s.", v.Name, some(v.AddressSpace), strings.Join(in, "; ")))
	}
	for _, b := range append(t.circuits(), t.edge()...) {
		all = append(all, b.box.about+".")
	}
	if len(s.Routers) > 0 {
		all = append(all, fmt.Sprintf("%d routers.", len(s.Routers)))
	}
	return strings.Join(append(all, fmt.Sprintf("%d links, %d BGP sessions.", len(n.links), len(n.sessions))), " ")
}
