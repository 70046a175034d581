package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"dualhome/actors"
	"dualhome/actors/bgp"
	"dualhome/events"
	"dualhome/metrics"
	"dualhome/metrics/arrowfile"
	"dualhome/scenarios"
)

// readRun reads run.json.
func readRun(dir string) (runJSON, error) {
	var r runJSON
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("run.json: %w", err)
	}
	return r, nil
}

// differentRun names what of run.json is not what the log says. The number of
// turns, the version of Go and the wall times are in no line.
func differentRun(held runJSON, r *replayed, m *metrics.Result) []string {
	again := result{
		scenario: r.of, seed: r.started.Seed, ties: r.started.Ties, log: &r.log, measured: m, reached: r.last,
		turns: held.Turns, partial: held.Status == "partial",
	}
	again.circles = oscillations(r.kernel, m, again.end(), again.partial)
	want := again.runJSON([]byte(r.started.Text))
	want.Wall = held.Wall
	want.Versions = map[string]string{"simulate": r.started.Version, "go": held.Versions["go"]}
	var differ []string
	a, b := reflect.ValueOf(held), reflect.ValueOf(want)
	for i := range a.NumField() {
		if name := a.Type().Field(i).Tag.Get("json"); !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			differ = append(differ, fmt.Sprintf("run.json %s: it says %v, the log %v", name, a.Field(i), b.Field(i)))
		}
	}
	return differ
}

// differentTables names the Arrow files of a folder that do not hold what was
// measured again.
func differentTables(dir string, want arrowfile.Meta, m *metrics.Result) ([]string, error) {
	held, meta, err := arrowfile.ReadRun(dir)
	if err != nil {
		return nil, err
	}
	var differ []string
	if meta != want {
		differ = append(differ, fmt.Sprintf("metadata: %v, the log says %v", meta, want))
	}
	a, b := reflect.ValueOf(*held), reflect.ValueOf(m.Tables)
	for i := range a.NumField() {
		if a.Field(i).Len() == 0 && b.Field(i).Len() == 0 || reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			continue
		}
		differ = append(differ, strings.ToLower(a.Type().Field(i).Name)+".arrow")
	}
	return differ, nil
}

// place is an entry of a table of an actor.
type place struct {
	actor, table string
	prefix       string
}

// differentActors compares the tables of rebuilt actors with what the rows of
// routes.arrow add up to.
func differentActors(n *scenarios.Network, m *metrics.Result) []string {
	rows := map[place]string{}
	for _, r := range m.Routes {
		at := place{r.Actor, r.Table, r.Prefix}
		if len(r.NextHops) == 0 {
			delete(rows, at)
			continue
		}
		rows[at] = strings.Join(r.NextHops, "+")
	}
	live := entries(n)
	var differ []string
	for at, hops := range live { // order-free: sorted below
		if rows[at] != hops {
			differ = append(differ, fmt.Sprintf("%s %s %s: the actor has %q, routes.arrow says %q", at.actor, at.table, at.prefix, hops, rows[at]))
		}
	}
	for at, hops := range rows { // order-free: sorted below
		if _, ok := live[at]; !ok {
			differ = append(differ, fmt.Sprintf("%s %s %s: the actor has nothing, routes.arrow says %q", at.actor, at.table, at.prefix, hops))
		}
	}
	slices.Sort(differ)
	return differ
}

// entries gives all tables of all actors: by place, the next hops.
func entries(n *scenarios.Network) map[place]string {
	all := map[place]string{}
	put := func(id events.ActorID, table string, prefix netip.Prefix, hops []netip.Addr) {
		all[place{string(id), table, prefix.String()}] = joinAddrs(hops)
	}
	locRIB := func(s *bgp.Speaker) {
		for _, p := range s.Prefixes() {
			best, _ := s.Best(p)
			put(s.ID(), "loc-rib", p, best.NextHops)
		}
	}
	nics := func(g *actors.NICs) {
		for p, hops := range g.Routes() { // order-free: into a map
			put(g.ID(), "nic", p, hops)
		}
	}
	for _, r := range n.RouteServers {
		locRIB(r.Speaker)
	}
	router := func(r *actors.Router) {
		locRIB(r.Speaker)
		for p, hops := range r.FIB() { // order-free: into a map
			put(r.ID(), "fib", p, hops)
		}
		if r.NIC() != nil {
			nics(r.NIC())
		}
	}
	for _, g := range n.Gateways {
		router(g.Router)
	}
	for _, r := range n.Routers {
		router(r)
	}
	for _, b := range n.Balancers {
		if len(b.Backends()) > 0 {
			put(b.ID(), "fib", netip.PrefixFrom(netip.IPv4Unspecified(), 0), b.Backends())
		}
	}
	for _, g := range n.NICs {
		nics(g)
	}
	return all
}

func joinAddrs(addrs []netip.Addr) string {
	s := make([]string, len(addrs))
	for i, a := range addrs {
		s[i] = a.String()
	}
	return strings.Join(s, "+")
}

func joinLines(lines []string) string { return strings.Join(lines, "\n  ") }
