package events

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// parseAttrs reads path attributes that are well-formed, one of each type.
func parseAttrs(attrs []bgp.PathAttributeInterface) *Attrs {
	a := &Attrs{}
	for _, one := range attrs {
		a.parse(one)
	}
	return a
}

func (a *Attrs) parse(one bgp.PathAttributeInterface) {
	switch v := one.(type) {
	case *bgp.PathAttributeOrigin:
		a.Origin = v.Value
	case *bgp.PathAttributeAsPath:
		for _, p := range v.Value {
			a.Path = append(a.Path, Segment{Set: p.GetType() == bgp.BGP_ASPATH_ATTR_TYPE_SET, AS: p.GetAS()})
		}
	case *bgp.PathAttributeNextHop:
		a.NextHop = v.Value
	case *bgp.PathAttributeMultiExitDisc:
		a.MED, a.HasMED = v.Value, true
	case *bgp.PathAttributeLocalPref:
		a.LocalPref, a.HasLocalPref = v.Value, true
	case *bgp.PathAttributeCommunities:
		a.Communities = sortedCommunities(v.Value)
	case *bgp.PathAttributeLargeCommunities:
		a.LargeCommunities = sortedLarge(v.Values)
	case *bgp.PathAttributeOriginatorId:
		a.OriginatorID = v.Value
	case *bgp.PathAttributeClusterList:
		a.ClusterList = slices.Clone(v.Value)
	}
}

func parsePrefixes(list []bgp.PathNLRI) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, n := range list {
		p, ok := n.NLRI.(*bgp.IPAddrPrefix)
		if !ok {
			return nil, fmt.Errorf("UPDATE: %v is no IPv4 prefix", n.NLRI)
		}
		prefixes = append(prefixes, p.Prefix.Masked())
	}
	return prefixes, nil
}
