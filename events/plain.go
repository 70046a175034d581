package events

import (
	"encoding/binary"
	"math"
	"net/netip"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Most UPDATEs of a simulation hold nothing but the attributes that every speaker
// knows, well formed. These are written and read here, in one allocation each; the
// library does the same in thirty. It gets all others, and tests compare the two.

// Flags and types of path attributes (RFC 4271 section 5, RFC 1997).
const (
	wellKnown, optional, optionalTransitive, extended = 0x40, 0x80, 0xc0, 0x10

	typeOrigin, typePath, typeNextHop, typeMED, typeLocalPref, typeCommunities = 1, 2, 3, 4, 5, 8
)

const (
	marker     = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
	headerSize = 19
	maxMessage = 4096
)

// plain tells whether an UPDATE with these attributes is written here.
func (a *Attrs) plain() bool {
	if !a.NextHop.Is4() || a.OriginatorID.IsValid() || len(a.ClusterList)+len(a.LargeCommunities) > 0 || len(a.Path) == 0 {
		return false
	}
	for _, s := range a.Path {
		if len(s.AS) == 0 || len(s.AS) > maxSegment {
			return false
		}
	}
	return true
}

// encodePlain gives the bytes of an UPDATE, unless it is one for the library.
func encodePlain(routes *Routes) (raw []byte, ok bool) {
	a := routes.Attrs
	if a != nil && !a.plain() {
		return nil, false
	}
	raw = appendHeader(make([]byte, 0, 96+5*(len(routes.Withdrawn)+len(routes.NLRI))), bgp.BGP_MSG_UPDATE)
	raw = appendSized(raw, func(b []byte) []byte { return appendNLRI(b, routes.Withdrawn) })
	raw = appendSized(raw, func(b []byte) []byte {
		if a == nil {
			return b
		}
		return appendAttrs(b, a)
	})
	raw = appendNLRI(raw, routes.NLRI)
	if len(raw) > maxMessage {
		return nil, false
	}
	return sized(raw), true
}

// appendHeader appends the header of a message whose length is not known yet, and
// sized puts the length into it (RFC 4271 section 4.1).
func appendHeader(b []byte, typ byte) []byte { return append(append(b, marker...), 0, 0, typ) }

func sized(raw []byte) []byte {
	binary.BigEndian.PutUint16(raw[len(marker):], uint16(len(raw)))
	return raw
}

// appendSized appends what one appends, with its length in two bytes before it.
func appendSized(b []byte, one func([]byte) []byte) []byte {
	at := len(b)
	b = one(append(b, 0, 0))
	binary.BigEndian.PutUint16(b[at:], uint16(min(len(b)-at-2, math.MaxUint16)))
	return b
}

func appendNLRI(b []byte, prefixes []netip.Prefix) []byte {
	for _, p := range prefixes {
		four := p.Addr().As4()
		b = append(append(b, byte(p.Bits())), four[:(p.Bits()+7)/8]...)
	}
	return b
}

func appendAttrs(b []byte, a *Attrs) []byte {
	b = append(b, wellKnown, typeOrigin, 1, a.Origin)
	size := 0
	for _, s := range a.Path {
		size += 2 + 4*len(s.AS)
	}
	b = appendAttrHead(b, wellKnown, typePath, size)
	for _, s := range a.Path {
		kind := byte(2)
		if s.Set {
			kind = 1
		}
		b = append(b, kind, byte(len(s.AS)))
		for _, as := range s.AS {
			b = binary.BigEndian.AppendUint32(b, as)
		}
	}
	hop := a.NextHop.As4()
	b = append(append(b, wellKnown, typeNextHop, 4), hop[:]...)
	if a.HasMED {
		b = binary.BigEndian.AppendUint32(append(b, optional, typeMED, 4), a.MED)
	}
	if a.HasLocalPref {
		b = binary.BigEndian.AppendUint32(append(b, wellKnown, typeLocalPref, 4), a.LocalPref)
	}
	if len(a.Communities) > 0 {
		b = appendAttrHead(b, optionalTransitive, typeCommunities, 4*len(a.Communities))
		for _, c := range a.Communities {
			b = binary.BigEndian.AppendUint32(b, uint32(c))
		}
	}
	return b
}

func appendAttrHead(b []byte, flags, typ byte, size int) []byte {
	if size > math.MaxUint8 {
		return binary.BigEndian.AppendUint16(append(b, flags|extended, typ), uint16(size))
	}
	return append(b, flags, typ, byte(size))
}

// block is what an UPDATE of one prefix and one segment says, in one allocation.
type block struct {
	routes  Routes
	attrs   Attrs
	prefix  [1]netip.Prefix
	segment [1]Segment
}

// decodePlain reads an UPDATE, unless it is one for the library: malformed, or not
// plain.
func decodePlain(raw []byte) (*Routes, bool) {
	if len(raw) < headerSize+4 || len(raw) > maxMessage || raw[18] != bgp.BGP_MSG_UPDATE || int(binary.BigEndian.Uint16(raw[16:])) != len(raw) {
		return nil, false
	}
	if string(raw[:len(marker)]) != marker {
		return nil, false
	}
	one := &block{}
	withdrawn, rest, ok := cut(raw[headerSize:])
	attrs, nlri, ok2 := cut(rest)
	if !ok || !ok2 || (len(nlri) == 0) != (len(attrs) == 0) {
		return nil, false
	}
	if one.routes.Withdrawn, ok = one.prefixes(withdrawn); !ok {
		return nil, false
	}
	if one.routes.NLRI, ok = one.prefixes(nlri); !ok || len(nlri) == 0 {
		return &one.routes, ok
	}
	one.routes.Attrs = &one.attrs
	return &one.routes, one.read(attrs)
}

// cut takes bytes off b whose number is in the two before them.
func cut(b []byte) (part, rest []byte, ok bool) {
	if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
		return nil, nil, false
	}
	n := 2 + int(binary.BigEndian.Uint16(b))
	return b[2:n], b[n:], true
}

