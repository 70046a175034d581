package scenarios

import (
	"net/netip"
	"slices"
	"strconv"
	"time"

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
	bounded := func(name string, kind events.LinkKind, x, y string, bandwidth int64) {
		b.fact(events.Link{Name: name, Type: kind, A: x, B: y, Capacity: events.Capacity{BitsPerSec: bandwidth}})
	}
	link := func(name string, kind events.LinkKind, x, y string) { bounded(name, kind, x, y, 0) }
	for _, p := range b.s.Peerings {
		link(p.Name, events.PeeringLink, p.Between[0], p.Between[1])
	}
	for _, s := range b.s.Sites {
		for _, t := range s.Tunnels {
			for i, name := range b.s.tunnelLinks(t) {
				link(name, events.TunnelLink, string(b.s.tunnelEnds(t)[i]), s.Name)
			}
		}
	}
	for _, c := range b.s.Circuits {
		for _, to := range c.Connections {
			link(to.Name, events.ConnectionLink, to.Gateway, c.Name)
		}
		for i, name := range c.links() {
			bounded(name, events.CircuitLink, string(instance(c.Name, i)), c.Site, c.Bandwidth)
		}
	}
	for _, n := range b.s.NVAs {
		if slices.Contains(n.Roles, "firewall") {
			link(internetLink(events.ActorID(n.Name)), events.InternetLink, n.Name, string(internet))
		}
	}
	b.place(events.Node{Node: internet, Type: events.InternetNode})
}

// nth gives the n-th address of a prefix.
func nth(p netip.Prefix, n int) netip.Addr {
	a := p.Addr()
	for range n {
		a = a.Next()
	}
	return a
}

// programming says who programs the NICs of a VNet, and how: the Route Server of
// the VNet, or of the one whose remote gateway it uses, or else the gateway there.
type programming struct {
	by      string // instances <by>-0 and <by>-1; none: nobody
	spacing time.Duration
	union   bool
	each    bool
}

func (s *Scenario) programming(vnet string) programming {
	host := s.host(vnet)
	for _, r := range s.RouteServers {
		if r.VNet == host {
			return programming{r.Name, r.Spacing, r.NICSource == "union", r.Unit == "nic"}
		}
	}
	for _, g := range s.ERGateways {
		if g.VNet == host {
			return programming{by: g.Name, spacing: g.Spacing}
		}
	}
	for _, g := range s.VPNGateways {
		if g.VNet == host {
			return programming{by: g.Name, spacing: g.Spacing}
		}
	}
	return programming{}
}

// servers gives the instances that serve a NIC.
func (p programming) servers(half int) []events.ActorID {
	switch {
	case p.by == "":
		return nil
	case p.union:
		return []events.ActorID{instance(p.by, 0), instance(p.by, 1)}
	}
	return []events.ActorID{instance(p.by, half)}
}

// hashNIC tells which of the two instances serves a NIC (Azure does not say;
// assumed: a hash of the NIC).
func hashNIC(set string, n int) int {
	return int(sim.Bits(0, sim.KeyOf("nic").Str(set).Int(uint64(n))) % 2)
}

// nicGroup is NICs that the same instances serve, so that they share a table.
type nicGroup struct {
	id      events.ActorID
	vnet    string
	subnet  Subnet
	nics    []int
	servers []events.ActorID
}

// groups divides a set of VMs among the instances that program them.
func (s *Scenario) groups(v VMs) []nicGroup {
	subnet, _ := s.vnet(v.VNet).subnet(v.Subnet)
	p := s.programming(v.VNet)
	if !subnet.PropagateGatewayRoutes {
		p = programming{}
	}
	var all []nicGroup
	at := map[int]int{}
	for i := range v.Count {
		number, half := 0, 0
		if p.by != "" && !p.union {
			half = hashNIC(v.Name, i)
			number = half
		}
		if p.each {
			number = i
		}
		if _, known := at[number]; !known {
			at[number] = len(all)
			all = append(all, nicGroup{instance(v.Name, number), v.VNet, subnet, nil, p.servers(half)})
		}
		g := &all[at[number]]
		g.nics = append(g.nics, i)
	}
	slices.SortStableFunc(all, func(x, y nicGroup) int { return suffix(x.id) - suffix(y.id) })
	return all
}

// suffix gives the number at the end of the name of a group.
func suffix(id events.ActorID) int {
	for i := len(id) - 1; i >= 0; i-- {
		if id[i] == '-' {
			n, _ := strconv.Atoi(string(id[i+1:]))
			return n
		}
	}
	return 0
}

