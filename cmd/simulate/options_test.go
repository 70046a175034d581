package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/events/eventlog"
	"dualhome/metrics"
	"dualhome/scenarios"
)

// option is a value that Azure does not document, with what another value of it
// changes.
type option struct {
	name   string
	design string // of the library, or a text
	set    []string
	usual  string // what the assumption says where the option is not set
	as     string // the assumption
	grade  scenarios.Grade
	with   string // path=value
	value  string // what the assumption says then
	shows  func(r *result) bool
}

// TestOptions: each value that nobody documents is an option; another value of it
// has its effect, and run.json tells which one a run assumed and how well it is
// known.
func TestOptions(t *testing.T) {
	const silent = "faults=[{name: dies, kind: node-death, target: nva1, at: 300s}]"
	noticed := func(within time.Duration) func(*result) bool {
		return func(r *result) bool {
			d, _ := measure(r, "detection", "dies")
			return time.Duration(d) <= within
		}
	}
	nicsAfter := func(actor string, least time.Duration) func(*result) bool {
		return func(r *result) bool { return firstOf(r, actor, "nic", dcNet) >= least }
	}
	for _, o := range []option{
		{
			name: "hold time negotiation", design: "active-passive", set: []string{silent, "nvas[nva1].hold=30s", "nvas[nva1].keepalive=10s"},
			as: "hold time negotiation of rs0", grade: scenarios.Observed, usual: "the lower one",
			with: "route_servers[rs0].negotiate=false", value: "fixed",
			shows: func(r *result) bool { return downs(r, "nva1", "rs0-0") > 1 },
		}, {
			name: "who opens the connections", design: "active-passive", set: still,
			as: "TCP initiator", grade: scenarios.Unknown, usual: "the NVA",
			with: "route_servers[rs0].initiator=route-server", value: "the Route Server",
			shows: func(r *result) bool { return initiates(r, "rs0-0") && !initiates(r, "nva1") },
		}, {
			name: "BFD", design: "active-passive", set: []string{silent},
			as: "BFD on Route Server sessions", grade: scenarios.Unknown, usual: "off",
			with: "route_servers[rs0].bfd=true", value: "on",
			shows: noticed(time.Second),
		}, {
			name: "graceful restart", design: "active-passive", set: []string{
				"faults=[{name: f, kind: process-kill, target: nva1, at: 300s, repair_after: 30s}]", "nvas[nva1].graceful_restart=120s", "expect={}",
			},
			as: "graceful restart", grade: scenarios.Unknown, usual: "off",
			with: "route_servers[rs0].graceful_restart=120s", value: "on, with NVAs that offer it",
			shows: func(r *result) bool { // NICs never leave the NVA, which goes on forwarding
				return !slices.ContainsFunc(r.measured.Routes, func(m metrics.Route) bool { return m.Table == "nic" && m.T > 300e9 })
			},
		}, {
			name: "reflection without branch-to-branch", design: "active-passive", set: still,
			as: "reflection between NVAs by rs0", grade: scenarios.Unknown, usual: "off (follows branch-to-branch)",
			with: "route_servers[rs0].reflection=always", value: "on",
			shows: func(r *result) bool { return advertised(r, "rs0-0", "nva2", dcNet) != nil },
		}, {
			name: "no reflection with branch-to-branch", design: "active-passive", set: with("route_servers[rs0].branch_to_branch=true"),
			as: "reflection between NVAs by rs0", grade: scenarios.Unknown, usual: "on (follows branch-to-branch)",
			with: "route_servers[rs0].reflection=never", value: "off",
			shows: func(r *result) bool { return advertised(r, "rs0-0", "nva2", dcNet) == nil },
		}, {
			name: "community on reflected routes", design: "active-passive", set: with("route_servers[rs0].reflection=always"),
			as: "community on reflected routes", grade: scenarios.Unknown, usual: "off",
			with: "route_servers[rs0].mark_reflected=true", value: "on",
			shows: func(r *result) bool { return advertised(r, "rs0-0", "nva2", dcNet).Has(actors.Reflected) },
		}, {
			// Two paths of length two, one from outside of the AS and one from within.
			name: "tie-break", design: oneVPN, set: []string{
				"expressroute_gateways=[{name: gw, vnet: hub}]", "vpn_gateways=[]", "route_servers[rs].routing_preference=ASPath",
				"circuits=[{name: er, site: dc, connections: [gw]}]", "traffic=[]",
				"sites=[{name: dc, asn: 65021, prefixes: [10.100.0.0/16], tunnels: [nva]}]",
			},
			as: "tie-break beyond path length", grade: scenarios.Unknown, usual: "none: all are used",
			with: "route_servers[rs].tie_break=rfc4271", value: "RFC 4271",
			shows: func(r *result) bool { return slices.Equal(hopsOf(r, "vms", dcNet), []string{"10.1.3.4"}) },
		}, {
			name: "NVA routes to gateways", design: "expressroute-active-active", set: with("route_servers[rs1].branch_to_branch=false"),
			as: "NVA routes to the gateway beside rs1", grade: scenarios.Inferred, usual: "branch-to-branch",
			with: "route_servers[rs1].advertise_to_gateways=always", value: "always",
			shows: func(r *result) bool {
				_, there := best(r, "circuit1-0")[spokeNet]
				_, back := best(r, "nva1")[dcNet]
				return there && !back
			},
		}, {
			name: "NVA routes inside the VNet", design: "recorded-expressroute", set: []string{"expect={}"},
			as: "NVA routes inside the VNet or a peered one", grade: scenarios.Observed, usual: "not on NICs, sent to gateways",
			with: "route_servers[rs1].advertise_inside=false", value: "not on NICs, not sent to gateways",
			shows: func(r *result) bool {
				_, inside := best(r, "dc13")["10.101.3.0/24"]
				_, peered := best(r, "dc13")["10.100.0.0/24"]
				_, other := best(r, "dc13")["10.102.3.0/24"]
				return !inside && !peered && other
			},
		}, {
			name: "programming delay", design: "active-active", set: still,
			as: "programming delay", grade: scenarios.Observed,
			usual: "empirical(1.77s, 1.5s, 5.6s, 1.5s, 5.19s, 900ms, 4.2s, 4.14s, 2.42s, 1.22s, 1.53s, 1.85s, 1s)",
			with:  "route_servers[rs0].programming=20s", value: "20s",
			shows: nicsAfter("spoke-vms-0", 20*time.Second),
		}, {
			name: "programming delay at scale", design: "active-active", set: with("route_servers[rs0].programming=0s"),
			as: "programming delay at scale", grade: scenarios.Unknown, usual: "does not grow with VMs or routes",
			with: "route_servers[rs0].programming_per_route=5s", value: "grows by 5s with each route, not with VMs",
			shows: nicsAfter("spoke-vms-0", 5*time.Second),
		}, {
			name: "unit of programming", design: "active-active", set: still,
			as: "NIC programming", grade: scenarios.Unknown, usual: "one draw per instance and batch of best changes",
			with: "route_servers[rs0].programming_unit=nic", value: "one draw per NIC and batch of best changes",
			shows: func(r *result) bool {
				var at []time.Duration
				for _, g := range r.network.NICs {
					at = append(at, firstOf(r, string(g.ID()), "nic", dcNet))
				}
				slices.Sort(at)
				return len(at) == 20 && len(slices.Compact(at)) > 2
			},
		}, {
			name: "instance of a NIC", design: "active-active", set: with("nvas[nva1].route_servers=[rs0-0]", "nvas[nva2].route_servers=[rs0-1]"),
			as: "instance of a NIC", grade: scenarios.Unknown, usual: "hash of the NIC mod 2",
			with: "route_servers[rs0].nic_source=union", value: "both",
			shows: func(r *result) bool { return inTable(r, "spoke-vms-0", "nic", dcNet, end) == "10.1.0.4 10.2.0.4" },
		}, {
			name: "warm-up", design: "active-active", set: still,
			as: "warm-up of a new session", grade: scenarios.Unknown, usual: "0s",
			with: "route_servers[rs0].warm_up=1m", value: "1m0s",
			shows: nicsAfter("spoke-vms-0", time.Minute),
		}, {
			name: "spacing", design: "active-passive", set: []string{"faults=[{name: restarts, kind: process-kill, target: nva1, at: 300s, repair_after: 5s}]"},
			as: "spacing", grade: scenarios.Observed, usual: "30s from one change of a route to the next, the newest wins",
			with: "route_servers[rs0].spacing=0s", value: "0s from one change of a route to the next, the newest wins",
			// 5 s until the restart, at most 6 s of programming, and the session.
			shows: func(r *result) bool { return lastOf(r, "spoke-vms-0", "nic", dcNet) < 325*time.Second },
		}, {
			name: "takeover", design: "active-passive",
			set: []string{"faults=[{name: lost, kind: instance-loss, target: rs0-0, at: 300s}, {name: stops, kind: graceful-stop, target: nva1, at: 305s}]"},
			as:  "takeover of rs0", grade: scenarios.Unknown, usual: "0s",
			with: "route_servers[rs0].takeover=100s", value: "1m40s",
			shows: func(r *result) bool {
				return inTable(r, "spoke-vms-0", "nic", dcNet, 399*time.Second) == "10.1.0.4" && inTable(r, "spoke-vms-0", "nic", dcNet, end) == "10.2.0.4"
			},
		}, {
			name: "NICs without Route Server", design: "active-active",
			set: []string{"faults=[{name: lost, kind: instance-loss, target: rs0-0, at: 300s}, {name: too, kind: instance-loss, target: rs0-1, at: 300s}]"},
			as:  "NICs without an instance of rs0", grade: scenarios.Unknown, usual: "keep",
			with: "route_servers[rs0].on_loss=flush", value: "flush",
			shows: func(r *result) bool { return len(hopsOf(r, "spoke-vms", dcNet)) == 0 },
		}, {
			name: "retry after too many routes", design: "active-active", set: with("route_servers[rs0].route_limit=1"),
			as: "retry after too many routes", grade: scenarios.Unknown, usual: "1m0s",
			with: "route_servers[rs0].limit_retry=10m", value: "10m0s",
			shows: func(r *result) bool { return len(tornDown(r, "rs0-0", "nva1")) < 4 },
		}, {
			name: "ECMP of a gateway", design: oneGateway, set: []string{"route_servers=[{name: rs, vnet: hub}]"},
			as: "ECMP of gw beside a Route Server", grade: scenarios.Inferred, usual: "off",
			with: "expressroute_gateways[gw].ecmp_with_route_server=true", value: "on",
			shows: func(r *result) bool { return len(hopsOf(r, "vms", dcNet)) == 2 },
		}, {
			name: "timers of a gateway", design: "expressroute-active-active",
			set: []string{"faults=[{name: dies, kind: link-down, target: gw1-circuit1, at: 300s}]", "expect={}", "horizon=900s"},
			as:  "timers of gw1", grade: scenarios.Unknown, usual: "1m0s/3m0s",
			with: "expressroute_gateways[gw1].hold=30s", value: "1m0s/30s",
			shows: noticed(31 * time.Second),
		}, {
			name: "convergence of a gateway", design: "expressroute-active-active", set: []string{"faults=[{name: dies, kind: circuit-loss, target: circuit1, at: 300s}]", "expect={}", "horizon=900s"},
			as: "convergence of gw1", grade: scenarios.Inferred, usual: "uniform(0s, 1m0s)",
			with: "expressroute_gateways[gw1].convergence=100s", value: "1m40s",
			shows: func(r *result) bool {
				return inTable(r, "gw1-0", "fib", dcNet, 399*time.Second) != "" && inTable(r, "gw1-0", "fib", dcNet, 403*time.Second) == ""
			},
		}, {
			name: "programming by a gateway", design: oneGateway,
			as: "programming by gw", grade: scenarios.Unknown,
			usual: "empirical(1.77s, 1.5s, 5.6s, 1.5s, 5.19s, 900ms, 4.2s, 4.14s, 2.42s, 1.22s, 1.53s, 1.85s, 1s), spacing 30s",
			with:  "expressroute_gateways[gw].programming=100s", value: "1m40s, spacing 30s",
			shows: nicsAfter("vms-0", 100*time.Second),
		},
	} {
		t.Run(o.name, func(t *testing.T) { o.check(t) })
	}
}

