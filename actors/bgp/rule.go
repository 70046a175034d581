package bgp

import (
	"net/netip"
	"regexp"

	"dualhome/events"
)

// Rule is one rule of a session's import or export policy. It matches a route
// that meets all of its conditions; one without conditions matches every route.
type Rule struct {
	Prefixes  []PrefixMatch          // the route's prefix is one of these; none: any
	ASPath    *regexp.Regexp         // matches the path as ASPath.String writes it; nil: any
	Community *events.Community      // the route carries it; nil: whatever it carries
	Large     *events.LargeCommunity // the route carries it; nil: whatever it carries

	Drop         bool    // the route is dropped; else it is kept, changed as follows
	LocalPref    *uint32 // on export within the AS only (RFC 4271 section 5.1.5)
	MED          *uint32
	Prepend      int // extra copies of the own AS on export to another AS, of the peer's on import
	NextHop      netip.Addr
	AddCommunity []events.Community
	CutCommunity []events.Community // before any are added
	AddLarge     []events.LargeCommunity
	CutLarge     []events.LargeCommunity // before any are added
}

// PrefixMatch is a prefix, and how much longer than it a matching one may be.
type PrefixMatch struct {
	Prefix netip.Prefix
	GE, LE int // least and greatest length; 0: that of Prefix, but any greatest where there is a least
}
