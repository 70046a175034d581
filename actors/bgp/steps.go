package bgp

import (
	"cmp"
	"math"
	"net/netip"
	"slices"

	"dualhome/events"
)

// A step is one comparison of RFC 4271 section 9.1.2.2, or of an
// implementation.
type step uint8

// The steps, in the order of the RFC.
const (
	byPreference  step = iota // before all others
	byLocalPref               // section 9.1.1
	byPathLength              // a
	byOrigin                  // b
	byMED                     // c, within one neighbour AS
	byExternal                // d
	byIGPCost                 // e
	byRank                    // before f
	byAge                     // RFC 5004, where the speaker keeps to it
	byIdentifier              // f; ORIGINATOR_ID where there is one (RFC 4456 section 9)
	byClusterList             // RFC 4456 section 9
	byAddress                 // g; a speaker's address is its identifier, so that two sessions with one differ in their names
	steps
)

// asGoodAs is the first step that routes which are used together need not tie
// in; with Config.EqualLength it is asLongAs, and only the last steps, from byAge
// on, choose the best of them.
const (
	asGoodAs = byRank
	asLongAs = byOrigin
)

func (s step) String() string {
	return [...]string{
		"higher preference", "higher LOCAL_PREF", "shorter AS path", "lower ORIGIN", "lower MED", "external over internal",
		"lower IGP cost", "lower rank", "best before", "lower BGP identifier", "shorter CLUSTER_LIST", "lower peer address",
	}[s]
}

// process is the decision process of a speaker for one prefix.
type process struct {
	Decision
	equalLength bool
	current     *peer // whose route is the best so far; nil: no peer's
}

// compare is negative if a is better than b in a step, zero if they tie.
func (d *process) compare(s step, a, b candidate) int {
	switch s {
	case byPreference:
		return cmp.Compare(b.from.Preference, a.from.Preference)
	case byLocalPref:
		return cmp.Compare(localPref(b), localPref(a))
	case byPathLength:
		return cmp.Compare(a.attrs.Path.Len(), b.attrs.Path.Len())
	case byOrigin:
		return cmp.Compare(a.attrs.Origin, b.attrs.Origin)
	case byMED:
		if !d.AlwaysCompareMED && a.attrs.Path.First() != b.attrs.Path.First() {
			return 0
		}
		return cmp.Compare(d.med(a), d.med(b))
	case byExternal:
		return compareBool(a.from.internal, b.from.internal)
	case byIGPCost:
		return cmp.Compare(a.from.IGPCost, b.from.IGPCost)
	case byRank:
		return cmp.Compare(a.from.Rank, b.from.Rank)
	case byAge:
		return compareBool(!d.stays(a), !d.stays(b))
	case byIdentifier:
		return originator(a).Compare(originator(b))
	case byClusterList:
		return cmp.Compare(len(a.attrs.ClusterList), len(b.attrs.ClusterList))
	default:
		return cmp.Or(identifier(a.from).Compare(identifier(b.from)), cmp.Compare(a.from.ID, b.from.ID))
	}
}

// med gives the MED as it is compared: a missing one is 0, unless that is the worst
// (RFC 4451).
func (d *process) med(c candidate) uint32 {
	if d.MissingMEDWorst && !c.attrs.HasMED {
		return math.MaxUint32
	}
	return c.attrs.MED
}

// stays tells whether a route is the best so far and external, and so stays the
// best of those that tie with it (RFC 5004 section 3). Going over to another one,
// and back when the first is there again, would tell all peers twice of nothing.
// Of two sessions with one peer too, so that the routes remain in one order.
func (d *process) stays(c candidate) bool {
	return d.KeepOldest && c.from == d.current && !c.from.internal
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// defaultLocalPref is the LOCAL_PREF of a route that carries none.
const defaultLocalPref = 100

func localPref(c candidate) uint32 {
	if c.attrs.HasLocalPref {
		return c.attrs.LocalPref
	}
	return defaultLocalPref
}

// originator gives the BGP identifier of who brought a route into the AS: of its
// peer, unless it was reflected.
func originator(c candidate) netip.Addr {
	if c.attrs.OriginatorID.IsValid() {
		return c.attrs.OriginatorID
	}
	return identifier(c.from)
}

func identifier(p *peer) netip.Addr {
	if c := p.established(); c != nil {
		return c.peerID
	}
	return p.stale.id
}

// differ gives the first step from s on in which two routes do not tie, and how
// it orders them.
func (d *process) differ(s step, a, b candidate) (step, int) {
	for ; s < steps; s++ {
		if order := d.compare(s, a, b); order != 0 {
			return s, order
		}
	}
	return byAddress, 0
}

func equalPaths(a, b events.ASPath) bool {
	return slices.EqualFunc(a, b, func(a, b events.Segment) bool { return a.Set == b.Set && slices.Equal(a.AS, b.AS) })
}
