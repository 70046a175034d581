package events_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dualhome/events"
)

// update lays out an UPDATE by hand: it announces 10.100.0.0/16, withdraws
// 10.9.0.0/16, and has these attributes.
func update(t testing.TB, attributes ...string) []byte {
	t.Helper()
	attrs := unhex(t, strings.Join(attributes, "\n"))
	b := unhex(t, "ffffffffffffffffffffffffffffffff 0000 02 0003 10 0a09")
	b = append(binary.BigEndian.AppendUint16(b, uint16(len(attrs))), attrs...)
	return sized(append(b, 0x10, 0x0a, 0x64))
}

// sized puts the length of a message into its header.
func sized(b []byte) []byte {
	binary.BigEndian.PutUint16(b[16:], uint16(len(b)))
	return b
}

const (
	origin  = "40 01 01 00"
	asPath  = "40 02 06 02 01 0000fde9"
	nextHop = "40 03 04 0a0b0004"
	med     = "80 04 04 00000007"
)

// What becomes of an UPDATE (RFC 7606 section 2). AFI/SAFI disable is not among
// them: no session has a second family.
const (
	fine     = "announced, no fault"
	discard  = "announced, with a fault" // attribute discard
	withdraw = "withdrawn, with a fault" // treat-as-withdraw
	reset    = "NOTIFICATION 3/"         // session reset
)

