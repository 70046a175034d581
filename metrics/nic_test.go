package metrics

import (
	"strings"
	"testing"

	"dualhome/events"
)

// Who decides at a NIC: the NVA "user" stands for a user-defined route, the NVA
// "learned" for a learned one, and a direct way for a system route of the VNet
// or a peering. The destination is 10.100.0.1.
func TestPrecedenceAtANIC(t *testing.T) {
	const byUser, byLearned, direct, gone = "vms > user > dc", "vms > learned > dc", "vms > dc", "vms black-hole"
	udr := func(p string, hop events.HopType) events.UserRoute {
		u := events.UserRoute{Group: "vms", Prefix: prefix(p), Hop: hop}
		if hop == events.VirtualAppliance {
			u.NextHop = addr(hop2)
		}
		return u
	}
	sys := func(p string, hop events.HopType) events.SystemRoute {
		return events.SystemRoute{Group: "vms", Prefix: prefix(p), Hop: hop}
	}
	const nva, gateway = events.VirtualAppliance, events.VirtualNetworkGateway
	tests := []struct {
		name    string
		facts   []events.Event
		learned string
		want    string
	}{
		{"nothing", nil, "", gone},
		{"learned alone", nil, "10.100.0.0/16", byLearned},
		{"user alone", []events.Event{udr("10.100.0.0/16", nva)}, "", byUser},
		{"peering alone", []events.Event{sys("10.100.0.0/16", events.VNetPeering)}, "", direct},
		{"VNet alone", []events.Event{sys("10.100.0.0/16", events.VnetLocal)}, "", direct},
		{"global peering alone", []events.Event{sys("10.100.0.0/16", events.VNetGlobalPeering)}, "", direct},

		{"user before learned of one prefix", []events.Event{udr("10.100.0.0/16", nva)}, "10.100.0.0/16", byUser},
		{"longer learned before user", []events.Event{udr("10.100.0.0/16", nva)}, "10.100.0.0/24", byLearned},
		{"longer user before learned", []events.Event{udr("10.100.0.0/24", nva)}, "10.100.0.0/16", byUser},

		{"user before peering of one prefix", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.100.0.0/16", nva)}, "", byUser},
		{"longer user before peering", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.100.0.0/24", nva)}, "", byUser},
		{"longer peering before user", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.0.0.0/8", nva)}, "", direct},

		{"peering hides learned of its prefix", []events.Event{sys("10.100.0.0/16", events.VNetPeering)}, "10.100.0.0/16", direct},
		{"peering hides longer learned", []events.Event{sys("10.100.0.0/16", events.VNetPeering)}, "10.100.0.0/24", direct},
		{"global peering hides longer learned", []events.Event{sys("10.100.0.0/16", events.VNetGlobalPeering)}, "10.100.0.0/24", direct},
		{"peering is longer than learned", []events.Event{sys("10.100.0.0/16", events.VNetPeering)}, "10.0.0.0/8", direct},

		{"learned before a default of its prefix", []events.Event{sys(all, events.Internet)}, all, byLearned},
		{"a longer default before learned", []events.Event{sys("10.0.0.0/8", events.None)}, all, gone},
		{"a longer default before user", []events.Event{sys("10.0.0.0/8", events.None), udr(all, nva)}, "", gone},
		{"user before a default of its prefix", []events.Event{sys("10.0.0.0/8", events.None), udr("10.0.0.0/8", nva)}, "", byUser},

		{"all three of one prefix", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.100.0.0/16", nva)}, "10.100.0.0/16", byUser},
		{"user overrides the peering that hides longer learned", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.100.0.0/16", nva)}, "10.100.0.0/24", byUser},

		{"user None", []events.Event{udr("10.100.0.0/16", events.None)}, "10.100.0.0/16", "vms policy"},
		{"user Internet", []events.Event{udr("10.100.0.0/16", events.Internet)}, "10.100.0.0/16", "vms > internet black-hole"},
		{"user VnetLocal", []events.Event{udr("10.100.0.0/16", events.VnetLocal)}, "10.100.0.0/16", direct},
		{"user gateway", []events.Event{udr("10.100.0.0/16", gateway)}, "10.0.0.0/8", byLearned},
		{"user gateway, without a learned route", []events.Event{udr("10.100.0.0/16", gateway)}, "", gone},
		{"user gateway, and the learned route is hidden", []events.Event{sys("10.0.0.0/8", events.VNetPeering), udr("10.100.0.0/16", gateway)}, "10.100.0.0/24", gone},
		{"user gateway, longer than the peering that hides nothing", []events.Event{sys("10.100.0.0/16", events.VNetPeering), udr("10.100.0.0/24", gateway)}, "10.0.0.0/8", byLearned},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newLab()
			s.place("internet", events.InternetNode, "", "")
			s.vms("vms", "vms", "spoke", 0)
			s.place("learned", events.NVANode, "hub1", hop1)
			s.place("user", events.NVANode, "hub2", hop2)
			s.site()
			s.joined("x", "vms learned", "vms user", "vms dc", "vms internet", "user dc", "learned dc")
			s.class("c", "vms", "dc", "10.0.1.4", "10.100.0.1")
			for _, f := range test.facts {
				s.fact(f)
			}
			s.fib(0, "user", dcNet, hopDC, "static")
			s.fib(0, "learned", dcNet, hopDC, "static")
			if test.learned != "" {
				s.programs("vms", test.learned, hop1)
			}
			got := ways(s.measured(t), "c", "forward")
			if _, way, _ := strings.Cut(got[0], ": "); len(got) != 1 || way != test.want {
				t.Errorf("%q, not %q", got, test.want)
			}
		})
	}
}

// A user-defined route of a NIC decides for an NVA too, whatever its guest says.
func TestUserRouteOfAnNVA(t *testing.T) {
	s := newLab()
	s.vms("vms", "vms", "spoke", 0)
	s.place("nva1", events.NVANode, "hub1", hop1)
	s.place("nva2", events.NVANode, "hub1", hop2)
	s.site()
	s.joined("x", "vms nva1", "nva1 nva2", "nva2 dc")
	s.class("c", "vms", "dc", "10.0.1.4", "10.100.0.1")
	s.programs("vms", dcNet, hop1)
	s.fib(0, "nva1", all, "10.1.0.1", "static")
	s.programs("nva1", dcNet, hop1)
	s.user("nva1", dcNet, hop2)
	s.fib(0, "nva2", dcNet, hopDC, "static")
	checkWays(t, s.measured(t), "c", "forward", "hub1: vms > nva1 > nva2 > dc")
}

// Hashed by addresses alone, all flows of a machine go one way.
func TestPairsOfAddressesGoOneWay(t *testing.T) {
	c := &class{FlowClass: events.FlowClass{Flows: 1000, Pairs: 4, HashSeed: 7}}
	ways := forks{}.split(fork{n: 2}, 5, c, nil)
	for i := range c.Flows {
		if ways[0][i/64]>>(i%64)&1 != ways[0][0]>>(i%4)&1 {
			t.Fatalf("flow %d goes another way than flow %d", i, i%4)
		}
	}
}
