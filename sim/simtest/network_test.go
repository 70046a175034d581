package simtest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dualhome/scenarios"
	"dualhome/sim"
	"dualhome/sim/simtest"
)

// network writes random valid scenarios: one to three hubs (one of them may be
// the spoke itself) with one or two NVAs, one or two sites, and faults of all
// kinds at any time, repaired or not, overlapping or not.
type network struct {
	*rand.Rand
	b      strings.Builder
	nvas   []nva
	sites  []site
	hubs   []string
	jitter *rand.Rand // who has it; on its own, so that the rest stays as it is
	hashes *rand.Rand // how flows are spread; on its own too
	networkOptions
}

// networkOptions narrow what a random network is.
type networkOptions struct {
	vary     bool // delays vary
	mend     bool // every fault is repaired
	stranger int  // a hub, an NVA and a site that have to do with nobody else: 1 first, 2 last in their lists
}

type nva struct {
	name, vnet string
	peers      []string // Route Server or instances
}

type site struct {
	name  string
	nvas  []string // with a tunnel
	quiet []bool   // without BGP
}

// randomNetwork gives the text of the seed-th network. Delays vary in every
// fourth, unless constant is asked for.
func randomNetwork(seed uint64, constant bool) string {
	return writeNetwork(seed, networkOptions{vary: !constant && seed%4 == 0})
}

func writeNetwork(seed uint64, o networkOptions) string {
	n := &network{
		Rand: rand.New(rand.NewPCG(seed, 0x5eed)), jitter: rand.New(rand.NewPCG(seed, 0x717)), hashes: rand.New(rand.NewPCG(seed, 0xec)),
		networkOptions: o,
	}
	n.head(seed)
	n.routeServer()
	n.appliances()
	n.branches()
	fmt.Fprintf(&n.b, "vms: [{name: vms, vnet: spoke, subnet: workload, count: %d}]\n", 1+n.IntN(8))
	fmt.Fprintf(&n.b, "traffic: [{name: all, from: vms, to: %s, rate: 1Gbps, flows: 10}]\n", n.sites[0].name)
	n.faults()
	return n.b.String()
}

func (n *network) head(seed uint64) {
	fmt.Fprintf(&n.b, "version: 1\nname: random-%d\nhorizon: %ds\necmp_scheme: %s\necmp_symmetric: %t\nvnets:\n",
		seed, 600+n.IntN(600), n.scheme(), n.hashes.IntN(3) == 0)
	n.b.WriteString("  - {name: spoke, address_space: [10.0.0.0/16], subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}, {name: nva, prefix: 10.0.2.0/24}]}\n")
	hubs := 1 + n.IntN(3)
	const alien = "  - {name: alien, address_space: [10.9.0.0/16], subnets: [{name: nva, prefix: 10.9.2.0/24}]}\n"
	n.strange(1, alien)
	for i := 1; i <= hubs; i++ {
		n.hubs = append(n.hubs, fmt.Sprintf("hub%d", i))
		fmt.Fprintf(&n.b, "  - {name: hub%d, address_space: [10.%d.0.0/16], subnets: [{name: nva, prefix: 10.%d.2.0/24}]}\n", i, i, i)
	}
	n.strange(2, alien)
	n.b.WriteString("peerings:\n")
	for i := range hubs {
		fmt.Fprintf(&n.b, "  - {between: [hub%d, spoke], delay: %s}\n", i+1, n.delay(3))
	}
}

// strange writes a line about the strangers if they stand in that place.
func (n *network) strange(place int, line string) {
	if n.stranger == place {
		n.b.WriteString(line)
	}
}

// delay gives a delay of up to so many milliseconds.
func (n *network) delay(ms int) string {
	us := 300 + n.IntN(1000*ms)
	if n.vary {
		return fmt.Sprintf(`"uniform(%dus, %dus)"`, us, 3*us)
	}
	return fmt.Sprintf("%dus", us)
}

func pick[T any](n *network, of ...T) T { return of[n.IntN(len(of))] }

func (n *network) timers() string {
	hold := pick(n, 3, 9, 15, 30, 30, 90, 180, 180)
	s := fmt.Sprintf("hold: %ds, keepalive: %ds", hold, pick(n, max(1, hold/3), max(1, hold/3), max(1, hold/4), 60))
	return s
}

