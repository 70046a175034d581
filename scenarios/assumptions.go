package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"dualhome/sim"
)

// Assumption is a value that a run uses although no document gives it.
type Assumption struct {
	Name   string `json:"name"`   // what it is about
	Value  string `json:"value"`  // what the run uses
	Grade  Grade  `json:"grade"`  // D, M, O, I or U: how well it is known
	Source string `json:"source"` // of the usual value
}

// Grade says how well a value is known.
type Grade string

// The grades, the best first.
const (
	Documented Grade = "D" // by Microsoft, an RFC, or who made it
	Own        Grade = "M" // measured by whoever wrote the scenario, who named the file
	Observed   Grade = "O" // on real Azure or in recorded runs, by third parties
	Inferred   Grade = "I" // by us, from what is documented or observed
	Unknown    Grade = "U" // no source: an option with a default
)

// Assumptions gives what a run of the scenario assumes, the unknown first. What
// cannot matter to it is left out. What profiles know has its grade and source from
// there.
func (s *Scenario) Assumptions() []Assumption {
	l := &assumed{s: s}
	l.azure()
	l.profiles()
	l.rest()
	return l.distinct()
}

// assumed collects assumptions.
type assumed struct {
	s      *Scenario
	every  bool   // also what cannot matter to the scenario
	of     string // the Route Server that they are about now; none: nobody's
	all    []Assumption
	owners []string // of all
	keys   []string // of all: the option that changes it; empty: none does
}

func (l *assumed) add(when bool, name, value string, known Setting) {
	if when || l.every {
		l.all = append(l.all, Assumption{name, value, known.Grade, known.Why()})
		l.owners, l.keys = append(l.owners, l.of), append(l.keys, known.Option)
	}
}

// azure is what is assumed of the parts of Azure.
func (l *assumed) azure() {
	for _, rs := range l.s.RouteServers {
		l.of = rs.Name
		l.sessions(rs)
		l.exchange(rs)
		l.programming(rs)
	}
	l.of = ""
	l.gateways()
}

// rest is what is assumed of all that is no part of Azure, and of no make.
func (l *assumed) rest() {
	l.network()
	l.flows()
	l.capacities()
}

// delay adds a delay that is drawn. Samples of a file are known from there, and from
// nowhere else.
func (l *assumed) delay(when bool, name string, d sim.Dist, more string, known Setting) {
	value := d.String()
	if n, source := d.Samples(); source != "" {
		value = fmt.Sprintf("%d samples of %s, %v to %v", n, source, d.Min(), d.Max())
		known = Setting{Grade: Own, Source: "the file that the scenario named: " + source}
	}
	l.add(when, name, value+more, known)
}

// option gives what is known of an option of a part of Azure.
func option(profile, key string) Setting { return profileNamed(profile).Setting(key) }