func (o *option) check(t *testing.T) {
	name := o.design
	if strings.Contains(name, "\n") {
		name = written(t, name)
	}
	usual := playWith(t, name, 1, o.set...)
	other := playWith(t, name, 1, append(slices.Clone(o.set), o.with)...)
	if o.shows(usual) || !o.shows(other) {
		t.Errorf("without %s its effect shows: %v; with it: %v", o.with, o.shows(usual), o.shows(other))
	}
	o.isTold(t, usual, o.usual)
	o.isTold(t, other, o.value)
}

// isTold fails unless run.json has the assumption, with its value and grade, and
// among the unknowns if and only if nobody knows it.
func (o *option) isTold(t *testing.T, r *result, value string) {
	t.Helper()
	j := reread(t, r)
	is := func(a scenarios.Assumption) bool { // where Route Servers differ in it, its name says whose it is
		return a.Value == value && a.Grade == o.grade && (a.Name == o.as || strings.HasPrefix(a.Name, o.as+" of rs"))
	}
	if !slices.ContainsFunc(j.Assumptions, is) {
		t.Errorf("run.json lacks %s: %s [%s] in %+v", o.as, value, o.grade, j.Assumptions)
	}
	if slices.ContainsFunc(j.Unknowns, is) != (o.grade == scenarios.Unknown) {
		t.Errorf("unknown or not: %s [%s] in %+v", o.as, o.grade, j.Unknowns)
	}
}