// scheme gives a way to choose among equal next hops.
func (n *network) scheme() string {
	return []string{"modulo", "hash-threshold", "resilient"}[n.hashes.IntN(3)]
}

// speakers gives the timers of an NVA or a site, and for some of them jitter, or
// their own way to choose among equal next hops.
func (n *network) speakers() string {
	s := n.timers()
	if n.jitter.IntN(5) == 0 {
		s += ", keepalive_jitter: true"
	}
	if n.hashes.IntN(3) == 0 {
		s += ", ecmp_scheme: " + n.scheme()
	}
	return s
}

func (n *network) routeServer() {
	fmt.Fprintf(&n.b, "route_servers: [{name: rs0, vnet: spoke, %s, branch_to_branch: %t, programming: %s, takeover: %s, on_loss: %s}]\n",
		n.timers(), n.IntN(3) == 0, pick(n, "measured", "2s", `"uniform(1s, 9s)"`), pick(n, "0s", "5s"), pick(n, "keep", "flush"))
}

func (n *network) appliances() {
	n.b.WriteString("nvas:\n")
	const alien = "  - {name: nva1x, vnet: alien, address: 10.9.2.4, asn: 64999, roles: [vpn]}\n"
	n.strange(1, alien)
	defer n.strange(2, alien)
	for h, hub := range n.hubs {
		if h > 0 && n.IntN(6) == 0 {
			hub = "spoke"
		}
		for range 1 + n.IntN(2) {
			i := len(n.nvas) + 1
			v := nva{name: fmt.Sprintf("nva%d", i), vnet: hub, peers: []string{"rs0"}}
			if n.IntN(5) == 0 {
				v.peers = []string{pick(n, "rs0-0", "rs0-1")}
			}
			n.nvas = append(n.nvas, v)
			third := strings.TrimPrefix(hub, "hub")
			if hub == "spoke" {
				third = "0"
			}
			fmt.Fprintf(&n.b, "  - {name: %s, vnet: %s, address: 10.%s.2.%d, asn: %d, roles: [%s], route_servers: [%s], %s, connect_retry: %ds, mrai: %s, prepend: %d, send_back: %t}\n",
				v.name, hub, third, 3+i, 65000+i, pick(n, "firewall, vpn", "firewall, vpn", "vpn"), strings.Join(v.peers, ", "),
				n.speakers(), pick(n, 5, 30, 120, 120), pick(n, "0s", "0s", "0s", "5s", "30s"), pick(n, 0, 0, 1, 2), n.IntN(3) > 0)
		}
	}
}

func (n *network) branches() {
	n.b.WriteString("sites:\n")
	if n.stranger > 0 { // the last in both cases: a site's address is its place in the list
		defer n.b.WriteString("  - {name: dc1x, asn: 64998, prefixes: [10.200.0.0/16], tunnels: [nva1x]}\n")
	}
	for i := range 1 + n.IntN(2) {
		s := site{name: fmt.Sprintf("dc%d", i+1)}
		var tunnels []string
		for _, j := range n.Perm(len(n.nvas))[:1+n.IntN(len(n.nvas))] {
			bgp := n.IntN(8) > 0
			s.nvas, s.quiet = append(s.nvas, n.nvas[j].name), append(s.quiet, !bgp)
			tunnels = append(tunnels, fmt.Sprintf("{to: %s, delay: %s, bgp: %t}", n.nvas[j].name, n.delay(25), bgp))
		}
		n.sites = append(n.sites, s)
		fmt.Fprintf(&n.b, "  - {name: %s, asn: %d, prefixes: [10.%d.0.0/16, 10.%d.0.0/16], tunnels: [%s], %s, connect_retry: %ds, mrai: %s, multipath_relax: %t}\n",
			s.name, 65100+i, 100+2*i, 101+2*i, strings.Join(tunnels, ", "), n.speakers(), pick(n, 5, 120), pick(n, "0s", "0s", "5s"), n.IntN(2) == 0)
	}
}

