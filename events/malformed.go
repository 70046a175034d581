package events

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// parseUpdate reads an UPDATE. What RFC 7606 lets a session survive is no error:
// either the attribute is left out, or the prefixes that the UPDATE announces are
// withdrawn by it (treat-as-withdraw). Routes.Faults says so. What depends on who
// sent it, such as a LOCAL_PREF from another AS, is for the receiver to judge.
func parseUpdate(raw []byte) (*Routes, error) {
	m, err := parse(raw, bgp.BGP_MSG_UPDATE)
	faults, err := survivable(m, err)
	if err != nil {
		return nil, err
	}
	u := m.Body.(*bgp.BGPUpdate)
	routes := &Routes{}
	if routes.Withdrawn, err = parsePrefixes(u.WithdrawnRoutes); err != nil {
		return nil, err
	}
	announced, err := parsePrefixes(u.NLRI)
	if err != nil {
		return nil, err
	}
	a, found, err := parseAttrs(u.PathAttributes, len(announced) > 0)
	faults.join(found)
	switch {
	case err != nil:
		return nil, err
	case len(announced) == 0 && faults.withdraw:
		return nil, fmt.Errorf("UPDATE: %s, and no prefix that it is about (RFC 7606 section 5.2)", faults.texts[0])
	case len(announced) == 0:
	case faults.withdraw:
		routes.Withdrawn = append(routes.Withdrawn, announced...)
	default:
		routes.Attrs, routes.NLRI = a, announced
	}
	routes.Faults = faults.texts
	return routes, nil
}

// faults is what is wrong with an UPDATE.
type faults struct {
	texts    []string
	withdraw bool // what it announces is to be treated as withdrawn
}

func (f *faults) discard(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func (f *faults) treatAsWithdraw(format string, args ...any) {
	f.discard(format, args...)
	f.withdraw = true
}

func (f *faults) join(more faults) {
	f.texts, f.withdraw = append(f.texts, more.texts...), f.withdraw || more.withdraw
}

// survivable turns an error of the library into faults, where that read the
// message to its end and RFC 7606 has a better answer than to end the session.
func survivable(m *bgp.BGPMessage, err error) (f faults, _ error) {
	wrong := (*bgp.MessageError)(nil)
	if err == nil || m == nil || !errors.As(err, &wrong) {
		return f, err
	}
	if u, ok := m.Body.(*bgp.BGPUpdate); !ok || u.NLRI == nil {
		return f, err // it gave up before the prefixes
	}
	switch wrong.ErrorHandling {
	case bgp.ERROR_HANDLING_ATTRIBUTE_DISCARD:
		f.discard("%v", wrong)
	case bgp.ERROR_HANDLING_TREAT_AS_WITHDRAW:
		f.treatAsWithdraw("%v", wrong)
	default:
		return f, err
	}
	return f, nil
}

// parseAttrs reads path attributes; of two of a type the first counts (RFC 7606
// section 3 g). Some must be there where a prefix is announced (section 3 d).
func parseAttrs(attrs []bgp.PathAttributeInterface, announces bool) (*Attrs, faults, error) {
	a, f := &Attrs{}, faults{}
	seen := map[bgp.BGPAttrType]bool{}
	for _, one := range attrs {
		if seen[one.GetType()] {
			f.discard("a second %v", one.GetType())
			continue
		}
		seen[one.GetType()] = true
		if err := a.parse(one, &f); err != nil {
			return nil, f, err
		}
	}
	for _, mandatory := range []bgp.BGPAttrType{bgp.BGP_ATTR_TYPE_ORIGIN, bgp.BGP_ATTR_TYPE_AS_PATH, bgp.BGP_ATTR_TYPE_NEXT_HOP} {
		if announces && !seen[mandatory] {
			f.treatAsWithdraw("no %v", mandatory)
		}
	}
	return a, f, nil
}

// parse reads one attribute (RFC 7606 section 7).
func (a *Attrs) parse(one bgp.PathAttributeInterface, f *faults) error {
	switch v := one.(type) {
	case *bgp.PathAttributeOrigin:
		if a.Origin = v.Value; v.Value > bgp.BGP_ORIGIN_ATTR_TYPE_INCOMPLETE {
			f.treatAsWithdraw("ORIGIN is %d", v.Value)
		}
	case *bgp.PathAttributeAsPath:
		for _, p := range v.Value {
			a.Path = append(a.Path, Segment{Set: p.GetType() == bgp.BGP_ASPATH_ATTR_TYPE_SET, AS: p.GetAS()})
		}
	case *bgp.PathAttributeNextHop:
		if a.NextHop = v.Value; !v.Value.Is4() {
			f.treatAsWithdraw("NEXT_HOP is no IPv4 address")
		}
	case *bgp.PathAttributeMultiExitDisc:
		a.MED, a.HasMED = v.Value, true
	case *bgp.PathAttributeLocalPref:
		a.LocalPref, a.HasLocalPref = v.Value, true
	case *bgp.PathAttributeCommunities:
		a.Communities = sortedCommunities(v.Value, f)
	case *bgp.PathAttributeLargeCommunities:
		a.LargeCommunities = sortedLarge(v.Values, f)
	case *bgp.PathAttributeOriginatorId:
		a.OriginatorID = v.Value
	case *bgp.PathAttributeClusterList:
		if a.ClusterList = slices.Clone(v.Value); len(v.Value) == 0 {
			f.treatAsWithdraw("CLUSTER_LIST is empty")
		}
	case *bgp.PathAttributeUnknown:
		if v.GetFlags()&bgp.BGP_ATTR_FLAG_OPTIONAL == 0 {
			return fmt.Errorf("UPDATE: attribute %d is well-known, but not here", v.GetType())
		}
	}
	return nil
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
