package events_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"dualhome/events"
)

// golden holds messages whose bytes are laid out by hand from RFC 4271 section
// 4; each line is a field or a few.
var golden = []struct {
	name  string
	event events.Message
	bytes string
}{
	{
		"OPEN with the capabilities route refresh and 4-octet AS",
		events.NewOpen(toRS0, 65001, 180*time.Second, netip.MustParseAddr("10.11.0.4")),
		`ffffffffffffffffffffffffffffffff marker
		 0027     length: 39
		 01       type: OPEN
		 04       version
		 fde9     my AS: 65001
		 00b4     hold time: 180
		 0a0b0004 BGP identifier
		 0a       optional parameters: 10 octets
		 02 08    capabilities (RFC 5492), 8 octets
		 02 00    route refresh (RFC 2918)
		 41 04 0000fde9 4-octet AS (RFC 6793)`,
	},
	{
		"OPEN of an AS of four octets: AS_TRANS in the field of two (RFC 6793 section 4.1)",
		events.NewOpen(toRS0, 4200000001, 0, netip.MustParseAddr("10.11.0.4")),
		`ffffffffffffffffffffffffffffffff 0027 01 04
		 5ba0     my AS: 23456, AS_TRANS
		 0000     hold time: 0
		 0a0b0004 0a 02 08 02 00
		 41 04 fa56ea01`,
	},
	{
		"KEEPALIVE",
		events.NewKeepalive(toRS0),
		`ffffffffffffffffffffffffffffffff marker
		 0013     length: 19
		 04       type: KEEPALIVE`,
	},
	{
		"NOTIFICATION Hold Timer Expired",
		events.NewNotification(toRS0, 4, 0),
		`ffffffffffffffffffffffffffffffff marker
		 0015     length: 21
		 03       type: NOTIFICATION
		 04 00    code, subcode`,
	},
	{
		"UPDATE that announces two prefixes and withdraws one",
		events.NewUpdate(toRS0, &events.Routes{
			Withdrawn: []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")},
			Attrs: &events.Attrs{
				Path:    events.ASPath{{AS: []uint32{65001, 4200000001}}},
				NextHop: netip.MustParseAddr("10.11.0.4"),
				MED:     100, HasMED: true,
				LocalPref: 200, HasLocalPref: true,
			},
			NLRI: []netip.Prefix{netip.MustParsePrefix("10.100.1.0/24"), netip.MustParsePrefix("10.101.0.0/16")},
		}),
		`ffffffffffffffffffffffffffffffff marker
		 0047     length: 71
		 02       type: UPDATE
		 0003     withdrawn routes: 3 octets
		 10 0a09  10.9.0.0/16
		 0026     path attributes: 38 octets
		 40 01 01 00                         ORIGIN, transitive: IGP
		 40 02 0a 02 02 0000fde9 fa56ea01    AS_PATH, transitive: AS_SEQUENCE of two
		 40 03 04 0a0b0004                   NEXT_HOP, transitive
		 80 04 04 00000064                   MULTI_EXIT_DISC, optional
		 40 05 04 000000c8                   LOCAL_PREF, transitive
		 18 0a6401 10.100.1.0/24
		 10 0a65  10.101.0.0/16`,
	},
	{
		"UPDATE with communities",
		events.NewUpdate(toRS0, &events.Routes{
			Attrs: &events.Attrs{
				Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: netip.MustParseAddr("10.11.0.4"),
				Communities: []events.Community{65001<<16 | 7, events.NoAdvertise},
			},
			NLRI: []netip.Prefix{netip.MustParsePrefix("10.100.0.0/16")},
		}),
		`ffffffffffffffffffffffffffffffff 0039 02
		 0000     withdrawn routes: none
		 001f     path attributes: 31 octets
		 40 01 01 00                         ORIGIN, transitive: IGP
		 40 02 06 02 01 0000fde9             AS_PATH, transitive: AS_SEQUENCE of one
		 40 03 04 0a0b0004                   NEXT_HOP, transitive
		 c0 08 08 fde90007 ffffff02          COMMUNITIES, optional transitive: 65001:7, NO_ADVERTISE (RFC 1997)
		 10 0a64  10.100.0.0/16`,
	},
	{
		"UPDATE with large communities",
		events.NewUpdate(toRS0, &events.Routes{
			Attrs: &events.Attrs{
				Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: netip.MustParseAddr("10.11.0.4"),
				Communities:      []events.Community{65001<<16 | 7},
				LargeCommunities: []events.LargeCommunity{{Global: 65001, Local1: 7}, {Global: 4200000001, Local1: 1, Local2: 4294967295}},
			},
			NLRI: []netip.Prefix{netip.MustParsePrefix("10.100.0.0/16")},
		}),
		`ffffffffffffffffffffffffffffffff 0050 02
		 0000     withdrawn routes: none
		 0036     path attributes: 54 octets
		 40 01 01 00                         ORIGIN, transitive: IGP
		 40 02 06 02 01 0000fde9             AS_PATH, transitive: AS_SEQUENCE of one
		 40 03 04 0a0b0004                   NEXT_HOP, transitive
		 c0 08 04 fde90007                   COMMUNITIES, optional transitive: 65001:7 (RFC 1997)
		 c0 20 18 0000fde9 00000007 00000000 fa56ea01 00000001 ffffffff    LARGE_COMMUNITY, optional transitive: type code 32, of two (RFC 8092 section 3)
		 10 0a64  10.100.0.0/16`,
	},
	{
		"UPDATE of a route reflector",
		events.NewUpdate(toRS0, &events.Routes{
			Attrs: &events.Attrs{
				Path: events.ASPath{{AS: []uint32{65001}}}, NextHop: netip.MustParseAddr("10.11.0.4"), LocalPref: 100, HasLocalPref: true,
				OriginatorID: netip.MustParseAddr("10.0.0.1"), ClusterList: []netip.Addr{netip.MustParseAddr("1.1.1.1"), netip.MustParseAddr("2.2.2.2")},
			},
			NLRI: []netip.Prefix{netip.MustParsePrefix("10.100.0.0/16")},
		}),
		`ffffffffffffffffffffffffffffffff 0047 02
		 0000     withdrawn routes: none
		 002d     path attributes: 45 octets
		 40 01 01 00                         ORIGIN, transitive: IGP
		 40 02 06 02 01 0000fde9             AS_PATH, transitive: AS_SEQUENCE of one
		 40 03 04 0a0b0004                   NEXT_HOP, transitive
		 40 05 04 00000064                   LOCAL_PREF, transitive
		 80 09 04 0a000001                   ORIGINATOR_ID, optional: type code 9 (RFC 4456 section 8)
		 80 0a 08 01010101 02020202          CLUSTER_LIST, optional: type code 10, of two clusters
		 10 0a64  10.100.0.0/16`,
	},
	{
		"ROUTE-REFRESH",
		events.NewRouteRefresh(toRS0),
		`ffffffffffffffffffffffffffffffff 0017 05
		 0001 00 01                          IPv4, reserved, unicast (RFC 2918)`,
	},
	{
		"UPDATE that only withdraws, the default route",
		events.NewUpdate(toRS0, &events.Routes{Withdrawn: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}),
		`ffffffffffffffffffffffffffffffff 0018 02
		 0001     withdrawn routes: 1 octet
		 00       0.0.0.0/0
		 0000     path attributes: none`,
	},
	{
		"OPEN of a speaker that restarted and went on forwarding",
		events.NewGracefulOpen(toRS0, 65001, 180*time.Second, netip.MustParseAddr("10.11.0.4"),
			&events.GracefulRestart{Restarted: true, Time: 120 * time.Second, Forwards: true}),
		`ffffffffffffffffffffffffffffffff 002f 01 04 fde9 00b4 0a0b0004
		 12       optional parameters: 18 octets
		 02 10    capabilities (RFC 5492), 16 octets
		 02 00    route refresh (RFC 2918)
		 41 04 0000fde9 4-octet AS (RFC 6793)
		 40 06    graceful restart (RFC 4724)
		 8078     restart flags: R; restart time: 120
		 0001 01 80 IPv4, unicast: F`,
	},
	{
		"OPEN of a speaker that only offers graceful restart",
		events.NewGracefulOpen(toRS0, 65001, 180*time.Second, netip.MustParseAddr("10.11.0.4"), &events.GracefulRestart{Time: 4095 * time.Second}),
		`ffffffffffffffffffffffffffffffff 002f 01 04 fde9 00b4 0a0b0004
		 12 02 10 02 00 41 04 0000fde9
		 40 06 0fff 0001 01 00 restart time: 4095; IPv4, unicast: no F`,
	},
	{
		"End-of-RIB",
		events.NewEndOfRIB(toRS0),
		`ffffffffffffffffffffffffffffffff 0017 02
		 0000     withdrawn routes: none
		 0000     path attributes: none (RFC 4724 section 2)`,
	},
}

