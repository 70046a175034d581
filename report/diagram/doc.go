// Package diagram draws a scenario: its VNets with what stands in them, the sites and
// the Internet, and between them peerings, tunnels, circuits and BGP sessions.
//
// [Diagram.SVG] is a finished picture. [Diagram.Mermaid] and [Diagram.Dot] give the
// network to programs that place things themselves (outline.go).
//
// A picture is made in these steps, each in files of its own:
//
//	read    actors, links and sessions by the names of the log    network.go
//	size    a box for each thing, with what is said of it         things.go, words.go, box.go
//	place   boxes in frames, frames in tiers, tiers from the      plan.go, tier.go, fit.go
//	        VMs down to the sites; plain routers by their shape   routers.go, rings.go
//	join    lines that go down between boxes, never behind one    stroke.go, route.go
//	write   SVG, from back to front, and a legend                 draw.go, legend.go
//
// What nodes, links and sessions are while something fails is said by their classes
// (diagram.css), which the page of a run sets.
//
// Not drawn: the paths of packets, routes, subnets, and what traffic there is.
package diagram
