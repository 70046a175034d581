package simtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// AzureOptions narrow what a random Azure network is.
type AzureOptions struct {
	Vary     bool // delays vary
	Mend     bool // every fault is repaired
	Stranger int  // a hub, its gateways, circuit and site that have to do with nobody else: 1 first, 2 last in their lists
}

// Azure gives the text of the seed-th random Azure network: one to three hubs,
// each with a Route Server, gateways of both kinds, NVAs and a load balancer, or
// without some of these; circuits of their own and shared ones; a spoke with a
// Route Server or with the hub's; sites; and faults of all kinds at any time,
// repaired or not, overlapping or not. Every text is a valid scenario, and every
// option that Azure leaves open takes all its values.
func Azure(seed uint64, o AzureOptions) string {
	a := &azure{
		Rand: rand.New(rand.NewPCG(seed, 0xa2e)), jitter: rand.New(rand.NewPCG(seed, 0x717)), hashes: rand.New(rand.NewPCG(seed, 0xec)),
		life:  rand.New(rand.NewPCG(seed, 0xf10)),
		sizes: rand.New(rand.NewPCG(seed, 0x512)), AzureOptions: o,
	}
	a.plan()
	a.write("version: 1\nname: azure-%d\nhorizon: %ds\n", seed, 500+a.IntN(400))
	a.write("ecmp_scheme: %s\necmp_symmetric: %t\n", a.scheme(), a.hashes.IntN(3) == 0)
	a.vnets()
	a.peerings()
	a.routeServers()
	a.appliances()
	a.balancers()
	a.gateways()
	a.circuits()
	a.sites()
	a.machines()
	a.faults()
	return a.text.String()
}

// azure is a network that is being drawn.
type azure struct {
	*rand.Rand
	AzureOptions
	text   strings.Builder
	jitter *rand.Rand // who has it; on its own, so that the rest stays as it is
	hashes *rand.Rand // how flows are spread; on its own too
	life   *rand.Rand // of flows: what NVAs know of them, and when they are opened anew; on its own too
	sizes  *rand.Rand // what is bounded, and by what; likewise
	calm   bool       // hold times are Azure's, or near
	hubs   []*hub
	spoke  string // the spoke's Route Server, or the hub that it uses; none: neither
	leaf   bool   // a VNet that uses the first hub's gateway or Route Server
	mesh   bool   // hubs are peered
	work   bool   // machines of the first hub have traffic
	targets
}

// hub is a hub VNet and what stands in it.
type hub struct {
	name         string
	i            int
	rs, er, vpn  bool
	lb           bool
	nvas         []string
	tunnelEnds   []string // NVAs with the role vpn, and the VPN gateway
	routeServers []string // that its NVAs may peer with
}

// targets are what faults may hit.
type targets struct {
	routers, forwarders, nvas, instances, circuitNames, hosts []string
	links                                                     [][3]string    // name, and both ends
	sessions                                                  [][2]string    // an NVA and whom it peers with
	tunnels                                                   map[string]int // by site
}

func (a *azure) write(format string, args ...any) { fmt.Fprintf(&a.text, format, args...) }

// strange writes a line about the strangers if they stand in that place.
func (a *azure) strange(place int, line string) {
	if a.Stranger == place {
		a.text.WriteString(line)
	}
}

// draw gives one of some values.
func draw[T any](a *azure, of ...T) T { return of[a.IntN(len(of))] }

// one tells whether one in n comes up.
func (a *azure) one(n int) bool { return a.IntN(n) == 0 }

// maybe gives what is written in one of n cases.
func (a *azure) maybe(n int, text string) string {
	if a.one(n) {
		return text
	}
	return ""
}

// size bounds a thing in one of some ways, or not.
func (a *azure) size(ways ...string) string {
	if i := a.sizes.IntN(2 * len(ways)); i < len(ways) {
		return ", " + ways[i]
	}
	return ""
}

// delay gives a delay of up to so many milliseconds.
func (a *azure) delay(ms int) string {
	us := 300 + a.IntN(1000*ms)
	if a.Vary {
		return fmt.Sprintf(`"uniform(%dus, %dus)"`, us, 3*us)
	}
	return fmt.Sprintf("%dus", us)
}

func (a *azure) timers() string {
	hold := draw(a, 90, 180, 180)
	if !a.calm {
		hold = draw(a, 0, 3, 9, 30, 90, 180, 180)
	}
	return fmt.Sprintf("hold: %ds, keepalive: %ds", hold, draw(a, max(1, hold/3), max(1, hold/3), max(1, hold/4), 60))
}