// distinct gives each assumption once. Where Route Servers differ in one, its
// name says whose it is.
func (l *assumed) distinct() []Assumption {
	var kept []Assumption
	for i, a := range l.all {
		if l.owners[i] != "" && slices.ContainsFunc(l.all, func(o Assumption) bool { return o.Name == a.Name && o != a }) {
			a.Name += " of " + l.owners[i]
		}
		if !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	slices.SortStableFunc(kept, func(a, b Assumption) int { return a.Grade.rank() - b.Grade.rank() })
	return kept
}

// sessions is what is assumed of a Route Server's BGP sessions.
func (l *assumed) sessions(rs RouteServer) {
	l.add(true, "TCP initiator", map[string]string{"nva": "the NVA", "route-server": "the Route Server"}[rs.Initiator], option(arsProfile, "initiator"))
	graceful := "off"
	if rs.Restart > 0 {
		graceful = "on, with NVAs that offer it"
	}
	l.add(l.s.fails(ProcessKill, GracefulStop), "graceful restart", graceful, option(arsProfile, "graceful_restart"))
	l.add(l.s.silences(), "BFD on Route Server sessions", onOff(rs.BFD), option(arsProfile, "bfd"))
	l.add(l.s.silences() || l.s.shortHold(), "hold time negotiation of "+rs.Name, negotiation(rs.Negotiate), option(arsProfile, "negotiate"))
	l.add(l.s.fails(PeeringCreated) || 2*l.s.routes() > rs.RouteLimit, "retry after too many routes", rs.LimitRetry.String(), option(arsProfile, "limit_retry"))
	l.add(l.s.fails(PeeringCreated) || 2*l.s.routes() > rs.RouteLimit, "routes per peer", strconv.Itoa(rs.RouteLimit)+", held + incoming", option(arsProfile, "route_limit"))
}

func negotiation(lower bool) string {
	if lower {
		return "the lower one"
	}
	return "fixed"
}

// exchange is what is assumed of how a Route Server chooses and passes on routes.
func (l *assumed) exchange(rs RouteServer) {
	peers, beside := 0, l.s.gatewayIn(rs.VNet)
	for _, n := range l.s.NVAs {
		if n.peersWith(rs.Name) {
			peers++
		}
	}
	reflection := onOff(rs.reflects())
	if rs.Reflection == "branch-to-branch" {
		reflection += " (follows branch-to-branch)"
	}
	l.add(peers > 1, "reflection between NVAs by "+rs.Name, reflection, option(arsProfile, "reflection"))
	l.add(peers > 1 && rs.reflects(), "community on reflected routes", onOff(rs.MarkReflected), option(arsProfile, "mark_reflected"))
	l.add(peers > 1 || beside && peers > 0, "tie-break beyond path length", map[string]string{"ecmp": "none: all are used", "rfc4271": "RFC 4271"}[rs.TieBreak], option(arsProfile, "tie_break"))
	l.add(len(rs.RouteMaps) > 0, "route maps of "+rs.Name, "the first rule that matches ends it; AS paths get the own AS, or that of the peer", Setting{
		Grade: Inferred, Source: "Microsoft, route-maps-about, 2026-07-17 (preview): a rule may also continue, replace paths and summarise, which is not modelled",
	})
	l.add(beside && peers > 0, "NVA routes to the gateway beside "+rs.Name, rs.ToGateways, option(arsProfile, "advertise_to_gateways"))
	inside := "not on NICs, sent to gateways"
	if !rs.InsideRoutes {
		inside = "not on NICs, not sent to gateways"
	}
	l.add(beside && peers > 0, "NVA routes inside the VNet or a peered one", inside, option(arsProfile, "advertise_inside"))
}

// programming is what is assumed of how a Route Server programs NICs.
func (l *assumed) programming(rs RouteServer) {
	unit := "one draw per instance and batch of best changes"
	if rs.Unit == "nic" {
		unit = "one draw per NIC and batch of best changes"
	}
	scale := "does not grow with VMs or routes"
	if rs.PerRoute > 0 {
		scale = "grows by " + rs.PerRoute.String() + " with each route, not with VMs"
	}
	source := "hash of the NIC mod 2"
	if rs.NICSource == "union" {
		source = "both"
	}
	l.add(true, "NIC programming", unit, option(arsProfile, "programming_unit"))
	l.add(true, "programming delay at scale", scale, option(arsProfile, "programming_per_route"))
	l.add(true, "instance of a NIC", source, option(arsProfile, "nic_source"))
	l.add(true, "warm-up of a new session", rs.WarmUp.String(), option(arsProfile, "warm_up"))
	l.add(l.s.losesInstance(rs), "takeover of "+rs.Name, rs.Takeover.String(), option(arsProfile, "takeover"))
	l.add(l.s.losesInstance(rs), "NICs without an instance of "+rs.Name, rs.OnLoss, option(arsProfile, "on_loss"))
	l.delay(true, "programming delay", rs.Programming, "", option(arsProfile, "programming"))
	l.add(true, "spacing", rs.Spacing.String()+" from one change of a route to the next, the newest wins", option(arsProfile, "spacing"))
}

// routes gives how many different prefixes there can be.
func (s *Scenario) routes() int {
	n := 0
	for _, v := range s.VNets {
		n += len(v.AddressSpace)
	}
	for _, t := range s.Sites {
		n += len(t.Prefixes)
	}
	for _, a := range s.NVAs {
		n += len(a.StaticRoutes)
	}
	return n
}

// gateways is what is assumed of gateways and circuits.
func (l *assumed) gateways() {
	for _, g := range l.s.ERGateways {
		_, beside := l.s.routeServerOf(g.VNet)
		l.add(beside, "ECMP of "+g.Name+" beside a Route Server", onOff(g.ECMP), option(erProfile, "ecmp_with_route_server"))
		l.add(len(l.s.Faults) > 0, "timers of "+g.Name, g.Keepalive.String()+"/"+g.Hold.String(), option(erProfile, "hold"))
		l.add(len(l.s.Faults) > 0, "convergence of "+g.Name, g.Convergence.String(), option(erProfile, "convergence"))
		l.delay(!beside, "programming by "+g.Name, g.Programming, ", spacing "+g.Spacing.String(), option(erProfile, "programming"))
	}
	for _, g := range l.s.VPNGateways {
		_, beside := l.s.routeServerOf(g.VNet)
		l.delay(!beside, "programming by "+g.Name, g.Programming, ", spacing "+g.Spacing.String(), option(vpnProfile, "programming"))
	}
	for _, c := range l.s.Circuits {
		l.add(len(l.s.site(c.Site).Prefixes) > c.limit(), "retry of "+c.Name+" after too many routes", c.LimitRetry.String(), option(mseeProfile, "limit_retry"))
		l.add(l.s.routes() > 1000, "more than 1,000 routes to a circuit", "nothing happens", Setting{Grade: Unknown, Source: "Microsoft, expressroute limits, forbids it and does not say what happens"})
	}
	shared := slices.ContainsFunc(l.s.Circuits, func(c Circuit) bool { return len(c.Connections) > 1 })
	l.add(shared, "what a gateway learns of another one through their circuit", "used where nothing else leads there", Setting{Grade: Inferred, Source: "the loop check of RFC 4271, section 9.1.2, put last"})
}

// profiles is what is assumed of the makes of routers that the scenario names: what
// of their profiles is used and not documented.
func (l *assumed) profiles() {
	for _, p := range Profiles() {
		for _, known := range p.Settings {
			used := p.Part == "" && known.Grade != Documented && l.s.uses(ProfileName(p.Name), known)
			l.add(used, known.Option+" of "+p.Name, known.Value, known)
		}
	}
}

// uses tells whether a speaker does what its profile says of an option.
func (s *Scenario) uses(profile ProfileName, known Setting) bool {
	f := speakerShape().field(known.Option)
	said := Speaker{}
	f.set(reflect.ValueOf(&said).Elem(), known.Value)
	option := func(of Speaker) any { return reflect.ValueOf(of).Field(f.index).Interface() }
	does := func(chosen ProfileName, does func() Speaker) bool {
		return chosen == profile && reflect.DeepEqual(option(does()), option(said))
	}
	return slices.ContainsFunc(s.Routers, func(r Router) bool { return does(r.Speaker.Profile, func() Speaker { return r.Speaker }) }) ||
		slices.ContainsFunc(s.NVAs, func(n NVA) bool { return does(n.Profile, n.speaker) }) ||
		slices.ContainsFunc(s.Sites, func(t Site) bool { return does(t.Profile, t.speaker) })
}

// network is what is assumed of everything else.
func (l *assumed) network() {
	s := l.s
	toInternet := slices.ContainsFunc(s.Traffic, func(c Class) bool { return c.To == string(internet) })
	for _, a := range []struct {
		when bool
		key  string
		is   Assumption
	}{
		{len(s.Traffic) > 0, "ecmp_hash", Assumption{"ECMP hash", s.hashing(), Unknown, "Microsoft publishes no hash"}},
		{len(s.Traffic) > 0 && len(s.Balancers) > 0, "", Assumption{"hash of load balancers", "5-tuple; the flows of a back end that fails its probe move at once, none moves back", Inferred, "Microsoft, load-balancer-distribution-mode, has the 5-tuple, load-balancer-custom-probe-overview that only new flows move; that flows of a dead back end are opened anew at once is inferred"}},
		{len(s.Faults) > 0 && slices.ContainsFunc(s.Traffic, func(c Class) bool { return c.PacketSize == packetSize }), "packet_size", Assumption{"packet size", formatSize(packetSize), Unknown, "no source: it depends on the application"}},
		{toInternet, "", Assumption{"VMs without a learned default route reach the Internet", "default outbound access", Inferred, "Microsoft, virtual-networks-udr-overview, 2023-05-27, has the route; that it is allowed is inferred"}},
		{len(s.RouteServers) > 0, "", Assumption{"delay inside a VNet", insideVNet.String(), Inferred, "no document or measurement"}},
		{len(s.Faults) > 0, "", Assumption{"idle hold time", idleHold.String() + ", doubling", Inferred, "FRR's start timer"}},
		{s.silences(), "", Assumption{"TCP retransmission", "0.2 s, doubling up to 120 s", Inferred, "Linux's timers, RFC 6298"}},
	} {
		l.add(a.when, a.is.Name, a.is.Value, Setting{Option: a.key, Grade: a.is.Grade, Source: a.is.Source})
	}
}

// hashing says how NICs choose among equal next hops.
func (s *Scenario) hashing() string {
	how := s.ECMPHash + map[string]string{
		"modulo": " modulo next hops", "hash-threshold": " in equal regions, one for each next hop", "resilient": " in 840 buckets, of which as few as possible move",
	}[s.ECMPScheme]
	if s.Symmetric {
		return how + ", one seed for all nodes and both directions"
	}
	return how + ", a seed per node"
}

// packetSize is the size of packets where a class does not say: its default.
const packetSize = int64(1000)

// silences tells whether a fault makes something fall silent.
func (s *Scenario) silences() bool {
	return s.fails(NodeDeath, Hang, LinkDown, UpstreamLoss, InstanceLoss, HubLoss, CircuitLoss)
}

// gatewayIn tells whether a gateway stands in a VNet.
func (s *Scenario) gatewayIn(vnet string) bool {
	return slices.ContainsFunc(s.ERGateways, func(g ERGateway) bool { return g.VNet == vnet }) ||
		slices.ContainsFunc(s.VPNGateways, func(g VPNGateway) bool { return g.VNet == vnet })
}

// fails tells whether there is a fault of one of the kinds.
func (s *Scenario) fails(kinds ...FaultKind) bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool { return slices.Contains(kinds, f.Kind) })
}

// losesInstance tells whether a fault takes an instance of a Route Server away.
func (s *Scenario) losesInstance(rs RouteServer) bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool {
		return f.Kind == InstanceLoss && instanceOf(f.Target) == rs.Name || f.Kind == HubLoss && f.Target == rs.VNet
	})
}

// shortHold tells whether a speaker offers less than Azure's hold time.
func (s *Scenario) shortHold() bool {
	const azure = 180 * time.Second
	return slices.ContainsFunc(s.NVAs, func(n NVA) bool { return n.Hold < azure }) ||
		slices.ContainsFunc(s.RouteServers, func(r RouteServer) bool { return r.Hold < azure }) ||
		slices.ContainsFunc(s.Sites, func(t Site) bool { return t.Hold < azure }) ||
		slices.ContainsFunc(s.ERGateways, func(g ERGateway) bool { return g.Hold < azure }) ||
		slices.ContainsFunc(s.Circuits, func(c Circuit) bool { return c.Hold < azure })
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (g Grade) rank() int {
	return slices.Index([]Grade{Unknown, Inferred, Observed, Own, Documented}, g)
}
