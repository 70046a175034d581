package simtest

import (
	"fmt"
	"slices"
	"strings"
)

// appliances writes the NVAs.
func (a *azure) appliances() {
	var all []string
	for _, h := range a.hubs {
		for j, name := range h.nvas {
			roles := draw(a, "firewall, vpn", "firewall", "vpn", "vpn", "")
			if strings.Contains(roles, "vpn") {
				h.tunnelEnds = append(h.tunnelEnds, name)
			}
			a.nvas = append(a.nvas, name)
			asn, stateful := 65000+10*h.i+j*a.IntN(2), a.one(4)
			all = append(all, fmt.Sprintf("  - {name: %s, vnet: %s, address: %s, asn: %d, roles: [%s], stateful: %t%s, route_servers: [%s], %s%s, connect_retry: %ds, mrai: %s, send_back: %t%s%s%s}\n",
				name, h.name, h.appliance(j), asn, roles, stateful, a.state(stateful), a.peersOf(h, name), a.speakers(), a.maybe(6, ", profile: frr-8.4"), draw(a, 5, 30, 120),
				draw(a, "0s", "0s", "5s"), !a.one(3), a.statics(h), a.maybe(3, fmt.Sprintf(", probe_interval: %ds", draw(a, 1, 5))),
				a.size("bandwidth: 1500Mbps", "packets_per_second: 100000", "max_flows: 12", "bandwidth: 3Gbps, max_flows: 20")))
		}
		if h.vpn {
			h.tunnelEnds = append(h.tunnelEnds, fmt.Sprintf("vgw%d", h.i))
		}
	}
	a.list("nvas", a.withStranger(all, "  - {name: nva1x, vnet: hub1x, address: 10.9.2.4, asn: 64999, roles: [vpn], route_servers: [rs1x], as_override: out}\n"))
}

// state gives what an NVA translates, and with whom it shares what it knows of
// flows.
func (a *azure) state(stateful bool) string {
	snat := a.lively("", "", ", snat: none", ", snat: internet", ", snat: all")
	if !stateful {
		return snat
	}
	return snat + a.lively("", ", shared_state: one", ", shared_state: one", ", shared_state: two") + a.lively("", "", ", midstream_pickup: true")
}

// lively gives one of some texts that are about flows.
func (a *azure) lively(of ...string) string { return of[a.life.IntN(len(of))] }

// statics gives the static routes of an NVA.
func (a *azure) statics(h *hub) string {
	var all []string
	for _, p := range []string{"10.0.0.0/16", "10.0.0.0/8", "10.20.0.0/16", fmt.Sprintf("10.%d.0.0/16", h.i)} {
		if a.one(5) {
			all = append(all, fmt.Sprintf("{prefix: %s, via: vnet, announce: %t}", p, !a.one(4)))
		}
	}
	return ", static_routes: [" + strings.Join(all, ", ") + "]" + a.maybe(5, ", no_advertise: ["+draw(a, "0.0.0.0/0", "10.0.0.0/8")+"]")
}

// peersOf gives the sessions of an NVA with Route Servers, each with a policy of
// its own.
func (a *azure) peersOf(h *hub, nva string) string {
	var all []string
	for _, rs := range h.routeServers {
		if a.one(6) {
			continue
		}
		peers := []string{rs + "-0", rs + "-1"}
		if a.one(6) {
			peers = peers[:1]
			rs = peers[0]
		}
		for _, p := range peers {
			a.sessions = append(a.sessions, [2]string{nva, p})
		}
		policy := draw(a, "", ", as_override: out", ", as_override: out", ", as_override: both", ", as_override: in", ", remove_as: out", ", remove_as: in", ", remove_as: both")
		hop := a.maybe(8, ", next_hop_unchanged: true")
		if hop == "" {
			hop = a.maybe(3, ", next_hop: "+draw(a, h.hops()...))
		}
		all = append(all, fmt.Sprintf("{route_server: %s%s%s%s%s%s}", rs, policy, hop, a.maybe(4, ", prepend: 2"), a.maybe(6, ", allowas_in: 1"), a.maybe(3, a.rules())))
	}
	return strings.Join(all, ", ")
}