// scheme gives a way to choose among equal next hops.
func (a *azure) scheme() string {
	return []string{"modulo", "hash-threshold", "resilient"}[a.hashes.IntN(3)]
}

// speakers gives the timers of an NVA or a site, and for some of them jitter, or
// their own way to choose among equal next hops.
func (a *azure) speakers() string {
	s := a.timers()
	if a.jitter.IntN(8) == 0 && !strings.HasPrefix(s, "hold: 3s") { // which makes too many lines
		s += ", keepalive_jitter: true"
	}
	if a.hashes.IntN(3) == 0 {
		s += ", ecmp_scheme: " + a.scheme()
	}
	return s
}

// edgeTimers are those of an MSEE, which takes no hold time below 10 s.
func (a *azure) edgeTimers() string {
	for {
		if t := a.timers(); !strings.HasPrefix(t, "hold: 3s") && !strings.HasPrefix(t, "hold: 9s") {
			return t
		}
	}
}

// plan draws who stands where.
func (a *azure) plan() {
	a.calm, a.mesh, a.leaf, a.work = !a.one(4), a.one(3), a.one(2), a.one(3)
	for i := range 1 + a.IntN(3) {
		h := &hub{name: fmt.Sprintf("hub%d", i+1), i: i + 1, rs: !a.one(3), er: !a.one(3), vpn: a.one(2), lb: a.one(2)}
		for j := range a.IntN(3) {
			h.nvas = append(h.nvas, fmt.Sprintf("nva%d%d", h.i, j+1))
		}
		if !h.er && !h.vpn && len(h.nvas) == 0 {
			h.nvas = []string{fmt.Sprintf("nva%d1", h.i)}
		}
		h.lb = h.lb && len(h.nvas) > 0
		a.hubs = append(a.hubs, h)
	}
	first := a.hubs[0]
	shares := first.rs || first.er || first.vpn
	switch {
	case !a.one(4):
		a.spoke = "rs0"
	case shares:
		a.spoke = first.name
	}
	a.leaf = a.leaf && shares
	for _, h := range a.hubs {
		if a.spoke == "rs0" {
			h.routeServers = append(h.routeServers, "rs0")
		}
		for _, other := range a.hubs {
			if other.rs && (other == h || a.mesh) {
				h.routeServers = append(h.routeServers, fmt.Sprintf("rs%d", other.i))
			}
		}
	}
}

// appliance gives the address of the j-th NVA of a hub; lb that of its load
// balancer.
func (h *hub) appliance(j int) string { return fmt.Sprintf("10.%d.2.%d", h.i, 10+j) }

func (h *hub) balancer() string { return fmt.Sprintf("10.%d.2.100", h.i) }

// hops gives the addresses of a hub that may be a next hop.
func (h *hub) hops() []string {
	var all []string
	for j := range h.nvas {
		all = append(all, h.appliance(j))
	}
	if h.lb {
		all = append(all, h.balancer())
	}
	return all
}

// routes gives a route table, in which each prefix may be.
func (a *azure) routes(h *hub, prefixes ...string) string {
	var all []string
	for _, p := range prefixes {
		if !a.one(4) {
			continue
		}
		hop := "next_hop_type: " + draw(a, "VnetLocal", "Internet", "None", "VirtualNetworkGateway")
		if hops := h.hops(); len(hops) > 0 && !a.one(3) {
			hop = "next_hop: " + draw(a, hops...)
		}
		all = append(all, fmt.Sprintf("{prefix: %s, %s}", p, hop))
	}
	if len(all) == 0 {
		return ""
	}
	return ", routes: [" + strings.Join(all, ", ") + "]"
}

const stranger = "{name: hub1x, address_space: [10.9.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.9.0.0/27}, {name: GatewaySubnet, prefix: 10.9.1.0/27}, {name: nva, prefix: 10.9.2.0/24}]}"