var toRS0 = events.Conn{Initiator: "nva1", N: 1}

// unhex reads the leading groups of hexadecimal digits of each line; the rest
// is remarks.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	var all []byte
	for line := range strings.Lines(text) {
		for word := range strings.FieldsSeq(line) {
			b, err := hex.DecodeString(word)
			if err != nil {
				break
			}
			all = append(all, b...)
		}
	}
	return all
}

func TestMessagesAreThoseOfTheRFC(t *testing.T) {
	for _, g := range golden {
		t.Run(g.name, func(t *testing.T) {
			want := unhex(t, g.bytes)
			if got := g.event.Bytes(); hex.EncodeToString(got) != hex.EncodeToString(want) {
				t.Errorf("encoded %x\nRFC     %x", got, want)
			}
			var codec events.Codec
			got, err := codec.Rebuild(g.event.Kind(), toRS0, want)
			if err != nil || !reflect.DeepEqual(got, g.event) {
				t.Errorf("decoded %#v (%v)\nwanted  %#v", got, err, g.event)
			}
		})
	}
}

func TestForeignMessagesAreMalformed(t *testing.T) {
	whole := golden[4].event.Bytes()
	change := func(at int, to ...byte) []byte {
		b := append([]byte(nil), whole...)
		copy(b[at:], to)
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                    nil,
		"a header alone":             whole[:19],
		"cut":                        whole[:len(whole)-1],
		"another type":               change(18, 4),
		"length beyond its end":      change(16, 0x0f, 0xff),
		"more octets than 4096":      make([]byte, 4097),
		"another marker":             change(3, 0xfe),
		"octets behind the last one": append(change(0), 0),
	} {
		var codec events.Codec
		if _, err := codec.Rebuild(events.KindUpdate, toRS0, b); !errors.Is(err, events.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMaxPrefixesFit holds MaxPrefixes to its word: the longest prefixes, the
// longest path, every attribute.
func TestMaxPrefixesFit(t *testing.T) {
	r := &events.Routes{Attrs: &events.Attrs{
		Path: events.ASPath(nil).Prepend(4200000001, 255), NextHop: netip.MustParseAddr("10.11.0.4"), HasMED: true, HasLocalPref: true,
	}}
	for i := range events.MaxPrefixes {
		a := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
		r.NLRI = append(r.NLRI, netip.PrefixFrom(a, 32))
	}
	e := events.NewUpdate(toRS0, r)
	if len(e.Raw) > 4096 {
		t.Errorf("%d prefixes make an UPDATE of %d octets", events.MaxPrefixes, len(e.Raw))
	}
	var codec events.Codec
	got, err := codec.Rebuild(e.Kind(), toRS0, e.Raw)
	if err != nil || !reflect.DeepEqual(got, e) {
		t.Errorf("it does not come back: %v", err)
	}
}

func TestEqualUpdatesAreParsedOnce(t *testing.T) {
	var codec events.Codec
	raw := golden[4].event.Bytes()
	a, errA := codec.Rebuild(events.KindUpdate, toRS0, raw)
	b, errB := codec.Rebuild(events.KindUpdate, events.Conn{Initiator: "rs0-0", N: 7}, raw)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	one, other := a.(*events.Update), b.(*events.Update)
	if one.Routes != other.Routes {
		t.Error("equal bytes were parsed twice")
	}
	if fmt.Sprint(one.Conn, other.Conn) != "nva1#1 rs0-0#7" {
		t.Errorf("the connections are %v and %v", one.Conn, other.Conn)
	}
}