// rules gives a policy: one that makes paths longer and marks them, that drops what
// is marked, or what is of a length or a path.
func (a *azure) rules() string {
	return draw(a,
		`, export: [{prefixes: [10.0.0.0/8], le: 24, prepend: 1, add_communities: ["1:2:3", "65001:7"]}]`,
		`, export: [{as_path: "_(6510[0-9]|330[0-9])$", add_communities: ["1:2:3"]}, {prefixes: [10.0.0.0/8], ge: 17, action: drop}]`,
		`, import: [{community: "1:2:3", remove_communities: ["1:2:3"], prepend: 2}, {community: "65001:7", action: drop}]`,
		`, import: [{community: "1:2:3", action: drop}], export: [{prefixes: [0.0.0.0/0], action: drop}]`)
}

func (a *azure) balancers() {
	var all []string
	for _, h := range a.hubs {
		if h.lb {
			all = append(all, fmt.Sprintf("  - {name: lb%d, vnet: %s, address: %s, backends: [%s], probe_interval: %ds}\n",
				h.i, h.name, h.balancer(), strings.Join(h.nvas[:1+a.IntN(len(h.nvas))], ", "), draw(a, 1, 5)))
		}
	}
	a.list("load_balancers", a.withStranger(all, "  - {name: lb1x, vnet: hub1x, address: 10.9.2.5, backends: [nva1x]}\n"))
}

func (a *azure) gateways() {
	var er, vpn []string
	for _, h := range a.hubs {
		if h.er {
			er = append(er, fmt.Sprintf("  - {name: gw%d, vnet: %s, %s, convergence: %s, ecmp_with_route_server: %t, programming: %s%s}\n",
				h.i, h.name, a.timers(), draw(a, "0s", "500ms", `"uniform(0s, 5s)"`, `"uniform(0s, 60s)"`), a.one(3), draw(a, "measured", "2s"),
				a.size("sku: ErGw1AZ", "sku: ErGwScale, scale_units: 3", "sku: ErGw3AZ, max_flows: 16", "bandwidth: 2Gbps")))
			a.halves(fmt.Sprintf("gw%d", h.i))
		}
		if h.vpn {
			asn := 65515
			if !h.rs && a.one(2) {
				asn = 65200 + h.i
			}
			vpn = append(vpn, fmt.Sprintf("  - {name: vgw%d, vnet: %s, asn: %d, spacing: %s%s}\n", h.i, h.name, asn, draw(a, "0s", "30s"), a.size("sku: VpnGw1", "sku: VpnGw3AZ, packets_per_second: 90000")))
			a.halves(fmt.Sprintf("vgw%d", h.i))
		}
	}
	a.list("expressroute_gateways", a.withStranger(er, "  - {name: gw1x, vnet: hub1x}\n"))
	a.list("vpn_gateways", a.withStranger(vpn, "  - {name: vgw1x, vnet: hub1x}\n"))
}

// halves makes two routers that forward known.
func (a *azure) halves(name string) {
	a.routers = append(a.routers, name+"-0", name+"-1")
	a.forwarders = append(a.forwarders, name+"-0", name+"-1")
}

// circuits writes one for each ExpressRoute gateway, or one for several, some to
// the second site.
func (a *azure) circuits() {
	var all []string
	for i, h := range a.hubs {
		if !h.er {
			continue
		}
		name := fmt.Sprintf("er%d", h.i)
		var to []string
		for j, other := range a.hubs {
			if other.er && (i == j || a.one(3)) {
				gateway := fmt.Sprintf("gw%d", other.i)
				to = append(to, fmt.Sprintf("{gateway: %s, weight: %d, delay: %s}", gateway, draw(a, 0, 0, 0, 10), a.delay(4)))
				a.links = append(a.links, [3]string{gateway + "-" + name, gateway, name})
			}
		}
		site := draw(a, "dc1", "dc1", "dc2")
		a.reached(site)
		a.circuitNames = append(a.circuitNames, name)
		a.halves(name)
		a.links = append(a.links, [3]string{name + "-primary", name, site}, [3]string{name + "-secondary", name, site})
		all = append(all, fmt.Sprintf("  - {name: %s, site: %s, connections: [%s], bfd: %t, %s, delay: %s%s}\n",
			name, site, strings.Join(to, ", "), !a.one(3), a.edgeTimers(), a.delay(9), a.size("bandwidth: 500Mbps", "bandwidth: 1Gbps")))
	}
	if a.Stranger > 0 { // the last in both cases: an MSEE's address is its circuit's place in the list
		all = append(all, "  - {name: er1x, site: dc1x, connections: [gw1x]}\n")
	}
	a.list("circuits", all)
}

// reached notes that something joins a site to Azure.
func (a *azure) reached(site string) {
	if a.tunnels == nil {
		a.tunnels = map[string]int{}
	}
	a.tunnels[site]++
}