// faults has, for each attribute that is known here, each error that RFC 7606
// names, with what it prescribes where the sender is of another AS and, if that
// differs, where it is of the same one. Sections are those of RFC 7606.
var faults = []struct {
	section, what    string
	attributes       string
	external, inside string
}{
	{"-", "nothing", origin + asPath + nextHop, fine, fine},
	{"-", "all that is known", origin + asPath + nextHop + med + "40 05 04 00000001 40 06 00 c0 07 08 0000fde9 0a000001 c0 08 04 fde90007 80 09 04 0a000001 80 0a 04 0a000001", fine, fine},
	{"-", "an extended length where a short one would do", "50 01 0001 00" + asPath + nextHop, fine, fine},

	{"-", "flags without a meaning (RFC 4271 section 4.3)", "4f 01 01 00" + asPath + nextHop, fine, fine},
	{"3 c", "ORIGIN that is optional", "c0 01 01 00" + asPath + nextHop, withdraw, ""},
	{"3 c", "ORIGIN that is not transitive", "00 01 01 00" + asPath + nextHop, withdraw, ""},
	{"3 c", "AS_PATH that is optional", origin + "c0 02 06 02 01 0000fde9" + nextHop, withdraw, ""},
	{"3 c", "NEXT_HOP that is optional", origin + asPath + "c0 03 04 0a0b0004", withdraw, ""},
	{"3 c", "MED that is transitive", origin + asPath + nextHop + "c0 04 04 00000007", withdraw, ""},
	{"3 c", "MED that is well-known", origin + asPath + nextHop + "40 04 04 00000007", withdraw, ""},
	{"3 c", "LOCAL_PREF that is optional", origin + asPath + nextHop + "c0 05 04 00000007", withdraw, ""},
	{"3 c", "ATOMIC_AGGREGATE that is optional", origin + asPath + nextHop + "c0 06 00", withdraw, ""},
	{"3 c", "AGGREGATOR that is well-known", origin + asPath + nextHop + "40 07 08 0000fde9 0a000001", withdraw, ""},
	{"3 c", "COMMUNITIES that are not transitive", origin + asPath + nextHop + "80 08 04 fde90007", withdraw, ""},
	{"3 c", "ORIGINATOR_ID that is transitive", origin + asPath + nextHop + "c0 09 04 0a000001", withdraw, ""},
	{"3 c", "CLUSTER_LIST that is transitive", origin + asPath + nextHop + "c0 0a 04 0a000001", withdraw, ""},

	{"3 d", "no ORIGIN", asPath + nextHop, withdraw, ""},
	{"3 d", "no AS_PATH", origin + nextHop, withdraw, ""},
	{"3 d", "no NEXT_HOP", origin + asPath, withdraw, ""},
	{"3 d", "no attributes", "", withdraw, ""},

	{"3 g", "two ORIGINs", origin + asPath + nextHop + "40 01 01 02", discard, ""},
	{"3 g", "two MEDs", origin + asPath + nextHop + med + "80 04 04 00000008", discard, ""},
	{"3 g", "two MEDs, the second malformed", origin + asPath + nextHop + med + "80 04 01 08", discard, ""},
	{"3 g", "two MEDs, the first malformed", origin + asPath + nextHop + "80 04 01 08" + med, withdraw, ""},

	{"3 h", "two errors, of which the second is the worse", origin + asPath + nextHop + "40 06 01 00 80 04 01 08", withdraw, ""},
	{"3 h", "two errors, of which the first is the worse", "40 01 01 07" + asPath + nextHop + "40 06 01 00", withdraw, ""},

	{"4", "an attribute beyond the end of all", origin + asPath + "40 03 09 0a0b0004", withdraw, ""},
	{"4", "two octets behind the last attribute", origin + asPath + nextHop + "80 04", withdraw, ""},
	{"4", "three octets behind it, with an extended length", origin + asPath + nextHop + "90 04 00", withdraw, ""},
	{"4", "ORIGIN of length 0", "40 01 00" + asPath + nextHop, withdraw, ""},
	{"4", "NEXT_HOP of length 0", origin + asPath + "40 03 00", withdraw, ""},
	{"4", "MED of length 0", origin + asPath + nextHop + "80 04 00", withdraw, ""},

	{"7.1", "ORIGIN 3", "40 01 01 03" + asPath + nextHop, withdraw, ""},
	{"7.1", "ORIGIN of two octets", "40 01 02 0000" + asPath + nextHop, withdraw, ""},

	{"-", "AS_PATH of length 0", origin + "40 02 00" + nextHop, fine, fine},
	{"7.2", "AS_PATH with a segment of none", origin + "40 02 02 02 00" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with a segment of type 9", origin + "40 02 06 09 01 0000fde9" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with a segment of a confederation (RFC 5065 section 5)", origin + "40 02 06 03 01 0000fde9" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with half a segment", origin + "40 02 06 02 02 0000fde9" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with one octet left", origin + "40 02 07 02 01 0000fde9 02" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with numbers of two octets", origin + "40 02 04 02 01 fde9" + nextHop, withdraw, ""},
	{"7.2", "AS_PATH with AS 0 (RFC 7607 section 2)", origin + "40 02 0a 02 02 0000fde9 00000000" + nextHop, withdraw, ""},

	{"7.3", "NEXT_HOP of three octets", origin + asPath + "40 03 03 0a0b00", withdraw, ""},
	{"7.3", "NEXT_HOP of sixteen octets", origin + asPath + "40 03 10 20010db8 00000000 00000000 00000001", withdraw, ""},

	{"7.4", "MED of two octets", origin + asPath + nextHop + "80 04 02 0007", withdraw, ""},
	{"7.4", "MED of five octets", origin + asPath + nextHop + "80 04 05 0000000007", withdraw, ""},

	{"7.5", "LOCAL_PREF of two octets", origin + asPath + nextHop + "40 05 02 0007", discard, withdraw},
	{"7.5", "LOCAL_PREF of length 0", origin + asPath + nextHop + "40 05 00", discard, withdraw},

	{"7.6", "ATOMIC_AGGREGATE of an octet", origin + asPath + nextHop + "40 06 01 00", discard, ""},

	{"7.7", "AGGREGATOR of five octets", origin + asPath + nextHop + "c0 07 05 0000000000", discard, ""},
	{"7.7", "AGGREGATOR of six octets, as before RFC 6793", origin + asPath + nextHop + "c0 07 06 fde9 0a000001", discard, ""},
	{"7.7", "AGGREGATOR of AS 0 (RFC 7607 section 2)", origin + asPath + nextHop + "c0 07 08 00000000 0a000001", discard, ""},

	{"7.8", "COMMUNITIES of six octets", origin + asPath + nextHop + "c0 08 06 fde900070000", withdraw, ""},
	{"7.8", "COMMUNITIES of none", origin + asPath + nextHop + "c0 08 00", withdraw, ""},

	{"7.9", "ORIGINATOR_ID of three octets", origin + asPath + nextHop + "80 09 03 010101", discard, withdraw},
	{"7.9", "ORIGINATOR_ID of length 0", origin + asPath + nextHop + "80 09 00", discard, withdraw},

	{"7.10", "CLUSTER_LIST of five octets", origin + asPath + nextHop + "80 0a 05 0101010101", discard, withdraw},
	{"7.10", "CLUSTER_LIST of none", origin + asPath + nextHop + "80 0a 00", discard, withdraw},

	{"RFC 8092, 6", "LARGE_COMMUNITY of eleven octets", origin + asPath + nextHop + "c0 20 0b 0000fde9 00000007 000000", withdraw, ""},
	{"RFC 8092, 6", "LARGE_COMMUNITY of thirteen octets", origin + asPath + nextHop + "c0 20 0d 0000fde9 00000007 00000008 00", withdraw, ""},
	{"RFC 8092, 6", "LARGE_COMMUNITY of none", origin + asPath + nextHop + "c0 20 00", withdraw, ""},
	{"3 c", "LARGE_COMMUNITY that is not optional", origin + asPath + nextHop + "40 20 0c 0000fde9 00000007 00000008", withdraw, ""},
	{"3 g", "two LARGE_COMMUNITY", origin + asPath + nextHop + "c0 20 0c 0000fde9 00000007 00000000 c0 20 0c 0000fde9 00000008 00000000", discard, ""},

	{"8", "an optional attribute that nobody knows", origin + asPath + nextHop + "c0 63 01 00", fine, fine},
	{"8", "a well-known attribute that nobody knows (RFC 4271 section 6.3)", origin + asPath + nextHop + "40 63 01 00", reset + "2", ""},
}

// treated says what became of an UPDATE that announced 10.100.0.0/16 and withdrew
// 10.9.0.0/16.
func treated(r *events.Routes) string {
	if r.Fatal != nil {
		return fmt.Sprint(reset, r.Fatal.Subcode)
	}
	with := map[bool]string{true: ", no fault", false: ", with a fault"}[len(r.Faults) == 0]
	switch fmt.Sprint(r.Withdrawn, r.NLRI) {
	case "[10.9.0.0/16] [10.100.0.0/16]":
		return "announced" + with
	case "[10.9.0.0/16 10.100.0.0/16] []":
		return "withdrawn" + with
	}
	return fmt.Sprint(r)
}

func rebuilt(t *testing.T, raw []byte) events.Update {
	t.Helper()
	var codec events.Codec
	e, err := codec.Rebuild(events.KindUpdate, toRS0, raw)
	if err != nil {
		t.Fatal(err)
	}
	u := *e.(*events.Update)
	if hex.EncodeToString(u.Raw) != hex.EncodeToString(raw) {
		t.Error("its bytes are others")
	}
	return u
}

// TestFaults: each as RFC 7606 says.
func TestFaults(t *testing.T) {
	for _, c := range faults {
		t.Run(c.section+" "+c.what, func(t *testing.T) {
			u := rebuilt(t, update(t, c.attributes))
			if c.inside == "" {
				c.inside = c.external
			}
			if got := treated(u.Heard(false)); got != c.external {
				t.Errorf("from another AS it is %s, not %s: %v", got, c.external, u)
			}
			if got := treated(u.Heard(true)); got != c.inside {
				t.Errorf("from the same AS it is %s, not %s: %v", got, c.inside, u)
			}
			if ok := !strings.Contains(u.String(), "malformed") && u.Fatal == nil; ok != (c.external == fine) {
				t.Errorf("its text is %v", u)
			}
		})
	}
}

// TestDiscardedAttributes: what is wrong is as if it were not there, and of two the
// first counts.
func TestDiscardedAttributes(t *testing.T) {
	plain := rebuilt(t, update(t, origin, asPath, nextHop, med)).Attrs
	for _, more := range []string{"40 01 01 02", "80 04 04 00000008", "40 05 02 0007", "40 06 01 00", "c0 07 05 0000000000", "80 09 00", "80 0a 05 0101010101"} {
		if got := rebuilt(t, update(t, origin, asPath, nextHop, med, more)).Attrs; !reflect.DeepEqual(got, plain) {
			t.Errorf("with %s: %+v", more, got)
		}
	}
}

// TestFatalFaults: which routes the UPDATE is about cannot be told.
func TestFatalFaults(t *testing.T) {
	whole := update(t, origin, asPath, nextHop)
	change := func(at int, to ...byte) []byte {
		b := append([]byte(nil), whole...)
		copy(b[at:], to)
		return b
	}
	noPrefix := func(b []byte) []byte { return sized(b[:len(b)-3]) }
	long := func(b []byte) []byte { b[len(b)-3] = 33; return b }
	for _, c := range []struct {
		section, what    string
		raw              []byte
		external, inside uint8 // subcodes; 0: the session lasts
	}{
		{"3 b", "withdrawn routes beyond the end", change(19, 0xff, 0xff), 1, 1},
		{"3 b", "withdrawn routes up to the end", change(19, 0, byte(len(whole)-21)), 1, 1},
		{"3 b", "attributes beyond the end", change(24, 0xff, 0xff), 1, 1},
		{"3 b", "no length of the attributes", sized(append([]byte(nil), whole[:24]...)), 1, 1},
		{"5.2", "ORIGIN 7 and no prefix", noPrefix(update(t, "40 01 01 07", asPath, nextHop)), 1, 1},
		{"5.2", "LOCAL_PREF of two octets and no prefix", noPrefix(update(t, origin, asPath, nextHop, "40 05 02 0007")), 0, 1},
		{"5.2", "ATOMIC_AGGREGATE of an octet and no prefix", noPrefix(update(t, origin, asPath, nextHop, "40 06 01 00")), 0, 0},
		{"5.3", "a prefix of 33 bits is announced", change(len(whole)-3, 33), 10, 10},
		{"5.3", "a prefix of 33 bits is withdrawn", change(21, 33), 10, 10},
		{"5.3", "a prefix beyond the end is announced", change(len(whole)-3, 17), 10, 10},
		{"5.3", "a prefix beyond the end of the withdrawn ones", change(21, 17), 10, 10},
		{"3 h", "ORIGIN 7 and a prefix of 33 bits", long(update(t, "40 01 01 07", asPath, nextHop)), 10, 10},
		{"3 g", "two MP_REACH_NLRIs", update(t, origin, asPath, nextHop, "80 0e 00", "80 0e 00"), 1, 1},
		{"3 g", "two MP_UNREACH_NLRIs", update(t, origin, asPath, nextHop, "80 0f 00", "80 0f 00"), 1, 1},
	} {
		u := rebuilt(t, c.raw)
		for inside, want := range map[bool]uint8{false: c.external, true: c.inside} {
			got := uint8(0)
			if f := u.Heard(inside).Fatal; f != nil {
				got = f.Subcode
			}
			if got != want {
				t.Errorf("section %s, %s: 3/%d, not 3/%d", c.section, c.what, got, want)
			}
		}
		if u.EndOfRIB() {
			t.Errorf("section %s, %s: taken for End-of-RIB", c.section, c.what)
		}
	}
}

// TestUnacceptableOpens (RFC 4271 section 6.2, RFC 6286 section 2.2): what the
// receiver answers with NOTIFICATION 2/x.
func TestUnacceptableOpens(t *testing.T) {
	const head = "ffffffffffffffffffffffffffffffff 0000 01 "
	for _, c := range []struct {
		what, bytes string
		subcode     uint8
	}{
		{"nothing is wrong", "04 fde9 00b4 0a0b0004 00", 0},
		{"version 3", "03 fde9 00b4 0a0b0004 00", 1},
		{"identifier 0.0.0.0", "04 fde9 00b4 00000000 00", 3},
		{"the parameter authentication, which is no more (RFC 4271 appendix A)", "04 fde9 00b4 0a0b0004 03 01 01 00", 4},
		{"hold time 1", "04 fde9 0001 0a0b0004 00", 6},
		{"hold time 2", "04 fde9 0002 0a0b0004 00", 6},
		{"hold time 3", "04 fde9 0003 0a0b0004 00", 0},
		{"no hold time", "04 fde9 0000 0a0b0004 00", 0},
		{"a capability that nobody knows (RFC 5492 section 3)", "04 fde9 00b4 0a0b0004 04 02 02 fe 00", 0},
	} {
		var codec events.Codec
		e, err := codec.Rebuild(events.KindOpen, toRS0, sized(unhex(t, head+c.bytes)))
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
		} else if got := e.(events.Open).Fault; got != c.subcode {
			t.Errorf("%s: 2/%d, not 2/%d", c.what, got, c.subcode)
		}
	}
}

// TestLargeCommunitiesOnTheWire: RFC 8092 takes them in any order and more than once,
// and does not call that malformed (sections 3 and 6).
func TestLargeCommunitiesOnTheWire(t *testing.T) {
	u := rebuilt(t, update(t, origin, asPath, nextHop, "c0 20 24 0000fde9 00000008 00000000  0000fde9 00000007 ffffffff  0000fde9 00000008 00000000"))
	want := "UPDATE withdraw 10.9.0.0/16; announce 10.100.0.0/16 path 65001 next hop 10.11.0.4 65001:7:4294967295 65001:8:0"
	if u.String() != want || len(u.Faults) > 0 {
		t.Errorf("%v %v, not %s", u.String(), u.Faults, want)
	}
	if !u.Attrs.HasLarge(events.LargeCommunity{Global: 65001, Local1: 8}) || u.Attrs.HasLarge(events.LargeCommunity{Global: 65001, Local1: 8, Local2: 1}) {
		t.Errorf("%+v", u.Attrs.LargeCommunities)
	}
}
