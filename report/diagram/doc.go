// Package diagram draws a scenario: its VNets with what stands in them, the sites and
// the Internet, and between them peerings, tunnels, circuits and BGP sessions.
//
// [Diagram.Mermaid] and [Diagram.Dot] give it to programs that place things themselves.
package diagram
