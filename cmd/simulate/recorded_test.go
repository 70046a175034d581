package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"dualhome/actors"
	"dualhome/events"
	"dualhome/scenarios"
)

// recorded is testdata/azure-expressroute.json: what somebody built on Azure, and
// what its tables showed.
type recorded struct {
	Source string
	Expect struct {
		Learned     map[string]map[string]string `json:"rs0_learned"` // by peer and prefix, the AS path
		Advertised0 map[string]map[string]string `json:"rs0_advertised"`
		Advertised1 map[string]map[string]string `json:"rs1_advertised"`
		Advertised2 map[string]map[string]string `json:"rs2_advertised"`
		Best        map[string]string            `json:"csr1_best"` // by prefix, the next hop
		Effective   map[string]json.RawMessage   `json:"effective_routes"`
		OnPrem      struct {
			ASPath   string `json:"as_path"`
			Prefixes []string
		} `json:"onprem_received_from_each_circuit"`
		Reachability []struct {
			From, To, Via string
			OK            bool
		}
	}
}

func readRecorded(t *testing.T) recorded {
	t.Helper()
	text, err := os.ReadFile("testdata/azure-expressroute.json")
	if err != nil {
		t.Fatal(err)
	}
	var r recorded
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// comparison compares tables cell by cell, and counts.
type comparison struct {
	*testing.T
	compared int
}

// same fails for every cell that differs, is missing, or is there too much.
func (c *comparison) same(table string, got, want map[string]string) {
	c.Helper()
	if len(want) == 0 {
		c.Errorf("%s: nothing was recorded", table)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		c.compared++
		if got[key] != want[key] {
			c.Errorf("%s, %s: %q, recorded %q", table, key, got[key], want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			c.Errorf("%s, %s: %q, which was not recorded", table, key, got[key])
		}
	}
}

// paths gives routes as recorded: by prefix, the AS path.
func paths(routes map[netip.Prefix]*events.Attrs) map[string]string {
	all := map[string]string{}
	for p, a := range routes {
		all[p.String()] = a.Path.String()
	}
	return all
}

// TestRecordedDeployment compares recorded-expressroute with the deployment that
// it plays, in every cell of every recorded table.
func TestRecordedDeployment(t *testing.T) {
	s, err := (&shell{quiet: true}).load("recorded-expressroute", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(context.Background(), s, &runFlags{seed: 1, bus: "memory"})
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{T: t}
	want := readRecorded(t).Expect
	for _, rs := range r.network.RouteServers {
		c.routeServer(rs, want.Learned, map[string]map[string]map[string]string{
			"rs0": want.Advertised0, "rs1": want.Advertised1, "rs2": want.Advertised2,
		})
	}
	for _, router := range r.network.Routers {
		switch router.ID() {
		case "csr1":
			c.same("csr1 best", bgpRoutes(router), want.Best)
		case "dc13", "dc20":
			c.onPrem(router, want.OnPrem.ASPath, want.OnPrem.Prefixes)
		}
	}
	c.effective(r.network, want.Effective)
	c.reachability(r, want.Reachability)
	t.Logf("%d cells compared", c.compared)
	if c.compared < 200 {
		t.Errorf("only %d cells were compared", c.compared)
	}
}

// routeServer compares what an instance learned and advertised. Both instances
// of each showed the same rows; what rs1 and rs2 learned from their router equals
// what rs0 did.
func (c *comparison) routeServer(rs *actors.RouteServer, learned map[string]map[string]string, advertised map[string]map[string]map[string]string) {
	id := string(rs.ID())
	name := strings.TrimSuffix(strings.TrimSuffix(id, "-0"), "-1")
	router := map[string]string{"rs1": "csr1", "rs2": "csr2"}[name]
	for peer, want := range learned {
		if router == "" || router == peer {
			c.same(id+" learned from "+peer, paths(rs.Learned(events.ActorID(peer))), want)
			c.nextHops(id+" learned from "+peer, rs.Learned(events.ActorID(peer)), map[string]string{"csr1": "10.101.3.10", "csr2": "10.102.3.10"}[peer])
		}
	}
	for peer, want := range advertised[name] {
		c.same(id+" advertised to "+peer, paths(rs.Advertised(events.ActorID(peer))), want)
		own := map[string]string{
			"rs0-0": "10.100.0.4", "rs0-1": "10.100.0.5", "rs1-0": "10.101.1.4", "rs1-1": "10.101.1.5", "rs2-0": "10.102.1.4", "rs2-1": "10.102.1.5",
		}[id]
		c.nextHops(id+" advertised to "+peer, rs.Advertised(events.ActorID(peer)), own)
	}
}

// nextHops compares the column next hop, which is one address in each recorded
// table: that of the router, or of the instance.
func (c *comparison) nextHops(table string, routes map[netip.Prefix]*events.Attrs, want string) {
	for p, a := range routes {
		c.compared++
		if a.NextHop.String() != want {
			c.Errorf("%s, %v: next hop %v, recorded %s", table, p, a.NextHop, want)
		}
	}
}

// bgpRoutes gives what a router installed from BGP: its best routes but for its
// own, and for those that a static route keeps out (RIB failure).
func bgpRoutes(r *actors.Router) map[string]string {
	all := map[string]string{}
	for p, hops := range r.FIB() {
		if best, ok := r.Best(p); ok && !best.Own() && slices.Equal(hops, best.NextHops) {
			all[p.String()] = joinAddrs(hops)
		}
	}
	return all
}

// onPrem compares what a site received from each edge router of its circuit.
func (c *comparison) onPrem(r *actors.Router, path string, prefixes []string) {
	want := map[string]string{}
	for _, p := range prefixes {
		want[p] = path
	}
	for _, msee := range r.PeerIDs() {
		c.same(string(r.ID())+" received from "+string(msee), paths(r.Learned(msee)), want)
	}
}

// effective compares the effective routes of NICs. The recording leaves the
// entries of next-hop type None out.
func (c *comparison) effective(n *scenarios.Network, tables map[string]json.RawMessage) {
	groups := map[string][]events.ActorID{
		"a VM in vnet0":                     {"vm02-0", "vm02-1"},
		"a VM in vnet1, and csr1's own NIC": {"vm14-0", "vm14-1", "csr1"},
		"a VM in vnet2, and csr2's own NIC": {"vm24-0", "vm24-1", "csr2"},
	}
	for name, group := range groups {
		var want map[string]string
		if err := json.Unmarshal(tables[name], &want); err != nil {
			c.Fatal(err)
		}
		for _, id := range group {
			rows, ok := effectiveRoutes(n, id)
			if !ok {
				c.Errorf("there are no NICs %s", id)
			}
			got := map[string]string{}
			for _, r := range rows {
				switch {
				case r.hop == events.None:
				case !r.active:
					got[r.prefix.String()+" invalid"] = r.hop.String()
				case r.hop == events.VirtualNetworkGateway:
					got[r.prefix.String()] = joinAddrs(r.nextHops)
				default:
					got[r.prefix.String()] = r.hop.String()
				}
			}
			c.same("effective routes of "+string(id), got, want)
		}
	}
}

// reachability compares who reached whom, in both directions.
func (c *comparison) reachability(r *result, recorded []struct {
	From, To, Via string
	OK            bool
},
) {
	classes := map[[2]string]string{
		{"vnet0", "a VM in vnet1"}: "spoke-hub1", {"vnet0", "a VM in vnet2"}: "spoke-hub2", {"vnet0", "10.2.13.0/25"}: "spoke-dc13",
		{"vnet0", "10.2.20.0/25"}: "spoke-dc20", {"a VM in vnet1", "a VM in vnet2"}: "hub1-hub2",
	}
	for _, want := range recorded {
		class := classes[[2]string{want.From, want.To}]
		for _, f := range r.measured.Final {
			if f.Class != class {
				continue
			}
			c.compared++
			if ok := f.Delivered == 1; ok != want.OK || !ok && f.Cause != "loop" {
				c.Errorf("%s %s: %v of the flows arrive (%s), recorded %v", class, f.Direction, f.Delivered, f.Cause, want.OK)
			}
		}
		if want.Via != "" && !walked(r, class, want.Via) {
			c.Errorf("%s: not through %s", class, want.Via)
		}
	}
}

// walked tells whether all flows of a class pass an edge router of a circuit, in
// both directions, at the end.
func walked(r *result, class, circuit string) bool {
	for _, direction := range []string{"forward", "return"} {
		rows := r.traffic(class, direction)
		last := rows[len(rows)-1]
		for _, row := range rows {
			if row.T == last.T && row.Offered > 0 && (row.Path == nil || !strings.Contains(*row.Path, circuit+"-")) {
				return false
			}
		}
	}
	return true
}
