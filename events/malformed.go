package events

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Fatal is what is so wrong with an UPDATE that it ends the session: which routes
// it is about cannot be told. The receiver answers with a NOTIFICATION 3/Subcode
// (RFC 4271 section 6.3).
type Fatal struct {
	Subcode uint8
	Why     string
}

// The subcodes of UPDATE Message Error that are in use here (RFC 4271 section 6.3).
const (
	malformedList   = bgp.BGP_ERROR_SUB_MALFORMED_ATTRIBUTE_LIST
	unrecognized    = bgp.BGP_ERROR_SUB_UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE
	invalidNetworks = bgp.BGP_ERROR_SUB_INVALID_NETWORK_FIELD
)

func fatal(subcode uint8, format string, args ...any) *Fatal {
	return &Fatal{subcode, fmt.Sprintf(format, args...)}
}

// fields are the parts of an UPDATE (RFC 4271 section 4.3), and what is wrong with
// them.
type fields struct {
	withdrawn, nlri []byte
	attributes      []byte // those that are well-formed and known here, the first of each type
	faults          []string
	worst           treatment // of an attribute; 0: none is wrong
}

// split takes an UPDATE apart, header and all.
func split(raw []byte) (*fields, *Fatal) {
	body := raw[bgp.BGP_HEADER_LENGTH:]
	f := &fields{}
	var attributes []byte
	for _, part := range []*[]byte{&f.withdrawn, &attributes} {
		if len(body) < 2 || len(body)-2 < int(binary.BigEndian.Uint16(body)) {
			return nil, fatal(malformedList, "the lengths in it exceed its own") // RFC 7606 section 3 b
		}
		n := 2 + int(binary.BigEndian.Uint16(body))
		*part, body = body[2:n], body[n:]
	}
	f.nlri = body
	for _, prefixes := range [][]byte{f.withdrawn, f.nlri} {
		if why := wrongPrefixes(prefixes); why != "" {
			return nil, fatal(invalidNetworks, "%s", why) // section 5.3
		}
	}
	seen := map[byte]bool{}
	if fatal := f.examine(attributes, seen); fatal != nil {
		return nil, fatal
	}
	for _, typ := range mandatory() {
		if len(f.nlri) > 0 && !seen[byte(typ)] {
			a, _ := attributeOf(byte(typ))
			f.fault(treatAsWithdraw, "no %s", a.name) // section 3 d
		}
	}
	if f.worst == treatAsWithdraw && len(f.nlri) == 0 {
		return nil, aboutNothing(f.faults)
	}
	return f, nil
}

// aboutNothing is an UPDATE that were to be treated as a withdrawal, and of what is
// not known (RFC 7606 section 5.2).
func aboutNothing(faults []string) *Fatal {
	return fatal(malformedList, "%s, and no prefix that it is about", faults[0])
}

// wrongPrefixes tells why a list of prefixes cannot be read.
func wrongPrefixes(list []byte) string {
	for len(list) > 0 {
		bits := int(list[0])
		n := 1 + (bits+7)/8
		if bits > 32 {
			return fmt.Sprintf("a prefix of %d bits", bits)
		}
		if n > len(list) {
			return "a prefix beyond the end"
		}
		list = list[n:]
	}
	return ""
}

// examine goes through the attributes. Where one exceeds the end of all, nothing
// behind it can be told (RFC 7606 section 4).
func (f *fields) examine(rest []byte, seen map[byte]bool) *Fatal {
	for len(rest) > 0 {
		head := 3
		if bgp.BGPAttrFlag(rest[0])&bgp.BGP_ATTR_FLAG_EXTENDED_LENGTH != 0 {
			head = 4
		}
		if len(rest) < head {
			f.fault(treatAsWithdraw, "%d octets behind the last attribute", len(rest))
			return nil
		}
		size := int(rest[2])
		if head == 4 {
			size = int(binary.BigEndian.Uint16(rest[2:]))
		}
		typ := rest[1]
		if size > len(rest)-head {
			f.fault(treatAsWithdraw, "attribute %d beyond the end of all", typ)
			seen[typ] = true
			return nil
		}
		one := rest[:head+size]
		rest = rest[head+size:]
		if seen[typ] {
			if typ == byte(bgp.BGP_ATTR_TYPE_MP_REACH_NLRI) || typ == byte(bgp.BGP_ATTR_TYPE_MP_UNREACH_NLRI) {
				return fatal(malformedList, "a second attribute %d", typ)
			}
			f.fault(discard, "a second attribute %d", typ) // section 3 g
			continue
		}
		seen[typ] = true
		if fatal := f.look(typ, one, one[head:]); fatal != nil {
			return fatal
		}
	}
	return nil
}

// look judges one attribute. One that is not known is left out, if it is optional;
// none is passed on.
func (f *fields) look(typ byte, whole, value []byte) *Fatal {
	a, known := attributeOf(typ)
	switch {
	case !known && whole[0]&optional == 0:
		return fatal(unrecognized, "attribute %d is well-known, but not here", typ)
	case !known:
		return nil
	case whole[0]&optionalTransitive != a.flags:
		f.fault(treatAsWithdraw, "%s with the flags %02x", a.name, whole[0]) // section 3 c
	default:
		if why := a.wrong(value); why != "" {
			f.fault(a.malformed, "%s %s", a.name, why)
			return nil
		}
		// The bits without a meaning are to be ignored (RFC 4271 section 4.3), and the
		// library does not.
		f.attributes = append(f.attributes, a.flags|whole[0]&byte(bgp.BGP_ATTR_FLAG_EXTENDED_LENGTH))
		f.attributes = append(f.attributes, whole[1:]...)
	}
	return nil
}

func (f *fields) fault(t treatment, format string, args ...any) {
	f.worst = max(f.worst, t)
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

// sound gives the UPDATE without what is wrong in it. What it announces moves to
// what it withdraws, where that is how to treat it.
func (f *fields) sound(raw []byte) []byte {
	withdrawn, attributes, nlri := f.withdrawn, f.attributes, f.nlri
	if f.worst == treatAsWithdraw {
		withdrawn, attributes, nlri = slices.Concat(withdrawn, nlri), nil, nil
	}
	b := slices.Clone(raw[:bgp.BGP_HEADER_LENGTH])
	for _, part := range [][]byte{withdrawn, attributes} {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(part))), part...)
	}
	b = append(b, nlri...)
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)))
	return b
}

// parseUpdate reads an UPDATE. What is wrong with it is in the Routes, with what
// is to become of it (RFC 7606). An error is none: then it is no UPDATE at all.
func parseUpdate(raw []byte) (*Routes, error) {
	if err := checkHeader(raw, bgp.BGP_MSG_UPDATE); err != nil {
		return nil, err
	}
	f, fatal := split(raw)
	if fatal != nil {
		return &Routes{Fatal: fatal}, nil
	}
	m, err := parse(f.sound(raw), bgp.BGP_MSG_UPDATE)
	if err != nil {
		return nil, err
	}
	u := m.Body.(*bgp.BGPUpdate)
	routes := &Routes{Faults: f.faults, Inside: f.worst == withdrawInside}
	if routes.Withdrawn, err = parsePrefixes(u.WithdrawnRoutes); err != nil {
		return nil, err
	}
	if routes.NLRI, err = parsePrefixes(u.NLRI); err != nil {
		return nil, err
	}
	if len(routes.NLRI) > 0 {
		routes.Attrs = parseAttrs(u.PathAttributes)
	}
	return routes, nil
}
