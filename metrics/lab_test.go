package metrics

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// A lab is a story without anything in it but the clock: each test builds the
// network that it needs.
func newLab() *story {
	s := &story{}
	s.fact(events.RunStarted{Scenario: "lab", Seed: 7, Horizon: events.Time(time.Hour)})
	return s
}

// place adds a node with a NIC group of its own.
func (s *story) place(id events.ActorID, kind events.NodeKind, vnet, address string) {
	n := events.Node{Node: id, Type: kind, VNet: vnet, HashSeed: uint64(len(s.lines))}
	if address != "" {
		n.Address = addr(address)
	}
	s.fact(n)
	s.fact(events.NICGroup{Group: id, NICs: []int{0}})
}

// vms adds a group of a set of VMs.
func (s *story) vms(id events.ActorID, set, vnet string, nics ...int) {
	s.fact(events.Node{Node: id, Type: events.VMNode, VNet: vnet})
	s.fact(events.NICGroup{Group: id, Set: set, NICs: nics, Instance: "rs0-0"})
}

// site adds the data centre.
func (s *story) site() {
	s.fact(events.Node{Node: "dc", Type: events.SiteNode, AS: 65100, Address: addr(hopDC), Prefixes: prefixes(dcNet)})
}

// joined adds the ways between two nodes over a link.
func (s *story) joined(link string, pairs ...string) {
	for _, pair := range pairs {
		a, b, _ := strings.Cut(pair, " ")
		s.fact(events.Path{From: events.ActorID(a), To: events.ActorID(b), Crossings: []events.Crossing{{Link: link}}})
		s.fact(events.Path{From: events.ActorID(b), To: events.ActorID(a), Crossings: []events.Crossing{{Link: link, Reverse: true}}})
	}
}

func (s *story) system(group events.ActorID, p string, hop events.HopType) {
	s.fact(events.SystemRoute{Group: group, Prefix: prefix(p), Hop: hop})
}

// user adds a user-defined route to a virtual appliance.
func (s *story) user(group events.ActorID, p, hop string) {
	s.fact(events.UserRoute{Group: group, Prefix: prefix(p), Hop: events.VirtualAppliance, NextHop: addr(hop)})
}

// programs puts a learned route into a NIC.
func (s *story) programs(group events.ActorID, p, hops string) {
	s.change(0, group, events.NICChanged{Instance: "rs0-0", Batch: 1, Routes: []events.NICRoute{{Prefix: prefix(p), NextHops: addrs(hops)}}})
}

// learns makes a best route from a peer.
func (s *story) learns(at, from events.ActorID, p, hop string) {
	s.change(0, at, &events.BestChanged{Prefix: prefix(p), Is: []events.ActorID{from}, NextHops: addrs(hop), Why: "test"})
}

// class adds 1,000 flows of 1 Gbit/s.
func (s *story) class(name, from string, to events.ActorID, source, destination string) {
	s.fact(events.FlowClass{
		Name: name, From: from, To: to, Source: addr(source), Destination: addr(destination), BitsPerSec: 1e9, Flows: 1000, HashSeed: 3, PacketBytes: 1500,
	})
}

// measured measures a lab, in which all classes have one rate.
func (s *story) measured(t *testing.T) *Result {
	t.Helper()
	r, err := Measure(s.seq())
	if err != nil {
		t.Fatal(err)
	}
	rates := map[string]int64{}
	for _, row := range r.Traffic {
		rates[row.Class] = 1e9
	}
	checkTraffic(t, r, rates)
	checkBudgets(t, r)
	return r
}

// ways gives where the packets of a class are in the end: hub, path and cause of
// each row with traffic.
func ways(r *Result, class, dir string) []string {
	var all []string
	step := int64(-1)
	for _, row := range r.Traffic {
		if row.Class != class || row.Direction != dir {
			continue
		}
		if row.T != step {
			step, all = row.T, nil
		}
		if row.Offered > 0 {
			all = append(all, strings.TrimSpace(orNothing(row.Via)+": "+orNothing(row.Path)+" "+orNothing(row.Cause)))
		}
	}
	return all
}

func orNothing(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func checkWays(t *testing.T, r *Result, class, dir string, want ...string) {
	t.Helper()
	if got := ways(r, class, dir); !slices.Equal(got, want) {
		t.Errorf("%s %s: %q, not %q", class, dir, got, want)
	}
}

func checkDiagnoses(t *testing.T, r *Result, want ...string) {
	t.Helper()
	if !slices.Equal(r.Diagnoses, want) {
		t.Errorf("diagnoses\n%s\nnot\n%s", strings.Join(r.Diagnoses, "\n"), strings.Join(want, "\n"))
	}
}