func (a *azure) vnets() {
	a.write("vnets:\n")
	a.strange(1, "  - "+stranger+"\n")
	quiet := func() string { return a.maybe(8, ", propagate_gateway_routes: false") }
	a.write("  - {name: spoke, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24%s%s}]}\n",
		quiet(), a.routes(a.hubs[0], "0.0.0.0/0", "10.100.0.0/16", "10.20.0.0/16"))
	for _, h := range a.hubs {
		a.write("  - {name: %s, region: %s, address_space: [10.%d.0.0/16], subnets: [", h.name, draw(a, "here", "here", "there"), h.i)
		a.write("{name: RouteServerSubnet, prefix: 10.%d.0.0/27}, {name: GatewaySubnet, prefix: 10.%d.1.0/27%s}, ", h.i, h.i, a.routes(h, "10.0.0.0/16", "10.0.1.0/24", "10.20.0.0/16"))
		a.write("{name: nva, prefix: 10.%d.2.0/24%s%s}, ", h.i, quiet(), a.maybe(3, ", routes: [{prefix: 0.0.0.0/0, next_hop_type: Internet}]"))
		a.write("{name: workload, prefix: 10.%d.3.0/24%s%s}]}\n", h.i, quiet(), a.routes(h, "0.0.0.0/0", "10.0.0.0/8"))
	}
	if a.leaf {
		a.write("  - {name: leaf, address_space: [10.20.0.0/16], subnets: [{name: workload, prefix: 10.20.1.0/24%s%s}]}\n", quiet(), a.routes(a.hubs[0], "0.0.0.0/0", "10.0.0.0/16"))
	}
	a.strange(2, "  - "+stranger+"\n")
}

func (a *azure) peerings() {
	a.write("peerings:\n")
	for i, h := range a.hubs {
		a.peering(h.name, "spoke", a.spoke == h.name)
		for _, other := range a.hubs[:i] {
			if a.mesh {
				a.peering(other.name, h.name, false)
			}
		}
	}
	if a.leaf {
		a.peering(a.hubs[0].name, "leaf", true)
	}
}

// peering writes one whose second end may use the gateway of the first.
func (a *azure) peering(x, y string, uses bool) {
	flags := a.maybe(4, ", allow_forwarded_traffic: ["+draw(a, "", x, y)+"]")
	if uses {
		flags += fmt.Sprintf(", allow_gateway_transit: [%s], use_remote_gateways: [%s]", x, y)
	}
	a.write("  - {between: [%s, %s], delay: %s%s}\n", x, y, a.delay(3), flags)
	a.links = append(a.links, [3]string{x + "-" + y, x, y})
}

func (a *azure) routeServers() {
	var all []string
	if a.spoke == "rs0" {
		all = append(all, a.routeServer("rs0", "spoke"))
	}
	for _, h := range a.hubs {
		if h.rs {
			all = append(all, a.routeServer(fmt.Sprintf("rs%d", h.i), h.name))
		}
	}
	a.list("route_servers", a.withStranger(all, "  - {name: rs1x, vnet: hub1x, branch_to_branch: true}\n"))
}

func (a *azure) routeServer(name, vnet string) string {
	a.hosts = append(a.hosts, vnet)
	a.instances = append(a.instances, name+"-0", name+"-1")
	options := a.maybe(4, ", nic_source: union") + a.maybe(4, ", programming_unit: nic") + a.maybe(6, ", warm_up: 20s") + a.maybe(6, ", programming_per_route: 100ms") +
		a.maybe(6, ", negotiate: false") + a.maybe(4, ", initiator: route-server") + a.maybe(3, ", reflection: "+draw(a, "always", "never")) + a.maybe(4, ", bfd: true") +
		a.maybe(3, ", tie_break: rfc4271") + a.maybe(2, ", routing_preference: "+draw(a, "VpnGateway", "ASPath")) + a.maybe(4, ", mark_reflected: true") +
		a.maybe(6, ", advertise_to_gateways: always") + a.maybe(6, ", advertise_inside: false") + a.maybe(6, ", spacing: "+draw(a, "0s", "5s")) +
		a.maybe(10, fmt.Sprintf(", route_limit: %d, limit_retry: %ds", 2+a.IntN(8), draw(a, 20, 60, 300)))
	return fmt.Sprintf("  - {name: %s, vnet: %s, %s, branch_to_branch: %t, programming: %s, takeover: %s, on_loss: %s%s}\n", name, vnet, a.timers(), !a.one(3),
		draw(a, "measured", "2s", `"uniform(1s, 9s)"`), draw(a, "0s", "5s"), draw(a, "keep", "flush"), options)
}

// list writes a key with its items, unless there are none.
func (a *azure) list(key string, items []string) {
	if len(items) > 0 {
		a.write("%s:\n%s", key, strings.Join(items, ""))
	}
}

// withStranger gives items with one about the strangers in its place.
func (a *azure) withStranger(items []string, line string) []string {
	switch a.Stranger {
	case 1:
		return slices.Insert(items, 0, line)
	case 2:
		return append(items, line)
	}
	return items
}
