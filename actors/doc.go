// Package actors is the network: the instances of Azure Route Servers and
// gateways, NVAs, edge routers, routers of sites, load balancers, virtual
// machines, and the fabric under them all.
//
// A [RouteServer] instance, a [Gateway] instance and a [Router] (an NVA, a
// Microsoft edge router or a site) are speakers (see package bgp). A Route Server
// instance turns the best changes of a turn into one programming transaction for
// the NICs that it serves, and so does a gateway where no Route Server stands
// beside it (programmer.go); a [NICs] group applies it when it is ready. A Router
// installs its best routes in its guest FIB; health probes may take its static
// ones away (probes.go). A [Balancer] is a next hop with NVAs behind it. The
// [Fabric] makes things fail and repairs them.
//
// No actor forwards a packet. Where traffic goes follows from the tables, which
// are all in the log (see package metrics).
package actors
