package scenarios

import (
	"net/netip"
	"slices"
	"strconv"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/sim"
)

// The node of everything outside that no site is.
const internet events.ActorID = "internet"

// outside is the address that stands for the Internet: TEST-NET-3 (RFC 5737).
func outside() netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, 1}) }

// layOut makes the links and the Internet known.
func (b *builder) layOut() {
	for _, p := range b.s.Peerings {
		b.fact(events.Link{Name: p.Name, Type: events.PeeringLink, A: p.Between[0], B: p.Between[1]})
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			b.fact(events.Link{Name: t.Name, Type: events.TunnelLink, A: t.NVA, B: s.Name})
		}
	}
	for _, n := range b.s.NVAs {
		if slices.Contains(n.Roles, "firewall") {
			b.fact(events.Link{Name: internetLink(events.ActorID(n.Name)), Type: events.InternetLink, A: n.Name, B: string(internet)})
		}
	}
	b.place(events.Node{Node: internet, Type: events.InternetNode})
}

// instance names one of the two instances of a Route Server.
func instance(rs string, i int) events.ActorID { return events.ActorID(rs + "-" + strconv.Itoa(i)) }

// instanceAddress gives its address: .4 and .5 of RouteServerSubnet, the first
// two that Azure leaves free (observed in every published lab).
func (b *builder) instanceAddress(rs RouteServer, i int) netip.Addr {
	subnet, _ := b.s.vnet(rs.VNet).subnet(routeServerSubnet)
	return nth(subnet.Prefix, 4+i)
}

// nth gives the n-th address of a prefix.
func nth(p netip.Prefix, n int) netip.Addr {
	a := p.Addr()
	for range n {
		a = a.Next()
	}
	return a
}

// routeServerOf gives the Route Server of a VNet.
func (b *builder) routeServerOf(vnet string) (RouteServer, bool) {
	i := slices.IndexFunc(b.s.RouteServers, func(r RouteServer) bool { return r.VNet == vnet })
	if i < 0 {
		return RouteServer{}, false
	}
	return b.s.RouteServers[i], true
}

// hashNIC tells which of the two instances serves a NIC (Azure does not say;
// assumed: a hash of the NIC).
func hashNIC(set string, n int) int {
	return int(sim.Bits(0, sim.KeyOf("nic").Str(set).Int(uint64(n))) % 2)
}

// nicGroup is the NICs of a set that one instance serves.
type nicGroup struct {
	id       events.ActorID
	nics     []int
	instance events.ActorID
}

// groups divides a set of VMs among the instances of its VNet's Route Server.
func (b *builder) groups(v VMs) []nicGroup {
	rs, served := b.routeServerOf(v.VNet)
	var halves [2]nicGroup
	for i := range v.Count {
		half := 0
		if served {
			half = hashNIC(v.Name, i)
		}
		halves[half].nics = append(halves[half].nics, i)
	}
	var all []nicGroup
	for half, g := range halves {
		if len(g.nics) == 0 {
			continue
		}
		g.id = events.ActorID(v.Name + "-" + strconv.Itoa(half))
		if served {
			g.instance = instance(rs.Name, half)
		}
		all = append(all, g)
	}
	return all
}

// serves gives the NIC groups that an instance programs: of VMs, and of NVAs
// that stand in its VNet.
func (b *builder) serves(rs RouteServer, i int) []events.ActorID {
	var all []events.ActorID
	for _, n := range b.s.NVAs {
		if n.VNet == rs.VNet && hashNIC(n.Name, 0) == i {
			all = append(all, events.ActorID(n.Name))
		}
	}
	for _, v := range b.s.VMs {
		for _, g := range b.groups(v) {
			if g.instance == instance(rs.Name, i) {
				all = append(all, g.id)
			}
		}
	}
	return all
}

// vms makes the sets of VMs.
func (b *builder) vms() {
	for _, v := range b.s.VMs {
		subnet, _ := b.s.vnet(v.VNet).subnet(v.Subnet)
		rs, _ := b.routeServerOf(v.VNet)
		for _, g := range b.groups(v) {
			b.place(events.Node{Node: g.id, Type: events.VMNode, VNet: v.VNet, Prefixes: []netip.Prefix{subnet.Prefix}})
			b.fact(events.NICGroup{Group: g.id, Set: v.Name, NICs: g.nics, Instance: g.instance})
			b.systemRoutes(g.id, v.VNet)
			n := actors.NewNICs(actors.NICsConfig{ID: g.id, System: b.hiding(v.VNet), Spacing: rs.Spacing})
			b.net.NICs = append(b.net.NICs, n)
			b.list = append(b.list, n)
		}
	}
}

// hiding gives the prefixes whose system routes hide learned ones in a VNet.
func (b *builder) hiding(vnet string) []netip.Prefix {
	all := slices.Clone(b.s.vnet(vnet).AddressSpace)
	for _, v := range b.s.VNets {
		if _, _, peered := b.peeringOf(vnet, v.Name); peered {
			all = append(all, v.AddressSpace...)
		}
	}
	return all
}

// systemRoutes gives a NIC what Azure puts into every table of effective routes:
// its VNet, peered VNets, the Internet, and nothing for private addresses
// (Azure: virtual-networks-udr-overview, 2023-05-27).
func (b *builder) systemRoutes(group events.ActorID, vnet string) {
	for _, v := range b.s.VNets {
		hop := events.VNetPeering
		if v.Name == vnet {
			hop = events.VnetLocal
		} else if _, _, peered := b.peeringOf(vnet, v.Name); !peered {
			continue
		}
		for _, p := range v.AddressSpace {
			b.fact(events.SystemRoute{Group: group, Prefix: p, Hop: hop})
		}
	}
	b.fact(events.SystemRoute{Group: group, Prefix: defaultRoute(), Hop: events.Internet})
	for _, p := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"} {
		b.fact(events.SystemRoute{Group: group, Prefix: netip.MustParsePrefix(p), Hop: events.None})
	}
}

func defaultRoute() netip.Prefix { return netip.PrefixFrom(netip.IPv4Unspecified(), 0) }

// traffic makes the flow classes.
func (b *builder) traffic() {
	for _, c := range b.s.Traffic {
		i := slices.IndexFunc(b.s.VMs, func(v VMs) bool { return v.Name == c.From })
		v := b.s.VMs[i]
		subnet, _ := b.s.vnet(v.VNet).subnet(v.Subnet)
		b.fact(events.FlowClass{
			Name: c.Name, From: c.From, To: events.ActorID(c.To), Source: nth(subnet.Prefix, 4), Destination: b.destination(c.To),
			BitsPerSec: c.Rate, Flows: c.Flows, HashSeed: sim.Bits(b.o.Seed, sim.KeyOf("flows").Str(c.Name)),
		})
	}
}

// destination gives an address of a site, or of the Internet.
func (b *builder) destination(to string) netip.Addr {
	i := slices.IndexFunc(b.s.Sites, func(s Site) bool { return s.Name == to })
	if i < 0 || b.s.Sites[i].Prefixes[0].Bits() == 0 {
		return outside()
	}
	a, _ := b.s.outsideVNets(b.s.Sites[i]) // there is one: see check
	return a
}
