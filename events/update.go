package events

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Attrs are the path attributes of a route (RFC 4271 section 5). Routes share
// them; they are never changed in place.
type Attrs struct {
	Origin       uint8 // 0 IGP, 1 EGP, 2 incomplete
	Path         ASPath
	NextHop      netip.Addr
	MED          uint32
	HasMED       bool
	LocalPref    uint32 // only between speakers of one AS
	HasLocalPref bool
	Communities  []Community // ascending (RFC 1997)
}

// Community is a BGP community (RFC 1997): <AS>:<number> in 16 bits each.
type Community uint32

// The well-known communities (RFC 1997).
const (
	NoExport    Community = 0xFFFFFF01 // not to other ASes
	NoAdvertise Community = 0xFFFFFF02 // to no other peer
)

func (c Community) String() string { return fmt.Sprintf("%d:%d", c>>16, c&0xFFFF) }

// Has tells whether the route carries a community.
func (a *Attrs) Has(c Community) bool { return slices.Contains(a.Communities, c) }

// Routes is what an UPDATE says.
type Routes struct {
	Withdrawn []netip.Prefix
	Attrs     *Attrs // of NLRI; nil where there is none
	NLRI      []netip.Prefix
}

// Update is an UPDATE (RFC 4271 section 4.3).
type Update struct {
	Wire
	*Routes
}

// MaxPrefixes is how many prefixes certainly fit into one UPDATE of 4096 bytes
// beside attributes with an AS path of up to 255 numbers and ten communities: 5
// bytes each.
const MaxPrefixes = 500

// NewUpdate builds an UPDATE. It keeps routes.
func NewUpdate(conn Conn, routes *Routes) Update {
	return Update{Wire{conn, EncodeUpdate(routes)}, routes}
}

// EncodeUpdate gives the bytes of the UPDATE that says routes.
func EncodeUpdate(routes *Routes) []byte {
	var attrs []bgp.PathAttributeInterface
	if routes.Attrs != nil {
		attrs = encodeAttrs(routes.Attrs)
	}
	return serialize(bgp.NewBGPUpdateMessage(encodePrefixes(routes.Withdrawn), attrs, encodePrefixes(routes.NLRI)))
}

func encodeAttrs(a *Attrs) []bgp.PathAttributeInterface {
	var segments []bgp.AsPathParamInterface
	for _, s := range a.Path {
		kind := uint8(bgp.BGP_ASPATH_ATTR_TYPE_SEQ)
		if s.Set {
			kind = bgp.BGP_ASPATH_ATTR_TYPE_SET
		}
		segments = append(segments, bgp.NewAs4PathParam(kind, s.AS))
	}
	hop, err := bgp.NewPathAttributeNextHop(a.NextHop)
	if err != nil {
		panic(fmt.Sprintf("NEXT_HOP %v: %v", a.NextHop, err))
	}
	attrs := []bgp.PathAttributeInterface{bgp.NewPathAttributeOrigin(a.Origin), bgp.NewPathAttributeAsPath(segments), hop}
	if a.HasMED {
		attrs = append(attrs, bgp.NewPathAttributeMultiExitDisc(a.MED))
	}
	if a.HasLocalPref {
		attrs = append(attrs, bgp.NewPathAttributeLocalPref(a.LocalPref))
	}
	if len(a.Communities) > 0 {
		values := make([]uint32, len(a.Communities))
		for i, c := range a.Communities {
			values[i] = uint32(c)
		}
		attrs = append(attrs, bgp.NewPathAttributeCommunities(values))
	}
	return attrs
}

func encodePrefixes(prefixes []netip.Prefix) []bgp.PathNLRI {
	list := make([]bgp.PathNLRI, 0, len(prefixes))
	for _, p := range prefixes {
		n, err := bgp.NewIPAddrPrefix(p)
		if err != nil {
			panic(fmt.Sprintf("prefix %v: %v", p, err))
		}
		list = append(list, bgp.PathNLRI{NLRI: n})
	}
	return list
}

// Kind says which event it is.
func (Update) Kind() Kind { return KindUpdate }

func (e Update) String() string {
	var s []string
	if len(e.Withdrawn) > 0 {
		s = append(s, "withdraw "+joinPrefixes(e.Withdrawn))
	}
	if len(e.NLRI) > 0 {
		s = append(s, fmt.Sprintf("announce %s path %v next hop %v%s", joinPrefixes(e.NLRI), e.Attrs.Path, e.Attrs.NextHop, e.Attrs.tagged()))
	}
	return "UPDATE " + strings.Join(s, "; ")
}

// tagged gives the communities, for a text.
func (a *Attrs) tagged() string {
	var s strings.Builder
	for _, c := range a.Communities {
		s.WriteString(" " + c.String())
	}
	return s.String()
}

// decodeUpdate parses the same bytes once: most UPDATEs of a run are copies of
// each other, and the codec costs more than everything else that is done with
// one.
func decodeUpdate(r *reader) Event {
	conn, raw := r.conn(), r.bytes()
	if r.err != nil {
		return Update{Routes: &Routes{}}
	}
	if known, ok := r.codec.updates[string(raw)]; ok {
		return Update{Wire{conn, known.raw}, known.routes}
	}
	raw = append([]byte(nil), raw...)
	routes, err := parseUpdate(raw)
	if err != nil {
		r.fail("%v", err)
		return Update{Wire: Wire{conn, raw}, Routes: &Routes{}}
	}
	if r.codec.updates == nil || len(r.codec.updates) == remembered {
		r.codec.updates = map[string]parsed{}
	}
	r.codec.updates[string(raw)] = parsed{raw, routes}
	return Update{Wire{conn, raw}, routes}
}

// parsed is an UPDATE that was read before.
type parsed struct {
	raw    []byte
	routes *Routes
}

func parseUpdate(raw []byte) (*Routes, error) {
	m, err := parse(raw, bgp.BGP_MSG_UPDATE)
	if err != nil {
		return nil, err
	}
	u := m.Body.(*bgp.BGPUpdate)
	routes := &Routes{}
	if routes.Withdrawn, err = parsePrefixes(u.WithdrawnRoutes); err != nil {
		return nil, err
	}
	if routes.NLRI, err = parsePrefixes(u.NLRI); err != nil {
		return nil, err
	}
	if len(routes.NLRI) == 0 {
		return routes, nil
	}
	routes.Attrs, err = parseAttrs(u.PathAttributes)
	return routes, err
}

func parseAttrs(attrs []bgp.PathAttributeInterface) (*Attrs, error) {
	a := &Attrs{}
	for _, one := range attrs {
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
			for _, c := range v.Value {
				a.Communities = append(a.Communities, Community(c))
			}
			slices.Sort(a.Communities)
			a.Communities = slices.Compact(a.Communities)
		}
	}
	if !a.NextHop.Is4() {
		return nil, fmt.Errorf("UPDATE: its NEXT_HOP is missing or no IPv4 address")
	}
	return a, nil
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

func joinPrefixes(prefixes []netip.Prefix) string {
	s := make([]string, len(prefixes))
	for i, p := range prefixes {
		s[i] = p.String()
	}
	return strings.Join(s, ", ")
}
