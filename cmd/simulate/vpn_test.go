package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A hub with a VPN gateway, a Route Server with branch-to-branch and a router,
// and a branch with tunnels to the gateway.
const oneVPN = `
version: 1
name: one-vpn
horizon: 1800s
vnets:
  - name: hub
    address_space: [10.1.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.1.1.0/27}, {name: GatewaySubnet, prefix: 10.1.2.0/27}, {name: work, prefix: 10.1.3.0/24}]
route_servers: [{name: rs, vnet: hub, branch_to_branch: true}]
nvas: [{name: nva, vnet: hub, address: 10.1.3.4, asn: 65001, roles: [vpn], route_servers: [rs]}]
vpn_gateways: [{name: vgw, vnet: hub}]
sites: [{name: branch, asn: 65022, prefixes: [10.200.0.0/16], tunnels: [vgw]}]
vms: [{name: vms, vnet: hub, subnet: work, count: 20}]
traffic: [{name: to-branch, from: vms, to: branch, rate: 100Mbps}]
`

// TestVPNTimersAreFixed: a VPN gateway negotiates no hold time. A peer that
// offers 30 s hears nothing for 60 s and ends the session, again and again
// (VPN Gateway FAQ; techcommunity, 2026-03-18); towards a Route Server the same
// setting is stable, because that takes the lower one.
func TestVPNTimersAreFixed(t *testing.T) {
	r := playText(t, oneVPN)
	holds(t, r, "sessions.down == 0", "delivered.forward == 100", "delivered.return == 100", "converged true")
	if n := downs(r, "branch", "vgw-0"); n != 0 {
		t.Errorf("with the default timers branch lost its session %d times", n)
	}
	r = playText(t, oneVPN, "sites[branch].hold=30s", "sites[branch].keepalive=10s", "nvas[nva].hold=30s", "nvas[nva].keepalive=10s")
	for _, vgw := range []string{"vgw-0", "vgw-1"} {
		if n := downs(r, "branch", vgw); n < 10 || n > 1800/30 {
			t.Errorf("branch lost its session with %s %d times in 1800 s", vgw, n)
		}
		for i, was := -1, 0; i < len(r.measured.Sessions)-1; {
			i++
			s := r.measured.Sessions[i]
			if s.Actor != "branch" || s.Peer != vgw {
				continue
			}
			if s.State == "Established" {
				was = int(s.T / int64(time.Second))
			} else if up := int(s.T/int64(time.Second)) - was; was > 0 {
				if was = 0; up < 29 || up > 31 {
					t.Errorf("a session with %s was up for %d s", vgw, up)
				}
			}
		}
	}
	if n := downs(r, "nva", "rs-0") + downs(r, "rs-1", "nva"); n != 0 {
		t.Errorf("nva lost its sessions with rs %d times", n)
	}
	r = playText(t, oneVPN, "nvas[nva].hold=30s", "nvas[nva].keepalive=10s", "route_servers[rs].negotiate=false")
	if n := downs(r, "nva", "rs-0"); n < 10 {
		t.Errorf("a Route Server that does not negotiate: nva lost its session %d times", n)
	}
}

// downs counts how often a session of an actor was established and then was not.
func downs(r *result, actor, peer string) int {
	n, up := 0, false
	for _, s := range r.measured.Sessions {
		if s.Actor != actor || s.Peer != peer {
			continue
		}
		if up && s.State != "Established" {
			n++
		}
		up = s.State == "Established"
	}
	return n
}