// reread gives run.json as a reader of the file has it.
func reread(t *testing.T, r *result) runJSON {
	t.Helper()
	text, err := json.Marshal(r.runJSON(nil))
	if err != nil {
		t.Fatal(err)
	}
	var j runJSON
	if err := json.Unmarshal(text, &j); err != nil {
		t.Fatal(err)
	}
	return j
}

// TestUnknowns: of all scenarios of the library, the unknowns are the assumptions
// of grade U, and nothing is assumed without a grade and a source.
func TestUnknowns(t *testing.T) {
	for _, e := range scenarios.Library() {
		s, err := (&shell{quiet: true}).load(e.Name, nil)
		if err != nil {
			t.Fatal(err)
		}
		j := reread(t, &result{scenario: s, measured: &metrics.Result{}, log: &eventlog.Memory{}})
		var unknown []scenarios.Assumption
		for _, a := range j.Assumptions {
			if !slices.Contains([]scenarios.Grade{scenarios.Unknown, scenarios.Inferred, scenarios.Observed}, a.Grade) || a.Name == "" || a.Value == "" || a.Source == "" {
				t.Errorf("%s: %+v", e.Name, a)
			}
			if a.Grade == scenarios.Unknown {
				unknown = append(unknown, a)
			}
		}
		if len(unknown) == 0 && len(s.RouteServers) > 0 || !slices.Equal(j.Unknowns, unknown) {
			t.Errorf("%s: unknowns %+v of %+v", e.Name, j.Unknowns, j.Assumptions)
		}
	}
}

