// Package actors is the network: the instances of Azure Route Servers, NVAs,
// routers of sites, virtual machines, and the fabric under them all.
//
// A [RouteServer] instance and a [Router] (an NVA or a site) are speakers (see
// package bgp). A Route Server instance turns the best changes of a turn into
// one programming transaction for the NICs that it serves; a [NICs] group applies
// it when it is ready; a Router installs its best routes in its guest FIB. The
// [Fabric] makes things fail and repairs them.
//
// No actor forwards a packet. Where traffic goes follows from the tables, which
// are all in the log (see package metrics).
package actors
