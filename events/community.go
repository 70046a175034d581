package events

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Community is a BGP community (RFC 1997): <AS>:<number> in 16 bits each.
type Community uint32

// The well-known communities (RFC 1997).
const (
	NoExport    Community = 0xFFFFFF01 // not to other ASes
	NoAdvertise Community = 0xFFFFFF02 // to no other peer
)

func (c Community) String() string { return fmt.Sprintf("%d:%d", c>>16, c&0xFFFF) }

// LargeCommunity is a BGP large community (RFC 8092):
// <global administrator>:<local data 1>:<local data 2>.
type LargeCommunity struct{ Global, Local1, Local2 uint32 }

func (c LargeCommunity) String() string {
	return fmt.Sprintf("%d:%d:%d", c.Global, c.Local1, c.Local2)
}

// CompareLarge orders large communities by their numbers.
func CompareLarge(a, b LargeCommunity) int {
	return cmp.Or(cmp.Compare(a.Global, b.Global), cmp.Compare(a.Local1, b.Local1), cmp.Compare(a.Local2, b.Local2))
}

// Has tells whether the route carries a community.
func (a *Attrs) Has(c Community) bool { return slices.Contains(a.Communities, c) }

// HasLarge tells whether the route carries a large community.
func (a *Attrs) HasLarge(c LargeCommunity) bool { return slices.Contains(a.LargeCommunities, c) }

// encodeCommunities gives COMMUNITIES and LARGE_COMMUNITY, as far as there are.
func encodeCommunities(a *Attrs) (attrs []bgp.PathAttributeInterface) {
	if len(a.Communities) > 0 {
		values := make([]uint32, len(a.Communities))
		for i, c := range a.Communities {
			values[i] = uint32(c)
		}
		attrs = append(attrs, bgp.NewPathAttributeCommunities(values))
	}
	if len(a.LargeCommunities) > 0 {
		values := make([]*bgp.LargeCommunity, len(a.LargeCommunities))
		for i, c := range a.LargeCommunities {
			values[i] = bgp.NewLargeCommunity(c.Global, c.Local1, c.Local2)
		}
		attrs = append(attrs, bgp.NewPathAttributeLargeCommunities(values))
	}
	return attrs
}

func sortedCommunities(values []uint32) []Community {
	var all []Community
	for _, c := range values {
		all = append(all, Community(c))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sortedLarge reads large communities; one that comes again goes without a word
// (RFC 8092 section 3).
func sortedLarge(values []*bgp.LargeCommunity) []LargeCommunity {
	var all []LargeCommunity
	for _, c := range values {
		all = append(all, LargeCommunity{c.ASN, c.LocalData1, c.LocalData2})
	}
	slices.SortFunc(all, CompareLarge)
	return slices.Compact(all)
}
