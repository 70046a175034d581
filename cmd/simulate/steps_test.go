package main

import (
	"slices"
	"testing"
)

// TestEachStepLeftOut: what becomes of expressroute-active-active when one step
// of setting it up (about-dual-homed-network) is left out, or done though it must
// not be: Azure refuses it, or this holds at the end.
func TestEachStepLeftOut(t *testing.T) {
	const (
		nva1  = "{name: nva1, vnet: hub1, address: 10.1.0.4, asn: 65001, roles: [firewall], as_override: out, no_advertise: [0.0.0.0/0], route_servers: "
		nva2  = "{name: nva2, vnet: hub2, address: 10.2.0.4, asn: 65002, roles: [firewall], as_override: out, no_advertise: [0.0.0.0/0], route_servers: "
		rs0   = "{name: rs0, vnet: spoke}"
		rs1   = "{name: rs1, vnet: hub1, branch_to_branch: true}"
		rs2   = "{name: rs2, vnet: hub2, branch_to_branch: true}"
		noRS0 = "route_servers=[" + rs1 + ", " + rs2 + "]"
	)
	works := []string{"delivered.forward == 100", "delivered.return == 100", "inspected.forward == 100", "inspected.return == 100", "sessions.down == 0", "converged true"}
	nothing := []string{"delivered.forward.spoke-dc == 0", "delivered.return.spoke-dc == 0", "cause.forward.spoke-dc black-hole", "cause.return.spoke-dc black-hole"}
	for _, c := range []struct {
		step    string
		outcome string
		set     []string
		refused string
		rules   []string
	}{
		{
			step: "none", outcome: "everything is delivered, through an NVA", rules: works,
		}, {
			step:    "the NVA in hub 1",
			outcome: "its route on GatewaySubnet leads nowhere, but nothing comes that way: all goes through hub 2",
			set:     []string{"nvas=[" + nva2 + "[rs0, rs2]}]"},
			rules:   append(slices.Clip(works), "routes.rs1-0 == 1", "routes.circuit1-0 == 2"), // hub 1 and on-premises
		}, {
			step:    "the NVA in hub 2",
			outcome: "the same with the hubs exchanged",
			set:     []string{"nvas=[" + nva1 + "[rs0, rs1]}]"},
			rules:   append(slices.Clip(works), "routes.rs2-0 == 1", "routes.circuit2-0 == 2"), // hub 2 and on-premises
		}, {
			step:    "both NVAs",
			outcome: "nobody joins spoke and hubs in BGP: neither side knows the other",
			set:     []string{"nvas=[]"},
			rules:   append(slices.Clip(nothing), "routes.rs0-0 == 0", "sessions.down == 0"),
		}, {
			step:    "the Route Server in the spoke, though the NVAs peer with it",
			outcome: "there is nothing to peer with",
			set:     []string{noRS0},
			refused: `"rs0" is not the name of a Route Server`,
		}, {
			step:    "the Route Server in the spoke, and the sessions with it",
			outcome: "the spoke's NICs learn nothing and no hub hears of the spoke",
			set:     []string{noRS0, "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]"},
			rules:   append(slices.Clip(nothing), "routes.dc == 2", "inspected.forward.spoke-internet == 0"),
		}, {
			step:    "the peering of hub 1",
			outcome: "the NVA cannot reach the spoke's Route Server: Azure refuses the BGP peering",
			set:     []string{"peerings=[{between: [hub2, spoke]}]"},
			refused: "nva1 cannot reach rs0: VNet hub1 is not peered with VNet spoke",
		}, {
			step:    "the peering of hub 1, and the session over it",
			outcome: "hub 1 never hears of the spoke: all goes through hub 2",
			set:     []string{"peerings=[{between: [hub2, spoke]}]", "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs0, rs2]}]"},
			rules:   append(slices.Clip(works), "routes.circuit1-0 == 2"), // hub 1 and on-premises
		}, {
			step:    "both peerings, and the sessions over them",
			outcome: "the spoke is alone",
			set:     []string{"peerings=[]", "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]"},
			rules:   append(slices.Clip(nothing), "routes.rs0-0 == 0"),
		}, {
			step:    "the BGP sessions of the NVA in hub 1 with the spoke",
			outcome: "all goes through hub 2",
			set:     []string{"nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs0, rs2]}]"},
			rules:   append(slices.Clip(works), "routes.nva1 == 2"), // its hub and on-premises
		}, {
			step:    "the BGP sessions of both NVAs with the spoke",
			outcome: "the spoke's Route Server has no peer and programs nothing",
			set:     []string{"nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]"},
			rules:   append(slices.Clip(nothing), "routes.rs0-0 == 0", "routes.rs0-1 == 0"),
		}, {
			step:    "the Route Server in hub 1",
			outcome: "hub 1's NVA and gateway know nothing of each other: all goes through hub 2",
			set:     []string{"route_servers=[" + rs0 + ", " + rs2 + "]", "nvas=[" + nva1 + "[rs0]}, " + nva2 + "[rs0, rs2]}]"},
			rules:   append(slices.Clip(works), "routes.circuit1-0 == 2"), // hub 1 and on-premises
		}, {
			step:    "the Route Servers in both hubs",
			outcome: "NVAs and gateways know nothing of each other; the Internet does not need them",
			set:     []string{"route_servers=[" + rs0 + "]", "nvas=[" + nva1 + "[rs0]}, " + nva2 + "[rs0]}]"},
			rules:   append(slices.Clip(nothing), "delivered.forward.spoke-internet == 100", "inspected.forward.spoke-internet == 100"),
		}, {
			step:    "the session of the NVA in hub 1 with its hub's Route Server",
			outcome: "the NVA offers the spoke the Internet alone: on-premises goes through hub 2",
			set:     []string{"nvas=[" + nva1 + "[rs0]}, " + nva2 + "[rs0, rs2]}]"},
			rules:   append(slices.Clip(works), "routes.nva1 == 1"), // the spoke
		}, {
			step:    "the sessions of both NVAs with their hubs' Route Servers",
			outcome: "on-premises and spoke do not know each other",
			set:     []string{"nvas=[" + nva1 + "[rs0]}, " + nva2 + "[rs0]}]"},
			rules:   append(slices.Clip(nothing), "delivered.forward.spoke-internet == 100"),
		}, {
			step:    "branch-to-branch in hub 1",
			outcome: "its NVA gets no on-premises route, and on-premises no spoke prefix through hub 1",
			set:     []string{"route_servers[rs1].branch_to_branch=false"},
			rules:   append(slices.Clip(works), "routes.circuit1-0 == 2", "routes.nva1 == 2"), // hub 1 and on-premises; hub 1 and spoke
		}, {
			step:    "branch-to-branch in both hubs",
			outcome: "the same in both: nothing to on-premises works, all sessions are up",
			set:     []string{"route_servers[rs1].branch_to_branch=false", "route_servers[rs2].branch_to_branch=false"},
			rules:   append(slices.Clip(nothing), "sessions.down == 0", "routes.dc == 2", "delivered.return.spoke-internet == 100"),
		}, {
			step:    "leaving the remote gateway off",
			outcome: "Azure refuses: the spoke has a Route Server, which counts as a gateway",
			set:     []string{"peerings[hub1-spoke].allow_gateway_transit=[hub1]", "peerings[hub1-spoke].use_remote_gateways=[spoke]"},
			refused: "VNet spoke cannot use a remote gateway: it has the Route Server rs0, which counts as one, of its own",
		}, {
			step:    "the Route Server in the spoke, and the remote gateway is on in one hub",
			outcome: "an ordinary spoke of one hub: all goes through its gateway, past the NVA; hub 2 is of no use",
			set: []string{
				noRS0, "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]",
				"peerings[hub1-spoke].allow_gateway_transit=[hub1]", "peerings[hub1-spoke].use_remote_gateways=[spoke]",
			},
			rules: []string{"delivered.forward == 100", "delivered.return == 100", "inspected.forward.spoke-dc == 0", "routes.circuit2-0 == 2"}, // hub 2 and on-premises
		}, {
			step:    "the Route Server in the spoke, and the remote gateway is on in both hubs",
			outcome: "Azure refuses: one peering of a VNet may have it",
			set: []string{
				noRS0, "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]",
				"peerings[hub1-spoke].allow_gateway_transit=[hub1]", "peerings[hub1-spoke].use_remote_gateways=[spoke]",
				"peerings[hub2-spoke].allow_gateway_transit=[hub2]", "peerings[hub2-spoke].use_remote_gateways=[spoke]",
			},
			refused: "VNet spoke uses the gateway of hub1 already: Azure allows use_remote_gateways on one peering of a VNet",
		}, {
			step:    "allowing the transit on the hub's side",
			outcome: "Azure refuses the other side of it",
			set: []string{
				noRS0, "nvas=[" + nva1 + "[rs1]}, " + nva2 + "[rs2]}]", "peerings[hub1-spoke].use_remote_gateways=[spoke]",
			},
			refused: "Azure lets spoke use the gateway of hub1 only where hub1 allows it",
		},
	} {
		t.Run(c.step, func(t *testing.T) {
			t.Log(c.outcome)
			if c.refused != "" {
				refused(t, "expressroute-active-active", c.refused, with(c.set...)...)
				return
			}
			holds(t, playWith(t, "expressroute-active-active", 1, with(c.set...)...), c.rules...)
		})
	}
}