// TestVPNSendsNoDefaultRoute: nor anything that overlaps a VNet prefix; the
// work-round is two halves (VPN Gateway FAQ; observed: dmauser).
func TestVPNSendsNoDefaultRoute(t *testing.T) {
	r := playText(t, oneVPN, "nvas[nva].static_routes=[{prefix: 0.0.0.0/0, via: vnet}, {prefix: 0.0.0.0/1, via: vnet}, {prefix: 128.0.0.0/1, via: vnet}, {prefix: 10.1.3.0/24, via: vnet}, {prefix: 10.7.0.0/16, via: vnet}]")
	isLearned(t, r, "rs-0", "nva", "0.0.0.0/0", "0.0.0.0/1", "10.1.0.0/16", "10.1.3.0/24", "10.200.0.0/16", "10.7.0.0/16", "128.0.0.0/1")
	isLearned(t, r, "vgw-0", "rs-0", "0.0.0.0/0", "0.0.0.0/1", "10.1.3.0/24", "10.7.0.0/16", "128.0.0.0/1")
	isLearned(t, r, "branch", "vgw-0", "0.0.0.0/1", "10.1.0.0/16", "10.7.0.0/16", "128.0.0.0/1")
	if path := learnedBy(t, r, "nva", "rs-0")["10.200.0.0/16"]; path != "65515 65022" { // no doubled 65515: iBGP
		t.Errorf("the Route Server sends the branch with the path %q", path)
	}
}

// TestStaticTunnels: without BGP a route stays while its tunnel is dead, unless
// dead-peer detection withdraws it.
func TestStaticTunnels(t *testing.T) {
	const dies = `faults=[{name: dies, kind: node-death, target: branch, at: 600s}]`
	for _, c := range []struct {
		tunnel string
		routes string // of the Route Server at the end
		cause  string
	}{
		{"{to: vgw, bgp: false}", "10.1.2.6+10.1.2.7", "black-hole"},
		{"{to: vgw, bgp: false, dpd: 10s}", "", "black-hole"},
	} {
		r := playText(t, oneVPN, "sites[branch].tunnels=["+c.tunnel+"]")
		holds(t, r, "delivered.forward == 100", "delivered.return == 100")
		if hops := best(r, "rs-0")["10.200.0.0/16"]; hops != "10.1.2.6+10.1.2.7" {
			t.Errorf("%s: rs-0 has %q", c.tunnel, hops)
		}
		r = playText(t, oneVPN, "sites[branch].tunnels=["+c.tunnel+"]", dies)
		if hops := best(r, "rs-0")["10.200.0.0/16"]; hops != c.routes {
			t.Errorf("%s, dead: rs-0 has %q", c.tunnel, hops)
		}
		holds(t, r, "delivered.forward == 0", "cause.forward.to-branch "+c.cause)
		if c.routes == "" {
			for _, group := range []string{"vms-0", "vms-1"} {
				// Three probes, programming, and the second of two changes 30 s after the first.
				if hops := inTable(r, group, "nic", "10.200.0.0/16", 600*time.Second+70*time.Second); hops != "" {
					t.Errorf("%s: 70 s after the death %s has %q", c.tunnel, group, hops)
				}
			}
		}
	}
	r := playText(t, oneVPN, "sites[branch].tunnels=[{to: vgw, bgp: false, dpd: 10s}]", `faults=[{name: cut, kind: link-down, target: vgw-branch-0, at: 600s}]`)
	holds(t, r, "delivered.forward == 100", "delivered.return == 100")
	if hops := best(r, "rs-0")["10.200.0.0/16"]; hops != "10.1.2.7" {
		t.Errorf("with one tunnel rs-0 has %q", hops)
	}
}