// TestFixedUnknowns: what nobody documents and no option changes is told too,
// where it matters.
func TestFixedUnknowns(t *testing.T) {
	for _, c := range []struct {
		name, value, design string
		set                 []string
		told                bool
	}{
		{"graceful restart", "off", "active-passive", []string{"faults=[{name: f, kind: graceful-stop, target: nva1, at: 300s}]"}, true},
		{"graceful restart", "off", "active-passive", []string{"faults=[{name: f, kind: node-death, target: nva1, at: 300s}]"}, false},
		{"ECMP hash", "5-tuple modulo next hops, a seed per node", "active-active", nil, true},
		{"ECMP hash", "5-tuple modulo next hops, a seed per node", "active-active", []string{"traffic=[]"}, false},
		{"ECMP hash", "5-tuple in equal regions, one for each next hop, a seed per node", "active-active", []string{"ecmp_scheme=hash-threshold"}, true},
		{"ECMP hash", "2-tuple in 840 buckets, of which as few as possible move, one seed for all nodes and both directions", "active-active", []string{"ecmp_hash=2-tuple", "ecmp_scheme=resilient", "ecmp_symmetric=true"}, true},
	} {
		s, err := (&shell{quiet: true}).load(c.design, append(c.set, "expect={}"))
		if err != nil {
			t.Fatal(err)
		}
		j := reread(t, &result{scenario: s, measured: &metrics.Result{}, log: &eventlog.Memory{}})
		is := func(a scenarios.Assumption) bool {
			return a.Name == c.name && a.Value == c.value && a.Grade == scenarios.Unknown
		}
		if slices.ContainsFunc(j.Unknowns, is) != c.told {
			t.Errorf("%s with %q: told %v in %+v", c.design, c.set, !c.told, j.Unknowns)
		}
	}
}

// firstOf gives when a table of an actor first had a prefix.
func firstOf(r *result, actor, table, prefix string) time.Duration {
	for _, row := range r.measured.Routes {
		if row.Actor == actor && row.Table == table && row.Prefix == prefix {
			return time.Duration(row.T)
		}
	}
	return -1
}

// initiates tells whether an actor opened the connection of a session.
func initiates(r *result, id events.ActorID) bool {
	for l, err := range r.log.Lines(context.Background(), 1) {
		if e, ok := l.Event.(events.SessionChanged); err == nil && ok && e.Is == events.Established && e.Conn.Initiator == id {
			return true
		}
	}
	return false
}

// advertised gives what a Route Server instance advertises to a peer; nil:
// nothing.
func advertised(r *result, id, peer, prefix string) *events.Attrs {
	for _, rs := range r.network.RouteServers {
		for p, a := range rs.Advertised(events.ActorID(peer)) {
			if string(rs.ID()) == id && p.String() == prefix {
				return a
			}
		}
	}
	return nil
}

// TestLoadBalancerIsAssumed: which flows a load balancer moves is inferred, and told
// where there is one with traffic.
func TestLoadBalancerIsAssumed(t *testing.T) {
	const lb = "load_balancers=[{name: lb1, vnet: hub1, address: 10.1.0.10, backends: [nva1]}]"
	for set, told := range map[string]bool{lb: true, lb + "\ntraffic=[]": false, "expect={}": false} {
		s, err := (&shell{quiet: true}).load("active-active", append(strings.Split(set, "\n"), "expect={}"))
		if err != nil {
			t.Fatal(err)
		}
		is := func(a scenarios.Assumption) bool {
			return a.Name == "hash of load balancers" && a.Grade == scenarios.Inferred && strings.Contains(a.Value, "none moves back")
		}
		if slices.ContainsFunc(s.Assumptions(), is) != told {
			t.Errorf("%q: told %v", set, !told)
		}
	}
}