// prefixes reads prefixes that have no bits behind their length.
func (one *block) prefixes(b []byte) (all []netip.Prefix, ok bool) {
	for len(b) > 0 {
		bits := int(b[0])
		n := 1 + (bits+7)/8
		if bits > 32 || len(b) < n {
			return nil, false
		}
		var four [4]byte
		copy(four[:], b[1:n])
		p := netip.PrefixFrom(netip.AddrFrom4(four), bits)
		if p.Masked() != p {
			return nil, false
		}
		if all == nil && len(b) == n && !one.prefix[0].IsValid() {
			one.prefix[0] = p
			return one.prefix[:], true
		}
		all, b = append(all, p), b[n:]
	}
	return all, true
}

// read reads path attributes: each at most once, and those that must be there.
func (one *block) read(b []byte) bool {
	seen := uint16(0)
	for len(b) > 0 {
		if len(b) < 3 {
			return false
		}
		flags, typ, size, head := b[0], b[1], int(b[2]), 3
		if flags&extended != 0 {
			if len(b) < 4 {
				return false
			}
			size, head = int(binary.BigEndian.Uint16(b[2:])), 4
		}
		if len(b) < head+size || typ > typeCommunities || seen&(1<<typ) != 0 || !one.attribute(flags&^extended, typ, b[head:head+size]) {
			return false
		}
		seen |= 1 << typ
		b = b[head+size:]
	}
	const mandatory = 1<<typeOrigin | 1<<typePath | 1<<typeNextHop
	return seen&mandatory == mandatory
}

func (one *block) attribute(flags, typ byte, b []byte) bool {
	a := &one.attrs
	switch {
	case typ == typeOrigin && flags == wellKnown && len(b) == 1 && b[0] <= 2:
		a.Origin = b[0]
		return true
	case typ == typePath && flags == wellKnown:
		return one.path(b)
	case typ == typeNextHop && flags == wellKnown && len(b) == 4:
		a.NextHop = netip.AddrFrom4([4]byte(b))
		return (a.NextHop.IsGlobalUnicast() || a.NextHop.IsLinkLocalUnicast()) && b[0] != 0 && b[0] < 224
	case typ == typeMED && flags == optional && len(b) == 4:
		a.MED, a.HasMED = binary.BigEndian.Uint32(b), true
		return true
	case typ == typeLocalPref && flags == wellKnown && len(b) == 4:
		a.LocalPref, a.HasLocalPref = binary.BigEndian.Uint32(b), true
		return true
	case typ == typeCommunities && flags == optionalTransitive && len(b) > 0 && len(b)%4 == 0:
		return one.communities(b)
	}
	return false
}

func (one *block) path(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	one.attrs.Path = one.segment[:0]
	for len(b) > 0 {
		if len(b) < 2 || b[0] != 1 && b[0] != 2 || b[1] == 0 || len(b) < 2+4*int(b[1]) {
			return false
		}
		s := Segment{Set: b[0] == 1, AS: make([]uint32, b[1])}
		for i := range s.AS {
			if s.AS[i] = binary.BigEndian.Uint32(b[2+4*i:]); s.AS[i] == 0 {
				return false // see wrongPath
			}
		}
		one.attrs.Path, b = append(one.attrs.Path, s), b[2+4*len(s.AS):]
	}
	return true
}

// communities reads communities that ascend.
func (one *block) communities(b []byte) bool {
	all := make([]Community, len(b)/4)
	for i := range all {
		if all[i] = Community(binary.BigEndian.Uint32(b[4*i:])); i > 0 && all[i] <= all[i-1] {
			return false
		}
	}
	one.attrs.Communities = all
	return true
}
