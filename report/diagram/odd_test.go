package diagram_test

import "strings"

// long gives a name as long as names can be.
func long(first string) string { return first + strings.Repeat("w", 63-len(first)) }

// odd are scenarios with what others lack.
var odd = map[string]string{
	"everything in two hubs, with long names": strings.NewReplacer("NVA", long("n"), "VNET", long("v"), "SITE", long("s")).Replace(`
version: 1
name: odd
horizon: 100s
vnets:
  - {name: spoke, address_space: [10.0.0.0/16], subnets: [{name: workload, prefix: 10.0.1.0/24}]}
  - name: hub
    address_space: [10.1.0.0/16]
    subnets:
      - {name: RouteServerSubnet, prefix: 10.1.1.0/27}
      - {name: GatewaySubnet, prefix: 10.1.2.0/27}
      - {name: nva, prefix: 10.1.0.0/24, routes: [{prefix: 0.0.0.0/0, next_hop_type: Internet}]}
      - {name: w, prefix: 10.1.5.0/24}
  - {name: VNET, address_space: [10.2.0.0/16], subnets: [{name: nva, prefix: 10.2.0.0/24}]}
  - {name: third, region: elsewhere, address_space: [10.3.0.0/16], subnets: [{name: nva, prefix: 10.3.0.0/24}]}
  - {name: empty, address_space: [10.9.0.0/16]}
  - {name: last, address_space: [10.10.0.0/16]}
peerings:
  - {between: [hub, spoke]}
  - {between: [hub, VNET], name: neighbours}
  - {between: [hub, third]}
  - {between: [spoke, last]}
route_servers:
  - {name: rs, vnet: hub, branch_to_branch: true}
nvas:
  - {name: fw1, vnet: hub, address: 10.1.0.4, asn: 65001, roles: [firewall, vpn], route_servers: [rs], next_hop: 10.1.0.100}
  - {name: fw2, vnet: hub, address: 10.1.0.5, asn: 65001, roles: [firewall], route_servers: [rs], next_hop: 10.1.0.100, prepend: 2}
  - {name: NVA, vnet: VNET, address: 10.2.0.4, asn: 65002, roles: [vpn], route_servers: [rs-1]}
  - {name: far, vnet: third, address: 10.3.0.4, asn: 65003, roles: [vpn], route_servers: [{route_server: rs, prepend: 3}]}
load_balancers:
  - {name: lb, vnet: hub, address: 10.1.0.100, backends: [fw1, fw2]}
expressroute_gateways:
  - {name: erg, vnet: hub}
vpn_gateways:
  - {name: vpng, vnet: hub}
circuits:
  - {name: circuit, site: dc, connections: [{gateway: erg, weight: 100}]}
sites:
  - {name: dc, asn: 65100, prefixes: [10.100.0.0/16], tunnels: [vpng, {to: fw1, bgp: false}]}
  - {name: SITE, asn: 65101, prefixes: [10.101.0.0/16, 10.102.0.0/16], tunnels: [{to: vpng, name: t}, {to: NVA, name: u}, {to: far, name: w}]}
vms:
  - {name: vms, vnet: spoke, subnet: workload, count: 20}
  - {name: hub-vms, vnet: hub, subnet: w, count: 3}
`),
	"each NIC of its own, two Route Servers, and plain routers beside": `
version: 1
name: nics
horizon: 100s
vnets:
  - name: spoke
    address_space: [10.0.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]
route_servers:
  - {name: rs, vnet: spoke, programming_unit: nic}
vms:
  - {name: vms, vnet: spoke, subnet: workload, count: 70}
generate: [{kind: clique, count: 5}]
`,
	"eight hubs, two sites": `
version: 1
name: hubs
horizon: 100s
vnets:
  - name: spoke
    address_space: [10.0.0.0/16]
    subnets: [{name: RouteServerSubnet, prefix: 10.0.0.0/27}, {name: workload, prefix: 10.0.1.0/24}]
route_servers: [{name: rs0, vnet: spoke}]
hubs:
  - {count: 8, active: 2, spokes: [spoke], sites: [dc, branch], nva: {roles: [firewall, vpn], route_servers: [rs0]}}
sites:
  - {name: dc, asn: 65100, prefixes: [10.100.0.0/16]}
  - {name: branch, asn: 65101, prefixes: [10.101.0.0/16]}
vms: [{name: vms, vnet: spoke, subnet: workload, count: 1}]
`,
}