// TestRoutingPreference: the same prefix from an ExpressRoute circuit, with a
// path of two, and from a VPN gateway or an NVA, with a path of one. The default
// takes ExpressRoute all the same, before the path is looked at
// (hub-routing-preference), also after the circuit was lost and came back.
func TestRoutingPreference(t *testing.T) {
	const dc = "10.100.0.0/16"
	common := []string{
		"expressroute_gateways=[{name: gw, vnet: hub}]",
		"circuits=[{name: er, site: dc, connections: [gw], addresses: [192.0.2.1, 192.0.2.2]}]",
	}
	ways := map[string]struct {
		set  []string
		hops string
	}{
		"VPN gateway": {[]string{"sites=[{name: dc, asn: 65021, prefixes: [10.100.0.0/16], tunnels: [vgw]}]"}, "10.1.2.6+10.1.2.7"},
		"NVA": {[]string{
			"sites=[{name: dc, asn: 65021, prefixes: [10.100.0.0/16], tunnels: [nva]}]", "vpn_gateways=[]",
			"nvas[nva].static_routes=[10.100.0.0/16]",
		}, "10.1.3.4"},
	}
	faults := map[string]string{
		"nothing fails":             "faults=[]",
		"the circuit is lost once":  "faults=[{name: f, kind: circuit-loss, target: er, at: 400s, repair_after: 300s}]",
		"the gateway restarts once": "faults=[{name: f, kind: node-death, target: gw-0, at: 400s, repair_after: 300s}, {name: g, kind: node-death, target: gw-1, at: 400s, repair_after: 300s}]",
	}
	for way, w := range ways {
		for preference, er := range map[string]bool{"ExpressRoute": true, "VpnGateway": false, "ASPath": false} {
			for what, fault := range faults {
				set := slices.Concat(common, w.set, []string{
					fault, "traffic=[{name: to-dc, from: vms, to: dc, rate: 1Gbps}]", "route_servers[rs].routing_preference=" + preference,
				})
				r := playText(t, oneVPN, set...)
				name := fmt.Sprintf("%s, %s, %s", way, preference, what)
				for _, group := range []string{"vms-0", "vms-1"} {
					hops := inTable(r, group, "nic", dc, end)
					if isER := strings.HasPrefix(hops, "192.0.2."); hops == "" || isER != er || !er && strings.ReplaceAll(hops, " ", "+") != w.hops {
						t.Errorf("%s: %s has %q", name, group, hops)
					}
				}
				holds(t, r, "delivered.forward == 100", "delivered.return == 100", "sessions.down == 0")
			}
		}
	}
}

// TestWeightBeatsThePath: the gateway's route with a weight stays although the
// Route Server offers a shorter path.
func TestWeightBeatsThePath(t *testing.T) {
	for weight, er := range map[string]bool{"0": false, "10": true} {
		r := playText(t, oneVPN,
			"expressroute_gateways=[{name: gw, vnet: hub}]", "vpn_gateways=[]", "route_servers[rs].routing_preference=ASPath",
			"circuits=[{name: er, site: dc, connections: [{gateway: gw, weight: "+weight+"}], addresses: [192.0.2.1, 192.0.2.2]}]",
			"sites=[{name: dc, asn: 65021, prefixes: [10.100.0.0/16], tunnels: [nva]}]",
			"nvas[nva].static_routes=[10.100.0.0/16]", "traffic=[]")
		if hops := best(r, "gw-0")["10.100.0.0/16"]; strings.HasPrefix(hops, "192.0.2.") != er {
			t.Errorf("with weight %s the gateway has %q", weight, hops)
		}
	}
}

// TestNoAdvertise: NICs get the route, other NVAs and on-premises do not
// (route-injection-in-spokes; observed: No-Advertise-Feature).
func TestNoAdvertise(t *testing.T) {
	const second = `nvas=[{name: nva, vnet: hub, address: 10.1.3.4, asn: 65001, roles: [vpn], route_servers: [rs], static_routes: [{prefix: 10.7.0.0/16, via: vnet}]}, {name: nva2, vnet: hub, address: 10.1.3.5, asn: 65002, route_servers: [rs]}]`
	for tag, passed := range map[string]bool{"no_advertise=[]": true, "no_advertise=[10.7.0.0/16]": false} {
		r := playText(t, oneVPN, second, "nvas[nva]."+tag)
		for _, nic := range []string{"vms-0", "vms-1", "nva2", "nva"} {
			if hops := inTable(r, nic, "nic", "10.7.0.0/16", end); hops != "10.1.3.4" {
				t.Errorf("%s: %s has %q", tag, nic, hops)
			}
		}
		for _, ends := range [][2]string{{"nva2", "rs-0"}, {"nva2", "rs-1"}, {"branch", "vgw-0"}, {"vgw-1", "rs-0"}} {
			if _, has := learnedBy(t, r, ends[0], ends[1])["10.7.0.0/16"]; has != passed {
				t.Errorf("%s: %s has learned it from %s: %v", tag, ends[0], ends[1], has)
			}
		}
	}
}
