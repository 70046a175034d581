package scenarios

// refusal says why a kind of thing does not have a key that people look for there.
type refusal struct {
	why     string
	instead string // the key that says it
}

// refusedKey gives the refusal of a key of a kind of thing; the zero refusal, where
// nobody looks for it.
func refusedKey(of, key string) refusal {
	const local = "a Route Server has no policy for AS paths: the NVA sets it, on its session with the Route Server"
	return map[string]refusal{
		"route_server.allowas_in":  {why: "a Route Server has no allowas-in: it drops every path with 65515, and the NVAs must override (as_override) or remove (remove_as) 65515"},
		"route_server.asn":         {why: "a Route Server is in AS 65515; Azure does not let it be changed"},
		"route_server.as_override": {why: local},
		"route_server.remove_as":   {why: local},
		"route_server.prepend":     {why: local},
		"route_server.profile":     {why: "a Route Server is what Azure makes it: its profile is ars, of which single values can be set here"},

		"expressroute_gateway.asn":     {why: "an ExpressRoute gateway is in AS 65515; Azure does not let it be changed"},
		"expressroute_gateway.profile": {why: "an ExpressRoute gateway is what Azure makes it: its profile is er-gateway, of which single values can be set here"},
		"vpn_gateway.profile":          {why: "a VPN gateway is what Azure makes it: its profile is vpn-gateway, of which single values can be set here"},
		"vpn_gateway.hold":             {why: "the timers of a VPN gateway are fixed: it takes a hold time of 180s, and negotiates none"},
		"vpn_gateway.keepalive":        {why: "the timers of a VPN gateway are fixed: it sends a keepalive each 60s"},
		"circuit.profile":              {why: "the MSEEs of a circuit are what Azure makes them: their profile is msee, of which single values can be set here"},
		"router.profile":               {why: "the profile of a router is a key of bgp, as its other options are: bgp: {profile: frr-8.4}"},
		"circuit.asn":                  {why: "the MSEEs of a circuit are in AS 12076"},

		"tunnel.nva": {why: "a tunnel says with to: where it goes, an NVA or a VPN gateway", instead: "to"},
		"subnet.nsg": {why: "network security groups are not modelled"},
	}[of+"."+key]
}
