package main

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/scenarios"
)

// tableQuery says which tables are asked for; what is empty selects nothing.
type tableQuery struct {
	at    string // a time since the start of the run, or end
	actor string // an actor, or a Route Server or gateway for both its instances
	table string
	peer  string
	azure bool
}

// tables are the values of --table.
func tables() []string { return []string{"learned", "advertised", "effective", "entries"} }

// titles says what each of them is, for people.
func titles() map[string]string {
	return map[string]string{
		"learned":    "learned from each peer, as received (Adj-RIB-In):",
		"advertised": "advertised to each peer, as sent (Adj-RIB-Out):",
		"effective":  "effective routes of NICs:",
		"entries":    "best routes (Loc-RIB) and forwarding tables (FIB):",
	}
}

func (q *tableQuery) means(id events.ActorID) bool {
	return q.actor == "" || q.actor == string(id) || q.actor+"-0" == string(id) || q.actor+"-1" == string(id)
}

func (q *tableQuery) wants(table string) bool { return q.table == "" || q.table == table }

// tablesAt prints the tables of the actors of a run as they stood at a time.
func (s *shell) tablesAt(ctx context.Context, dir string, q tableQuery) error {
	until, err := q.check(s.format)
	if err != nil {
		return err
	}
	if err := isFolder(dir); err != nil {
		return err
	}
	r, err := rebuild(ctx, dir, until)
	if err != nil {
		return err
	}
	if q.azure {
		doc, ok := azureDocument(r.network, q.actor, q.table, q.peer)
		if !ok {
			return usage("%s: no such table or peer; --azure shows Route Servers, gateways, NVAs and groups of NICs, like spoke-vms-0", q.whose())
		}
		return s.render(document{data: doc})
	}
	var d document
	shown := 0
	for _, t := range []table{
		q.speakers(r.network, "learned", (*bgp.Speaker).Learned),
		q.speakers(r.network, "advertised", (*bgp.Speaker).Advertised),
		q.effective(r.network),
		q.entries(r.network),
	} {
		if len(t.rows) == 0 || !q.wants(t.name) {
			continue
		}
		if shown++; shown > 1 {
			d.say("")
		}
		d.say(titles()[t.name])
		d.show(t)
	}
	if shown == 0 {
		return usage("%s: the run has no such actor, or it has no such table or peer", q.whose())
	}
	return s.render(d)
}

// check gives the time that is asked for.
func (q *tableQuery) check(format string) (events.Time, error) {
	switch {
	case q.azure && format != "json":
		return 0, usage("--azure is a shape of JSON: add -o json")
	case q.azure && q.actor == "":
		return 0, usage("--azure shows one Route Server, gateway or NIC: name it with --actor")
	case q.table != "" && !slices.Contains(tables(), q.table):
		return 0, usage("--table %s: it is learned, advertised, effective or entries", q.table)
	case q.at == "end":
		return events.Time(1 << 62), nil
	}
	d, err := time.ParseDuration(q.at)
	if err != nil || d < 0 {
		return 0, usage("--at %s: it is a time since the start of the run, like 480s, or end", q.at)
	}
	return events.Time(d), nil
}

// whose repeats what was asked for, but for the table.
func (q *tableQuery) whose() string {
	var all []string
	if q.actor != "" || q.peer == "" {
		all = append(all, "--actor "+q.actor)
	}
	if q.peer != "" {
		all = append(all, "--peer "+q.peer)
	}
	return strings.Join(all, " ")
}

// entries gives the Loc-RIBs and the forwarding tables.
func (q *tableQuery) entries(n *scenarios.Network) table {
	t := table{name: "entries", head: []string{"actor", "table", "prefix", "next hops"}}
	all := entries(n)
	if q.peer != "" {
		return t
	}
	for _, p := range slices.SortedFunc(maps.Keys(all), comparePlaces) {
		if q.means(events.ActorID(p.actor)) && (p.table != "nic" || q.table == "entries") {
			t.add(p.actor, p.table, p.prefix, strings.Join(slices.Compact(strings.Split(all[p], "+")), "+"))
		}
	}
	return t
}

func comparePlaces(a, b place) int {
	return slices.Compare([]string{a.actor, a.table, a.prefix}, []string{b.actor, b.table, b.prefix})
}

// effective gives the effective routes of NICs.
func (q *tableQuery) effective(n *scenarios.Network) table {
	t := table{name: "effective", head: []string{"actor", "source", "state", "prefix", "next hop type", "next hops"}}
	for _, f := range n.Config.Facts {
		g, ok := f.(events.NICGroup)
		if !ok || !q.means(g.Group) || q.peer != "" {
			continue
		}
		rows, _ := effectiveRoutes(n, g.Group)
		for _, r := range rows {
			t.add(string(g.Group), r.source, r.state(), r.prefix.String(), r.hop.String(), joinAddrs(r.nextHops))
		}
	}
	return t
}

// speakers gives what each speaker learned from its peers, or advertised to
// them.
func (q *tableQuery) speakers(n *scenarios.Network, name string, rib func(*bgp.Speaker, events.ActorID) map[netip.Prefix]*events.Attrs) table {
	t := table{name: name, head: []string{"actor", "peer", "session", "prefix", "AS path", "next hop"}}
	for _, s := range speakers(n) {
		if !q.means(s.ID()) {
			continue
		}
		for _, peer := range s.PeerIDs() {
			if q.peer != "" && q.peer != string(peer) {
				continue
			}
			state := "down"
			if s.Established(peer) {
				state = "Established"
			}
			routes := rib(s, peer)
			if len(routes) == 0 {
				t.add(string(s.ID()), string(peer), state, "-", "-", "-")
			}
			for _, p := range events.SortedPrefixes(routes) {
				t.add(string(s.ID()), string(peer), state, p.String(), routes[p].Path.String(), routes[p].NextHop.String())
			}
		}
	}
	return t
}

// speakers gives all speakers of a network.
func speakers(n *scenarios.Network) []*bgp.Speaker {
	var all []*bgp.Speaker
	for _, r := range n.RouteServers {
		all = append(all, r.Speaker)
	}
	for _, g := range n.Gateways {
		all = append(all, g.Speaker)
	}
	for _, r := range n.Routers {
		all = append(all, r.Speaker)
	}
	return all
}