// nicOf gives the NIC of an NVA.
func (s *Scenario) nicOf(n NVA) nicGroup {
	subnet := s.subnetOf(n.VNet, n.Address)
	g := nicGroup{events.ActorID(n.Name), n.VNet, subnet, []int{0}, nil}
	if subnet.PropagateGatewayRoutes {
		g.servers = s.programming(n.VNet).servers(hashNIC(n.Name, 0))
	}
	return g
}

// subnetOf gives the subnet of a VNet that holds an address. Where no subnet
// does, it is one without a route table.
func (s *Scenario) subnetOf(vnet string, a netip.Addr) Subnet {
	for _, subnet := range s.vnet(vnet).Subnets {
		if subnet.Prefix.Contains(a) {
			return subnet
		}
	}
	return Subnet{PropagateGatewayRoutes: true}
}

// served gives the NIC groups that an instance programs: of NVAs, and of VMs.
func (b *builder) served(id events.ActorID) []events.ActorID {
	var all []events.ActorID
	add := func(g nicGroup) {
		if slices.Contains(g.servers, id) {
			all = append(all, g.id)
		}
	}
	for _, n := range b.s.NVAs {
		add(b.s.nicOf(n))
	}
	for _, v := range b.s.VMs {
		for _, g := range b.s.groups(v) {
			add(g)
		}
	}
	return all
}

// nics makes the facts of a NIC group, and what its actor is told; nil where
// nobody programs it.
func (b *builder) nics(g nicGroup, set string) *actors.NICsConfig {
	fact := events.NICGroup{
		Group: g.id, Set: set, Subnet: g.vnet + "/" + g.subnet.Name, NICs: g.nics, Scheme: hashScheme(b.s.ECMPScheme),
	}
	if len(g.servers) > 0 {
		fact.Instance = g.servers[0]
	}
	b.fact(fact)
	b.systemRoutes(g.id, g.vnet)
	user := b.userRoutes(g.id, g.subnet)
	if len(g.servers) == 0 {
		return nil
	}
	p := b.s.programming(g.vnet)
	return &actors.NICsConfig{ID: g.id, System: b.hiding(g.vnet), User: user, Spacing: p.spacing, Union: p.union}
}

// userRoutes gives a NIC the routes of its subnet's route table, and tells which
// prefixes beat learned routes.
func (b *builder) userRoutes(group events.ActorID, subnet Subnet) []netip.Prefix {
	var beating []netip.Prefix
	for _, r := range subnet.Routes {
		hop := hopType(r.NextHopType)
		b.fact(events.UserRoute{Group: group, Prefix: r.Prefix, Hop: hop, NextHop: r.NextHop})
		if hop != events.VirtualNetworkGateway {
			beating = append(beating, r.Prefix)
		}
	}
	return beating
}

// hashScheme gives the scheme of that name.
func hashScheme(name string) events.HashScheme {
	for _, s := range []events.HashScheme{events.ThresholdHash, events.ResilientHash} {
		if s.String() == name {
			return s
		}
	}
	return events.ModuloHash
}

func hopType(name string) events.HopType {
	for _, h := range []events.HopType{events.VirtualAppliance, events.VirtualNetworkGateway, events.VnetLocal, events.Internet} {
		if h.String() == name {
			return h
		}
	}
	return events.None
}

// vms makes the sets of VMs.
func (b *builder) vms() {
	for _, v := range b.s.VMs {
		for _, g := range b.s.groups(v) {
			b.place(events.Node{Node: g.id, Type: events.VMNode, VNet: v.VNet, Prefixes: []netip.Prefix{g.subnet.Prefix}})
			b.nodes[len(b.nodes)-1].set = v.Name
			cfg := b.nics(g, v.Name)
			if cfg == nil {
				cfg = &actors.NICsConfig{ID: g.id}
			}
			b.part(func(n *Network, _ Options) sim.Actor {
				nics := actors.NewNICs(*cfg)
				n.NICs = append(n.NICs, nics)
				return nics
			})
		}
	}
}

// hiding gives the prefixes whose system routes hide learned ones in a VNet.
func (b *builder) hiding(vnet string) []netip.Prefix {
	all := slices.Clone(b.s.vnet(vnet).AddressSpace)
	for _, v := range b.s.VNets {
		if b.s.routesTo(vnet, v.Name) {
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
		switch {
		case v.Name == vnet:
			hop = events.VnetLocal
		case !b.s.routesTo(vnet, v.Name):
			continue
		case v.Region != b.s.vnet(vnet).Region:
			hop = events.VNetGlobalPeering
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