func (n *network) faults() {
	n.b.WriteString("faults:\n")
	for i := range 1 + n.IntN(5) {
		fmt.Fprintf(&n.b, "  - {name: f%d, %s, at: %dms", i, n.fault(), 2000+n.IntN(500_000))
		if n.IntN(5) > 0 || n.mend {
			fmt.Fprintf(&n.b, ", repair_after: %dms", pick(n, 5000, 10_000, 30_000, 100_000, 500+n.IntN(5000), 1000+n.IntN(200_000)))
		}
		n.b.WriteString("}\n")
	}
	if n.IntN(3) == 0 {
		fmt.Fprintf(&n.b, "  - {name: shift, kind: %s, target: %s, prepend: %d, at: %dms, repair_after: %dms}\n",
			scenarios.PolicyChange, pick(n, n.nvas...).name, 1+n.IntN(4), 2000+n.IntN(500_000), pick(n, 1000, 30_000, 100_000))
	}
}

func (n *network) fault() string {
	v := pick(n, n.nvas...)
	s := pick(n, n.sites...)
	router := pick(n, v.name, v.name, s.name)
	switch kind := pick(n, kinds()...).Kind; kind {
	case scenarios.SessionShutdown:
		peers := []string{v.peers[0]}
		if v.peers[0] == "rs0" {
			peers = []string{"rs0-0", "rs0-1", "rs0"}
		}
		for _, s := range n.sites {
			if j := slices.Index(s.nvas, v.name); j >= 0 && !s.quiet[j] {
				peers = append(peers, s.name)
			}
		}
		return fmt.Sprintf("kind: %s, target: %s, peer: %s", kind, v.name, pick(n, peers...))
	case scenarios.LinkDown:
		hub, tunnel := pick(n, n.hubs...), pick(n, s.nvas...)
		ends := pick(n, [3]string{hub + "-spoke", hub, "spoke"}, [3]string{tunnel + "-" + s.name, tunnel, s.name})
		return fmt.Sprintf("kind: %s, target: %s%s", kind, ends[0], pick(n, "", "", ", from: "+ends[1], ", from: "+ends[2]))
	case scenarios.ForwardingDead, scenarios.UpstreamLoss:
		return fmt.Sprintf("kind: %s, target: %s", kind, v.name)
	case scenarios.InstanceLoss:
		return fmt.Sprintf("kind: %s, target: %s", kind, pick(n, "rs0-0", "rs0-1"))
	case scenarios.HubLoss:
		return fmt.Sprintf("kind: %s, target: %s", kind, n.nvas[0].vnet)
	default:
		return fmt.Sprintf("kind: %s, target: %s", kind, router)
	}
}

// kinds gives the kinds of faults that these networks have a target for: they have
// no circuits and no plain routers, a peering that is created is not repaired, and a
// change of policy comes beside.
func kinds() []scenarios.FaultInfo {
	return slices.DeleteFunc(scenarios.FaultKinds(), func(k scenarios.FaultInfo) bool {
		return slices.Contains([]scenarios.FaultKind{scenarios.CircuitLoss, scenarios.PeeringCreated, scenarios.Announce, scenarios.Withdraw, scenarios.PolicyChange}, k.Kind)
	})
}

// patience is how many lines a run may have. Only some Azure networks have more,
// which never settle: routing preferences in conflict, timers that do not fit.
// They end there. One that sends each keepalive may have ten times as many; so may
// the others, as some of them have jitter and send theirs.
const patience = 20_000

// build builds a scenario that has to be valid.
func build(t testing.TB, text string, o scenarios.Options, set ...string) *scenarios.Network {
	t.Helper()
	if o.Bounds.Lines == 0 {
		o.Bounds.Lines = patience
		if o.EveryKeepalive || strings.Contains(text, "name: random-") {
			o.Bounds.Lines *= 10
		}
	}
	s, _, err := scenarios.Load("scenario.yaml", []byte(text), set...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	n, err := scenarios.Build(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// played is a network at the end of its run.
type played struct {
	*scenarios.Network
	*simtest.Recorder
	whole bool // up to the horizon
}

// play builds a scenario and runs it, to its horizon or to the end of patience.
func play(t testing.TB, text string, o scenarios.Options, set ...string) played {
	t.Helper()
	n := build(t, text, o, set...)
	log, err := simtest.Run(n.Config)
	if _, restless := errors.AsType[*sim.BoundError](err); err != nil && (!restless || !strings.Contains(text, "name: azure-")) {
		t.Fatal(err)
	}
	return played{n, log, err == nil}
}

// library gives the text of a scenario of the library.
func library(t testing.TB, name string) string {
	t.Helper()
	e, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(e.Text)
}
