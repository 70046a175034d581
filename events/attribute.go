package events

import (
	"encoding/binary"
	"fmt"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// treatment is what becomes of an UPDATE with an attribute that is wrong
// (RFC 7606 section 2), the mildest first.
type treatment uint8

const (
	discard         treatment = iota + 1 // the attribute is left out
	withdrawInside                       // treat-as-withdraw if the sender is of the same AS, else discard
	treatAsWithdraw                      // what is announced is withdrawn
)

// attribute is what is known of a path attribute: its name, the flags that it must
// have, what its value must be, and what is done where that is not so.
type attribute struct {
	name      string
	flags     byte                      // optional, transitive
	wrong     func(value []byte) string // why the value is malformed; empty: it is not
	malformed treatment
}

// attributeOf gives what is known of a type of attribute (RFC 7606 sections 7.1 to
// 7.10).
func attributeOf(typ byte) (a attribute, known bool) {
	switch bgp.BGPAttrType(typ) {
	case bgp.BGP_ATTR_TYPE_ORIGIN:
		return attribute{"ORIGIN", wellKnown, wrongOrigin, treatAsWithdraw}, true
	case bgp.BGP_ATTR_TYPE_AS_PATH:
		return attribute{"AS_PATH", wellKnown, wrongPath, treatAsWithdraw}, true
	case bgp.BGP_ATTR_TYPE_NEXT_HOP:
		return attribute{"NEXT_HOP", wellKnown, octets(4), treatAsWithdraw}, true
	case bgp.BGP_ATTR_TYPE_MULTI_EXIT_DISC:
		return attribute{"MULTI_EXIT_DISC", optional, octets(4), treatAsWithdraw}, true
	case bgp.BGP_ATTR_TYPE_LOCAL_PREF:
		return attribute{"LOCAL_PREF", wellKnown, octets(4), withdrawInside}, true
	case bgp.BGP_ATTR_TYPE_ATOMIC_AGGREGATE:
		return attribute{"ATOMIC_AGGREGATE", wellKnown, octets(0), discard}, true
	case bgp.BGP_ATTR_TYPE_AGGREGATOR:
		return attribute{"AGGREGATOR", optionalTransitive, wrongAggregator, discard}, true
	case bgp.BGP_ATTR_TYPE_COMMUNITIES:
		return attribute{"COMMUNITIES", optionalTransitive, some(4), treatAsWithdraw}, true
	case bgp.BGP_ATTR_TYPE_ORIGINATOR_ID:
		return attribute{"ORIGINATOR_ID", optional, octets(4), withdrawInside}, true
	case bgp.BGP_ATTR_TYPE_CLUSTER_LIST:
		return attribute{"CLUSTER_LIST", optional, some(4), withdrawInside}, true
	case bgp.BGP_ATTR_TYPE_LARGE_COMMUNITY: // RFC 8092 section 6
		return attribute{"LARGE_COMMUNITY", optionalTransitive, some(12), treatAsWithdraw}, true
	}
	return attribute{}, false
}

// mandatory are the attributes of every route (RFC 4271 section 5).
func mandatory() []bgp.BGPAttrType {
	return []bgp.BGPAttrType{bgp.BGP_ATTR_TYPE_ORIGIN, bgp.BGP_ATTR_TYPE_AS_PATH, bgp.BGP_ATTR_TYPE_NEXT_HOP}
}

func octets(n int) func([]byte) string {
	return func(value []byte) string {
		if len(value) != n {
			return fmt.Sprintf("of length %d", len(value))
		}
		return ""
	}
}

// some values of n octets each.
func some(n int) func([]byte) string {
	return func(value []byte) string {
		if len(value) == 0 || len(value)%n != 0 {
			return fmt.Sprintf("of length %d", len(value))
		}
		return ""
	}
}

func wrongOrigin(value []byte) string {
	if why := octets(1)(value); why != "" {
		return why
	}
	if value[0] > bgp.BGP_ORIGIN_ATTR_TYPE_INCOMPLETE {
		return fmt.Sprintf("is %d", value[0])
	}
	return ""
}

// wrongAggregator: an AS of four octets, which every speaker here offers (RFC 6793
// section 4.1), other than 0 (RFC 7607 section 2), and an address.
func wrongAggregator(value []byte) string {
	if why := octets(8)(value); why != "" {
		return why
	}
	if binary.BigEndian.Uint32(value) == 0 {
		return "of AS 0"
	}
	return ""
}

// wrongPath (RFC 7606 section 7.2). A path may be empty. Segments of a
// confederation are none that we know (RFC 5065 section 5), and AS 0 is nobody's
// (RFC 7607 section 2).
func wrongPath(value []byte) string {
	for len(value) > 0 {
		if len(value) < 2 {
			return "with an octet behind its last segment"
		}
		kind, n := value[0], int(value[1])
		if kind != bgp.BGP_ASPATH_ATTR_TYPE_SET && kind != bgp.BGP_ASPATH_ATTR_TYPE_SEQ {
			return fmt.Sprintf("with a segment of type %d", kind)
		}
		if value = value[2:]; n == 0 {
			return "with a segment of none"
		}
		if len(value) < 4*n {
			return "with a segment beyond its end"
		}
		for ; n > 0; n, value = n-1, value[4:] {
			if binary.BigEndian.Uint32(value) == 0 {
				return "with AS 0"
			}
		}
	}
	return ""
}
