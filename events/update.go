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
	Origin           uint8 // 0 IGP, 1 EGP, 2 incomplete
	Path             ASPath
	NextHop          netip.Addr
	MED              uint32
	HasMED           bool
	LocalPref        uint32 // only between speakers of one AS
	HasLocalPref     bool
	Communities      []Community      // ascending (RFC 1997)
	LargeCommunities []LargeCommunity // ascending (RFC 8092)
	OriginatorID     netip.Addr       // who brought a reflected route into the AS (RFC 4456); none: not reflected
	ClusterList      []netip.Addr     // the clusters that reflected it, the last first
}

// Routes is what an UPDATE says.
type Routes struct {
	Withdrawn []netip.Prefix
	Attrs     *Attrs // of NLRI; nil where there is none
	NLRI      []netip.Prefix
	Faults    []string // what is wrong with the attributes, where the session survives it (RFC 7606)
	Inside    bool     // what is wrong makes NLRI withdrawn where the sender is of the same AS (sections 7.5, 7.9, 7.10)
	Fatal     *Fatal   // what ends the session; then the rest is empty
}

// Heard gives what the routes are for a receiver: internal where the sender is of
// its AS.
func (r *Routes) Heard(internal bool) *Routes {
	if !internal || !r.Inside {
		return r
	}
	if len(r.NLRI) == 0 {
		return &Routes{Fatal: aboutNothing(r.Faults)}
	}
	return &Routes{Withdrawn: slices.Concat(r.Withdrawn, r.NLRI), Faults: r.Faults}
}

// Update is an UPDATE (RFC 4271 section 4.3). As an event it is a pointer, because
// there are many: see Slab. Nobody changes it.
type Update struct {
	Wire
	*Routes
}

// MaxPrefixes is how many prefixes certainly fit into one UPDATE of 4096 bytes
// beside attributes with an AS path of up to 255 numbers, ten communities of each
// kind and ten clusters: 5 bytes each.
const MaxPrefixes = 500

// NewUpdate builds an UPDATE. It keeps routes.
func NewUpdate(conn Conn, routes *Routes) *Update {
	return &Update{Wire{conn, EncodeUpdate(routes)}, routes}
}

// NewEndOfRIB builds the UPDATE that says nothing: the sender has sent all that it
// has (RFC 4724 section 2).
func NewEndOfRIB(conn Conn) *Update { return NewUpdate(conn, &Routes{}) }

// EndOfRIB tells whether the UPDATE says nothing. A malformed one is not meant to.
func (r *Routes) EndOfRIB() bool {
	return len(r.Withdrawn)+len(r.NLRI)+len(r.Faults) == 0 && r.Fatal == nil
}

// EncodeUpdate gives the bytes of the UPDATE that says routes.
func EncodeUpdate(routes *Routes) []byte {
	if raw, ok := encodePlain(routes); ok {
		return raw
	}
	return encodeUpdate(routes)
}

// encodeUpdate is EncodeUpdate by the library.
func encodeUpdate(routes *Routes) []byte {
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
	return append(append(attrs, encodeCommunities(a)...), encodeReflected(a)...)
}

// encodeReflected gives ORIGINATOR_ID and CLUSTER_LIST, as far as there are.
func encodeReflected(a *Attrs) (attrs []bgp.PathAttributeInterface) {
	if a.OriginatorID.IsValid() {
		id, err := bgp.NewPathAttributeOriginatorId(a.OriginatorID)
		if err != nil {
			panic(fmt.Sprintf("ORIGINATOR_ID %v: %v", a.OriginatorID, err))
		}
		attrs = append(attrs, id)
	}
	if len(a.ClusterList) > 0 {
		list, err := bgp.NewPathAttributeClusterList(a.ClusterList)
		if err != nil {
			panic(fmt.Sprintf("CLUSTER_LIST %v: %v", a.ClusterList, err))
		}
		attrs = append(attrs, list)
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
func (*Update) Kind() Kind { return KindUpdate }

func (e *Update) String() string {
	if e.EndOfRIB() {
		return "UPDATE End-of-RIB"
	}
	var s []string
	if len(e.Withdrawn) > 0 {
		s = append(s, "withdraw "+joinPrefixes(e.Withdrawn))
	}
	if len(e.NLRI) > 0 {
		s = append(s, fmt.Sprintf("announce %s path %v next hop %v%s", joinPrefixes(e.NLRI), e.Attrs.Path, e.Attrs.NextHop, e.Attrs.tagged()))
	}
	for _, f := range e.Faults {
		s = append(s, "malformed: "+f)
	}
	if e.Fatal != nil {
		s = append(s, "unreadable: "+e.Fatal.Why)
	}
	return "UPDATE " + strings.Join(s, "; ")
}

// tagged gives the communities, and how the route was reflected, for a text.
func (a *Attrs) tagged() string {
	var s strings.Builder
	for _, c := range a.Communities {
		s.WriteString(" " + c.String())
	}
	for _, c := range a.LargeCommunities {
		s.WriteString(" " + c.String())
	}
	if a.OriginatorID.IsValid() {
		s.WriteString(" originator " + a.OriginatorID.String())
	}
	if len(a.ClusterList) > 0 {
		fmt.Fprintf(&s, " clusters %v", a.ClusterList)
	}
	return s.String()
}

func decodeUpdate(r *reader) Event { return r.message(KindUpdate) }

// update rebuilds an UPDATE from its bytes. Most UPDATEs of a run are copies of each
// other, and to parse one costs more than everything else that is done with it: so
// equal bytes are parsed once.
func (c *Codec) update(conn Conn, raw []byte) (*Update, error) {
	known, ok := c.updates[string(raw)]
	if ok {
		return c.made.New(Update{Wire{conn, known.raw}, known.routes}), nil
	}
	known.raw = append([]byte(nil), raw...)
	routes, ok := decodePlain(known.raw)
	if !ok {
		var err error
		if routes, err = parseUpdate(known.raw); err != nil {
			return &Update{Wire{conn, known.raw}, &Routes{}}, err
		}
	}
	if known.routes = routes; c.updates == nil || len(c.updates) == remembered {
		c.updates = map[string]parsed{}
	}
	c.updates[string(raw)] = known
	return c.made.New(Update{Wire{conn, known.raw}, known.routes}), nil
}

// parsed is an UPDATE that was read before.
type parsed struct {
	raw    []byte
	routes *Routes
}

func joinPrefixes(prefixes []netip.Prefix) string {
	s := make([]string, len(prefixes))
	for i, p := range prefixes {
		s[i] = p.String()
	}
	return strings.Join(s, ", ")
}
