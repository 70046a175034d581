package metrics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dualhome/events"
)

// history gives where the 10,000 flows of a NIC are that chooses by buckets, after
// its entry had some sets of next hops, a digit each, one after another; an empty
// set removes it. Unseen: a longer prefix leads all packets elsewhere meanwhile.
func history(t *testing.T, unseen bool, sets ...string) []int32 {
	t.Helper()
	s := newLab()
	s.fact(events.Node{Node: "vms", Type: events.VMNode, VNet: "spoke", HashSeed: 5})
	s.fact(events.NICGroup{Group: "vms", Set: "vms", NICs: []int{0}, Instance: "rs0-0", Scheme: events.ResilientHash})
	s.site()
	for _, n := range "1239" {
		id := "nva" + string(n)
		s.place(events.ActorID(id), events.NVANode, "hub", "10.1.0."+string(n))
		s.fib(0, events.ActorID(id), dcNet, hopDC, "bgp")
		s.joined("x", "vms "+id, id+" dc")
	}
	s.fact(events.FlowClass{Name: "c", From: "vms", To: "dc", Source: addr("10.0.1.4"), Destination: addr("10.100.0.1"), BitsPerSec: 1e9, Flows: 10000, HashSeed: 3})
	const longer = "10.100.0.0/24"
	if unseen {
		s.programs("vms", longer, "10.1.0.9")
	}
	for _, set := range sets {
		s.at += sec
		var hops []string
		for _, n := range set {
			hops = append(hops, "10.1.0."+string(n))
		}
		s.programs("vms", dcNet, strings.Join(hops, " "))
	}
	s.at += sec
	s.programs("vms", longer, "")
	m := newMeter()
	for i := range s.lines {
		if err := m.add(&s.lines[i]); err != nil {
			t.Fatal(err)
		}
	}
	m.finish()
	c := m.traffic.classes[0]
	if k := c.ways[forward].steps; unseen != (len(k) == 2 && k[0].routes[0].path == "vms > nva9 > dc") {
		t.Fatalf("seen are %+v", k)
	}
	return c.nvaOf(c.ways[forward].legs)
}

// Buckets follow what happened to their entry, whether or not packets came to it;
// one that was removed begins afresh.
func TestBucketsFollowTheirEntry(t *testing.T) {
	seen, fresh := history(t, false, "123", "12", "123", "13", "123"), history(t, false, "123")
	if got := history(t, true, "123", "12", "123", "13", "123"); !slices.Equal(got, seen) {
		t.Errorf("%d flows take another way where no packet came meanwhile", differ(got, seen))
	}
	if n := differ(seen, fresh); n > 0 {
		t.Errorf("%d flows do not return", n)
	}
	seen, fresh = history(t, false, "1", "12", "123"), history(t, false, "123")
	if got := history(t, true, "1", "12", "123"); !slices.Equal(got, seen) {
		t.Errorf("%d flows take another way where no packet came meanwhile", differ(got, seen))
	}
	if n := differ(seen, fresh); n < 3000 || n > 7000 {
		t.Errorf("next hops that came one after another have the flows of those that came together, but for %d", n)
	}
	if got := history(t, false, "1", "12", "", "123"); !slices.Equal(got, fresh) {
		t.Errorf("%d flows remember an entry that was removed", differ(got, fresh))
	}
}

// The same next hops and one hash do not lead to the same next hop where they came
// in another order: buckets remember it.
func TestHistoryParts(t *testing.T) {
	one, other := history(t, false, "1", "12", "123"), history(t, false, "3", "23", "123")
	if n := differ(one, other); n < 1000 {
		t.Errorf("only %d flows go elsewhere", n)
	}
}

// A machine that died has its static routes when it starts again, and no history.
func TestRestartedMachineBeginsAfresh(t *testing.T) {
	n, all := node{Node: events.Node{Scheme: events.ResilientHash}}, newTables()
	for _, hops := range []string{hop1, hop1 + " " + hop2, hop1 + " " + hop2 + " 10.3.0.4"} {
		n.change(&events.FIBChanged{Prefix: prefix(dcNet), NextHops: addrs(hops), Why: "static"}, all)
	}
	if n.fib.of(prefix(dcNet)).table == nil {
		t.Fatal("there is no history")
	}
	n.become(events.Dead, 0)
	if e := n.fib.of(prefix(dcNet)); e.table != nil || len(e.hops) != 3 {
		t.Errorf("%+v", e)
	}
}

// A Route Server instance that relays chooses by buckets too, in the order of the
// addresses.
func TestRelayHasBuckets(t *testing.T) {
	n, all := node{Node: events.Node{Type: events.RouteServerNode, Relays: true, Scheme: events.ResilientHash}}, newTables()
	for _, hops := range []string{"10.3.0.4", hop2 + " 10.3.0.4", "10.3.0.4 " + hop2 + " " + hop1} {
		e := &events.BestChanged{Prefix: prefix(dcNet), NextHops: addrs(hops)}
		e.Is = make([]events.ActorID, len(e.NextHops))
		for i := range e.Is {
			e.Is[i] = events.ActorID(fmt.Sprint("nva", i))
		}
		n.change(e, all)
	}
	if _, to := n.learned(addr("10.100.0.1")); to.table == nil || !slices.Equal(to.hops, addrs(hop1+" "+hop2+" 10.3.0.4")) {
		t.Errorf("%+v", to)
	}
	n.change(&events.BestChanged{Prefix: prefix(dcNet)}, all)
	n.change(&events.BestChanged{Prefix: prefix(dcNet), Is: []events.ActorID{"nva1", "nva2"}, NextHops: addrs(hop1 + " " + hop2)}, all)
	if _, to := n.learned(addr("10.100.0.1")); to.table != nil || len(to.hops) != 2 {
		t.Errorf("%+v", to)
	}
}