// sites writes those that something leads to.
func (a *azure) sites() {
	var ends []string
	for _, h := range a.hubs {
		ends = append(ends, h.tunnelEnds...)
	}
	var all []string
	for i, name := range []string{"dc1", "dc2"} {
		var tunnels []string
		for _, end := range ends {
			if a.one(2) {
				tunnels = append(tunnels, a.tunnel(end, name))
			}
		}
		if len(tunnels) == 0 && a.tunnels[name] == 0 {
			if len(ends) == 0 {
				continue
			}
			tunnels = []string{a.tunnel(draw(a, ends...), name)}
		}
		a.reached(name)
		a.routers = append(a.routers, name)
		all = append(all, fmt.Sprintf("  - {name: %s, asn: %d, prefixes: [10.10%d.0.0/16%s%s], tunnels: [%s], %s, connect_retry: %ds, mrai: %s%s}\n",
			name, draw(a, 65100, 3300)+i, i, a.maybe(4, ", 10.110.0.0/16"), a.maybe(6, ", 0.0.0.0/0"), strings.Join(tunnels, ", "), a.speakers(), draw(a, 5, 120), draw(a, "0s", "0s", "5s"),
			draw(a, "", ", multipath: true", ", multipath_relax: true")))
	}
	if a.Stranger > 0 { // the last in both cases: a site's address is its place in the list
		all = append(all, "  - {name: dc1x, asn: 64998, prefixes: [10.200.0.0/16], tunnels: [nva1x, vgw1x]}\n")
	}
	a.list("sites", all)
}

// tunnel gives a tunnel to an NVA or to both instances of a VPN gateway.
func (a *azure) tunnel(end, site string) string {
	bgp, name := !a.one(4), end+"-"+site
	if slices.Contains(a.nvas, end) {
		a.links = append(a.links, [3]string{name, end, site})
		if bgp {
			a.sessions = append(a.sessions, [2]string{end, site})
		}
	} else {
		a.links = append(a.links, [3]string{name + "-0", end, site}, [3]string{name + "-1", end, site})
	}
	return fmt.Sprintf("{to: %s, delay: %s, bgp: %t%s}", end, a.delay(25), bgp, a.maybe(2, fmt.Sprintf(", dpd: %ds", draw(a, 1, 10))))
}

// machines writes VMs and their traffic: with sites, the Internet and each other.
func (a *azure) machines() {
	a.write("vms:\n  - {name: spoke-vms, vnet: spoke, subnet: workload, count: %d}\n", 1+a.IntN(5))
	a.write("  - {name: hub-vms, vnet: hub1, subnet: workload, count: %d}\n", 1+a.IntN(3))
	classes := [][2]string{{"spoke-vms", "internet"}}
	if a.work {
		classes = append(classes, [2]string{"spoke-vms", "hub-vms"})
	}
	if a.leaf {
		a.write("  - {name: leaf-vms, vnet: leaf, subnet: workload, count: 2}\n")
		classes = append(classes, [2]string{"leaf-vms", "spoke-vms"})
	}
	for _, site := range []string{"dc1", "dc2"} {
		if a.tunnels[site] == 0 {
			continue
		}
		classes = append(classes, [2]string{"spoke-vms", site})
		if a.leaf {
			classes = append(classes, [2]string{"leaf-vms", site})
		}
	}
	a.write("traffic:\n")
	for i, c := range classes {
		a.write("  - {name: c%d, from: %s, to: %s, rate: 1Gbps, flows: 10, protocol: %s, stateless: %t, reconnect: %s}\n",
			i, a.part(c[0]), c[1], a.lively("tcp", "tcp", "udp"), a.life.IntN(5) == 0, a.lively("0s", "0s", "3s", `"uniform(1s, 10s)"`, "exponential(5s)"))
	}
	for i, site := range []string{"dc1", "dc2"} {
		if a.tunnels[site] > 0 {
			a.write("  - {name: in%d, from: %s, to: %s, rate: 1Gbps, flows: 10, packet_size: 64B}\n", i, site, a.part("spoke-vms"))
		}
	}
}

// part gives a set of VMs, or one machine of it, or its subnet. Chance is that of
// jitter, so that the rest stays as it is.
func (a *azure) part(set string) string {
	vnet, _, _ := strings.Cut(set, "-")
	return []string{set, `"` + set + `[0]"`, vnet + "/workload"}[a.jitter.IntN(3)]
}
