package scenarios

import (
	"fmt"
	"slices"

	"dualhome/events"
)

// collectNames learns all names and reports those that come twice: a name in
// an event, a table or a fault must mean one thing.
func (c *checker) collectNames() {
	c.names["fabric"] = AReserved   // the actor of faults
	c.names["internet"] = AReserved // where traffic goes to
	c.names["start"] = AReserved    // what happens before the first fault
	for i, v := range c.s.VNets {
		c.name(v.Name, AVNet, "vnets", i, "name")
	}
	for i, r := range c.s.RouteServers {
		c.name(r.Name, ARouteServer, "route_servers", i, "name")
		c.halves(r.Name, AnInstance, "route_servers", i, "name")
	}
	for i, n := range c.s.NVAs {
		c.name(n.Name, AnNVA, "nvas", i, "name")
		if slices.Contains(n.Roles, "firewall") {
			c.names[internetLink(events.ActorID(n.Name))] = AReserved // its way to the Internet, a link
		}
	}
	for i, b := range c.s.Balancers {
		c.name(b.Name, ABalancer, "load_balancers", i, "name")
	}
	for i, g := range c.s.ERGateways {
		c.name(g.Name, AGateway, "expressroute_gateways", i, "name")
		c.halves(g.Name, AGatewayInstance, "expressroute_gateways", i, "name")
	}
	for i, g := range c.s.VPNGateways {
		c.name(g.Name, AVPNGateway, "vpn_gateways", i, "name")
		c.halves(g.Name, AGatewayInstance, "vpn_gateways", i, "name")
	}
	for i, r := range c.s.Circuits {
		c.name(r.Name, ACircuit, "circuits", i, "name")
		c.halves(r.Name, AnMSEE, "circuits", i, "name")
	}
	for i, s := range c.s.Sites {
		c.name(s.Name, ASite, "sites", i, "name")
	}
	for i, r := range c.s.Routers {
		c.name(r.Name, ARouter, c.made.router(i, "name")...)
	}
	for i, v := range c.s.VMs {
		c.name(v.Name, ASetOfVMs, "vms", i, "name")
		c.halves(v.Name, ANICGroup, "vms", i, "name")
	}
	c.linkNames()
	for i, t := range c.s.Traffic {
		c.name(t.Name, AClass, "traffic", i, "name")
	}
	for i, f := range c.s.Faults {
		c.name(f.Name, AFault, "faults", i, "name")
		if f.RepairAfter != nil {
			c.name(f.Name+"-repair", ARepair, "faults", i, "name")
		}
	}
	for i, f := range c.s.Drills { // one that is played is a fault
		c.name(f.Name, ADrill, "drills", i, "name")
		if f.RepairAfter != nil {
			c.name(f.Name+"-repair", ADrillRepair, "drills", i, "name")
		}
	}
	for i, f := range c.s.Failures {
		_, taken := c.names[f.Name]
		c.name(f.Name, AFailure, "failures", i, "name")
		if !taken {
			c.name(f.Name+"-repair", AFailureRepair, "failures", i, "name")
		}
	}
}

func (c *checker) linkNames() {
	for i, p := range c.s.Peerings {
		c.name(p.Name, APeering, "peerings", i, "name")
	}
	for i, s := range c.s.Sites {
		for j, t := range s.Tunnels {
			c.tunnelNames(t, "sites", i, "tunnels", j, "name")
		}
	}
	for i, l := range c.s.Links {
		c.name(l.Name, ALink, c.made.link(i, "name")...)
	}
	for i, r := range c.s.Circuits {
		for _, link := range r.links() {
			c.name(link, ACircuitLink, "circuits", i, "name")
		}
		for j, to := range r.Connections {
			c.name(to.Name, AConnection, "circuits", i, "connections", j, "name")
		}
	}
}

// tunnelNames learns the links of a tunnel: to a VPN gateway there are two.
func (c *checker) tunnelNames(t Tunnel, at ...any) {
	if !c.s.isVPNGateway(t.To) {
		c.name(t.Name, ATunnel, at...)
		return
	}
	c.name(t.Name, APairOfTunnels, at...)
	c.halves(t.Name, ATunnel, at...)
}

func (c *checker) halves(name string, what Thing, path ...any) {
	if name == "" {
		return // missing, and reported
	}
	c.name(name+"-0", what, path...)
	c.name(name+"-1", what, path...)
}

const nameLength = 63

func (c *checker) name(name string, what Thing, path ...any) {
	if name == "" {
		return // missing, and reported
	}
	if len(name) > nameLength {
		c.fail(fmt.Sprintf("the name %s of %s has %d characters; %d are the limit", name, what.a(), len(name), nameLength), "give it a shorter name: of its own", path...)
	}
	is, taken := c.names[name]
	switch {
	case !taken:
		c.names[name] = what
	case is == AReserved:
		c.fail(fmt.Sprintf("the name %s is reserved", name), "", path...)
	default:
		c.fail(fmt.Sprintf("the name %s of %s is that of %s already", name, what.a(), is.a()), "", path...)
	}
}

// named gives the names of all things of those kinds.
func (c *checker) named(kinds ...Thing) []string {
	var names []string
	for name, t := range c.names { // order-free: sorted below
		if slices.Contains(kinds, t) {
			names = append(names, name)
		}
	}
	return sorted(names)
}
